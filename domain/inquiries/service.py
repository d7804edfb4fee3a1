"""Asking a project's PM, and answering: for one person at a time, and for the clock."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.inquiries.boards import Boards
from domain.inquiries.reading import (
    card_of,
    cards_for,
    counts_of,
    found_row,
    may_stand_in_thread,
    own_inquiries,
)
from domain.inquiries.rules import FIELD, MOST_OPEN, THREAD_FIELD, check_text
from domain.inquiries.tending import days_told_too_much, errands, run, told_too_much
from domain.inquiries.values import (
    Asking,
    InquiryCard,
    InquiryCounts,
    InquiryList,
    Role,
    Turn,
    Written,
)
from domain.inquiries.writing import (
    answer,
    answer_in_thread,
    ask_further,
    asked_before,
    close,
    is_asked_in_turn,
    is_there,
    pass_on,
    put,
    reply,
    said_by_others,
    whom,
    write,
)
from domain.logs.record import facts_of
from domain.portfolio.rules import may_see
from domain.portfolio.service import NO_PROJECT
from domain.portfolio.values import ProjectCard, Viewer
from models import inquiries as store
from models.base import Database
from models.enums import InquiryState, InquiryStep, Visibility
from models.inquiries import Inquiry, InquiryRow
from models.portfolio import plan_revision

FOR_GUESTS: Final = (
    "As a guest you can ask about projects that you have a role in. "
    "The PMO can give you one, or ask for you."
)
TAKEN_BACK: Final = "Taken back by who asked."


class InquiryService:
    """Keeps questions about projects and their answers."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._seen_revision: int | None = None
        """The last change after which this process has looked what the PMO's channel may read."""

    async def blank(self, viewer: Viewer, project_id: int, now: datetime) -> Asking:
        """What the window for a new question says.

        Raises:
            NotFoundError: there is no such project, or not for this person.
            NotAllowedError: it is a guest who may not see it, or the project's own PM.
        """
        async with self._database.reading() as session:
            return await self._asking(session, viewer, project_id, now)

    async def ask(self, viewer: Viewer, project_id: int, text: str, now: datetime) -> Written:
        """Keep a question, and put it before who is to answer it.

        The same question again, while it waits, changes nothing.

        Raises:
            FieldErrors: there is no text, too much of it, or too much waits already.
            NotFoundError: there is no such project, or not for this person.
            NotAllowedError: it is a guest who may not see it, or the project's own PM.
        """
        typed = check_text(text, "question")
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            asking = await self._asking(session, viewer, project_id, now)
            known = await self._asked_before(session, viewer, project_id, typed)
            if known is not None:
                return Written(
                    await card_of(session, self._workspace_id, viewer, known), is_new=False
                )
            _refuse_more(asking)
            inquiry = Inquiry(
                workspace_id=self._workspace_id,
                project_id=project_id,
                asker_id=viewer.person_id,
                opened_at=now,
                waiting_since=now,
            )
            session.add(inquiry)
            await session.flush()
            write(boards, inquiry, viewer.person_id, InquiryStep.QUESTION, typed)
            await put(boards, inquiry)
            await boards.renew()
            return Written(await card_of(session, self._workspace_id, viewer, inquiry.pk))

    async def card(self, viewer: Viewer, inquiry_id: int) -> InquiryCard:
        """An inquiry with all that was said in it.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
        """
        async with self._database.reading() as session:
            return await card_of(session, self._workspace_id, viewer, inquiry_id)

    async def write(
        self,
        viewer: Viewer,
        inquiry_id: int,
        text: str,
        seen: int,
        now: datetime,
        *,
        in_thread: bool = False,
    ) -> Written:
        """Keep what somebody says in an inquiry: of its asker a further question, else an answer.

        The same again, as of a window that was sent twice, changes nothing. Two who answer at once
        are both kept, in their order; the second is told what the first said. Of two of the PMO who
        answer what it was asked itself, the first counts: the second reads that, and may add.

        Args:
            viewer: who says it.
            inquiry_id: where.
            text: what.
            seen: the number of the newest entry that they have seen.
            now: this instant.
            in_thread: whether an answer is posted where the handbook was asked, too.

        Raises:
            FieldErrors: there is no text, or too much of it, or others must not read it.
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: the person may read it, and not answer.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await found_row(session, self._workspace_id, viewer, inquiry_id)
            _refuse_reader(row, role)
            typed = check_text(text, "question" if role is Role.ASKER else "answer")
            said = (await store.entries_of_inquiries(session, [inquiry_id]))[inquiry_id]
            between = said_by_others(said, viewer.person_id, seen)
            is_new = not is_there(said, viewer.person_id, role, typed)
            is_late = is_new and _comes_late(row, role, between)
            if is_new and not is_late:
                if in_thread and role is Role.ANSWERER:
                    await _refuse_thread(session, row, typed)
                await _keep(boards, row, (viewer, role), typed, in_thread=in_thread)
                await boards.renew()
            card = await card_of(session, self._workspace_id, viewer, inquiry_id)
        return Written(card, is_new and not is_late, between, is_late)

    async def pass_on(self, viewer: Viewer, inquiry_id: int, now: datetime) -> InquiryCard:
        """Give an inquiry to the PMO, as not for who was asked; again it changes nothing.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: it is not theirs to pass on, or there is nobody to pass it on to.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await found_row(session, self._workspace_id, viewer, inquiry_id)
            if role is not Role.ANSWERER:
                raise NotAllowedError("Only who is asked can pass a question on.")
            if _can_be_passed_on(row.inquiry):
                await _refuse_without_office(boards, row)
                await pass_on(boards, row, viewer)
                await boards.renew()
            return await card_of(session, self._workspace_id, viewer, inquiry_id, role)

    async def take_back(self, viewer: Viewer, inquiry_id: int, now: datetime) -> InquiryCard:
        """Let nobody answer any more what the person has asked; again it changes nothing.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: somebody else asked.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await found_row(session, self._workspace_id, viewer, inquiry_id)
            if role is not Role.ASKER:
                raise NotAllowedError(f"Only {row.asker.name}, who asked, can take it back.")
            if row.inquiry.state is InquiryState.OPEN:
                close(boards, row.inquiry, viewer.person_id, TAKEN_BACK)
                await boards.renew()
            return await card_of(session, self._workspace_id, viewer, inquiry_id)

    async def of_project(self, viewer: Viewer, project: ProjectCard) -> InquiryList:
        """All that was asked about a project, for who has found it already."""
        async with self._database.reading() as session:
            rows = await store.inquiry_rows_of_project(
                session, self._workspace_id, project.project_id
            )
            cards = await cards_for(session, viewer, rows)
        return InquiryList(tuple(cards), project.code, project.name)

    async def mine(self, viewer: Viewer) -> InquiryList:
        """What somebody is asked, and all that they have asked."""
        async with self._database.reading() as session:
            cards = await own_inquiries(session, self._workspace_id, viewer)
        return InquiryList(tuple(cards))

    async def counts(self, project_id: int) -> InquiryCounts:
        """A project's inquiries in numbers, for who has found the project already."""
        async with self._database.reading() as session:
            return await counts_of(session, project_id)

    async def tend(self, now: datetime) -> bool:
        """Do what the clock asks for about the inquiries that wait; tell whether there was any.

        Who is to answer follows the record: another PM, leave, somebody who left. Each step is done
        once, whoever was asked in between. What has become restricted leaves the PMO's channel.
        """
        async with self._database.reading() as session:
            revision, days = await plan_revision(session, self._workspace_id), set[date]()
            is_too_much, is_changed = False, revision != self._seen_revision
            if is_changed:
                days = await days_told_too_much(session, self._workspace_id)
                is_too_much = bool(await told_too_much(session, self._workspace_id))
            due = await errands(session, self._workspace_id, now, is_changed=is_changed)
            is_any = bool(due)
        if is_any or days or is_too_much:
            async with self._database.writing() as session:
                boards = await Boards.opened(session, self._outbox, now)
                boards.offices |= days
                for each in await told_too_much(session, self._workspace_id):
                    boards.touch(each)
                await run(boards, await errands(session, self._workspace_id, now))
        self._seen_revision = revision
        return is_any

    # --- what the steps are made of

    async def _asking(
        self, session: AsyncSession, viewer: Viewer, project_id: int, now: datetime
    ) -> Asking:
        found = await store.project_with_people(session, self._workspace_id, project_id)
        if found is None or not may_see(viewer, facts_of(found[0])):
            if viewer.is_guest:
                raise NotAllowedError(FOR_GUESTS)
            raise NotFoundError(NO_PROJECT)
        project, pm, deputy = found
        if viewer.person_id == pm.pk:
            raise NotAllowedError(
                f"You are the PM of {project.code}: what is asked about it comes to you. "
                f"`/project inquiries {project.code}` lists it."
            )
        asked, why = await whom(session, self._workspace_id, viewer.person_id, (pm, deputy), now)
        waiting = await store.inquiry_rows_of_asker(
            session, self._workspace_id, viewer.person_id, project_id
        )
        return Asking(
            project_id=project_id,
            code=project.code,
            name=project.name,
            pm=pm.name,
            asked=asked.name if asked else "",
            why=why,
            waiting=len(waiting),
        )

    async def _asked_before(
        self, session: AsyncSession, viewer: Viewer, project_id: int, text: str
    ) -> int | None:
        """The inquiry of the same person with the same question, if one waits."""
        rows = await store.inquiry_rows_of_asker(
            session, self._workspace_id, viewer.person_id, project_id
        )
        return await asked_before(session, rows, text)


def _refuse_more(asking: Asking) -> None:
    if asking.waiting >= MOST_OPEN:
        text = (
            f"{asking.waiting} of your questions about {asking.code} wait for an answer, and no "
            "more fit. Add to one of them, or take one back: `/project inquiries` lists them."
        )
        raise FieldErrors({FIELD: text})


def _refuse_reader(row: InquiryRow, role: Role) -> None:
    if role is Role.READER and row.pm is not None:
        raise NotAllowedError(
            f"Only the PM of {row.code} ({row.pm.name}), the deputy and the PMO "
            "can answer. Ask the PM if you have a question of your own."
        )


async def _refuse_thread(session: AsyncSession, row: InquiryRow, text: str) -> None:
    if not await may_stand_in_thread(session, row, text):
        raise FieldErrors(
            {
                THREAD_FIELD: "This names a restricted project, and others read that thread: "
                "leave the box empty. Who asked gets the answer directly."
            }
        )


def _comes_late(row: InquiryRow, role: Role, between: Sequence[Turn]) -> bool:
    """Whether somebody has answered for the PMO while this was being written."""
    is_answered = any(each.step is InquiryStep.ANSWER for each in between)
    return row.inquiry.is_for_office and role is Role.ANSWERER and is_answered


async def _keep(
    boards: Boards, row: InquiryRow, author: tuple[Viewer, Role], text: str, *, in_thread: bool
) -> None:
    """Put what somebody says on the record, and say it to whom it is for."""
    viewer, role = author
    if role is Role.ASKER and await is_asked_in_turn(boards, row):
        await reply(boards, row, viewer, text)
    elif role is Role.ASKER:
        await ask_further(boards, row.inquiry, text)
    else:
        entry = await answer(boards, row, viewer, text)
        if in_thread:
            await answer_in_thread(boards, row, viewer, entry)


def _can_be_passed_on(inquiry: Inquiry) -> bool:
    is_with_office = inquiry.is_passed_on or (inquiry.is_for_office and inquiry.asked_id is None)
    return inquiry.state is InquiryState.OPEN and not is_with_office


async def _refuse_without_office(boards: Boards, row: InquiryRow) -> None:
    openly, privately = await boards.office_places()
    is_restricted = row.project is not None and row.project.visibility is Visibility.RESTRICTED
    if not (privately if is_restricted else openly):
        raise NotAllowedError(
            "I know nobody of the PMO to pass it on to. Answer instead that it is not yours, and "
            "whom to ask; the PMO is named in the configuration file, under `pmo:`."
        )

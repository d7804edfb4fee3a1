"""Asking a project's PM, and answering: for one person at a time, and for the clock."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.inquiries.boards import Boards
from domain.inquiries.reading import asker_reads, cards_for, counts_of, newest, own_inquiries
from domain.inquiries.rules import FIELD, MOST_OPEN, check_text, is_same
from domain.inquiries.tending import errands, run
from domain.inquiries.values import (
    Asking,
    InquiryCard,
    InquiryCounts,
    InquiryList,
    Role,
    Written,
)
from domain.inquiries.writing import (
    answer,
    ask_further,
    close,
    is_there,
    pass_on,
    put,
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
NO_INQUIRY: Final = "There is no such question, or not for you. `/project inquiries` lists yours."
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
                return Written(await self._card(session, viewer, known), is_new=False)
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
            return Written(await self._card(session, viewer, inquiry.pk))

    async def card(self, viewer: Viewer, inquiry_id: int) -> InquiryCard:
        """An inquiry with all that was said in it.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
        """
        async with self._database.reading() as session:
            return await self._card(session, viewer, inquiry_id)

    async def write(
        self, viewer: Viewer, inquiry_id: int, text: str, seen: int, now: datetime
    ) -> Written:
        """Keep what somebody says in an inquiry: of its asker a further question, else an answer.

        The same again, as of a window that was sent twice, changes nothing. Two who answer at once
        are both kept, in their order; the second is told what the first said.

        Args:
            viewer: who says it.
            inquiry_id: where.
            text: what.
            seen: the number of the newest entry that they have seen.
            now: this instant.

        Raises:
            FieldErrors: there is no text, or too much of it.
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: the person may read it, and not answer.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await self._row(session, viewer, inquiry_id)
            if role is Role.READER:
                raise NotAllowedError(
                    f"Only the PM of {row.project.code} ({row.pm.name}), the deputy and the PMO "
                    "can answer. Ask the PM if you have a question of your own."
                )
            typed = check_text(text, "question" if role is Role.ASKER else "answer")
            said = (await store.entries_of_inquiries(session, [inquiry_id]))[inquiry_id]
            is_new = not is_there(said, viewer.person_id, role, typed)
            if is_new and role is Role.ASKER:
                await ask_further(boards, row.inquiry, typed)
            elif is_new:
                await answer(boards, row, viewer, typed)
            await boards.renew()
            card = await self._card(session, viewer, inquiry_id)
        return Written(card, is_new, said_by_others(said, viewer.person_id, seen))

    async def pass_on(self, viewer: Viewer, inquiry_id: int, now: datetime) -> InquiryCard:
        """Give an inquiry to the PMO, as not for who was asked; again it changes nothing.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: it is not theirs to pass on, or there is nobody to pass it on to.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await self._row(session, viewer, inquiry_id)
            if role is not Role.ANSWERER:
                raise NotAllowedError("Only who is asked can pass a question on.")
            if row.inquiry.state is InquiryState.OPEN and not row.inquiry.is_passed_on:
                await _refuse_without_office(boards, row)
                await pass_on(boards, row, viewer)
                await boards.renew()
            return await self._card(session, viewer, inquiry_id)

    async def take_back(self, viewer: Viewer, inquiry_id: int, now: datetime) -> InquiryCard:
        """Let nobody answer any more what the person has asked; again it changes nothing.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: somebody else asked.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await self._row(session, viewer, inquiry_id)
            if role is not Role.ASKER:
                raise NotAllowedError(f"Only {row.asker.name}, who asked, can take it back.")
            if row.inquiry.state is InquiryState.OPEN:
                close(boards, row.inquiry, viewer.person_id, TAKEN_BACK)
                await boards.renew()
            return await self._card(session, viewer, inquiry_id)

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
            if revision != self._seen_revision:
                days = await store.office_days_of_restricted(session, self._workspace_id)
            is_any = bool(await errands(session, self._workspace_id, now))
        if is_any or days:
            async with self._database.writing() as session:
                boards = await Boards.opened(session, self._outbox, now)
                boards.offices |= days
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
        entries = await store.entries_of_inquiries(session, [row.inquiry.pk for row in rows])
        for number, said in entries.items():
            question = newest(said, InquiryStep.QUESTION)
            if question is not None and is_same(question.text, text):
                return number
        return None

    async def _row(
        self, session: AsyncSession, viewer: Viewer, inquiry_id: int
    ) -> tuple[InquiryRow, Role]:
        row = await store.inquiry_row(session, self._workspace_id, inquiry_id)
        cards = await cards_for(session, viewer, [row] if row else [])
        if row is None or not cards:
            raise NotFoundError(NO_INQUIRY)
        return row, cards[0].role

    async def _card(self, session: AsyncSession, viewer: Viewer, inquiry_id: int) -> InquiryCard:
        await session.flush()
        row = await store.inquiry_row(session, self._workspace_id, inquiry_id)
        cards = await cards_for(session, viewer, [row] if row else [])
        if row is None or not cards:
            raise NotFoundError(NO_INQUIRY)
        return replace(cards[0], is_answer_sent=await asker_reads(session, row))


def _refuse_more(asking: Asking) -> None:
    if asking.waiting >= MOST_OPEN:
        text = (
            f"{asking.waiting} of your questions about {asking.code} wait for an answer, and no "
            "more fit. Add to one of them, or take one back: `/project inquiries` lists them."
        )
        raise FieldErrors({FIELD: text})


async def _refuse_without_office(boards: Boards, row: InquiryRow) -> None:
    openly, privately = await boards.office_places()
    is_restricted = row.project.visibility is Visibility.RESTRICTED
    if not (privately if is_restricted else openly):
        raise NotAllowedError(
            "I know nobody of the PMO to pass it on to. Answer instead that it is not yours, and "
            "whom to ask; the PMO is named in the configuration file, under `pmo:`."
        )

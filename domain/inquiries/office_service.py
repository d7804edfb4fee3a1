"""What the PMO does with a question that it was asked itself, beside answering it."""

from datetime import datetime
from typing import Final

from domain.delivery.errors import DeliveryTrouble
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.errors import NotAllowedError
from domain.inquiries.boards import Boards
from domain.inquiries.office import head_key
from domain.inquiries.reading import (
    asker_reads,
    card_of,
    found_row,
    may_have,
)
from domain.inquiries.rules import KEPT, check_text
from domain.inquiries.values import InquiryCard, Role, Written
from domain.inquiries.writing import ask_back, close, is_there, pass_to, said_by_others
from domain.logs.record import viewer_of
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from domain.ports import Directory
from models import inquiries as store
from models.base import Database
from models.delivery.rows import in_slack
from models.enums import InquiryState
from models.inquiries import InquiryRow
from models.portfolio import people_by_id

UNANSWERED: Final = "Nobody has answered for half a year."


class OfficeInquiryService:
    """Asks back, passes to somebody, and forgets the words of what is about no project."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, directory: Directory
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._directory = directory

    async def ask_back(
        self, viewer: Viewer, inquiry_id: int, text: str, seen: int, now: datetime
    ) -> Written:
        """Ask who asked for more; the same again changes nothing.

        Raises:
            FieldErrors: there is no text, or too much of it.
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: it is not theirs to answer, or waits for nobody any more.
        """
        typed = check_text(text, "question")
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await found_row(session, self._workspace_id, viewer, inquiry_id)
            _refuse(row, role)
            said = (await store.entries_of_inquiries(session, [inquiry_id]))[inquiry_id]
            is_new = not is_there(said, viewer.person_id, role, typed)
            if is_new and not await asker_reads(session, row):
                raise NotAllowedError(
                    f"{row.asker.name} can't read of it any more, so nobody would reply."
                )
            if is_new:
                await ask_back(boards, row, viewer, typed)
                await boards.renew()
            card = await card_of(session, self._workspace_id, viewer, inquiry_id)
        return Written(card, is_new, said_by_others(said, viewer.person_id, seen))

    async def pass_to(
        self, viewer: Viewer, inquiry_id: int, person_id: int, now: datetime
    ) -> InquiryCard:
        """Let somebody else answer what the PMO was asked; the same again changes nothing.

        Raises:
            NotFoundError: there is no such inquiry, or not for this person.
            NotAllowedError: it is not theirs to pass, or that person can't have it.
        """
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            row, role = await found_row(session, self._workspace_id, viewer, inquiry_id)
            _refuse(row, role)
            if not belongs_to_pmo(viewer):
                raise NotAllowedError("Only the PMO can pass this on to somebody else.")
            person = (await people_by_id(session, [person_id]))[person_id]
            reader = await viewer_of(session, person)
            _refuse_guest(row, reader)
            _refuse_person(row, reader, is_hidden=not await may_have(session, row, reader))
            if row.inquiry.asked_id != person_id:
                await pass_to(boards, row, viewer, person)
                await boards.renew()
            return await card_of(session, self._workspace_id, viewer, inquiry_id)

    async def find_link(self, inquiry_id: int) -> None:
        """Learn where the thread of a question can be read, for whoever asked it, if they can.

        An answer goes without a link where Slack does not tell.
        """
        async with self._database.reading() as session:
            row = await store.inquiry_row(session, self._workspace_id, inquiry_id)
            if row is None or row.inquiry.channel_id is None or row.inquiry.link:
                return
            key = head_key(inquiry_id, Place.channel(row.inquiry.channel_id))
            head = await in_slack(session, self._workspace_id, key)
        if head is None or head.channel_id is None or head.ts is None:
            return
        try:
            link = await self._directory.link(head.channel_id, head.ts, row.asker.slack_id)
        except DeliveryTrouble:
            return
        async with self._database.writing() as session:
            found = await store.inquiry_row(session, self._workspace_id, inquiry_id)
            if found is not None and found.inquiry.channel_id is not None:
                found.inquiry.link = link

    async def forget(self, now: datetime) -> int:
        """Drop the words of what is about no project and older than `KEPT`; how many had some.

        What nobody has answered in all that time is closed.
        """
        async with self._database.reading() as session:
            rows = await store.inquiry_rows_of_nothing(session, self._workspace_id, now - KEPT)
        if not rows:
            return 0
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            rows = await store.inquiry_rows_of_nothing(session, self._workspace_id, now - KEPT)
            await store.purge_entries(session, [row.inquiry.pk for row in rows])
            for row in rows:
                if row.inquiry.state is InquiryState.OPEN:
                    close(boards, row.inquiry, None, UNANSWERED)
            await boards.renew()
        return len(rows)


def _refuse(row: InquiryRow, role: Role) -> None:
    if role is not Role.ANSWERER or not row.inquiry.is_for_office:
        raise NotAllowedError("Only who is to answer for the PMO can do that.")
    if row.inquiry.state is not InquiryState.OPEN:
        raise NotAllowedError(
            f"{row.asker.name}'s question is settled. Open it to add to the answer."
        )


def _refuse_guest(row: InquiryRow, reader: Viewer) -> None:
    answers_for_it = {each.pk for each in (row.pm, row.deputy) if each is not None}
    if reader.is_guest and reader.person_id not in answers_for_it:
        raise NotAllowedError(
            f"{reader.name} is a guest here and can't answer for the PMO. Choose a member."
        )


def _refuse_person(row: InquiryRow, reader: Viewer, *, is_hidden: bool) -> None:
    if reader.is_gone:
        raise NotAllowedError(f"{reader.name} has left Slack. Choose somebody else.")
    if reader.person_id == row.asker.pk:
        raise NotAllowedError(f"{reader.name} has asked it. Choose somebody else, or ask back.")
    if is_hidden:
        raise NotAllowedError(
            f"It names a project that {reader.name} may not see. Choose somebody who may, or "
            "answer it yourself."
        )

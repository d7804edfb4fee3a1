"""Reads inquiries from the record, as cards for people and as items of messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inquiries.messages import InquiryItem
from domain.inquiries.rules import role_of, why_over
from domain.inquiries.values import InquiryCard, InquiryCounts, Role, Turn, Why
from domain.logs.record import facts_of, viewer_of
from domain.portfolio.rules import belongs_to_pmo, may_see
from domain.portfolio.values import Viewer
from models import inquiries as store
from models.enums import InquiryState, InquiryStep
from models.inquiries import EntryRow, Inquiry, InquiryRow

RECENT: Final = timedelta(days=14)
"""How long somebody's own question stands on their page after it was asked and answered."""

_ORDER: Final = (InquiryState.OPEN, InquiryState.ANSWERED, InquiryState.CLOSED)


async def cards_for(
    session: AsyncSession, viewer: Viewer, rows: Sequence[InquiryRow]
) -> list[InquiryCard]:
    """Those of some inquiries that exist for somebody, those that wait first."""
    roles = {row.inquiry.pk: _role(viewer, row) for row in rows}
    seen = [row for row in rows if roles[row.inquiry.pk] is not None]
    if not seen:
        return []
    entries = await store.entries_of_inquiries(session, [row.inquiry.pk for row in seen])
    cards = [
        _card(row, entries[row.inquiry.pk], role)
        for row in seen
        if (role := roles[row.inquiry.pk]) is not None
    ]
    return sorted(cards, key=lambda each: _ORDER.index(each.state))


async def own_inquiries(
    session: AsyncSession, workspace_id: int, viewer: Viewer, now: datetime | None = None
) -> list[InquiryCard]:
    """What somebody is asked and what they have asked; of the PMO, also what it has to see to.

    Args:
        session: a reading one.
        workspace_id: the workspace.
        viewer: whose.
        now: this instant: what is answered or closed for long is left out; None: all.
    """
    rows = await store.inquiry_rows_of_person(session, workspace_id, viewer.person_id)
    if belongs_to_pmo(viewer):
        known = {row.inquiry.pk for row in rows}
        everything = await store.open_inquiry_rows(session, workspace_id)
        rows += [row for row in everything if _is_of_office(row) and row.inquiry.pk not in known]
    wanted = [row for row in rows if now is None or _is_news(row.inquiry, now)]
    cards = await cards_for(session, viewer, wanted)
    return sorted(cards, key=lambda each: (each.role is Role.ASKER, _ORDER.index(each.state)))


def _is_of_office(row: InquiryRow) -> bool:
    return row.inquiry.asked_id is None or row.inquiry.office_on is not None


def _is_news(inquiry: Inquiry, now: datetime) -> bool:
    if inquiry.state is InquiryState.CLOSED:
        return False
    return inquiry.state is InquiryState.OPEN or inquiry.waiting_since > now - RECENT


def _role(viewer: Viewer, row: InquiryRow) -> Role | None:
    return role_of(viewer, facts_of(row.project), row.inquiry.asker_id)


def _card(row: InquiryRow, entries: Sequence[EntryRow], role: Role) -> InquiryCard:
    return InquiryCard(
        inquiry_id=row.inquiry.pk,
        code=row.project.code,
        name=row.project.name,
        asker=row.asker.name,
        asked=asked_name(row),
        state=row.inquiry.state,
        turns=turns_of(entries),
        role=role,
        seen=entries[-1].entry.pk if entries else 0,
        is_passed_on=row.inquiry.is_passed_on,
    )


def turns_of(entries: Iterable[EntryRow]) -> tuple[Turn, ...]:
    """What was said, in its order."""
    return tuple(
        Turn(author.name if author else "", entry.at, entry.step, entry.text)
        for entry, author in entries
    )


def asked_name(row: InquiryRow) -> str:
    """With whom an inquiry is; empty: the PMO."""
    people = [each for each in (row.pm, row.deputy) if each and each.pk == row.inquiry.asked_id]
    return people[0].name if people else ""


async def counts_of(session: AsyncSession, project_id: int) -> InquiryCounts:
    """A project's inquiries in numbers."""
    counts = await store.count_inquiries(session, project_id)
    return InquiryCounts(counts.get(InquiryState.OPEN, 0), counts.get(InquiryState.ANSWERED, 0))


async def asker_reads(session: AsyncSession, row: InquiryRow) -> bool:
    """Whether who asked may read of the project, and is there to do so."""
    return may_see(await viewer_of(session, row.asker), facts_of(row.project))


async def why_closed(session: AsyncSession, row: InquiryRow) -> str:
    """Why nobody waits for the answer to an inquiry any more; empty if somebody does."""
    return why_over(await viewer_of(session, row.asker), facts_of(row.project))


async def items_of(
    session: AsyncSession, rows: Sequence[InquiryRow], *, for_office: bool = False
) -> dict[int, InquiryItem]:
    """Some inquiries as items of a message, by number."""
    entries = await store.entries_of_inquiries(session, [row.inquiry.pk for row in rows])
    return {
        row.inquiry.pk: _item(row, entries[row.inquiry.pk], for_office=for_office) for row in rows
    }


def _item(row: InquiryRow, entries: Sequence[EntryRow], *, for_office: bool) -> InquiryItem:
    inquiry = row.inquiry
    question = newest(entries, InquiryStep.QUESTION)
    answer = newest(entries, InquiryStep.ANSWER)
    is_open = inquiry.state is InquiryState.OPEN
    return InquiryItem(
        inquiry_id=inquiry.pk,
        code=row.project.code,
        name=row.project.name,
        asker=row.asker.name,
        asked=asked_name(row),
        asked_at=inquiry.waiting_since,
        question=question.text if question else "",
        earlier=_before_newest_question(entries),
        state=inquiry.state,
        answered_by=answer.author if answer and not is_open else "",
        why=_why(inquiry) if for_office else None,
        is_reminder=is_open and not for_office and inquiry.remind_at is None,
    )


def newest(entries: Sequence[EntryRow], step: InquiryStep) -> Turn | None:
    """The newest entry of a kind, if there is one."""
    turns = [each for each in turns_of(entries) if each.step is step]
    return turns[-1] if turns else None


def _before_newest_question(entries: Sequence[EntryRow]) -> int:
    places = [
        place for place, (entry, _) in enumerate(entries) if entry.step is InquiryStep.QUESTION
    ]
    return places[-1] if places else 0


def _why(inquiry: Inquiry) -> Why:
    if inquiry.is_passed_on:
        return Why.PASSED_ON
    return Why.NOBODY if inquiry.asked_id is None else Why.OVERDUE

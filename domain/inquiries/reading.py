"""Reads inquiries from the record, as cards for people and as items of messages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotFoundError
from domain.inquiries.messages import InquiryItem
from domain.inquiries.rules import Asked, names_in, role_of, why_over
from domain.inquiries.values import InquiryCard, InquiryCounts, Role, Turn, Why
from domain.logs.record import facts_of, viewer_of
from domain.portfolio.rules import belongs_to_pmo, may_see
from domain.portfolio.values import ProjectFacts, Viewer
from models import inquiries as store
from models.enums import InquiryState, InquiryStep, Visibility
from models.inquiries import EntryRow, Inquiry, InquiryRow
from models.portfolio import Project

RECENT: Final = timedelta(days=14)
"""How long somebody's own question stands on their page after it was asked and answered."""

NO_INQUIRY: Final = "There is no such question, or not for you. `/project inquiries` lists yours."

_ORDER: Final = (InquiryState.OPEN, InquiryState.ANSWERED, InquiryState.CLOSED)


async def cards_for(
    session: AsyncSession, viewer: Viewer, rows: Sequence[InquiryRow]
) -> list[InquiryCard]:
    """Those of some inquiries that exist for somebody, those that wait first."""
    roles = {row.inquiry.pk: role_in(viewer, row) for row in rows}
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


async def found_row(
    session: AsyncSession, workspace_id: int, viewer: Viewer, inquiry_id: int
) -> tuple[InquiryRow, Role]:
    """An inquiry, and what somebody may do with it.

    Raises:
        NotFoundError: there is no such inquiry, or not for this person.
    """
    row = await store.inquiry_row(session, workspace_id, inquiry_id)
    role = role_in(viewer, row) if row else None
    if row is None or role is None:
        raise NotFoundError(NO_INQUIRY)
    return row, role


async def card_of(
    session: AsyncSession,
    workspace_id: int,
    viewer: Viewer,
    inquiry_id: int,
    role: Role | None = None,
) -> InquiryCard:
    """An inquiry as somebody reads it, with what was just written.

    Args:
        session: a reading or a writing one.
        workspace_id: the workspace.
        viewer: who reads it.
        inquiry_id: which one.
        role: what they might do with it until now; None: what they may do.

    Raises:
        NotFoundError: there is no such inquiry, or not for this person.
    """
    await session.flush()
    row = await store.inquiry_row(session, workspace_id, inquiry_id)
    role = role or (role_in(viewer, row) if row else None)
    if row is None or role is None:
        raise NotFoundError(NO_INQUIRY)
    said = (await store.entries_of_inquiries(session, [inquiry_id]))[inquiry_id]
    card = _card(row, said, role)
    return replace(
        card,
        is_answer_sent=await asker_reads(session, row),
        has_thread=card.has_thread and await may_stand_in_thread(session, row),
    )


async def may_stand_in_thread(session: AsyncSession, row: InquiryRow, text: str = "") -> bool:
    """Whether an inquiry, and a text, may be read by others where its asker asked before."""
    workspace_id = row.inquiry.workspace_id
    restricted = await store.restricted_projects(session, workspace_id)
    said = (await store.entries_of_inquiries(session, [row.inquiry.pk]))[row.inquiry.pk]
    return is_for_channel(row, said, restricted) and not restricted_in([text], restricted)


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
    inquiry = row.inquiry
    return inquiry.is_for_office or inquiry.asked_id is None or inquiry.office_on is not None


def _is_news(inquiry: Inquiry, now: datetime) -> bool:
    if inquiry.state is InquiryState.CLOSED:
        return False
    return inquiry.state is InquiryState.OPEN or inquiry.waiting_since > now - RECENT


def role_in(viewer: Viewer, row: InquiryRow) -> Role | None:
    """What somebody may do with an inquiry; None: for them there is none."""
    inquiry = row.inquiry
    asked = Asked(inquiry.asker_id, inquiry.is_for_office, inquiry.asked_id)
    return role_of(viewer, facts_in(row), asked)


def facts_in(row: InquiryRow) -> ProjectFacts | None:
    """What decides about who may see an inquiry's project; None: it is about none."""
    return facts_of(row.project) if row.project else None


def _card(row: InquiryRow, entries: Sequence[EntryRow], role: Role) -> InquiryCard:
    inquiry = row.inquiry
    return InquiryCard(
        inquiry_id=inquiry.pk,
        code=row.code,
        name=row.name,
        asker=row.asker.name,
        asked=asked_name(row),
        state=inquiry.state,
        turns=turns_of(entries),
        role=role,
        seen=entries[-1].entry.pk if entries else 0,
        is_passed_on=inquiry.is_passed_on,
        is_for_office=inquiry.is_for_office,
        is_asked_back=is_asked_back(entries),
        has_thread=inquiry.asked_ts is not None,
    )


def turns_of(entries: Iterable[EntryRow]) -> tuple[Turn, ...]:
    """What was said, in its order."""
    return tuple(
        Turn(author.name if author else "", entry.at, entry.step, entry.text)
        for entry, author in entries
    )


def asked_name(row: InquiryRow) -> str:
    """With whom an inquiry is; empty: the PMO."""
    return row.asked.name if row.asked else ""


def is_asked_back(entries: Sequence[EntryRow]) -> bool:
    """Whether who asked has to say more before there can be an answer."""
    return bool(entries) and entries[-1].entry.step is InquiryStep.ASKED_BACK


def is_for_channel(
    row: InquiryRow, entries: Iterable[EntryRow], restricted: Sequence[Project]
) -> bool:
    """Whether an inquiry names nothing that readers of the PMO's channel must not know of."""
    if row.project is not None and row.project.visibility is Visibility.RESTRICTED:
        return False
    return not restricted_in([entry.text for entry, _author in entries], restricted)


def restricted_in(texts: Iterable[str], restricted: Sequence[Project]) -> list[Project]:
    """Those of some projects that texts name."""
    names = [name for each in restricted for name in (each.code, each.name)]
    found = names_in("\n".join(texts), names)
    return [each for each in restricted if {each.code, each.name} & found]


async def may_have(session: AsyncSession, row: InquiryRow, reader: Viewer) -> bool:
    """Whether the PMO may let somebody answer: they see all that an inquiry is about and names."""
    restricted = await store.restricted_projects(session, row.inquiry.workspace_id)
    said = (await store.entries_of_inquiries(session, [row.inquiry.pk]))[row.inquiry.pk]
    named = restricted_in([entry.text for entry, _author in said], restricted)
    own = [row.project] if row.project else []
    return all(may_see(reader, facts_of(each)) for each in [*own, *named])


async def counts_of(session: AsyncSession, project_id: int) -> InquiryCounts:
    """A project's inquiries in numbers."""
    counts = await store.count_inquiries(session, project_id)
    return InquiryCounts(counts.get(InquiryState.OPEN, 0), counts.get(InquiryState.ANSWERED, 0))


async def asker_reads(session: AsyncSession, row: InquiryRow) -> bool:
    """Whether who asked may read of the project, and is there to do so."""
    asker, facts = await viewer_of(session, row.asker), facts_in(row)
    return not asker.is_gone and (facts is None or may_see(asker, facts))


async def why_closed(session: AsyncSession, row: InquiryRow) -> str:
    """Why nobody waits for the answer to an inquiry any more; empty if somebody does."""
    asker = await viewer_of(session, row.asker)
    return why_over(asker, facts_in(row), is_for_office=row.inquiry.is_for_office)


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
        code=row.code,
        name=row.name,
        asker=row.asker.name,
        asked=asked_name(row),
        asked_at=inquiry.waiting_since,
        question=question.text if question else "",
        earlier=_before_newest_question(entries),
        state=inquiry.state,
        answered_by=answer.author if answer and not is_open else "",
        why=_why(inquiry) if for_office else None,
        is_reminder=is_open and not for_office and inquiry.remind_at is None,
        is_for_office=inquiry.is_for_office,
    )


def newest(entries: Sequence[EntryRow], step: InquiryStep) -> Turn | None:
    """The newest entry of a kind, if there is one."""
    turns = [each for each in turns_of(entries) if each.step is step]
    return turns[-1] if turns else None


def answered_by(entries: Sequence[EntryRow]) -> str:
    """Who has answered the newest question, all of them in their order; empty: nobody."""
    since = entries[_before_newest_question(entries) :]
    names = [
        each.author.name
        for each in since
        if each.entry.step is InquiryStep.ANSWER and each.author is not None
    ]
    return " and ".join(dict.fromkeys(names))


def _before_newest_question(entries: Sequence[EntryRow]) -> int:
    places = [
        place for place, (entry, _) in enumerate(entries) if entry.step is InquiryStep.QUESTION
    ]
    return places[-1] if places else 0


def _why(inquiry: Inquiry) -> Why:
    if inquiry.is_for_office:
        return Why.OVERDUE if inquiry.asked_id else Why.ASKED
    if inquiry.is_passed_on:
        return Why.PASSED_ON
    return Why.NOBODY if inquiry.asked_id is None else Why.OVERDUE

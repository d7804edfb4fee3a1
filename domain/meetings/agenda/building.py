"""Builds the agenda of a meeting from what is due, as often as somebody looks, until it freezes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.agenda.due import due_items
from domain.meetings.agenda.rules import DueItem, Order, order_of, place_for
from domain.meetings.auditing import note
from domain.meetings.series.keeping import Act
from models.enums import ItemState, MeetingState
from models.meetings import AgendaItem, Meeting
from models.meetings.agenda import items_of_backlog, items_of_meeting, stranded_rows

_ACTOR: Final = "the agenda"
_FOLLOWED: Final = ("title", "text", "owner_id", "project_id", "log_entry_id")
"""What of a built item follows the record, whatever else the chair has said of it."""

_UNTOUCHED: Final = 1
"""The revision of an item that nobody has changed."""


async def refresh(session: AsyncSession, about: About, now: datetime) -> bool:
    """Bring an agenda to what is due; whether anything changed.

    What is due already stays one item, what the chair removed or put back into the backlog stays
    away, and what is not due any more goes as long as nobody has touched it. Nothing comes or goes
    once the pack is out, or the meeting has begun. What stands on the agenda of a meeting that does
    not take place is taken over.

    Args:
        session: a writing one.
        about: the meeting, locked.
        now: this instant.
    """
    if not is_built(about.meeting):
        return False
    everything = await items_of_meeting(session, about.meeting.pk)
    dues = {each.source: each for each in await due_items(session, about, now)}
    asleep = await items_of_backlog(session, about.council.pk)
    present = [each for each in everything if each.state is ItemState.OPEN]
    gone = [each for each in present if _is_over(each, dues)]
    kept = [each for each in present if each not in gone]
    known = {each.source for each in [*everything, *asleep]}
    new = [_made(about, each, now) for source, each in dues.items() if source not in known]
    stranded = await _stranded(session, about, now)
    for each in stranded:
        each.meeting_id, each.state = about.meeting.pk, ItemState.OPEN
    followed = [each for each in [*kept, *asleep] if _follow(each, dues)]
    for each in [*gone, *_over_in(asleep, dues)]:
        await session.delete(each)
    ordered = _placed(kept, [*new, *stranded], dues)
    session.add_all(ordered)
    renumber(ordered)
    _note(session, about, now, [*new, *stranded], gone)
    await session.flush()
    return bool(new or gone or stranded or followed)


async def _stranded(session: AsyncSession, about: About, now: datetime) -> list[AgendaItem]:
    """What people wrote for a meeting that is called off, or that nobody opened in time."""
    rows = await stranded_rows(session, about.council.pk, now)
    hours = about.settings.hours_open
    return [
        item
        for item, meeting in rows
        if meeting.pk != about.meeting.pk
        and (
            meeting.state is not MeetingState.PLANNED
            or meeting.starts_at + timedelta(minutes=meeting.minutes, hours=hours) <= now
        )
    ]


def is_built(meeting: Meeting) -> bool:
    """Whether an agenda still follows what is due."""
    return (
        meeting.state is MeetingState.PLANNED
        and meeting.frozen_at is None
        and meeting.started_at is None
        and meeting.ended_at is None
    )


def put_in(items: Sequence[AgendaItem], new: AgendaItem) -> list[AgendaItem]:
    """An agenda with one item more, where it belongs."""
    return _placed(items, [new], {})


def renumber(items: Sequence[AgendaItem]) -> None:
    """Have items keep the places that they have in a list."""
    for place, each in enumerate(items, start=1):
        each.position = place


def _placed(
    kept: Sequence[AgendaItem], new: Sequence[AgendaItem], dues: Mapping[str, DueItem]
) -> list[AgendaItem]:
    placed = list(kept)
    for each in new:
        order = _order(each, dues)
        placed.insert(place_for(order, [_order(other, dues) for other in placed]), each)
    return placed


def _order(item: AgendaItem, dues: Mapping[str, DueItem]) -> Order:
    due = dues.get(item.source)
    return due.order if due else order_of(item.source, item.purpose)


def _is_over(item: AgendaItem, dues: Mapping[str, DueItem]) -> bool:
    """Whether an item is about something that is not due any more, and nobody has touched it."""
    return bool(item.source) and item.source not in dues and item.revision == _UNTOUCHED


def _over_in(asleep: Sequence[AgendaItem], dues: Mapping[str, DueItem]) -> list[AgendaItem]:
    """What waits in the backlog though it is settled; there, nobody would see that it is."""
    return [each for each in asleep if each.source and each.source not in dues]


def _follow(item: AgendaItem, dues: Mapping[str, DueItem]) -> bool:
    """Bring a built item to what the record says now; whether it says something else."""
    due = dues.get(item.source)
    if due is None:
        return False
    new = {
        name: getattr(due, name) for name in _FOLLOWED if getattr(due, name) != getattr(item, name)
    }
    for name, value in new.items():
        setattr(item, name, value)
    return bool(new)


def _made(about: About, due: DueItem, now: datetime) -> AgendaItem:
    return AgendaItem(
        workspace_id=about.council.workspace_id,
        council_id=about.council.pk,
        meeting_id=about.meeting.pk,
        purpose=due.purpose,
        title=due.title,
        text=due.text,
        minutes=due.minutes,
        owner_id=due.owner_id,
        project_id=due.project_id,
        log_entry_id=due.log_entry_id,
        source=due.source,
        is_consent=due.is_consent,
        added_at=now,
    )


def _note(
    session: AsyncSession,
    about: About,
    now: datetime,
    new: Sequence[AgendaItem],
    gone: Sequence[AgendaItem],
) -> None:
    """One line for all: by what they are about, for titles may be nobody else's business."""
    if new or gone:
        told = (
            ", ".join(each.source or f"item {each.pk}" for each in items) for items in (gone, new)
        )
        old, now_there = told
        note(
            session,
            about.council,
            about.meeting,
            Act(_ACTOR, now),
            ("agenda built", old, now_there),
        )

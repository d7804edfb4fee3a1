"""What a meeting has not dealt with goes on to the next one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.agenda.building import put_in, renumber
from domain.meetings.agenda.rules import STANDING, Built
from domain.meetings.auditing import note
from domain.meetings.ballots.noting import noted
from domain.meetings.series.keeping import Act
from models.enums import ItemState, Purpose
from models.meetings import AgendaItem, Meeting
from models.meetings.agenda import items_of_backlog, items_of_meeting, next_meeting

_ACTOR: Final = "the agenda"
_NOT_REACHED: Final = "The meeting ended before it."
_UNSETTLED: Final = (ItemState.OPEN, ItemState.CURRENT, ItemState.PARKED, ItemState.WAITING)


async def carry_on(session: AsyncSession, about: About, now: datetime) -> About | None:
    """Settle the agenda of a meeting that is closed; tell which meeting has got more by it.

    What is open, parked or current goes on to the next meeting, or into the backlog if none is
    planned, each as an item of its own that knows where it comes from. Consent items that only
    inform are done, for nobody has pulled them out, and a vote out of cycle is noted; one that
    nobody has agreed to is not decided, and goes on. What is built from the record goes on only to
    an agenda: without one, the record brings it when there is one.

    Args:
        session: a writing one.
        about: the meeting, locked.
        now: this instant.
    """
    own = await items_of_meeting(session, about.meeting.pk)
    unsettled = [each for each in own if each.state in _UNSETTLED]
    following = await next_meeting(session, about.council.pk, about.meeting.starts_at, locked=True)
    present = await _present(session, about, following)
    going = [each for each in unsettled if not _is_settled(each, now)]
    for number in _ballots(own):
        await noted(session, number, about.meeting, None, now)
    for each in going:
        present = _carry(session, each, following, present)
    if following is not None:
        renumber([each for each in present if each.state is ItemState.OPEN])
    if going:
        to = following.occurrence if following else "backlog"
        told = ", ".join(f"item {each.pk}" for each in going)
        note(session, about.council, about.meeting, Act(_ACTOR, now), ("carried on", told, to))
    await session.flush()
    if following is None or not going:
        return None
    return About(following, about.council, about.configuration)


async def _present(
    session: AsyncSession, about: About, following: Meeting | None
) -> list[AgendaItem]:
    """What is there already, where the items go."""
    if following is None:
        return list(await items_of_backlog(session, about.council.pk))
    return list(await items_of_meeting(session, following.pk))


def _is_settled(item: AgendaItem, now: datetime) -> bool:
    """Settle an item that need not go on; whether it is one."""
    if item.state is ItemState.OPEN and item.source in STANDING:
        item.state, item.note = ItemState.REMOVED, item.note or _NOT_REACHED
        return True
    is_noted = item.is_consent and item.purpose is Purpose.INFORM
    if item.source in STANDING or (item.state is ItemState.OPEN and is_noted):
        item.state, item.ended_at = ItemState.DONE, now
        return True
    return False


def _ballots(items: Sequence[AgendaItem]) -> list[int]:
    """The votes out of cycle that the meeting has taken note of."""
    return [
        int(number)
        for each in items
        if each.state is ItemState.DONE
        for kind, _, number in [each.source.partition(":")]
        if kind == Built.BALLOT
    ]


def _carry(
    session: AsyncSession,
    item: AgendaItem,
    following: Meeting | None,
    present: list[AgendaItem],
) -> list[AgendaItem]:
    """Have an item go on; what is there then."""
    meeting_id = following.pk if following else None
    is_late = following is not None and following.frozen_at is not None
    if item.state is ItemState.WAITING:
        item.meeting_id, item.state, item.is_late = meeting_id, ItemState.OPEN, is_late
        return put_in(present, item)
    if item.state is not ItemState.PARKED:
        item.state = ItemState.CARRIED
    same = next((each for each in present if item.source and each.source == item.source), None)
    if same is not None:
        same.carried_from_id = item.pk
        return present
    if item.source and following is None:
        return present
    copy = _copy(item, meeting_id, is_late=is_late)
    session.add(copy)
    return put_in(present, copy)


def _copy(item: AgendaItem, meeting_id: int | None, *, is_late: bool) -> AgendaItem:
    return AgendaItem(
        workspace_id=item.workspace_id,
        council_id=item.council_id,
        meeting_id=meeting_id,
        purpose=item.purpose,
        title=item.title,
        text=item.text,
        minutes=item.minutes,
        owner_id=item.owner_id,
        project_id=item.project_id,
        log_entry_id=item.log_entry_id,
        source=item.source,
        is_consent=item.is_consent,
        is_late=is_late,
        carried_from_id=item.pk,
        added_by_id=item.added_by_id,
        added_at=item.added_at,
    )

"""Pure decisions about a meeting that runs: who leads it, when it can be opened, how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.meetings.agenda.values import Item
from domain.meetings.attendance.values import Roster
from domain.meetings.rules import may_run
from domain.portfolio.values import Viewer
from models.enums import ItemState, Purpose

EARLIEST: Final = timedelta(minutes=60)
"""So long before its hour a meeting can be opened: people come early, not a day before."""

CHAIR_IS_WAITED_FOR: Final = timedelta(minutes=10)
"""After its hour; then any voting member may take the chair."""

REOPENED_WITHIN: Final = timedelta(hours=1)
"""A meeting that was closed by mistake: what comes of closing (minutes) is not far then."""


_BEHIND: Final = (ItemState.DONE, ItemState.PARKED)


@dataclass(frozen=True)
class Standing:
    """What somebody is at a meeting."""

    is_chair: bool
    """The council's chair, who stands in for them, or the PMO."""
    is_acting: bool
    """They have opened this meeting, or taken its chair."""
    has_vote: bool
    """They sit on a voting seat, their own or as an alternate."""
    is_member: bool
    """They sit on any seat."""

    @property
    def leads(self) -> bool:
        """Whether they call up items, record decisions, park and close."""
        return self.is_chair or self.is_acting


@dataclass(frozen=True)
class Times:
    """When a meeting begins and ends, as planned and as it was."""

    starts_at: datetime
    ends_at: datetime
    """As planned."""
    last_call: datetime
    """Nobody opens it after that; one that runs closes itself."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reopened_at: datetime | None = None
    timezone: str = "UTC"
    """Of the council."""


def standing_of(
    viewer: Viewer, chair_id: int | None, acting_id: int | None, roster: Roster
) -> Standing:
    """What somebody is at a meeting.

    Args:
        viewer: who.
        chair_id: the council's chair.
        acting_id: who runs the meeting, once it is opened.
        roster: the seats.
    """
    if viewer.is_gone or viewer.is_guest:
        return Standing(is_chair=False, is_acting=False, has_vote=False, is_member=False)
    me = viewer.person_id
    seats = [each for each in roster.seats if me in (each.member.person_id, each.sitter.person_id)]
    stands_in = any(each.member.person_id == chair_id for each in seats if chair_id is not None)
    return Standing(
        is_chair=may_run(viewer, chair_id) or stands_in,
        is_acting=acting_id is not None and me == acting_id,
        has_vote=any(each.is_voting for each in seats),
        is_member=bool(seats),
    )


def last_call(starts_at: datetime, minutes: int, hours: int) -> datetime:
    """When a meeting that nobody has opened, or closed, is over for good.

    Args:
        starts_at: its hour.
        minutes: its length.
        hours: of `close_after` in the configuration.
    """
    return starts_at + timedelta(minutes=minutes, hours=hours)


def closes_itself(times: Times) -> datetime:
    """When the clock closes a meeting that runs.

    It is given the same time as one that was opened at its hour: counted from when it was opened,
    or opened again.
    """
    began = times.reopened_at or times.started_at or times.starts_at
    return times.last_call + max(began - times.starts_at, timedelta())


def why_not_open(standing: Standing, times: Times, now: datetime) -> str | None:
    """Why somebody can't open a meeting now; None: they can."""
    if not standing.leads and not standing.has_vote:
        return "The council's chair and the PMO open a meeting; ask one of them."
    if now < times.starts_at - EARLIEST:
        at = (times.starts_at - EARLIEST).astimezone(ZoneInfo(times.timezone))
        return f"It is too early: this meeting can be opened from {at:%a %d %b, %H:%M} on."
    if now >= times.last_call:
        return (
            "Its time is over, and nobody had opened it. What stood on its agenda goes on to the "
            "next one; `/project meeting list` has a button for an extra meeting."
        )
    return None if standing.leads else _why_not_take(times, now)


def _why_not_take(times: Times, now: datetime) -> str | None:
    if now >= times.starts_at + CHAIR_IS_WAITED_FOR:
        return None
    minutes = int(CHAIR_IS_WAITED_FOR.total_seconds() // 60)
    return (
        f"Wait for the chair until {minutes} minutes after the hour of the meeting: then any "
        "voting member can take the chair. The PMO can open it at any time."
    )


def why_not_take_over(standing: Standing, *, acting_is_here: bool) -> str | None:
    """Why somebody can't take the chair of a meeting that runs; None: they can."""
    if standing.is_acting:
        return "You have the chair already."
    if standing.is_chair or (standing.has_vote and not acting_is_here):
        return None
    return (
        "Somebody runs this meeting. The council's chair and the PMO can take it over; a voting "
        "member can once whoever runs it has pressed “I have to leave”."
    )


def why_not_reopen(times: Times, now: datetime, *, is_posted: bool) -> str | None:
    """Why a closed meeting can't be opened again; None: it can."""
    if times.ended_at is None:
        return None
    if is_posted:
        return "Its minutes are posted: what is to be added belongs into them, or to the next one."
    if now >= times.ended_at + REOPENED_WITHIN:
        return "It was closed more than an hour ago: plan an extra meeting, or go on in the next."
    return None


def is_here(roster: Roster, person_id: int | None) -> bool:
    """Whether somebody sits at the table now; who has no seat there, as the PMO, counts as here."""
    own = [each.is_present for each in roster.seats if each.sitter.person_id == person_id]
    return any(own) or not own


def items_ahead(items: Sequence[Item], current_id: int | None) -> tuple[Item, ...]:
    """What comes up after the current item: the open ones behind it, then those left behind.

    Args:
        items: the agenda in its order, as far as it exists for who looks.
        current_id: what is talked about now.
    """
    ids = [each.item_id for each in items]
    place = ids.index(current_id) if current_id in ids else -1
    around = [*items[place + 1 :], *items[: max(place, 0)]]
    return tuple(each for each in around if each.is_ahead and not each.is_consent)


def next_item(items: Sequence[Item], current_id: int | None) -> Item | None:
    """The first of those."""
    return next(iter(items_ahead(items, current_id)), None)


def item_before(items: Sequence[Item]) -> Item | None:
    """The item that was dealt with last: what *Back* returns to."""
    ended = [each for each in items if each.state in _BEHIND and each.ended_at]
    own = [each for each in ended if not each.is_consent]
    return max(own, key=lambda each: (each.ended_at, each.item_id), default=None)


def is_settled(item: Item, *, has_decision: bool) -> bool:
    """Whether an item is done once the meeting leaves it; one to decide waits for a decision."""
    return has_decision or item.purpose is not Purpose.DECIDE

"""What the room's services take and return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from models.enums import MeetingState, Rsvp


@dataclass(frozen=True)
class OwnSaid:
    """What somebody who has a seat has said about coming to a meeting."""

    rsvp: Rsvp = Rsvp.NONE
    alternate: str = ""
    """Who comes instead."""


@dataclass(frozen=True)
class MeetingCard:
    """One meeting, as somebody may see it."""

    meeting_id: int
    council_id: int
    council: str
    title: str
    starts_at: datetime
    minutes: int
    timezone: str
    place: str
    state: MeetingState
    reason: str
    """Why it is moved or cancelled."""
    moved_from: date | None
    """Its own day in the series, if it is not on that."""
    is_extra: bool
    sequence: int
    may_run: bool
    """Whether who looks may change it: the chair or the PMO."""
    may_open: bool = False
    """Whether it can be opened now, and who looks may do that."""
    own: OwnSaid | None = None
    """None: who looks has no seat on the council."""


@dataclass(frozen=True)
class CouncilMeetings:
    """The meetings of one council from now on."""

    council_id: int
    council: str
    cards: tuple[MeetingCard, ...]
    may_run: bool


@dataclass(frozen=True)
class MeetingList:
    """What somebody asked for."""

    councils: Sequence[CouncilMeetings]
    is_next: bool
    """Only the next meeting of each council."""
    named: str = ""
    """The council that was asked for; empty for all."""


@dataclass(frozen=True)
class Planning:
    """The window of one meeting, as it opens."""

    council_id: int
    council: str
    timezone: str
    day: date
    at: time
    minutes: int
    title: str = ""
    place: str = ""
    meeting_id: int = 0
    """0: a new one."""
    sequence: int = 0


@dataclass(frozen=True)
class Wish:
    """What was typed in that window, as it was typed."""

    day: str
    at: str
    minutes: str
    title: str = ""
    place: str = ""


@dataclass(frozen=True)
class Saved:
    """What became of it."""

    card: MeetingCard
    is_skipped: bool = False
    """The clocks skip the hour that was typed: it begins at the next one that there is."""
    is_same: bool = False
    """It was so already."""


@dataclass(frozen=True)
class FeedState:
    """Whether somebody has an address to subscribe to, and what it is, if it was made just now."""

    address: str = ""
    """Only when it is made: nobody can look it up again."""
    since: datetime | None = None
    """Since when there is one; None: there is none."""
    is_possible: bool = True
    """Whether the bot can be reached over the web at all."""
    is_revoked: bool = False
    """It was taken back just now."""
    councils: tuple[str, ...] = ()
    """Whose meetings it has."""

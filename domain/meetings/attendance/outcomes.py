"""What the service gives back: what is on the record now, for who pressed."""

from dataclasses import dataclass

from domain.meetings.attendance.messages import HereTold, MeetingTold, SeatsTold
from models.enums import Rsvp


@dataclass(frozen=True)
class Said:
    """What is on the record after somebody has said whether they come."""

    meeting: MeetingTold
    rsvp: Rsvp
    is_same: bool = False
    """It was so already."""
    alternate: str = ""
    """Who comes instead: their name."""
    stands_for: str = ""
    """They have no seat of their own here, and stand in for this member."""


@dataclass(frozen=True)
class Reminded:
    """Whom the chair has had reminded."""

    names: tuple[str, ...]
    """Who gets a reminder now."""
    before: tuple[str, ...]
    """Who had one already."""


@dataclass(frozen=True)
class Board:
    """Who comes to a meeting, as one person reads it."""

    meeting: MeetingTold
    seats: SeatsTold
    may_say: bool
    """They have a seat."""
    may_run: bool
    here: HereTold | None = None
    """While it runs."""
    unsaid: tuple[str, ...] = ()
    """For the chair and the PMO: who has not said."""
    reasons: tuple[tuple[str, str], ...] = ()
    """For the same: who can't come, and why."""


@dataclass(frozen=True)
class Come:
    """What is on the record after somebody has come or gone."""

    here: HereTold
    is_here: bool
    is_same: bool
    stands_for: str = ""
    """The member whose seat it is, if it is another's."""


@dataclass(frozen=True)
class MarkedSeat:
    """A seat in the chair's window."""

    person_id: int
    name: str
    stand_in: str
    """The alternate, if one is named."""
    is_here: bool


@dataclass(frozen=True)
class Marking:
    """The chair's window of who is there."""

    meeting_id: int
    seats: tuple[MarkedSeat, ...]


@dataclass(frozen=True)
class Choosing:
    """The window in which a member chooses who comes instead."""

    meeting: MeetingTold
    alternate: str = ""
    """The Slack id of who is chosen already."""

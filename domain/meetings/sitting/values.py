"""What the services of a running meeting take and return."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.meetings.sitting.messages import CardTold
from domain.meetings.sitting.reading.values import TypedAction
from models.enums import Outcome


@dataclass(frozen=True)
class Opened:
    """A meeting that runs."""

    meeting_id: int
    title: str
    timezone: str
    at: datetime
    """Since when."""
    by: str
    """Who opened it."""
    is_new: bool
    """It was opened just now; else it ran already."""


@dataclass(frozen=True)
class ParkingWish:
    """What was typed of an item that is parked."""

    action: TypedAction
    """Its title is what is to be done; or why the item waits."""
    is_action: bool = True
    """Else it goes on to the next meeting."""


@dataclass(frozen=True)
class Deciding:
    """The window of a decision, as it opens."""

    meeting_id: int
    meeting: str
    item_id: int | None
    question: str
    project: str
    """A code."""
    known: int
    """How many decisions there are about the item already."""
    last: str = ""
    """The newest of these in words."""
    warning: str = ""
    """Why it can't be recorded as things are; it can be typed all the same."""


@dataclass(frozen=True)
class Acting:
    """The window of an action, or of what is parked, as it opens."""

    meeting_id: int
    meeting: str
    revision: int
    item: str = ""
    """What is talked about now."""
    project: str = ""


@dataclass(frozen=True)
class Recorded:
    """A decision that is on the record now."""

    ref: str
    """`D-12`."""
    question: str
    outcome: Outcome
    council: str
    meeting: str = ""
    """In which; empty: outside of one."""
    item: str = ""
    """About which item of its agenda."""
    conditions: int = 0
    had_quorum: bool = True
    project: str = ""
    is_known: bool = False
    """It was recorded minutes ago: this is the same once more."""


@dataclass(frozen=True)
class Given:
    """An action that is on the record now."""

    ref: str
    """`A-3`."""
    title: str
    owner: str
    due_on: date
    council: str
    meeting: str = ""
    project: str = ""


@dataclass(frozen=True)
class OwnCard:
    """A meeting as one person may see it, with what they may press."""

    card: CardTold
    council_id: int
    leads: bool
    has_vote: bool
    is_member: bool
    is_running: bool
    may_reopen: bool
    news: str = ""
    """What has happened to what they pressed."""

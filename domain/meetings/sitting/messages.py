"""What is said of a meeting that runs: the live card, and who is to open it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.meetings.attendance.messages import HereTold
from models.enums import Attention, Outcome, Purpose


@dataclass(frozen=True)
class ItemTold:
    """An item of the agenda."""

    item_id: int
    number: int
    """What it is called on the agenda that the reader is shown."""
    title: str
    purpose: Purpose
    minutes: int
    owner: str = ""
    code: str = ""
    is_restricted: bool = False
    """Not everybody in the channel may know of it."""
    is_left: bool = False
    """It was called up before, and still waits for a decision."""


@dataclass(frozen=True)
class DecisionTold:
    """A decision of the meeting."""

    question: str
    outcome: Outcome
    chosen: str = ""
    code: str = ""
    votes: tuple[int, int, int] | None = None
    """For, against, abstained."""
    conditions: int = 0
    has_quorum: bool = True
    ref: str = ""
    """`D-12`; empty where a gap in the numbers would tell of what the reader may not know."""


@dataclass(frozen=True)
class ActionTold:
    """An action that the meeting has given out."""

    title: str
    owner: str
    due_on: date | None
    code: str = ""
    ref: str = ""


@dataclass(frozen=True)
class CardTold:
    """A meeting that runs, or is over, as far as a reader may know of it."""

    meeting_id: int
    revision: int
    title: str
    timezone: str
    began_at: datetime
    chair: str
    here: HereTold
    current: ItemTold | None = None
    ends_at: datetime | None = None
    """When the current item's time is up, or was."""
    is_over: bool = False
    """It was up when this was said."""
    ahead: tuple[ItemTold, ...] = ()
    """What comes next, in its order."""
    left: int = 0
    """How many items are ahead in all."""
    consent: tuple[ItemTold, ...] = ()
    """Open items that are agreed to together."""
    decisions: tuple[DecisionTold, ...] = ()
    decided: int = 0
    """How many decisions there are in all."""
    actions: tuple[ActionTold, ...] = ()
    given: int = 0
    parked: tuple[str, ...] = ()
    ended_at: datetime | None = None
    closed_by: str = ""
    """Empty: it closed itself."""


@dataclass(frozen=True)
class LiveCard:
    """The one message of a meeting in its channel, edited in place on each press."""

    kind: ClassVar[str] = "meeting_card"
    attention: ClassVar[Attention] = Attention.FREE

    card: CardTold


@dataclass(frozen=True)
class MeetingToOpen:
    """Tells who chairs that the meeting can be opened.

    It costs no attention: the meeting itself does, and a button that comes after it is none.
    """

    kind: ClassVar[str] = "meeting_to_open"
    attention: ClassVar[Attention] = Attention.FREE

    meeting_id: int
    title: str
    starts_at: datetime
    timezone: str
    is_late: bool = False
    """Its hour is over, and nobody has opened it: whoever reads this may take the chair."""
    opened_by: str = ""
    opened_at: datetime | None = None
    is_cancelled: bool = False
    is_missed: bool = False
    """Nobody has opened it, and nobody can any more."""


@dataclass(frozen=True)
class MeetingNotStarted:
    """Tells the PMO that nobody has opened a meeting."""

    kind: ClassVar[str] = "meeting_not_started"
    attention: ClassVar[Attention] = Attention.NOTICE

    meeting_id: int
    title: str
    starts_at: datetime
    timezone: str
    chair: str
    """Empty: the council has none."""
    opened_by: str = ""
    opened_at: datetime | None = None
    is_cancelled: bool = False
    is_missed: bool = False
    """Nobody has opened it, and nobody can any more."""


@dataclass(frozen=True)
class MeetingClosedItself:
    """Tells who ran a meeting that nobody has closed it."""

    kind: ClassVar[str] = "meeting_closed_itself"
    attention: ClassVar[Attention] = Attention.NOTICE

    meeting_id: int
    title: str
    at: datetime
    timezone: str
    hours: int
    """After its planned end."""

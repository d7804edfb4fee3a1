"""What the room says: the calendar of a council, as a file for its channel."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import ClassVar

from models.enums import Attention


@dataclass(frozen=True)
class CalendarEntry:
    """One meeting that stands by itself in a calendar."""

    title: str
    starts_at: datetime
    minutes: int
    timezone: str
    place: str
    reason: str
    uid: str
    occurrence: date | None = None
    """The day of the series in whose place it is; None: it is in the place of none."""
    is_cancelled: bool = False


@dataclass(frozen=True)
class CalendarSeries:
    """The meetings that follow the rule, as far as they do."""

    rule: str
    first: date
    at: time
    minutes: int
    timezone: str
    title: str
    uid: str
    dates: tuple[date, ...] = ()
    """All days, where other programs read the rule in another way; then it stands for nothing."""
    left_out: tuple[date, ...] = ()
    changed: tuple[CalendarEntry, ...] = ()


@dataclass(frozen=True)
class CouncilCalendar:
    """The meetings of a council; the same value always gives the same file."""

    kind: ClassVar[str] = "council_calendar"
    attention: ClassVar[Attention] = Attention.FREE

    council: str
    changed_at: datetime
    """When anything in it changed last."""
    sequence: int
    """Rises with each change."""
    series: CalendarSeries | None = None
    singles: tuple[CalendarEntry, ...] = field(default=())

"""What the room tells of rules: each with its next dates, for whoever wrote it."""

from dataclasses import dataclass
from datetime import date, time

from domain.calendar.rules import Recurrence


@dataclass(frozen=True)
class RuleDay:
    """A day that a rule gives."""

    day: date
    meeting: date | None = None
    """The meeting that is asked for on that day, if it is."""
    why_off: str | None = None
    """Why nobody works on that day."""


@dataclass(frozen=True)
class RuleEcho:
    """A council's rule as it was understood."""

    council: str
    recurrence: Recurrence
    at: time
    days: tuple[RuleDay, ...]
    """The next ones; none if the rule has come to its end."""
    is_of_meetings: bool = False
    before_days: int | None = None
    """So many working days before each meeting is asked; None: the rule gives the ask days."""

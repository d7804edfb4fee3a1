"""What the room tells: rules with their next dates, and who is away and who stands in."""

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
    is_of_digest: bool = False
    """Of a portfolio digest, whose name stands in place of the council's."""
    before_days: int | None = None
    """So many working days before each meeting is asked; None: the rule gives the ask days."""


@dataclass(frozen=True)
class Away:
    """Days on which somebody is away."""

    first: date
    until: date
    is_by_file: bool = False
    """The PMO's configuration file says so, not they themselves."""
    is_by_status: bool = False
    """Their Slack status says so."""


@dataclass(frozen=True)
class Cover:
    """Who is asked for a project while its PM is away."""

    code: str
    deputy: str | None
    """A name; None: nobody."""
    deputy_away: tuple[Away, ...] = ()
    """When the deputy is away too, of the days that the PM is."""


@dataclass(frozen=True)
class Standing:
    """When somebody is away, from today on, and what that means."""

    today: date
    away: tuple[Away, ...]
    """By the first day; what is over is left out."""
    covers: tuple[Cover, ...]
    """The projects that they are asked for, by code."""
    replaced: tuple[Away, ...] = ()
    """What they had said before, and does not count any more."""
    called_off: Away | None = None
    """A leave to come that has just been taken back."""

    @property
    def today_away(self) -> Away | None:
        """The leave that today lies in; the one that ends last, if several do."""
        covering = [each for each in self.away if each.first <= self.today <= each.until]
        return max(covering, key=lambda each: each.until, default=None)

"""What the decision log gives out, and the figures of councils."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.meetings.actions.messages import ActionLine
from models.enums import Method, Outcome

WORDING: Final = ("question", "reason", "dissent", "interests")
"""What of a decision may be worded anew; what was decided stays, or is decided anew."""


@dataclass(frozen=True)
class DecisionLine:
    """One decision of a council."""

    decision_id: int
    revision: int
    number: int
    council_id: int
    council: str
    question: str
    outcome: Outcome
    method: Method
    decided_on: date
    """In the council's zone."""
    code: str = ""
    """The project's, if it is about one."""
    options: tuple[str, ...] = ()
    chosen: str = ""
    reason: str = ""
    conditions: tuple[str, ...] = ()
    votes: tuple[int, int, int] | None = None
    """For, against, abstained; None where nobody counted."""
    dissent: str = ""
    interests: str = ""
    had_quorum: bool = True
    needed_since: date | None = None
    needed_ref: str = ""
    """The entry of the project's list that it settles: `D-3`."""
    latency: int | None = None
    """Working days from when it was needed; None: nobody has said since when."""
    effective_on: date | None = None
    meeting_on: date | None = None
    """The day of the meeting; None: out of cycle."""
    is_corrected: bool = False

    @property
    def ref(self) -> str:
        """What people call it."""
        return f"D-{self.number}"


@dataclass(frozen=True)
class Correction:
    """A wording that was replaced."""

    at: datetime
    who: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class DecisionCard:
    """A decision with all that belongs to it."""

    line: DecisionLine
    actions: tuple[ActionLine, ...] = ()
    corrections: tuple[Correction, ...] = ()
    """Newest first."""
    minutes: str = ""
    """Where the minutes of its meeting stand; empty: there are none."""
    may_correct: bool = False
    is_stale: bool = False
    """Nothing was saved: somebody has corrected it meanwhile."""


@dataclass(frozen=True)
class Asked:
    """What is looked for in the log, read."""

    text: str
    """As it was typed, without the part."""
    words: str = ""
    """What is left of it beside council, project and date."""
    council_id: int | None = None
    project_id: int | None = None
    scope: str = ""
    """The council's name, or the project's code."""
    since: date | None = None


@dataclass(frozen=True)
class DecisionLog:
    """The decisions that somebody asked for, newest first."""

    asked: Asked
    lines: Sequence[DecisionLine]


@dataclass(frozen=True)
class Latency:
    """How long a council takes to decide, in working days."""

    timed: int
    """Decisions of which it is known since when they were needed."""
    untimed: int
    median: float | None = None
    """None: nothing was timed."""
    p90: int | None = None
    waiting: int = 0
    """Decisions that are needed and not taken."""
    waiting_long: int = 0
    """Of them, for more than ten working days."""


@dataclass(frozen=True)
class Closure:
    """What becomes of the actions of a council."""

    due: int
    """Actions whose date has come, without cancelled ones."""
    in_time: int
    """Of them, done by that date."""
    late: int
    """Of them, done after it."""
    undated: int
    """Actions without a date, which count nowhere else."""
    moved: int
    """Of those that came due, how many were not on the date that was agreed first."""
    overdue: int
    overdue_median: float | None = None
    """Days, of those that are overdue; None: nothing is."""
    overdue_most: int | None = None


@dataclass(frozen=True)
class Figures:
    """How a council does, over a time."""

    council: str
    since: date
    latency: Latency
    closure: Closure

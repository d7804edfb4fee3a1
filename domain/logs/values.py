"""What the room's services take and return: entries of lists, answers to actions, their history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from domain.portfolio.values import PersonName
from models.enums import LogKind, LogState

LETTERS: Final[Mapping[LogKind, str]] = {
    LogKind.RISK: "R",
    LogKind.ISSUE: "I",
    LogKind.ACTION: "A",
    LogKind.DECISION: "D",
    LogKind.MILESTONE: "M",
}

HIGH_RISK: Final = 20
"""Likelihood times impact from which a risk is high: PM²'s red, of at most 25."""

HIGH_IMPACT: Final = 4
"""Impact from which an issue is high, of at most 5."""

Outcome = Literal["done", "moved", "cancelled", "open"]
"""What somebody says of an action: `moved` to another date, `open` with nothing but a word."""


@dataclass(frozen=True)
class Entry:
    """One entry of a list, as it stands."""

    entry_id: int
    kind: LogKind
    number: int
    title: str
    text: str = ""
    owner: PersonName | None = None
    owner_name: str = ""
    """Who has it in hand, where that is nobody in Slack."""
    due_on: date | None = None
    """By when; a milestone's forecast."""
    baseline_on: date | None = None
    likelihood: int | None = None
    """Of a risk, 1 to 5."""
    impact: int | None = None
    """Of a risk or an issue, 1 to 5."""
    response: str = ""
    state: LogState = LogState.OPEN
    opened_on: date = date.min
    """In the workspace's zone."""
    age_days: int = 0
    """Since it was opened, until today."""
    closed_at: datetime | None = None
    note: str = ""
    revision: int = 1
    project_id: int | None = None
    """None where only a council keeps it."""
    code: str = ""
    """The project's."""
    council: str = ""
    """From whose meeting it comes, if it comes from one."""

    @property
    def place(self) -> str:
        """Where it is counted: the project's code, or the council that keeps it alone."""
        return self.code or self.council

    @property
    def ref(self) -> str:
        """What people call it: `R-3` is the third risk of its project."""
        return f"{LETTERS[self.kind]}-{self.number}"

    @property
    def slip_days(self) -> int | None:
        """Days from the baseline to the date that holds now; None where either is unknown."""
        if self.baseline_on is None or self.due_on is None:
            return None
        return (self.due_on - self.baseline_on).days

    @property
    def score(self) -> int | None:
        """Likelihood times impact, 1 to 25; None where either is unknown."""
        if self.likelihood is None or self.impact is None:
            return None
        return self.likelihood * self.impact

    @property
    def is_high(self) -> bool:
        """Whether it would hurt, or hurts, beyond what the PM can bear alone."""
        if self.kind is LogKind.ISSUE:
            return self.impact is not None and self.impact >= HIGH_IMPACT
        return self.score is not None and self.score >= HIGH_RISK

    def is_overdue(self, today: date) -> bool:
        """Whether it is open though its date has passed."""
        return self.state is LogState.OPEN and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class ActionAnswer:
    """What somebody says about an action: in a status form, or on the action itself."""

    entry_id: int
    revision: int
    """The one that was shown: what has changed since is not answered unseen."""
    outcome: Outcome
    note: str = ""
    due_on: date | None = None
    """The new date, where it moved."""


@dataclass(frozen=True)
class ReportedItems:
    """What a status report says that belongs into the project's lists."""

    milestone: str = ""
    milestone_baseline: date | None = None
    milestone_forecast: date | None = None
    milestone_met: bool = False
    """It is behind them: its forecast is the day on which it was met."""
    decision: str = ""
    decision_from: str = ""
    decision_by: date | None = None


class Access(StrEnum):
    """What somebody may do with an entry."""

    CHANGE = "change"
    """The PM, the deputy, the PMO; of what comes from a council's meeting also its chair."""
    ANSWER = "answer"
    """The owner of an action: say what became of it."""
    READ = "read"


@dataclass(frozen=True)
class Change:
    """One field of an entry, changed; old and new as a form has them."""

    at: datetime
    who: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class EntryCard:
    """An entry as somebody opens it."""

    entry: Entry
    access: Access
    raw: Mapping[str, str]
    """Its fields as a form has them."""
    history: tuple[Change, ...] = ()
    """The last changes, newest first."""
    changes: int = 0
    """How many there are in all."""
    seen: int = 0
    """The number of the newest change: what comes after it is news to whoever has it open."""
    opened_by: str = ""
    today: date = date.min
    """In the reader's zone."""


@dataclass(frozen=True)
class NewEntry:
    """What a form for a new entry is for."""

    kind: LogKind
    code: str
    name: str
    """The project's."""


@dataclass(frozen=True)
class Shown:
    """What an open form remembers of the entry that it shows."""

    entry_id: int
    revision: int
    seen: int
    """The number of the newest change then."""


@dataclass(frozen=True)
class Saved:
    """What became of a form."""

    entry: Entry
    changed: tuple[str, ...] = ()
    """The fields that changed; of a new entry none."""
    is_new: bool = False


@dataclass(frozen=True)
class Clash:
    """Nothing was saved: somebody else has changed the entry while the form was open."""

    card: EntryCard
    """The entry as it is now; in its `raw`, what was typed has its place again."""
    news: tuple[Change, ...]
    """What somebody else changed, newest first."""


@dataclass(frozen=True)
class EntryList:
    """A list as somebody asked for it."""

    kind: LogKind
    entries: tuple[Entry, ...]
    """Open ones first: overdue and earliest due at the top."""
    code: str = ""
    """The project's; empty where it is a list over projects."""
    name: str = ""
    scope: str = ""
    """`mine`, `overdue` or a council's name, where it is a list over projects."""
    is_council: bool = False
    """The scope is a council: what it has given out."""
    is_overdue: bool = False
    """Only what is overdue was asked for."""
    may_add: bool = False
    closed: int = 0
    """How many closed ones there are that are not shown."""
    today: date = date.min


@dataclass(frozen=True)
class ListCounts:
    """A project's lists in numbers."""

    open: Mapping[LogKind, int] = field(default_factory=dict, hash=False)
    high: Mapping[LogKind, int] = field(default_factory=dict, hash=False)
    overdue: Mapping[LogKind, int] = field(default_factory=dict, hash=False)
    next_milestone: Entry | None = None
    """The open one that is due first."""
    today: date = date.min

"""What is told from the record: facts, each with its day; templates find the words."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from domain.answers.live.values import Intent
from domain.answers.messages import Link, Shown
from domain.logs.values import Entry
from domain.portfolio.values import PersonName
from models.enums import Attention, Health


@dataclass(frozen=True)
class ToldReport:
    """A project's last status report, as far as answers tell of it."""

    health: Health
    rating: str
    opens_on: date
    """The nominal day of the cycle that it answers."""
    author: str
    why: str = ""
    schedule: Health | None = None
    computed: Health | None = None
    """What the facts came to when it was given."""
    computed_why: tuple[str, ...] = ()
    budget: Health | None = None
    spent: Decimal | None = None
    cost_forecast: Decimal | None = None


@dataclass(frozen=True)
class ToldProject:
    """A project with what the record says of it."""

    project_id: int
    code: str
    name: str
    council: str
    phase: str
    pm: PersonName
    deputy: PersonName | None = None
    sponsor: PersonName | None = None
    start: date | None = None
    baseline_end: date | None = None
    forecast_end: date | None = None
    budget: Decimal | None = None
    hold_until: date | None = None
    """The last day on which it is on hold; None: it is not."""
    hold_reason: str = ""
    report: ToldReport | None = None

    @property
    def slip_days(self) -> int | None:
        """Days from its planned end to the forecast; None where either is unknown."""
        if self.baseline_end is None or self.forecast_end is None:
            return None
        return (self.forecast_end - self.baseline_end).days


@dataclass(frozen=True)
class Clause:
    """What the handbook says to it."""

    shown: Shown | None = None
    """The section that it rests on."""
    is_whole: bool = False
    """The section is shown as written; else it is cited, and a button opens it."""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ProjectTold:
    """What was asked of one project."""

    kind: ClassVar[str] = "live_project"
    attention: ClassVar[Attention] = Attention.FREE

    topic: Intent
    project: ToldProject
    today: date
    detail: str = ""
    """Which role, which list."""
    entries: tuple[Entry, ...] = ()
    """Of its lists: what the topic asks for, or what stands in the way."""
    closed: tuple[Entry, ...] = ()
    """Decisions that were taken, newest first."""
    corrected: str = ""
    """What the name in the question was taken for, if it is spelled otherwise."""
    clause: Clause = field(default_factory=Clause)
    question_id: int = 0
    question: str = ""
    """Which of several questions it answers; empty if it is the only one."""

    @property
    def project_code(self) -> str:
        """The project that the question behind it may mean by `it`."""
        return self.project.code


@dataclass(frozen=True)
class ToldLine:
    """A project in a list."""

    code: str
    name: str
    council: str
    phase: str
    pm: str
    health: Health | None = None
    """Of its last report; None: there is none."""
    opens_on: date | None = None
    slip_days: int | None = None
    cut_off_at: datetime | None = None
    """Of the report that is waited for."""
    is_missed: bool = False
    """The cut-off has passed without a report."""
    hold_until: date | None = None
    is_restricted: bool = False
    budget: Decimal | None = None
    cost: Decimal | None = None
    """What its last report has spent or forecast in all, whichever is more."""

    @property
    def is_over_budget(self) -> bool:
        """Whether more is spent, or forecast, than there is."""
        return self.budget is not None and self.cost is not None and self.cost > self.budget


@dataclass(frozen=True)
class ProjectsTold:
    """Which projects are as was asked for."""

    kind: ClassVar[str] = "live_projects"
    attention: ClassVar[Attention] = Attention.FREE

    topic: Intent
    detail: str
    """The state, the person, the council."""
    lines: tuple[ToldLine, ...]
    of: int
    """How many projects were looked at."""
    councils: tuple[str, ...] = ()
    """Whose reports or projects were looked at; empty: nothing is said of it."""
    clause: Clause = field(default_factory=Clause)
    question_id: int = 0
    question: str = ""
    is_among_others: bool = False
    """It is told in a channel: only of what everybody there may see."""


@dataclass(frozen=True)
class OwnReport:
    """A report that the asker owes."""

    code: str
    name: str
    cut_off_at: datetime
    is_over: bool


@dataclass(frozen=True)
class OwnTold:
    """What the bot wants of the asker, what they have in hand, and lists of several projects."""

    kind: ClassVar[str] = "live_own"
    attention: ClassVar[Attention] = Attention.FREE

    topic: Intent
    today: date
    detail: str = ""
    """Which kind of list."""
    reports: tuple[OwnReport, ...] = ()
    left: int = 0
    """Reports that are waited for and not listed."""
    next_ask: datetime | None = None
    next_councils: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    clause: Clause = field(default_factory=Clause)
    question_id: int = 0
    question: str = ""


@dataclass(frozen=True)
class ToldTime:
    """When something happens next in a council."""

    council: str
    at: datetime | None = None
    on: date | None = None
    """The day, where the hour is not kept."""
    is_held: bool = False
    """The PMO looks at it first."""


@dataclass(frozen=True)
class TimesTold:
    """When the next digest or the next meeting is."""

    kind: ClassVar[str] = "live_times"
    attention: ClassVar[Attention] = Attention.FREE

    topic: Intent
    times: tuple[ToldTime, ...]
    without: tuple[str, ...] = ()
    """Councils of which the record knows none."""
    clause: Clause = field(default_factory=Clause)
    question_id: int = 0
    question: str = ""


@dataclass(frozen=True)
class Option:
    """A project that may be meant, and the question with its code."""

    label: str
    question: str


@dataclass(frozen=True)
class LiveNote:
    """Why there is no such fact: unknown, not clear, not here, nothing is done by asking."""

    kind: ClassVar[str] = "live_note"
    attention: ClassVar[Attention] = Attention.FREE

    about: str
    """`unknown`, `which`, `private`, `reports`, `untold`, `past`, `english`, or `order_` and the
    name of an order."""
    name: str = ""
    """The project as it was said; the code, where it is known."""
    options: tuple[Option, ...] = ()
    pm: str = ""
    entry: Entry | None = None
    """What of the project's list an order is about."""
    is_among_others: bool = False
    """It is told in a channel."""
    clause: Clause = field(default_factory=Clause)
    question_id: int = 0
    question: str = ""

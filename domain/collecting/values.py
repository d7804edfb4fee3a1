"""What the room's services take and return: answers, the form, the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from domain.logs.values import Entry
from models.enums import DraftSource, Health, ReportSource, RequestState

LONG_FIELDS: Final = ("why", "done", "next", "risks", "path_to_green", "decision")
"""Answers that may be longer than one field of Slack's forms holds."""

MONEY: Final = ("spent", "cost_forecast")
"""Asked only of projects with a budget."""

DIMENSIONS: Final = ("schedule", "budget", "scope", "resources")


@dataclass(frozen=True)
class Answers:
    """What a status report says; the fields of a status form, read and checked."""

    health: Health = Health.GREY
    rating: str = ""
    """The chosen word, where the workspace's scale is finer than three colours."""
    why: str = ""
    schedule: Health | None = None
    budget: Health | None = None
    scope: Health | None = None
    resources: Health | None = None
    done: str = ""
    next: str = ""
    milestone: str = ""
    milestone_baseline: date | None = None
    milestone_forecast: date | None = None
    milestone_met: bool = False
    """It is behind them: its forecast is the day on which it was met."""
    risks: str = ""
    path_to_green: str = ""
    decision: str = ""
    decision_from: str = ""
    decision_by: date | None = None
    spent: Decimal | None = None
    cost_forecast: Decimal | None = None
    percent_complete: int | None = None

    def without_decision(self) -> "Answers":
        """The same where nothing is to be decided."""
        return replace(self, decision="", decision_from="", decision_by=None)

    @classmethod
    def of(cls, source: Any) -> "Answers":
        """The answers of anything that has these fields, such as a stored report."""
        return cls(*_answers_of(source))

    @property
    def slip_days(self) -> int | None:
        """Days from the milestone's baseline to its forecast; computed, never typed."""
        if self.milestone_baseline is None or self.milestone_forecast is None:
            return None
        return (self.milestone_forecast - self.milestone_baseline).days


_answers_of: Final = attrgetter(*(each.name for each in fields(Answers)))
"""Read with one call: a digest may do this ten thousand times."""


@dataclass(frozen=True)
class Promise:
    """One line of what the last report said would be done next, and what became of it."""

    text: str
    outcome: str
    """`done`, `not_done` or `moved`; empty while nobody has said."""
    note: str = ""
    """Why not, or to when it moved."""


@dataclass(frozen=True)
class Submission:
    """All that is kept of one answer; the fields of the form are a part of it."""

    answers: Answers
    phase: str = ""
    """The project's phase as it is reported on."""
    source: ReportSource = ReportSource.FORM
    unchanged: int = 0
    """How many times in a row nothing had changed, this one included."""
    computed: Health | None = None
    """What the facts come to; None where there is nothing to go by. `keep_report` fills it in."""
    computed_why: tuple[str, ...] = ()
    claim_reason: str = ""
    """Why the claimed health is better than the computed one."""
    promises: tuple[Promise, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    """Answers to the questions that the phase asks in addition, by question."""


@dataclass(frozen=True)
class Report:
    """A stored status report, with who gave it and when."""

    answers: Answers
    author: str
    submitted_at: datetime
    opens_on: date
    """The nominal day of the cycle that it answers."""
    version: int = 1
    source: ReportSource = ReportSource.FORM
    unchanged: int = 0
    computed: Health | None = None
    computed_why: tuple[str, ...] = ()
    claim_reason: str = ""
    promises: tuple[Promise, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    phase: str = ""
    """The project's phase as it was reported on."""


@dataclass(frozen=True)
class Draft:
    """What somebody has typed for a request and not reported yet."""

    typed: Mapping[str, str] = field(hash=False)
    """What stood in the form, by field, as it was typed."""
    source: DraftSource
    saved_at: datetime
    base_version: int = 0
    """The version of the answer that it was begun on; 0: there was none."""


@dataclass(frozen=True)
class Readers:
    """Who will read an answer, where and when."""

    council: str
    channel_id: str
    channel_name: str
    at: datetime
    """When the digest goes out, or went out."""
    is_restricted: bool = False
    """The council's members read it in direct messages, and its channel never shows it."""


@dataclass(frozen=True)
class Basis:
    """What a form was opened on: what has changed since is told before an answer is kept."""

    version: int = 0
    """The newest version of the request's answer; 0: there is none."""
    phase: str = ""
    pm_id: int = 0
    pm: str = ""
    is_restricted: bool = False
    newest_on: str = ""
    """The nominal day of a newer request of the project, if one was asked."""


@dataclass(frozen=True)
class Claim:
    """A health that is better than what the facts come to."""

    claimed: Health
    computed: Health
    why: tuple[str, ...]


@dataclass(frozen=True)
class StatusForm:
    """The form for one project, as it opens."""

    request_id: int
    code: str
    name: str
    phase: str
    phases: tuple[str, ...]
    """All phases, in their order: the PM may correct the project's."""
    council: str
    opens_on: date
    cut_off_at: datetime
    is_late: bool
    """The cut-off has passed: the answer amends the digest."""
    scale: tuple[str, ...]
    """The words offered for the overall health, best first."""
    required: tuple[str, ...]
    readers: Readers
    prefilled: Answers
    last: Report | None
    """What it is prefilled from: this cycle's answer, or the last one before."""
    has_budget: bool = False
    note: str = ""
    """What is said above the fields: why the form opened instead of what was pressed."""
    basis: Basis = field(default_factory=Basis)
    draft: Draft | None = None
    """What the person has typed before and not reported: the form opens with it."""
    promises: tuple[Promise, ...] = ()
    """What the last period's report said would be done next."""
    actions: tuple[Entry, ...] = ()
    """Open actions of the project, overdue and earliest due first."""
    must_answer: frozenset[int] = frozenset()
    """The actions that are due by the cut-off: the report has to say what became of them."""
    risks: tuple[Entry, ...] = ()
    """Open risks and issues."""
    milestones: tuple[Entry, ...] = ()
    """Open milestones, earliest first."""
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """What each phase asks in addition."""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The answers to these questions that it opens with, by question."""
    claim: Claim | None = None
    """The health that was chosen is better than what the facts come to: why?"""
    claim_reason: str = ""
    news: tuple[str, ...] = ()
    """What has happened while it was open; nothing is saved yet."""
    today: date = date.min
    """In the council's zone."""


@dataclass(frozen=True)
class Receipt:
    """What became of a submitted form."""

    code: str
    name: str
    health: Health
    rating: str
    state: RequestState
    version: int
    readers: Readers
    milestone: str = ""
    milestone_met: bool = False
    slip_days: int | None = None
    """Of the next milestone, from its baseline to its forecast."""


@dataclass(frozen=True)
class ProjectStatus:
    """Where a project's reporting stands: its last report, and whether an answer is wanted."""

    last: Report | None = None
    open_request_id: int | None = None
    open_state: RequestState | None = None
    cut_off_at: datetime | None = None
    history: tuple[tuple[date, Health], ...] = field(default=())
    """Nominal day and health of the last answers, newest first."""

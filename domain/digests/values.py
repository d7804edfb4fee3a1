"""What a digest is made from: the facts of one cycle, as plain values."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.collecting.values import Answers
from models.enums import Health, RequestState


@dataclass(frozen=True)
class ReportFacts:
    """An answer of the cycle."""

    report_id: int
    answers: Answers
    author: str
    phase: str
    """Of the project, when it was reported on."""
    submitted_at: datetime
    version: int
    computed: Health | None = None
    """What the facts come to."""
    computed_why: tuple[str, ...] = ()
    claim_reason: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    """What the phase asks in addition: question and answer."""
    unchanged: int = 0
    """How many times in a row nothing had changed."""


@dataclass(frozen=True)
class PastReport:
    """What is remembered of an answer of an earlier cycle."""

    opens_on: date
    health: Health
    milestone: str
    milestone_forecast: date | None
    phase: str = ""
    percent_complete: int | None = None


@dataclass(frozen=True)
class Gap:
    """An earlier cycle in which a project did not answer, or nobody was asked."""

    opens_on: date
    state: RequestState
    reason: str


@dataclass(frozen=True)
class OpenDecision:
    """A decision that a project's list still waits for."""

    title: str
    source: str
    """Who is to take it."""
    due_on: date | None


@dataclass(frozen=True)
class ProjectInCycle:
    """One asked project of the cycle."""

    project_id: int
    code: str
    name: str
    pm: str
    state: RequestState
    reason: str
    is_restricted: bool
    report: ReportFacts | None = None
    past: tuple[PastReport, ...] = ()
    """Newest first; without the cycles in which nothing came."""
    gaps: tuple[Gap, ...] = ()
    """Those of the cycles that a heat map shows in which nothing came."""
    decisions: tuple[OpenDecision, ...] = ()
    """Open on its list; told where it has not reported, for silence decides nothing."""


@dataclass(frozen=True)
class CoverNote:
    """What the PMO says on top of a digest."""

    text: str
    author: str


@dataclass(frozen=True)
class LeftProject:
    """A project that the cycle before asked, and this one did not: its phase is not asked."""

    project_id: int
    code: str
    name: str
    pm: str
    phase: str
    is_restricted: bool


@dataclass(frozen=True)
class Counts:
    """Projects by health; what was not reported or not rated is grey."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    grey: int = 0


@dataclass(frozen=True)
class CycleFacts:
    """Everything that a digest is composed from."""

    cycle_id: int
    council: str
    opens_on: date
    cut_off_at: datetime
    timezone: str
    projects: tuple[ProjectInCycle, ...]
    """By code."""
    earlier_on: tuple[date, ...] = ()
    """The nominal days of the council's cycles before, newest first."""
    digest_at: datetime | None = None
    """When the digest is due."""
    previous: Counts | None = None
    previous_restricted: Counts | None = None
    left: tuple[LeftProject, ...] = ()
    """By code."""
    last_phase: str = ""
    """The last one that is asked: reported as finished there, a project is closed."""

    def without(self, hidden: Collection[int]) -> "CycleFacts":
        """The facts without some projects, if any; the counts of before have them, and go too."""
        if not hidden:
            return self
        projects = tuple(each for each in self.projects if each.project_id not in hidden)
        left = tuple(each for each in self.left if each.project_id not in hidden)
        return replace(self, projects=projects, previous=None, previous_restricted=None, left=left)


@dataclass(frozen=True)
class KeptFacts:
    """What a version of a digest keeps of its facts, so that it can be composed again for good.

    Names, people and visibility change; reports do not, so their numbers are enough.
    """

    facts: CycleFacts
    """Without reports and history."""
    reports: tuple[tuple[int, str], ...]
    """The number of each report, and its author's name."""

    @classmethod
    def of(cls, facts: CycleFacts) -> "KeptFacts":
        """What is to be kept of facts."""
        return cls(
            replace(
                facts,
                projects=tuple(replace(each, report=None, past=()) for each in facts.projects),
            ),
            tuple(
                (each.report.report_id, each.report.author)
                for each in facts.projects
                if each.report
            ),
        )

    def project_ids(self, *, restricted: bool) -> set[int]:
        """The projects of one audience's part."""
        return {each.project_id for each in self.facts.projects if each.is_restricted == restricted}

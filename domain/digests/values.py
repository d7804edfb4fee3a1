"""What a digest is made from: the facts of one cycle, as plain values."""

from dataclasses import dataclass
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

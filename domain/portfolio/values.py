"""What the room's services take and return: people, projects, and the outcome of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.calendar.values import RuleEcho
from domain.errors import Problem
from models.enums import Visibility


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks or acts, with what decides about what they may."""

    person_id: int
    slack_id: str
    name: str
    timezone: str
    """Their own, or the workspace's where Slack knows none."""
    is_pmo: bool = False
    is_guest: bool = False
    council_ids: frozenset[int] = frozenset()
    """The councils that they chair or sit on."""
    is_gone: bool = False
    is_among_others: bool = False
    """Others read what they are told: only open projects exist then, whoever they are."""


@dataclass(frozen=True)
class ProjectFacts:
    """What decides about who may see a project and report on it."""

    visibility: Visibility
    council_id: int
    pm_id: int
    deputy_id: int | None = None
    sponsor_id: int | None = None


@dataclass(frozen=True)
class PersonName:
    """A person, as others see them."""

    person_id: int
    slack_id: str
    name: str
    is_gone: bool = False


@dataclass(frozen=True)
class ProjectLine:
    """A project in a list."""

    project_id: int
    code: str
    name: str
    council: str
    phase: str
    visibility: Visibility
    pm: PersonName
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProjectCard:
    """Everything about a project that its own record says."""

    project_id: int
    code: str
    name: str
    council_id: int
    council: str
    phase: str
    visibility: Visibility
    pm: PersonName
    deputy: PersonName | None
    sponsor: PersonName | None
    start: date | None
    baseline_end: date | None
    forecast_end: date | None
    budget: Decimal | None
    description: str
    notes: Mapping[str, str]
    facts: ProjectFacts
    tags: tuple[str, ...] = ()
    """Words by which a programme is known."""


@dataclass(frozen=True)
class FieldChange:
    """One thing that a file changed, or would change."""

    subject: str
    """What it belongs to: a project's code, `council ITS Council`, `workspace`."""
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Conflict:
    """A field changed in Slack and in the file since the last import; the file won."""

    code: str
    field: str
    before: str
    """What the file said at the last import."""
    in_slack: str
    in_file: str


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, or would do."""

    created: tuple[str, ...] = ()
    """Codes of the projects that are new."""
    changed: tuple[FieldChange, ...] = ()
    """Every field that was changed, those in conflict included."""
    unchanged: int = 0
    """How many projects of the file were as they should be already."""
    conflicts: tuple[Conflict, ...] = ()
    missing_from_file: tuple[str, ...] = ()
    """Codes of stored projects that the file does not name; they are kept."""
    problems: tuple[Problem, ...] = ()
    applied: bool = False
    """Whether it is saved: not with `dry_run`, and not with problems unless `partial`."""


@dataclass(frozen=True)
class ApplyOutcome:
    """What applying a configuration file did, or would do."""

    created: tuple[str, ...] = ()
    """Names of the councils that are new."""
    changed: tuple[FieldChange, ...] = ()
    missing_from_file: tuple[str, ...] = ()
    """Names of stored councils that the file does not name; they are kept as they were."""
    warnings: tuple[Problem, ...] = ()
    """What does not hinder applying, but will hinder the bot's work."""
    problems: tuple[Problem, ...] = ()
    rules: tuple[RuleEcho, ...] = ()
    """Every rule of the file as it was understood, with its next dates."""
    applied: bool = False
    """Whether it is saved: not with `dry_run`, and never with problems."""

    @property
    def is_unchanged(self) -> bool:
        """Whether the workspace was already as the file says."""
        return not (self.created or self.changed or self.problems)


@dataclass(frozen=True)
class Merge:
    """How a file's row meets the stored project."""

    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Field to what is stored and what the file wants instead."""
    conflicts: frozenset[str] = frozenset()
    """The changed fields that were changed in Slack as well."""

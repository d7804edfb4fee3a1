"""What a portfolio digest is made from, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.digests.values import CycleFacts
from models.enums import Health


@dataclass(frozen=True)
class CouncilPart:
    """The projects of one council, by the cycle whose answer counts for them."""

    name: str
    cycles: tuple[CycleFacts, ...]
    """Newest first. Usually one: the last whose cut-off is over. Who has answered in a newer one
    already stands there."""


@dataclass(frozen=True)
class ClosedProject:
    """A project that has left the phases that are asked."""

    project_id: int
    code: str
    name: str
    council: str
    pm: str


@dataclass(frozen=True)
class LastIssue:
    """What is compared with."""

    as_of: datetime
    healths: Mapping[int, Health]
    """By project; without those of which not everybody may know by now."""


@dataclass(frozen=True)
class BroadFacts:
    """Everything that an issue is composed from."""

    name: str
    timezone: str
    councils: tuple[CouncilPart, ...]
    """By name; without those that have no project in it."""
    closed: tuple[ClosedProject, ...] = ()
    """Of those in the last issue."""
    last: LastIssue | None = None
    scope: tuple[str, ...] = ()
    tag: str | None = None
    note: str | None = None
    due_at: datetime | None = None
    council_of: Mapping[str, str] = field(default_factory=dict)
    """The council of each project, by code."""

"""What a portfolio digest is made from, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain.digests.heat_map.loading import Cell
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


HEALTHS: Final = {Cell.GREEN: Health.GREEN, Cell.YELLOW: Health.YELLOW, Cell.RED: Health.RED}


@dataclass(frozen=True)
class EarlierIssue:
    """What an issue told before."""

    as_of: datetime
    cells: Mapping[int, Cell]
    """What became of each project, without those of which not everybody may know by now."""

    @property
    def healths(self) -> Mapping[int, Health]:
        """The colour that each project had; grey for all that is none."""
        return {number: HEALTHS.get(cell, Health.GREY) for number, cell in self.cells.items()}


@dataclass(frozen=True)
class BroadFacts:
    """Everything that an issue is composed from."""

    name: str
    timezone: str
    councils: tuple[CouncilPart, ...]
    """By name; without those that have no project in it."""
    closed: tuple[ClosedProject, ...] = ()
    """Of those in the last issue."""
    earlier: tuple[EarlierIssue, ...] = ()
    """The issues before, newest first, as far as they told of the same."""
    scope: tuple[str, ...] = ()
    tag: str | None = None
    note: str | None = None
    due_at: datetime | None = None
    council_of: Mapping[str, str] = field(default_factory=dict)
    """The council of each project, by code."""
    last_phase: str = ""
    """The last one that is asked: reported as finished there, a project is closed."""

    @property
    def last(self) -> EarlierIssue | None:
        """The issue before, which this one is compared with."""
        return self.earlier[0] if self.earlier else None

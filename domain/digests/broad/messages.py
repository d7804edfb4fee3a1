"""What a portfolio digest says: one head message across councils, or of one programme."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.digests.heat_map.loading import HeatMap
from domain.digests.messages import DecisionLine, DigestDetail, DigestLine, MissingLine
from domain.digests.values import Counts
from models.enums import Attention


@dataclass(frozen=True)
class BroadLine(DigestLine):
    """One project in the head message; `previous` is of the last issue."""

    council: str = ""
    age: int = 0
    """Days since it was reported."""
    is_closed: bool = False
    """It was reported as finished, or has left the phases that are asked, since the last issue."""


@dataclass(frozen=True)
class BroadDecision(DecisionLine):
    """A decision or help that a project needs."""

    council: str = ""


@dataclass(frozen=True)
class BroadMissing(MissingLine):
    """A project without an answer in its last cycle, and why."""

    council: str = ""


@dataclass(frozen=True)
class CouncilLine:
    """How one council's projects stand."""

    council: str
    opens_on: date | None
    """The ask day of its last cycle whose cut-off is over; None if there is none."""
    due: int
    received: int
    counts: Counts


@dataclass(frozen=True)
class BroadHead:
    """The head message of a portfolio digest: the record as it stood, exceptions first."""

    kind: ClassVar[str] = "portfolio_head"
    attention: ClassVar[Attention] = Attention.DIGEST

    name: str
    as_of: datetime
    timezone: str
    counts: Counts
    previous: Counts | None
    """In the last issue, of the projects that everybody may still know of."""
    previous_on: date | None
    due: int
    received: int
    councils: tuple[CouncilLine, ...]
    decisions: tuple[BroadDecision, ...]
    red: tuple[BroadLine, ...]
    newly_worse: tuple[BroadLine, ...]
    """Those that are yellow; what has become red stands among the red ones."""
    improved: tuple[BroadLine, ...]
    missing: tuple[BroadMissing, ...]
    not_rated: tuple[BroadLine, ...]
    scope: tuple[str, ...] = ()
    """The councils that it is about; empty for all."""
    tag: str | None = None
    note: str | None = None
    due_at: datetime | None = None
    """When it was due, if it was posted late."""
    amended_at: datetime | None = None
    """When a project was taken out that is restricted since; None as first posted."""


@dataclass(frozen=True)
class BroadComposition:
    """Everything that an issue says."""

    head: BroadHead
    details: tuple[DigestDetail, ...]
    heat_maps: tuple[HeatMap, ...] = ()

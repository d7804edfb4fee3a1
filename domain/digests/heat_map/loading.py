"""The heat map: projects by cycles, as plain values and as what the room says."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from models.enums import Attention


class Cell(StrEnum):
    """What became of one project in one cycle; one character each, so that a row is a word."""

    GREEN = "G"
    YELLOW = "Y"
    RED = "R"
    NOT_RATED = "?"
    """Answered without a colour."""
    MISSING = "-"
    """Asked, and no answer."""
    ON_HOLD = "="
    NOT_ASKED = "."
    """Nobody was asked: not in the council then, not in a phase that is asked, all on leave."""


@dataclass(frozen=True)
class HeatRow:
    """One project in a heat map."""

    code: str
    name: str
    cells: str
    """A character for each column, oldest first: the values of `Cell`."""
    since: date | None = None
    """Since when it has its newest colour: the red ones stand in this order."""

    @property
    def newest(self) -> Cell:
        """What it is in the newest column."""
        return Cell(self.cells[-1])


@dataclass(frozen=True)
class HeatGrid:
    """Everything that the pictures of one digest for one audience show."""

    title: str
    """Whose projects they are: a council, a portfolio, a programme."""
    columns: tuple[date, ...]
    """The days of the cycles, oldest first."""
    rows: tuple[HeatRow, ...]
    """In any order."""
    as_of: datetime
    timezone: str
    is_restricted: bool = False
    is_of_issues: bool = False
    """Whether a column is an issue of a portfolio digest, not a cycle."""


@dataclass(frozen=True)
class HeatMap:
    """A reply with one page of the heat map as a picture."""

    kind: ClassVar[str] = "digest_heat_map"
    attention: ClassVar[Attention] = Attention.FREE

    title: str
    columns: tuple[date, ...]
    rows: tuple[HeatRow, ...]
    """In the order in which they stand; none on a page that is no longer needed."""
    as_of: datetime
    timezone: str
    page: int = 1
    pages: int = 1
    is_restricted: bool = False
    is_of_issues: bool = False
    """Whether a column is an issue of a portfolio digest, not a cycle."""

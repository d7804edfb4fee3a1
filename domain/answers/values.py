"""What the handbook is made of: one facet of one thing a section, in the PMO's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

STALE_AFTER: Final = timedelta(days=180)
"""A section that nobody has looked at for so long is marked, and stands in the PMO's list."""


class Guidance(StrEnum):
    """Whose word a section is."""

    GENERAL = "general"
    """Good practice, a default that a PMO may replace."""
    POLICY = "policy"
    """The PMO's own rule: it holds here."""


@dataclass(frozen=True)
class Section:
    """One facet of one entity."""

    id: str
    """`template:communications-plan#fields`: kind, entity and facet; stable, as it is cited."""
    title: str
    body: str
    """Markdown, as written."""
    entity: str
    """What siblings share; usually the middle of the id."""
    aliases: tuple[str, ...] = ()
    """What people call it."""
    phase: str | None = None
    guidance: Guidance = Guidance.GENERAL
    source: str = ""
    """The document that is cited, such as `PMO handbook, Templates`."""
    url: str = ""
    owner: str = "PMO"
    """Who keeps it, and hears of questions that it leaves open."""
    reviewed: date = date.min
    see: tuple[str, ...] = ()
    """Ids of related sections."""
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    @property
    def kind(self) -> str:
        """`phase`, `template`, `role`, `governance`, `process`, `status`, `meeting`, `kpi`..."""
        return self.id.partition(":")[0]

    @property
    def slug(self) -> str:
        """The thing that it is about: `communications-plan`."""
        return self.id.partition(":")[2].partition("#")[0]

    @property
    def facet(self) -> str:
        """What about it: `purpose`, `fields`, `exit-criteria`..."""
        return self.id.partition("#")[2]

    def is_stale(self, today: date) -> bool:
        """Whether its last review is too long ago."""
        return today - self.reviewed > STALE_AFTER


@dataclass(frozen=True)
class Handbook:
    """All sections, by id, in the order of the files."""

    sections: Mapping[str, Section]

    def siblings(self, section: Section) -> Sequence[Section]:
        """The other facets of the same entity."""
        return [
            each
            for each in self.sections.values()
            if each.entity == section.entity and each.id != section.id
        ]


@dataclass(frozen=True)
class Choice:
    """A section that somebody has chosen below an answer."""

    question_id: int
    section_id: str


@dataclass(frozen=True)
class Rated:
    """What came of saying whether an answer helped."""

    question_id: int
    is_helpful: bool
    is_told: bool
    """The PMO reads of it."""
    near: tuple[Section, ...]
    """What else came near, if it did not help."""
    topics: tuple[str, ...]
    """What the handbook is about."""

"""What followers of projects are told: once a week, or as soon as a health has changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models.enums import Attention, Health


@dataclass(frozen=True)
class FollowedLine:
    """A followed project with a current report."""

    project_id: int
    code: str
    name: str
    pm: str
    health: Health
    previous: Health | None
    """What its follower was told last; None: there was no report."""
    opens_on: date
    """The nominal day of the cycle that the report answers."""
    rating: str = ""
    summary: str = ""
    """The first line of why it has its colour, or of what was done."""
    path_to_green: str = ""
    computed: Health | None = None
    """What the facts come to, where the claim is better."""


@dataclass(frozen=True)
class FollowedGap:
    """A followed project of which nothing is known today, and why."""

    project_id: int
    code: str
    name: str
    pm: str
    reason: str
    last_health: Health | None = None
    last_on: date | None = None
    days: int = 0
    """Age of what is last known."""


@dataclass(frozen=True)
class FollowersDigest:
    """All that somebody follows, once a week: what has changed, what is missing, the rest."""

    kind: ClassVar[str] = "followers_digest"
    attention: ClassVar[Attention] = Attention.DIGEST

    as_of: datetime
    timezone: str
    """The reader's."""
    changed: tuple[FollowedLine, ...]
    missing: tuple[FollowedGap, ...]
    unchanged: tuple[FollowedLine, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All projects that it tells of."""
        reported = (each.code for each in (*self.changed, *self.unchanged))
        return tuple(sorted((*reported, *(each.code for each in self.missing))))


@dataclass(frozen=True)
class FollowedChanges:
    """The followed projects whose health has changed, told at once."""

    kind: ClassVar[str] = "followed_changes"
    attention: ClassVar[Attention] = Attention.DIGEST

    as_of: datetime
    timezone: str
    """The reader's."""
    changed: tuple[FollowedLine, ...]

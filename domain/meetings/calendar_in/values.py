"""What a calendar file holds, and what uploading one gives back."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Incoming:
    """One meeting of a calendar file."""

    occurrence: str
    starts_at: datetime
    minutes: int
    title: str
    place: str
    is_cancelled: bool


@dataclass(frozen=True)
class ReadCalendar:
    """The meetings of a calendar file from now on."""

    meetings: tuple[Incoming, ...]
    notes: tuple[str, ...] = field(default=())
    """What of the file was not taken as it stands, and why."""


@dataclass(frozen=True)
class Uploading:
    """The window in which a calendar file is chosen."""

    council_id: int
    council: str
    timezone: str
    followed: str = ""
    """The name of the file that the council follows now."""


@dataclass(frozen=True)
class Followed:
    """What a calendar file has made of the record."""

    council: str
    name: str
    """Of the file; empty: it was taken back."""
    planned: int = 0
    changed: int = 0
    dropped: int = 0
    by_hand: int = 0
    known: int = 0
    notes: tuple[str, ...] = ()
    problem: str = ""
    """Why the file was not taken; nothing has changed then."""

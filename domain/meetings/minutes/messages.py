"""What the room says about minutes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.meetings.minutes.values import Addendum, Minutes, ObjectionRead, Standing
from models.enums import Attention


@dataclass(frozen=True)
class MinutesDraft:
    """The minutes for whoever posts them: whole, with what can be done about them."""

    kind: ClassVar[str] = "minutes_draft"
    attention: ClassVar[Attention] = Attention.FREE
    """It answers the press that closed the meeting, and is wanted while all of it is fresh."""

    meeting_id: int
    minutes: Minutes
    standing: Standing
    post_by: datetime
    """When they would be late."""
    is_whole_for_all: bool = True
    """Whether the channel gets all of it; what it does not get, members get directly."""


@dataclass(frozen=True)
class MinutesPosted:
    """The minutes in the council's channel: the outcome; the rest is in the thread."""

    kind: ClassVar[str] = "minutes_posted"
    attention: ClassVar[Attention] = Attention.FREE

    meeting_id: int
    minutes: Minutes
    """What everybody in the channel may read."""
    standing: Standing


@dataclass(frozen=True)
class MinutesInFull:
    """All items, with the files: in the thread of what is posted, or for who asked for them."""

    kind: ClassVar[str] = "minutes_in_full"
    attention: ClassVar[Attention] = Attention.FREE

    minutes: Minutes
    standing: Standing
    is_restricted: bool = False
    """It tells of projects of which not everybody in the channel may know."""


@dataclass(frozen=True)
class MinutesCopy:
    """The same for a member who may read more than the channel."""

    kind: ClassVar[str] = "minutes_copy"
    attention: ClassVar[Attention] = Attention.NOTICE

    minutes: Minutes
    standing: Standing


@dataclass(frozen=True)
class MinutesAmended:
    """A correction of approved minutes, in the thread of what is posted."""

    kind: ClassVar[str] = "minutes_amended"
    attention: ClassVar[Attention] = Attention.FREE

    addendum: Addendum
    timezone: str


@dataclass(frozen=True)
class MinutesWanted:
    """Reminds whoever ran a meeting that its minutes are not posted."""

    kind: ClassVar[str] = "minutes_wanted"
    attention: ClassVar[Attention] = Attention.REMINDER

    meeting_id: int
    version: int
    council: str
    title: str
    starts_at: datetime
    timezone: str


@dataclass(frozen=True)
class MinutesMissing:
    """Tells the PMO that the minutes are not posted after the reminder either."""

    kind: ClassVar[str] = "minutes_missing"
    attention: ClassVar[Attention] = Attention.NOTICE

    meeting_id: int
    council: str
    title: str
    starts_at: datetime
    timezone: str
    chair: str


@dataclass(frozen=True)
class ObjectionRaised:
    """Tells whoever ran the meeting what somebody has against its minutes."""

    kind: ClassVar[str] = "objection_raised"
    attention: ClassVar[Attention] = Attention.FREE
    """Who objects is told that it has arrived, and the time for objections runs."""

    objection: ObjectionRead


@dataclass(frozen=True)
class ObjectionAnswered:
    """Tells who objected what the chair says to it."""

    kind: ClassVar[str] = "objection_answered"
    attention: ClassVar[Attention] = Attention.FREE

    objection: ObjectionRead


@dataclass(frozen=True)
class ObjectionsOver:
    """Tells whoever ran the meeting that nobody can object any more, and what is open."""

    kind: ClassVar[str] = "objections_over"
    attention: ClassVar[Attention] = Attention.NOTICE

    meeting_id: int
    council: str
    title: str
    starts_at: datetime
    timezone: str
    objections: int
    open_objections: int

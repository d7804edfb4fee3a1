"""What is told of the seats of a meeting: values for everybody's messages, and those of our own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from models.enums import Attention, Rsvp


@dataclass(frozen=True)
class SeatTold:
    """Somebody who comes to a meeting, or is there."""

    name: str
    """Who sits there: the alternate, if one comes."""
    stands_for: str = ""
    """The member whose alternate they are."""
    is_late: bool = False
    has_vote: bool = True


@dataclass(frozen=True)
class SeatsTold:
    """Who comes to a meeting, as everybody in the council's channel may read it.

    Who has said nothing is only counted, and why somebody can't come stands nowhere here: that is
    between them and the chair.
    """

    coming: tuple[SeatTold, ...]
    apologies: tuple[str, ...]
    """Names of the members who can't come, and for whom nobody does."""
    unsaid: int
    """Members, with a vote or without, who have said nothing."""
    votes: int
    """Coming with a vote: what a quorum is counted from."""
    needed: int


@dataclass(frozen=True)
class HereTold:
    """Who is at a meeting that runs."""

    here: tuple[SeatTold, ...]
    votes: int
    """Here with a vote."""
    needed: int

    @property
    def has_quorum(self) -> bool:
        """Whether those who are here may decide."""
        return self.votes >= self.needed


@dataclass(frozen=True)
class MeetingTold:
    """A meeting, as anybody may read it."""

    meeting_id: int
    council: str
    title: str
    starts_at: datetime
    minutes: int
    timezone: str
    place: str
    is_cancelled: bool = False


class StandIn(StrEnum):
    """Where somebody stands who was named as an alternate."""

    ASKED = "asked"
    DECLINED = "declined"
    RELEASED = "released"
    """The member comes, sends somebody else, or has not said it of the new time."""


@dataclass(frozen=True)
class AlternateAsked:
    """Tells somebody that they are to sit and vote in a member's place."""

    kind: ClassVar[str] = "meeting_alternate_asked"
    attention: ClassVar[Attention] = Attention.REQUEST
    """Worth nothing after the meeting has begun: rather out of hours than too late."""

    meeting: MeetingTold
    member_id: int
    member: str
    has_vote: bool
    state: StandIn = StandIn.ASKED


@dataclass(frozen=True)
class AlternateReleased:
    """Tells somebody who was to come in a member's place that they need not."""

    kind: ClassVar[str] = "meeting_alternate_released"
    attention: ClassVar[Attention] = Attention.NOTICE

    meeting: MeetingTold
    member: str


@dataclass(frozen=True)
class AlternateDeclined:
    """Tells a member that their alternate does not come."""

    kind: ClassVar[str] = "meeting_alternate_declined"
    attention: ClassVar[Attention] = Attention.REQUEST

    meeting: MeetingTold
    alternate: str


@dataclass(frozen=True)
class RsvpReminder:
    """Reminds a member who has not said whether they come; once, because the chair asked for it."""

    kind: ClassVar[str] = "meeting_rsvp_reminder"
    attention: ClassVar[Attention] = Attention.REMINDER

    meeting: MeetingTold
    said: Rsvp = Rsvp.NONE
    """What they have said since."""


@dataclass(frozen=True)
class QuorumWarning:
    """Tells who runs a meeting that too few come, and later how that has gone on."""

    kind: ClassVar[str] = "meeting_quorum_warning"
    attention: ClassVar[Attention] = Attention.ACTION

    meeting: MeetingTold
    votes: int
    needed: int
    unsaid: tuple[str, ...]
    """Voting members who have not said, beside who reads it."""
    apologies: tuple[str, ...]
    is_reminded: bool = False
    """Somebody has had them reminded."""
    is_reader_unsaid: bool = False
    """Who reads it has a vote, and has not said either."""

    @property
    def is_safe(self) -> bool:
        """Whether enough come by now."""
        return self.votes >= self.needed

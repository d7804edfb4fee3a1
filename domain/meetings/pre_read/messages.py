"""What is said before a meeting: the call, the pack in its thread, its copies, the nudge."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from domain.meetings.attendance.messages import SeatsTold
from domain.meetings.pre_read.values import CallItem, Pack
from models.enums import Attention


class CallState(StrEnum):
    """Where a meeting stands that people were called to."""

    AHEAD = "ahead"
    OVER = "over"
    """Nobody says any more whether they come."""
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Occasion:
    """When and where a meeting is, and whether."""

    meeting_id: int
    council: str
    title: str
    starts_at: datetime
    minutes: int
    timezone: str
    place: str
    state: CallState
    reason: str = ""
    """Why it was moved or cancelled."""
    moved_from: datetime | None = None
    """When it was to begin as people were called, if that was another time."""


@dataclass(frozen=True)
class MeetingCall:
    """The one message that a meeting costs its channel beforehand."""

    kind: ClassVar[str] = "meeting_call"
    attention: ClassVar[Attention] = Attention.FREE

    occasion: Occasion
    items: tuple[CallItem, ...]
    seats: SeatsTold
    as_of: datetime
    """When the status froze."""


@dataclass(frozen=True)
class CallAgenda:
    """The whole agenda in the thread, where the call has no room for it."""

    kind: ClassVar[str] = "meeting_call_agenda"
    attention: ClassVar[Attention] = Attention.FREE

    items: tuple[CallItem, ...]


@dataclass(frozen=True)
class MeetingPack:
    """What is read before the meeting, in the thread of the call."""

    kind: ClassVar[str] = "meeting_pack"
    attention: ClassVar[Attention] = Attention.FREE

    pack: Pack


@dataclass(frozen=True)
class PackCopy:
    """The same for one person, with the restricted projects that they may see."""

    kind: ClassVar[str] = "meeting_pack_copy"
    attention: ClassVar[Attention] = Attention.DIGEST

    occasion: Occasion
    pack: Pack
    is_wished: bool = True
    """They asked for it, and may stop it; the chair gets it anyway."""


@dataclass(frozen=True)
class WantedPack(PackCopy):
    """A copy that somebody asks for just now: it comes at once."""

    kind: ClassVar[str] = "meeting_pack_wanted"
    attention: ClassVar[Attention] = Attention.FREE


@dataclass(frozen=True)
class OpenNudge:
    """Reminds somebody who sits at the meeting of the pack that they have not opened."""

    kind: ClassVar[str] = "meeting_open_nudge"
    attention: ClassVar[Attention] = Attention.REMINDER

    occasion: Occasion
    decisions: int
    """Items that the council is to decide, as far as everybody may know of them."""

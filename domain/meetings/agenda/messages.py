"""What is said about items that come after the pack: to the chair, and back to who wrote them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from models.enums import Attention, Purpose


class LateVerdict(StrEnum):
    """What became of an item that came late."""

    WAITS = "waits"
    LET_ON = "let_on"
    NEXT = "next"
    """It goes to the next meeting, or waits for one in the backlog."""
    REMOVED = "removed"


@dataclass(frozen=True)
class LateItem:
    """Asks the chair whether an item may still come onto an agenda that has gone out."""

    kind: ClassVar[str] = "agenda_late_item"
    attention: ClassVar[Attention] = Attention.ACTION

    item_id: int
    council: str
    starts_at: datetime
    timezone: str
    title: str
    text: str
    purpose: Purpose
    minutes: int
    code: str
    writer: str
    verdict: LateVerdict = LateVerdict.WAITS
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class LateAnswer:
    """Tells who wrote it what the chair has said."""

    kind: ClassVar[str] = "agenda_late_answer"
    attention: ClassVar[Attention] = Attention.NOTICE

    council: str
    title: str
    verdict: LateVerdict
    by: str
    starts_at: datetime | None
    """Of the meeting on whose agenda it is now; None: it waits in the backlog."""
    timezone: str

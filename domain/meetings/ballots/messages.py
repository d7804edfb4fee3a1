"""What is said of votes out of cycle: each voter's ballot, a reminder, the result."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from domain.meetings.ballots.values import ABSTAIN, Result
from models.enums import Attention


class PaperState(StrEnum):
    """What a ballot in somebody's direct messages is good for."""

    OPEN = "open"
    HANDED = "handed"
    """Somebody else votes instead."""
    TAKEN_BACK = "taken_back"
    """It was with its reader, and is not any more."""
    CLOSED = "closed"
    CANCELLED = "cancelled"
    LEFT = "left"
    """Its reader has lost the seat, and has not voted."""


@dataclass(frozen=True)
class Question:
    """What is voted on: the same for everybody who reads of it."""

    ballot_id: int
    council: str
    question: str
    text: str
    options: tuple[str, ...]
    is_secret: bool
    opened_by: str
    closes_at: datetime
    timezone: str
    code: str = ""
    project: str = ""
    needed: str = ""
    """The decision needed that it is to settle."""


@dataclass(frozen=True)
class BallotPaper:
    """One vote in the hands of who is to cast it; brought up to date in place."""

    kind: ClassVar[str] = "ballot_paper"
    attention: ClassVar[Attention] = Attention.VOTE

    asked: Question
    member_id: int
    """Whose vote it is."""
    state: PaperState = PaperState.OPEN
    member: str = ""
    """Their name, where it is not the reader's own vote."""
    delegate: str = ""
    """Who votes instead, or is to."""
    can_hand_on: bool = False
    voted_at: datetime | None = None
    voted_by: str = ""
    """Who cast it, where it was not its reader."""
    choice: str = ABSTAIN
    """Of an open vote that is cast; of a secret one it is always empty."""
    result: Result | None = None
    reason: str = ""
    """Why it was cancelled."""


@dataclass(frozen=True)
class BallotReminder:
    """Tells somebody once that a vote is still in their hands, or is again."""

    kind: ClassVar[str] = "ballot_reminder"
    attention: ClassVar[Attention] = Attention.REMINDER

    paper: BallotPaper
    is_back: bool = False
    """Who was to vote instead has handed it back."""


@dataclass(frozen=True)
class BallotResult:
    """What a council has decided out of cycle, or that it has not."""

    kind: ClassVar[str] = "ballot_result"
    attention: ClassVar[Attention] = Attention.NOTICE

    asked: Question
    result: Result
    closed_at: datetime
    """Later than the window's end, if the bot was down."""
    decision: str = ""
    """`D-12`."""
    is_private: bool = field(default=False)
    """It goes to members alone, for not everybody in the channel may know of its project."""

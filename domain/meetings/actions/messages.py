"""What is told of actions: to who has them in hand, and to who chairs the council."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from models.enums import Attention, LogState


@dataclass(frozen=True)
class ActionLine:
    """One action, as the message stands that tells of it."""

    entry_id: int
    ref: str
    place: str
    """The project's code, or the council."""
    title: str
    due_on: date | None
    text: str = ""
    first_due_on: date | None = None
    """Where it was moved: the date that was agreed first."""
    moves: int = 0
    state: LogState = LogState.OPEN
    note: str = ""
    """The last word on it."""
    owner: str = ""
    is_theirs: bool = True
    """The reader has it in hand."""
    decision: str = ""
    """What it comes of: `D-12`."""
    is_condition: bool = False
    """That holds only if it is done."""

    @property
    def is_waiting(self) -> bool:
        """Whether the reader is still to do it."""
        return self.is_theirs and self.state is LogState.OPEN


@dataclass(frozen=True)
class ActionsGiven:
    """Somebody has something new in hand."""

    kind: ClassVar[str] = "actions_given"
    attention: ClassVar[Attention] = Attention.ACTION

    lines: tuple[ActionLine, ...]


@dataclass(frozen=True)
class ActionsDue:
    """What somebody has in hand is due soon, on the day, or overdue."""

    kind: ClassVar[str] = "actions_due"
    attention: ClassVar[Attention] = Attention.REMINDER

    on: date
    lines: tuple[ActionLine, ...]


@dataclass(frozen=True)
class ActionsOverdue:
    """What a council has given out and is overdue, for who chairs it."""

    kind: ClassVar[str] = "actions_overdue"
    attention: ClassVar[Attention] = Attention.NOTICE

    council: str
    on: date
    lines: tuple[ActionLine, ...]
    others: int = 0
    """How many more are overdue, that were told of before."""


@dataclass(frozen=True)
class ActionDropped:
    """Somebody has cancelled what a council has given out, for who chairs it."""

    kind: ClassVar[str] = "action_dropped"
    attention: ClassVar[Attention] = Attention.NOTICE

    lines: tuple[ActionLine, ...]
    """The one action; none, if it may not be seen any more."""

"""What is sent of the decision log: a file for who asked for it."""

from dataclasses import dataclass
from typing import ClassVar

from domain.meetings.logbook.values import DecisionLine
from models.enums import Attention


@dataclass(frozen=True)
class DecisionFile:
    """Decisions as a table to be opened elsewhere."""

    kind: ClassVar[str] = "decision_file"
    attention: ClassVar[Attention] = Attention.FREE

    asked: str
    """What was looked for; empty: everything."""
    lines: tuple[DecisionLine, ...]

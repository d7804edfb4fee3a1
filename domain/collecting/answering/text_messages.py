"""What is said to somebody who wrote a report in free text."""

from dataclasses import dataclass
from typing import ClassVar

from models.enums import Attention, Health, TextState


@dataclass(frozen=True)
class TextChoice:
    """A project that may have been meant."""

    request_id: int
    code: str
    name: str


@dataclass(frozen=True)
class TextItem:
    """What was understood of one project."""

    number: int
    """Of the row that keeps it, which buttons carry."""
    code: str
    """Empty as long as it is not said which project is meant."""
    name: str
    health: Health | None
    rating: str
    answers: tuple[tuple[str, str], ...]
    """What was written, by field of the form, in the form's order."""
    kept: tuple[tuple[str, str], ...] = ()
    """What stays from the answer before."""
    state: TextState = TextState.OPEN
    lacks: tuple[str, ...] = ()
    """Why it can't be confirmed as it is; the form mends it."""
    note: str = ""
    """What became of it, or what its author should know."""
    choices: tuple[TextChoice, ...] = ()
    version: int = 0
    """The version of the answer that it corrects; 0: it is the first one."""
    is_late: bool = False

    @property
    def can_be_confirmed(self) -> bool:
        """Whether nothing but a word of its author is missing."""
        return self.state is TextState.OPEN and bool(self.code) and not self.lacks


@dataclass(frozen=True)
class TextRead:
    """Tells somebody what was understood of their text, and what became of it."""

    kind: ClassVar[str] = "text_read"
    attention: ClassVar[Attention] = Attention.FREE

    items: tuple[TextItem, ...]
    refused: tuple[str, ...] = ()
    """Projects that they named and can't report on, each with the reason."""
    unclear: tuple[str, ...] = ()
    """What was not understood, as it was written."""

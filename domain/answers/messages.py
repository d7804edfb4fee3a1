"""What the room says: sections of the handbook as they are written, or that there is none."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.answers.values import Guidance
from models.enums import Attention


@dataclass(frozen=True)
class HowToAsk:
    """Tells somebody who wrote to the bot what it understands."""

    kind: ClassVar[str] = "how_to_ask"
    attention: ClassVar[Attention] = Attention.FREE

    command: str
    """The slash command, such as `/project`."""


@dataclass(frozen=True)
class Politeness:
    """Answers a greeting, thanks, or a word that asks nothing, as short as that was."""

    kind: ClassVar[str] = "handbook_politeness"
    attention: ClassVar[Attention] = Attention.FREE

    courtesy: str
    """What was said: see `courtesy_of`."""


@dataclass(frozen=True)
class QuestionsLeft:
    """Tells which questions of a message were not answered, as there were too many."""

    kind: ClassVar[str] = "handbook_questions_left"
    attention: ClassVar[Attention] = Attention.FREE

    answered: int
    left: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A section that can be opened by a button."""

    section_id: str
    title: str


@dataclass(frozen=True)
class Shown:
    """A section of the handbook, with all that an answer cites."""

    section_id: str
    title: str
    body: str
    """Markdown, as written."""
    guidance: Guidance
    source: str
    url: str
    owner: str
    reviewed: date
    is_stale: bool
    """Nobody has looked at it for long."""


@dataclass(frozen=True)
class Answer:
    """A section of the handbook."""

    kind: ClassVar[str] = "handbook_answer"
    attention: ClassVar[Attention] = Attention.FREE

    question_id: int
    shown: Shown
    related: tuple[Link, ...] = ()
    """Other facets of the same thing, and what the section refers to."""
    question: str = ""
    """Which of several questions it answers; empty if it is the only one."""
    corrected: str = ""
    """How the question's spelling was repaired; empty if it was not."""
    note: str = ""
    """Said in the question's own language, if that is not the handbook's."""
    can_be_shared: bool = False
    """It is read by one person alone, in a conversation with others."""


@dataclass(frozen=True)
class DidYouMean:
    """Sections that may be what was asked for."""

    kind: ClassVar[str] = "handbook_did_you_mean"
    attention: ClassVar[Attention] = Attention.FREE

    question_id: int
    links: tuple[Link, ...]
    question: str = ""
    corrected: str = ""
    note: str = ""


@dataclass(frozen=True)
class DontKnow:
    """Says that the handbook has no answer, and what it is about."""

    kind: ClassVar[str] = "handbook_dont_know"
    attention: ClassVar[Attention] = Attention.FREE

    question: str
    topics: tuple[str, ...]
    command: str
    unknown: tuple[str, ...] = ()
    """Words that stand nowhere in the handbook."""
    is_told: bool = False
    """The PMO reads of it; else there is nobody who is the PMO."""
    may_be_report: bool = False
    """It was written where people report in free text."""
    list_on: date | None = None
    """The day of the PMO's list that has it."""
    question_id: int = 0
    """By which it can be handed to the PMO; 0: it was no question."""


@dataclass(frozen=True)
class AskElsewhere:
    """Says who answers what no project's handbook does, or in which language it answers."""

    kind: ClassVar[str] = "handbook_ask_elsewhere"
    attention: ClassVar[Attention] = Attention.FREE

    pointer: str
    """A whole sentence."""
    question: str = ""
    for_pmo: int = 0
    """By which the PMO can be asked instead; 0: no log has the question."""


@dataclass(frozen=True)
class SharedAnswer:
    """A section that somebody has shared with a channel."""

    kind: ClassVar[str] = "handbook_shared"
    attention: ClassVar[Attention] = Attention.FREE

    shown: Shown
    sharer_id: str
    """Slack's id of who shares it."""
    sharer: str

"""What the triage says: a question with its answers, the three answers, what they come to."""

from dataclasses import dataclass
from typing import ClassVar, Final

from domain.answers.guiding.values import Contact, Lines, Progress, Requests, Verdict
from domain.answers.messages import Link, Shown
from models.enums import Attention

GUIDE: Final = "guide"
"""The band of questions that the triage took."""


@dataclass(frozen=True)
class TriageQuestion:
    """One of the three questions."""

    kind: ClassVar[str] = "triage_question"
    attention: ClassVar[Attention] = Attention.FREE
    band: ClassVar[str] = GUIDE

    progress: Progress
    lines: Lines
    links: tuple[Link, ...] = ()
    """What the handbook says to it, for who would rather read."""
    question: str = ""
    """Which of several questions it answers; empty if it is the only one."""


@dataclass(frozen=True)
class TriageReview:
    """The three answers, each of which can be changed."""

    kind: ClassVar[str] = "triage_review"
    attention: ClassVar[Attention] = Attention.FREE

    progress: Progress
    lines: Lines


@dataclass(frozen=True)
class TriageVerdict:
    """What something is, why, and where to go on."""

    kind: ClassVar[str] = "triage_verdict"
    attention: ClassVar[Attention] = Attention.FREE

    progress: Progress
    lines: Lines
    verdict: Verdict
    clause: Shown | None
    """The handbook's own words; None if the PMO's handbook has no such section."""
    advice: str
    """The PMO's own words; empty: the bot's."""
    requests: Requests
    contacts: tuple[Contact, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class TriagePointer:
    """What the handbook says, where others read along and nobody is asked back."""

    kind: ClassVar[str] = "triage_pointer"
    attention: ClassVar[Attention] = Attention.FREE
    band: ClassVar[str] = GUIDE

    shown: Shown
    related: tuple[Link, ...] = ()
    question_id: int = 0
    question: str = ""

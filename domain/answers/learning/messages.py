"""What the PMO is told of questions each week, and what it asks the owners of sections."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.answers.learning.values import Figures, Near, Standing, Trouble
from models.enums import Attention, GroupState


@dataclass(frozen=True)
class ListedGroup:
    """Questions that ask the same, as the PMO reads of them."""

    group_id: int
    acts: int
    texts: tuple[str, ...]
    """Some of their wordings, newest first; none: they are purged."""
    more_texts: int
    count: int
    askers: tuple[str, ...]
    """Newest first."""
    newest_at: datetime
    troubles: tuple[tuple[Trouble, int], ...]
    near: Near | None
    chosen: bool
    """The nearest section is what somebody chose of several."""
    unknown: tuple[str, ...]
    """Words that stand nowhere in the handbook."""
    standing: Standing
    proposed: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedMost:
    """A section, and how often it was shown."""

    title: str
    count: int


@dataclass(frozen=True)
class SectionNews:
    """What the week tells of the handbook's sections."""

    asked_most: tuple[AskedMost, ...] = ()
    stale: tuple[str, ...] = ()
    """Titles of some that nobody has reviewed for long."""
    stale_count: int = 0
    unused: int | None = None
    """How many nobody was shown for long; None: the log does not go back that far."""


@dataclass(frozen=True)
class QuestionWeekList:
    """What the handbook left open in a week, for one of the PMO."""

    kind: ClassVar[str] = "question_week"
    attention: ClassVar[Attention] = Attention.DIGEST

    since: datetime
    as_of: datetime
    timezone: str
    questions: int
    """How many came on the list."""
    groups: tuple[ListedGroup, ...]
    """Those of the week, the biggest first, and those that somebody was asked to see to."""
    more: int
    """How many of them stand only on the page."""
    older: int
    """How many others are open, and were not asked again."""
    sections: SectionNews


@dataclass(frozen=True)
class AssignedQuestions:
    """Asks somebody to see to questions that the handbook leaves open."""

    kind: ClassVar[str] = "assigned_questions"
    attention: ClassVar[Attention] = Attention.ACTION

    group_id: int
    acts: int
    assigner: str
    texts: tuple[str, ...]
    more_texts: int
    near: Near | None
    state: GroupState = GroupState.ASSIGNED
    by: str = ""
    """Who ended it, if that was somebody else."""
    note: str = ""


@dataclass(frozen=True)
class QuestionsPage:
    """The PMO's page of questions."""

    groups: tuple[ListedGroup, ...]
    """A part of those that are open, the biggest first."""
    number: int
    """Which part, from 0 on."""
    total: int
    figures: Figures
    proposals: int
    """Aliases that are proposed and not in the handbook yet."""

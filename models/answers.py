"""Tables of the room `answers`: what was asked of the handbook, and what was answered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import JSON, Column, Index, UniqueConstraint, or_, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import AskedIn
from models.portfolio import Person


class Question(Row, table=True):
    """One question, and what became of it; only the PMO reads of it."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", "position"),
        Index("ix_question_asked_at", "workspace_id", "asked_at"),
        Index("ix_question_told", "workspace_id", "told_on"),
    )

    asked_at: datetime
    person_id: int = Field(foreign_key="person.id")
    asked_in: AskedIn = Field(sa_column=Column(EnumText(AskedIn), nullable=False))
    origin: str | None = None
    """Slack's id of the event that brought it; NULL for a command, which comes but once."""
    position: int = 0
    """Which question of the text it is."""
    text: str
    """Without people's names and addresses; empty once it is purged."""
    corrected: str = ""
    """How its spelling was repaired; empty if it was not, or is purged."""
    band: str
    """How sure the answer was."""
    top: list[tuple[str, float]] = Field(sa_column=Column(JSON, nullable=False))
    """The sections that came nearest, by id, best first, with their scores."""
    answered_id: str = ""
    """The section that was shown."""
    clicked_id: str = ""
    """The section that somebody chose afterwards."""
    helpful: bool | None = None
    handbook: str
    """The version of the handbook that answered."""
    told_on: date | None = None
    """The day whose message told the PMO that it has no good answer."""


class ToldRow(NamedTuple):
    """A question that the PMO is told of, and who asked it."""

    question: Question
    asker: Person


async def question(session: AsyncSession, workspace_id: int, question_id: int) -> Question | None:
    """One question, locked."""
    statement = (
        select(Question)
        .where(Question.workspace_id == workspace_id, Question.id == question_id)
        .with_for_update()
    )
    return (await session.exec(statement)).first()


async def is_asked(session: AsyncSession, workspace_id: int, origin: str) -> bool:
    """Whether an event was taken before."""
    statement = select(Question.id).where(
        Question.workspace_id == workspace_id, Question.origin == origin
    )
    return (await session.exec(statement)).first() is not None


async def told_on(session: AsyncSession, workspace_id: int, day: date) -> Sequence[ToldRow]:
    """What the PMO is told of on a day, oldest first."""
    statement = (
        select(Question, Person)
        .join(Person, col(Person.id) == Question.person_id)
        .where(Question.workspace_id == workspace_id, Question.told_on == day)
        .order_by(col(Question.id))
    )
    return [ToldRow(*row) for row in (await session.exec(statement)).all()]


async def purge_texts(session: AsyncSession, workspace_id: int, before: datetime) -> int:
    """Drop the words of all questions from before an instant; how many had some."""
    done = await session.exec(
        update(Question)
        .where(
            col(Question.workspace_id) == workspace_id,
            col(Question.asked_at) < before,
            or_(col(Question.text) != "", col(Question.corrected) != ""),
        )
        .values(text="", corrected="")
    )
    return done.rowcount

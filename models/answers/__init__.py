"""What was asked of the handbook, and what was answered."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.answers.tables import Question

__all__ = ["Question", "has_texts", "is_asked", "purge_texts", "question", "question_seen"]


async def question(session: AsyncSession, workspace_id: int, question_id: int) -> Question | None:
    """One question, locked."""
    statement = (
        select(Question)
        .where(Question.workspace_id == workspace_id, Question.id == question_id)
        .with_for_update()
    )
    return (await session.exec(statement)).first()


async def question_seen(
    session: AsyncSession, workspace_id: int, question_id: int
) -> Question | None:
    """One question, to look at."""
    statement = select(Question).where(
        Question.workspace_id == workspace_id, Question.id == question_id
    )
    return (await session.exec(statement)).first()


async def is_asked(session: AsyncSession, workspace_id: int, origin: str) -> bool:
    """Whether an event was taken before."""
    statement = select(Question.id).where(
        Question.workspace_id == workspace_id, Question.origin == origin
    )
    return (await session.exec(statement)).first() is not None


async def has_texts(session: AsyncSession, workspace_id: int, before: datetime) -> bool:
    """Whether a question from before an instant still has its words."""
    statement = select(Question.id).where(*_worded(workspace_id, before)).limit(1)
    return (await session.exec(statement)).first() is not None


async def purge_texts(session: AsyncSession, workspace_id: int, before: datetime) -> int:
    """Drop the words of all questions from before an instant; how many had some."""
    done = await session.exec(
        update(Question).where(*_worded(workspace_id, before)).values(text="", corrected="")
    )
    return done.rowcount


def _worded(workspace_id: int, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Question.workspace_id) == workspace_id,
        col(Question.asked_at) < before,
        or_(col(Question.text) != "", col(Question.corrected) != ""),
    )

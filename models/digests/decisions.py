"""Decisions that projects wait for, from their lists."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, nulls_last
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting import Cycle, StatusRequest
from models.enums import LogKind, LogState
from models.logs import LogEntry
from models.portfolio import Person


class WaitingDecision(NamedTuple):
    """A decision that a project's list waits for."""

    project_id: int
    title: str
    source: str
    due_on: date | None


async def waiting_decisions(
    session: AsyncSession, workspace_id: int, cycle: Cycle | None = None
) -> list[WaitingDecision]:
    """Decisions that are open, of a cycle's projects or of all, by project, soonest first."""
    source = func.coalesce(Person.name, LogEntry.owner_name)
    statement = (
        select(LogEntry.project_id, LogEntry.title, source, LogEntry.due_on)  # type: ignore[type-var]
        .outerjoin(Person, col(Person.id) == LogEntry.owner_id)
        .where(
            LogEntry.workspace_id == workspace_id,
            LogEntry.kind == LogKind.DECISION,
            LogEntry.state == LogState.OPEN,
            col(LogEntry.project_id).is_not(None),
        )
        .order_by(col(LogEntry.project_id), nulls_last(col(LogEntry.due_on)), col(LogEntry.number))
    )
    if cycle is not None:
        asked = select(StatusRequest.project_id).where(StatusRequest.cycle_id == cycle.pk)
        statement = statement.where(col(LogEntry.project_id).in_(asked))
    found = await session.exec(statement)
    return [
        WaitingDecision(project_id, title, by, due_on)
        for project_id, title, by, due_on in found.all()
        if project_id is not None
    ]

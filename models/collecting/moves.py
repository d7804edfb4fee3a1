"""Queries about requests that went from one person to another."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.requests import RequestRow
from models.collecting.tables import Cycle, RequestMove, StatusRequest
from models.portfolio import Council, Project


async def earlier_askees(
    session: AsyncSession, asked: Collection[tuple[int, date]]
) -> set[tuple[int, date]]:
    """Who had a request that is with one of these people now, each with the day of theirs."""
    found = await session.exec(
        select(col(RequestMove.person_id), col(RequestMove.asks_on))
        .join(StatusRequest, col(StatusRequest.id) == RequestMove.request_id)
        .where(tuple_(col(StatusRequest.person_id), col(StatusRequest.asks_on)).in_(asked))
        .distinct()
    )
    return set(found.all())


async def moved_rows_of(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]]
) -> list[tuple[RequestMove, RequestRow]]:
    """What some people had been asked on a day and others answer now: each one's last move."""
    found = await session.exec(
        select(RequestMove, StatusRequest, Project, Cycle, Council)  # type: ignore[call-overload]
        .join(StatusRequest, col(StatusRequest.id) == RequestMove.request_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            RequestMove.workspace_id == workspace_id,
            tuple_(col(RequestMove.person_id), col(RequestMove.asks_on)).in_(asked),
        )
        .order_by(col(RequestMove.id))
    )
    last = {
        (move.request_id, move.person_id, move.asks_on): (move, RequestRow(*row))
        for move, *row in found.all()
    }
    return [
        (move, row)
        for move, row in last.values()
        if (row.request.person_id, row.request.asks_on) != (move.person_id, move.asks_on)
    ]


async def last_moves(session: AsyncSession, request_ids: Collection[int]) -> dict[int, RequestMove]:
    """The last move of each request that was moved, by request."""
    found = await session.exec(
        select(RequestMove)
        .where(col(RequestMove.request_id).in_(request_ids))
        .order_by(col(RequestMove.id))
    )
    return {move.request_id: move for move in found.all()}

"""Queries about requests that went from one person to another."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.collecting.requests import RequestRow, locking, request_rows
from models.collecting.tables import Cycle, RequestMove, StatusRequest
from models.enums import CycleState, RequestState
from models.portfolio import Council, Phase, Project


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


async def waiting_rows(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]], now: datetime
) -> list[RequestRow]:
    """What some people were asked on a day and have not answered, before its cut-off; locked."""
    mine = tuple_(col(StatusRequest.person_id), col(StatusRequest.asks_on)).in_(asked)
    return await _open_rows(session, workspace_id, mine, now)


async def open_rows_of_project(
    session: AsyncSession, workspace_id: int, project_id: int, now: datetime
) -> list[RequestRow]:
    """What was asked for a project and is not answered, before its cut-off; locked."""
    own = col(StatusRequest.project_id) == project_id
    return await _open_rows(session, workspace_id, own, now)


async def rows_on_hold(
    session: AsyncSession, workspace_id: int, now: datetime, *, locked: bool = False
) -> list[RequestRow]:
    """What a hold has excused, before its cut-off, and whose hold is over somewhere on earth."""
    tomorrow = (now + timedelta(days=1)).date()
    statement = held_requests(workspace_id, now, tomorrow).order_by(
        col(Cycle.id), col(StatusRequest.id)
    )
    found = await session.exec(locking(statement, Cycle, StatusRequest) if locked else statement)
    return [RequestRow(*row) for row in found.all()]


def held_requests(
    workspace_id: Any, now: Any, tomorrow: Any
) -> Select[StatusRequest, Project, Cycle, Council]:
    """What a hold that ends before a day has excused, before its cut-off."""
    return (
        request_rows(workspace_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .where(
            StatusRequest.state == RequestState.EXCUSED,
            col(StatusRequest.asked_at).is_not(None),
            Cycle.state == CycleState.OPEN,
            Cycle.cut_off_at > now,
            col(Phase.asked).is_(True),
            col(Project.hold_until) < tomorrow,
        )
    )


async def _open_rows(
    session: AsyncSession, workspace_id: int, which: ColumnElement[bool], now: datetime
) -> list[RequestRow]:
    """Told, not answered and before the cut-off: those excused by a hold too; by cycle."""
    statement = (
        request_rows(workspace_id)
        .where(
            which,
            col(StatusRequest.state).in_((RequestState.ASKED, RequestState.EXCUSED)),
            col(StatusRequest.asked_at).is_not(None),
            Cycle.state == CycleState.OPEN,
            Cycle.cut_off_at > now,
        )
        .order_by(col(Cycle.id), col(StatusRequest.id))
    )
    found = await session.exec(locking(statement, Cycle, StatusRequest))
    return [RequestRow(*row) for row in found.all()]

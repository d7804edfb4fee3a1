"""Queries about status requests, as messages and people meet them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.base import Row
from models.collecting.tables import AWAITING, Cycle, StatusRequest
from models.enums import RequestState
from models.portfolio import Council, Phase, Project


class RequestRow(NamedTuple):
    """A status request with all that it belongs to."""

    request: StatusRequest
    project: Project
    cycle: Cycle
    council: Council


def request_rows(workspace_id: int) -> Select[StatusRequest, Project, Cycle, Council]:
    """Every request with all that it belongs to, to be narrowed down."""
    return (
        select(StatusRequest, Project, Cycle, Council)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(StatusRequest.workspace_id == workspace_id)
    )


def locking(
    statement: Select[StatusRequest, Project, Cycle, Council], *tables: type[Row]
) -> Select[StatusRequest, Project, Cycle, Council]:
    """Wait for whoever changes the rows just now, and read them as they are then."""
    return statement.with_for_update(of=tables, key_share=True).execution_options(
        populate_existing=True
    )


async def request_rows_of(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]]
) -> list[RequestRow]:
    """All requests of some people, each of a day on which they are asked, by person, day, code."""
    found = await session.exec(
        request_rows(workspace_id)
        .where(tuple_(col(StatusRequest.person_id), col(StatusRequest.asks_on)).in_(asked))
        .order_by(StatusRequest.person_id, StatusRequest.asks_on, Project.code)  # type: ignore[arg-type]
    )
    return [RequestRow(*row) for row in found.all()]


async def request_row(
    session: AsyncSession, workspace_id: int, request_id: int, *, locked: bool = False
) -> RequestRow | None:
    """One request with all that it belongs to; locked, if it is about to be changed."""
    statement = request_rows(workspace_id).where(StatusRequest.id == request_id)
    if locked:
        # The cycle too: whether its digest is composed decides what becomes of the answer. And the
        # cycle first, as everybody does who locks both.
        statement = locking(statement, Cycle, StatusRequest)
    found = await session.exec(statement)
    row = found.first()
    return None if row is None else RequestRow(*row)


async def phase_of_request(session: AsyncSession, workspace_id: int, request_id: int) -> str | None:
    """The name of the phase that a request's project stands in."""
    found = await session.exec(
        select(Phase.name)
        .join(Project, col(Project.phase_id) == Phase.id)
        .join(StatusRequest, col(StatusRequest.project_id) == Project.id)
        .where(StatusRequest.workspace_id == workspace_id, StatusRequest.id == request_id)
    )
    return found.first()


async def is_asked_in_phase(session: AsyncSession, request_id: int) -> bool:
    """Whether a request's project stands in a phase in which status is asked for."""
    found = await session.exec(
        select(Phase.asked)
        .join(Project, col(Project.phase_id) == Phase.id)
        .join(StatusRequest, col(StatusRequest.project_id) == Project.id)
        .where(StatusRequest.id == request_id)
    )
    return bool(found.first())


async def newest_request_row(
    session: AsyncSession, workspace_id: int, project_id: int
) -> RequestRow | None:
    """The last request of a project that somebody was asked."""
    found = await session.exec(
        request_rows(workspace_id)
        .where(
            StatusRequest.project_id == project_id,
            StatusRequest.state != RequestState.PENDING,
            StatusRequest.state != RequestState.EXCUSED,
        )
        .order_by(col(StatusRequest.opens_on).desc(), col(StatusRequest.id).desc())
        .limit(1)
    )
    row = found.first()
    return None if row is None else RequestRow(*row)


def is_newest_asked() -> ColumnElement[bool]:
    """The condition that no newer request of the same project was asked."""
    newer = aliased(StatusRequest)
    return ~(
        select(newer.id)
        .where(
            newer.project_id == StatusRequest.project_id,
            col(newer.state).not_in((RequestState.PENDING, RequestState.EXCUSED)),
            newer.opens_on > StatusRequest.opens_on,
        )
        .exists()
    )


class OpenRequest(NamedTuple):
    """A request that waits for an answer."""

    request_id: int
    state: RequestState
    cut_off_at: datetime


async def open_requests(
    session: AsyncSession, workspace_id: int, project_ids: Collection[int]
) -> dict[int, OpenRequest]:
    """The newest request of each project, by project, if it waits for an answer."""
    found = await session.exec(
        select(StatusRequest, Cycle)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            col(StatusRequest.project_id).in_(project_ids),
            col(StatusRequest.state).in_(AWAITING),
            is_newest_asked(),
        )
    )
    return {
        request.project_id: OpenRequest(request.pk, request.state, cycle.cut_off_at)
        for request, cycle in found.all()
    }

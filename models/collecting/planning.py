"""The clock's queries: what is planned, asked and closed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    delete,
    func,
    insert,
    or_,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row
from models.collecting.tables import UNASKED, Cycle, StatusRequest
from models.enums import CycleState, RequestState
from models.portfolio import Council, Person, Phase, Project, Workspace

_AT_ONCE = 10_000
"""Rows of one statement: SQLite takes at most 32,766 values in it."""


class PlanningState(NamedTuple):
    """Whether there is something to plan."""

    is_outdated: bool
    """Something that can move an ask has changed since it was last planned."""
    is_overdue: bool
    """Requests were not asked at their hour."""


class PlannedProject(NamedTuple):
    """A project that an open cycle asks, who could answer, and its request, if there is one."""

    cycle_id: int
    project_id: int
    pm_id: int
    pm_is_gone: bool
    deputy_id: int | None
    deputy_is_gone: bool | None
    request_id: int | None
    state: RequestState | None
    has_newer: bool
    """A newer request of the project was asked."""
    hold_until: date | None = None
    """The last day on which the project is on hold."""
    hold_reason: str = ""
    asked_by: str | None = None
    """Another council that has asked it for the same time, before it came to this one."""


class UnaskedRequest(NamedTuple):
    """A request that may still be changed: the columns alone, for there may be thousands."""

    id: int
    cycle_id: int
    project_id: int
    person_id: int
    opens_on: date
    asks_on: date
    ask_at: datetime
    state: RequestState
    reason: str


_UNASKED_COLUMNS = (
    StatusRequest.id,
    StatusRequest.cycle_id,
    StatusRequest.project_id,
    StatusRequest.person_id,
    StatusRequest.opens_on,
    StatusRequest.asks_on,
    StatusRequest.ask_at,
    StatusRequest.state,
    StatusRequest.reason,
)


async def planning_state(
    session: AsyncSession, workspace_id: int, now: datetime, overdue_since: datetime
) -> PlanningState:
    """Whether there is something to plan, in one statement."""
    overdue = requests_due(workspace_id, now, overdue_since).exists()
    is_outdated = col(Workspace.plan_revision) != Workspace.planned_revision
    found = await session.exec(select(is_outdated, overdue).where(Workspace.id == workspace_id))
    return PlanningState(*found.one())


def _is_open(now: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Cycle.state) == CycleState.OPEN, col(Cycle.cut_off_at) > now


async def cycles_since(session: AsyncSession, workspace_id: int, day: date) -> Sequence[Cycle]:
    """The cycles that opened on a day or later."""
    found = await session.exec(
        select(Cycle).where(Cycle.workspace_id == workspace_id, col(Cycle.opens_on) >= day)
    )
    return found.all()


async def occurrences_since(
    session: AsyncSession, workspace_id: int, day: date
) -> set[tuple[int, date]]:
    """Council and occurrence of every cycle that there is, from a day on."""
    found = await session.exec(
        select(col(Cycle.council_id), col(Cycle.occurrence_on)).where(
            Cycle.workspace_id == workspace_id, col(Cycle.occurrence_on) >= day
        )
    )
    return set(found.all())


async def open_cycles(session: AsyncSession, workspace_id: int, now: datetime) -> Sequence[Cycle]:
    """Cycles before their cut-off, by ask day; locked."""
    found = await session.exec(
        select(Cycle)
        .where(Cycle.workspace_id == workspace_id, *_is_open(now))
        .order_by(col(Cycle.opens_on), col(Cycle.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def asked_days(
    session: AsyncSession, workspace_id: int, now: datetime
) -> set[tuple[int, int, date]]:
    """Cycle, person and day of everything that was asked in the open cycles."""
    found = await session.exec(
        select(
            col(StatusRequest.cycle_id),
            col(StatusRequest.person_id),
            col(StatusRequest.asks_on),
        )
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            Cycle.workspace_id == workspace_id,
            *_is_open(now),
            or_(
                col(StatusRequest.state).not_in(UNASKED),
                col(StatusRequest.asked_at).is_not(None),  # what is put on hold was told
            ),
        )
        .distinct()
    )
    return set(found.all())


def _asked_by() -> Any:
    """The name of another council whose cycle asks the project up to this cycle's day or later."""
    request, cycle, council = aliased(StatusRequest), aliased(Cycle), aliased(Council)
    return (
        select(func.min(council.name))
        .select_from(request)
        .join(cycle, col(cycle.id) == request.cycle_id)
        .join(council, col(council.id) == cycle.council_id)
        .where(
            request.project_id == Project.id,
            cycle.council_id != Cycle.council_id,
            col(request.state).not_in(UNASKED),
            func.date(cycle.cut_off_at) >= Cycle.opens_on,
        )
        .scalar_subquery()
    )


async def planned_projects(
    session: AsyncSession, workspace_id: int, now: datetime
) -> list[PlannedProject]:
    """The projects of the open cycles that stand in a phase that is asked, by cycle and code."""
    pm, deputy, newer = aliased(Person), aliased(Person), aliased(StatusRequest)
    has_newer = (
        select(newer.id)
        .where(
            newer.project_id == Project.id,
            col(newer.opens_on) > Cycle.opens_on,
            col(newer.state).not_in(UNASKED),
        )
        .exists()
    )
    columns = (
        *(Cycle.id, Project.id, Project.pm_id, pm.is_gone, Project.deputy_id, deputy.is_gone),
        *(StatusRequest.id, StatusRequest.state, has_newer),
        *(Project.hold_until, Project.hold_reason, _asked_by()),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(Cycle)
        .join(Project, col(Project.council_id) == Cycle.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(pm, col(pm.id) == Project.pm_id)
        .outerjoin(deputy, col(deputy.id) == Project.deputy_id)
        .outerjoin(
            StatusRequest,
            (col(StatusRequest.cycle_id) == Cycle.id)
            & (col(StatusRequest.project_id) == Project.id),
        )
        .where(Cycle.workspace_id == workspace_id, *_is_open(now), col(Phase.asked).is_(True))
        .order_by(col(Cycle.id), Project.code)
    )
    return [PlannedProject(*row) for row in found.all()]


async def unasked_requests(
    session: AsyncSession, workspace_id: int, now: datetime
) -> list[UnaskedRequest]:
    """Requests of open cycles of which nobody has been told; locked."""
    found = await session.exec(
        select(*_UNASKED_COLUMNS)  # type: ignore[call-overload]
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            col(StatusRequest.state).in_(UNASKED),
            col(StatusRequest.asked_at).is_(None),  # what is put on hold was told
            *_is_open(now),
        )
        .order_by(col(StatusRequest.id))
        .with_for_update(of=StatusRequest)
    )
    return [UnaskedRequest(*row) for row in found.all()]


async def add_rows(
    session: AsyncSession, table: type[Row], values: Sequence[Mapping[str, Any]]
) -> None:
    """Store many new rows with one statement."""
    if values:
        await session.exec(insert(table), params=list(values))


async def change_rows(
    session: AsyncSession, table: type[Row], values: Sequence[Mapping[str, Any]]
) -> None:
    """Change many rows with one statement; each of them has the same columns, with its `id`."""
    if values:
        await session.exec(update(table), params=list(values))


async def remove_requests(session: AsyncSession, ids: Collection[int]) -> None:
    """Take back requests that nobody was told of."""
    for some in _slices(ids):
        await session.exec(delete(StatusRequest).where(col(StatusRequest.id).in_(some)))


async def remove_cycles(session: AsyncSession, ids: Collection[int]) -> None:
    """Take back cycles in which nobody was asked, with their requests."""
    for some in _slices(ids):
        await session.exec(delete(StatusRequest).where(col(StatusRequest.cycle_id).in_(some)))
        await session.exec(delete(Cycle).where(col(Cycle.id).in_(some)))


def _slices(ids: Collection[int]) -> Iterator[list[int]]:
    listed = sorted(ids)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


async def requests_to_ask(
    session: AsyncSession, workspace_id: int, now: datetime, limit: int
) -> Sequence[StatusRequest]:
    """Requests whose asking hour has come, in cycles that still take answers; oldest first."""
    found = await session.exec(
        requests_due(workspace_id, now, now)
        .order_by(col(StatusRequest.ask_at), col(StatusRequest.id))
        .limit(limit)
    )
    return found.all()


def requests_due(workspace_id: Any, now: Any, by: Any) -> SelectOfScalar[StatusRequest]:
    """Requests whose asking hour was at an instant or before, and whose cycle takes answers."""
    return (
        select(StatusRequest)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            StatusRequest.state == RequestState.PENDING,
            StatusRequest.ask_at <= by,
            *_is_open(now),
        )
    )


async def requests_of_days(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]], now: datetime
) -> list[tuple[StatusRequest, bool]]:
    """What some people are still to be asked for some days; locked.

    Returns:
        Each request, and whether a newer one of its project was asked, or is due as well.
    """
    newer = aliased(StatusRequest)
    is_superseded = (
        select(newer.id)
        .where(
            newer.project_id == StatusRequest.project_id,
            col(newer.opens_on) > StatusRequest.opens_on,
            or_(
                col(newer.state).not_in(UNASKED),
                (col(newer.state) == RequestState.PENDING) & (col(newer.ask_at) <= now),
            ),
        )
        .exists()
    )
    found = await session.exec(
        select(StatusRequest, is_superseded)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            StatusRequest.state == RequestState.PENDING,
            tuple_(col(StatusRequest.person_id), col(StatusRequest.asks_on)).in_(asked),
            *_is_open(now),
        )
        .order_by(col(StatusRequest.id))
        .with_for_update(of=StatusRequest)
        .execution_options(populate_existing=True)
    )
    return [(request, bool(superseded)) for request, superseded in found.all()]


async def cycles_to_close(
    session: AsyncSession, workspace_id: int, now: datetime, *, limit: int, locked: bool = False
) -> Sequence[Cycle]:
    """Open cycles whose cut-off has come, oldest first; locked, if they are about to be closed."""
    statement = (
        cycles_over(workspace_id, now).order_by(col(Cycle.cut_off_at), col(Cycle.id)).limit(limit)
    )
    if locked:
        statement = statement.with_for_update(key_share=True)
    return (await session.exec(statement)).all()


def cycles_over(workspace_id: Any, now: Any) -> SelectOfScalar[Cycle]:
    """Open cycles whose cut-off has come."""
    return select(Cycle).where(
        Cycle.workspace_id == workspace_id,
        Cycle.state == CycleState.OPEN,
        Cycle.cut_off_at <= now,
    )


async def unanswered_requests(
    session: AsyncSession, cycle_ids: Collection[int]
) -> Sequence[StatusRequest]:
    """Requests of some cycles that wait for an answer, or were never asked; locked."""
    found = await session.exec(
        select(StatusRequest)
        .where(
            col(StatusRequest.cycle_id).in_(cycle_ids),
            col(StatusRequest.state).in_([RequestState.PENDING, RequestState.ASKED]),
        )
        .order_by(col(StatusRequest.id))
        .with_for_update(of=StatusRequest)
        .execution_options(populate_existing=True)
    )
    return found.all()

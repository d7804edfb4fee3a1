"""Tables of the room `collecting`: cycles, status requests, status reports."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.base import EnumText, Row
from models.enums import CycleState, Health, RequestState
from models.portfolio import Council, Person, Phase, Project, Workspace


class Cycle(Row, table=True):
    """One reporting period of one council, with its due times."""

    __table_args__ = (
        UniqueConstraint("council_id", "occurrence_on"),
        Index("ix_cycle_cut_off", "workspace_id", "state", "cut_off_at"),
        Index("ix_cycle_digest", "workspace_id", "state", "digest_at"),
        Index("ix_cycle_late", "workspace_id", "late_answer_at"),
    )

    council_id: int = Field(foreign_key="council.id")
    occurrence_on: date
    """The rule's own date, or the meeting's: what makes the cycle one, whatever clocks, zones and
    closures do."""
    opens_on: date
    """The nominal ask day, which messages tell."""
    cut_off_at: datetime
    digest_at: datetime
    freeze_at: datetime | None = None
    timezone: str
    """The zone in which the cut-off and the digest are told."""
    state: CycleState = Field(
        default=CycleState.OPEN, sa_column=Column(EnumText(CycleState), nullable=False)
    )
    reason: str = ""
    """Why it was skipped, if it was."""
    late_answer_at: datetime | None = None
    """When an answer came after the digest was composed, until the digest tells of it."""


class StatusRequest(Row, table=True):
    """One project asked in one cycle."""

    __tablename__ = "status_request"
    __table_args__ = (
        UniqueConstraint("cycle_id", "project_id"),
        Index("ix_status_request_due", "workspace_id", "state", "ask_at"),
        Index("ix_status_request_person", "person_id", "asks_on"),
    )

    cycle_id: int = Field(foreign_key="cycle.id")
    project_id: int = Field(foreign_key="project.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    """Who is asked."""
    opens_on: date
    """The cycle's nominal day."""
    asks_on: date
    """The day in the calendar of who is asked: one person gets one message for it."""
    ask_at: datetime
    asked_at: datetime | None = None
    state: RequestState = Field(
        default=RequestState.PENDING, sa_column=Column(EnumText(RequestState), nullable=False)
    )
    reason: str = ""
    """Why somebody else is asked, or later, or nobody; empty if all is as the calendar says."""


class StatusReport(Row, table=True):
    """An answer; append-only: a correction is a new version, and the newest one counts."""

    __tablename__ = "status_report"
    __table_args__ = (
        UniqueConstraint("request_id", "version"),
        Index("ix_status_report_latest", "project_id", "opens_on", "version"),
    )

    request_id: int = Field(foreign_key="status_request.id")
    project_id: int = Field(foreign_key="project.id")
    opens_on: date
    """The nominal day of the cycle that it answers: reports are ordered by it, not by arrival."""
    version: int = 1
    author_id: int = Field(foreign_key="person.id")
    submitted_at: datetime
    phase: str = ""
    """The project's phase when it was reported on."""
    health: Health = Field(sa_column=Column(EnumText(Health), nullable=False))
    rating: str = ""
    """The word that was chosen, where the workspace's scale is finer than three colours."""
    why: str = ""
    schedule: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    budget: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    scope: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    resources: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    done: str = ""
    next: str = ""
    milestone: str = ""
    milestone_baseline: date | None = None
    milestone_forecast: date | None = None
    risks: str = ""
    path_to_green: str = ""
    decision: str = ""
    decision_from: str = ""
    decision_by: date | None = None
    spent: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    cost_forecast: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    percent_complete: int | None = None


_AT_ONCE = 10_000
"""Rows of one statement: SQLite takes at most 32,766 values in it."""

AWAITING = (RequestState.ASKED, RequestState.MISSED)
"""States in which an answer is still wanted."""


class RequestRow(NamedTuple):
    """A status request with all that it belongs to."""

    request: StatusRequest
    project: Project
    cycle: Cycle
    council: Council


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


UNASKED = (RequestState.PENDING, RequestState.EXCUSED)
"""States in which nobody has been asked."""

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
    overdue = (
        select(StatusRequest.id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            StatusRequest.state == RequestState.PENDING,
            StatusRequest.ask_at <= overdue_since,
            *_is_open(now),
        )
        .exists()
    )
    is_outdated = col(Workspace.plan_revision) != Workspace.planned_revision
    found = await session.exec(select(is_outdated, overdue).where(Workspace.id == workspace_id))
    return PlanningState(*found.one())


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
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
            col(StatusRequest.state).not_in(UNASKED),
        )
        .distinct()
    )
    return set(found.all())


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


def _request_rows(workspace_id: int) -> Select[StatusRequest, Project, Cycle, Council]:
    return (
        select(StatusRequest, Project, Cycle, Council)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(StatusRequest.workspace_id == workspace_id)
    )


def _locked(
    statement: Select[StatusRequest, Project, Cycle, Council], *tables: type[Row]
) -> Select[StatusRequest, Project, Cycle, Council]:
    """Wait for whoever changes the rows just now, and read them as they are then."""
    return statement.with_for_update(of=tables, key_share=True).execution_options(
        populate_existing=True
    )


async def requests_to_ask(
    session: AsyncSession, workspace_id: int, now: datetime, limit: int
) -> Sequence[StatusRequest]:
    """Requests whose asking hour has come, in cycles that still take answers; oldest first."""
    found = await session.exec(
        select(StatusRequest)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            StatusRequest.state == RequestState.PENDING,
            StatusRequest.ask_at <= now,
            Cycle.state == CycleState.OPEN,
            Cycle.cut_off_at > now,
        )
        .order_by(col(StatusRequest.ask_at), col(StatusRequest.id))
        .limit(limit)
    )
    return found.all()


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


async def request_rows_of(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]]
) -> list[RequestRow]:
    """All requests of some people, each of a day on which they are asked, by person, day, code."""
    found = await session.exec(
        _request_rows(workspace_id)
        .where(tuple_(col(StatusRequest.person_id), col(StatusRequest.asks_on)).in_(asked))
        .order_by(StatusRequest.person_id, StatusRequest.asks_on, Project.code)  # type: ignore[arg-type]
    )
    return [RequestRow(*row) for row in found.all()]


async def request_row(
    session: AsyncSession, workspace_id: int, request_id: int, *, locked: bool = False
) -> RequestRow | None:
    """One request with all that it belongs to; locked, if it is about to be changed."""
    statement = _request_rows(workspace_id).where(StatusRequest.id == request_id)
    if locked:
        # The cycle too: whether its digest is composed decides what becomes of the answer. And the
        # cycle first, as everybody does who locks both.
        statement = _locked(statement, Cycle, StatusRequest)
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


async def newest_request_row(
    session: AsyncSession, workspace_id: int, project_id: int
) -> RequestRow | None:
    """The last request of a project that somebody was asked."""
    found = await session.exec(
        _request_rows(workspace_id)
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


async def cycles_to_close(
    session: AsyncSession, workspace_id: int, now: datetime, *, limit: int, locked: bool = False
) -> Sequence[Cycle]:
    """Open cycles whose cut-off has come, oldest first; locked, if they are about to be closed."""
    statement = (
        select(Cycle)
        .where(
            Cycle.workspace_id == workspace_id,
            Cycle.state == CycleState.OPEN,
            Cycle.cut_off_at <= now,
        )
        .order_by(col(Cycle.cut_off_at), col(Cycle.id))
        .limit(limit)
    )
    if locked:
        statement = statement.with_for_update(key_share=True)
    return (await session.exec(statement)).all()


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


@cache
def is_newest_version() -> ColumnElement[bool]:
    """The condition that a status report is the newest version of its answer.

    Built once: an alias of a wide table costs more than the query that it stands in.
    """
    other = aliased(StatusReport)
    newest = (
        select(func.max(other.version))
        .where(other.request_id == StatusReport.request_id)
        .scalar_subquery()
    )
    return col(StatusReport.version) == newest


async def reports_of_requests(
    session: AsyncSession, request_ids: Collection[int]
) -> dict[int, StatusReport]:
    """The newest version of each answer, by request."""
    found = await session.exec(
        select(StatusReport).where(
            col(StatusReport.request_id).in_(request_ids), is_newest_version()
        )
    )
    return {report.request_id: report for report in found.all()}


async def reports_before_requests(
    session: AsyncSession, request_ids: Collection[int]
) -> dict[int, StatusReport]:
    """The project's newest report of an earlier cycle, by request."""
    found = await session.exec(
        select(StatusRequest.id, StatusReport)
        .join(StatusReport, col(StatusReport.project_id) == StatusRequest.project_id)
        .where(
            col(StatusRequest.id).in_(request_ids),
            col(StatusReport.id) == _newest_report_id(StatusRequest.project_id, before=True),
        )
    )
    return {request_id: report for request_id, report in found.all() if request_id is not None}


async def last_reports(
    session: AsyncSession, project_ids: Collection[int]
) -> dict[int, StatusReport]:
    """Each project's newest report, by project."""
    found = await session.exec(
        select(StatusReport)
        .join(Project, col(Project.id) == StatusReport.project_id)
        .where(
            col(Project.id).in_(project_ids),
            col(StatusReport.id) == _newest_report_id(Project.id),
        )
    )
    return {report.project_id: report for report in found.all()}


def _newest_report_id(project_id: Any, *, before: bool = False) -> ColumnElement[int | None]:
    """The newest report of the outer row's project; with `before`, of a cycle before its day.

    Correlated, so that the index finds one row for each project, however long the history is.
    """
    other = aliased(StatusReport)
    newest = select(other.id).where(other.project_id == project_id)
    if before:
        newest = newest.where(other.opens_on < StatusRequest.opens_on)
    return (
        newest.order_by(col(other.opens_on).desc(), col(other.version).desc(), col(other.id).desc())
        .limit(1)
        .scalar_subquery()
    )


async def reports_of_project(
    session: AsyncSession, project_id: int, limit: int
) -> Sequence[StatusReport]:
    """A project's last answers, newest version each, newest first."""
    found = await session.exec(
        select(StatusReport)
        .where(StatusReport.project_id == project_id, is_newest_version())
        .order_by(col(StatusReport.opens_on).desc(), col(StatusReport.id).desc())
        .limit(limit)
    )
    return found.all()

"""Queries of App Home: what somebody finds about their projects, and the PMO about answers."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting import Cycle, StatusReport, StatusRequest, is_newest_version
from models.digests import Digest
from models.enums import CycleState, Health, RequestState, Visibility
from models.portfolio import Council, Person, Phase, Project


class OwnProjectRow(NamedTuple):
    """A project in which somebody has a role: the columns alone, for they may have hundreds."""

    project_id: int
    code: str
    name: str
    visibility: Visibility
    council_id: int
    pm_id: int
    deputy_id: int | None
    sponsor_id: int | None
    hold_until: date | None
    hold_reason: str
    is_asked: bool
    """It stands in a phase that is asked."""


async def projects_with_role(
    session: AsyncSession, workspace_id: int, person_id: int
) -> list[OwnProjectRow]:
    """The projects that somebody manages, deputises for or sponsors, by code."""
    columns = (
        *(Project.id, Project.code, Project.name, Project.visibility, Project.council_id),
        *(Project.pm_id, Project.deputy_id, Project.sponsor_id),
        *(Project.hold_until, Project.hold_reason, Phase.asked),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .join(Phase, col(Phase.id) == Project.phase_id)
        .where(
            Project.workspace_id == workspace_id,
            or_(
                col(Project.pm_id) == person_id,
                col(Project.deputy_id) == person_id,
                col(Project.sponsor_id) == person_id,
            ),
        )
        .order_by(Project.code)
    )
    return [OwnProjectRow(*row) for row in found.all()]


class PastRow(NamedTuple):
    """One cycle of a project that is decided, and its answer if there is one."""

    project_id: int
    opens_on: date
    state: RequestState
    health: Health | None
    rating: str | None
    unchanged: int | None


async def past_cycles(
    session: AsyncSession, project_ids: Collection[int], limit: int
) -> list[PastRow]:
    """The last cycles of some projects, oldest first; what is still waited for is left out."""
    place = func.row_number().over(
        partition_by=col(StatusRequest.project_id),
        order_by=(col(StatusRequest.opens_on).desc(), col(StatusRequest.id).desc()),
    )
    ranked = (
        select(
            *(StatusRequest.id, StatusRequest.project_id),  # type: ignore[call-overload]
            *(StatusRequest.opens_on, StatusRequest.state, place.label("place")),
        )
        .where(
            col(StatusRequest.project_id).in_(project_ids),
            col(StatusRequest.state).not_in((RequestState.PENDING, RequestState.ASKED)),
        )
        .subquery()
    )
    columns = (
        *(ranked.c.project_id, ranked.c.opens_on, ranked.c.state),
        *(StatusReport.health, StatusReport.rating, StatusReport.unchanged),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(ranked)
        .outerjoin(
            StatusReport, (col(StatusReport.request_id) == ranked.c.id) & is_newest_version()
        )
        .where(ranked.c.place <= limit)
        .order_by(ranked.c.project_id, ranked.c.place.desc())
    )
    return [PastRow(*row) for row in found.all()]


class CouncilRow(NamedTuple):
    """A council with its newest digest, if it has any."""

    council_id: int
    name: str
    channel_id: str
    channel_name: str
    digest_of: date | None
    """The nominal day of the cycle that it is about."""
    digest_at: datetime | None


async def councils_with_digest(
    session: AsyncSession, workspace_id: int, council_ids: Collection[int] | None
) -> list[CouncilRow]:
    """Councils by name, each with its newest digest; None: all of them."""
    other = aliased(Digest)
    newest = select(func.max(other.id)).where(other.council_id == col(Council.id)).scalar_subquery()
    columns = (
        *(Council.id, Council.name, Council.channel_id, Council.channel_name),
        *(Cycle.opens_on, Digest.composed_at),
    )
    statement = (
        select(*columns)  # type: ignore[call-overload]
        .select_from(Council)
        .outerjoin(Digest, col(Digest.id) == newest)
        .outerjoin(Cycle, col(Cycle.id) == Digest.cycle_id)
        .where(Council.workspace_id == workspace_id)
        .order_by(Council.name)
    )
    if council_ids is not None:
        statement = statement.where(col(Council.id).in_(council_ids))
    return [CouncilRow(*row) for row in (await session.exec(statement)).all()]


class RedRow(NamedTuple):
    """A project whose newest report is red."""

    project: Project
    pm: str
    opens_on: date


async def red_projects(session: AsyncSession, council_ids: Collection[int]) -> list[RedRow]:
    """The projects of some councils whose newest report is red, by code; only those asked."""
    newer = aliased(StatusReport)
    is_over = (
        select(newer.id)
        .where(
            newer.project_id == StatusReport.project_id,
            col(newer.opens_on) > StatusReport.opens_on,
        )
        .exists()
    )
    found = await session.exec(
        select(Project, Person.name, StatusReport.opens_on)  # type: ignore[call-overload]
        .join(StatusReport, col(StatusReport.project_id) == Project.id)
        .join(Person, col(Person.id) == Project.pm_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .where(
            col(Project.council_id).in_(council_ids),
            col(Phase.asked).is_(True),
            StatusReport.health == Health.RED,
            is_newest_version(),
            ~is_over,
        )
        .order_by(Project.code)
    )
    return [RedRow(*row) for row in found.all()]


class WatchedCycle(NamedTuple):
    """A cycle whose answers the PMO looks at."""

    cycle: Cycle
    council: str


async def watched_cycles(
    session: AsyncSession, workspace_id: int, council_ids: Collection[int]
) -> list[WatchedCycle]:
    """Of each council the newest cycle that is open and the last one that is not, open first."""

    def newest(condition: ColumnElement[bool]) -> Any:
        return (
            select(other.id)
            .where(other.council_id == Council.id, condition)
            .order_by(col(other.opens_on).desc(), col(other.id).desc())
            .limit(1)
            .scalar_subquery()
        )

    other = aliased(Cycle)
    is_open = col(other.state) == CycleState.OPEN
    is_over = col(other.state).in_((CycleState.CLOSED, CycleState.REPORTED))
    found = await session.exec(
        select(Cycle, Council.name)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            Cycle.workspace_id == workspace_id,
            col(Council.id).in_(council_ids),
            or_(col(Cycle.id) == newest(is_open), col(Cycle.id) == newest(is_over)),
        )
        .order_by(Council.name, col(Cycle.opens_on).desc())
    )
    return [WatchedCycle(*row) for row in found.all()]


async def watched_cycle(
    session: AsyncSession, workspace_id: int, cycle_id: int
) -> WatchedCycle | None:
    """One cycle with its council's name."""
    found = await session.exec(
        select(Cycle, Council.name)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(Cycle.workspace_id == workspace_id, Cycle.id == cycle_id)
    )
    row = found.first()
    return None if row is None else WatchedCycle(*row)


class ResponseRow(NamedTuple):
    """One project in a cycle, and how far its answer is."""

    cycle_id: int
    code: str
    name: str
    manager: str
    asked: str
    """Who is asked, or would have been."""
    state: RequestState
    reason: str
    asked_at: datetime | None
    answered_at: datetime | None
    """When its first version was given."""


async def responses(session: AsyncSession, cycle_ids: Collection[int]) -> list[ResponseRow]:
    """Everybody's answers in some cycles, by project: the columns alone."""
    manager, asked = aliased(Person), aliased(Person)
    columns = (
        *(StatusRequest.cycle_id, Project.code, Project.name, manager.name, asked.name),
        *(StatusRequest.state, StatusRequest.reason, StatusRequest.asked_at),
        StatusReport.submitted_at,
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(StatusRequest)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(manager, col(manager.id) == Project.pm_id)
        .join(asked, col(asked.id) == StatusRequest.person_id)
        .outerjoin(
            StatusReport,
            (col(StatusReport.request_id) == StatusRequest.id) & (col(StatusReport.version) == 1),
        )
        .where(col(StatusRequest.cycle_id).in_(cycle_ids))
        .order_by(Project.code)
    )
    return [ResponseRow(*row) for row in found.all()]


class WatchedRow(NamedTuple):
    """A project that the PMO has to look at."""

    code: str
    name: str
    council: str
    manager: str
    is_gone: bool
    """Its manager has left Slack."""
    deputy: str | None
    hold_until: date | None
    hold_reason: str
    misses: int
    """Cut-offs missed in a row."""


async def watched_projects(
    session: AsyncSession, workspace_id: int, today: date, silent_from: int
) -> list[WatchedRow]:
    """Projects that are silent, on hold or without a PM, of those that are asked, by code.

    A project is silent from so many misses in a row on, until something of it is answered.
    """
    manager, deputy, newer = aliased(Person), aliased(Person), aliased(StatusRequest)
    has_newer = (
        select(newer.id)
        .where(
            newer.project_id == StatusRequest.project_id,
            col(newer.opens_on) > StatusRequest.opens_on,
            col(newer.state).in_(
                (
                    RequestState.ANSWERED,
                    RequestState.UNCHANGED,
                    RequestState.LATE,
                    RequestState.MISSED,
                )
            ),
        )
        .exists()
    )
    columns = (
        *(Project.code, Project.name, Council.name, manager.name, manager.is_gone, deputy.name),
        *(Project.hold_until, Project.hold_reason, func.coalesce(StatusRequest.misses, 0)),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(Project)
        .join(Council, col(Council.id) == Project.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(manager, col(manager.id) == Project.pm_id)
        .outerjoin(deputy, (col(deputy.id) == Project.deputy_id) & col(deputy.is_gone).is_(False))
        .outerjoin(
            StatusRequest,
            (col(StatusRequest.project_id) == Project.id)
            & (col(StatusRequest.state) == RequestState.MISSED)
            & (col(StatusRequest.misses) >= silent_from)
            & ~has_newer,
        )
        .where(
            Project.workspace_id == workspace_id,
            col(Phase.asked).is_(True),
            or_(
                col(manager.is_gone).is_(True),
                col(Project.hold_until) >= today,
                col(StatusRequest.id).is_not(None),
            ),
        )
        .order_by(Project.code)
    )
    return [WatchedRow(*row) for row in found.all()]

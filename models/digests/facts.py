"""What a digest is composed from."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting import Cycle, StatusReport, StatusRequest, is_newest_version
from models.digests.setbacks import is_not_put_off
from models.digests.tables import DigestPreview
from models.enums import Composing, CycleState, Health, RequestState, Visibility
from models.portfolio import Council, Person, Project


class CycleCouncil(NamedTuple):
    """A cycle with its council."""

    cycle: Cycle
    council: Council


class AskedProject(NamedTuple):
    """A project that a cycle asked: the columns alone, for there may be thousands."""

    project_id: int
    code: str
    name: str
    visibility: Visibility
    pm: str
    state: RequestState
    reason: str


class EarlierReport(NamedTuple):
    """The gist of an answer of an earlier cycle: the columns alone, as above."""

    project_id: int
    opens_on: date
    health: Health
    milestone: str
    milestone_forecast: date | None
    phase: str = ""
    percent_complete: int | None = None


def is_released(now: datetime) -> ColumnElement[bool]:
    """The condition that nobody looks at a cycle's digest first, or that it is let go by now."""
    let_go = exists().where(
        col(DigestPreview.cycle_id) == Cycle.id, col(DigestPreview.release_at) <= now
    )
    return or_(col(Cycle.preview_at).is_(None), let_go)


async def cycles_to_report(
    session: AsyncSession, workspace_id: int, now: datetime, *, locked: bool = False
) -> list[CycleCouncil]:
    """Closed cycles whose digest is due, oldest first; one of them."""
    statement = (
        select(Cycle, Council)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            Cycle.workspace_id == workspace_id,
            Cycle.state == CycleState.CLOSED,
            Cycle.digest_at <= now,
            is_released(now),
            is_not_put_off(Composing.DIGEST, col(Cycle.id), now),
        )
        .order_by(col(Cycle.digest_at), col(Cycle.id))
        .limit(1)
    )
    if locked:
        statement = statement.with_for_update(of=Cycle, skip_locked=True)
    return [CycleCouncil(*row) for row in (await session.exec(statement)).all()]


async def cycles_to_amend(
    session: AsyncSession, workspace_id: int, now: datetime, *, locked: bool = False
) -> list[CycleCouncil]:
    """Reported cycles with an answer that their digest does not tell of; one of them."""
    statement = (
        select(Cycle, Council)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            Cycle.workspace_id == workspace_id,
            col(Cycle.late_answer_at).is_not(None),
            is_not_put_off(Composing.AMENDMENT, col(Cycle.id), now),
        )
        .order_by(col(Cycle.late_answer_at), col(Cycle.id))
        .limit(1)
    )
    if locked:
        statement = statement.with_for_update(of=Cycle, skip_locked=True)
    return [CycleCouncil(*row) for row in (await session.exec(statement)).all()]


async def cycle_council(session: AsyncSession, cycle_id: int) -> CycleCouncil | None:
    """One cycle with its council."""
    found = await session.exec(
        select(Cycle, Council)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(Cycle.id == cycle_id)
    )
    row = found.first()
    return None if row is None else CycleCouncil(*row)


def _is_told(cycle: Cycle) -> ColumnElement[bool]:
    """The condition that a cycle's council may know of a project that it asked.

    A restricted one that has moved to another council does not exist for this one any more.
    """
    return or_(
        col(Project.visibility) == Visibility.OPEN, col(Project.council_id) == cycle.council_id
    )


async def asked_projects(session: AsyncSession, cycle: Cycle) -> list[AskedProject]:
    """The projects that a cycle asked, by code."""
    columns = (
        Project.id,
        Project.code,
        Project.name,
        Project.visibility,
        Person.name,
        StatusRequest.state,
        StatusRequest.reason,
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(StatusRequest)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Person, col(Person.id) == Project.pm_id)
        .where(StatusRequest.cycle_id == cycle.pk, _is_told(cycle))
        .order_by(Project.code)
    )
    return [AskedProject(*row) for row in found.all()]


async def cycle_reports(
    session: AsyncSession, cycle_id: int
) -> dict[int, tuple[StatusReport, str]]:
    """The newest version of each answer of a cycle and its author's name, by project."""
    found = await session.exec(
        select(StatusReport, Person.name)
        .join(StatusRequest, col(StatusRequest.id) == StatusReport.request_id)
        .join(Person, col(Person.id) == StatusReport.author_id)
        .where(StatusRequest.cycle_id == cycle_id, is_newest_version())
    )
    return {report.project_id: (report, author) for report, author in found.all()}


async def reports_told(
    session: AsyncSession, cycle_id: int, report_ids: Collection[int]
) -> dict[int, StatusReport]:
    """Those versions of a cycle's answers that a digest was composed from, by project."""
    found = await session.exec(
        select(StatusReport)
        .join(StatusRequest, col(StatusRequest.id) == StatusReport.request_id)
        .where(StatusRequest.cycle_id == cycle_id)
    )
    wanted = set(report_ids)  # here, for a statement holds no more than some thousand values
    return {each.project_id: each for each in found.all() if each.id in wanted}


async def earlier_reports(
    session: AsyncSession, cycle: Cycle, since: date, as_of: datetime | None = None
) -> list[EarlierReport]:
    """The answers of a cycle's projects from a day to before it, newest first.

    Args:
        session: a transaction.
        cycle: the cycle that asked the projects.
        since: the first ask day.
        as_of: look at the record as it stood at this instant; None: as it stands.
    """
    columns = (
        StatusReport.project_id,
        StatusReport.opens_on,
        StatusReport.health,
        StatusReport.milestone,
        StatusReport.milestone_forecast,
        StatusReport.phase,
        StatusReport.percent_complete,
    )
    asked = select(StatusRequest.project_id).where(StatusRequest.cycle_id == cycle.pk)
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .where(
            col(StatusReport.project_id).in_(asked),
            col(StatusReport.opens_on) >= since,
            col(StatusReport.opens_on) < cycle.opens_on,
            is_newest_version() if as_of is None else _was_newest_version(as_of),
        )
        .order_by(col(StatusReport.project_id), col(StatusReport.opens_on).desc())
    )
    return [EarlierReport(*row) for row in found.all()]


def _was_newest_version(as_of: datetime) -> ColumnElement[bool]:
    """The condition that a report was the newest version of its answer at an instant."""
    other = aliased(StatusReport)
    newest = (
        select(func.max(other.version))
        .where(other.request_id == StatusReport.request_id, other.submitted_at <= as_of)
        .scalar_subquery()
    )
    return col(StatusReport.version) == newest


async def cycles_before(session: AsyncSession, cycle: Cycle, since: date) -> Sequence[Cycle]:
    """The council's cycles from a day to before this one, newest first."""
    found = await session.exec(
        select(Cycle)
        .where(
            Cycle.council_id == cycle.council_id,
            col(Cycle.opens_on) >= since,
            col(Cycle.opens_on) < cycle.opens_on,
            Cycle.state != CycleState.SKIPPED,
        )
        .order_by(col(Cycle.opens_on).desc())
    )
    return found.all()


async def health_counts(
    session: AsyncSession, cycle: Cycle
) -> list[tuple[Visibility, Health | None, int]]:
    """How many projects of a cycle have which health, by visibility; None for no answer."""
    found = await session.exec(
        select(Project.visibility, StatusReport.health, func.count())
        .select_from(StatusRequest)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .outerjoin(
            StatusReport,
            (col(StatusReport.request_id) == StatusRequest.id) & is_newest_version(),
        )
        .where(StatusRequest.cycle_id == cycle.pk, _is_told(cycle))
        .group_by(col(Project.visibility), col(StatusReport.health))
    )
    return [
        (Visibility(visibility), Health(health) if health else None, number)
        for visibility, health, number in found.all()
    ]

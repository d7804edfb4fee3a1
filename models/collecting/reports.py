"""Queries about status reports."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    func,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.tables import StatusReport, StatusRequest
from models.portfolio import Project


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

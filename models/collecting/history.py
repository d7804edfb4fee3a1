"""Queries about what was reported before: for comparing, and for looking back."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.reports import is_newest_version
from models.collecting.tables import Cycle, StatusReport, StatusRequest
from models.enums import ReportSource, RequestState
from models.portfolio import Person


async def written_before(
    session: AsyncSession, project_id: int, opens_on: date, limit: int
) -> Sequence[StatusReport]:
    """A project's reports of earlier cycles that somebody wrote, newest version each, newest first.

    A press of *No change* is none: it says the same by its nature.
    """
    found = await session.exec(
        select(StatusReport)
        .where(
            StatusReport.project_id == project_id,
            StatusReport.opens_on < opens_on,
            StatusReport.source != ReportSource.NO_CHANGE,
            is_newest_version(),
        )
        .order_by(col(StatusReport.opens_on).desc(), col(StatusReport.id).desc())
        .limit(limit)
    )
    return found.all()


class HistoryRow(NamedTuple):
    """A version of an answer with what it answers; without a report, what nobody answered."""

    request: StatusRequest
    cycle: Cycle
    report: StatusReport | None
    author: str | None


async def history_rows(session: AsyncSession, project_id: int) -> list[HistoryRow]:
    """Every version of every answer of a project, newest first, and the requests without one.

    What is only planned is not history yet.
    """
    found = await session.exec(
        select(StatusRequest, Cycle, StatusReport, Person.name)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .outerjoin(StatusReport, col(StatusReport.request_id) == StatusRequest.id)
        .outerjoin(Person, col(Person.id) == StatusReport.author_id)
        .where(
            StatusRequest.project_id == project_id,
            or_(
                col(StatusRequest.state) != RequestState.PENDING, col(StatusReport.id).is_not(None)
            ),
        )
        .order_by(
            col(StatusRequest.opens_on).desc(),
            col(StatusRequest.id).desc(),
            col(StatusReport.version).desc(),
        )
    )
    return [HistoryRow(*row) for row in found.all()]


async def versions_in_cycle(
    session: AsyncSession, cycle_id: int, project_ids: Collection[int]
) -> Sequence[StatusReport]:
    """Every version of the answers of some projects in a cycle."""
    found = await session.exec(
        select(StatusReport)
        .join(StatusRequest, col(StatusRequest.id) == StatusReport.request_id)
        .where(StatusRequest.cycle_id == cycle_id, col(StatusRequest.project_id).in_(project_ids))
    )
    return found.all()

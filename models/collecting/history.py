"""Queries about what was reported before: for comparing, and for looking back."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.reports import is_newest_version
from models.collecting.tables import StatusReport
from models.enums import ReportSource


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

"""Queries about the versions of one answer."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.tables import StatusReport


async def versions_of(session: AsyncSession, request_id: int) -> Sequence[StatusReport]:
    """All versions of the answer to a request, oldest first."""
    found = await session.exec(
        select(StatusReport)
        .where(StatusReport.request_id == request_id)
        .order_by(col(StatusReport.version))
    )
    return found.all()

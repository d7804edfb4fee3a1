"""The queries of reminding: the windows of requests, and who is to be reminded."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendar import ReportingCalendar
from models.collecting.tables import Cycle


class ReminderWindow(NamedTuple):
    """Until when a cycle's requests are reminded of, and at which steps."""

    cut_off_at: datetime
    steps: list[str]
    """As the council's calendar writes them: `24h`, `80%`."""


async def reminder_windows(
    session: AsyncSession, cycle_ids: Collection[int]
) -> dict[int, ReminderWindow]:
    """The windows of cycles; one whose council has no calendar any more has no steps."""
    found = await session.exec(
        select(Cycle.id, Cycle.cut_off_at, ReportingCalendar.remind_after)
        .join(
            ReportingCalendar,
            col(ReportingCalendar.council_id) == Cycle.council_id,
            isouter=True,
        )
        .where(col(Cycle.id).in_(cycle_ids))
    )
    return {
        number: ReminderWindow(cut_off_at, list(steps or ()))
        for number, cut_off_at, steps in found.all()
        if number is not None
    }

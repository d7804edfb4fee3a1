"""Tables of the room `calendar`: when a council's reports are asked for, cut off and read."""

from datetime import date, time
from typing import NamedTuple

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row
from models.portfolio import Council


class ReportingCalendar(Row, table=True):
    """A council's reporting rhythm, as wall time and rule; `domain.calendar.rules` reads it."""

    __tablename__ = "reporting_calendar"
    __table_args__ = (UniqueConstraint("council_id"),)

    council_id: int = Field(foreign_key="council.id")
    every: str
    """An iCalendar recurrence rule."""
    first: date
    ask_at: time
    remind_after: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    cut_off: str
    """`+2d 15:00`: working days after the ask day, and the wall time there."""
    digest: str
    freeze: str | None = None


class CouncilCalendar(NamedTuple):
    """A council with its rhythm."""

    council: Council
    calendar: ReportingCalendar


async def council_calendars(session: AsyncSession, workspace_id: int) -> list[CouncilCalendar]:
    """Every council that has a reporting calendar, by name."""
    found = await session.exec(
        select(Council, ReportingCalendar)
        .join(ReportingCalendar, col(ReportingCalendar.council_id) == Council.id)
        .where(Council.workspace_id == workspace_id)
        .order_by(Council.name)
    )
    return [CouncilCalendar(*row) for row in found.all()]

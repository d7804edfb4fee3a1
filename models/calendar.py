"""Tables of the room `calendar`: when a council's reports are asked for, cut off and read."""

from datetime import date, time

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from models.base import Row


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

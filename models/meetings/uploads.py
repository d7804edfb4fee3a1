"""Calendar files that people have uploaded; the newest of a council counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row


class UploadedCalendar(Row, table=True):
    """A calendar file that a council's meetings follow, until it is taken back or replaced."""

    __tablename__ = "uploaded_calendar"

    council_id: int = Field(foreign_key="council.id", index=True)
    name: str
    """The file's."""
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    uploaded_by_id: int = Field(foreign_key="person.id")
    uploaded_at: datetime
    ended_at: datetime | None = None
    """Replaced or taken back."""


async def followed_calendars(
    session: AsyncSession, workspace_id: int, council_id: int | None = None
) -> Sequence[UploadedCalendar]:
    """The calendar files that councils follow now; of one council, or of all."""
    statement = select(UploadedCalendar).where(
        UploadedCalendar.workspace_id == workspace_id, col(UploadedCalendar.ended_at).is_(None)
    )
    if council_id is not None:
        statement = statement.where(UploadedCalendar.council_id == council_id)
    return (await session.exec(statement.order_by(col(UploadedCalendar.id)))).all()

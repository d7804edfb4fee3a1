"""Who comes to a meeting, who stands in for whom, and who was there."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import Rsvp
from models.meetings.tables import Meeting
from models.portfolio import CouncilMember, Person


class Attendance(Row, table=True):
    """What is known of one member's coming to one meeting; no row: nothing."""

    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    """The member."""
    rsvp: Rsvp = Field(default=Rsvp.NONE, sa_column=Column(EnumText(Rsvp), nullable=False))
    alternate_id: int | None = Field(default=None, foreign_key="person.id")
    """Who comes instead, and votes with the member's vote."""
    apology: str = ""
    replied_at: datetime | None = None
    said_for: datetime | None = None
    """When the meeting was to begin as they said it: of another time they have said nothing."""
    opened_at: datetime | None = None
    """They have pressed *Open the pack*."""
    present_from: datetime | None = None
    """The member, or their alternate, is or was there."""
    present_until: datetime | None = None


class SeatRow(NamedTuple):
    """A member of a council, and what is known of their coming to one meeting."""

    member: CouncilMember
    person: Person
    attendance: Attendance | None


async def seat_rows_of(session: AsyncSession, council_id: int, meeting_id: int) -> list[SeatRow]:
    """The members of a council, and what they have said about a meeting, by their names."""
    statement = (
        select(CouncilMember, Person, Attendance)
        .join(Person, col(Person.id) == CouncilMember.person_id)
        .outerjoin(
            Attendance,
            (col(Attendance.person_id) == Person.id) & (col(Attendance.meeting_id) == meeting_id),
        )
        .where(CouncilMember.council_id == council_id)
        .order_by(col(Person.name), col(Person.id))
    )
    return [SeatRow(*row) for row in (await session.exec(statement)).all()]


async def attendances_of(session: AsyncSession, meeting_id: int) -> Sequence[Attendance]:
    """All that is known of who comes to a meeting, also of who is no member any more."""
    found = await session.exec(
        select(Attendance)
        .where(Attendance.meeting_id == meeting_id)
        .order_by(col(Attendance.person_id))
    )
    return found.all()


async def attendance_of(
    session: AsyncSession, meeting_id: int, person_id: int
) -> Attendance | None:
    """What is known of one member; the meeting's row is locked before it is changed."""
    found = await session.exec(
        select(Attendance).where(
            Attendance.meeting_id == meeting_id, Attendance.person_id == person_id
        )
    )
    return found.first()


class OwnRow(NamedTuple):
    """A meeting in which somebody has a seat of their own, and what they have said."""

    meeting: Meeting
    attendance: Attendance | None


async def own_rows_of(
    session: AsyncSession, person_id: int, meeting_ids: Collection[int]
) -> list[OwnRow]:
    """The meetings among some in which somebody has a seat."""
    found = await session.exec(
        select(Meeting, Attendance)
        .join(CouncilMember, col(CouncilMember.council_id) == Meeting.council_id)
        .outerjoin(
            Attendance,
            (col(Attendance.meeting_id) == Meeting.id)
            & (col(Attendance.person_id) == CouncilMember.person_id),
        )
        .where(CouncilMember.person_id == person_id, col(Meeting.id).in_(meeting_ids))
    )
    return [OwnRow(*row) for row in found.all()]

"""What was read before a meeting, as it froze, and who wants it as a direct message."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, UniqueConstraint, func, or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row
from models.collecting import Cycle
from models.delivery import Delivery
from models.enums import CycleState, LogKind, LogState, MeetingState, Visibility
from models.logs import LogEntry
from models.meetings.decisions import Decision
from models.meetings.tables import Meeting
from models.portfolio import Council, Person, Project


class PreRead(Row, table=True):
    """The call to a meeting, and the pack as it froze; a meeting has one at most."""

    __tablename__ = "pre_read"
    __table_args__ = (UniqueConstraint("meeting_id"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    channel_id: str
    """Where the call stands: the council may read elsewhere by now."""
    called_for: datetime
    """When the meeting was to begin then."""
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """All of the pack; `domain.meetings.pre_read.values.Pack` as plain values."""
    told: str = ""
    """What decided about the packs as they were said last: while it is the same, they are."""


class PackWish(Row, table=True):
    """Somebody who wants the packs of a council as direct messages."""

    __tablename__ = "pack_wish"
    __table_args__ = (UniqueConstraint("person_id", "council_id"),)

    person_id: int = Field(foreign_key="person.id")
    council_id: int = Field(foreign_key="council.id", index=True)
    since: datetime


async def pre_read_of(session: AsyncSession, meeting_id: int) -> PreRead | None:
    """What was read before a meeting; None: nobody was called yet."""
    found = await session.exec(select(PreRead).where(PreRead.meeting_id == meeting_id))
    return found.first()


async def pack_wish_of(session: AsyncSession, person_id: int, council_id: int) -> PackWish | None:
    """Somebody's wish for the packs of a council."""
    found = await session.exec(
        select(PackWish).where(PackWish.person_id == person_id, PackWish.council_id == council_id)
    )
    return found.first()


async def pack_readers(session: AsyncSession, council: Council) -> Sequence[Person]:
    """Who gets the packs of a council as direct messages: its chair, and who wants them."""
    wanted = select(PackWish.person_id).where(PackWish.council_id == council.pk)
    found = await session.exec(
        select(Person)
        .where(
            or_(col(Person.id) == council.chair_id, col(Person.id).in_(wanted)),
            col(Person.is_gone).is_(False),
            col(Person.is_guest).is_(False),
        )
        .order_by(col(Person.id))
    )
    return found.all()


async def people_told(session: AsyncSession, workspace_id: int, prefix: str) -> Sequence[int]:
    """To whom something was said under keys that begin so, by number."""
    found = await session.exec(
        select(Delivery.person_id).where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.key).startswith(prefix, autoescape=True),
            Delivery.part == 0,
        )
    )
    return sorted(each for each in found.all() if each is not None)


async def newest_told_cycle(session: AsyncSession, council_id: int) -> Cycle | None:
    """The newest cycle of a council whose digest was posted."""
    found = await session.exec(
        select(Cycle)
        .where(Cycle.council_id == council_id, Cycle.state == CycleState.REPORTED)
        .order_by(col(Cycle.opens_on).desc(), col(Cycle.id).desc())
        .limit(1)
    )
    return found.first()


class WaitingRow(NamedTuple):
    """An open action or decision needed, with whose it is."""

    entry: LogEntry
    project: Project | None
    owner: Person | None


async def waiting_rows(session: AsyncSession, council_id: int) -> list[WaitingRow]:
    """The open actions and decisions needed of a council and its projects, earliest due first."""
    is_own = (col(LogEntry.project_id).is_(None)) & (col(LogEntry.council_id) == council_id)
    found = await session.exec(
        select(LogEntry, Project, Person)
        .outerjoin(Project, col(Project.id) == LogEntry.project_id)
        .outerjoin(Person, col(Person.id) == LogEntry.owner_id)
        .where(
            or_(col(Project.council_id) == council_id, is_own),
            col(LogEntry.kind).in_((LogKind.ACTION, LogKind.DECISION)),
            LogEntry.state == LogState.OPEN,
        )
        .order_by(col(LogEntry.due_on).is_(None), col(LogEntry.due_on), col(LogEntry.id))
    )
    return [WaitingRow(*row) for row in found.all()]


class DecidedRow(NamedTuple):
    """A decision, with the project that it is about."""

    decision: Decision
    project: Project | None


async def decided_since(session: AsyncSession, meeting: Meeting) -> list[DecidedRow]:
    """What a council has decided from the beginning of its meeting before this one, oldest first.

    All that it ever has, where none was opened before.
    """
    before = (
        select(func.max(Meeting.started_at))
        .where(Meeting.council_id == meeting.council_id, Meeting.id != meeting.pk)
        .scalar_subquery()
    )
    found = await session.exec(
        select(Decision, Project)
        .outerjoin(Project, col(Project.id) == Decision.project_id)
        .where(
            Decision.council_id == meeting.council_id,
            or_(before.is_(None), col(Decision.decided_at) >= before),
        )
        .order_by(col(Decision.number))
    )
    return [DecidedRow(*row) for row in found.all()]


async def restricted_ids(session: AsyncSession, workspace_id: int) -> frozenset[int]:
    """The projects of which not everybody may know, by number."""
    found = await session.exec(
        select(Project.id).where(
            Project.workspace_id == workspace_id, Project.visibility == Visibility.RESTRICTED
        )
    )
    return frozenset(each for each in found.all() if each is not None)


async def newest_called(session: AsyncSession, council_ids: Collection[int]) -> int | None:
    """The meeting whose pack some councils have read last, by number."""
    found = await session.exec(
        select(Meeting.id)
        .join(PreRead, col(PreRead.meeting_id) == Meeting.id)
        .where(col(Meeting.council_id).in_(council_ids), Meeting.state != MeetingState.DROPPED)
        .order_by(col(Meeting.frozen_at).desc(), col(Meeting.id).desc())
        .limit(1)
    )
    return found.first()

"""The minutes of meetings: every version, and what is objected to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import LogKind, MeetingState, MinutesState
from models.logs import LogEntry
from models.meetings.ballots import Ballot
from models.meetings.decisions import Decision, DecisionAction
from models.meetings.tables import Meeting
from models.portfolio import Person, Project


class MinutesVersion(Row, table=True):
    """One version of a meeting's minutes; none is ever changed but in its state."""

    __tablename__ = "minutes_version"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    version: int
    state: MinutesState = Field(sa_column=Column(EnumText(MinutesState), nullable=False))
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """All that it says; `domain.meetings.minutes.values.Minutes` as plain values."""
    written_by_id: int | None = Field(default=None, foreign_key="person.id")
    """None: drafted from the record."""
    written_at: datetime
    posted_at: datetime | None = None
    objections_until: datetime | None = None
    approved_at: datetime | None = None
    approved_in_id: int | None = Field(default=None, foreign_key="meeting.id")


class Objection(Row, table=True):
    """What somebody has against the posted minutes."""

    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    version: int
    person_id: int = Field(foreign_key="person.id")
    text: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")


class MadeRow(NamedTuple):
    """A decision with its project."""

    decision: Decision
    project: Project | None


class GivenRow(NamedTuple):
    """An action that was given out, with what the minutes tell of it."""

    entry: LogEntry
    project: Project | None
    owner: Person | None
    origin: DecisionAction | None
    """Which decision it comes of."""


async def made_in(session: AsyncSession, meeting_id: int) -> list[MadeRow]:
    """What a meeting decided, in the order in which it did."""
    found = await session.exec(
        select(Decision, Project)
        .outerjoin(Project, col(Project.id) == Decision.project_id)
        .where(Decision.meeting_id == meeting_id)
        .order_by(col(Decision.number))
    )
    return [MadeRow(*row) for row in found.all()]


async def made_out_of_cycle(
    session: AsyncSession, meeting_id: int, ballot_ids: Collection[int]
) -> list[MadeRow]:
    """What was decided by votes out of cycle that a meeting took note of.

    Args:
        session: a reading or a writing one.
        meeting_id: the meeting.
        ballot_ids: votes that stood on its agenda.
    """
    found = await session.exec(
        select(Decision, Project)
        .join(Ballot, col(Ballot.id) == Decision.ballot_id)
        .outerjoin(Project, col(Project.id) == Decision.project_id)
        .where(or_(Ballot.noted_meeting_id == meeting_id, col(Ballot.id).in_(ballot_ids)))
        .order_by(col(Decision.number))
    )
    return [MadeRow(*row) for row in found.all()]


async def given_in(session: AsyncSession, meeting_id: int) -> list[GivenRow]:
    """The actions that a meeting gave out, earliest due first."""
    found = await session.exec(
        select(LogEntry, Project, Person, DecisionAction)
        .outerjoin(Project, col(Project.id) == LogEntry.project_id)
        .outerjoin(Person, col(Person.id) == LogEntry.owner_id)
        .outerjoin(DecisionAction, col(DecisionAction.log_entry_id) == LogEntry.id)
        .where(LogEntry.meeting_id == meeting_id, LogEntry.kind == LogKind.ACTION)
        .order_by(col(LogEntry.due_on).is_(None), col(LogEntry.due_on), col(LogEntry.id))
    )
    return [GivenRow(*row) for row in found.all()]


async def next_meeting_of(
    session: AsyncSession, council_id: int, after: datetime
) -> Meeting | None:
    """The council's next meeting that takes place."""
    found = await session.exec(
        select(Meeting)
        .where(
            Meeting.council_id == council_id,
            Meeting.state == MeetingState.PLANNED,
            col(Meeting.starts_at) > after,
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return found.first()


async def versions_of(session: AsyncSession, meeting_id: int) -> Sequence[MinutesVersion]:
    """All versions of a meeting's minutes, the newest first."""
    found = await session.exec(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting_id)
        .order_by(col(MinutesVersion.version).desc())
    )
    return found.all()


async def objections_of(session: AsyncSession, meeting_id: int) -> Sequence[Objection]:
    """What was objected to the minutes of a meeting, the oldest first."""
    found = await session.exec(
        select(Objection).where(Objection.meeting_id == meeting_id).order_by(col(Objection.id))
    )
    return found.all()


async def objection_by_id(
    session: AsyncSession, workspace_id: int, objection_id: int
) -> Objection | None:
    """The objection of a number, as buttons carry it."""
    found = await session.exec(
        select(Objection).where(
            Objection.workspace_id == workspace_id, Objection.id == objection_id
        )
    )
    return found.first()


async def meetings_with_minutes(
    session: AsyncSession, council_ids: Collection[int]
) -> Sequence[int]:
    """The meetings of some councils whose minutes are drafted, the newest first."""
    drafted = select(MinutesVersion.meeting_id)
    found = await session.exec(
        select(Meeting.id)
        .where(col(Meeting.council_id).in_(council_ids), col(Meeting.id).in_(drafted))
        .order_by(col(Meeting.starts_at).desc(), col(Meeting.id).desc())
    )
    return [each for each in found.all() if each is not None]


async def ends_and_posts(
    session: AsyncSession, council_id: int, since: datetime, until: datetime
) -> list[tuple[datetime, datetime | None]]:
    """When the meetings of a time ended, and when their minutes were posted, if they were.

    Args:
        session: a reading or a writing one.
        council_id: the council.
        since: of the first end.
        until: before this instant.
    """
    found = await session.exec(
        select(Meeting.ended_at, Meeting.minutes_posted_at)
        .where(
            Meeting.council_id == council_id,
            col(Meeting.ended_at) >= since,
            col(Meeting.ended_at) < until,
        )
        .order_by(col(Meeting.ended_at))
    )
    return [(ended, posted) for ended, posted in found.all() if ended is not None]

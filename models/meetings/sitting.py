"""What a meeting that runs looks up: who did what last, what was recorded."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import ErrandKind, LogKind, MeetingState
from models.logs import LogEntry
from models.meetings.agenda import AgendaItem
from models.meetings.decisions import Decision
from models.meetings.minutes import MinutesVersion
from models.meetings.tables import Errand, Meeting
from models.portfolio import AuditEntry, Person, Project


class DidRow(NamedTuple):
    """An entry of the audit, and who it was, if it was a person."""

    entry: AuditEntry
    person: Person | None


async def last_done(
    session: AsyncSession, workspace_id: int, subject: str, fields: Collection[str]
) -> DidRow | None:
    """The newest entry of the audit about a subject, of some fields."""
    found = await session.exec(
        select(AuditEntry, Person)
        .outerjoin(
            Person,
            (col(Person.slack_id) == AuditEntry.actor)
            & (col(Person.workspace_id) == AuditEntry.workspace_id),
        )
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.subject == subject,
            col(AuditEntry.field).in_(fields),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    row = found.first()
    return None if row is None else DidRow(*row)


async def council_of_meeting(
    session: AsyncSession, workspace_id: int, meeting_id: int
) -> int | None:
    """Whose meeting it is: what is locked before the meeting itself."""
    found = await session.exec(
        select(Meeting.council_id).where(
            Meeting.workspace_id == workspace_id, Meeting.id == meeting_id
        )
    )
    return found.first()


async def forget_errands(
    session: AsyncSession, meeting_id: int, kinds: Collection[ErrandKind]
) -> None:
    """Have errands of a meeting done once more."""
    await session.exec(
        delete(Errand).where(col(Errand.meeting_id) == meeting_id, col(Errand.kind).in_(kinds))
    )


class DecisionRow(NamedTuple):
    """A decision, and the project that it is about."""

    decision: Decision
    project: Project | None


async def decisions_of_meeting(session: AsyncSession, meeting_id: int) -> list[DecisionRow]:
    """What was decided in a meeting, in the order of recording."""
    found = await session.exec(
        select(Decision, Project)
        .outerjoin(Project, col(Project.id) == Decision.project_id)
        .where(Decision.meeting_id == meeting_id)
        .order_by(col(Decision.number))
    )
    return [DecisionRow(*row) for row in found.all()]


async def decisions_since(
    session: AsyncSession, council_id: int, meeting_id: int | None, since: datetime
) -> list[DecisionRow]:
    """What a council has decided lately, in one meeting or (None) outside of any."""
    found = await session.exec(
        select(Decision, Project)
        .outerjoin(Project, col(Project.id) == Decision.project_id)
        .where(
            Decision.council_id == council_id,
            col(Decision.meeting_id) == meeting_id
            if meeting_id is not None
            else col(Decision.meeting_id).is_(None),
            col(Decision.decided_at) >= since,
        )
        .order_by(col(Decision.number))
    )
    return [DecisionRow(*row) for row in found.all()]


class ActionRow(NamedTuple):
    """An action, its project and its owner."""

    entry: LogEntry
    project: Project | None
    owner: Person | None


async def actions_of_meeting(session: AsyncSession, meeting_id: int) -> list[ActionRow]:
    """What was given out in a meeting, in the order of recording."""
    found = await session.exec(
        select(LogEntry, Project, Person)
        .outerjoin(Project, col(Project.id) == LogEntry.project_id)
        .outerjoin(Person, col(Person.id) == LogEntry.owner_id)
        .where(LogEntry.meeting_id == meeting_id, LogEntry.kind == LogKind.ACTION)
        .order_by(col(LogEntry.id))
    )
    return [ActionRow(*row) for row in found.all()]


async def running_meetings(session: AsyncSession, workspace_id: int) -> Sequence[Meeting]:
    """The meetings that are open now, the one that was opened last first."""
    found = await session.exec(
        select(Meeting)
        .where(
            Meeting.workspace_id == workspace_id,
            Meeting.state == MeetingState.PLANNED,
            col(Meeting.started_at).is_not(None),
            col(Meeting.ended_at).is_(None),
        )
        .order_by(col(Meeting.started_at).desc(), col(Meeting.id))
    )
    return found.all()


async def has_posted_minutes(session: AsyncSession, meeting_id: int) -> bool:
    """Whether people read a meeting's minutes."""
    found = await session.exec(
        select(MinutesVersion.id).where(
            MinutesVersion.meeting_id == meeting_id, col(MinutesVersion.posted_at).is_not(None)
        )
    )
    return found.first() is not None


async def decided_items(session: AsyncSession, meeting_id: int) -> frozenset[int]:
    """The items of an agenda about which a meeting has decided something."""
    found = await session.exec(
        select(Decision.agenda_item_id).where(
            Decision.meeting_id == meeting_id, col(Decision.agenda_item_id).is_not(None)
        )
    )
    return frozenset(each for each in found.all() if each is not None)


async def items_carried_from(
    session: AsyncSession, item_ids: Collection[int]
) -> Sequence[AgendaItem]:
    """Where items have gone on: later items that know them as what they come from."""
    found = await session.exec(
        select(AgendaItem)
        .where(col(AgendaItem.carried_from_id).in_(item_ids))
        .order_by(col(AgendaItem.id))
    )
    return found.all()

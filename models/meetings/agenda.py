"""Agendas: the items of a meeting, and those that wait for one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Column, Index, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.base import EnumText, Row
from models.collecting import StatusRequest
from models.enums import (
    ItemState,
    LogKind,
    LogState,
    MeetingState,
    Purpose,
    RequestState,
)
from models.logs import LogEntry
from models.meetings.minutes import MinutesVersion
from models.meetings.tables import Meeting
from models.portfolio import AuditEntry, Person, Project


class AgendaItem(Row, table=True):
    """One item of a council's agenda, or of its backlog."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_meeting", "meeting_id", "position"),
        Index("ix_agenda_item_council", "council_id", "state"),
    )

    council_id: int = Field(foreign_key="council.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    """None: it waits in the backlog."""
    position: int = 0
    """Its place within the meeting; gaps are allowed."""
    purpose: Purpose = Field(sa_column=Column(EnumText(Purpose), nullable=False))
    title: str
    text: str = ""
    """What there is to know before."""
    minutes: int = 0
    """0: it takes no time of its own, as a consent item."""
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    project_id: int | None = Field(default=None, foreign_key="project.id")
    log_entry_id: int | None = Field(default=None, foreign_key="log_entry.id")
    """The decision needed, or the action, that it is about."""
    source: str = ""
    """What it was built from: `red:42`; empty: somebody wrote it."""
    state: ItemState = Field(
        default=ItemState.OPEN, sa_column=Column(EnumText(ItemState), nullable=False)
    )
    is_consent: bool = False
    """Routine: agreed together with the others of the block, unless a member pulls it out."""
    is_late: bool = False
    """It came after the pack had gone out, with the chair's consent."""
    carried_from_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    added_by_id: int | None = Field(default=None, foreign_key="person.id")
    """None: it was built from what is due."""
    added_at: datetime
    started_at: datetime | None = None
    """When it became the current item."""
    ended_at: datetime | None = None
    note: str = ""
    """What came of it, for the minutes; why it was removed."""
    revision: int = 1


class ItemRow(NamedTuple):
    """An item with what nearly everybody needs beside it."""

    item: AgendaItem
    project: Project | None
    owner: Person | None
    added_by: Person | None = None
    before: ItemState | None = None
    """What became of it on the agenda that it was carried on from."""


_GONE: Final = (ItemState.REMOVED, ItemState.CARRIED, ItemState.WAITING)
"""What is on no agenda that anybody is shown."""

_NO_MORE: Final = (MeetingState.CANCELLED, MeetingState.DROPPED)


async def item_rows_of(
    session: AsyncSession, meeting_id: int, *, with_gone: bool = False
) -> list[ItemRow]:
    """The agenda of a meeting, in its order.

    With what was removed or carried on, or waits, if that is wanted.
    """
    statement = _rows().where(AgendaItem.meeting_id == meeting_id)
    if not with_gone:
        statement = statement.where(col(AgendaItem.state).not_in(_GONE))
    return await _found(session, statement.order_by(*_IN_ORDER))


async def backlog_rows_of(session: AsyncSession, council_id: int) -> list[ItemRow]:
    """What waits for an agenda of a council, oldest first."""
    statement = _rows().where(
        AgendaItem.council_id == council_id,
        col(AgendaItem.meeting_id).is_(None),
        AgendaItem.state == ItemState.OPEN,
    )
    return await _found(session, statement.order_by(col(AgendaItem.added_at), col(AgendaItem.id)))


async def item_row(session: AsyncSession, workspace_id: int, item_id: int) -> ItemRow | None:
    """One item, as buttons carry it."""
    statement = _rows().where(AgendaItem.workspace_id == workspace_id, AgendaItem.id == item_id)
    found = await _found(session, statement)
    return found[0] if found else None


def _rows() -> Select[AgendaItem, Project, Person, Person, ItemState]:
    writer, before = aliased(Person), aliased(AgendaItem)
    rows: Select[AgendaItem, Project, Person, Person, ItemState] = (
        select(AgendaItem, Project, Person, writer, before.state)  # type: ignore[call-overload]
        .outerjoin(Project, col(Project.id) == AgendaItem.project_id)
        .outerjoin(Person, col(Person.id) == AgendaItem.owner_id)
        .outerjoin(writer, col(writer.id) == AgendaItem.added_by_id)
        .outerjoin(before, col(before.id) == AgendaItem.carried_from_id)
        .execution_options(populate_existing=True)
    )
    return rows


async def _found(
    session: AsyncSession, statement: Select[AgendaItem, Project, Person, Person, ItemState]
) -> list[ItemRow]:
    return [ItemRow(*row) for row in (await session.exec(statement)).all()]


async def items_of_meeting(session: AsyncSession, meeting_id: int) -> Sequence[AgendaItem]:
    """All items that a meeting ever had, in their order."""
    found = await session.exec(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(*_IN_ORDER)
    )
    return found.all()


async def items_of_backlog(session: AsyncSession, council_id: int) -> Sequence[AgendaItem]:
    """What waits for an agenda of a council, oldest first."""
    found = await session.exec(
        select(AgendaItem)
        .where(
            AgendaItem.council_id == council_id,
            col(AgendaItem.meeting_id).is_(None),
            AgendaItem.state == ItemState.OPEN,
        )
        .order_by(col(AgendaItem.added_at), col(AgendaItem.id))
    )
    return found.all()


class StrandedRow(NamedTuple):
    """An item, and the meeting that may not deal with it."""

    item: AgendaItem
    meeting: Meeting


async def stranded_rows(session: AsyncSession, council_id: int, now: datetime) -> list[StrandedRow]:
    """What people put on agendas of meetings that are called off, or have not been opened.

    Oldest first.
    """
    is_late = and_(col(Meeting.starts_at) < now, col(Meeting.started_at).is_(None))
    found = await session.exec(
        select(AgendaItem, Meeting)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(
            AgendaItem.council_id == council_id,
            AgendaItem.source == "",
            col(AgendaItem.state).in_((ItemState.OPEN, ItemState.WAITING)),
            or_(col(Meeting.state).in_(_NO_MORE), is_late),
        )
        .order_by(col(AgendaItem.id))
    )
    return [StrandedRow(*row) for row in found.all()]


async def next_meeting(
    session: AsyncSession, council_id: int, after: datetime, *, locked: bool = False
) -> Meeting | None:
    """The first meeting of a council that takes place and begins after an instant."""
    statement = (
        select(Meeting)
        .where(
            Meeting.council_id == council_id,
            Meeting.state == MeetingState.PLANNED,
            col(Meeting.starts_at) > after,
            col(Meeting.ended_at).is_(None),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .limit(1)
    )
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).first()


async def unapproved_minutes(
    session: AsyncSession, council_id: int, before: datetime
) -> Sequence[Meeting]:
    """The meetings before an instant whose minutes are posted and not approved, by their time."""
    posted, approved = aliased(MinutesVersion), aliased(MinutesVersion)
    found = await session.exec(
        select(Meeting)
        .where(
            Meeting.council_id == council_id,
            col(Meeting.starts_at) < before,
            exists().where(
                col(posted.meeting_id) == Meeting.id, col(posted.posted_at).is_not(None)
            ),
            ~exists().where(
                col(approved.meeting_id) == Meeting.id, col(approved.approved_at).is_not(None)
            ),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return found.all()


async def open_entries_about(
    session: AsyncSession, council_id: int, project_ids: Collection[int], kind: LogKind
) -> Sequence[LogEntry]:
    """The open entries of a kind that a council keeps, or that its projects have."""
    found = await session.exec(
        select(LogEntry)
        .where(
            LogEntry.kind == kind,
            LogEntry.state == LogState.OPEN,
            or_(col(LogEntry.council_id) == council_id, col(LogEntry.project_id).in_(project_ids)),
        )
        .order_by(col(LogEntry.id))
    )
    return found.all()


async def silent_projects(
    session: AsyncSession, project_ids: Collection[int], misses: int
) -> dict[int, int]:
    """How many reports are missing in a row, by project, where it is so many or more.

    What is open still, and what nobody was asked for, neither counts nor ends the row.
    """
    other = aliased(StatusRequest)
    newest = (
        select(other.id)
        .where(other.project_id == Project.id, col(other.state).in_(_CLOSED))
        .order_by(col(other.opens_on).desc(), col(other.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await session.exec(
        select(StatusRequest.project_id, StatusRequest.misses)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .where(
            col(Project.id).in_(project_ids),
            col(StatusRequest.id) == newest,
            StatusRequest.state == RequestState.MISSED,
            StatusRequest.misses >= misses,
        )
    )
    return dict(found.all())


_IN_ORDER: Final = (col(AgendaItem.position), col(AgendaItem.id))
_CLOSED: Final = (
    *(RequestState.ANSWERED, RequestState.UNCHANGED),
    *(RequestState.LATE, RequestState.MISSED),
)


async def locked_item(session: AsyncSession, item_id: int) -> AgendaItem | None:
    """An item that is about to be changed; its meeting is locked already, if it has one.

    None: it went while its meeting was waited for.
    """
    statement = select(AgendaItem).where(AgendaItem.id == item_id)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(locked)).first()


class ChangeRow(NamedTuple):
    """An entry of the audit about an agenda, and who made it, if it was a person."""

    entry: AuditEntry
    person: Person | None


async def last_agenda_change(
    session: AsyncSession, workspace_id: int, subject: str, fields: Collection[str]
) -> ChangeRow | None:
    """The newest entry of the audit about an agenda.

    Args:
        session: a reading or a writing one.
        workspace_id: the workspace.
        subject: what the audit calls the meeting, or the backlog.
        fields: how the fields begin that count.
    """
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
            or_(*(col(AuditEntry.field).startswith(each, autoescape=True) for each in fields)),
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    row = found.first()
    return None if row is None else ChangeRow(*row)

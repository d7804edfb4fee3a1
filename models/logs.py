"""Tables of the room `logs`: risks, issues, actions, decisions needed and milestones."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, Index, UniqueConstraint, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.base import EnumText, Row
from models.enums import LogKind, LogState
from models.portfolio import Council, Person, Project, Workspace


class LogEntry(Row, table=True):
    """One entry of a list that a project, or a council, keeps."""

    __tablename__ = "log_entry"
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "number"),
        Index("ix_log_entry_owner", "owner_id", "kind", "state"),
        Index("ix_log_entry_project", "project_id", "kind", "state"),
    )

    project_id: int | None = Field(default=None, foreign_key="project.id")
    council_id: int | None = Field(default=None, foreign_key="council.id", index=True)
    """Whose meeting it comes from; every entry has a project, a council, or both."""
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id", index=True)
    """In which it was given out."""
    kind: LogKind = Field(sa_column=Column(EnumText(LogKind), nullable=False))
    number: int
    """Counts the entries of a kind within the project: `R-3` is the third risk.

    Of an entry without a project, within the council.
    """
    title: str
    text: str = ""
    """What more there is to say: the cause and effect of a risk, the options of a decision."""
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    owner_name: str = ""
    """Who has it in hand, where that is nobody in Slack: a supplier, a board."""
    due_on: date | None = None
    """By when; a milestone's forecast."""
    baseline_on: date | None = None
    """The date that it was first due: what a slip is counted from."""
    likelihood: int | None = None
    """Of a risk, 1 to 5."""
    impact: int | None = None
    """Of a risk or an issue, 1 to 5."""
    response: str = ""
    """What is done about it."""
    state: LogState = Field(
        default=LogState.OPEN, sa_column=Column(EnumText(LogState), nullable=False)
    )
    opened_at: datetime
    opened_by_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = None
    note: str = ""
    """The last word on it: what came of it, why it was cancelled."""
    revision: int = 1
    """Rises with each change, so that nobody overwrites what they have not seen."""


class LogChange(Row, table=True):
    """One field of an entry, changed: the entry's history."""

    __tablename__ = "log_change"

    entry_id: int = Field(foreign_key="log_entry.id", index=True)
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    field: str
    old: str = ""
    new: str = ""


class EntryRow(NamedTuple):
    """An entry with what nearly everybody needs beside it."""

    entry: LogEntry
    project: Project | None
    """NULL for an entry that only a council keeps."""
    owner: Person | None
    council: Council | None
    """From whose meeting it comes, if it comes from one."""
    timezone: str
    """The workspace's, in which the day of opening is told."""


_Selected = Select[LogEntry, Project, Person, Council, str]


def _rows(workspace_id: int) -> _Selected:
    found: _Selected = (
        select(LogEntry, Project, Person, Council, Workspace.timezone)  # type: ignore[call-overload]
        .join(Workspace, col(Workspace.id) == LogEntry.workspace_id)
        .outerjoin(Council, col(Council.id) == LogEntry.council_id)
        .outerjoin(Project, col(Project.id) == LogEntry.project_id)
        .outerjoin(Person, col(Person.id) == LogEntry.owner_id)
        .where(LogEntry.workspace_id == workspace_id)
    )
    return found


async def _found(session: AsyncSession, statement: _Selected) -> list[EntryRow]:
    return [EntryRow(*row) for row in (await session.exec(statement)).all()]


async def open_entry_rows(
    session: AsyncSession,
    workspace_id: int,
    project_ids: Collection[int],
    kinds: Collection[LogKind],
) -> list[EntryRow]:
    """The open entries of some projects, earliest due first, those without a date last."""
    statement = _rows(workspace_id).where(
        col(LogEntry.project_id).in_(project_ids),
        col(LogEntry.kind).in_(kinds),
        LogEntry.state == LogState.OPEN,
    )
    return await _found(session, statement.order_by(*_BY_DATE))


async def open_entry_rows_of_owner(
    session: AsyncSession, workspace_id: int, person_id: int, kinds: Collection[LogKind]
) -> list[EntryRow]:
    """The open entries that somebody has in hand, earliest due first."""
    statement = _rows(workspace_id).where(
        LogEntry.owner_id == person_id,
        col(LogEntry.kind).in_(kinds),
        LogEntry.state == LogState.OPEN,
    )
    return await _found(session, statement.order_by(*_BY_DATE))


async def open_entry_rows_before(
    session: AsyncSession, workspace_id: int, kind: LogKind, day: date
) -> list[EntryRow]:
    """The open entries of a kind that were due before a day, of all projects, earliest first."""
    statement = _rows(workspace_id).where(
        LogEntry.kind == kind,
        LogEntry.state == LogState.OPEN,
        col(LogEntry.due_on) < day,
    )
    return await _found(session, statement.order_by(*_BY_DATE))


async def closed_entry_rows(
    session: AsyncSession, workspace_id: int, project_id: int, kind: LogKind
) -> list[EntryRow]:
    """What of a list is closed, newest first."""
    statement = _rows(workspace_id).where(
        LogEntry.project_id == project_id,
        LogEntry.kind == kind,
        LogEntry.state != LogState.OPEN,
    )
    return await _found(session, statement.order_by(col(LogEntry.id).desc()))


async def entry_rows_of_project(
    session: AsyncSession, workspace_id: int, project_id: int
) -> list[EntryRow]:
    """All lists of a project, open and closed, earliest due first, those without a date last."""
    statement = _rows(workspace_id).where(LogEntry.project_id == project_id)
    return await _found(session, statement.order_by(*_BY_DATE))


async def entry_rows_of_council(
    session: AsyncSession, workspace_id: int, council_id: int, kind: LogKind
) -> list[EntryRow]:
    """What a council has given out, open and closed, earliest due first."""
    statement = _rows(workspace_id).where(LogEntry.council_id == council_id, LogEntry.kind == kind)
    return await _found(session, statement.order_by(*_BY_DATE))


async def entry_rows_by_id(
    session: AsyncSession, workspace_id: int, entry_ids: Collection[int]
) -> dict[int, EntryRow]:
    """Some entries, by their numbers."""
    statement = _rows(workspace_id).where(col(LogEntry.id).in_(entry_ids))
    return {row.entry.pk: row for row in await _found(session, statement)}


async def entry_row(
    session: AsyncSession, workspace_id: int, entry_id: int, *, locked: bool = False
) -> EntryRow | None:
    """One entry; locked, if it is about to be changed."""
    statement = _rows(workspace_id).where(LogEntry.id == entry_id)
    if locked:
        statement = statement.with_for_update(of=LogEntry, key_share=True).execution_options(
            populate_existing=True
        )
    found = await _found(session, statement)
    return found[0] if found else None


async def lock_list(session: AsyncSession, project_id: int) -> Project:
    """Let one at a time add to the lists of a project, so that each entry gets its own number."""
    statement = select(Project).where(Project.id == project_id)
    return (await session.exec(statement.with_for_update(key_share=True))).one()


async def last_number(session: AsyncSession, project_id: int, kind: LogKind) -> int:
    """The number of the newest entry of a list; 0 where there is none."""
    found = await session.exec(
        select(func.max(LogEntry.number)).where(
            LogEntry.project_id == project_id, LogEntry.kind == kind
        )
    )
    return found.one() or 0


async def last_number_of_council(session: AsyncSession, council_id: int, kind: LogKind) -> int:
    """The number of the newest entry that a council alone keeps; 0 where there is none."""
    found = await session.exec(
        select(func.max(LogEntry.number)).where(
            LogEntry.council_id == council_id,
            col(LogEntry.project_id).is_(None),
            LogEntry.kind == kind,
        )
    )
    return found.one() or 0


async def count_open(session: AsyncSession, project_id: int) -> int:
    """How many entries of all the lists of a project are open."""
    found = await session.exec(
        select(func.count()).where(
            LogEntry.project_id == project_id, LogEntry.state == LogState.OPEN
        )
    )
    return found.one()


async def entries_of_list(
    session: AsyncSession, project_id: int, kind: LogKind
) -> Sequence[LogEntry]:
    """Every entry of a list, open or closed, oldest first."""
    found = await session.exec(
        select(LogEntry)
        .where(LogEntry.project_id == project_id, LogEntry.kind == kind)
        .order_by(col(LogEntry.id))
    )
    return found.all()


class ChangeRow(NamedTuple):
    """A change of an entry, and who made it."""

    change: LogChange
    person: Person | None


async def changes_of(
    session: AsyncSession, entry_id: int, *, after: int = 0, limit: int | None = None
) -> list[ChangeRow]:
    """The changes of an entry, newest first.

    Args:
        session: a reading or a writing one.
        entry_id: the entry.
        after: only what came after the change of this number.
        limit: at most so many.
    """
    found = await session.exec(
        select(LogChange, Person)
        .outerjoin(Person, col(Person.id) == LogChange.person_id)
        .where(LogChange.entry_id == entry_id, col(LogChange.id) > after)
        .order_by(col(LogChange.id).desc())
        .limit(limit)
    )
    return [ChangeRow(*row) for row in found.all()]


async def last_change(session: AsyncSession, entry_id: int) -> int:
    """The number of the newest change of an entry; 0 where it has seen none."""
    found = await session.exec(select(func.max(LogChange.id)).where(LogChange.entry_id == entry_id))
    return found.one() or 0


async def count_changes(session: AsyncSession, entry_id: int) -> int:
    """How many changes an entry has seen."""
    found = await session.exec(select(func.count()).where(LogChange.entry_id == entry_id))
    return found.one()


_BY_DATE = (
    col(LogEntry.due_on).is_(None),  # where dates that are missing sort is each database's own way
    col(LogEntry.due_on),
    col(LogEntry.project_id),
    col(LogEntry.kind),
    col(LogEntry.number),
)

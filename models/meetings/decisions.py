"""What councils have decided, in their meetings and out of cycle."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import JSON, Column, Index, UniqueConstraint, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.base import EnumText, Row
from models.enums import LogKind, LogState, Method, Outcome
from models.logs import LogEntry
from models.meetings.tables import Meeting
from models.portfolio import AuditEntry, Council, Person, Project


class Decision(Row, table=True):
    """One decision of a council: `D-12` is its twelfth."""

    __table_args__ = (
        UniqueConstraint("council_id", "number"),
        Index("ix_decision_meeting", "meeting_id"),
        Index("ix_decision_project", "project_id"),
    )

    council_id: int = Field(foreign_key="council.id")
    number: int
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    """None: it was decided out of cycle."""
    agenda_item_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    ballot_id: int | None = Field(default=None, foreign_key="ballot.id")
    project_id: int | None = Field(default=None, foreign_key="project.id")
    log_entry_id: int | None = Field(default=None, foreign_key="log_entry.id")
    """The project's decision needed that it settles."""
    question: str
    options: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    chosen: str = ""
    """Which of the options, if there were some."""
    outcome: Outcome = Field(sa_column=Column(EnumText(Outcome), nullable=False))
    reason: str = ""
    conditions: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    method: Method = Field(sa_column=Column(EnumText(Method), nullable=False))
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    voted_by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who voted what, if that is to stand in the record."""
    dissent: str = ""
    interests: str = ""
    """Who has declared an interest, and which."""
    had_quorum: bool = True
    needed_since: date | None = None
    """When it was said to be needed: what its latency is counted from."""
    decided_at: datetime
    effective_on: date | None = None
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    revision: int = 1


class DecisionAction(Row, table=True):
    """An action that comes of a decision: who carries it out, a condition that has to be met."""

    __tablename__ = "decision_action"
    __table_args__ = (UniqueConstraint("decision_id", "log_entry_id"),)

    decision_id: int = Field(foreign_key="decision.id")
    log_entry_id: int = Field(foreign_key="log_entry.id", index=True)
    is_condition: bool = False


async def next_decision_number(session: AsyncSession, council_id: int) -> int:
    """The number of a council's next decision; its row is locked: `lock_council`."""
    found = await session.exec(
        select(func.max(Decision.number)).where(Decision.council_id == council_id)
    )
    return (found.one() or 0) + 1


class DecisionRow(NamedTuple):
    """A decision with what nearly everybody needs beside it."""

    decision: Decision
    council: Council
    project: Project | None
    meeting: Meeting | None
    needed: LogEntry | None
    """The entry of the project's list that it settles."""


_Selected = Select[Decision, Council, Project, Meeting, LogEntry]


def _rows(workspace_id: int) -> _Selected:
    found: _Selected = (
        select(Decision, Council, Project, Meeting, LogEntry)  # type: ignore[call-overload]
        .join(Council, col(Council.id) == Decision.council_id)
        .outerjoin(Project, col(Project.id) == Decision.project_id)
        .outerjoin(Meeting, col(Meeting.id) == Decision.meeting_id)
        .outerjoin(LogEntry, col(LogEntry.id) == Decision.log_entry_id)
        .where(Decision.workspace_id == workspace_id)
        .order_by(col(Decision.decided_at).desc(), col(Decision.id).desc())
    )
    return found


async def decision_rows(
    session: AsyncSession, workspace_id: int, since: datetime | None = None
) -> list[DecisionRow]:
    """What councils have decided from an instant on, newest first."""
    statement = _rows(workspace_id)
    if since is not None:
        statement = statement.where(col(Decision.decided_at) >= since)
    return [DecisionRow(*row) for row in (await session.exec(statement)).all()]


async def decision_row(
    session: AsyncSession, workspace_id: int, decision_id: int
) -> DecisionRow | None:
    """One decision; read anew, for whoever has locked its council."""
    statement = _rows(workspace_id).where(Decision.id == decision_id)
    found = await session.exec(statement.execution_options(populate_existing=True))
    row = found.first()
    return DecisionRow(*row) if row else None


async def actions_of(session: AsyncSession, decision_id: int) -> Sequence[int]:
    """The actions that come of a decision, by their numbers in the record, oldest first."""
    found = await session.exec(
        select(DecisionAction.log_entry_id)
        .where(DecisionAction.decision_id == decision_id)
        .order_by(col(DecisionAction.id))
    )
    return found.all()


class CorrectionRow(NamedTuple):
    """A change of a decision, and who made it."""

    audit: AuditEntry
    person: Person | None


async def corrections_of(
    session: AsyncSession, workspace_id: int, subject: str, fields: Collection[str]
) -> list[CorrectionRow]:
    """What was changed of the wording of something, newest first."""
    is_actor = (col(Person.slack_id) == AuditEntry.actor) & (
        col(Person.workspace_id) == workspace_id
    )
    found = await session.exec(
        select(AuditEntry, Person)
        .outerjoin(Person, is_actor)
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.subject == subject,
            col(AuditEntry.field).in_(fields),
        )
        .order_by(col(AuditEntry.id).desc())
    )
    return [CorrectionRow(*row) for row in found.all()]


async def needed_decisions(
    session: AsyncSession, workspace_id: int
) -> Sequence[tuple[LogEntry, Project]]:
    """The decisions that projects still need, and these projects."""
    found = await session.exec(
        select(LogEntry, Project)
        .join(Project, col(Project.id) == LogEntry.project_id)
        .where(
            LogEntry.workspace_id == workspace_id,
            LogEntry.kind == LogKind.DECISION,
            LogEntry.state == LogState.OPEN,
        )
    )
    return found.all()

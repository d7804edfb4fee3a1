"""What councils have decided, in their meetings and out of cycle."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint, func
from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import Method, Outcome


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

"""Tables of the room `logs`: risks, issues, actions, decisions needed and milestones."""

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import LogKind, LogState


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
    kind: LogKind = Field(sa_column=Column(EnumText(LogKind), nullable=False))
    number: int
    """Counts the entries of a kind within the project: `R-3` is the third risk."""
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

"""Votes out of cycle: who is asked, who has voted, and, if they are open, what."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import BallotState


class Ballot(Row, table=True):
    """A question that a council decides by direct messages, within a window."""

    __table_args__ = (Index("ix_ballot_next_at", "workspace_id", "next_at"),)

    council_id: int = Field(foreign_key="council.id", index=True)
    project_id: int | None = Field(default=None, foreign_key="project.id")
    log_entry_id: int | None = Field(default=None, foreign_key="log_entry.id")
    """The project's decision needed that it is to settle."""
    question: str
    text: str = ""
    """What there is to know before one votes."""
    options: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Beside them one may always abstain."""
    is_secret: bool = False
    """Then nobody, and no row, knows what somebody has voted."""
    quorum: str
    """The rule that held when it was opened, as the configuration writes it."""
    state: BallotState = Field(
        default=BallotState.OPEN, sa_column=Column(EnumText(BallotState), nullable=False)
    )
    opened_by_id: int = Field(foreign_key="person.id")
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    next_at: datetime | None = None
    """When the clock looks at it next: to remind, or to close it."""
    noted_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    """The meeting that took note of the result."""
    revision: int = 1


class BallotVoter(Row, table=True):
    """One voting member of a ballot."""

    __tablename__ = "ballot_voter"
    __table_args__ = (UniqueConstraint("ballot_id", "person_id"),)

    ballot_id: int = Field(foreign_key="ballot.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    delegate_id: int | None = Field(default=None, foreign_key="person.id")
    """Who votes instead."""
    voted_at: datetime | None = None
    voted_by_id: int | None = Field(default=None, foreign_key="person.id")
    choice: str | None = None
    """Of an open ballot; NULL in a secret one."""
    reminded_at: datetime | None = None


class BallotTally(Row, table=True):
    """How many of a secret ballot have chosen something; nothing tells who."""

    __tablename__ = "ballot_tally"
    __table_args__ = (UniqueConstraint("ballot_id", "choice"),)

    ballot_id: int = Field(foreign_key="ballot.id")
    choice: str
    count: int = 0

"""Tables of the room `collecting`: cycles, status requests, status reports."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Column,
    Index,
    UniqueConstraint,
)
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import CycleState, Health, RequestState


class Cycle(Row, table=True):
    """One reporting period of one council, with its due times."""

    __table_args__ = (
        UniqueConstraint("council_id", "occurrence_on"),
        Index("ix_cycle_cut_off", "workspace_id", "state", "cut_off_at"),
        Index("ix_cycle_digest", "workspace_id", "state", "digest_at"),
        Index("ix_cycle_late", "workspace_id", "late_answer_at"),
    )

    council_id: int = Field(foreign_key="council.id")
    occurrence_on: date
    """The rule's own date, or the meeting's: what makes the cycle one, whatever clocks, zones and
    closures do."""
    opens_on: date
    """The nominal ask day, which messages tell."""
    cut_off_at: datetime
    digest_at: datetime
    freeze_at: datetime | None = None
    timezone: str
    """The zone in which the cut-off and the digest are told."""
    state: CycleState = Field(
        default=CycleState.OPEN, sa_column=Column(EnumText(CycleState), nullable=False)
    )
    reason: str = ""
    """Why it was skipped, if it was."""
    late_answer_at: datetime | None = None
    """When an answer came after the digest was composed, until the digest tells of it."""


class StatusRequest(Row, table=True):
    """One project asked in one cycle."""

    __tablename__ = "status_request"
    __table_args__ = (
        UniqueConstraint("cycle_id", "project_id"),
        Index("ix_status_request_due", "workspace_id", "state", "ask_at"),
        Index("ix_status_request_person", "person_id", "asks_on"),
    )

    cycle_id: int = Field(foreign_key="cycle.id")
    project_id: int = Field(foreign_key="project.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    """Who is asked."""
    opens_on: date
    """The cycle's nominal day."""
    asks_on: date
    """The day in the calendar of who is asked: one person gets one message for it."""
    ask_at: datetime
    asked_at: datetime | None = None
    state: RequestState = Field(
        default=RequestState.PENDING, sa_column=Column(EnumText(RequestState), nullable=False)
    )
    reason: str = ""
    """Why somebody else is asked, or later, or nobody; empty if all is as the calendar says."""


class StatusReport(Row, table=True):
    """An answer; append-only: a correction is a new version, and the newest one counts."""

    __tablename__ = "status_report"
    __table_args__ = (
        UniqueConstraint("request_id", "version"),
        Index("ix_status_report_latest", "project_id", "opens_on", "version"),
    )

    request_id: int = Field(foreign_key="status_request.id")
    project_id: int = Field(foreign_key="project.id")
    opens_on: date
    """The nominal day of the cycle that it answers: reports are ordered by it, not by arrival."""
    version: int = 1
    author_id: int = Field(foreign_key="person.id")
    submitted_at: datetime
    phase: str = ""
    """The project's phase when it was reported on."""
    health: Health = Field(sa_column=Column(EnumText(Health), nullable=False))
    rating: str = ""
    """The word that was chosen, where the workspace's scale is finer than three colours."""
    why: str = ""
    schedule: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    budget: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    scope: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    resources: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    done: str = ""
    next: str = ""
    milestone: str = ""
    milestone_baseline: date | None = None
    milestone_forecast: date | None = None
    risks: str = ""
    path_to_green: str = ""
    decision: str = ""
    decision_from: str = ""
    decision_by: date | None = None
    spent: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    cost_forecast: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    percent_complete: int | None = None


AWAITING = (RequestState.ASKED, RequestState.MISSED)
"""States in which an answer is still wanted."""


UNASKED = (RequestState.PENDING, RequestState.EXCUSED)
"""States in which nobody has been asked."""

"""Tables of the room `collecting`: cycles, status requests, status reports, drafts."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Column, Index, UniqueConstraint, false
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import (
    CycleState,
    DraftSource,
    Health,
    ReportSource,
    RequestState,
    Unapproved,
    Visibility,
)


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
    preview_at: datetime | None = None
    """When the PMO sees the draft of its digest; NULL: never."""
    unapproved: Unapproved = Field(
        default=Unapproved.POST,
        sa_column=Column(EnumText(Unapproved), nullable=False, server_default="post"),
    )
    """What becomes of its digest if nobody has approved it by then."""
    timezone: str
    """The zone in which the cut-off and the digest are told."""
    state: CycleState = Field(
        default=CycleState.OPEN, sa_column=Column(EnumText(CycleState), nullable=False)
    )
    reason: str = ""
    """Why it was skipped, if it was."""
    late_answer_at: datetime | None = None
    """When an answer came after the digest was composed, or when it was seen that the digest tells
    of a project to who may not know of it any more; until the digest follows."""


class StatusRequest(Row, table=True):
    """One project asked in one cycle."""

    __tablename__ = "status_request"
    __table_args__ = (
        UniqueConstraint("cycle_id", "project_id"),
        Index("ix_status_request_due", "workspace_id", "state", "ask_at"),
        Index("ix_status_request_person", "person_id", "asks_on"),
        Index("ix_status_request_remind", "workspace_id", "remind_at"),
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
    remind_at: datetime | None = None
    """When its person is reminded next; NULL: not at all, as after each answer."""
    reminders: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many steps of the council's reminders are over, said or not."""
    reminded_under: str | None = None
    """The key of the last reminder that told of it: an answer brings that up to date, too."""
    snoozed_until: datetime | None = None
    """Up to when its person has asked for quiet."""
    misses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Cut-offs missed in a row, this one included; 0 where it was not missed."""
    told: Visibility | None = Field(default=None, sa_column=Column(EnumText(Visibility)))
    """Which part of the digest tells of it: that for everybody, or that for those who may see
    restricted projects; NULL: neither, or there is no digest yet."""


class RequestMove(Row, table=True):
    """A request that was taken from somebody who had been asked, and given to somebody else."""

    __tablename__ = "request_move"
    __table_args__ = (Index("ix_request_move_person", "person_id", "asks_on"),)

    request_id: int = Field(foreign_key="status_request.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    """Who had been asked."""
    asks_on: date
    """Their day, which their message is known by."""
    to_person_id: int = Field(foreign_key="person.id")
    moved_at: datetime
    reason: str
    """Why, as both messages say it."""


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
    milestone_met: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Its forecast is the day on which it was met."""
    risks: str = ""
    path_to_green: str = ""
    decision: str = ""
    decision_from: str = ""
    decision_by: date | None = None
    spent: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    cost_forecast: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    percent_complete: int | None = None
    source: ReportSource = Field(
        default=ReportSource.FORM,
        sa_column=Column(EnumText(ReportSource), nullable=False, server_default="form"),
    )
    unchanged: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many times in a row *No change* was pressed, this one included."""
    computed: Health | None = Field(default=None, sa_column=Column(EnumText(Health)))
    """What dates, money, milestones, risks and repetition come to; NULL: nothing to go by."""
    computed_why: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """What the computed health rests on, a sentence each."""
    claim_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why the claimed health is better than the computed one."""
    promises: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """What became of each line of the last report's "next": `text`, `outcome`, `note`."""
    extra: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    """Answers to the questions that the project's phase asks in addition, by question."""


class ReportDraft(Row, table=True):
    """What somebody has typed for a request and not reported yet."""

    __tablename__ = "report_draft"
    __table_args__ = (UniqueConstraint("request_id", "person_id"),)

    request_id: int = Field(foreign_key="status_request.id")
    person_id: int = Field(foreign_key="person.id")
    saved_at: datetime
    source: DraftSource = Field(sa_column=Column(EnumText(DraftSource), nullable=False))
    base_version: int = 0
    """The version of the answer that it was begun on; 0: there was none."""
    typed: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """What stood in the form, by field, as it was typed."""


AWAITING = (RequestState.ASKED, RequestState.MISSED)
"""States in which an answer is still wanted."""


UNASKED = (RequestState.PENDING, RequestState.EXCUSED)
"""States in which nobody has been asked."""

"""Tables of the room `meetings`."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import ErrandKind, MeetingState


class Meeting(Row, table=True):
    """One meeting of a council: an occurrence of its series, or an extra one."""

    __table_args__ = (
        UniqueConstraint("council_id", "occurrence"),
        Index("ix_meeting_starts_at", "workspace_id", "starts_at"),
        Index("ix_meeting_next_at", "workspace_id", "next_at"),
    )

    council_id: int = Field(foreign_key="council.id")
    occurrence: str
    """The series' own local date, `2026-12-03`, also of one that is moved; or `extra:2`."""
    title: str = ""
    """Empty: it is called after its council."""
    starts_at: datetime
    minutes: int
    timezone: str
    """In which its wall time counts."""
    place: str = ""
    """A link or a room."""
    state: MeetingState = Field(
        default=MeetingState.PLANNED, sa_column=Column(EnumText(MeetingState), nullable=False)
    )
    reason: str = ""
    """Why it is moved or cancelled."""
    is_by_hand: bool = False
    """Somebody has changed it: from then on the series does not."""
    uid: str
    """Of iCalendar; all occurrences of a series have the same."""
    sequence: int = 0
    """Rises with every change: of iCalendar, and by which a stale window is known."""
    changed_at: datetime

    next_at: datetime | None = None
    """When the clock looks at it next; what changes a meeting sets it to now."""
    frozen_at: datetime | None = None
    """The pack has gone out with what was known then."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reopened_at: datetime | None = None
    """It had been closed by mistake, and runs since then."""
    chair_id: int | None = Field(default=None, foreign_key="person.id")
    """Who runs it, once it is opened: the chair, or who stands in."""
    quorum: str = ""
    """The rule that held when it was opened, as the configuration writes it."""
    minutes_posted_at: datetime | None = None
    """When its minutes were posted first."""
    objections_until: datetime | None = None
    """Until when they can be objected to."""
    revision: int = 0
    """Rises with each press on the live card, so that nobody acts on what they have not seen."""


class Errand(Row, table=True):
    """Something that was done for a meeting at its hour, or left out because its time was over."""

    __table_args__ = (UniqueConstraint("meeting_id", "kind"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    kind: ErrandKind = Field(sa_column=Column(EnumText(ErrandKind), nullable=False))
    done_at: datetime
    left_out: str = ""
    """Why it was not done."""


class CalendarFeed(Row, table=True):
    """An address under which somebody's calendar reads the meetings; the address is a secret."""

    __tablename__ = "calendar_feed"

    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True)
    """SHA-256 of the last part of the address, in hexadecimal."""
    made_at: datetime
    revoked_at: datetime | None = None

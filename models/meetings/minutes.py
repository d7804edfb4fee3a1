"""The minutes of meetings: every version, and what is objected to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import MinutesState


class MinutesVersion(Row, table=True):
    """One version of a meeting's minutes; none is ever changed but in its state."""

    __tablename__ = "minutes_version"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    meeting_id: int = Field(foreign_key="meeting.id")
    version: int
    state: MinutesState = Field(sa_column=Column(EnumText(MinutesState), nullable=False))
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """All that it says; `domain.meetings.minutes.values.Minutes` as plain values."""
    written_by_id: int | None = Field(default=None, foreign_key="person.id")
    """None: drafted from the record."""
    written_at: datetime
    posted_at: datetime | None = None
    objections_until: datetime | None = None
    approved_at: datetime | None = None
    approved_in_id: int | None = Field(default=None, foreign_key="meeting.id")


class Objection(Row, table=True):
    """What somebody has against the posted minutes."""

    meeting_id: int = Field(foreign_key="meeting.id", index=True)
    version: int
    person_id: int = Field(foreign_key="person.id")
    text: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")

"""Tables of the room `digests`: what was composed, frozen as composed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import Visibility


class Digest(Row, table=True):
    """The combined summary of one cycle."""

    __table_args__ = (UniqueConstraint("cycle_id"),)

    cycle_id: int = Field(foreign_key="cycle.id")
    council_id: int = Field(foreign_key="council.id", index=True)
    composed_at: datetime
    """When its first version was composed: what comes later is marked."""


class ToldEnding(Row, table=True):
    """A project that no request of a cycle is about, and whose end the cycle's digest tells."""

    __tablename__ = "told_ending"
    __table_args__ = (UniqueConstraint("cycle_id", "project_id"),)

    cycle_id: int = Field(foreign_key="cycle.id")
    project_id: int = Field(foreign_key="project.id", index=True)
    told: Visibility | None = Field(default=None, sa_column=Column(EnumText(Visibility)))
    """Which part of the digest may tell of it; NULL: neither any more."""


class DigestPreview(Row, table=True):
    """The draft of a cycle's digest, and what the PMO has decided about it.

    Whoever changes it holds its cycle's row.
    """

    __tablename__ = "digest_preview"
    __table_args__ = (UniqueConstraint("cycle_id"),)

    cycle_id: int = Field(foreign_key="cycle.id")
    shown_at: datetime
    """When the PMO was first to see it."""
    channel_id: str | None = None
    """The PMO's channel, where it is decided; NULL: with each of the PMO directly."""
    is_told: bool = False
    """Somebody could be told of it."""
    seen_reports: int = 0
    """Versions of reports that the draft was composed from."""
    seen_revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The workspace's plan revision then: names, people or who may see a project change with it."""
    note: str = ""
    note_version: int = 0
    """How often the note was written: who edits an older one is shown the newer."""
    note_author_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    held_until: datetime | None = None
    holder_id: int | None = Field(default=None, foreign_key="person.id")
    """Who has put it off."""
    release_at: datetime | None = None
    """From when on its digest may be posted; NULL: not before it is approved."""
    remind_at: datetime | None = None
    """When the PMO is told that its digest waits for them; NULL: not, or told already."""
    is_over: bool = False
    """Its digest is posted, and the PMO has been told so."""


class DigestVersion(Row, table=True):
    """One state of a digest; the first is what was posted, the others are its amendments."""

    __tablename__ = "digest_version"
    __table_args__ = (UniqueConstraint("digest_id", "version"),)

    digest_id: int = Field(foreign_key="digest.id")
    version: int
    as_of: datetime
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """Head and layout of each audience's part; what the replies said is in the ledger."""
    report_ids: list[int] = Field(sa_column=Column(JSON, nullable=False))
    """Every version of a report that was told by then, those of addenda included."""
    facts: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    """The names, states and reasons that it was composed from, and which reports; NULL where
    nothing was composed, and in versions older than this column."""

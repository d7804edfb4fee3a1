"""Tables of the room `digests`: what was composed, frozen as composed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from models.base import Row


class Digest(Row, table=True):
    """The combined summary of one cycle."""

    __table_args__ = (UniqueConstraint("cycle_id"),)

    cycle_id: int = Field(foreign_key="cycle.id")
    council_id: int = Field(foreign_key="council.id", index=True)
    composed_at: datetime
    """When its first version was composed: what comes later is marked."""


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

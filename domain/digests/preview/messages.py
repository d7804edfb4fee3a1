"""What the PMO reads before a digest is posted: the draft, and what is decided about it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.digests.messages import DigestHead
from domain.digests.values import CoverNote
from models.enums import Attention, Unapproved


@dataclass(frozen=True)
class DigestPreviewed:
    """Where the PMO approves a digest, writes its covering note or holds it."""

    kind: ClassVar[str] = "digest_preview"
    attention: ClassVar[Attention] = Attention.ACTION

    cycle_id: int
    council: str
    opens_on: date
    """The cycle's nominal day."""
    timezone: str
    channel_id: str
    channel_name: str
    """Where the digest is read."""
    digest_at: datetime
    unapproved: Unapproved
    note: CoverNote | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    late_answers: int = 0
    """Answers that came after the approval."""
    held_by: str = ""
    held_until: datetime | None = None
    is_waiting: bool = False
    """Its time has come, and nobody has approved it."""
    posted_at: datetime | None = None


@dataclass(frozen=True)
class DigestDraft:
    """A head as it would be posted; costs nothing as a reply."""

    kind: ClassVar[str] = "digest_draft"
    attention: ClassVar[Attention] = Attention.DIGEST

    head: DigestHead
    decided_in: str = ""
    """The channel where it is approved, for a draft that stands elsewhere."""


@dataclass(frozen=True)
class DraftOver:
    """Takes the place of a draft whose digest is posted."""

    kind: ClassVar[str] = "digest_draft_over"
    attention: ClassVar[Attention] = Attention.FREE

    channel_id: str
    channel_name: str
    is_restricted: bool = False


@dataclass(frozen=True)
class DigestWaits:
    """Tells the PMO that a digest should be posted by now, and waits for them."""

    kind: ClassVar[str] = "digest_waits"
    attention: ClassVar[Attention] = Attention.ACTION

    cycle_id: int
    council: str
    opens_on: date
    timezone: str
    due_at: datetime
    outcome: str = ""
    """What became of it since: `approved`, `held`, `posted`; empty while it waits."""
    outcome_by: str = ""

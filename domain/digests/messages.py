"""What the room says: the head message, and the replies of its thread."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.collecting.history.rules import Difference
from domain.collecting.values import Answers
from domain.digests.heat_map.loading import HeatMap
from domain.digests.values import Counts, CoverNote
from models.enums import Attention, Health


@dataclass(frozen=True)
class NextDate:
    """The day that a project looks towards."""

    on: date
    milestone: str = ""
    """What is due then; empty: its decision."""


@dataclass(frozen=True)
class DigestLine:
    """One project in the head message."""

    code: str
    name: str
    pm: str
    health: Health
    rating: str = ""
    summary: str = ""
    """The first line of why it has its colour, or of what was done."""
    previous: Health | None = None
    """Of the report in the cycle before; None over a gap."""
    since: date | None = None
    """The ask day of the first report of an unbroken run in this colour."""
    days: int = 0
    """Days in this colour."""
    path_to_green: str = ""
    added_at: datetime | None = None
    """When it was answered, if that was after the cut-off."""
    corrected_at: datetime | None = None
    """When its newest version was given, if that was after the digest was posted."""
    computed: Health | None = None
    """What the facts come to, where the claim is better."""
    unchanged: int = 0
    """How many times in a row nothing had changed."""
    reports: int = 0
    """Reports in a row with this colour, this one included; 0 where that was not counted yet."""
    next_date: NextDate | None = None
    claim_reason: str = ""
    """Why the claim is better than the facts, where it is."""


@dataclass(frozen=True)
class DecisionLine:
    """A decision or help that a project needs."""

    code: str
    name: str
    pm: str
    decision: str
    decision_from: str
    decision_by: date | None
    is_from_list: bool = False
    """It was asked for before, and is still open: nothing was reported in this cycle."""


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone that has moved, or is due soon."""

    code: str
    milestone: str
    forecast: date
    moved_from: date | None
    """The last forecast, or the baseline, that it moved away from."""
    is_met: bool = False
    is_overdue: bool = False
    """It was over when it was reported, and not met."""


@dataclass(frozen=True)
class MissingLine:
    """A project without an answer, and why."""

    code: str
    name: str
    pm: str
    reason: str
    last_health: Health | None
    last_on: date | None
    days: int
    """Age of what is last known."""


@dataclass(frozen=True)
class ClosedLine:
    """A project that has come to its end since the last digest."""

    code: str
    name: str
    pm: str
    phase: str
    """The one that it is in now."""
    is_reported: bool
    """Its PM reported the last phase as finished; else it moved to a phase that is not asked."""


@dataclass(frozen=True)
class DigestHead:
    """The head message: exceptions first; every project stands in it once or more."""

    kind: ClassVar[str] = "digest_head"
    attention: ClassVar[Attention] = Attention.DIGEST

    council: str
    opens_on: date
    as_of: datetime
    timezone: str
    due: int
    """Reports that were asked for; who was excused owes none."""
    received: int
    counts: Counts
    previous: Counts | None
    decisions: tuple[DecisionLine, ...]
    red: tuple[DigestLine, ...]
    newly_worse: tuple[DigestLine, ...]
    long_yellow: tuple[DigestLine, ...]
    other_yellow: tuple[DigestLine, ...]
    improved: tuple[DigestLine, ...]
    milestones: tuple[MilestoneLine, ...]
    missing: tuple[MissingLine, ...]
    not_rated: tuple[DigestLine, ...]
    green: tuple[DigestLine, ...]
    amended_at: datetime | None = None
    """When late or corrected answers last changed it; None as first posted."""
    is_restricted: bool = False
    """The part that only the council's members and the PMO may see."""
    due_at: datetime | None = None
    """When it was due, if it was posted late."""
    note: CoverNote | None = None
    """What the PMO says on top."""
    closed: tuple[ClosedLine, ...] = ()
    previous_on: date | None = None
    """The nominal day of the cycle that `previous` counted."""
    has_missing_reply: bool = False
    """A reply of the thread lists all that did not report."""


@dataclass(frozen=True)
class DigestCopy:
    """The head message for somebody who has subscribed to it; the thread stays in the channel."""

    kind: ClassVar[str] = "digest_copy"
    attention: ClassVar[Attention] = Attention.DIGEST

    head: DigestHead
    channel_id: str
    channel_name: str


@dataclass(frozen=True)
class DigestRestated:
    """The head as it stands now, where Slack does not let the posted one be edited any more."""

    kind: ClassVar[str] = "digest_restated"
    attention: ClassVar[Attention] = Attention.FREE

    head: DigestHead
    is_alone: bool = False
    """It is a message of its own, for the thread of the one before is gone."""


@dataclass(frozen=True)
class ReportText:
    """One report with all its words, as the thread shows it."""

    project_id: int
    code: str
    name: str
    phase: str
    pm: str
    author: str
    submitted_at: datetime
    version: int
    answers: Answers
    previous: Health | None
    days: int
    is_late: bool = False
    computed: Health | None = None
    computed_why: tuple[str, ...] = ()
    claim_reason: str = ""
    """Why the claim is better than what the facts come to."""
    extra: tuple[tuple[str, str], ...] = ()
    """What the phase asks in addition: question and answer."""
    changes: tuple[Difference, ...] = ()
    """What a correction has changed since the digest was posted."""
    unchanged: int = 0
    """How many times in a row nothing had changed."""
    reports: int = 0
    """Reports in a row with this colour, this one included; 0 where that was not counted yet."""


@dataclass(frozen=True)
class DigestDetail:
    """A reply with the full report of one project that needs attention."""

    kind: ClassVar[str] = "digest_detail"
    attention: ClassVar[Attention] = Attention.FREE

    report: ReportText


@dataclass(frozen=True)
class DigestPage:
    """A reply with the full texts of several other projects."""

    kind: ClassVar[str] = "digest_page"
    attention: ClassVar[Attention] = Attention.FREE

    reports: tuple[ReportText, ...]


@dataclass(frozen=True)
class DigestMissing:
    """A reply with all that did not report, and why: more than the head has room for."""

    kind: ClassVar[str] = "digest_missing"
    attention: ClassVar[Attention] = Attention.FREE

    lines: tuple[MissingLine, ...]


@dataclass(frozen=True)
class DigestAddendum:
    """A reply that adds answers which came after the digest was frozen."""

    kind: ClassVar[str] = "digest_addendum"
    attention: ClassVar[Attention] = Attention.FREE

    as_of: datetime
    timezone: str
    lines: tuple[DigestLine, ...]
    reports: tuple[ReportText, ...]
    council: str = ""
    opens_on: date | None = None
    """The cycle's nominal day; neither was told before there were these fields."""


@dataclass(frozen=True)
class Composition:
    """Everything that a digest says to one audience, in the order in which it is said."""

    head: DigestHead
    details: tuple[DigestDetail, ...]
    pages: tuple[DigestPage, ...]
    heat_maps: tuple[HeatMap, ...] = ()
    missing: DigestMissing | None = None

"""What the minutes of a meeting say, and what the room's services give out of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.enums import ItemState, Method, MinutesState, Outcome, Purpose

ITEMS_PER_PAGE: Final = 10
"""Of the window: with long notes in several fields they stay within Slack's hundred blocks."""

LONGEST_NOTE: Final = 12_000
"""Characters of a note, of the summary or of an addendum: what four of Slack's fields hold."""

LONGEST_TITLE: Final = 200
LONGEST_OBJECTION: Final = 3_000


@dataclass(frozen=True)
class Attendee:
    """A seat of the council at the meeting."""

    name: str
    alternate: str = ""
    """Who came instead."""
    is_voting: bool = True


@dataclass(frozen=True)
class MinutedDecision:
    """A decision, as the minutes tell it."""

    ref: str
    """`D-12`."""
    question: str
    outcome: Outcome
    method: Method
    chosen: str = ""
    reason: str = ""
    conditions: tuple[str, ...] = ()
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    voted_by_name: str = ""
    dissent: str = ""
    interests: str = ""
    effective_on: date | None = None
    had_quorum: bool = True
    project_id: int | None = None
    code: str = ""


@dataclass(frozen=True)
class MinutedAction:
    """An action that was given out in the meeting."""

    ref: str
    """`A-3`, by which it is known in its project's list, or the council's own."""
    title: str
    owner: str
    due_on: date | None
    decision: str = ""
    """The decision that it comes of: `D-12`."""
    is_condition: bool = False
    project_id: int | None = None
    code: str = ""


@dataclass(frozen=True)
class MinutedItem:
    """An item of the agenda, and what came of it."""

    item_id: int
    title: str
    purpose: Purpose
    state: ItemState
    owner: str = ""
    note: str = ""
    """What was said, as the chair puts it."""
    is_consent: bool = False
    decisions: tuple[MinutedDecision, ...] = ()
    project_id: int | None = None
    code: str = ""


@dataclass(frozen=True)
class Addendum:
    """What was corrected after the minutes had been approved."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Minutes:
    """All that the minutes of one meeting say; what a version keeps."""

    council: str
    title: str
    starts_at: datetime
    """As it was planned."""
    began_at: datetime
    ended_at: datetime
    timezone: str
    chair: str = ""
    place: str = ""
    present: tuple[Attendee, ...] = ()
    apologies: tuple[Attendee, ...] = ()
    absent: tuple[Attendee, ...] = ()
    seats_taken: int = 0
    """Voting seats on which somebody sat, at any time."""
    seats_needed: int = 0
    summary: str = ""
    items: tuple[MinutedItem, ...] = ()
    decisions: tuple[MinutedDecision, ...] = ()
    """Those that belong to no item."""
    votes: tuple[MinutedDecision, ...] = ()
    """What was decided out of cycle, and noted in the meeting."""
    actions: tuple[MinutedAction, ...] = ()
    next_at: datetime | None = None
    addenda: tuple[Addendum, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """In which its wall time counts."""
        return ZoneInfo(self.timezone)

    @property
    def had_quorum(self) -> bool:
        """Whether enough voting seats were taken."""
        return self.seats_taken >= self.seats_needed

    @property
    def all_decisions(self) -> tuple[MinutedDecision, ...]:
        """What was decided in the meeting, in the order of the agenda."""
        of_items = (each for item in self.items for each in item.decisions)
        return (*of_items, *self.decisions)


@dataclass(frozen=True)
class Wording:
    """What the chair may put in other words; what was decided stays as it was recorded."""

    summary: str | None = None
    """None: it stays."""
    titles: tuple[tuple[int, str], ...] = ()
    """Of items, by their numbers; those that are not named stay."""
    notes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Standing:
    """Where the minutes of a meeting stand: their newest version, and what became of it."""

    version: int
    state: MinutesState
    written_at: datetime
    written_by: str = ""
    """Empty: the bot drafted it."""
    posted_at: datetime | None = None
    """When they were posted first."""
    objections_until: datetime | None = None
    is_objectable: bool = False
    """Whether they can be objected to now."""
    objections: int = 0
    open_objections: int = 0
    """Those that the chair has not answered."""
    approved_on: date | None = None
    """The day of the meeting that approved them."""

    def last_day(self, zone: str) -> date | None:
        """The last day on which they can be objected to: it ends when the time does."""
        if self.objections_until is None:
            return None
        return (self.objections_until - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).date()

    @property
    def is_posted(self) -> bool:
        """Whether the council has them."""
        return self.posted_at is not None

    @property
    def is_locked(self) -> bool:
        """Whether a correction is an addendum from now on."""
        return self.state in (MinutesState.APPROVED, MinutesState.ADDENDUM)


@dataclass(frozen=True)
class MinutesLine:
    """The minutes of one meeting in a list."""

    meeting_id: int
    council: str
    title: str
    starts_at: datetime
    timezone: str
    standing: Standing

    @property
    def zone(self) -> ZoneInfo:
        """In which its wall time counts."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class MinutesList:
    """What somebody asked for; the newest first."""

    lines: tuple[MinutesLine, ...]
    named: str = ""
    """The council that was asked for; empty: all that they may know of."""


@dataclass(frozen=True)
class MinutesRead:
    """The minutes of one meeting, as somebody may read them."""

    meeting_id: int
    council_id: int
    minutes: Minutes
    standing: Standing
    may_write: bool = False
    """Whether they may change and post them."""


@dataclass(frozen=True)
class ObjectionRead:
    """What somebody has against the minutes."""

    objection_id: int
    meeting_id: int
    council: str
    title: str
    starts_at: datetime
    timezone: str
    version: int
    by: str
    text: str
    answer: str = ""
    answered_by: str = ""


@dataclass(frozen=True)
class Editing:
    """The window in which minutes are written, one page of it."""

    read: MinutesRead
    page: int = 0
    is_saved: bool = False
    """What was typed on the page before has just been kept."""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-len(self.read.minutes.items) // ITEMS_PER_PAGE), 1)

    @property
    def items(self) -> tuple[MinutedItem, ...]:
        """Those of this page."""
        start = self.page * ITEMS_PER_PAGE
        return self.read.minutes.items[start : start + ITEMS_PER_PAGE]

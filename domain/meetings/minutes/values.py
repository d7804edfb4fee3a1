"""What the minutes of a meeting say, and what the room's services give out of them."""

from dataclasses import dataclass
from datetime import date, datetime

from models.enums import ItemState, Method, MinutesState, Outcome, Purpose


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
    approved_at: datetime | None = None
    approved_on: date | None = None
    """The day of the meeting that approved them."""

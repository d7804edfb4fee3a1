"""What the services of votes out of cycle take and return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.portfolio.values import PersonName
from models.enums import BallotState, Outcome, SecretVotes, Verdict

ABSTAIN = ""
"""The choice of who abstains; an option of a ballot is never empty."""


@dataclass(frozen=True)
class Share:
    """How often an option was chosen; in an open vote also by whom."""

    option: str
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a vote came to at the end of its window."""

    verdict: Verdict
    shares: tuple[Share, ...]
    """In the order of the options; empty where so few have voted in secret that it told who."""
    abstained: Share
    seats: int
    cast: int
    """How many have voted, with those who abstained."""
    needed: int
    chosen: str = ""
    outcome: Outcome | None = None
    """Only of what is decided."""
    dissent: tuple[str, ...] = ()
    """Who voted otherwise, in an open vote."""

    @property
    def votes_for(self) -> int:
        """Votes for what was asked; of a rejected one, those that wanted it."""
        won = sum(each.count for each in self.shares if each.option == self.chosen)
        all_cast = sum(each.count for each in self.shares)
        return won if self.outcome is not Outcome.REJECTED else all_cast - won

    @property
    def votes_against(self) -> int:
        """The other votes, without those who abstained."""
        return sum(each.count for each in self.shares) - self.votes_for


@dataclass(frozen=True)
class Blank:
    """The window in which a vote is opened."""

    council_id: int
    council: str
    timezone: str
    closes_on: date
    """The first day on which it may close; by default it does."""
    closes_at: str
    window: int
    """In working days."""
    secret: SecretVotes
    voters: int
    needed: Mapping[int, str] = field(default_factory=dict)
    """Open decisions needed of the council's projects, by the number of their entry."""


@dataclass(frozen=True)
class BallotWish:
    """What was typed in that window, as it was typed."""

    question: str
    text: str
    options: str
    """One in a line."""
    closes_on: str
    code: str = ""
    """Of the project that it is about."""
    log_entry_id: int | None = None
    is_secret: bool = False


@dataclass(frozen=True)
class BallotCard:
    """One vote out of cycle, as somebody may see it."""

    ballot_id: int
    council_id: int
    council: str
    question: str
    code: str
    state: BallotState
    is_secret: bool
    closes_at: datetime
    timezone: str
    closed_at: datetime | None
    voted: int
    seats: int
    waiting: tuple[str, ...]
    """Who has not voted; only for who runs the council."""
    may_run: bool
    result: Result | None = None
    reason: str = ""
    """Why it was cancelled."""


@dataclass(frozen=True)
class CouncilBallots:
    """The votes of one council: open ones and those that ended of late."""

    council_id: int
    council: str
    cards: tuple[BallotCard, ...]
    may_open: bool
    """Whether who looks may open one."""
    why_not: str = ""
    """Why there are none, for who could mend it."""


@dataclass(frozen=True)
class BallotList:
    """What somebody asked for."""

    councils: tuple[CouncilBallots, ...]
    named: str = ""


@dataclass(frozen=True)
class Opened:
    """A vote that has begun."""

    council: str
    question: str
    voters: int
    closes_at: datetime
    timezone: str


class Pressed(StrEnum):
    """What became of a press on a ballot."""

    VOTED = "voted"
    CHANGED = "changed"
    SAME = "same"
    HANDED = "handed"
    TAKEN_BACK = "taken_back"
    HANDED_BACK = "handed_back"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Outcomes:
    """Tells who pressed what became of it."""

    pressed: Pressed
    question: str
    is_secret: bool
    closes_at: datetime
    timezone: str
    choice: str = ABSTAIN
    """Of an open vote; of a secret one nothing is ever said."""
    member: PersonName | None = None
    """Whose vote it is, if it is not their own; to whom it was handed."""


@dataclass(frozen=True)
class ToNote:
    """A vote of which the next meeting is to take note, or decide what it did not."""

    ballot_id: int
    question: str
    text: str
    """What came of it, in words."""
    is_decided: bool
    project_id: int | None
    log_entry_id: int | None

    @property
    def source(self) -> str:
        """What an agenda's item of it is built from."""
        return f"ballot:{self.ballot_id}"

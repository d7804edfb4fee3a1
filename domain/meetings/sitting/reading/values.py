"""What is read, and whom it may be about."""

from dataclasses import dataclass
from datetime import date

from models.enums import Method, Outcome


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant by a name."""

    person_id: int
    slack_id: str
    name: str
    email: str = ""
    is_me: bool = False
    """Who writes: `me`."""


@dataclass(frozen=True)
class ReadAction:
    """An action as it was typed."""

    title: str
    owner: Known
    due_on: date
    code: str = ""
    """Of its project, in capitals."""


@dataclass(frozen=True)
class Votes:
    """How a vote came out."""

    votes_for: int
    votes_against: int
    abstained: int
    by_name: str = ""
    """`For: Carol, Omar. Against: Ben.`, where names were given."""

    @property
    def total(self) -> int:
        """How many voted, abstentions among them."""
        return self.votes_for + self.votes_against + self.abstained


@dataclass(frozen=True)
class Typed:
    """A decision as it was typed, in a window or in one line; the names are those of its fields."""

    question: str
    outcome: str
    method: str
    options: str = ""
    votes: str = ""
    reason: str = ""
    dissent: str = ""
    interests: str = ""
    conditions: str = ""
    effective_on: str = ""
    project: str = ""
    """A code, as it was typed."""


@dataclass(frozen=True)
class TypedAction:
    """An action as it was typed in a window."""

    title: str
    owner_id: int | None
    due_on: str
    text: str = ""
    project: str = ""
    """A code, as it was typed."""


@dataclass(frozen=True)
class ReadDecision:
    """A decision, read and checked."""

    question: str
    outcome: Outcome
    method: Method
    options: tuple[str, ...]
    chosen: str
    votes: Votes | None
    conditions: tuple[ReadAction, ...]
    effective_on: date | None

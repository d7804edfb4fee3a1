"""What is recorded of a decision."""

from dataclasses import dataclass
from datetime import date

from models.enums import Method, Outcome


@dataclass(frozen=True)
class Condition:
    """What has to be done so that an approval counts; it becomes an action."""

    text: str
    owner_id: int
    due_on: date


@dataclass(frozen=True)
class Decided:
    """A decision as it is to be recorded, read and checked."""

    question: str
    outcome: Outcome
    method: Method
    options: tuple[str, ...] = ()
    chosen: str = ""
    """Which of the options, if there were some."""
    reason: str = ""
    conditions: tuple[Condition, ...] = ()
    votes_for: int | None = None
    votes_against: int | None = None
    abstained: int | None = None
    voted_by_name: str = ""
    """Who voted what, if that is to stand in the record: `For: Carol, Omar. Against: Ben.`"""
    dissent: str = ""
    interests: str = ""
    project_id: int | None = None
    log_entry_id: int | None = None
    """The project's decision needed that it settles."""
    agenda_item_id: int | None = None
    ballot_id: int | None = None
    needed_since: date | None = None
    """None: since the entry that it settles was opened, if there is one."""
    effective_on: date | None = None
    had_quorum: bool = True

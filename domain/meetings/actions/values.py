"""What the service of actions takes and returns."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.meetings.actions.messages import ActionLine

What = Literal["done", "move", "hand", "cancel"]
"""What somebody wants to do with an action."""


@dataclass(frozen=True)
class ActionShown:
    """An action as somebody opens it, to do one thing with it."""

    what: What
    line: ActionLine
    revision: int
    last: str = ""
    """Its last change, in a sentence."""
    is_open: bool = True
    saved: bool = False
    """It stands so because of what they have just sent."""


@dataclass(frozen=True)
class ActionWant:
    """What somebody has sent: of an action as they saw it."""

    entry_id: int
    revision: int
    what: What
    note: str = ""
    due_on: date | None = None
    """Where the date moves."""
    person: str = ""
    """The Slack id of who takes it over."""

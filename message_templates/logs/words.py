"""How an entry and its parts are called; for every look of the lists."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.logs.values import Entry
from message_templates.markup import Marked, load
from models.enums import LogKind, LogState

_TEMPLATE: Final = "logs/words"

ONE: Final[Mapping[LogKind, str]] = {
    LogKind.RISK: "risk",
    LogKind.ISSUE: "issue",
    LogKind.ACTION: "action",
    LogKind.DECISION: "decision",
    LogKind.MILESTONE: "milestone",
}
MANY: Final[Mapping[LogKind, str]] = {kind: f"{word}s" for kind, word in ONE.items()}
"""Also what is typed behind the command: `/project risks`."""

LIKELIHOOD: Final = ("rare", "unlikely", "possible", "likely", "nearly certain")
IMPACT: Final = ("negligible", "minor", "moderate", "major", "severe")
"""What 1 to 5 mean."""

_DONE: Final[Mapping[LogKind, str]] = {
    LogKind.RISK: "Over",
    LogKind.ISSUE: "Solved",
    LogKind.ACTION: "Done",
    LogKind.DECISION: "Decided",
    LogKind.MILESTONE: "Met",
}


def state_words(kind: LogKind, state: LogState) -> str:
    """What a state of a kind is called: a decision is decided where an action is done."""
    if state is LogState.DONE:
        return _DONE[kind]
    return "Open" if state is LogState.OPEN else "Cancelled"


def add_words(kind: LogKind) -> Marked:
    """What a button says that adds an entry."""
    return load(_TEMPLATE).part(f"add_{kind}")


def graded(entry: Entry) -> Marked:
    """How grave a risk or an issue is; empty for other kinds, and where nobody has said."""
    return load(_TEMPLATE).part(
        "graded",
        entry=entry,
        likelihood=LIKELIHOOD[entry.likelihood - 1] if entry.likelihood else "",
        impact=IMPACT[entry.impact - 1] if entry.impact else "",
    )


def owner(entry: Entry) -> Marked:
    """Who has an entry in hand."""
    return load(_TEMPLATE).part("owner", entry=entry)


def due(entry: Entry, today: date) -> Marked:
    """By when, how far it has moved if it is a milestone, and for how long it is overdue."""
    late = (today - entry.due_on).days if entry.due_on and entry.is_overdue(today) else 0
    return load(_TEMPLATE).part("due", entry=entry, overdue_days=late)

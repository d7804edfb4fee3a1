"""The buttons that add an entry to a list and open one, wherever they stand."""

from typing import Final

from message_templates import kit
from message_templates.kit import Block
from message_templates.logs.words import add_words
from message_templates.markup import load
from models.enums import LogKind

LOG_ADD: Final = "log_add"
"""The action of the buttons that add; `log_add:risk` in full, as one row may have several."""

LOG_OPEN: Final = "log_open"
"""The action of the buttons that open an entry; the value is its number in the record."""


def add_button(kind: LogKind, code: str) -> Block:
    """Build a button that adds to a list of a project."""
    return kit.button(add_words(kind), f"{LOG_ADD}:{kind}", value=f"{kind}:{code}")


def read_add(value: str) -> tuple[LogKind, str]:
    """Read back what an adding button is for: the kind and the project's code."""
    kind, _, code = value.partition(":")
    return LogKind(kind), code


def open_button(entry_id: int) -> Block:
    """Build a button that opens an entry."""
    return kit.button(load("logs/words").part("open"), LOG_OPEN, value=str(entry_id))

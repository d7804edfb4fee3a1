"""The end of a list that a page shows in parts: where it stands, and buttons to turn it."""

from typing import Final, TypeVar

from domain.health.values import Part
from message_templates import kit
from message_templates.home.state import TURN
from message_templates.kit import Block
from message_templates.markup import Marked, load

_TEMPLATE: Final = "home/paging"

T = TypeVar("T")


def pager(name: str, part: Part[T], size: int) -> list[Block]:
    """Buttons that turn a list; nothing where all of it is shown."""
    if part.parts == 1:
        return []
    texts = load(_TEMPLATE)
    turns = []
    if part.number:
        turns.append(_turn(texts.part("previous"), name, part.number - 1, "previous"))
    if part.number + 1 < part.parts:
        left = min(size, part.total - (part.number + 1) * size)
        turns.append(_turn(texts.part("next", count=left), name, part.number + 1, "next"))
    return [kit.actions(*turns)]


def heading(title: Marked, part: Part[T], size: int) -> list[Block]:
    """A list's title, with how many there are and which of them are shown."""
    texts = load(_TEMPLATE)
    blocks = [kit.header(title)]
    if part.parts > 1:
        first = part.number * size + 1
        where = {"first": first, "last": first + len(part.shown) - 1, "total": part.total}
        blocks.append(kit.context(texts.part("where", **where)))
    return blocks


def _turn(text: Marked, name: str, number: int, which: str) -> Block:
    return kit.button(text, f"{TURN}:{name}:{which}", value=f"{name}={number}")

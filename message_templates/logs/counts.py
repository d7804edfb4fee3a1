"""A project's lists in one line: how much is open, and what of it is grave or overdue."""

from collections.abc import Iterator
from typing import Final

from domain.logs.values import ListCounts
from message_templates import kit
from message_templates.kit import Block
from message_templates.logs.words import MANY, ONE, due
from message_templates.markup import load, rich_text
from message_templates.markup.filters import plural
from models.enums import LogKind

_TITLE: Final = 80
"""Characters of a milestone's name; its list has it whole."""


def counts_line(counts: ListCounts) -> list[Block]:
    """Show the numbers; nothing where nothing is open."""
    if not counts.open:
        return []
    following = counts.next_milestone
    text = load("logs/counts").part(
        "counts",
        counts=list(_numbers(counts)),
        milestone=kit.shorten(following.title, _TITLE) if following else "",
        due=due(following, counts.today) if following else "",
    )
    return rich_text(text)


def _numbers(counts: ListCounts) -> Iterator[str]:
    for kind in LogKind:
        if number := counts.open.get(kind, 0):
            notes = [
                f"{some} {word}"
                for word, some in (
                    ("high", counts.high.get(kind, 0)),
                    ("overdue", counts.overdue.get(kind, 0)),
                )
                if some
            ]
            noted = f" ({', '.join(notes)})" if notes else ""
            yield f"{plural(number, ONE[kind], MANY[kind])}{noted}"

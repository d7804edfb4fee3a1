"""Tells which part of a text asks: people tell a story first, and ask in its last sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_ENDS: Final = re.compile(r"[.!?]+(?=\s|$)|[;\n]+")
_COMMAS: Final = re.compile(r"[,:]\s+|\s[-\u2013\u2014]+\s|\s(?=(?:so|but)\s)")
_ASKING: Final = (
    r"(?:what|whats|who|whose|whom|when|where|how|why|which|can|could|may|do|does|did|is|are|should"
    r"|shall|must|will|would|am|any|explain|describe|tell)"
)
_BEGINS: Final = re.compile(rf"\s*(?:(?:and|so|but|then|also|or)\s+)*{_ASKING}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A part of a text, by the places of its characters."""

    start: int
    end: int

    def holds(self, place: int) -> bool:
        """Whether the character at a place is in it."""
        return self.start <= place < self.end


def asking(text: str) -> tuple[Span, Span]:
    """The sentence of a text that asks, and the clause of it that does; all of it if none does."""
    whole = Span(0, len(text))
    sentence = _last(_parts(text, whole, _ENDS), text) or whole
    return sentence, _last(_parts(text, sentence, _COMMAS), text) or sentence


def _last(parts: Sequence[Span], text: str) -> Span | None:
    """The last part that is a question by its sign, or by how it begins."""
    marked = [each for each in parts if text[each.end : each.end + 1] == "?"]
    begun = [each for each in parts if _BEGINS.match(text, each.start, each.end)]
    found = marked if len(parts) > 1 and marked and not begun else begun
    return found[-1] if found else None


def _parts(text: str, within: Span, between: re.Pattern[str]) -> Sequence[Span]:
    parts: list[Span] = []
    start = within.start
    for match in between.finditer(text, within.start, within.end):
        parts.append(Span(start, match.start()))
        start = match.end()
    return [*parts, Span(start, within.end)]

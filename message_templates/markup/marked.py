"""Text of which every character is known to be markup or data, and how it gets through Jinja.

Slack has no escape character, so escaping cannot keep people's words from becoming markup. What a
template says itself is therefore *sealed* before Jinja sees it: put between two signs that hold a
secret, drawn anew in each process. Values stay as they are, through macros, joins and filters, and
none of them can contain the signs. After rendering, what lies between signs is markup and all the
rest is data.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Self

from typing_extensions import override

HOLE = "\0"
"""Stands in a frame for one value."""

_TELLING = 9
"""So many characters of a sign are no accident."""


@dataclass(frozen=True)
class Marked:
    """Markup with data in it: `frame` is the markup, with a HOLE for each of `values`."""

    frame: str
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.frame.count(HOLE) != len(self.values):
            raise ValueError(f"{self.frame!r} does not have {len(self.values)} holes")

    @classmethod
    def data(cls, text: str) -> Self:
        """Text without any markup, however it looks."""
        return cls(HOLE, (text,)) if text else cls("")

    @classmethod
    def unseal(cls, rendered: str) -> Self:
        """Tell markup and data apart in what a template rendered."""
        opening, closing = _signs()
        pieces = re.split(f"{opening}(.*?){closing}", rendered, flags=re.DOTALL)
        if any(is_sealed(piece) for piece in pieces):
            raise ValueError(
                "a filter cut through the template's own text: apply it to values only"
            )
        values = tuple(piece for piece in pieces[::2] if piece)
        frame = "".join(piece if index % 2 else HOLE for index, piece in enumerate(pieces) if piece)
        return cls(frame, values)

    @override
    def __str__(self) -> str:
        """Give the sealed form, so that it keeps its markup as a value of another template."""
        markup = self.frame.split(HOLE)
        return seal(markup[0]) + "".join(
            value + seal(after) for value, after in zip(self.values, markup[1:], strict=True)
        )

    def __bool__(self) -> bool:
        return bool(self.frame)

    def cut(self, start: int, end: int) -> "Marked":
        """Give the stretch of the frame from `start` to `end`, with the values in it."""
        first = self.frame.count(HOLE, 0, start)
        last = first + self.frame.count(HOLE, start, end)
        return Marked(self.frame[start:end], self.values[first:last])

    def strip(self) -> "Marked":
        """Drop the blank space around the template's text; that of values stays."""
        end = len(self.frame.rstrip(" \t\n"))
        start = len(self.frame) - len(self.frame.lstrip(" \t\n"))
        return self.cut(min(start, end), end)

    def filled(self) -> str:
        """Give all characters, markup and data alike."""
        markup = self.frame.split(HOLE)
        return markup[0] + "".join(
            value + after for value, after in zip(self.values, markup[1:], strict=True)
        )

    @classmethod
    def lines(cls, parts: Iterable["Marked"]) -> "Marked":
        """Put parts under each other, leaving out the empty ones."""
        full = [part for part in parts if part]
        return cls(
            "\n".join(part.frame for part in full),
            tuple(value for part in full for value in part.values),
        )


def seal(markup: str) -> str:
    """Mark text as the template's own."""
    if HOLE in markup:
        raise ValueError(f"a template cannot contain the character {HOLE!r}")
    opening, closing = _signs()
    return f"{opening}{markup}{closing}" if markup else ""


def is_sealed(text: str) -> bool:
    """Tell whether there is a sign, or either end of one, in what should be words alone."""
    ends = (end for sign in _signs() for end in (sign[:_TELLING], sign[-_TELLING:]))
    return any(end in text for end in ends)


@cache
def _signs() -> tuple[str, str]:
    # Digits and noncharacters survive `upper` and the like; 128 bits cannot be guessed.
    secret = secrets.randbits(128)
    return f"\ufdd0{secret}\ufdd1", f"\ufdd2{secret}\ufdd3"

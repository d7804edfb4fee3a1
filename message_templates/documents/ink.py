"""What is written into a template: people's words, which no template language ever reads.

A value stands in the filled XML as a token that nobody can guess, and is put in its place when all
else is done: so what people typed can be neither a field, nor markup, nor a formula.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Self
from xml.sax.saxutils import escape

NOTHING: Final = "\N{EN DASH}"
"""What stands where there is nothing to say, and nothing is missing."""

Kept = str | date | Decimal | int | None
"""A value as a cell of a workbook takes it."""

# What XML 1.0 cannot hold; line breaks and tabs it can.
_UNHEARD_OF: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """A text without the characters that no file of Word or Excel can hold."""
    return _UNHEARD_OF.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Piece:
    """A part of a text as it is written."""

    text: str
    is_blank: bool = False
    """It is left to fill."""
    is_nothing: bool = False
    """There is nothing to say, and nothing is missing."""
    kept: Kept = None
    """The value itself, where the piece is one."""


class Fact(str):
    """A value of the record: a text to who compares or asks, a token to who prints it."""

    __slots__ = ("_ink", "kept", "label")
    _ink: "Ink"
    kept: Kept
    """The value itself."""
    label: str
    """What is left to fill where the text is empty; empty: nothing is."""

    def __new__(cls, ink: "Ink", text: str, kept: Kept = None, label: str = "") -> Self:
        """Make one of the ink that prints it."""
        made = super().__new__(cls, text)
        made._ink, made.kept, made.label = ink, kept, label
        return made

    def __html__(self) -> str:
        """What Jinja prints in place of the text."""
        return self._ink.token(self)

    @property
    def piece(self) -> Piece:
        """As it is written in the end."""
        if self:
            return Piece(str.__str__(self), kept=self.kept)
        if self.label:
            return Piece(f"[to fill: {self.label}]", is_blank=True)
        return Piece(NOTHING, is_nothing=True)


@dataclass
class Ink:
    """The tokens of one filled template."""

    blanks: list[str] = field(default_factory=list)
    """What is left to fill, in the order in which it was written; once for each place."""
    _facts: list[Fact] = field(default_factory=list)
    _secret: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)

    def token(self, fact: Fact) -> str:
        """What stands for a value until `pieces` puts it in its place."""
        self._facts.append(fact)
        return f"Q{self._secret}x{len(self._facts) - 1}Q"

    def fill(self, label: object) -> Fact:
        """Give what marks something that no record knows, such as a business case."""
        return Fact(self, "", label=clean(str(label)))

    def has_tokens(self, text: str) -> bool:
        """Whether there is a value in a text."""
        return self._secret in text

    def pieces(self, text: str) -> list[Piece]:
        """A text with its values in their places."""
        return [each for each in self._pieces(text) if each.text]

    def plain(self, text: str) -> str:
        """The same in one, for what has no style."""
        return "".join(each.text for each in self.pieces(text))

    def markup(self, text: str) -> str:
        """The same inside of XML."""
        pieces = enumerate(self._pieces(text))
        return "".join(escape(each.text) if number % 2 else each.text for number, each in pieces)

    def _pieces(self, text: str) -> Iterator[Piece]:
        for number, part in enumerate(re.split(f"Q{self._secret}x([0-9]+)Q", text)):
            if number % 2 == 0:
                yield Piece(part)
                continue
            fact = self._facts[int(part)]
            if not fact and fact.label:
                self.blanks.append(fact.label)
            yield fact.piece

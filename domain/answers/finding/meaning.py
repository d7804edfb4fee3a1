"""What a model of language may add to the words: how near a question is to a section in meaning."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.answers.values import Handbook, Section


class Meanings(Protocol):
    """Compares questions with the sections of one state of the handbook."""

    def alike(self, question: str) -> Mapping[str, float]:
        """How near each section is, 0 to 1, by its id; empty while that can't be told."""


class Encoder(Protocol):
    """Reads what sections mean."""

    def read(self, handbook: Handbook) -> Meanings:
        """Begin to read, and return at once: until it is read, words alone tell."""


def surfaces(section: Section) -> Sequence[str]:
    """The texts of a section that a question is compared with; the nearest of them counts."""
    return list(dict.fromkeys((section.title, *section.aliases, section.body)))

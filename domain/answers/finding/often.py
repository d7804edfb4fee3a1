"""Ranks sections as full-text search does, by how often each says the words of a question (BM25).

Coverage asks whether a section says a word, and lets silent words count for nothing; this counts
how often it says it for its length, and silent words too. The two miss different questions, so
together they order better than either. It tells nothing of how sure an answer is: the best section
for nonsense scores as high as the best for a good question.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

_OF_NAME: Final = 6
"""How many times in the text a word counts that is in a title or an alias."""

_SATURATION: Final = 1.2
"""How soon it stops to matter how often a word is said: the usual figure, as SQLite's."""

_OF_LENGTH: Final = 0.75
"""How much a long section has to say a word more often, 0 to 1: the usual figure, too."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """The stems of a section."""

    names: Sequence[Row]
    """Of its title and its aliases."""
    text: Row

    @property
    def length(self) -> int:
        """In words."""
        return sum(map(len, self.names)) + len(self.text)

    def often(self) -> Mapping[str, int]:
        """How often each is said."""
        found = Counter(self.text)
        for stem in chain.from_iterable(self.names):
            found[stem] += _OF_NAME
        return found


class Often:
    """How often the stems of a question stand in each section."""

    def __init__(self, sections: Sequence[Said]) -> None:
        """Take the sections in their order."""
        counts = [each.often() for each in sections]
        holding = Counter(chain.from_iterable(counts))
        average = sum(each.length for each in sections) / len(sections) if sections else 0.0
        self._scores: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for place, (section, often) in enumerate(zip(sections, counts, strict=True)):
            if not often:
                continue
            soon = _SATURATION * (1 - _OF_LENGTH + _OF_LENGTH * section.length / average)
            for stem, count in often.items():
                rest = len(sections) - holding[stem]
                rarity = math.log(1 + (rest + 0.5) / (holding[stem] + 0.5))
                self._scores[stem][place] = rarity * count * (_SATURATION + 1) / (count + soon)

    def shares(self, weights: Mapping[str, float]) -> Mapping[int, float]:
        """By place, the score of a section as a share of the best one's, 0 to 1.

        Args:
            weights: the stems of a question, with how much each counts.
        """
        found: defaultdict[int, float] = defaultdict(float)
        for stem, weight in weights.items():
            for place, score in self._scores.get(stem, {}).items():
                found[place] += weight * score
        most = max(found.values(), default=0.0)
        return {place: score / most for place, score in found.items()} if most else {}

"""Mends what was typed wrong, towards the words of the handbook; what is a word stays as it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.answers.finding.terms import Token

_SHORTEST: Final = 4
"""Of shorter words nearly each is one letter from another."""

_RARE: Final = 2_000_000
_LIKELIER: Final = 100
"""A word that stands so seldom in English texts (the most frequent: 23,000,000,000 times), and
another of the handbook's beside it so many times as often: the other is meant."""

_TWO_FROM: Final = 6
_THREE_FROM: Final = 11
_LONGEST: Final = 24
_SHORTEST_HALF: Final = 3

MOST_MENDED: Final = 8
"""Of a text in which more words are unknown, nobody can tell what was meant."""

SHORT_MISTAKES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("wat", "wht", "waht", "hwat", "whta", "wha", "wot", "whats"), "what"),
    **dict.fromkeys(("teh", "hte", "th"), "the"),
    **dict.fromkeys(("hwo", "hoe", "hw"), "how"),
    **dict.fromkeys(("woh", "hwho"), "who"),
    **dict.fromkeys(("wehn", "whne", "wen", "hwen"), "when"),
    **dict.fromkeys(("adn", "nad"), "and"),
    **dict.fromkeys(("fro", "fo"), "for"),
    **dict.fromkeys(("si",), "is"),
    **dict.fromkeys(("oyu", "yuo"), "you"),
    **dict.fromkeys(("od", "dose"), "do"),
}
"""Short words that are often mistyped: they shape a question, and no look-up would find them."""


class Speller:
    """Knows the handbook's words and those of English."""

    def __init__(self, handbook_words: Mapping[str, int], english: Mapping[str, int]) -> None:
        """Take words with how often each stands in the handbook, and in English texts."""
        self._handbook = handbook_words
        self._english = english
        self._choices = sorted(
            (each for each in handbook_words if len(each) >= _SHORTEST and each.isalpha()),
            key=lambda word: (-handbook_words[word], word),
        )

    def mended(self, tokens: Sequence[Token]) -> Mapping[int, str]:
        """What is meant instead, by the place of the word; nothing where it can't be told."""
        shouted = all(each.text.isupper() for each in tokens)
        unknown = [place for place, each in enumerate(tokens) if not self._is_known(each.folded)]
        found: dict[int, str] = {}
        for place in unknown[:MOST_MENDED]:
            token = tokens[place]
            if token.text.isupper() and not shouted:
                meant = self._turned(token.folded)
            else:
                meant = self._meant(token.folded, _most(token))
            if meant:
                found[place] = meant
        return found

    def _is_known(self, word: str) -> bool:
        if word in SHORT_MISTAKES:
            return word in self._handbook
        if word in self._handbook or not word.isalpha() or len(word) > _LONGEST:
            return True
        return word in self._english and not self._likelier(word)

    def _likelier(self, word: str) -> str:
        """A word of the handbook that a rare one is mistyped from: `planing`, of *planning*."""
        often = self._english.get(word, 0)
        if len(word) < _SHORTEST or often > _RARE:
            return ""
        near = (each for each in _one_off(word) if each in self._handbook and each[0] == word[0])
        likely = [each for each in near if self._english.get(each, 0) > _LIKELIER * often]
        return max(likely, key=lambda each: (self._handbook[each], each), default="")

    def _turned(self, word: str) -> str:
        """A name in capitals may be a project's code: only letters that changed places count."""
        letters = sorted(word)
        same = (each for each in self._handbook if len(each) == len(word))
        near = (each for each in same if sorted(each) == letters)
        return next((each for each in near if OSA.distance(word, each) == 1), "")

    def _meant(self, word: str, most: int) -> str:
        if word in SHORT_MISTAKES:
            return SHORT_MISTAKES[word]
        if word in self._english:
            return self._likelier(word)
        if len(word) < _SHORTEST:
            return self._turned(word) or self._longer(word)
        return self._nearest(word, most) or self._halves(word)

    def _longer(self, word: str) -> str:
        """A short word that lacks a letter: `pth`, of *path*."""
        near = (each for each in _one_off(word) if len(each) > len(word) and each[0] == word[0])
        known = [each for each in near if each in self._handbook]
        return max(known, key=lambda each: (self._handbook[each], each), default="")

    def _nearest(self, word: str, most: int) -> str:
        near = process.extract(word, self._choices, scorer=OSA.distance, score_cutoff=most, limit=5)
        likely = [
            (distance, choice[0] != word[0], place, choice)
            for choice, distance, place in near
            if distance == 1 or choice[0] == word[0]
        ]
        best = min(likely, default=None)
        if best is None:
            closer = (each for each in _one_off(word) if each in self._english)
            same = (each for each in closer if each[0] == word[0])
            return max(same, key=lambda each: (self._english[each], each), default="")
        return best[-1]

    def _halves(self, word: str) -> str:
        """Two words that were written as one: `statusreport`."""
        places = range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
        pairs = ((word[:place], word[place:]) for place in places)
        known = [pair for pair in pairs if pair[0] in self._handbook and pair[1] in self._handbook]
        best = max(known, key=lambda pair: min(self._handbook[each] for each in pair), default=None)
        return "" if best is None else " ".join(best)


def _most(token: Token) -> int:
    """How many mistakes a word may have; a name in the midst of a sentence has hardly any."""
    length = len(token.folded)
    if token.start and token.text[0].isupper():
        return 1
    return 1 + (length >= _TWO_FROM) + (length >= _THREE_FROM)


def _one_off(word: str) -> set[str]:
    """What is one mistake away: a letter too many, too few, another, or two in the wrong order."""
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        made
        for left, right in halves
        for made in (
            left + right[1:],
            left + right[1:2] + right[:1] + right[2:],
            *(left + letter + right[1:] for letter in ascii_lowercase if right),
            *(left + letter + right for letter in ascii_lowercase),
        )
    }


def counted(texts: Iterable[Collection[str]]) -> Mapping[str, int]:
    """How often each word stands in texts."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in text:
            counts[word] = counts.get(word, 0) + 1
    return counts

"""Which known words somebody may have meant by one that is not known."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LIKENESS = 0.6
"""Share of the characters that must agree: two slips in a word of five letters are too many."""


def nearest(word: str, known: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """The known words most like `word`, best first; capitals do not count."""
    found = process.extract(
        word,
        list(known),
        scorer=OSA.normalized_similarity,
        processor=str.casefold,
        score_cutoff=_LIKENESS,
        limit=limit,
    )
    return tuple(choice for choice, _score, _index in found)


def did_you_mean(word: str, known: Iterable[str], limit: int = 1) -> str:
    """A question to put behind an error, such as ` Did you mean APOLLO?`; empty without a guess."""
    guesses = nearest(word, known, limit)
    return f" Did you mean {' or '.join(guesses)}?" if guesses else ""

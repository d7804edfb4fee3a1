"""The length of texts as Slack counts it, and ways to fit a text in without hurting it."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

ELLIPSIS: Final = "…"
_SMALLEST_LIMIT = 5
"""A single `&` counts that much."""
_ENTITIES = ("&amp;", "&lt;", "&gt;")
_ZERO_WIDTH_JOINER = "\u200d"
_BOUNDARIES = (
    re.compile(r"\n[^\S\n]*\n\s*"),  # paragraph
    re.compile(r"\n"),  # line
    re.compile(r"[.!?…][)\]\"'»”\N{RIGHT SINGLE QUOTATION MARK}]*\s+"),  # sentence
    re.compile(r"\s+"),  # word
)
_PLAIN: Final = r"[^\r&\u0300-\u200f\u2028-\U0010ffff]"
"""Letters, punctuation and spaces that join nothing, counting one or, `<` and `>`, four."""
_PLAIN_RUN: Final = re.compile(rf"{_PLAIN}+(?={_PLAIN}|\Z)")
"""Nearly all that is written. The last one is left where what follows may join it."""


def utf16_length(text: str) -> int:
    """Count UTF-16 units, as most emoji count two: never less than Slack may count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def slack_length(text: str) -> int:
    """Count what the text takes once escaped: `&` five, `<` and `>` four."""
    length = utf16_length(text)
    if "&" in text or "<" in text or ">" in text:
        length += 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
    return length


def clusters(text: str) -> Iterator[str]:
    """Yield what a reader sees as one character: letters with accents, joined emoji, flags.

    An escaped character such as `&amp;` is one, too.
    """
    for run, is_plain in _runs(text):
        if is_plain:
            yield from run
        else:
            yield run


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Take a text apart: plain characters in a row, each of them a cluster, or one other cluster.

    Long texts are looked through for each of their pieces: character by character, a report of
    the longest texts would take seconds.
    """
    at = 0
    while at < len(text):
        found = _PLAIN_RUN.match(text, at)
        run = found[0] if found else _cluster_at(text, at)
        yield run, found is not None
        at += len(run)


def _cluster_at(text: str, start: int) -> str:
    end = start + 1
    while end < len(text) and _belongs(text[start:end], text[end]):
        end += 1
    return text[start:end]


def shorten(text: str, limit: int) -> str:
    """Cut a text at a word and end it with "…".

    Only for labels, titles and previews of what is shown whole elsewhere. To be called before
    escaping; the limit is counted as `slack_length`.
    """
    if limit < 1:
        raise ValueError(f"{limit} characters cannot hold even {ELLIPSIS}")
    if slack_length(text) <= limit:
        return text
    kept = text[: _fitting(text, limit - 1)]
    if not text[len(kept)].isspace():
        words = re.match(r"(.*\S)\s", kept, re.DOTALL)
        kept = words[1] if words and 2 * len(words[1]) >= len(kept) else kept
    return kept.rstrip() + ELLIPSIS


def split_whole(text: str, limit: int) -> list[str]:
    """Split a text into pieces that together are the text, to the character.

    Each piece is at most `limit` long, counted as `slack_length`. Pieces end at a paragraph, else
    a line, a sentence or a word, as long as they stay at least half full.
    """
    if limit < _SMALLEST_LIMIT:
        raise ValueError(f"pieces of {limit} characters cannot hold every character")
    pieces = []
    while slack_length(text) > limit:
        end = _best_end(text, limit)
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text] if text else pieces


def _best_end(text: str, limit: int) -> int:
    """Find where to end the first piece of a text that is longer than the limit."""
    fitting = _fitting(text, limit)
    if fitting == 0:  # one cluster longer than the limit: nothing can save it
        return _fitting_apart(text, limit)
    inside = _inside_clusters(text[:fitting])
    for boundary in _BOUNDARIES:
        ends = (found.end() for found in boundary.finditer(text, 0, fitting))
        best = max((each for each in ends if each not in inside), default=0)
        if 2 * best > fitting:
            return best
    return fitting


def _inside_clusters(text: str) -> set[int]:
    """Where the text must not be split."""
    inside, at = set[int](), 0
    for run, is_plain in _runs(text):
        if not is_plain:
            inside.update(range(at + 1, at + len(run)))
        at += len(run)
    return inside


def _fitting(text: str, limit: int) -> int:
    """Count the code points at the start of the text that fit into the limit, in whole clusters."""
    end = 0
    for run, is_plain in _runs(text[: limit + 1]):  # each counts one at least
        length = slack_length(run)
        if length > limit:
            return end + (_fitting_apart(run, limit) if is_plain else 0)
        limit -= length
        end += len(run)
    return end


def _fitting_apart(text: str, limit: int) -> int:
    """The same where each code point may stand alone."""
    counts = range(min(limit, len(text)) + 1)
    return bisect_right(counts, limit, key=lambda count: slack_length(text[:count])) - 1


def _belongs(cluster: str, character: str) -> bool:
    """Tell whether a character continues a cluster: the common cases of Unicode's annex 29."""
    if _extends(character) or (cluster[-1] == _ZERO_WIDTH_JOINER and not character.isspace()):
        return True
    if cluster == "\r":
        return character == "\n"
    if len(cluster) == 1 and _is_regional(cluster):
        return _is_regional(character)
    return cluster[0] == "&" and any(entity.startswith(cluster + character) for entity in _ENTITIES)


def _extends(character: str) -> bool:
    """Accents, variation selectors, joiners, skin tones and the tags of some flags."""
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character == _ZERO_WIDTH_JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"

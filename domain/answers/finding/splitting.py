"""Parts a message into the questions that it asks."""

import re
from collections.abc import Sequence
from typing import Final

from domain.answers.finding.terms import cleaned, says_something, words

MOST_QUESTIONS: Final = 5

_ENDS: Final = re.compile(r"(?<=\?)\s+|(?<=\?)(?=\w)|\n+|;\s+")
_ASKING: Final = r"(?:what|who|when|where|how|why|which|whose|can|may|do|is|are|should)"
_JOINED: Final = re.compile(rf"[,.]?\s+(?:and|also|plus|and also)\s+(?={_ASKING}\b)", re.IGNORECASE)
_ASKS: Final = re.compile(rf"\b{_ASKING}\b", re.IGNORECASE)
_BULLET: Final = re.compile(r"^\s*(?:[-•*]|\d+[.)])\s*")
_SUBJECT: Final = re.compile(
    r"^(?:and |also )?(?:what(?:'s| is| are|s)?|who(?:'s| is| are)?|when (?:is|are)|how (?:is|are)"
    r"|which|why (?:is|are)?)\s+",
    re.IGNORECASE,
)
_POINTS_BACK: Final = re.compile(r"\b(?:it|them|they|this|that|one|its|these)\b", re.IGNORECASE)

_NAMED: Final = re.compile(r"\b(?:my|our|the|an?)\s+\w+(?:\s\w+)?", re.IGNORECASE)


def split_questions(text: str) -> list[str]:
    """The questions of a message, five at most; what is only said before one goes with it."""
    found: list[str] = []
    said = ""
    parts = _parts(cleaned(text))
    if not any(map(_is_question, parts)):
        return [each for each in parts if _says_anything(each)][:MOST_QUESTIONS]
    for part in parts:
        whole = f"{said} {part}".strip()
        if not _says_anything(part) and not (said and _is_question(part)):
            continue
        if _is_question(part):
            found.append(whole)
            said = ""
        else:
            said = whole
    if said:
        found = _with_rest(found, said)
    return [_pointed(each, found[:place]) for place, each in enumerate(found)][:MOST_QUESTIONS]


def _parts(text: str) -> Sequence[str]:
    pieces = [_BULLET.sub("", each).strip() for each in _ENDS.split(text)]
    return [half for each in pieces for half in _halves(each)]


def _halves(text: str) -> Sequence[str]:
    """A question and one joined to it by `and`: only where both ask of something."""
    halves = _JOINED.split(text)
    return halves if all(_ASKS.search(each) and _says_anything(each) for each in halves) else [text]


def _says_anything(text: str) -> bool:
    return any(says_something(each) for each in words(text)) or bool(_POINTS_BACK.search(text))


def _is_question(text: str) -> bool:
    return text.endswith("?") or bool(_SUBJECT.match(text))


def _with_rest(found: Sequence[str], said: str) -> list[str]:
    """What is said behind the last question belongs to it."""
    return [*found[:-1], f"{found[-1]} {said}"] if found else [said]


def _pointed(question: str, before: Sequence[str]) -> str:
    """A question that points back, `who keeps it?`, with what it points to."""
    if not before or sum(map(says_something, words(question))) > 1:
        return question
    subject = _subject(before[-1])
    return _POINTS_BACK.sub(lambda _: subject, question, count=1) if subject else question


def _subject(question: str) -> str:
    plain = question.rstrip("?!. ")
    if (asked := _SUBJECT.match(plain)) is not None:
        return plain[asked.end() :]
    named = _NAMED.findall(plain)
    return named[-1] if named else ""

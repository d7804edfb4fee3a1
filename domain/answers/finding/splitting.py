"""Parts a message into the questions that it asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.answers.finding.terms import cleaned, says_something, words

MOST_QUESTIONS: Final = 5
"""Of one message that are answered at once."""

_ENDS: Final = re.compile(r"(?<=\?)\s+|(?<=\?)(?=\w)|\n+|;\s+")
_ASKING: Final = (
    r"(?:what|whats|who|when|where|how|why|which|whose|can|could|may|do|does|is|are|should|must"
    r"|explain|describe|define|(?:tell|show|give|send) (?:me|us))"
)
_JOINED: Final = re.compile(
    rf"[,.]?\s+(?:and|&|also|plus|then)\s+(?:(?:also|then|secondly|finally|please),?\s+)?"
    rf"(?={_ASKING}\b)|,\s+(?=(?:what|who|when|where|how|why|which|whose)\b)",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"(?:(?<=\s)|^)\(?(?:[1-9]|[a-e])[.):]\s+", re.IGNORECASE)
"""`1.`, `2)`, `(b)`: what stands before each of several questions in one line."""
_ASKS: Final = re.compile(rf"\b{_ASKING}\b", re.IGNORECASE)
_BULLET: Final = re.compile(r"^\s*(?:[-•*]|\d+[.)])\s*")
_HELPERS: Final = r"(?:is|are|do|does|did|should|must|can|will|would|may|to|the|a|an|we|i)"
_BEGINS: Final = re.compile(
    rf"(?:(?:and|so|but|also|then|please|pls) )*(?:(?:what|who|how|why|which|whose|where)\b"
    rf"|whats\b|(?:when|what's|who's) {_HELPERS}\b|(?:can|could|may|do|does|is|are|should|must)"
    rf" \w+|(?:explain|describe|define|tell me|show me|give me)\b)",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"^(?:and |also )?(?:what(?:'s| is| are|s)?|who(?:'s| is| are"
    r"| (?:runs|manages|leads|owns|sponsors|keeps|writes|signs|approves|reads|updates))?"
    r"|when (?:is|are)|how (?:is|are)|which|why (?:is|are)?)\s+",
    re.IGNORECASE,
)
_POINTS_BACK: Final = re.compile(r"\b(?:it|them|they|this|that|one|its|these)\b", re.IGNORECASE)
_GOES_ON: Final = re.compile(
    r"(?:and |so |but )?(?:(?:what|how) (?:if|about)\b|what happens if\b|(?:when|who|why|how)\W*$)",
    re.IGNORECASE,
)

_NAMED: Final = re.compile(r"\b(?:my|our|the|an?)\s+\w+(?:\s\w+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Parted:
    """One question of a message."""

    written: str
    whole: str
    """With what `it` means, as far as the words before tell that."""


def about(written: str, code: str) -> tuple[str, bool]:
    """A question as one about a project, and whether it points to one."""
    pointed, count = _POINTS_BACK.subn(lambda _: code, written, count=1)
    return (pointed, True) if count else (f"{written.rstrip('?. ')} of {code}?", False)


def split_questions(text: str) -> list[str]:
    """The questions of a message, each with what it points back to."""
    return [each.whole for each in parted(text)]


def parted(text: str) -> list[Parted]:
    """The questions of a message; what is only said before one goes with it."""
    found: list[str] = []
    said = ""
    parts = _parts(cleaned(text))
    if not any(map(_is_question, parts)):
        return [Parted(each, each) for each in parts if _says_anything(each)]
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
    wholes = (_pointed(each, found[:place]) for place, each in enumerate(found))
    return [Parted(each, whole) for each, whole in zip(found, wholes, strict=True)]


def _parts(text: str) -> Sequence[str]:
    pieces = [
        _BULLET.sub("", each).strip() for line in _ENDS.split(text) for each in _numbered(line)
    ]
    return [half for each in pieces for half in _halves(each)]


def _numbered(line: str) -> Sequence[str]:
    """The questions of a line that numbers them: two at least."""
    parts = [each.rstrip(" ,") for each in _NUMBERED.split(line) if each.strip()]
    return parts if len(_NUMBERED.findall(line)) > 1 and len(parts) > 1 else [line]


def _halves(text: str) -> Sequence[str]:
    """A question and one joined to it by `and`: only where both ask of something."""
    halves = _JOINED.split(text)
    return halves if all(_ASKS.search(each) and _says_anything(each) for each in halves) else [text]


def _says_anything(text: str) -> bool:
    return any(says_something(each) for each in words(text)) or bool(_POINTS_BACK.search(text))


def _is_question(text: str) -> bool:
    return text.endswith("?") or bool(_BEGINS.match(text.rpartition(": ")[2]))


def _with_rest(found: Sequence[str], said: str) -> list[str]:
    """What is said behind the last question belongs to it."""
    return [*found[:-1], f"{found[-1]} {said}"] if found else [said]


def _pointed(question: str, before: Sequence[str]) -> str:
    """A question that points back, `who keeps it?`, or goes on from it, `what if I'm late?`."""
    if not before or sum(map(says_something, words(question))) > 1:
        return question
    if (subject := _subject(before[-1])) and _POINTS_BACK.search(question):
        return _POINTS_BACK.sub(lambda _: subject, question, count=1)
    if _GOES_ON.match(question):
        about = " ".join(each for each in words(before[-1]) if says_something(each))
        return f"{question.rstrip('?')} ({about})?"
    return question


def _subject(question: str) -> str:
    plain = question.rstrip("?!. ")
    if (asked := _SUBJECT.match(plain)) is not None:
        return plain[asked.end() :]
    named = _NAMED.findall(plain)
    return named[-1] if named else ""

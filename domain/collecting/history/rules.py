"""What has changed between two reports, field by field; nothing of the newer one is left out.

Kept as plain texts, so that a message can hold them: dates as `2026-11-25`, healths as their words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile
from typing import Final

from domain.collecting.values import Promise, Report
from models.enums import RequestState

_MOST_LINES: Final = 600
"""Lines in which the same ones are looked for: beyond it the time for that grows too long."""


class Kind(StrEnum):
    """How a field's texts are to be shown."""

    HEALTH = "health"
    """A health, and the finer word behind a blank where the scale has one."""
    DAY = "day"
    AMOUNT = "amount"
    LINE = "line"
    TEXT = "text"
    """As long as people write; compared line by line."""
    QUESTION = "question"
    """The same, where the name of the field is the question that a phase asks."""


class Sign(StrEnum):
    """What has become of some lines of a text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Edit:
    """Some lines of a text, and what has become of them."""

    sign: Sign
    count: int
    """Lines."""
    text: str = ""
    """The lines themselves; of kept ones nothing, they have not changed."""


@dataclass(frozen=True)
class Difference:
    """One field of a report that says something else than before."""

    name: str
    """The field of `Answers`, `phase`, `promises` or `claim_reason`; or the question."""
    kind: Kind
    old: str = ""
    new: str = ""
    """Of a long text both are empty: its `edits` say what has changed."""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Version:
    """One version of an answer, and in what it differs from the one before.

    The first version is compared with the newest one of the report before.
    """

    report: Report
    changes: tuple[Difference, ...]
    is_first_report: bool = False
    """There was no report before it: all of it is new."""


@dataclass(frozen=True)
class Asked:
    """One request of the past, and what was answered."""

    opens_on: date
    state: RequestState
    reason: str
    cut_off_at: datetime
    versions: tuple[Version, ...]
    """Newest first; none where nobody answered."""

    @property
    def is_late(self) -> bool:
        """Whether the first answer came after the cut-off."""
        first = self.versions[-1].report.submitted_at if self.versions else None
        return self.state is RequestState.LATE or (first is not None and first > self.cut_off_at)


_FIELDS: Final[Mapping[str, Kind]] = {
    "health": Kind.HEALTH,
    "phase": Kind.LINE,
    "why": Kind.TEXT,
    "schedule": Kind.HEALTH,
    "budget": Kind.HEALTH,
    "scope": Kind.HEALTH,
    "resources": Kind.HEALTH,
    "promises": Kind.TEXT,
    "done": Kind.TEXT,
    "next": Kind.TEXT,
    "milestone": Kind.LINE,
    "milestone_baseline": Kind.DAY,
    "milestone_forecast": Kind.DAY,
    "risks": Kind.TEXT,
    "path_to_green": Kind.TEXT,
    "decision": Kind.TEXT,
    "decision_from": Kind.LINE,
    "decision_by": Kind.DAY,
    "spent": Kind.AMOUNT,
    "cost_forecast": Kind.AMOUNT,
    "percent_complete": Kind.AMOUNT,
    "claim_reason": Kind.TEXT,
}
"""In the order in which they are told."""

_BESIDE: Final = ("phase", "promises", "claim_reason")
"""Fields that are no answers of the form."""

_QUESTION: Final = "? "
"""Stands before a question that a phase asks: it may read like the name of a field."""


def differences(old: Report | None, new: Report) -> tuple[Difference, ...]:
    """In what a report differs from an older one; without an older one, all that it says."""
    before, now = texts_of(old) if old else {}, texts_of(new)
    names = [*_FIELDS, *sorted((before.keys() | now.keys()) - _FIELDS.keys())]
    pairs = ((name, before.get(name, ""), now.get(name, "")) for name in names)
    return tuple(_difference(name, was, now_is) for name, was, now_is in pairs if was != now_is)


def texts_of(report: Report) -> dict[str, str]:
    """What a report says, as texts by field and question; what it does not say is left out."""
    answers = report.answers
    told = {name: _text(getattr(answers, name)) for name in _FIELDS if name not in _BESIDE}
    told["health"] = f"{answers.health} {answers.rating}".rstrip()
    told |= {"phase": report.phase, "claim_reason": report.claim_reason}
    told["promises"] = "\n".join(map(_promise, report.promises))
    told |= {f"{_QUESTION}{question}": text for question, text in report.extra.items()}
    return {name: text for name, text in told.items() if text}


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _promise(promise: Promise) -> str:
    """One line for a line of the last "next": what became of it."""
    outcome = promise.outcome.replace("_", " ") or "open"
    note = f" ({' '.join(promise.note.split())})" if promise.note else ""
    return f"{outcome}: {promise.text}{note}"


def _difference(name: str, old: str, new: str) -> Difference:
    kind = _FIELDS.get(name, Kind.QUESTION)
    if kind in (Kind.TEXT, Kind.QUESTION):
        return Difference(name.removeprefix(_QUESTION), kind, edits=edits_of(old, new))
    return Difference(name, kind, old, new)


def edits_of(old: str, new: str) -> tuple[Edit, ...]:
    """How one text becomes another, by whole lines."""
    before, now = _lines(old), _lines(new)
    head = _same(zip(before, now, strict=False))
    before, now = before[head:], now[head:]
    tail = _same(zip(reversed(before), reversed(now), strict=False))
    middle = _middle(before[: len(before) - tail], now[: len(now) - tail])
    return tuple(_merged([*_kept(head), *middle, *_kept(tail)]))


def apply_edits(old: str, edits: Iterable[Edit]) -> str:
    """The newer text, made from the older one: what is shown leaves nothing out."""
    rest, lines = _lines(old), list[str]()
    for edit in edits:
        if edit.sign is Sign.ADDED:
            lines += edit.text.split("\n")
            continue
        if edit.sign is Sign.KEPT:
            lines += rest[: edit.count]
        rest = rest[edit.count :]
    return "\n".join([*lines, *rest])


def _lines(text: str) -> list[str]:
    """By line feeds alone: nothing else is lost when they are joined again."""
    return text.split("\n") if text else []


def _same(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _middle(before: Sequence[str], now: Sequence[str]) -> Iterator[Edit]:
    if len(before) + len(now) > _MOST_LINES:
        yield from [*_changed(Sign.REMOVED, before), *_changed(Sign.ADDED, now)]
        return
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield from _kept(end - start)
        else:
            yield from _changed(Sign.REMOVED, before[start:end])
            yield from _changed(Sign.ADDED, now[new_start:new_end])


def _kept(count: int) -> Iterator[Edit]:
    if count:
        yield Edit(Sign.KEPT, count)


def _changed(sign: Sign, lines: Sequence[str]) -> Iterator[Edit]:
    if lines:
        yield Edit(sign, len(lines), "\n".join(lines))


def _merged(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Runs of kept lines that touch become one."""
    last: Edit | None = None
    for edit in edits:
        if last and last.sign is Sign.KEPT and edit.sign is Sign.KEPT:
            last = Edit(Sign.KEPT, last.count + edit.count)
            continue
        if last:
            yield last
        last = edit
    if last:
        yield last

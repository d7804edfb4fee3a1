"""What of a project's lists, and which projects, an answer tells of."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.answers.live.messages import ToldLine
from domain.answers.live.values import Intent, Reading
from domain.logs.values import Entry
from models.enums import Health, LogKind

_RAID: Final = (LogKind.RISK, LogKind.ISSUE, LogKind.ACTION, LogKind.DECISION)
_GRAVE: Final = (LogKind.RISK, LogKind.ISSUE)


def entries_for(reading: Reading, entries: Sequence[Entry], today: date) -> tuple[Entry, ...]:
    """The open entries that belong into an answer, in the order in which it tells them.

    Args:
        reading: what is asked.
        entries: all open ones of the project, overdue and earliest due first.
        today: where the asker is.
    """
    match reading.intent:
        case Intent.LIST:
            kinds = _RAID if reading.detail == "raid" else (LogKind(reading.detail),)
            return tuple(sorted((each for each in entries if each.kind in kinds), key=_gravity))
        case Intent.NEEDS | Intent.HEALTH:
            return tuple(each for each in entries if _hinders(each, today))
        case Intent.LATE:
            dated = [each for each in entries if each.kind is LogKind.MILESTONE]
            return tuple(
                each for each in dated if each.is_overdue(today) or (each.slip_days or 0) > 0
            )
        case Intent.END | Intent.MILESTONE:
            dated = [each for each in entries if each.kind is LogKind.MILESTONE and each.due_on]
            return tuple(dated[:1])
        case Intent.DECIDED:
            return tuple(each for each in entries if each.kind is LogKind.DECISION)
        case _:
            return ()


def fits(state: str, line: ToldLine) -> bool:
    """Whether a project is as was asked for; `state` is a reading's detail."""
    what, _, value = state.partition(":")
    match what:
        case "health":
            return (line.health or Health.GREY) is Health(value)
        case "phase" | "council":
            return (
                value.casefold() == {"phase": line.phase, "council": line.council}[what].casefold()
            )
        case "late" | "on_track":
            return (line.slip_days is not None) and (line.slip_days > 0) is (what == "late")
        case "not_green":
            return line.health in (Health.YELLOW, Health.RED)
        case _:
            return _stands(what, line)


def gravest_first(entries: Sequence[Entry], kind: LogKind) -> tuple[Entry, ...]:
    """The entries of one kind: the gravest first, of equal ones the earliest due."""
    own = [each for each in entries if each.kind is kind]
    return tuple(sorted(own, key=lambda each: (_gravity(each), each.due_on or date.max)))


def is_awaited(line: ToldLine) -> bool:
    """Whether a report of it is waited for, or missing."""
    return line.cut_off_at is not None


def question_with(question: str, said: str, code: str) -> str:
    """The same question about a project that its code tells apart."""
    return re.sub(re.escape(said), lambda _: code, question, count=1, flags=re.IGNORECASE)


def _stands(state: str, line: ToldLine) -> bool:
    if state == "over_budget":
        return line.is_over_budget
    if state == "on_hold":
        return line.hold_until is not None
    if state == "unreported":
        return line.health is None
    return line.is_restricted if state == "restricted" else True


def _hinders(entry: Entry, today: date) -> bool:
    """Whether an open entry stands in the way: it needs somebody else, is overdue or grave."""
    if entry.kind is LogKind.DECISION:
        return True
    return entry.is_high if entry.kind in _GRAVE else entry.is_overdue(today)


def _gravity(entry: Entry) -> tuple[int, int]:
    """By kind, the gravest first; of equal ones the order stays."""
    return _ORDER.index(entry.kind), -(entry.score or entry.impact or 0)


_ORDER: Final = (*_RAID, LogKind.MILESTONE)

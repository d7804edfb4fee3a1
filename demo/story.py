"""Reads the sample's story, with its relative dates counted from the ask days of a calendar."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

DIMENSIONS = ("schedule", "budget", "scope", "resources")
TEXTS = ("why", "done", "next", "risks", "path_to_green")

_RELATIVE = re.compile(r"\{([+-]\d{1,3})\}")
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on


@dataclass(frozen=True)
class Told:
    """What one project reports in one cycle."""

    code: str
    is_late: bool
    answers: Mapping[str, str | None]
    """By field of the form; empty where nothing has changed."""


def told_in(cycle: Mapping[str, Any], ask_days: Mapping[str, date]) -> Iterator[Told]:
    """What a cycle of the story tells.

    Args:
        cycle: one entry of the story's `cycles`.
        ask_days: the ask day of each project's cycle, by code; projects without one are left out.
    """
    for code, report in cycle["reports"].items():
        if code in ask_days:
            answers = {} if report.get("unchanged") else _answers(report, ask_days[code])
            yield Told(code, bool(report.get("late")), answers)


def _answers(report: Mapping[str, Any], day: date) -> dict[str, str | None]:
    milestone = report.get("milestone") or {}
    decision = report.get("decision") or {}
    answers: dict[str, str | None] = {name: _text(report.get(name), day) for name in TEXTS}
    answers |= {name: report.get(name) for name in DIMENSIONS}
    answers |= {
        "health": report["health"].capitalize(),
        "milestone": milestone.get("name"),
        "milestone_baseline": _date(milestone.get("baseline"), day),
        "milestone_forecast": _date(milestone.get("forecast"), day),
        "decision": _text(decision.get("text"), day),
        "decision_from": decision.get("from"),
        "decision_by": _date(decision.get("by"), day),
    }
    percent = report.get("percent_complete")
    return {**answers, "percent_complete": None if percent is None else str(percent)}


def with_days(text: str, day: date) -> str:
    """A text with its relative dates in words, counted from a day."""
    return _RELATIVE.sub(lambda found: _spoken(day + timedelta(days=int(found[1]))), text).strip()


def iso_day(offset: int, day: date) -> str:
    """The date so many days after a day, as a form takes it."""
    return (day + timedelta(days=int(offset))).isoformat()


def _text(text: str | None, day: date) -> str | None:
    return None if text is None else with_days(text, day)


def _spoken(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _date(offset: int | None, day: date) -> str | None:
    return None if offset is None else iso_day(offset, day)

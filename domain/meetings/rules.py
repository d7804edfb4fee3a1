"""Pure decisions of the room: who may look and change, and whether a typed meeting can be."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import at_wall, parse_day, parse_wall
from domain.meetings.series.rules import FARTHEST, LONGEST, LONGEST_TEXT, SHORTEST
from domain.meetings.values import Wish
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer

DAY, AT, MINUTES, TITLE, PLACE, REASON = "day", "at", "minutes", "title", "place", "reason"
"""The fields of the windows."""

_HALF_DAY: Final = re.compile(r"(0?[1-9]|1[0-2])(?:[:.]([0-5]\d))?\s*([ap])\.?m\.?", re.IGNORECASE)
"""`2pm`, and `2:00 PM` as Slack shows it to many."""

_FULL_DAY: Final = re.compile(r"([01]?\d|2[0-3])(?:\.(?=\d)|h)([0-5]\d)?", re.IGNORECASE)
"""`14.00`, `14h` and `14h30`."""

_TEXTS: Final = {TITLE: "The title", PLACE: "The place", REASON: "The reason"}


@dataclass(frozen=True)
class Meant:
    """A meeting as it was typed, read and found possible."""

    day: date
    at: time
    starts_at: datetime
    minutes: int
    title: str
    place: str


def may_run(viewer: Viewer, chair_id: int | None) -> bool:
    """Whether somebody may plan, change and cancel a council's meetings: its chair or the PMO."""
    if viewer.is_gone or viewer.is_guest:
        return False
    return belongs_to_pmo(viewer) or viewer.person_id == chair_id


def may_see_meetings(viewer: Viewer, council_id: int, seen: Collection[int]) -> bool:
    """Whether somebody may know when a council meets: who may see any project of it, or sits there.

    Args:
        viewer: who looks.
        council_id: the council.
        seen: the councils of the projects that they may see.
    """
    if viewer.is_gone:
        return False
    is_of_it = viewer.is_pmo or council_id in viewer.council_ids
    return council_id in seen or (is_of_it and not viewer.is_guest)


def read_wish(
    wish: Wish, zone: ZoneInfo, taken: Collection[datetime], now: datetime
) -> Meant | Mapping[str, str]:
    """Read what was typed: a meeting, or what is to be mended, by field.

    Args:
        wish: as it was typed.
        zone: the council's.
        taken: when its other meetings begin.
        now: this instant.
    """
    faults = text_faults({TITLE: wish.title, PLACE: wish.place})
    day, at = _read_day(wish.day, faults), _read_wall(wish.at, faults)
    minutes = _read_minutes(wish.minutes, faults)
    if day is None or at is None or minutes is None:
        return faults
    starts_at = at_wall(day, at, zone)
    if starts_at <= now:
        faults[DAY] = "That is over: choose a day and a time from now on."
    elif starts_at > now + FARTHEST:
        faults[DAY] = "That is more than two years ahead: check the year."
    elif starts_at in taken:
        faults[AT] = "The council meets at that time already: choose another time."
    if faults:
        return faults
    return Meant(day, at, starts_at, minutes, wish.title.strip(), wish.place.strip())


def text_faults(texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with texts, by field."""
    return {
        field: f"{_TEXTS[field]} is longer than {LONGEST_TEXT} characters, or has several lines: "
        "shorten it."
        for field, text in texts.items()
        if len(text.strip()) > LONGEST_TEXT or len(text.strip().splitlines()) > 1
    }


def _read_day(text: str, faults: dict[str, str]) -> date | None:
    try:
        return parse_day(text)
    except ValueError as error:
        faults[DAY] = f"{error}."
        return None


def _read_wall(text: str, faults: dict[str, str]) -> time | None:
    try:
        return parse_wall(_as_wall(text))
    except ValueError as error:
        faults[AT] = f"{error}."
        return None


def _as_wall(text: str) -> str:
    """The hour as the configuration writes it; what is no hour stays as it was typed."""
    if match := _HALF_DAY.fullmatch(text.strip()):
        hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
        return f"{hour}:{match[2] or '00'}"
    if match := _FULL_DAY.fullmatch(text.strip()):
        return f"{match[1]}:{match[2] or '00'}"
    return text


def _read_minutes(text: str, faults: dict[str, str]) -> int | None:
    typed = text.strip()
    if typed.isdecimal() and len(typed) <= len(str(LONGEST)) and SHORTEST <= int(typed) <= LONGEST:
        return int(typed)
    faults[MINUTES] = f"Write the length in minutes, from {SHORTEST} to {LONGEST:,}."
    return None

"""A recurrence rule in words, so that whoever wrote it sees what it means."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from domain.calendar.day_rules import WEEKDAYS
from domain.calendar.rules import Recurrence
from message_templates.markup.filters import short_day

_DAY_NAMES: Final = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
_MONTH_NAMES: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_UNITS: Final = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ORDINALS: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_WORKWEEK: Final = list(WEEKDAYS[:5])


def in_words(rule: Recurrence) -> str:
    """Say a rule as people would: `every 2 weeks on Wednesday`; the rule itself if we can't."""
    parts = rule.parts
    which = _which_days(parts, rule)
    if which is None:
        return f"by the rule {rule.text}"
    return " ".join(filter(None, [_every(parts), which, _in_months(parts), _until(parts)]))


def _every(parts: Mapping[str, str]) -> str:
    unit, interval = _UNITS[parts["FREQ"]], int(parts.get("INTERVAL", "1"))
    return f"every {unit}" if interval == 1 else f"every {interval} {unit}s"


def _which_days(parts: Mapping[str, str], rule: Recurrence) -> str | None:
    """The days within the week, month or year; None where words would be longer than the rule."""
    if "BYDAY" in parts and "BYMONTHDAY" in parts:
        return None
    if "BYSETPOS" in parts:
        return _placed(parts) if "BYDAY" in parts else None
    if "BYMONTHDAY" in parts:
        return _month_days(parts["BYMONTHDAY"]) if _is_in_months(parts) else None
    if "BYDAY" in parts:
        return _weekdays(parts)
    return _first_day(parts, rule)


def _first_day(parts: Mapping[str, str], rule: Recurrence) -> str:
    match parts["FREQ"]:
        case "DAILY":
            return ""
        case "WEEKLY":
            return f"on {_DAY_NAMES[WEEKDAYS[rule.first.weekday()]]}"
        case "YEARLY" if "BYMONTH" not in parts:
            return f"on {rule.first.day} {_MONTH_NAMES[rule.first.month - 1]}"
        case _:
            return f"on {_month_day(rule.first.day)}"


def _month_days(text: str) -> str:
    days = [int(each) for each in text.split(",")]
    ordered = sorted(days, key=lambda day: (day < 0, day))
    return f"on {_listed([_month_day(day) for day in ordered])}"


def _month_day(day: int) -> str:
    return f"the {_numeral(day)}" if day > 0 else f"{_from_the_end(-day)} day"


def _weekdays(parts: Mapping[str, str]) -> str | None:
    days = sorted(parts["BYDAY"].split(","), key=_place_in_week)
    if days == _WORKWEEK:
        return "from Monday to Friday"
    if all(day in _DAY_NAMES for day in days):
        names = _listed([_DAY_NAMES[day] for day in days])
        is_repeated = parts["FREQ"] in ("MONTHLY", "YEARLY")
        return f"on every {names}" if is_repeated else f"on {names}"
    if any(day in _DAY_NAMES for day in days) or not _is_in_months(parts):
        return None
    return f"on {_listed([_numbered(day) for day in days])}"


def _placed(parts: Mapping[str, str]) -> str | None:
    """Days chosen by their place among others: the last day from Monday to Friday."""
    days = sorted(parts["BYDAY"].split(","), key=_place_in_week)
    places = [int(each) for each in parts["BYSETPOS"].split(",")]
    if not all(day in _DAY_NAMES for day in days) or not _is_in_months(parts):
        return None
    if len(days) == 1:
        among = _DAY_NAMES[days[0]]
    elif days == _WORKWEEK:
        among = "day from Monday to Friday"
    else:
        among = f"day of {_listed([_DAY_NAMES[day] for day in days])}"
    return f"on {_listed([f'{_nth(place)} {among}' for place in places])}"


def _is_in_months(parts: Mapping[str, str]) -> bool:
    """Whether days are counted in one month each."""
    return parts["FREQ"] == "MONTHLY" or (
        parts["FREQ"] == "YEARLY" and "," not in parts.get("BYMONTH", ",")
    )


def _place_in_week(day: str) -> int:
    return WEEKDAYS.index(day[-2:])


def _numbered(day: str) -> str:
    return f"{_nth(int(day[:-2]))} {_DAY_NAMES[day[-2:]]}"


def _nth(number: int) -> str:
    return f"the {_ordinal(number)}" if number > 0 else _from_the_end(-number)


def _from_the_end(number: int) -> str:
    return "the last" if number == 1 else f"the {_ordinal(number)} to last"


def _ordinal(number: int) -> str:
    return _ORDINALS.get(number) or _numeral(number)


def _numeral(number: int) -> str:
    is_teen = number % 100 in (11, 12, 13)
    ending = "th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _in_months(parts: Mapping[str, str]) -> str:
    if "BYMONTH" not in parts:
        return ""
    months = sorted(int(each) for each in parts["BYMONTH"].split(","))
    return f"in {_listed([_MONTH_NAMES[month - 1] for month in months])}"


def _until(parts: Mapping[str, str]) -> str:
    if "UNTIL" not in parts:
        return ""
    last = date.fromisoformat(parts["UNTIL"][:8])
    return f"until {short_day(last)} {last.year}"


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last

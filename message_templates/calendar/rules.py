"""A council's rules read back: in words, with the next dates."""

from itertools import zip_longest
from typing import Final

from domain.calendar.values import RuleEcho
from message_templates.calendar.recurrences import in_words
from message_templates.markup import load, plain

_TEMPLATE: Final = "calendar/rules"


def rule_line(echo: RuleEcho) -> str:
    """One rule as a line: what it means, and its next days."""
    texts = load(_TEMPLATE)
    values = {
        "council": echo.council,
        "at": f"{echo.at:%H:%M}",
        "dates": _dates(echo),
        "rule": in_words(echo.recurrence),
        "count": echo.before_days,
    }
    part = "asks" if echo.before_days is None else "asks_before"
    return plain(texts.part("meets" if echo.is_of_meetings else part, **values))


def _dates(echo: RuleEcho) -> str:
    """`next 25 Nov, 9 Dec 2026, 6 Jan 2027`: the year where it changes, and at the end."""
    years = [each.day.year for each in echo.days]
    days = [
        {
            "day": each.day,
            "meeting": each.meeting,
            "why_off": each.why_off,
            "tells_year": year != following,
        }
        for each, year, following in zip_longest(echo.days, years, years[1:])
    ]
    return plain(load(_TEMPLATE).part("dates", days=days, asks=not echo.is_of_meetings))

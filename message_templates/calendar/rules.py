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
    return plain(texts.part(_part(echo), **values))


def _part(echo: RuleEcho) -> str:
    if echo.is_of_digest:
        return "posts"
    if echo.is_of_meetings:
        return "meets"
    return "asks" if echo.before_days is None else "asks_before"


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
    return plain(load(_TEMPLATE).part("dates", days=days, of=_part(echo)))

"""Which days a recurrence rule holds on, each looked at by itself.

`dateutil` reads the same rules, but it searches for the next date up to the year 9999 if there is
none, stumbles over numbers that no year has, and takes `BYDAY=MO,1TU` for days that are both.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Self

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As recurrence rules and the configuration write them; `date.weekday()` counts them so."""

_OF_MONTHS = frozenset({"MONTHLY", "YEARLY"})
_ANY = 0
"""In place of a number: every such weekday."""


@dataclass(frozen=True)
class DayRule:
    """A rule, read; empty parts hold on every day."""

    frequency: str
    interval: int
    first: date
    until: date
    week_start: int
    months: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    """Number within the month or year, which may count from its end, and weekday."""
    places: frozenset[int]
    """Which of its days count in each period; all if empty."""

    @classmethod
    def read(cls, parts: Mapping[str, str], first: date) -> Self:
        """Read the parts of a checked rule; what it leaves open, its first day says."""
        frequency = parts["FREQ"]
        months, month_days = _numbers(parts, "BYMONTH"), _numbers(parts, "BYMONTHDAY")
        weekdays = frozenset(_weekday(one) for one in parts.get("BYDAY", "").split(",") if one)
        if not (month_days or weekdays):
            if frequency == "WEEKLY":
                weekdays = frozenset({(_ANY, first.weekday())})
            elif frequency in _OF_MONTHS:
                month_days = frozenset({first.day})
            if frequency == "YEARLY":
                months = months or frozenset({first.month})
        return cls(
            frequency=frequency,
            interval=int(parts.get("INTERVAL", "1")),
            first=first,
            until=date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else date.max,
            week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
            months=months,
            month_days=month_days,
            weekdays=weekdays,
            places=_numbers(parts, "BYSETPOS"),
        )

    def days(self, since: date, until: date) -> Iterator[date]:
        """The rule's days from `since` to `until`, both included."""
        begin, end = max(since, self.first), min(until, self.until)
        if begin > end:
            return
        if not self.places:
            yield from filter(self._holds, _span(begin, end))
            return
        whole = _span(self._period(begin), self._period_end(end))
        for _period, days in groupby(filter(self._holds, whole), self._period):
            yield from (day for day in self._placed(list(days)) if begin <= day <= end)

    def _placed(self, days: list[date]) -> list[date]:
        places = (place - 1 if place > 0 else len(days) + place for place in self.places)
        return [days[place] for place in sorted(set(places)) if 0 <= place < len(days)]

    def _period(self, day: date) -> date:
        """The first day of the month or year that `BYSETPOS` counts in."""
        return day.replace(day=1) if self.frequency == "MONTHLY" else date(day.year, 1, 1)

    def _period_end(self, day: date) -> date:
        return date(day.year, 12, 31) if self.frequency == "YEARLY" else _month_end(day)

    def _holds(self, day: date) -> bool:
        return (
            self._keeps_the_beat(day)
            and (not self.months or day.month in self.months)
            and (not self.month_days or self._has_month_day(day))
            and (not self.weekdays or self._has_weekday(day))
        )

    def _keeps_the_beat(self, day: date) -> bool:
        if self.frequency in _OF_MONTHS:
            months = 12 * (day.year - self.first.year) + day.month - self.first.month
            beats = months if self.frequency == "MONTHLY" else day.year - self.first.year
        elif self.frequency == "WEEKLY":
            beats = (self._week(day) - self._week(self.first)) // 7
        else:
            beats = day.toordinal() - self.first.toordinal()
        return beats % self.interval == 0

    def _week(self, day: date) -> int:
        """The ordinal of the day that a day's week begins with."""
        return day.toordinal() - (day.weekday() - self.week_start) % 7

    def _has_month_day(self, day: date) -> bool:
        from_end = day.day - _month_end(day).day - 1
        return day.day in self.month_days or from_end in self.month_days

    def _has_weekday(self, day: date) -> bool:
        if (_ANY, day.weekday()) in self.weekdays:
            return True
        in_year = self.frequency == "YEARLY" and not self.months
        place = day.timetuple().tm_yday if in_year else day.day
        length = 365 + isleap(day.year) if in_year else _month_end(day).day
        numbers = ((place - 1) // 7 + 1, -((length - place) // 7 + 1))
        return any((number, day.weekday()) in self.weekdays for number in numbers)


def _numbers(parts: Mapping[str, str], name: str) -> frozenset[int]:
    return frozenset(int(one) for one in parts.get(name, "").split(",") if one)


def _weekday(text: str) -> tuple[int, int]:
    return int(text[:-2] or _ANY), WEEKDAYS.index(text[-2:])


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _span(begin: date, end: date) -> Iterator[date]:
    return (begin + timedelta(days=number) for number in range((end - begin).days + 1))

"""Wall times, recurrences and working days as pure decisions; reads the texts that people write.

Rules are evaluated on plain dates, and a zone is attached last: nine o'clock stays nine o'clock
over a change to daylight-saving time.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrule, rruleset, rrulestr

SEARCH_YEARS = 5
"""A rule with no date in its first five years is taken for an impossible one."""

WEEKEND = frozenset({5, 6})
"""Saturday and Sunday, as `date.weekday()` numbers them."""

_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_CLOCK_PARTS = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_WEEKDAY = "(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERED_DAY = re.compile(rf"[+-]?[1-9][0-9]?{_WEEKDAY}")


def _list_of(value: str) -> re.Pattern[str]:
    return re.compile(rf"{value}(,{value})*")


_RULE_PARTS = {
    "FREQ": (re.compile("[A-Z]+"), "FREQ=WEEKLY"),
    "INTERVAL": (re.compile("[1-9][0-9]{0,2}"), "a whole number from 1, such as INTERVAL=2"),
    "UNTIL": (re.compile("[0-9]{8}(T[0-9]{6}Z?)?"), "a day, such as UNTIL=20271231"),
    "WKST": (re.compile(_WEEKDAY), "the day that weeks begin with, such as WKST=MO"),
    "BYDAY": (_list_of(f"([+-]?[1-9][0-9]?)?{_WEEKDAY}"), "days, such as BYDAY=MO,WE"),
    "BYMONTHDAY": (_list_of("[+-]?(0?[1-9]|[12][0-9]|3[01])"), "days, such as BYMONTHDAY=1,15,-1"),
    "BYMONTH": (_list_of("(0?[1-9]|1[0-2])"), "months, such as BYMONTH=3,6,9,12"),
    "BYSETPOS": (_list_of("[+-]?[1-9][0-9]?"), "places, such as BYSETPOS=-1 for the last one"),
}
"""What a rule may hold, and how to write it; the library skips or half reads much of the rest."""

_WALL = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_OFFSET = re.compile(r"\+(\d{1,3})d\s+(\S+)")
_REMIND = re.compile(r"(\d{1,3})(h|%)")


def parse_wall(text: str) -> time:
    """Read a wall time such as `09:00`.

    Raises:
        ValueError: with the cure.
    """
    match = _WALL.fullmatch(text.strip())
    if match is None:
        msg = f"'{text}' is not a time of day; write it as 09:00 or 17:30"
        raise ValueError(msg)
    return time(int(match[1]), int(match[2]))


def parse_zone(name: str) -> ZoneInfo:
    """Read the name of an IANA time zone.

    Raises:
        ValueError: with the cure.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"'{name}' is not a time zone; write it as America/New_York or Europe/Berlin"
        raise ValueError(msg) from error


@dataclass(frozen=True)
class WallOffset:
    """So many working days after the ask day, at a wall time of the council's zone."""

    days: int
    at: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `+2d 15:00`.

        Raises:
            ValueError: with the cure.
        """
        match = _OFFSET.fullmatch(text.strip())
        if match is None:
            msg = f"'{text}' is not an offset; write it as +2d 15:00 (working days, time of day)"
            raise ValueError(msg)
        return cls(days=int(match[1]), at=parse_wall(match[2]))


@dataclass(frozen=True)
class Remind:
    """When a reminder is due: hours after the ask, or a share of the window to the cut-off."""

    hours: int | None = None
    percent: int | None = None


def parse_remind(text: str) -> Remind:
    """Read `24h` or `80%`.

    Raises:
        ValueError: with the cure.
    """
    match = _REMIND.fullmatch(text.strip())
    if match is None or (match[2] == "%" and not 0 < int(match[1]) < 100):  # noqa: PLR2004 - per cent
        msg = f"'{text}' is not a reminder; write it as 24h or 80% (of the window to the cut-off)"
        raise ValueError(msg)
    number = int(match[1])
    return Remind(hours=number) if match[2] == "h" else Remind(percent=number)


@dataclass(frozen=True)
class Recurrence:
    """An iCalendar recurrence rule, counted from its first day, on plain dates."""

    text: str
    first: date

    @classmethod
    def parse(cls, text: str, first: date) -> Self:
        """Check a rule such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=WE`.

        Raises:
            ValueError: with the cause and the cure.
        """
        made = cls(text=text.strip().removeprefix("RRULE:"), first=first)
        made._refuse_what_is_no_day_rule()
        if next(made.dates(first), None) is None:
            msg = (
                f"'{text}' gives no date in the {SEARCH_YEARS} years after {first}; "
                "check BYMONTHDAY and BYMONTH"
            )
            raise ValueError(msg)
        return made

    def dates(self, since: date, until: date | None = None) -> Iterator[date]:
        """The rule's days from `since` to `until` (default: five years on), both included."""
        horizon = until or max(since, self.first) + timedelta(days=366 * SEARCH_YEARS)
        start = datetime.combine(since, time.min)
        for moment in self._rule(horizon).xafter(start, inc=True):
            yield moment.date()

    def upcoming(self, since: date, count: int = 3) -> tuple[date, ...]:
        """The next few days of the rule, to be read back to whoever wrote it."""
        return tuple(islice(self.dates(since), count))

    def _refuse_what_is_no_day_rule(self) -> None:
        pairs = self._pairs()
        parts = dict(pairs)
        if not parts or len(parts) < len(pairs) or "DTSTART" in parts or "" in parts.values():
            msg = f"'{self.text}' is not a recurrence rule; write it as FREQ=WEEKLY;BYDAY=WE"
            raise ValueError(msg)
        if parts.get("FREQ") not in _FREQUENCIES or parts.keys() & _CLOCK_PARTS:
            msg = f"'{self.text}': a reporting rule counts in days; the hour stands in `ask_at:`"
            raise ValueError(msg)
        if "COUNT" in parts:
            msg = f"'{self.text}': end a rule with a day, UNTIL=20271231, not with COUNT"
            raise ValueError(msg)
        for name, value in pairs:
            self._check_part(name, value)
        self._refuse_what_fits_no_period(parts)

    def _check_part(self, name: str, value: str) -> None:
        if name not in _RULE_PARTS:
            msg = f"'{self.text}': {name} is not known here; there are {', '.join(_RULE_PARTS)}"
            raise ValueError(msg)
        pattern, cure = _RULE_PARTS[name]
        if not pattern.fullmatch(value) or (name == "UNTIL" and not _is_day(value[:8])):
            msg = f"'{self.text}': write {name} as {cure}"
            raise ValueError(msg)

    def _refuse_what_fits_no_period(self, parts: dict[str, str]) -> None:
        """Refuse what the library would read as another rule, or search thousands of years for."""
        has_places = "BYSETPOS" in parts or _NUMBERED_DAY.search(parts.get("BYDAY", ""))
        if has_places and parts["FREQ"] in ("DAILY", "WEEKLY"):
            msg = f"'{self.text}': only FREQ=MONTHLY and YEARLY have a first or last day to count"
            raise ValueError(msg)
        days = [abs(int(each)) for each in parts.get("BYMONTHDAY", "1").split(",")]
        months = [int(each) for each in parts.get("BYMONTH", "1").split(",")]
        if min(days) > max(_MONTH_LENGTHS[month - 1] for month in months):
            msg = f"'{self.text}' gives no date: none of its months has that day"
            raise ValueError(msg)

    def _pairs(self) -> list[tuple[str, str]]:
        words = [part.partition("=") for part in self.text.upper().split(";") if part.strip()]
        return [(name.strip(), value.strip()) for name, _sign, value in words]

    def _rule(self, horizon: date) -> rruleset | rrule:
        """The rule, bounded: an endless one would be followed up to the year 9999."""
        parts = dict(self._pairs())
        end = f"{horizon:%Y%m%d}"
        parts["UNTIL"] = f"{min(parts.get('UNTIL', end)[:8], end)}T235959"
        return _rule(";".join(f"{name}={value}" for name, value in parts.items()), self.first)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=512)
def _rule(text: str, first: date) -> rruleset | rrule:
    return rrulestr(f"RRULE:{text}", dtstart=datetime.combine(first, time.min))


def at_wall(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, in UTC.

    A time that the clocks skip becomes the next valid one (02:30 becomes 03:30); of a time that
    comes twice the first counts.
    """
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked: weekends, closures and a country's public holidays are not."""

    country: str | None = None
    subdivision: str | None = None
    closures: Collection[date] = field(default=frozenset())

    def works(self, day: date) -> bool:
        """Whether people work on that day."""
        if day.weekday() in WEEKEND or day in self.closures:
            return False
        return day not in _public_holidays(self.country, self.subdivision, day.year)

    def after(self, day: date, count: int) -> date:
        """The working day that comes `count` working days after `day`; `day` itself for 0.

        Raises:
            ValueError: the closures leave no working days within a year for each one counted.
        """
        left, candidate = count, day
        for _ in range(366 * (count + 1)):
            if left == 0:
                return candidate
            candidate += timedelta(days=1)
            left -= self.works(candidate)
        msg = f"there are no {count} working days after {day}; check the closures"
        raise ValueError(msg)


@lru_cache(maxsize=256)
def _public_holidays(country: str | None, subdivision: str | None, year: int) -> frozenset[date]:
    if country is None:
        return frozenset()
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


@dataclass(frozen=True)
class Rhythm:
    """A council's reporting calendar, read."""

    recurrence: Recurrence
    ask_at: time
    cut_off: WallOffset
    digest: WallOffset
    freeze: WallOffset | None


@dataclass(frozen=True)
class CycleTimes:
    """The instants of one cycle."""

    cut_off_at: datetime
    digest_at: datetime
    freeze_at: datetime | None


def cycle_times(rhythm: Rhythm, opens_on: date, working: WorkingDays, zone: ZoneInfo) -> CycleTimes:
    """When the cycle of one ask day is cut off, read and frozen, in the council's zone."""

    def instant(offset: WallOffset) -> datetime:
        return at_wall(working.after(opens_on, offset.days), offset.at, zone)

    return CycleTimes(
        cut_off_at=instant(rhythm.cut_off),
        digest_at=instant(rhythm.digest),
        freeze_at=instant(rhythm.freeze) if rhythm.freeze else None,
    )

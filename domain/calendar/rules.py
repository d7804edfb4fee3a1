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

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_CLOCK_PARTS = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
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
        parts = self._parts()
        if not parts or "DTSTART" in parts:
            msg = f"'{self.text}' is not a recurrence rule; write it as FREQ=WEEKLY;BYDAY=WE"
            raise ValueError(msg)
        if parts.get("FREQ") not in _FREQUENCIES or parts.keys() & _CLOCK_PARTS:
            msg = f"'{self.text}': a reporting rule counts in days; the hour stands in `ask_at:`"
            raise ValueError(msg)
        if not parts.get("INTERVAL", "1").isdecimal() or int(parts.get("INTERVAL", "1")) < 1:
            msg = f"'{self.text}': INTERVAL is a whole number from 1, such as INTERVAL=2"
            raise ValueError(msg)
        if "COUNT" in parts:
            msg = f"'{self.text}': end a rule with a day, UNTIL=20271231, not with COUNT"
            raise ValueError(msg)
        try:
            self._rule(self.first)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            msg = f"'{self.text}' is not a recurrence rule ({error}); see FREQ=WEEKLY;BYDAY=WE"
            raise ValueError(msg) from error

    def _parts(self) -> dict[str, str]:
        pairs = [part.partition("=") for part in self.text.upper().split(";")]
        return {name.strip(): value.strip() for name, sign, value in pairs if sign}

    def _rule(self, horizon: date) -> rruleset | rrule:
        """The rule, bounded: an impossible one would otherwise be searched up to the year 9999."""
        parts = self._parts()
        end = f"{horizon:%Y%m%d}"
        parts["UNTIL"] = f"{min(parts.get('UNTIL', end)[:8], end)}T235959"
        return _rule(";".join(f"{name}={value}" for name, value in parts.items()), self.first)


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

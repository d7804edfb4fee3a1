"""Wall times, recurrences and working days as pure decisions; reads the texts that people write.

Rules are evaluated on plain dates, and a zone is attached last: nine o'clock stays nine o'clock
over a change to daylight-saving time.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.calendar.day_rules import WEEKDAYS, DayRule

SEARCH_YEARS = 5
"""A rule with no date in its first five years is taken for an impossible one."""

WORKING_WEEK = frozenset(range(5))
"""Monday to Friday, as `date.weekday()` numbers them."""

LONGEST_OFFSET = 40
"""Working days from a cycle's ask day to its last date: the planner looks two months back."""

LONGEST_BREAK = 366
"""Days in a row without a working day that are looked through before the calendar is refused."""

_DAY = timedelta(days=1)
_WHOLE_DAY = (time.min, time.min)
"""From midnight to midnight."""

_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BELOW_A_DAY = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_CLOCK_PARTS = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_WEEKDAY = f"({'|'.join(WEEKDAYS)})"
_DAY_NUMBER = re.compile(rf"([+-]?[1-9][0-9]?){_WEEKDAY}")


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
_SPAN = re.compile(r"(\S+?)\s*-\s*(\S+)")
_DAY_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}")
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


def parse_weekdays(names: Sequence[str]) -> frozenset[int]:
    """Read the days of a week, such as `MO` and `TU`, as `date.weekday()` numbers them.

    Raises:
        ValueError: with the cure.
    """
    for name in names:
        if name.upper() not in WEEKDAYS:
            msg = f"'{name}' is not a day of the week; write {', '.join(WEEKDAYS)}"
            raise ValueError(msg)
    return frozenset(WEEKDAYS.index(name.upper()) for name in names)


def parse_span(text: str) -> tuple[time, time]:
    """Read a span of hours such as `18:00-08:00`, which may pass midnight.

    Raises:
        ValueError: with the cure.
    """
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        msg = f"'{text}' is no span of hours; write it as 09:00-17:00"
        raise ValueError(msg)
    begin, end = parse_wall(match[1]), parse_wall(match[2])
    if begin == end:
        msg = f"'{text}' begins and ends at the same hour; leave it out for no limit"
        raise ValueError(msg)
    return begin, end


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
        if int(match[1]) > LONGEST_OFFSET:
            msg = f"'{text}' is too far ahead; a cycle lasts {LONGEST_OFFSET} working days at most"
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
                "check UNTIL, BYMONTHDAY and BYMONTH"
            )
            raise ValueError(msg)
        return made

    @property
    def parts(self) -> dict[str, str]:
        """The rule's parts by name, all in capitals: `{"FREQ": "WEEKLY", "BYDAY": "WE"}`."""
        return dict(self._pairs())

    @property
    def hangs_on_first(self) -> bool:
        """Whether another first day gives other dates: it counts, or says no day by itself."""
        parts = self.parts
        says_a_day = parts["FREQ"] == "DAILY" or parts.keys() & {"BYDAY", "BYMONTHDAY"}
        return not says_a_day or parts.get("INTERVAL", "1") != "1"

    def dates(self, since: date, until: date | None = None) -> Iterator[date]:
        """The rule's days from `since` to `until` (default: five years on), both included."""
        horizon = until or max(since, self.first) + timedelta(days=366 * SEARCH_YEARS)
        return _day_rule(self.text, self.first).days(since, horizon)

    def upcoming(self, since: date, count: int = 3) -> tuple[date, ...]:
        """The next few days of the rule, to be read back to whoever wrote it."""
        return tuple(islice(self.dates(since), count))

    def _refuse_what_is_no_day_rule(self) -> None:
        pairs = self._pairs()
        parts = dict(pairs)
        if not parts or len(parts) < len(pairs) or "DTSTART" in parts or "" in parts.values():
            msg = f"'{self.text}' is not a recurrence rule; write it as FREQ=WEEKLY;BYDAY=WE"
            raise ValueError(msg)
        if parts.get("FREQ") in _BELOW_A_DAY or parts.keys() & _CLOCK_PARTS:
            msg = f"'{self.text}': a rule counts in days; the hour stands on a line of its own"
            raise ValueError(msg)
        if parts.get("FREQ") not in _FREQUENCIES:
            msg = f"'{self.text}': begin with how often, FREQ={', '.join(_FREQUENCIES)}"
            raise ValueError(msg)
        if "COUNT" in parts:
            msg = f"'{self.text}': end a rule with a day, UNTIL=20271231, not with COUNT"
            raise ValueError(msg)
        for name, value in pairs:
            self._check_part(name, value)
        self._refuse_what_fits_no_period(parts)
        self._refuse_days_of_no_month(parts)

    def _check_part(self, name: str, value: str) -> None:
        if name not in _RULE_PARTS:
            msg = f"'{self.text}': {name} is not known here; there are {', '.join(_RULE_PARTS)}"
            raise ValueError(msg)
        pattern, cure = _RULE_PARTS[name]
        if not pattern.fullmatch(value) or (name == "UNTIL" and not _is_day(value[:8])):
            msg = f"'{self.text}': write {name} as {cure}"
            raise ValueError(msg)

    def _refuse_what_fits_no_period(self, parts: dict[str, str]) -> None:
        """Refuse a first or last day of what has none, and a 6th Monday of a month."""
        numbers = [abs(int(each)) for each, _day in _DAY_NUMBER.findall(parts.get("BYDAY", ""))]
        if parts["FREQ"] in ("DAILY", "WEEKLY"):
            if numbers or "BYSETPOS" in parts:
                msg = f"'{self.text}': only FREQ=MONTHLY and YEARLY have a first or last day"
                raise ValueError(msg)
            return
        most = 5 if parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts else 53
        if max(numbers, default=0) > most:
            msg = f"'{self.text}': no period has so many of a weekday; count up to {most}"
            raise ValueError(msg)

    def _refuse_days_of_no_month(self, parts: dict[str, str]) -> None:
        days = [abs(int(each)) for each in parts.get("BYMONTHDAY", "1").split(",")]
        months = [int(each) for each in parts.get("BYMONTH", "1").split(",")]
        if min(days) > max(_MONTH_LENGTHS[month - 1] for month in months):
            msg = f"'{self.text}' gives no date: none of its months has that day"
            raise ValueError(msg)

    def _pairs(self) -> list[tuple[str, str]]:
        words = [part.partition("=") for part in self.text.upper().split(";") if part.strip()]
        return [(name.strip(), value.strip()) for name, _sign, value in words]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=512)
def _day_rule(text: str, first: date) -> DayRule:
    return DayRule.read(Recurrence(text, first).parts, first)


def at_wall(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, in UTC.

    A time that the clocks skip becomes the next valid one (02:30 becomes 03:30); of a time that
    comes twice the first counts.
    """
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked: other weekdays, closures and a country's public holidays are not."""

    country: str | None = None
    subdivision: str | None = None
    closures: Collection[date] = field(default=frozenset())
    weekdays: frozenset[int] = WORKING_WEEK
    """As `date.weekday()` numbers them."""

    def works(self, day: date) -> bool:
        """Whether people work on that day."""
        if day.weekday() not in self.weekdays or day in self.closures:
            return False
        return day not in _public_holidays(self.country, self.subdivision, day.year)

    def why_off(self, day: date) -> str | None:
        """Why nobody works on that day; None if people do."""
        holiday = _public_holidays(self.country, self.subdivision, day.year).get(day)
        if holiday is not None:
            return f"public holiday ({holiday})"
        if day in self.closures:
            return "company closure"
        return None if day.weekday() in self.weekdays else "not a working day"

    def after(self, day: date, count: int) -> date:
        """The working day that comes `count` working days after `day`; `day` itself for 0.

        Raises:
            ValueError: the closures leave no working days within a year for each one counted.
        """
        return self._counted(day, count, _DAY)

    def before(self, day: date, count: int) -> date:
        """The working day that comes `count` working days before `day`; `day` itself for 0.

        Raises:
            ValueError: as `after`.
        """
        return self._counted(day, count, -_DAY)

    def _counted(self, day: date, count: int, step: timedelta) -> date:
        left, candidate = count, day
        for _ in range(LONGEST_BREAK * (count + 1)):
            if left == 0:
                return candidate
            candidate += step
            left -= self.works(candidate)
        side = "after" if step > timedelta() else "before"
        msg = f"there are no {count} working days {side} {day}; check the closures"
        raise ValueError(msg)


@lru_cache(maxsize=256)
def _public_holidays(country: str | None, subdivision: str | None, year: int) -> Mapping[date, str]:
    """The holidays of a year with their names, in English where the library has it."""
    if country is None:
        return {}
    import holidays

    return dict(
        holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
    )


@dataclass(frozen=True)
class Leave:
    """Days on which somebody is away."""

    first: date
    until: date
    """The last day away."""


LONGEST_LEAVE = timedelta(days=3 * 366)
"""Parents may be away for three years where that is longest; more is a slip of the pen."""


def parse_leave(text: str, today: date) -> Leave:
    """Read `until 2026-12-04` or `2026-12-24..2027-01-02`; a day alone is a leave of one day.

    Raises:
        ValueError: it can't be read, or is over; with the cure.
    """
    words = text.strip()
    if words.casefold().startswith("until "):
        leave = Leave(today, parse_day(words[6:].strip()))
    else:
        first, _dots, until = words.partition("..")
        leave = Leave(parse_day(first.strip()), parse_day((until or first).strip()))
    if leave.until < leave.first and leave.first != today:
        msg = f"{leave.until} is before {leave.first}; write the first day first"
    elif leave.first < today or leave.until < today:
        over = min(leave.first, leave.until)
        msg = f"{over} is over; of a leave that goes on write only until when"
    elif leave.until - today > LONGEST_LEAVE:
        msg = f"{leave.until} is more than three years on; check the year"
    else:
        return leave
    raise ValueError(msg)


def parse_day(text: str) -> date:
    """Read a day such as `2026-12-24`.

    Raises:
        ValueError: with the cure.
    """
    if not _DAY_TEXT.fullmatch(text) or not _is_day(text):
        msg = f"'{text}' is not a date; write it as 2026-12-24 (year-month-day)"
        raise ValueError(msg)
    return date.fromisoformat(text)


@dataclass(frozen=True)
class PersonalTime:
    """When one person can be asked: their zone, their working days and hours, their leave."""

    zone: ZoneInfo
    working: WorkingDays
    hours: tuple[time, time] | None = None
    """Working hours, from and to; None: any hour."""
    quiet: tuple[time, time] | None = None
    """The workspace's quiet hours, from and to; they may pass midnight."""
    leave: tuple[Leave, ...] = ()
    ask_at: time | None = None
    """The hour at which they want to be asked; None: the calendar's."""

    def away_on(self, day: date) -> Leave | None:
        """The leave that a day lies in; the one that ends last, if several do."""
        covering = [each for each in self.leave if each.first <= day <= each.until]
        return max(covering, key=lambda each: each.until, default=None)

    def works(self, day: date) -> bool:
        """Whether the person works on that day."""
        return self.working.works(day) and self.away_on(day) is None

    def why_off(self, day: date) -> str | None:
        """Why the person does not work on that day; None if they do."""
        leave = self.away_on(day)
        return f"on leave until {leave.until}" if leave else self.working.why_off(day)

    def allowed_from(self, instant: datetime) -> datetime:
        """The first instant from this one on at which the person may be written to, in UTC.

        It lies on a day they work, inside their working hours and outside the quiet hours. Working
        hours that lie within the quiet hours altogether, as a night shift's may, come before them.

        Raises:
            ValueError: no day is worked within a year.
        """
        day = instant.astimezone(self.zone).date()
        while True:
            day = self._worked_from(day)
            for begin, end in self._spans_on(day):
                if end > instant:
                    return max(begin, instant.astimezone(UTC))
            day += _DAY

    def asked_at(self, day: date, wall: time) -> datetime:
        """When a request of that nominal day is due: at the wall time, if the person works then.

        Otherwise at the same wall time of the next day they work; moved on into their working
        hours and out of the quiet hours.

        Raises:
            ValueError: no day is worked within a year.
        """
        return self.allowed_from(at_wall(self._worked_from(day), wall, self.zone))

    def asked_before(self, day: date, wall: time, cut_off_at: datetime) -> datetime:
        """When a request of that nominal day is due: at their own hour, if they have set one.

        At the calendar's wall time where their own hour would miss the cut-off.

        Raises:
            ValueError: no day is worked within a year.
        """
        own = self.asked_at(day, self.ask_at or wall)
        return own if own < cut_off_at else self.asked_at(day, wall)

    def admits(self, wall: time) -> bool:
        """Whether they may be written to at that time of a day that they work."""
        return any(_holds(span, wall) for span in _allowed_spans(self.hours, self.quiet))

    def _worked_from(self, day: date) -> date:
        worked = self.working.after(day - _DAY, 1)
        while (leave := self.away_on(worked)) is not None:
            worked = self.working.after(leave.until, 1)
        return worked

    def _spans_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans of a day in which the person may be written to, in order."""
        for begin, end in _allowed_spans(self.hours, self.quiet):
            ends_on = day + _DAY if end == time.min else day
            yield at_wall(day, begin, self.zone), at_wall(ends_on, end, self.zone)


@lru_cache(maxsize=512)
def _allowed_spans(
    hours: tuple[time, time] | None, quiet: tuple[time, time] | None
) -> tuple[tuple[time, time], ...]:
    """The spans of a day that lie in the hours and not in the quiet ones; midnight ends the day."""
    edges = sorted({time.min, *(hours or ()), *(quiet or ())})
    spans = list(zip(edges, [*edges[1:], time.min], strict=True))
    worked = [each for each in spans if _holds(hours or _WHOLE_DAY, each[0])]
    loud = [each for each in worked if quiet is None or not _holds(quiet, each[0])]
    return tuple(loud or worked)


def _holds(span: tuple[time, time], wall: time) -> bool:
    """Whether a time of day lies in a span, which may pass midnight; its end does not."""
    begin, end = span
    return begin <= wall < end if begin < end else wall >= begin or wall < end


@dataclass(frozen=True)
class Rhythm:
    """A council's reporting calendar, read."""

    recurrence: Recurrence
    """The ask days, or the meetings that are asked for before them."""
    ask_at: time
    cut_off: WallOffset
    digest: WallOffset
    freeze: WallOffset | None
    before_days: int | None = None
    """So many working days before each date of the rule is the ask day; None: it is the date."""
    preview: WallOffset | None = None


def ask_days(
    rhythm: Rhythm, working: WorkingDays, since: date, until: date
) -> Iterator[tuple[date, date]]:
    """The ask days from `since` to `until`, both included, each with the rule's own date before it.

    The rule's own date is what a cycle is known by: a new closure moves the ask day before a
    meeting, and makes no second cycle.

    Raises:
        ValueError: the closures leave no working days to count.
    """
    if rhythm.before_days is None:
        for day in rhythm.recurrence.dates(since, until):
            yield day, day
        return
    for meeting in rhythm.recurrence.dates(since, working.after(until, rhythm.before_days)):
        opens_on = working.before(meeting, rhythm.before_days)
        if since <= opens_on <= until:
            yield meeting, opens_on


@dataclass(frozen=True)
class CycleTimes:
    """The instants of one cycle."""

    cut_off_at: datetime
    digest_at: datetime
    freeze_at: datetime | None
    preview_at: datetime | None = None


def cycle_times(rhythm: Rhythm, opens_on: date, working: WorkingDays, zone: ZoneInfo) -> CycleTimes:
    """When the cycle of one ask day is cut off, read and frozen, in the council's zone."""

    def instant(offset: WallOffset) -> datetime:
        return at_wall(working.after(opens_on, offset.days), offset.at, zone)

    return CycleTimes(
        cut_off_at=instant(rhythm.cut_off),
        digest_at=instant(rhythm.digest),
        freeze_at=instant(rhythm.freeze) if rhythm.freeze else None,
        preview_at=instant(rhythm.preview) if rhythm.preview else None,
    )

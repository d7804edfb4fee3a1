"""When somebody gets what comes once a week: on Monday, or as soon as they work in that week."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import PersonalTime, at_wall

WEEKLY_AT: Final = time(9)
"""On Mondays, for whoever has set no hour of their own."""

_WEEK: Final = timedelta(weeks=1)


def monday_of(instant: datetime, zone: ZoneInfo) -> date:
    """The first day of the week that it is in a zone."""
    day = instant.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def week_name(monday: date) -> str:
    """A week as ISO 8601 counts it: `2026-W48`."""
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02}"


def week_end(monday: date, zone: ZoneInfo) -> datetime:
    """When a week is over in a zone, in UTC."""
    return at_wall(monday + _WEEK, time.min, zone)


def next_weekly(own: PersonalTime, told_week: date | None, now: datetime) -> datetime:
    """When somebody gets their next message of the week.

    On Monday at their own hour; on the next day that they work, if they do not work then. What was
    not told when it was due is told while its week goes on, when they may be written to. A week
    in which they do not work at all has none.

    Args:
        own: their time.
        told_week: the Monday of the last week that was told, or is not to be.
        now: this instant.

    Raises:
        ValueError: no day is worked within a year.
    """
    week = monday_of(now, own.zone)
    if told_week is not None:
        week = max(week, told_week + _WEEK)
    at = _in_week(own, week, now)
    other = monday_of(at, own.zone)
    return at if other == week else _in_week(own, other, now)


def begun_week(own: PersonalTime, now: datetime) -> date | None:
    """The Monday of this week, if its message would have been due: who begins now waits on."""
    week = monday_of(now, own.zone)
    return week if _due_in(own, week) <= now else None


def _in_week(own: PersonalTime, monday: date, now: datetime) -> datetime:
    at = _due_in(own, monday)
    return at if at >= now else own.allowed_from(now)


def _due_in(own: PersonalTime, monday: date) -> datetime:
    """When a week's message is due; in a later week, if its reader does not work in this one."""
    at = own.asked_at(monday, own.ask_at or WEEKLY_AT)
    if monday_of(at, own.zone) == monday:
        return at
    return own.asked_at(monday, time.min)  # their hours may be over at that hour each day

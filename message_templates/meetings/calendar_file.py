"""Calendars as files in iCalendar's format (RFC 5545): the same value gives the same bytes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vRecur

from domain.calendar.rules import at_wall
from domain.meetings.messages import CalendarEntry, CalendarSeries, CouncilCalendar

PRODUCT: Final = "-//pmobot//Council meetings//EN"


def calendar_file(name: str, calendars: Sequence[CouncilCalendar]) -> bytes:
    """Write the meetings of councils as one file, to be read and not to be answered."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)  # what Outlook and Google read in place of NAME
    for calendar in calendars:
        for event in _events(calendar):
            made.add_component(event)
    if made.events:
        made.add_missing_timezones(*_years(calendars))
    return bytes(made.to_ical())


def changed_at(calendars: Sequence[CouncilCalendar]) -> datetime | None:
    """When anything in some calendars changed last, in whole seconds."""
    latest = max((each.changed_at for each in calendars), default=None)
    return latest.astimezone(UTC).replace(microsecond=0) if latest else None


def _events(calendar: CouncilCalendar) -> Iterable[Event]:
    series = calendar.series
    if series is not None:
        yield _master(calendar, series)
        for each in series.changed:
            event = _event(calendar, each, series.uid)
            if each.occurrence is not None:
                event.add("recurrence-id", _nominal(series, each.occurrence))
            yield event
    for each in calendar.singles:
        event = _event(calendar, each, each.uid)
        event.add("status", "CANCELLED" if each.is_cancelled else "CONFIRMED")
        yield event


def _master(calendar: CouncilCalendar, series: CalendarSeries) -> Event:
    event = _stamped(calendar, series.uid)
    event.add("summary", series.title)
    event.add("dtstart", _nominal(series, series.first))
    event.add("duration", timedelta(minutes=series.minutes))
    if series.dates:
        event.add("rdate", [_nominal(series, each) for each in series.dates])
    else:
        event.add("rrule", _rule(series))
    if series.left_out:
        event.add("exdate", [_nominal(series, each) for each in series.left_out])
    event.add("status", "CONFIRMED")
    return event


def _event(calendar: CouncilCalendar, entry: CalendarEntry, uid: str) -> Event:
    event = _stamped(calendar, uid)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts_at.astimezone(ZoneInfo(entry.timezone)))
    event.add("duration", timedelta(minutes=entry.minutes))
    if entry.place:
        event.add("location", entry.place)
    if entry.reason:
        event.add("description", entry.reason)
    return event


def _stamped(calendar: CouncilCalendar, uid: str) -> Event:
    event = Event()
    stamp = calendar.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", calendar.sequence)
    return event


def _nominal(series: CalendarSeries, day: date) -> datetime:
    """The wall time of the rule on a day, as the clocks of its zone show it."""
    return datetime.combine(day, series.at, tzinfo=ZoneInfo(series.timezone))


def _rule(series: CalendarSeries) -> vRecur:
    """The rule; a last day has to be an instant where the first one has an hour."""
    rule: vRecur = vRecur.from_ical(series.rule)
    last = rule.get("UNTIL")
    if last:
        day = last[0].date() if isinstance(last[0], datetime) else last[0]
        until = at_wall(day, time(23, 59, 59), ZoneInfo(series.timezone))
        rule["UNTIL"] = [until]
    return rule


def _years(calendars: Sequence[CouncilCalendar]) -> tuple[date, date]:
    """From when to when zones are described: a year around all that has a date, and ten ahead."""
    days = [each.first for one in calendars if (each := one.series)]
    days += [each.starts_at.date() for one in calendars for each in one.singles]
    return date(min(days).year - 1, 1, 1), date(max(days).year + 10, 1, 1)

"""Calendars as files: written by one library, read back by two others."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from domain.calendar.rules import Recurrence, WorkingDays, at_wall
from domain.meetings.calendar_out.rules import calendar_of
from domain.meetings.messages import CouncilCalendar
from domain.meetings.series.rules import Series
from message_templates.meetings.calendar import render_calendar
from message_templates.meetings.calendar_file import calendar_file
from models.enums import MeetingState

NEW_YORK = ZoneInfo("America/New_York")
CHANGED = datetime(2026, 11, 25, 14, 0, 0, 123, tzinfo=UTC)
ITS = "ITS Council"


@dataclass
class Kept:
    """A meeting as it is stored."""

    occurrence: str
    starts_at: datetime
    minutes: int = 60
    timezone: str = "America/New_York"
    state: MeetingState = MeetingState.PLANNED
    reason: str = ""
    is_by_hand: bool = False
    title: str = ""
    place: str = ""
    uid: str = "series@pmobot"
    sequence: int = 0
    changed_at: datetime = CHANGED
    started_at: datetime | None = None


def series(rule: str = "FREQ=MONTHLY;BYDAY=1TH") -> Series:
    recurrence = Recurrence(rule, date(2026, 1, 1))
    return Series(recurrence, time(14), 60, NEW_YORK, WorkingDays())


def ruled(own: Series, count: int = 6) -> list[Kept]:
    days = own.recurrence.upcoming(date(2026, 12, 1), count)
    return [Kept(each.isoformat(), at_wall(each, own.at, own.zone)) for each in days]


def made(meetings: list[Kept], own: Series | None, *hidden: str) -> CouncilCalendar:
    calendar = calendar_of(ITS, meetings, own, hidden)
    assert calendar is not None
    return calendar


def utc(start: date | datetime) -> str:
    assert isinstance(start, datetime)
    return start.astimezone(UTC).isoformat()[:16]


def read_back(calendar: CouncilCalendar, until: date = date(2027, 6, 1)) -> list[tuple[str, str]]:
    """Instants and titles by one library, once the other has found the same."""
    data = calendar_file(ITS, [calendar])
    first = datetime(2026, 1, 1, tzinfo=UTC)
    last = datetime(until.year, until.month, until.day, tzinfo=UTC)
    mine = recurring_ical_events.of(Calendar.from_ical(data)).between(first, last)
    found = sorted(
        (utc(each.start), str(each["summary"]))
        for each in mine
        if each.get("status") != "CANCELLED"
    )
    theirs = IcsCalendarStream.calendar_from_ics(data.decode())
    again = sorted(
        (utc(each.start), str(each.summary))
        for each in theirs.timeline_tz(UTC).overlapping(first, last)
        if each.status != "CANCELLED"
    )
    assert found == again
    return found


def test_a_series_with_all_that_can_happen_to_it_is_read_as_it_is_meant() -> None:
    own = series()
    meetings = ruled(own)
    meetings[0] = replace(meetings[0], title="Budget; and, more", minutes=90, sequence=1)
    meetings[1] = replace(meetings[1], starts_at=datetime(2027, 1, 8, 20, tzinfo=UTC), sequence=2)
    meetings[2] = replace(meetings[2], state=MeetingState.CANCELLED, reason="quorum", sequence=1)
    extra = Kept("extra:1", datetime(2026, 12, 10, 15, tzinfo=UTC), uid="e@pmobot", sequence=1)
    off = replace(extra, occurrence="extra:2", uid="f@pmobot", state=MeetingState.CANCELLED)
    old = Kept("2026-11-18", datetime(2026, 11, 18, 19, tzinfo=UTC))
    dropped = Kept("2026-12-02", meetings[0].starts_at, state=MeetingState.DROPPED, sequence=4)
    calendar = made([old, *meetings, extra, off, dropped], own)
    assert (calendar.sequence, calendar.changed_at) == (10, CHANGED)
    assert read_back(calendar) == [
        ("2026-11-18T19:00", "ITS Council meeting"),
        ("2026-12-03T19:00", "Budget; and, more"),
        ("2026-12-10T15:00", "ITS Council meeting"),
        ("2027-01-08T20:00", "ITS Council meeting"),
        ("2027-03-04T19:00", "ITS Council meeting"),
        ("2027-04-01T18:00", "ITS Council meeting"),  # summer time: the wall time stays
        ("2027-05-06T18:00", "ITS Council meeting"),
    ]


def test_a_file_is_as_the_standard_has_it_and_always_the_same() -> None:
    meetings = ruled(series())
    meetings[0] = replace(meetings[0], place="Raum für alle: " + "ä" * 90, sequence=1)
    data = calendar_file(ITS, [made(meetings, series())])
    assert data == calendar_file(ITS, [made(meetings, series())])
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    for wanted in (
        *(b"METHOD:PUBLISH", b"DTSTAMP:20261125T140000Z", b"SEQUENCE:1", b"UID:series@pmobot"),
        *(b"BEGIN:VTIMEZONE", b"RRULE:FREQ=MONTHLY;BYDAY=1TH"),
        b"RECURRENCE-ID;TZID=America/New_York:20261203T140000",
    ):
        assert wanted in lines, wanted


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "FREQ=MONTHLY;BYDAY=2MO,4MO",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=1TH;UNTIL=20270401",
        "FREQ=MONTHLY;BYDAY=FR,1TU",  # weekdays with and without a number: read as dates
        "RRULE:FREQ=MONTHLY; BYMONTHDAY=-1".removeprefix("RRULE:"),
    ],
)
def test_each_rule_gives_the_same_days_to_whoever_reads_it(rule: str) -> None:
    own = series(rule)
    meetings = ruled(own, 5)
    found = read_back(made(meetings, own), until=meetings[-1].starts_at.date())
    assert [when for when, _title in found] == [
        each.starts_at.isoformat()[:16] for each in meetings[:-1]
    ]


def test_without_a_series_every_meeting_stands_by_itself_and_without_any_there_is_no_file() -> None:
    meetings = ruled(series(), 2)
    calendar = made(meetings, None)
    assert calendar.series is None
    assert len({each.uid for each in calendar.singles}) == 2
    assert len(read_back(calendar)) == 2
    assert calendar_of(ITS, [], series()) is None


def test_what_names_a_restricted_project_is_left_out() -> None:
    first, second, *rest = ruled(series())
    first = replace(first, title="About FALCON", place="merger readiness room", reason="x")
    second = replace(second, title="Falconry")
    calendar = made([first, second, *rest], series(), "FALCON", "Merger Readiness")
    assert calendar.series is not None
    shown = calendar.series.changed
    assert [(each.title, each.place) for each in shown] == [
        ("ITS Council meeting", ""),
        ("Falconry", ""),
    ]


def told(calendar: CouncilCalendar) -> str:
    (rendered,) = render_calendar(calendar)
    (document,) = rendered.documents
    assert document.name.endswith(".ics")
    return str(rendered.blocks)


def test_the_message_names_what_is_not_as_the_series_has_it() -> None:
    meetings = ruled(series(), 12)
    away: dict[str, Any] = {"starts_at": datetime(2027, 1, 8, 20, tzinfo=UTC), "reason": "holiday"}
    meetings[1] = replace(meetings[1], **away)
    meetings[2] = replace(meetings[2], state=MeetingState.CANCELLED)
    extra = Kept("extra:1", datetime(2026, 12, 10, 15, tzinfo=UTC), title="Vote", place="R1")
    text = told(made([*meetings, extra], series()))
    for part in ("first Thursday", "at 14:00", "moved to", "holiday", "no meeting", "Vote"):
        assert part in text
    many = [replace(each, title=f"Topic {place}") for place, each in enumerate(meetings)]
    assert "and 4 more" in told(made(many, series()))
    off = replace(extra, state=MeetingState.CANCELLED, reason="ill")
    assert "cancelled (ill)" in told(made([off], None))

"""Wall times and zones: read from people's texts, and turned into instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import (
    Remind,
    WallOffset,
    at_wall,
    parse_remind,
    parse_wall,
    parse_zone,
)

ZONES = sorted(available_timezones())
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("09:00", time(9)),
        ("9:00", time(9)),
        (" 17:30 ", time(17, 30)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_wall_time_is_read(text: str, wall: time) -> None:
    assert parse_wall(text) == wall


@pytest.mark.parametrize("text", ["", "9", "24:00", "12:60", "9:5", "09:00:00", "9am", "-1:00"])
def test_what_is_no_wall_time_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is not a time of day; write it as 09:00"):
        parse_wall(text)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "EST5", "America", "../etc/passwd", "/etc/localtime", "a\0b", "."]
)
def test_what_is_no_zone_is_refused_with_the_cure(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone; write it as America/New_York"):
        parse_zone(name)


def test_a_zone_is_read_by_its_name() -> None:
    assert parse_zone("Asia/Kolkata") == ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("text", "days", "wall"),
    [("+2d 15:00", 2, time(15)), ("+0d 9:00", 0, time(9)), (" +10d  08:30 ", 10, time(8, 30))],
)
def test_an_offset_is_read(text: str, days: int, wall: time) -> None:
    assert WallOffset.parse(text) == WallOffset(days, wall)


def test_a_cycle_lasts_forty_working_days_at_most() -> None:
    assert WallOffset.parse("+40d 15:00").days == 40
    with pytest.raises(ValueError, match=r"'\+41d 15:00' is too far ahead.* 40 working days"):
        WallOffset.parse("+41d 15:00")


@pytest.mark.parametrize("text", ["", "2d 15:00", "+2 15:00", "+2d", "+2d15:00", "-1d 15:00"])
def test_what_is_no_offset_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an offset; write it as \+2d 15:00"):
        WallOffset.parse(text)


def test_an_offset_with_a_wrong_hour_names_the_hour() -> None:
    with pytest.raises(ValueError, match="'25:00' is not a time of day"):
        WallOffset.parse("+2d 25:00")


@pytest.mark.parametrize(
    ("text", "remind"),
    [("24h", Remind(hours=24)), ("80%", Remind(percent=80)), (" 1% ", Remind(percent=1))],
)
def test_a_reminder_is_read(text: str, remind: Remind) -> None:
    assert parse_remind(text) == remind


@pytest.mark.parametrize("text", ["", "0%", "100%", "-1h", "1d", "24", "h", "1.5h", "24 h"])
def test_what_is_no_reminder_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(ValueError, match="is not a reminder; write it as 24h or 80%"):
        parse_remind(text)


@pytest.mark.parametrize(
    ("day", "wall", "zone", "instant"),
    [
        pytest.param(
            date(2026, 3, 7), time(9), "America/New_York", "2026-03-07T14:00", id="before spring"
        ),
        pytest.param(
            date(2026, 3, 8), time(9), "America/New_York", "2026-03-08T13:00", id="after spring"
        ),
        pytest.param(
            date(2026, 3, 8), time(2, 30), "America/New_York", "2026-03-08T07:30", id="in the gap"
        ),
        pytest.param(
            date(2026, 11, 1), time(1, 30), "America/New_York", "2026-11-01T05:30", id="in the fold"
        ),
        pytest.param(
            date(2026, 10, 25), time(2, 30), "Europe/Berlin", "2026-10-25T00:30", id="Berlin's fold"
        ),
        pytest.param(
            date(2026, 10, 4),
            time(2, 15),
            "Australia/Lord_Howe",
            "2026-10-03T15:45",
            id="half hour",
        ),
        pytest.param(
            date(2026, 11, 25), time(9), "Asia/Kolkata", "2026-11-25T03:30", id="half past"
        ),
        pytest.param(
            date(2026, 11, 25),
            time(9),
            "Pacific/Kiritimati",
            "2026-11-24T19:00",
            id="the day before",
        ),
    ],
)
def test_a_wall_time_becomes_an_instant(day: date, wall: time, zone: str, instant: str) -> None:
    assert at_wall(day, wall, ZoneInfo(zone)) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_skipped_time_becomes_the_next_valid_one() -> None:
    skipped = at_wall(date(2026, 3, 8), time(2, 30), NEW_YORK)
    assert skipped.astimezone(NEW_YORK).time() == time(3, 30)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    twice = at_wall(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert twice.astimezone(NEW_YORK).utcoffset() == timedelta(hours=-4)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2020, 1, 1), date(2037, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_in_every_zone_the_wall_time_is_kept_or_moved_on_over_a_gap(
    zone: str, day: date, minute: int
) -> None:
    wall = time(minute // 60, minute % 60)
    instant = at_wall(day, wall, ZoneInfo(zone))
    assert instant.tzinfo is UTC
    there = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    moved = there - datetime.combine(day, wall)
    assert timedelta(0) <= moved <= timedelta(hours=24)
    if moved:
        # The hour does not exist there on that day: it cannot be found in any way.
        unmoved = datetime.combine(day, wall, tzinfo=ZoneInfo(zone))
        back = unmoved.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert back != datetime.combine(day, wall)


def test_nine_oclock_on_a_working_day_is_nine_oclock_in_every_zone() -> None:
    days = (date(2026, 3, 9), date(2026, 7, 1), date(2026, 11, 25))
    moved = [
        zone
        for zone in ZONES
        for day in days
        if at_wall(day, time(9), ZoneInfo(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        != datetime.combine(day, time(9))
    ]
    assert len(ZONES) > 400
    assert moved == []

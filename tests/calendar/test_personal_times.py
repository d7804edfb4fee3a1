"""One person's time: which days they work, why not, and when they may be written to."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import Leave, PersonalTime, WorkingDays, at_wall

NEW_YORK = ZoneInfo("America/New_York")
AMERICAN = WorkingDays("US", "NY", closures={date(2026, 12, 31)})
WEDNESDAY, THANKSGIVING, FRIDAY = date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)
OFFICE = (time(9), time(17))
EVENING_AND_NIGHT = (time(18), time(8))


def _ny(day: date, hour: int, minute: int = 0) -> datetime:
    return at_wall(day, time(hour, minute), NEW_YORK)


def _person(
    *leave: Leave,
    working: WorkingDays = AMERICAN,
    hours: tuple[time, time] | None = OFFICE,
    quiet: tuple[time, time] | None = EVENING_AND_NIGHT,
    zone: ZoneInfo = NEW_YORK,
) -> PersonalTime:
    return PersonalTime(zone, working, hours, quiet, leave)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (WEDNESDAY, None),
        (THANKSGIVING, "public holiday (Thanksgiving Day)"),
        (date(2026, 12, 31), "company closure"),
        (date(2026, 11, 28), "not a working day"),
        (date(2026, 12, 1), "on leave until 2026-12-04"),
        (date(2026, 12, 4), "on leave until 2026-12-04"),
        (date(2026, 12, 5), "not a working day"),
        (date(2026, 12, 25), "on leave until 2026-12-27"),
    ],
)
def test_a_day_off_has_its_reason(day: date, why: str | None) -> None:
    person = _person(
        Leave(date(2026, 11, 30), date(2026, 12, 4)),
        Leave(date(2026, 12, 24), date(2026, 12, 27)),
    )
    assert person.why_off(day) == why
    assert person.works(day) is (why is None)


def test_of_leaves_that_overlap_the_one_that_ends_last_counts() -> None:
    short, long = Leave(WEDNESDAY, FRIDAY), Leave(THANKSGIVING, date(2026, 12, 4))
    person = _person(short, long)
    assert person.away_on(WEDNESDAY) == short
    assert person.away_on(FRIDAY) == long
    assert person.away_on(date(2026, 12, 5)) is None


def test_own_weekdays_count_in_place_of_monday_to_friday() -> None:
    gulf = _person(working=WorkingDays(weekdays=frozenset({6, 0, 1, 2, 3})))
    assert gulf.why_off(FRIDAY) == "not a working day"
    assert gulf.works(date(2026, 11, 29))


@pytest.mark.parametrize(
    ("instant", "allowed"),
    [
        pytest.param(_ny(WEDNESDAY, 10), _ny(WEDNESDAY, 10), id="within the hours"),
        pytest.param(_ny(WEDNESDAY, 9), _ny(WEDNESDAY, 9), id="as they begin"),
        pytest.param(_ny(WEDNESDAY, 8, 30), _ny(WEDNESDAY, 9), id="before them"),
        pytest.param(_ny(WEDNESDAY, 17), _ny(FRIDAY, 9), id="as they end, before a holiday"),
        pytest.param(_ny(FRIDAY, 20), _ny(date(2026, 11, 30), 9), id="before the weekend"),
        pytest.param(_ny(date(2026, 12, 30), 23), _ny(date(2027, 1, 4), 9), id="a closure and 1/1"),
    ],
)
def test_nobody_is_written_to_outside_their_working_hours(
    instant: datetime, allowed: datetime
) -> None:
    assert _person().allowed_from(instant) == allowed


@pytest.mark.parametrize(
    ("hours", "quiet", "at", "allowed"),
    [
        pytest.param(None, None, (3, 0), (3, 0), id="any hour"),
        pytest.param(None, (time(18), time(8)), (3, 0), (8, 0), id="quiet until eight"),
        pytest.param(None, (time(12), time(13)), (12, 30), (13, 0), id="quiet at noon"),
        pytest.param(OFFICE, (time(12), time(13)), (12, 30), (13, 0), id="noon, in the office"),
        pytest.param(OFFICE, (time(16), time(10)), (9, 0), (10, 0), id="quiet into the hours"),
        pytest.param((time(22), time(6)), None, (7, 0), (22, 0), id="a night shift"),
        pytest.param((time(22), time(6)), None, (5, 0), (5, 0), id="its second half"),
        pytest.param((time(22), time(6)), (time(20), time(7)), (5, 0), (5, 0), id="all quiet"),
    ],
)
def test_quiet_hours_are_kept_and_a_night_shifts_own_hours_come_before_them(
    hours: tuple[time, time] | None,
    quiet: tuple[time, time] | None,
    at: tuple[int, int],
    allowed: tuple[int, int],
) -> None:
    person = _person(hours=hours, quiet=quiet)
    assert person.allowed_from(_ny(WEDNESDAY, *at)) == _ny(WEDNESDAY, *allowed)


def test_quiet_hours_that_begin_in_the_evening_move_to_the_next_morning() -> None:
    person = _person(hours=None)
    assert person.allowed_from(_ny(date(2026, 11, 23), 18)) == _ny(date(2026, 11, 24), 8)


@pytest.mark.parametrize(
    ("day", "wall", "asked"),
    [
        pytest.param(WEDNESDAY, time(9), _ny(WEDNESDAY, 9), id="a worked day"),
        pytest.param(THANKSGIVING, time(10), _ny(FRIDAY, 10), id="a holiday"),
        pytest.param(WEDNESDAY, time(7), _ny(WEDNESDAY, 9), id="too early"),
        pytest.param(WEDNESDAY, time(20), _ny(FRIDAY, 9), id="too late, and then a holiday"),
        pytest.param(date(2026, 12, 1), time(10), _ny(date(2026, 12, 7), 10), id="on leave"),
    ],
)
def test_a_request_waits_for_the_next_worked_day_at_its_own_hour(
    day: date, wall: time, asked: datetime
) -> None:
    away = Leave(date(2026, 11, 30), date(2026, 12, 4))
    assert _person(away).asked_at(day, wall) == asked


def test_a_long_leave_is_passed_in_one_step_and_endless_closures_are_told() -> None:
    sabbatical = _person(Leave(WEDNESDAY, date(2029, 11, 25)))
    assert sabbatical.asked_at(WEDNESDAY, time(9)) == _ny(date(2029, 11, 26), 9)
    everything = frozenset(date.fromordinal(day) for day in range(739_000, 742_000))
    with pytest.raises(ValueError, match="there are no 1 working days after 2026-11-24; check"):
        _person(working=WorkingDays(closures=everything)).asked_at(WEDNESDAY, time(9))


def test_over_a_change_of_the_clocks_the_hours_are_those_of_the_wall() -> None:
    person = _person(hours=(time(1, 30), time(4)), working=WorkingDays(weekdays=frozenset({6})))
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    assert person.asked_at(spring, time(2, 30)) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert person.asked_at(autumn, time(1, 30)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

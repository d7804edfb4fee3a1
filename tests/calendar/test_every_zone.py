"""Every zone of the world from 2024 to 2032: each nominal date once, at the right wall time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.rules import (
    Leave,
    PersonalTime,
    Recurrence,
    Rhythm,
    WallOffset,
    WorkingDays,
    ask_days,
    at_wall,
)
from tests.support.recurrences import MANY_RULES

ZONES = sorted(available_timezones())
FIRST, LAST = date(2024, 1, 1), date(2032, 12, 31)
DAY = timedelta(days=1)
WALLS = [time(quarter // 4, quarter % 4 * 15) for quarter in range(96)]


@cache
def _changes(name: str) -> tuple[tuple[date, timedelta], ...]:
    """The days from whose noon to the next the offset changes, and by how much."""
    zone = ZoneInfo(name)
    noon, found = datetime.combine(FIRST, time(12), tzinfo=zone), []
    before = zone.utcoffset(noon)
    while noon.date() <= LAST:
        after = zone.utcoffset(noon + DAY)
        assert before is not None
        assert after is not None
        if before != after:
            found.append((noon.date(), after - before))
        noon, before = noon + DAY, after
    return tuple(found)


def _restless_zones() -> Iterator[str]:
    """One zone for each way in which the clocks are changed."""
    seen = set()
    for name in ZONES:
        offset = ZoneInfo(name).utcoffset(datetime.combine(FIRST, time(12)))
        clock = (offset, _changes(name))
        if clock[1] and clock not in seen:
            seen.add(clock)
            yield name


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def _fault(day: date, wall: time, zone: ZoneInfo, jump: timedelta) -> str | None:
    """What is wrong with the instant of a wall time on a day around a change of the clocks."""
    instant, nominal = at_wall(day, wall, zone), datetime.combine(day, wall)
    second = nominal.replace(tzinfo=zone, fold=1).astimezone(UTC)
    moved = _local(instant, zone) - nominal
    if not moved:
        return None if instant <= second else "the second of two"
    exists = _local(second, zone) == nominal
    return None if moved == jump and not exists else f"moved by {moved}"


def test_around_every_change_of_clocks_each_wall_time_comes_once_and_is_the_right_one() -> None:
    zones = list(_restless_zones())
    faults = []
    for name in zones:
        zone = ZoneInfo(name)
        for changed, jump in _changes(name):
            days = [changed + DAY * number for number in (-1, 0, 1, 2)]
            for wall in WALLS:
                faults += [
                    (name, day, wall, fault)
                    for day in days
                    if (fault := _fault(day, wall, zone, jump))
                ]
                instants = [at_wall(day, wall, zone) for day in days]
                if instants != sorted(set(instants)):
                    faults.append((name, changed, wall, "two days at one instant"))
    assert len(ZONES) > 400
    assert len(zones) > 30
    assert faults == []


@pytest.mark.parametrize(
    ("zone", "day", "wall", "instant"),
    [
        pytest.param("America/New_York", "2026-03-09", "00:30", "2026-03-09T04:30", id="day after"),
        pytest.param("America/New_York", "2026-03-08", "00:30", "2026-03-08T05:30", id="same day"),
        pytest.param("Europe/Berlin", "2026-03-30", "00:30", "2026-03-29T22:30", id="in Berlin"),
        pytest.param("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23T22:30", id="midnight gap"),
        pytest.param("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30", id="in Chile"),
        pytest.param(
            "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45", id="half gap"
        ),
        pytest.param(
            "Australia/Lord_Howe", "2026-10-05", "00:30", "2026-10-04T13:30", id="and after"
        ),
        pytest.param(
            "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45", id="half fold"
        ),
        pytest.param("America/Nuuk", "2026-03-28", "23:30", "2026-03-29T01:30", id="the next date"),
        pytest.param("Asia/Kathmandu", "2026-03-29", "00:30", "2026-03-28T18:45", id="quarter"),
    ],
)
def test_hours_that_other_schedulers_lose_or_double(
    zone: str, day: str, wall: str, instant: str
) -> None:
    at = at_wall(date.fromisoformat(day), time.fromisoformat(wall), ZoneInfo(zone))
    assert at == datetime.fromisoformat(instant).replace(tzinfo=UTC)


DATES = st.dates(FIRST, LAST)
TIMES = st.sampled_from(WALLS)
LOOK_BACK, HORIZON = timedelta(days=62), timedelta(hours=26)


def _rhythm(text: str, first: date, before_days: int | None = None) -> Rhythm:
    after = WallOffset(1, time(15))
    return Rhythm(Recurrence(text, first), time(9), after, after, None, before_days)


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    text=MANY_RULES,
    first=DATES,
    wall=TIMES,
    starts=DATES,
    gaps=st.lists(st.integers(-3, 59), max_size=8),
)
@settings(max_examples=150, deadline=None)
def test_over_restarts_and_clock_steps_each_date_is_planned_once_for_one_instant(
    zone: ZoneInfo, text: str, first: date, wall: time, starts: date, gaps: list[int]
) -> None:
    planned: dict[date, datetime] = {}
    now = newest = datetime.combine(starts, time(12), tzinfo=UTC)
    for gap in [0, *gaps]:
        now += DAY * gap
        newest = max(newest, now)
        since, until = (now - LOOK_BACK).date(), (now + HORIZON).date()
        for occurrence, opens_on in ask_days(_rhythm(text, first), WorkingDays(), since, until):
            instant = at_wall(opens_on, wall, zone)
            assert planned.setdefault(occurrence, instant) == instant
    oldest = (datetime.combine(starts, time(12)) - LOOK_BACK).date()
    whole = Recurrence(text, first).dates(oldest, (newest + HORIZON).date())
    assert sorted(day for day in planned if day >= oldest) == list(whole)
    assert len(set(planned.values())) == len(planned)


@given(
    text=MANY_RULES,
    first=DATES,
    since=DATES,
    days=st.integers(0, 10),
    closures=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_before_meetings_the_ask_day_is_worked_and_each_meeting_has_one(
    text: str, first: date, since: date, days: int, closures: frozenset[date]
) -> None:
    working = WorkingDays("US", "NY", closures)
    until = since + 60 * DAY
    asked = list(ask_days(_rhythm(text, first, days), working, since, until))
    meetings = [meeting for meeting, _opens_on in asked]
    assert len(set(meetings)) == len(meetings)
    for meeting, opens_on in asked:
        assert since <= opens_on <= until
        assert opens_on == working.before(meeting, days)
        between = range(opens_on.toordinal(), meeting.toordinal())
        assert sum(working.works(date.fromordinal(day)) for day in between) == days
    opened = {
        meeting: working.before(meeting, days)
        for meeting in Recurrence(text, first).dates(since, until + 40 * DAY)
    }
    assert meetings == [one for one, opens_on in opened.items() if since <= opens_on <= until]


def test_a_new_closure_moves_the_ask_day_and_not_the_occurrence() -> None:
    rhythm = _rhythm("FREQ=MONTHLY;BYDAY=1TH", FIRST, 5)
    span = (date(2026, 11, 1), date(2026, 12, 31))
    before = list(ask_days(rhythm, WorkingDays(), *span))
    after = list(ask_days(rhythm, WorkingDays(closures={date(2026, 12, 1)}), *span))
    assert before == [
        (date(2026, 12, 3), date(2026, 11, 26)),
        (date(2027, 1, 7), date(2026, 12, 31)),
    ]
    assert after == [
        (date(2026, 12, 3), date(2026, 11, 25)),
        (date(2027, 1, 7), date(2026, 12, 31)),
    ]


SPANS = st.none() | st.tuples(TIMES, TIMES).filter(lambda span: span[0] != span[1])
PEOPLE = st.builds(
    PersonalTime,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    working=st.builds(
        WorkingDays,
        country=st.sampled_from([None, "US", "DE"]),
        weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    ),
    hours=SPANS,
    quiet=SPANS,
    leave=st.lists(
        st.builds(
            lambda first, length: Leave(first, first + DAY * length), DATES, st.integers(0, 30)
        ),
        max_size=3,
    ).map(tuple),
)
INSTANTS = st.integers(0, 9 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def _lies_in(wall: time, span: tuple[time, time]) -> bool:
    begin, end = span
    return begin <= wall < end if begin < end else not end <= wall < begin


def _may_be_written_to(person: PersonalTime, instant: datetime) -> bool:
    local = _local(instant, person.zone)
    in_hours = person.hours is None or _lies_in(local.time(), person.hours)
    is_quiet = person.quiet is not None and _lies_in(local.time(), person.quiet)
    return person.works(local.date()) and in_hours and not is_quiet


@given(person=PEOPLE, instant=INSTANTS, share=st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_the_first_allowed_instant_is_allowed_and_none_before_it_is(
    person: PersonalTime, instant: datetime, share: float
) -> None:
    allowed = person.allowed_from(instant)
    local = _local(allowed, person.zone)
    assert allowed >= instant
    assert person.works(local.date())
    assert person.hours is None or _lies_in(local.time(), person.hours)
    if person.quiet and _lies_in(local.time(), person.quiet):
        # Only who works in quiet hours alone is written to in them.
        worked = [wall for wall in WALLS if person.hours is None or _lies_in(wall, person.hours)]
        assert all(_lies_in(wall, person.quiet) for wall in worked)
    assert person.allowed_from(allowed) == allowed
    assert person.allowed_from(instant + (allowed - instant) * share) == allowed
    if _may_be_written_to(person, instant):
        assert allowed == instant


@given(person=PEOPLE, day=DATES, wall=TIMES)
@settings(max_examples=100, deadline=None)
def test_a_person_is_asked_at_the_wall_time_or_at_the_next_they_may_be_written_to(
    person: PersonalTime, day: date, wall: time
) -> None:
    asked = person.asked_at(day, wall)
    assert asked == person.allowed_from(asked)
    nominal = at_wall(day, wall, person.zone)
    assert asked >= nominal
    if person.works(day) and person.allowed_from(nominal) == nominal:
        assert asked == nominal

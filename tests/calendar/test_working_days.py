"""Working days, and the instants of a cycle that are counted in them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import Recurrence, Rhythm, WallOffset, WorkingDays, cycle_times

NEW_YORK = ZoneInfo("America/New_York")
WEDNESDAY, THANKSGIVING = date(2026, 11, 25), date(2026, 11, 26)
AMERICAN = WorkingDays(country="US", subdivision="NY")
PLAIN = WorkingDays()


@pytest.mark.parametrize(
    ("working", "day", "works"),
    [
        pytest.param(AMERICAN, THANKSGIVING, False, id="Thanksgiving"),
        pytest.param(AMERICAN, date(2026, 11, 27), True, id="the day after"),
        pytest.param(AMERICAN, date(2026, 7, 3), False, id="4 July on a Saturday, observed"),
        pytest.param(AMERICAN, date(2027, 1, 1), False, id="New Year"),
        pytest.param(AMERICAN, date(2026, 11, 28), False, id="Saturday"),
        pytest.param(AMERICAN, date(2026, 11, 29), False, id="Sunday"),
        pytest.param(PLAIN, THANKSGIVING, True, id="no country"),
        pytest.param(WorkingDays("DE", "BY"), date(2026, 1, 6), False, id="Epiphany in Bavaria"),
        pytest.param(WorkingDays("DE", "BE"), date(2026, 1, 6), True, id="not in Berlin"),
        pytest.param(
            WorkingDays(closures={date(2026, 12, 31)}), date(2026, 12, 31), False, id="closed"
        ),
    ],
)
def test_weekends_holidays_and_closures_are_not_worked(
    working: WorkingDays, day: date, *, works: bool
) -> None:
    assert working.works(day) is works


@pytest.mark.parametrize(
    ("working", "day", "count", "then"),
    [
        pytest.param(AMERICAN, WEDNESDAY, 0, WEDNESDAY, id="none"),
        pytest.param(AMERICAN, WEDNESDAY, 1, date(2026, 11, 27), id="over Thanksgiving"),
        pytest.param(AMERICAN, WEDNESDAY, 2, date(2026, 11, 30), id="and the weekend"),
        pytest.param(PLAIN, WEDNESDAY, 2, date(2026, 11, 27), id="without holidays"),
        pytest.param(AMERICAN, THANKSGIVING, 0, THANKSGIVING, id="none, from a holiday"),
        pytest.param(AMERICAN, THANKSGIVING, 1, date(2026, 11, 27), id="one, from a holiday"),
        pytest.param(PLAIN, date(2026, 11, 28), 1, date(2026, 11, 30), id="from a Saturday"),
        pytest.param(AMERICAN, date(2026, 12, 30), 2, date(2027, 1, 4), id="over the new year"),
        pytest.param(
            WorkingDays(closures={date(2026, 11, 27), date(2026, 11, 30)}),
            WEDNESDAY,
            2,
            date(2026, 12, 1),
            id="over closures",
        ),
    ],
)
def test_working_days_are_counted_from_the_day_after(
    working: WorkingDays, day: date, count: int, then: date
) -> None:
    assert working.after(day, count) == then


def test_closures_that_leave_no_day_are_told_and_not_searched_for_ever() -> None:
    everything = frozenset(date.fromordinal(day) for day in range(739_000, 742_000))
    with pytest.raises(ValueError, match="no 1 working days after 2026-11-25; check the closures"):
        WorkingDays(closures=everything).after(WEDNESDAY, 1)


@given(day=st.dates(date(2020, 1, 1), date(2035, 1, 1)), count=st.integers(1, 30))
def test_a_counted_day_is_worked_and_has_as_many_worked_days_before_it(
    day: date, count: int
) -> None:
    then = AMERICAN.after(day, count)
    between = range(day.toordinal() + 1, then.toordinal() + 1)
    assert AMERICAN.works(then)
    assert sum(AMERICAN.works(date.fromordinal(each)) for each in between) == count


def _rhythm(freeze: str | None = "+4d 12:00") -> Rhythm:
    return Rhythm(
        recurrence=Recurrence.parse("FREQ=WEEKLY;BYDAY=WE", WEDNESDAY),
        ask_at=time(9),
        cut_off=WallOffset.parse("+2d 15:00"),
        digest=WallOffset.parse("+3d 08:00"),
        freeze=WallOffset.parse(freeze) if freeze else None,
    )


def test_a_cycle_over_thanksgiving_waits_for_its_working_days() -> None:
    times = cycle_times(_rhythm(), WEDNESDAY, AMERICAN, NEW_YORK)
    assert times.cut_off_at == datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    assert times.digest_at == datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    assert times.freeze_at == datetime(2026, 12, 2, 17, 0, tzinfo=UTC)


def test_a_cycle_over_the_end_of_summer_time_keeps_its_wall_times() -> None:
    times = cycle_times(_rhythm(), date(2026, 10, 29), PLAIN, NEW_YORK)
    assert times.cut_off_at == datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
    before = cycle_times(_rhythm(), date(2026, 10, 21), PLAIN, NEW_YORK)
    assert before.cut_off_at == datetime(2026, 10, 23, 19, 0, tzinfo=UTC)


def test_a_councils_zone_decides_about_the_instants() -> None:
    berlin = cycle_times(_rhythm(), WEDNESDAY, PLAIN, ZoneInfo("Europe/Berlin"))
    assert berlin.cut_off_at == datetime(2026, 11, 27, 14, 0, tzinfo=UTC)


def test_a_rhythm_without_a_freeze_has_none() -> None:
    assert cycle_times(_rhythm(freeze=None), WEDNESDAY, PLAIN, NEW_YORK).freeze_at is None

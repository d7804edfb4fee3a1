"""When somebody is reminded: tables of cases, and what holds for any window, hours and leave."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import Leave, PersonalTime, WorkingDays, parse_remind
from domain.collecting.reminding.rules import next_remind_at, step_instants, steps_over

NEW_YORK = ZoneInfo("America/New_York")
OFFICE_HOURS = (time(9), time(17))
ASK = datetime(2026, 11, 25, 14, tzinfo=UTC)
"""Wednesday, nine o'clock in New York."""
CUT_OFF = datetime(2026, 11, 27, 20, tzinfo=UTC)
"""Friday, three o'clock: 54 hours later."""


def ny(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


def instants(
    *steps: str, ask_at: datetime = ASK, cut_off_at: datetime = CUT_OFF
) -> tuple[datetime, ...]:
    return step_instants([parse_remind(each) for each in steps], ask_at, cut_off_at)


def somebody(
    *away: tuple[date, date],
    hours: tuple[time, time] | None = OFFICE_HOURS,
    country: str | None = None,
    zone: ZoneInfo = NEW_YORK,
) -> PersonalTime:
    leave = tuple(Leave(*each) for each in away)
    return PersonalTime(zone, WorkingDays(country), hours=hours, leave=leave)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["80%"], [ny(27, 4, 12)]),
        (["24h"], [ny(26, 9)]),
        (["80%", "24h"], [ny(26, 9), ny(27, 4, 12)]),
        (["24h", "24h"], [ny(26, 9)]),
        (["0h", "54h", "99h"], []),
        ([], []),
    ],
)
def test_steps_are_shares_of_the_window_or_hours_after_the_ask(
    steps: list[str], expected: list[datetime]
) -> None:
    assert list(instants(*steps)) == expected


def test_over_a_change_of_the_clocks_hours_after_the_ask_are_hours_that_passed() -> None:
    asked = datetime(2026, 10, 31, 9, tzinfo=NEW_YORK).astimezone(UTC)
    cut_off = datetime(2026, 11, 3, 15, tzinfo=NEW_YORK).astimezone(UTC)
    (reminder,) = instants("24h", ask_at=asked, cut_off_at=cut_off)
    assert reminder.astimezone(NEW_YORK) == datetime(2026, 11, 1, 8, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (somebody(), ny(27, 9)),  # a quarter past four in the morning: at nine
        (somebody(hours=None), ny(27, 8)),  # without hours of their own: by day
        (replace(somebody(hours=None), quiet=(time(22), time(4))), ny(27, 4, 12)),
        (somebody(zone=ZoneInfo("Europe/Berlin")), ny(27, 4, 12)),  # there it is 10:12
        (somebody((date(2026, 11, 26), date(2026, 11, 26))), ny(27, 9)),
        (somebody((date(2026, 11, 27), date(2026, 12, 4))), ny(27, 4, 12)),  # dropped there
        (somebody(hours=(time(15), time(17))), ny(27, 4, 12)),  # begins when it is cut off
    ],
)
def test_a_step_waits_for_its_persons_hours_if_they_come_in_time(
    own: PersonalTime, expected: datetime
) -> None:
    assert next_remind_at(instants("80%"), 0, own, CUT_OFF, ASK) == expected


def test_a_step_on_a_holiday_moves_to_the_next_working_day() -> None:
    thanksgiving = instants("24h")
    assert next_remind_at(thanksgiving, 0, somebody(country="US"), CUT_OFF, ASK) == ny(27, 9)


def test_what_is_over_is_counted_and_not_made_up_for() -> None:
    steps = instants("24h", "48h", "80%")
    assert steps_over(steps, 0, ny(26, 9)) == 1
    assert steps_over(steps, 0, ny(27, 12)) == 3
    assert steps_over(steps, 2, ny(25, 9)) == 2
    assert next_remind_at(steps, 3, somebody(), CUT_OFF, ny(27, 12)) is None


def test_a_step_whose_instant_has_passed_is_due_now() -> None:
    now = ny(27, 11)
    assert next_remind_at(instants("80%"), 0, somebody(), CUT_OFF, now) == now


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (ny(26, 10), ny(26, 10)),
        (ny(26, 20), ny(27, 9)),  # the evening: in the morning
        (ny(27, 15), None),  # the cut-off: there is nothing to remind of any more
        (ny(25, 8), ny(27, 9)),  # over: the steps count again
    ],
)
def test_quiet_that_was_asked_for_goes_before_the_steps(
    until: datetime, expected: datetime | None
) -> None:
    assert next_remind_at(instants("80%"), 0, somebody(), CUT_OFF, ASK, until) == expected


def test_quiet_that_ends_in_the_evening_ends_then_for_who_has_no_hours() -> None:
    until = ny(26, 20)
    own = somebody(hours=None)
    assert next_remind_at(instants("80%"), 0, own, CUT_OFF, ASK, until) == until


def test_by_night_is_reminded_only_who_has_no_hours_and_is_cut_off_before_the_morning() -> None:
    steps = instants("80%", cut_off_at=ny(27, 7))
    assert next_remind_at(steps, 0, somebody(hours=None), ny(27, 7), ASK) == steps[0]
    assert steps[0] < ny(27, 7)


def test_whoever_works_on_no_day_is_not_waited_for() -> None:
    closed = WorkingDays(weekdays=frozenset())
    nobody = PersonalTime(NEW_YORK, closed)
    assert next_remind_at(instants("80%"), 0, nobody, CUT_OFF, ASK) == instants("80%")[0]


SPANS = st.sampled_from([None, OFFICE_HOURS, (time(22), time(6)), (time(12), time(12, 30))])
STEPS = st.lists(
    st.one_of(
        st.integers(1, 99).map("{}%".format),
        st.integers(0, 200).map("{}h".format),
    ),
    max_size=5,
)
LEAVES = st.lists(
    st.tuples(st.integers(20, 30), st.integers(0, 6)).map(
        lambda each: (
            date(2026, 11, each[0]),
            date(2026, 11, each[0]) + timedelta(days=each[1]),
        )
    ),
    max_size=2,
)


@given(
    steps=STEPS,
    window=st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
    own=st.builds(
        lambda away, hours, zone: somebody(*away, hours=hours, zone=ZoneInfo(zone)),
        LEAVES,
        SPANS,
        st.sampled_from(["America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"]),
    ),
    ticks=st.lists(st.timedeltas(timedelta(), timedelta(days=9)), max_size=30),
    answered_after=st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_whenever_the_clock_ticks_nobody_is_reminded_twice_outside_hours_or_after_an_answer(
    steps: list[str],
    window: timedelta,
    own: PersonalTime,
    ticks: list[timedelta],
    answered_after: timedelta,
) -> None:
    cut_off_at = ASK + window
    due = instants(*steps, cut_off_at=cut_off_at)
    remind_at, over = next_remind_at(due, 0, own, cut_off_at, ASK), 0
    said = []
    for now in sorted(ASK + each for each in ticks):
        if now >= min(ASK + answered_after, cut_off_at):
            remind_at = None
        if remind_at is None or remind_at > now:
            continue
        if own.allowed_from(now) == now:
            said.append(now)
        over = steps_over(due, over, now)
        remind_at = next_remind_at(due, over, own, cut_off_at, now)
    assert len(said) <= len(due)
    for index, step in enumerate(due):
        until = due[index + 1] if index + 1 < len(due) else cut_off_at
        assert sum(step <= each < until for each in said) <= 1
    assert all(own.works(each.astimezone(own.zone).date()) for each in said)

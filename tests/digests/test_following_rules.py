"""When a follower's message of the week is due, and when changes are told: tables of instants."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import Leave, PersonalTime, WorkingDays
from domain.calendar.week_rules import begun_week, next_weekly, week_end, week_name
from domain.digests.following.rules import calm_at
from tests.support.portfolio import at

BERLIN = ZoneInfo("Europe/Berlin")
LAST_WEEK, THIS_WEEK = date(2026, 11, 16), date(2026, 11, 23)
MONDAY = at(23, 8)
"""Nine in Berlin."""
NIGHT = (time(18), time(8))


def own(*, ask_at: time | None = None, leave: tuple[int, int] | None = None) -> PersonalTime:
    away = (Leave(date(2026, 11, leave[0]), date(2026, 11, leave[1])),) if leave else ()
    return PersonalTime(
        zone=BERLIN,
        working=WorkingDays(closures={date(2026, 12, 7)}),
        quiet=NIGHT,
        leave=away,
        ask_at=ask_at,
    )


@pytest.mark.parametrize(
    ("person", "told", "now", "due"),
    [
        (own(), LAST_WEEK, at(18, 12), MONDAY),
        (own(ask_at=time(14, 30)), LAST_WEEK, at(18, 12), at(23, 13, 30)),
        (own(), LAST_WEEK, MONDAY, MONDAY),
        (own(leave=(20, 24)), LAST_WEEK, at(18, 12), at(25, 8)),  # away on Monday and Tuesday
        (own(leave=(20, 29)), LAST_WEEK, at(18, 12), at(30, 8)),  # the whole week: the next one's
        (own(), date(2026, 11, 30), at(1, 12, month=12), at(8, 8, month=12)),  # a closure
        (own(), LAST_WEEK, at(25, 12), at(25, 12)),  # caught up while the week lasts
        (own(), LAST_WEEK, at(25, 20), at(26, 7)),  # when they may be written to
        (own(), LAST_WEEK, at(27, 20), at(30, 8)),  # not when it is over: then the next one's
        (own(), LAST_WEEK, at(29, 12), at(30, 8)),
        (own(), THIS_WEEK, at(23, 12), at(30, 8)),
        (own(), None, at(22, 12), MONDAY),
    ],
)
def test_a_week_is_told_on_monday_or_when_its_reader_works_while_it_lasts(
    person: PersonalTime, told: date | None, now: datetime, due: datetime
) -> None:
    assert next_weekly(person, told, now) == due


def test_an_hour_at_which_its_reader_never_works_puts_no_message_off_for_ever() -> None:
    sundays = WorkingDays(weekdays=frozenset({6}))
    odd = PersonalTime(BERLIN, sundays, hours=(time(5), time(8)))
    assert next_weekly(odd, LAST_WEEK, at(23, 12)) == at(29, 4)


@pytest.mark.parametrize(
    ("now", "begun"),
    [(at(23, 7, 59), None), (MONDAY, THIS_WEEK), (at(26, 12), THIS_WEEK)],
)
def test_who_begins_after_mondays_message_waits_for_the_next_one(
    now: datetime, begun: date | None
) -> None:
    assert begun_week(own(), now) == begun


@pytest.mark.parametrize(
    ("since", "last", "due"), [(0, 0, 10), (0, 9, 19), (0, 49, 59), (0, 55, 60), (0, 200, 60)]
)
def test_changes_wait_for_calm_and_for_an_hour_at_most(since: int, last: int, due: int) -> None:
    minutes = [MONDAY + timedelta(minutes=each) for each in (since, last, due)]
    assert calm_at(minutes[0], minutes[1]) == minutes[2]


def test_a_week_has_its_iso_name_and_ends_at_its_readers_midnight() -> None:
    assert [week_name(each) for each in (THIS_WEEK, date(2026, 12, 28), date(2027, 1, 4))] == [
        "2026-W48",
        "2026-W53",
        "2027-W01",
    ]
    assert week_end(date(2026, 10, 19), BERLIN) == at(25, 23, month=10)  # the clocks change

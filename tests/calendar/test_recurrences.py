"""Recurrence rules: what is taken, what is refused and how, and which days they give."""

import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar.rules import Recurrence
from tests.support.recurrences import FROM_WEEKDAYS, MANY_RULES

FIRST = date(2026, 11, 25)
"""A Wednesday, the day before Thanksgiving."""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=WE", "2026-11-25 2026-12-02 2026-12-09"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2026-11-25 2026-12-09 2026-12-23"),
        ("RRULE:FREQ=WEEKLY;BYDAY=WE", "2026-11-25 2026-12-02 2026-12-09"),
        (" freq=weekly;byday=we; ", "2026-11-25 2026-12-02 2026-12-09"),
        ("FREQ=WEEKLY", "2026-11-25 2026-12-02 2026-12-09"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-26 2026-11-30 2026-12-03"),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-25 2026-11-28 2026-12-01"),
        ("FREQ=MONTHLY;BYDAY=1TH", "2026-12-03 2027-01-07 2027-02-04"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27 2026-12-25 2027-01-29"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31 2027-01-31 2027-03-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30 2026-12-31 2027-01-31"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30 2026-12-31 2027-01-29"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29"),
        ("FREQ=MONTHLY;BYMONTH=03,06;BYMONTHDAY=01", "2027-03-01 2027-06-01 2028-03-01"),
        ("FREQ=WEEKLY;BYDAY=WE;UNTIL=20261202", "2026-11-25 2026-12-02"),
        ("FREQ=WEEKLY;BYDAY=WE;UNTIL=20261202T000000Z", "2026-11-25 2026-12-02"),
        ("FREQ=MONTHLY;BYDAY=MO,1TU", "2026-11-30 2026-12-01 2026-12-07"),
        ("FREQ=YEARLY;BYDAY=-1FR", "2026-12-25 2027-12-31 2028-12-29"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "2026-11-30 2027-02-28 2027-05-31"),
    ],
)
def test_a_rule_gives_its_days(text: str, days: str) -> None:
    upcoming = Recurrence.parse(text, FIRST).upcoming(FIRST)
    assert " ".join(map(str, upcoming)) == days


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "is not a recurrence rule; write it as FREQ=WEEKLY;BYDAY=WE"),
        ("every week", "is not a recurrence rule"),
        ("FREQ=WEEKLY;WE", "is not a recurrence rule"),
        ("FREQ=WEEKLY;BYDAY", "is not a recurrence rule"),
        ("FREQ=WEEKLY;FREQ=DAILY", "is not a recurrence rule"),
        ("DTSTART=20261125;FREQ=WEEKLY", "is not a recurrence rule"),
        ("BYDAY=WE", "begin with how often, FREQ=DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=WEAKLY;BYDAY=WE", "begin with how often, FREQ=DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=HOURLY", "counts in days; the hour stands on a line of its own"),
        ("FREQ=SECONDLY;BYDAY=WE", "counts in days"),
        ("FREQ=WEEKLY;BYHOUR=9", "counts in days"),
        ("FREQ=WEEKLY;COUNT=3", "end a rule with a day, UNTIL=20271231, not with COUNT"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL as a whole number from 1"),
        ("FREQ=WEEKLY;INTERVAL=-1", "INTERVAL as a whole number from 1"),
        ("FREQ=WEEKLY;INTERVAL=two", "INTERVAL as a whole number from 1"),
        ("FREQ=DAILY;INTERVAL=999999999", "INTERVAL as a whole number from 1"),
        ("FREQ=WEEKLY;UNTIL=forever", "UNTIL as a day, such as UNTIL=20271231"),
        ("FREQ=WEEKLY;UNTIL=2027-12-31", "UNTIL as a day"),
        ("FREQ=WEEKLY;UNTIL=20271331", "UNTIL as a day"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY as days, such as BYDAY=MO,WE"),
        ("FREQ=WEEKLY;BYDAY=1TH", "only FREQ=MONTHLY and YEARLY"),
        ("FREQ=DAILY;BYSETPOS=2", "only FREQ=MONTHLY and YEARLY"),
        ("FREQ=MONTHLY;BYDAY=6MO", "no period has so many of a weekday; count up to 5"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-9MO", "no period has so many of a weekday; count up to 5"),
        ("FREQ=YEARLY;BYDAY=99MO", "no period has so many of a weekday; count up to 53"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY as days"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY as days"),
        ("FREQ=MONTHLY;BYMONTH=13", "BYMONTH as months"),
        ("FREQ=WEEKLY;BYWEEKNO=3", "BYWEEKNO is not known here; there are FREQ, INTERVAL"),
        ("FREQ=WEEKLY;BYDAY=WE\nRRULE:FREQ=HOURLY", "BYDAY as days"),
    ],
)
def test_what_is_no_rule_of_days_is_refused_with_the_cure(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=r"^'") as error:
        Recurrence.parse(text, FIRST)
    assert str(error.value).startswith(f"'{text}'")
    assert cause in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=WEEKLY;UNTIL=20261124",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=6;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=DAILY;INTERVAL=7;BYDAY=FR",
    ],
)
def test_a_rule_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="gives no date"):
        Recurrence.parse(text, FIRST)


def test_an_endless_rule_is_followed_to_its_bound_and_no_further() -> None:
    daily = Recurrence.parse("FREQ=DAILY", FIRST)
    assert len(list(daily.dates(FIRST))) == 366 * 5 + 1
    assert len(list(daily.dates(FIRST, FIRST + timedelta(days=9)))) == 10


def test_every_second_week_keeps_its_beat_whenever_one_looks() -> None:
    rule = Recurrence.parse("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", FIRST)
    assert list(rule.dates(date(2026, 12, 1), date(2026, 12, 31))) == [
        date(2026, 12, 9),
        date(2026, 12, 23),
    ]


def test_nothing_comes_before_the_first_day_and_after_the_last() -> None:
    rule = Recurrence.parse("FREQ=WEEKLY;BYDAY=WE;UNTIL=20261202", FIRST)
    assert list(rule.dates(date(2026, 1, 1), date(2027, 12, 31))) == [FIRST, date(2026, 12, 2)]
    assert list(rule.dates(date(2026, 12, 3))) == []


RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 40)),
    st.builds("FREQ=WEEKLY;INTERVAL={}{}".format, st.integers(1, 8), FROM_WEEKDAYS),
    st.builds(
        "FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}".format, st.integers(1, 4), st.integers(1, 28)
    ),
    st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.sampled_from([1, 2, -1]), st.just("TH")),
)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(text=RULES, first=DAYS, since=DAYS, length=st.integers(0, 400))
def test_days_rise_strictly_and_stay_within_their_bounds(
    text: str, first: date, since: date, length: int
) -> None:
    until = since + timedelta(days=length)
    days = list(Recurrence.parse(text, first).dates(since, until))
    assert days == sorted(set(days))
    assert all(max(first, since) <= day <= until for day in days)


@given(text=RULES, first=DAYS, since=DAYS, length=st.integers(0, 200), more=st.integers(0, 200))
def test_a_longer_look_ahead_gives_the_same_days_and_more(
    text: str, first: date, since: date, length: int, more: int
) -> None:
    rule = Recurrence.parse(text, first)
    until = since + timedelta(days=length)
    near = list(rule.dates(since, until))
    far = list(rule.dates(since, until + timedelta(days=more)))
    assert [day for day in far if day <= until] == near


@given(text=MANY_RULES, first=DAYS, since=DAYS, length=st.integers(0, 400))
@settings(max_examples=100, deadline=None)  # the library counts each through from its first
def test_the_days_are_those_of_the_library_counted_from_the_first(
    text: str, first: date, since: date, length: int
) -> None:
    until = since + timedelta(days=length)
    start, begin, end = (datetime.combine(day, time.min) for day in (first, since, until))
    rule = rrulestr(f"RRULE:{text};UNTIL={until:%Y%m%d}", dtstart=start)
    plain = [moment.date() for moment in rule.between(begin, end, inc=True)]
    assert list(Recurrence(text, first).dates(since, until)) == plain


def test_a_rule_that_began_long_ago_is_not_counted_through_from_then() -> None:
    old, new = (Recurrence.parse("FREQ=DAILY", date(year, 1, 1)) for year in (2000, 2099))
    since = date(2099, 1, 1)
    assert _calls(lambda: old.upcoming(since)) <= _calls(lambda: new.upcoming(since)) * 2


WORDS = """DAILY WEEKLY MONTHLY YEARLY HOURLY SECONDLY WEAKLY MO 1TH -1FR 53MO -53SU 99WE MO,TU
2FR,MO 1 -1 5 12 29 30 31 -31 366 999 1,2,3 +5 00 20270101 99991231 20261202T250000Z 20260229"""
KEYS = """FREQ INTERVAL UNTIL WKST BYDAY BYMONTHDAY BYMONTH BYSETPOS COUNT BYHOUR BYWEEKNO BYYEARDAY
DTSTART BYEASTER EXDATE"""
VALUES = st.one_of(
    st.sampled_from(WORDS.split()), st.integers(-400, 1000).map(str), st.text(max_size=6)
)
NAMES = st.sampled_from(KEYS.split())
PARTS = st.lists(st.builds("{}={}".format, NAMES, VALUES), max_size=5).map(";".join)
FREQUENT = st.builds(
    "FREQ={};{}".format, st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), PARTS
)
WILD = st.one_of(st.text(max_size=40), PARTS, FREQUENT)

ENOUGH = 60_000
"""Calls: what looking at each day of five years takes."""


@given(text=WILD, first=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_is_a_rule_with_dates_or_refused_with_words_and_in_few_steps(
    text: str, first: date
) -> None:
    told: list[str] = []

    def read() -> None:
        try:
            rule = Recurrence.parse(text, first)
        except ValueError as error:
            told.append(str(error))
        else:
            assert rule.upcoming(first)[0] >= first

    assert _calls(read) < ENOUGH
    assert all(each.startswith("'") for each in told)


def _calls(work: Callable[[], object]) -> int:
    """How many calls something takes: a measure of the work that no other load disturbs."""
    count = 0

    def note(_frame: object, kind: str, _argument: object) -> None:
        nonlocal count
        count += kind in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count

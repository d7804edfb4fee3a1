"""When portfolio digests are due: dates of their rule, days that are worked, what was missed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.digest_rules import DigestRhythm, due_by, next_after, told_on
from domain.calendar.rules import Recurrence, WorkingDays

NEW_YORK = ZoneInfo("America/New_York")
WORKING = WorkingDays(country="US", closures=frozenset({date(2026, 11, 27)}))


def rhythm(rule: str) -> DigestRhythm:
    return DigestRhythm(Recurrence(rule, date(2026, 1, 1)), time(8), NEW_YORK, WORKING)


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 9, 8), date(2026, 9, 8)),
        (date(2026, 9, 7), date(2026, 9, 8)),  # Labor Day, the first Monday of September
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thanksgiving, a closure, a weekend
        (date(2026, 11, 28), date(2026, 11, 28)),  # a rule that names Saturdays means them
    ],
)
def test_an_issue_of_a_holiday_or_closure_is_told_on_the_next_day_that_is_worked(
    day: date, told: date
) -> None:
    assert told_on(day, WORKING) == told


@pytest.mark.parametrize(
    ("rule", "now", "last", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=1MO", at(11, 22), None, (date(2026, 12, 7), at(12, 7, 13))),
        ("FREQ=MONTHLY;BYDAY=1MO", at(6, 2), None, (date(2026, 7, 6), at(7, 6))),  # summer time
        ("FREQ=MONTHLY;BYDAY=1MO", at(9, 7, 20), None, (date(2026, 9, 7), at(9, 8))),
        # What is dealt with does not come again, though it was moved to a later hour.
        ("FREQ=DAILY", at(11, 2, 1), date(2026, 11, 2), (date(2026, 11, 3), at(11, 3, 13))),
        ("FREQ=DAILY", at(11, 25, 20), None, (date(2026, 11, 28), at(11, 28, 13))),
        ("FREQ=DAILY;UNTIL=20261101", at(11, 3), None, None),
    ],
)
def test_the_next_issue_is_the_first_that_is_due_after_now_and_was_not_dealt_with(
    rule: str, now: datetime, last: date | None, expected: tuple[date, datetime] | None
) -> None:
    found = next_after(rhythm(rule), now, last)
    assert (found and (found.occurrence_on, found.due_at)) == expected


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (at(11, 23, 12), []),
        (at(11, 23, 13), [23]),
        (at(11, 25, 13), [23, 24, 25]),
        # Thursday's and Friday's would come with Monday's own.
        (at(11, 29, 13), [23, 24, 25, 28, 29]),
        (at(11, 30, 13), [23, 24, 25, 26, 27, 28, 29, 30]),
    ],
)
def test_what_has_become_due_is_told_oldest_first(now: datetime, days: list[int]) -> None:
    due = due_by(rhythm("FREQ=DAILY"), date(2026, 11, 23), now)
    assert [each.occurrence_on.day for each in due] == days

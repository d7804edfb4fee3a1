"""When the owner of an action hears of it, as pure decisions."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import Leave, PersonalTime, WorkingDays
from domain.meetings.actions.rules import (
    Given,
    Plan,
    chair_at,
    earliest,
    given_at,
    reminder,
    reminder_days,
)
from models.enums import ActionStep
from tests.support.portfolio import at

BEFORE, DUE, AFTER = ActionStep.BEFORE, ActionStep.DUE, ActionStep.AFTER
OWN = PersonalTime(zone=ZoneInfo("America/New_York"), working=WorkingDays())
NEVER = PersonalTime(OWN.zone, WorkingDays(weekdays=frozenset()))
MISSED = "its day was over when the bot came to it"
GIVEN = Given(due_on=date(2026, 12, 4), at=at(20, 17), is_known=True)
"""Given on Friday, 20 November, due on Friday, 4 December."""


def nine(day: int, month: int = 12) -> datetime:
    return at(day, 14, month=month)


def leave(first: int, until: int) -> PersonalTime:
    return replace(OWN, leave=(Leave(date(2026, 12, first), date(2026, 12, until)),))


@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        (date(2026, 12, 4), (1, 4, 8)),  # Tuesday, Friday, Tuesday
        (date(2026, 12, 6), (2, 4, 8)),  # a Sunday is reminded of on its Friday
        (date(2026, 12, 10), (7, 10, 14)),
    ],
)
def test_reminders_count_working_days(due_on: date, days: tuple[int, ...]) -> None:
    found = reminder_days(due_on, OWN.working)
    assert list(found) == [BEFORE, DUE, AFTER]
    assert tuple(each.day for each in found.values()) == days


@pytest.mark.parametrize(
    ("now", "done", "own", "plan"),
    [
        (at(25, 12), (), OWN, Plan(next_at=nine(1))),
        (nine(1), (), OWN, Plan(BEFORE, {}, nine(1))),
        (nine(1), (BEFORE,), OWN, Plan(next_at=nine(4))),
        (nine(4), (BEFORE,), OWN, Plan(DUE, {}, nine(4))),
        (nine(8), (BEFORE, DUE), OWN, Plan(AFTER, {}, nine(8))),
        (nine(8), (BEFORE, DUE, AFTER), OWN, Plan()),
        # At their own hour.
        (nine(1), (), replace(OWN, ask_at=time(11)), Plan(next_at=at(1, 16, month=12))),
        # Whose day has passed while nobody looked.
        (nine(3), (), OWN, Plan(None, {BEFORE: MISSED}, nine(4))),
        (nine(30), (BEFORE, DUE), OWN, Plan(None, {AFTER: MISSED})),
        # On leave on the first of them: on the day that they are back, or with the next one.
        (nine(1), (), leave(1, 2), Plan(next_at=nine(3))),
        (nine(1), (), leave(1, 3), Plan(None, {BEFORE: "the next reminder says it"}, nine(4))),
        (nine(25, 11), (), NEVER, Plan()),
    ],
)  # fmt: skip
def test_each_reminder_has_its_day(
    now: datetime, done: tuple[ActionStep, ...], own: PersonalTime, plan: Plan
) -> None:
    assert reminder(replace(GIVEN, done=frozenset(done)), own, now) == plan


def test_what_is_given_late_is_not_reminded_of_on_days_before() -> None:
    late = replace(GIVEN, at=nine(2))
    assert reminder(late, OWN, nine(2)) == Plan(next_at=nine(4))
    assert reminder(replace(GIVEN, due_on=None), OWN, nine(2)) == Plan()


def test_the_owner_is_told_within_minutes_after_the_meeting_or_at_once() -> None:
    new = replace(GIVEN, is_known=False)
    assert given_at(new) == new.at + timedelta(minutes=2)
    assert given_at(replace(new, is_handed=True)) == new.at
    assert given_at(replace(new, awaits_close=True)) is None
    assert given_at(GIVEN) is None


def test_the_chair_hears_of_what_is_two_working_days_late() -> None:
    assert chair_at(GIVEN.due_on, OWN) == nine(8)
    assert chair_at(GIVEN.due_on, leave(8, 8)) == nine(9)
    assert chair_at(None, OWN) is None
    assert chair_at(GIVEN.due_on, NEVER) is None


def test_the_earliest_of_nothing_is_nothing() -> None:
    assert earliest([None]) is None
    assert earliest([nine(4), None, nine(1)]) == nine(1)

"""Which meetings a series gives, and what a changed rule moves."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import Recurrence, WorkingDays, at_wall
from domain.meetings.rules import AT, DAY, MINUTES, PLACE, TITLE, Meant, may_run, read_wish
from domain.meetings.series.rules import MOST_AHEAD, Plan, Series, next_extra, plan, wall_skipped
from domain.meetings.values import Wish
from domain.portfolio.values import Viewer
from models.enums import MeetingState, OnHoliday

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
"""A Wednesday, nine o'clock in New York."""

MONTHLY = Series(
    recurrence=Recurrence("FREQ=MONTHLY;BYDAY=1TH", date(2026, 1, 1)),
    at=time(14),
    minutes=60,
    zone=NEW_YORK,
    working=WorkingDays(),
)


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
    started_at: datetime | None = None


def ruled(rule: str, **others: Any) -> Series:
    return replace(MONTHLY, recurrence=Recurrence(rule, date(2026, 1, 1)), **others)


def stored(planned: Plan) -> list[Kept]:
    """What is kept once a plan was followed."""
    return [
        Kept(
            each.occurrence.isoformat(),
            each.starts_at,
            each.minutes,
            each.timezone,
            each.state,
            each.reason,
        )
        for each in planned.new
    ]


def test_a_series_is_kept_a_year_ahead_or_thirty_meetings_and_then_nothing_is_to_do() -> None:
    monthly = plan([], MONTHLY, NOW)
    assert [each.occurrence for each in monthly.new[:2]] == [date(2026, 12, 3), date(2027, 1, 7)]
    assert len(monthly.new) == 12
    weekly = plan([], ruled("FREQ=WEEKLY;BYDAY=MO"), NOW)
    assert len(weekly.new) == MOST_AHEAD
    for planned, series in ((monthly, MONTHLY), (weekly, ruled("FREQ=WEEKLY;BYDAY=MO"))):
        assert not plan(stored(planned), series, NOW).is_any
    later = plan(stored(monthly), MONTHLY, NOW + timedelta(days=14))
    assert ([each.occurrence for each in later.new], later.dropped) == ([date(2027, 12, 2)], ())


@pytest.mark.parametrize(
    ("on_holiday", "closures", "expected"),
    [
        (OnHoliday.MOVE, [date(2026, 12, 3)], (4, MeetingState.PLANNED, "company closure")),
        (OnHoliday.MOVE, [date(2026, 12, d) for d in (3, 4)], (7, MeetingState.PLANNED, "company")),
        (OnHoliday.KEEP, [date(2026, 12, 3)], (3, MeetingState.PLANNED, "")),
        (OnHoliday.CANCEL, [date(2026, 12, 3)], (3, MeetingState.CANCELLED, "company closure")),
    ],
)
def test_a_closure_moves_keeps_or_cancels_as_configured(
    on_holiday: OnHoliday, closures: list[date], expected: tuple[int, MeetingState, str]
) -> None:
    series = replace(MONTHLY, on_holiday=on_holiday, working=WorkingDays(closures=closures))
    first = plan([], series, NOW).new[0]
    day, state, reason = expected
    assert (first.occurrence, first.starts_at.day, first.state) == (date(2026, 12, 3), day, state)
    assert first.reason.startswith(reason)
    assert not plan(stored(plan([], series, NOW)), series, NOW).is_any


def test_a_public_holiday_moves_and_where_the_next_day_has_its_own_meeting_there_is_none() -> None:
    holidays = WorkingDays(country="US")
    [thanksgiving, *_] = plan([], ruled("FREQ=MONTHLY;BYDAY=4TH", working=holidays), NOW).new
    assert thanksgiving.starts_at == at_wall(date(2026, 11, 27), time(14), NEW_YORK)
    assert "Thanksgiving" in thanksgiving.reason
    [daily, *_] = plan([], ruled("FREQ=WEEKLY;BYDAY=TH,FR", working=holidays), NOW).new
    assert daily.state is MeetingState.CANCELLED
    [sunday, *_] = plan([], ruled("FREQ=WEEKLY;BYDAY=SU", working=holidays), NOW).new
    assert sunday.starts_at.date() == sunday.occurrence  # a series of Sundays is meant so


def test_a_changed_rule_keeps_what_was_changed_by_hand_and_what_has_begun() -> None:
    kept = stored(plan([], MONTHLY, NOW))
    kept[1].is_by_hand = True
    kept[2].started_at = NOW  # early: a meeting can be opened before its hour
    over = Kept("2026-11-05", datetime(2026, 11, 5, 19, tzinfo=UTC))
    extra = Kept("extra:1", datetime(2026, 12, 10, 19, tzinfo=UTC), is_by_hand=True)
    later = plan([over, extra, *kept], replace(MONTHLY, at=time(15), minutes=90), NOW)
    moved = [each.occurrence.isoformat() for each in later.changed]
    assert moved == [each.occurrence for each in (kept[0], *kept[3:])]
    assert (later.new, later.dropped) == ((), ())
    assert {(each.starts_at.astimezone(NEW_YORK).hour, each.minutes) for each in later.changed} == {
        (15, 90)
    }
    wednesdays = plan([over, extra, *kept], ruled("FREQ=MONTHLY;BYDAY=1WE"), NOW)
    assert kept[1].occurrence not in wednesdays.dropped
    assert (len(wednesdays.dropped), wednesdays.new[0].occurrence) == (10, date(2026, 12, 2))
    gone = plan([over, extra, *kept], None, NOW)
    assert (len(gone.dropped), gone.new) == (10, ())


def test_a_series_that_ends_drops_what_comes_after_its_end_and_what_returns_is_planned_again() -> (
    None
):
    kept = stored(plan([], MONTHLY, NOW))
    ended = plan(kept, ruled("FREQ=MONTHLY;BYDAY=1TH;UNTIL=20270131"), NOW)
    assert min(ended.dropped) == "2027-02-04"
    assert len(ended.dropped) == 10
    for each in kept[2:]:
        each.state = MeetingState.DROPPED
    assert not plan(kept, ruled("FREQ=MONTHLY;BYDAY=1TH;UNTIL=20270131"), NOW).is_any
    assert len(plan(kept, MONTHLY, NOW).changed) == 10


def test_a_moved_meeting_stays_between_its_own_day_and_the_one_that_it_is_moved_to() -> None:
    closed = replace(MONTHLY, working=WorkingDays(closures=[date(2026, 12, 3)]))
    kept = stored(plan([], closed, NOW))
    between = datetime(2026, 12, 4, 1, tzinfo=UTC)
    assert plan(kept, closed, between).dropped == ()
    assert plan(kept, closed, between).changed == ()
    assert plan([], closed, between).new[0].occurrence == date(2026, 12, 3)


def test_hours_that_the_clocks_skip_become_the_next_and_of_two_the_first_counts() -> None:
    skipping = ruled("FREQ=DAILY", at=time(2, 30))
    march = plan([], skipping, datetime(2027, 3, 13, 12, tzinfo=UTC)).new[0]
    assert march.starts_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)  # 03:30 in New York
    assert wall_skipped(date(2027, 3, 14), time(2, 30), NEW_YORK)
    doubled = plan([], ruled("FREQ=DAILY", at=time(1, 30)), datetime(2027, 11, 6, 12, tzinfo=UTC))
    assert doubled.new[0].starts_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)  # still summer time
    assert not wall_skipped(date(2027, 11, 7), time(1, 30), NEW_YORK)


def test_extra_meetings_are_numbered_on() -> None:
    assert next_extra(["2026-12-03"]) == "extra:1"
    assert next_extra(["extra:1", "2026-12-03", "extra:10"]) == "extra:11"


GOOD = Wish("2026-12-10", "14:00", "45", " Budget ", "Room 5")
TAKEN = [datetime(2026, 12, 3, 19, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("wrong", "field", "text"),
    [
        ({"day": "10.12."}, DAY, "write it as 2026-12-24"),
        ({"day": "2026-11-24"}, DAY, "That is over"),
        ({"day": "2036-12-10"}, DAY, "check the year"),
        ({"at": "14 pm"}, AT, "write it as 09:00"),
        ({"at": "noon"}, AT, "write it as 09:00"),
        ({"at": "14."}, AT, "write it as 09:00"),
        ({"day": "2026-12-03"}, AT, "meets at that time already"),
        ({"minutes": "an hour"}, MINUTES, "from 5 to 1,440"),
        ({"minutes": "2000"}, MINUTES, "from 5 to 1,440"),
        ({"title": "x" * 151}, TITLE, "longer than 150"),
        ({"place": "Room 5\nFloor 2"}, PLACE, "several lines"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(wrong: dict[str, str], field: str, text: str) -> None:
    faults = read_wish(replace(GOOD, **wrong), NEW_YORK, TAKEN, NOW)
    assert not isinstance(faults, Meant)
    assert list(faults) == [field]
    assert text in faults[field]


def test_what_was_typed_is_read_in_the_councils_zone() -> None:
    meant = read_wish(GOOD, NEW_YORK, TAKEN, NOW)
    assert isinstance(meant, Meant)
    assert meant.starts_at == datetime(2026, 12, 10, 19, tzinfo=UTC)
    assert (meant.minutes, meant.title, meant.place) == (45, "Budget", "Room 5")


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2pm", time(14)),
        (" 2:05 PM", time(14, 5)),
        ("2 p.m.", time(14)),
        ("12 AM", time(0)),
        ("12:30 pm", time(12, 30)),
        ("14.05", time(14, 5)),
        ("14h", time(14)),
        ("9h30", time(9, 30)),
    ],
)
def test_an_hour_may_be_typed_as_people_and_slack_write_it(typed: str, at: time) -> None:
    meant = read_wish(replace(GOOD, at=typed), NEW_YORK, TAKEN, NOW)
    assert isinstance(meant, Meant)
    assert meant.at == at


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"person_id": 7}, True),
        ({"is_pmo": True}, True),
        ({}, False),
        ({"person_id": 7, "is_guest": True}, False),
        ({"is_pmo": True, "is_gone": True}, False),
    ],
)
def test_the_chair_and_the_pmo_run_a_councils_meetings(facts: dict[str, Any], *, may: bool) -> None:
    given: dict[str, Any] = {"person_id": 1, "slack_id": "U1", "name": "A", "timezone": "UTC"}
    assert may_run(Viewer(**given | facts), chair_id=7) is may

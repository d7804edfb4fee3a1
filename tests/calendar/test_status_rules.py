"""What a Slack status says about being away: a table of cases, and what holds for all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import Leave
from domain.calendar.status_rules import leave_by_status

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""A Monday, nine o'clock in New York."""
TODAY = date(2026, 11, 23)
AWAY = ("palm_tree", "beach_with_umbrella")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("emoji", "ends_at", "leave"),
    [
        (":palm_tree:", local(27, 23, 59), Leave(TODAY, date(2026, 11, 27))),
        ("palm_tree", local(27, 12), Leave(TODAY, date(2026, 11, 27))),
        (":palm_tree::skin-tone-3:", local(27, 17), Leave(TODAY, date(2026, 11, 27))),
        (":beach_with_umbrella:", local(27, 9), Leave(TODAY, date(2026, 11, 26))),
        (":palm_tree:", local(27, 0), Leave(TODAY, date(2026, 11, 26))),
        (":palm_tree:", local(23, 17), Leave(TODAY, TODAY)),
        (":palm_tree:", local(23, 11), None),  # for the morning alone
        (":palm_tree:", local(20, 17), None),  # over
        (":palm_tree:", None, None),  # never cleared: a decoration
        (":airplane:", local(27, 17), None),
        ("", local(27, 17), None),
    ],
)
def test_a_status_of_vacation_with_an_end_is_leave_up_to_it(
    emoji: str, ends_at: datetime | None, leave: Leave | None
) -> None:
    assert leave_by_status(emoji, ends_at, AWAY, NEW_YORK, NOW) == leave


@given(
    st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    st.sampled_from(["America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Etc/GMT+12"]),
)
def test_leave_by_status_begins_today_and_outlasts_the_status_by_no_day(
    ahead: timedelta, zone: str
) -> None:
    ends_at, own = NOW + ahead, ZoneInfo(zone)
    leave = leave_by_status(":palm_tree:", ends_at, AWAY, own, NOW)
    if leave is not None:
        assert leave.first == NOW.astimezone(own).date()
        assert leave.first <= leave.until <= ends_at.astimezone(own).date()

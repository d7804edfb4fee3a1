"""Who may open, take over and reopen a meeting, and when."""

from datetime import timedelta

import pytest

from domain.meetings.sitting.rules import (
    Standing,
    Times,
    closes_itself,
    why_not_open,
    why_not_reopen,
    why_not_take_over,
)
from tests.support.sitting import HOUR_OF_IT, past

CHAIR = Standing(is_chair=True, is_acting=False, has_vote=True, is_member=True)
VOTER = Standing(is_chair=False, is_acting=False, has_vote=True, is_member=True)
OTHER = Standing(is_chair=False, is_acting=False, has_vote=False, is_member=True)
TIMES = Times(HOUR_OF_IT, past(60), past(300))


@pytest.mark.parametrize(
    ("standing", "minutes", "fault"),
    [
        (CHAIR, -61, "too early"),
        (OTHER, -61, "open a meeting; ask one"),
        (CHAIR, -60, None),
        (CHAIR, 299, None),
        (CHAIR, 300, "Its time is over"),
        (VOTER, 9, "Wait for the chair"),
        (VOTER, 10, None),
        (OTHER, 30, "open a meeting; ask one"),
    ],
)
def test_a_meeting_is_opened_in_its_time_by_who_may(
    standing: Standing, minutes: int, fault: str | None
) -> None:
    found = why_not_open(standing, TIMES, past(minutes))
    assert found is None if fault is None else fault in (found or "")


@pytest.mark.parametrize(
    ("standing", "is_here", "can"),
    [(CHAIR, True, True), (VOTER, True, False), (VOTER, False, True), (OTHER, False, False)],
)
def test_the_chair_of_a_running_meeting_is_taken_over(
    standing: Standing, *, is_here: bool, can: bool
) -> None:
    assert (why_not_take_over(standing, acting_is_here=is_here) is None) is can


@pytest.mark.parametrize(
    ("minutes", "is_posted", "can"), [(60, False, True), (119, True, False), (120, False, False)]
)
def test_a_closed_meeting_is_reopened_within_the_hour_unless_its_minutes_are_posted(
    minutes: int, *, is_posted: bool, can: bool
) -> None:
    times = Times(HOUR_OF_IT, past(60), past(300), HOUR_OF_IT, past(60))
    assert (why_not_reopen(times, past(minutes), is_posted=is_posted) is None) is can


def test_a_meeting_that_began_late_closes_itself_later() -> None:
    assert closes_itself(TIMES) == past(300)
    late = Times(HOUR_OF_IT, past(60), past(300), started_at=past(40))
    assert closes_itself(late) == past(340)
    early = Times(HOUR_OF_IT, past(60), past(300), started_at=past(-40))
    assert closes_itself(early) - HOUR_OF_IT == timedelta(hours=5)

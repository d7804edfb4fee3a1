"""When the call goes out, when who has not read is nudged, and what readers are shown of a pack."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import WorkingDays
from domain.meetings.pre_read.rules import by_need, call_at, nudge_at
from domain.meetings.pre_read.values import part_of
from models.enums import Health
from tests.support.packs import APOLLO, MERCURY, PACK, project

NEW_YORK = ZoneInfo("America/New_York")
NINE = time(9)
NO_DAYS = WorkingDays(weekdays=frozenset())


def utc(day: int, hour: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


MEETING = utc(3, 19)
"""A Thursday, two o'clock in New York."""


@pytest.mark.parametrize(
    ("starts_at", "days", "working", "at"),
    [
        pytest.param(MEETING, 5, WorkingDays(), utc(26, 14, 11), id="five working days before"),
        pytest.param(
            MEETING,
            5,
            WorkingDays(closures=[date(2026, 11, 26), date(2026, 11, 27)]),
            utc(24, 14, 11),
            id="closures are no working days",
        ),
        pytest.param(MEETING, 0, WorkingDays(), utc(3, 14), id="on the day itself"),
        pytest.param(utc(3, 13), 0, WorkingDays(), utc(3, 12), id="an hour before, at the latest"),
        pytest.param(MEETING, 5, NO_DAYS, utc(28, 14, 11), id="no working days: by the calendar"),
        pytest.param(
            datetime(2026, 11, 3, 19, tzinfo=UTC),
            5,
            WorkingDays(),
            datetime(2026, 10, 27, 13, tzinfo=UTC),
            id="nine o'clock stays nine o'clock over a change of the clocks",
        ),
    ],
)
def test_the_call_goes_out_at_an_hour_so_many_working_days_before(
    starts_at: datetime, days: int, working: WorkingDays, at: datetime
) -> None:
    assert call_at(starts_at, days, NINE, NEW_YORK, working) == at


@pytest.mark.parametrize(
    ("frozen_at", "at"),
    [
        pytest.param(utc(26, 14, 11), utc(1, 14), id="two working days before"),
        pytest.param(utc(30, 14, 11), utc(1, 14), id="a day after the call"),
        pytest.param(utc(30, 23, 11), None, id="called the evening before"),
        pytest.param(utc(2, 14), None, id="called later"),
    ],
)
def test_nobody_is_nudged_who_was_called_just_now(frozen_at: datetime, at: datetime | None) -> None:
    assert nudge_at(MEETING, frozen_at, NINE, NEW_YORK, WorkingDays()) == at


def test_projects_stand_by_who_needs_the_council_and_for_how_long() -> None:
    projects = [
        project(1, "A", Health.GREEN, 90),
        project(2, "B", Health.RED, 7),
        project(3, "C", Health.YELLOW, 30),
        project(4, "D", Health.GREY, 30),
        project(5, "E", Health.RED, 21),
        project(6, "F", Health.YELLOW, 30),
    ]
    assert "".join(each.code for each in sorted(projects, key=by_need)) == "EBCFDA"


def test_what_readers_may_not_know_is_cut_out_everywhere() -> None:
    whole = part_of(PACK, [], [MERCURY], str)
    assert whole.is_restricted
    assert whole.project_ids == {APOLLO, MERCURY}
    cut = part_of(PACK, [MERCURY], [MERCURY], lambda text: "" if "Mercury" in text else text)
    assert "Mercury" not in repr(cut)
    assert "MERCURY" not in repr(cut)
    assert not cut.is_restricted
    assert cut.project_ids == {APOLLO}
    told = [
        len(part) for part in (cut.agenda, cut.projects, cut.decisions, cut.actions, cut.decided)
    ]
    assert told == [2, 1, 1, 1, 1]
    assert (cut.title, cut.place) == (PACK.council, "")

"""The parts of the demo: its calendar, its story, and the people who play it."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.demo import FollowingClock, pass_time
from demo.calendar import (
    ANCHOR,
    CYCLE_DAYS,
    DATES,
    anchor_for,
    shifted_configuration,
    shifted_portfolio,
)
from demo.control import ControlClient, RefusedError
from demo.meeting import HELD, Meeting, _working_days_before
from demo.person import FIELD_CHARACTERS, Person, _pieces
from demo.play import CONFIGURATION, FOLDER, PORTFOLIO, _weekdays_after, write_files
from demo.story import told_in
from domain.portfolio.checking import check_shape
from domain.portfolio.yaml_file import read_yaml
from tests.support.scene import Scene, fresh_copy, over_socket_mode

# --- the calendar


@given(st.integers(0, 20 * 365 * 24 * 60))
def test_the_anchor_is_the_last_weekday_whose_morning_is_over_everywhere(minutes: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    anchor = anchor_for(now)
    assert anchor.weekday() < 5
    last_zone = timezone(timedelta(hours=-8))
    nine = datetime(anchor.year, anchor.month, anchor.day, 9, tzinfo=last_zone)
    assert nine < now
    assert now - nine < timedelta(days=4)


def test_files_at_the_anchor_itself_are_the_files_as_written() -> None:
    portfolio = (FOLDER / PORTFOLIO).read_text(encoding="utf-8")
    configuration = (FOLDER / CONFIGURATION).read_text(encoding="utf-8")
    assert rows(shifted_portfolio(portfolio, ANCHOR)) == rows(portfolio)
    moved = shifted_configuration(configuration, ANCHOR).splitlines()
    left = [line for line in configuration.splitlines() if line not in moved]
    assert [line.partition(":")[0] for line in left] == ["holidays", "closures"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@given(st.integers(-400, 4_000))
def test_all_dates_of_the_portfolio_move_by_the_same_days(days: int) -> None:
    text = (
        "code,start,baseline_end,forecast_end,description\nA,2026-01-31,,2026-12-01,on 2026-01-31\n"
    )
    (moved,) = rows(shifted_portfolio(text, ANCHOR + timedelta(days=days)))
    assert moved == {
        "code": "A",
        "start": (date(2026, 1, 31) + timedelta(days=days)).isoformat(),
        "baseline_end": "",
        "forecast_end": (date(2026, 12, 1) + timedelta(days=days)).isoformat(),
        "description": "on 2026-01-31",
    }
    assert set(DATES) <= moved.keys()


def test_the_configuration_asks_on_the_anchors_weekday_and_keeps_its_hours() -> None:
    text = (FOLDER / CONFIGURATION).read_text(encoding="utf-8")
    friday = ANCHOR + timedelta(days=2)
    moved = shifted_configuration(text, friday)
    assert set(re.findall(r"FREQ=WEEKLY.*BYDAY=(\w\w)", moved)) == {"FR"}
    monthly = re.compile(r'rule: "FREQ=MONTHLY[^"]*"')
    assert monthly.findall(moved) == monthly.findall(text)
    assert re.findall(r'"\d\d:\d\d"', moved) == re.findall(r'"\d\d:\d\d"', text)
    first = dates_after("first: ", moved)
    assert first == {each + timedelta(days=2) for each in dates_after("first: ", text)}
    assert "every second Friday" in moved
    assert "every fourth Friday" in moved


def dates_after(key: str, text: str) -> set[date]:
    return {date.fromisoformat(each) for each in re.findall(rf"{key}(\S+)", text)}


# A week from Monday to Sunday, the changes of the clocks, the days around a year's end.
WHENS = [
    *(datetime(2026, 11, day, hour, 5, tzinfo=UTC) for day in range(16, 23) for hour in (0, 18)),
    datetime(2027, 3, 15, 12, tzinfo=UTC),
    datetime(2027, 11, 8, 12, tzinfo=UTC),
    datetime(2028, 3, 1, tzinfo=UTC),
    datetime(2029, 1, 1, 2, tzinfo=UTC),
]


@pytest.mark.parametrize("now", WHENS, ids=str)
def test_of_all_meetings_one_is_over_and_the_next_ones_are_called_later(
    tmp_path: Path, now: datetime
) -> None:
    """Else the past would be full of meetings that nobody opened."""
    anchor = write_files(tmp_path, now)
    file = check_shape(read_yaml(tmp_path / CONFIGURATION))
    for council in file.councils:
        meetings = council.meetings
        assert meetings is not None
        days = list(meetings.recurrence.dates(anchor - timedelta(60), anchor + timedelta(60)))
        over = [day for day in days if day <= anchor + timedelta(days=3)]
        assert over == ([anchor + HELD] if council.name == "ITS Council" else [])
        assert all(day.weekday() < 5 for day in days)
        ahead = _working_days_before(days[len(over)], int(meetings.pre_read.removesuffix("d")))
        called = datetime.combine(ahead, time(9), ZoneInfo("America/New_York"))
        assert called > now


def test_the_story_holds_its_meeting_at_the_hours_of_the_configuration() -> None:
    file = check_shape(read_yaml(FOLDER / CONFIGURATION))
    (council, *_others) = file.councils
    assert council.meetings is not None
    assert (council.meetings.pre_read, council.meetings.pre_read_at) == ("2d", "09:00")
    assert (council.meetings.at, council.meetings.first) == ("14:00", ANCHOR + HELD)
    assert council.meetings.out_of_cycle is not None


@pytest.mark.parametrize("anchor", [ANCHOR + timedelta(days=day) for day in (-2, -1, 0, 1, 2)])
def test_the_meeting_comes_after_the_digest_that_its_pack_tells_of(anchor: date) -> None:
    asked = anchor - 2 * timedelta(days=CYCLE_DAYS["ITS Council"])
    instants = [instant for instant, _ in the_meeting(anchor).steps()]
    zone = ZoneInfo("America/New_York")
    digest = datetime.combine(_weekdays_after(asked, 3), time(8), zone)
    assert instants[0] - digest == timedelta(hours=1)
    assert instants == sorted(instants)
    assert instants[-1] < datetime.combine(asked + timedelta(days=8), time(), UTC)


def the_meeting(anchor: date) -> Meeting:
    async def nothing() -> None: ...

    told = YAML(typ="safe").load(FOLDER / "story.yaml")["meeting"]
    zone = ZoneInfo("America/New_York")
    return Meeting(told, anchor, zone, ControlClient.__new__(ControlClient), nothing, {})


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)])
def test_the_story_is_asked_on_public_holidays_too(tmp_path: Path, day: date) -> None:
    """The sample's dates move with the day on which it is played: that may be Thanksgiving."""
    write_files(tmp_path, datetime.combine(day, time(20), UTC) + timedelta(hours=12))
    file = check_shape(read_yaml(tmp_path / CONFIGURATION))
    assert (file.holidays, file.closures) == (None, ())


def test_the_files_that_are_written_are_those_of_the_present(tmp_path: Path) -> None:
    now = datetime(2031, 5, 7, 12, tzinfo=UTC)
    anchor = write_files(tmp_path, now)
    assert anchor == anchor_for(now)
    assert f"first: {anchor - timedelta(days=21)}" in (tmp_path / CONFIGURATION).read_text("utf-8")
    assert len(rows((tmp_path / PORTFOLIO).read_text("utf-8"))) == len(
        rows((FOLDER / PORTFOLIO).read_text("utf-8"))
    )


# --- the clock that the visitor moves


async def test_what_is_due_on_the_way_is_done_at_its_hour() -> None:
    clock, seen = FollowingClock(), list[datetime]()
    start = clock.now()
    due = [start + timedelta(hours=hours) for hours in (2, 3, 3.02, 30)]

    async def settle(_seconds: float) -> Sequence[str]:
        seen.append(clock.now())
        return ()

    ahead = timedelta(hours=20)
    await pass_time(clock, ahead, next_of(due), settle)
    hours = [(each - start) / timedelta(hours=1) for each in seen]
    assert hours == pytest.approx([2, 3, 3 + 1 / 6, 9 + 1 / 6, 15 + 1 / 6, 20], abs=0.01)
    assert clock.offset == ahead


def next_of(due: Sequence[datetime]) -> Callable[[datetime], Awaitable[datetime | None]]:
    async def due_after(now: datetime) -> datetime | None:
        return min((each for each in due if each > now), default=None)

    return due_after


async def test_time_stands_still_until_what_is_due_is_done_and_waits_for_nothing_for_ever(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, stood = FollowingClock(), list[timedelta]()

    async def settle(_seconds: float) -> Sequence[str]:
        before = clock.offset
        await asyncio.sleep(0)
        stood.append(clock.offset - before)
        return ["digests"] if len(stood) == 1 else []

    start = clock.now()
    await pass_time(clock, timedelta(days=2), next_of([start + timedelta(hours=1)]), settle)
    assert stood == [timedelta()] * 9, "in long steps again after what is never done"
    (warning,) = caplog.messages
    assert warning.startswith(f"at {start + timedelta(hours=1):%Y-%m-%d %H:%M}")
    assert warning.endswith("still at work after 30 s (digests): its time goes on")


async def test_a_wait_for_a_turn_is_part_of_the_time_to_catch_up_with() -> None:
    clock = FollowingClock()
    clock.goal = timedelta(hours=1)
    await asyncio.wait_for(clock.sleep(1_800), 1)
    assert clock.offset == timedelta(minutes=30)
    with pytest.raises(TimeoutError):  # from the goal on, time has to pass by itself
        await asyncio.wait_for(clock.sleep(1_801), 0.05)
    assert clock.offset == clock.goal


async def test_a_clock_that_is_set_back_goes_back_at_once() -> None:
    clock, seen = FollowingClock(), list[datetime]()
    clock.offset = timedelta(days=2)

    async def settle(_seconds: float) -> Sequence[str]:
        seen.append(clock.now())
        return ()

    await asyncio.wait_for(clock.sleep(0.001), 1)
    assert clock.offset == timedelta(days=2), "that is for the visitor to say"
    await pass_time(clock, timedelta(), next_of([clock.now() + timedelta(hours=1)]), settle)
    assert (len(seen), clock.offset) == (1, timedelta())


# --- the story

DAY = date(2026, 11, 25)


def told(report: dict[str, Any]) -> dict[str, str | None]:
    (one,) = told_in({"reports": {"A": report}}, {"A": DAY})
    return dict(one.answers)


def test_an_unchanged_report_changes_no_answer() -> None:
    assert told({"unchanged": True}) == {}


def test_dates_of_a_report_count_from_its_ask_day() -> None:
    answers = told(
        {
            "health": "yellow",
            "why": "Moved from {-25} to {+7}.\n",
            "milestone": {"name": "Go-live", "baseline": 0, "forecast": 40},
            "decision": {"text": "Pay by {+30}?", "from": "Carol", "by": 6},
            "percent_complete": 0,
        }
    )
    assert answers["health"] == "Yellow"
    assert answers["why"] == "Moved from 31 October to 2 December."
    assert answers["milestone_baseline"] == "2026-11-25"
    assert answers["milestone_forecast"] == "2027-01-04"
    assert answers["decision"] == "Pay by 25 December?"
    assert (answers["decision_from"], answers["decision_by"]) == ("Carol", "2026-12-01")
    assert answers["percent_complete"] == "0"


def test_what_a_report_leaves_out_is_cleared() -> None:
    answers = told({"health": "green"})
    assert {name for name, value in answers.items() if value is not None} == {"health"}
    assert {"why", "done", "risks", "milestone", "decision_by", "budget"} < answers.keys()


def test_projects_without_an_ask_day_are_left_out_and_late_ones_marked() -> None:
    cycle = {"reports": {"A": {"unchanged": True, "late": True}, "B": {"unchanged": True}}}
    assert [(one.code, one.is_late) for one in told_in(cycle, {"A": DAY})] == [("A", True)]


# --- the people


@given(st.text(st.sampled_from("ab \n"), max_size=40), st.integers(1, 400))
def test_pieces_of_a_long_text_fit_their_fields_and_lose_no_word(unit: str, times: int) -> None:
    text = unit * times
    pieces = list(_pieces(text))
    assert all(len(piece) <= FIELD_CHARACTERS for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.fixture
async def scene(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Scene]:
    async with over_socket_mode(fresh_copy(sqlite_template, tmp_path), tmp_path) as made:
        await made.at(datetime(2026, 11, 18, 14, tzinfo=UTC))
        yield made


GREEN = {"health": "Green", "done": "Tested it", "next": "Go live"}


async def test_a_person_reports_as_one_does_in_slack(scene: Scene) -> None:
    long = " ".join(f"word{number:04}" for number in range(900))
    async with ControlClient(scene.sandbox.control_url) as control:
        priya = Person(control, "priya")
        result = await priya.report("APOLLO", {**GREEN, "done": long, "spent": "5", "nope": "x"})
        assert (result["ok"], result["errors"]) == (True, None)
        refused = await priya.report("BOREAS", {**GREEN, "health": "Red"})
        assert refused["errors"].keys() == {"why", "path_to_green"}
        await scene.sandbox.acting.close_view(
            scene.id("priya"), scene.sandbox.workspace.open_views(scene.id("priya"))[0].id
        )
        with pytest.raises(LookupError, match="no request message to priya names WALRUS"):
            await priya.report("WALRUS", GREEN)
    assert scene.sandbox.workspace.open_views(scene.id("priya")) == []
    statuses = await scene.core.services.collecting.status(1)
    assert statuses.last is not None
    assert statuses.last.answers.done.split() == long.split()


async def test_the_control_client_tells_what_the_sandbox_refuses(scene: Scene) -> None:
    async with ControlClient(scene.sandbox.control_url) as control:
        with pytest.raises(RefusedError, match="not a valid command"):
            await control.act("command", "priya", channel=await dm(control), command="/x", text="")
        with pytest.raises(RuntimeError, match="the sandbox refused /control/act/command"):
            await control.act("command", "nobody-here", channel="x", command="/x", text="")


async def dm(control: ControlClient) -> str:
    return str((await control.get("/dm/priya"))["channel"])

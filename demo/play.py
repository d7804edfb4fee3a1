"""Plays the story over the wire: the clock moves, the bot asks, people answer, digests appear."""

import csv
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from demo.calendar import CYCLE_DAYS, anchor_for, shifted_configuration, shifted_portfolio
from demo.control import ControlClient
from demo.meeting import Meeting
from demo.person import Person
from demo.story import Told, told_in

FOLDER = Path(__file__).parent
"""Where the sample's files are."""

PORTFOLIO, CONFIGURATION = "portfolio.csv", "pmobot.yaml"

_SATURDAY = 5
_ANSWERS_FROM = time(18, 5)
"""In UTC: by then it is past nine in the morning in all of the sample's zones."""
_LATE_AT = time(19, 0)
_ASK_AT, _CUT_OFF_AT, _DIGEST_AT = time(9), time(15), time(8)
"""As the sample's configuration has them, in local time."""


@dataclass(frozen=True)
class Stage:
    """What the play needs from outside."""

    control: ControlClient
    set_time: Callable[[datetime], Awaitable[None]]
    """Sets the clock of the workspace and of the bot."""
    settle: Callable[[], Awaitable[None]]
    """Lets the bot do everything that is due now, to the last message."""
    tell: Callable[[int, int], None]
    """Told how many steps are done, and of how many."""


def write_files(folder: Path, now: datetime) -> date:
    """Write portfolio and configuration, moved to the present; gives the running ask day."""
    anchor = anchor_for(now)
    for name, shifted in (
        (PORTFOLIO, shifted_portfolio),
        (CONFIGURATION, shifted_configuration),
    ):
        text = (FOLDER / name).read_text(encoding="utf-8")
        (folder / name).write_text(shifted(text, anchor), encoding="utf-8")
    return anchor


async def seed(control: ControlClient, bot_user_id: str) -> None:
    """Fill the workspace: people with their zones, channels with their members and the bot."""
    people = _yaml("people.yaml")
    for person in people:
        name = person["email"].partition("@")[0]
        await control.post(
            "/users",
            {
                "name": name,
                "real_name": person["name"],
                "email": person["email"],
                "tz": person["timezone"],
                "title": person["title"],
                "is_restricted": bool(person.get("guest")),
            },
        )
    everybody = [each["email"].partition("@")[0] for each in people if not each.get("guest")]
    configuration = _yaml(CONFIGURATION)
    office = [address.partition("@")[0] for address in configuration["pmo"]["members"]]
    await _channel(control, configuration["pmo"]["channel"], [*office, bot_user_id], private=True)
    for digest in configuration["digests"]:
        await _channel(control, digest["channel"], [*everybody, bot_user_id], private=False)
    for council in configuration["councils"]:
        seats = [each if isinstance(each, str) else each["person"] for each in council["members"]]
        members = [address.partition("@")[0] for address in seats]
        is_private = council["channel"] == "infra-council"
        inside = {*members, *office} if is_private else set(everybody)
        await _channel(
            control, council["channel"], [*sorted(inside), bot_user_id], private=is_private
        )


async def play(stage: Stage, anchor: date, now: datetime) -> None:
    """Play three past cycles, a council's meeting, and the running cycle up to `now`."""
    meeting = await _meeting(stage, anchor)
    played = [*_steps(stage, anchor, now), *meeting.steps()]
    steps = sorted(played, key=lambda step: step[0])
    for number, (instant, act) in enumerate(steps, start=1):
        await stage.set_time(instant)
        if act is not None:
            await act()
        await stage.settle()
        stage.tell(number, len(steps))


Step = tuple[datetime, Callable[[], Awaitable[object]] | None]


def _steps(stage: Stage, anchor: date, now: datetime) -> Iterator[Step]:
    projects = _projects()
    ask_days = set()
    for cycle in _yaml("story.yaml")["cycles"]:
        days = {
            row["code"]: anchor + timedelta(days=cycle["when"] * CYCLE_DAYS[row["council"]])
            for row in projects
        }
        ask_days |= set(days.values())
        for number, told in enumerate(told_in(cycle, days)):
            instant = _answered_at(told, days[told.code], number)
            yield min(instant, now - timedelta(minutes=2)), _answer(stage, told, projects)
    yield from ((instant, None) for instant in _ticks(ask_days) if instant <= now)


async def _meeting(stage: Stage, anchor: date) -> Meeting:
    users = (await stage.control.get("/users"))["users"]
    return Meeting(
        told=_yaml("story.yaml")["meeting"],
        anchor=anchor,
        zone=_council_zone(),
        control=stage.control,
        settle=stage.settle,
        user_ids={each["name"]: each["id"] for each in users},
    )


def _answer(
    stage: Stage, told: Told, projects: list[dict[str, str]]
) -> Callable[[], Awaitable[object]]:
    manager = next(row["pm"] for row in projects if row["code"] == told.code)
    person = Person(stage.control, manager.partition("@")[0])

    async def answer() -> None:
        result = await person.report(told.code, told.answers)
        if result["errors"] or not result["ok"]:
            msg = f"the bot did not take the report on {told.code}: {result}"
            raise RuntimeError(msg)

    return answer


def _answered_at(told: Told, day: date, number: int) -> datetime:
    if told.is_late:
        return datetime.combine(_weekdays_after(day, 3), _LATE_AT, UTC)
    spread = timedelta(minutes=7 * number % 200)
    return datetime.combine(day, _ANSWERS_FROM, UTC) + spread


def _ticks(ask_days: set[date]) -> set[datetime]:
    """When something is due: asking in each zone, then the hours of cut-offs and digests."""
    asking = {ZoneInfo(person["timezone"]) for person in _yaml("people.yaml")}
    council = _council_zone()
    ticks = {
        datetime.combine(day, _ASK_AT, zone).astimezone(UTC) for day in ask_days for zone in asking
    }
    for day in ask_days:
        for later in range(1, 8):
            for hour in (_DIGEST_AT, _CUT_OFF_AT):
                due = datetime.combine(day + timedelta(days=later), hour, council)
                ticks.add(due.astimezone(UTC))
    return ticks


def _council_zone() -> ZoneInfo:
    return ZoneInfo(_yaml(CONFIGURATION)["timezone"])


def _weekdays_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


async def _channel(control: ControlClient, name: str, members: list[str], *, private: bool) -> None:
    await control.post("/channels", {"name": name, "members": members, "is_private": private})


def _projects() -> list[dict[str, str]]:
    with (FOLDER / PORTFOLIO).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _yaml(name: str) -> Any:
    return YAML(typ="safe").load(FOLDER / name)

"""People's time as the record has it, and the plan revision that follows what moves an ask."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from domain.calendar.people import personal_times
from domain.calendar.rules import Leave, PersonalTime, WorkingDays
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models import calendar as store
from models.base import Database
from models.calendar import Absence, PersonalCalendar, PersonalSettings, replan
from models.enums import LeaveSource
from models.portfolio import PersonFacts, Workspace, store_people
from tests.support.portfolio import NEW_YORK, World
from tests.support.reporting import statements

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
CONFIGURATION = {
    "holidays": {"country": "US", "subdivision": "NY"},
    "closures": ["2026-12-24"],
    "attention": {"quiet_hours": "18:00-08:00"},
}


@pytest.fixture
async def world(any_database: Database, any_workspace_id: int) -> World:
    return await World.stored(any_database, any_workspace_id, **CONFIGURATION)


async def _times(world: World, *names: str) -> dict[str, PersonalTime]:
    async with world.database.reading() as session:
        configuration = await load_configuration(session, world.workspace_id)
        ids = [world.id(name) for name in names]
        times = await personal_times(session, world.workspace_id, ids, configuration)
    return {name: times[world.id(name)] for name in names}


async def test_who_has_nothing_of_their_own_keeps_the_workspaces_time(world: World) -> None:
    times = await _times(world, "ana", "li", "zoe")
    everybody = WorkingDays("US", "NY", closures={date(2026, 12, 24)})
    evening = (time(18), time(8))
    assert times["ana"] == PersonalTime(ZoneInfo(NEW_YORK), everybody, None, evening)
    assert times["li"].zone == ZoneInfo("Asia/Kolkata")
    assert times["zoe"].zone == ZoneInfo(NEW_YORK)


async def test_ones_own_days_hours_holidays_and_leave_come_first(world: World) -> None:
    owned = {"workspace_id": world.workspace_id, "person_id": world.id("ana")}
    first, until = date(2026, 12, 21), date(2027, 1, 4)
    async with world.database.writing() as session:
        session.add(
            PersonalCalendar(
                **owned,
                weekdays="MO,TU",
                hours_from=time(9),
                hours_to=time(17),
                country="GB",
                subdivision="ENG",
            )
        )
        session.add(
            Absence(**owned, first=first, until=until, source=LeaveSource.FILE, created_at=NOW)
        )
    times = await _times(world, "ana", "ben")
    closures = {date(2026, 12, 24)}
    assert times["ana"].working == WorkingDays("GB", "ENG", closures, frozenset({0, 1}))
    assert times["ana"].hours == (time(9), time(17))
    assert times["ana"].leave == (Leave(first, until),)
    assert times["ben"].leave == ()
    assert times["ben"].working == WorkingDays("US", "NY", closures)


async def test_a_country_of_ones_own_comes_without_the_workspaces_region(world: World) -> None:
    async with world.database.writing() as session:
        session.add(
            PersonalCalendar(
                workspace_id=world.workspace_id, person_id=world.id("ana"), country="DE"
            )
        )
    working = (await _times(world, "ana"))["ana"].working
    assert (working.country, working.subdivision) == ("DE", None)


async def test_what_somebody_sets_goes_before_the_file_and_their_country_stays(
    world: World,
) -> None:
    await world.personal("ana", weekdays="MO,TU", country="DE")
    async with world.database.writing() as session:
        owned: dict[str, Any] = {"workspace_id": world.workspace_id}
        session.add(
            PersonalSettings(**owned, person_id=world.id("ana"), ask_at=time(11), weekdays="WE,TH")
        )
        session.add(PersonalSettings(**owned, person_id=world.id("ben"), weekdays="FR"))
    times = await _times(world, "ana", "ben")
    assert (times["ana"].working.weekdays, times["ana"].working.country) == (
        frozenset({2, 3}),
        "DE",
    )
    assert times["ana"].ask_at == time(11)
    assert (times["ben"].working.weekdays, times["ben"].ask_at) == (frozenset({4}), None)


async def test_a_zone_that_nobody_knows_falls_back_to_the_workspaces(world: World) -> None:
    await world.change_person("ana", timezone="Mars/Olympus")
    assert (await _times(world, "ana"))["ana"].zone == ZoneInfo(NEW_YORK)


async def test_any_number_of_people_costs_the_same_statements(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = WorkspaceConfiguration()
    everybody = [world.id(name) for name in ("ana", "ben", "carol", "dana", "erik")]
    counts = []
    for ids, many in ((everybody[:1], 10_000), (everybody, 10_000), (everybody, 3)):
        monkeypatch.setattr(store, "MANY", many)
        async with world.database.reading() as session:
            await session.connection()
            with statements(world.database) as seen:
                times = await personal_times(session, world.workspace_id, ids, configuration)
        assert times.keys() == set(ids)
        counts.append(len([each for each in seen if each.startswith("SELECT")]))
    assert counts == [2, 2, 2]


def _facts(**changed: object) -> PersonFacts:
    facts = {
        "slack_id": "U0ANA",
        "email": "ana@example.edu",
        "name": "Ana",
        "timezone": NEW_YORK,
        "is_guest": False,
        "is_gone": False,
    }
    return PersonFacts(**{**facts, **changed})  # type: ignore[arg-type]


async def _revision(world: World) -> int:
    async with world.database.reading() as session:
        return (await session.exec(select(Workspace))).one().plan_revision


@pytest.mark.parametrize(
    ("changed", "rise"),
    [
        ({}, 0),
        ({"name": "Ana Maria", "email": None}, 0),
        ({"timezone": "Europe/Berlin"}, 1),
        ({"timezone": None}, 1),
        ({"is_gone": True}, 1),
        ({"is_guest": True}, 1),
        ({"slack_id": "U0NEW"}, 0),
    ],
)
async def test_only_facts_that_decide_about_asking_make_a_new_plan(
    world: World, changed: dict[str, object], rise: int
) -> None:
    before = await _revision(world)
    async with world.database.writing() as session:
        await store_people(session, world.workspace_id, [_facts(**changed)])
    assert await _revision(world) - before == rise


async def test_each_call_for_a_new_plan_raises_the_revision(world: World) -> None:
    before = await _revision(world)
    for _ in range(2):
        async with world.database.writing() as session:
            await replan(session, world.workspace_id)
    assert await _revision(world) == before + 2

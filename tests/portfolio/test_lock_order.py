"""Whoever changes the plan takes its lock first, so that no two wait for each other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.calendar.service import LeaveService
from domain.portfolio.configuring import ConfigureService
from domain.portfolio.importing import ImportService
from domain.portfolio.people import PeopleService
from domain.ports import SlackChannel
from models.base import Database
from models.portfolio import lock_planning
from tests.support.directory import FakeDirectory, user
from tests.support.portfolio import World, at

NOW = at(16, 14)

CONFIGURATION = """\
timezone: America/New_York
pmo: {members: [erik@example.edu]}
councils:
  - {name: ITS Council, channel: its-council, members: [ana@example.edu]}
"""
PORTFOLIO = "code,name,council,pm\nAPOLLO,Another name,ITS Council,ana@example.edu\n"

ABROAD = replace(user("ana"), timezone="Europe/Paris")
DIRECTORY = FakeDirectory([ABROAD, user("erik")], [SlackChannel("C0ITS", "its-council")])

Writer = Callable[[World, Path], Awaitable[object]]


async def say_that_one_is_away(world: World, _folder: Path) -> object:
    service = LeaveService(world.database, world.workspace_id)
    return await service.go(await world.viewer("ana"), "until 2026-12-04", NOW)


async def hear_of_a_new_zone(world: World, _folder: Path) -> object:
    return await PeopleService(world.database, world.workspace_id, DIRECTORY).refresh([ABROAD])


async def import_a_portfolio(world: World, folder: Path) -> object:
    file = folder / "portfolio.csv"
    file.write_text(PORTFOLIO)
    service = ImportService(world.database, world.workspace_id, DIRECTORY)
    return await service.import_file(file, now=NOW, actor="cli")


async def apply_a_configuration(world: World, folder: Path) -> object:
    file = folder / "pmobot.yaml"
    file.write_text(CONFIGURATION)
    service = ConfigureService(world.database, world.workspace_id, DIRECTORY)
    return await service.apply_file(file, now=NOW, actor="cli")


@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "write",
    [say_that_one_is_away, hear_of_a_new_zone, import_a_portfolio, apply_a_configuration],
)
async def test_who_waits_for_the_plan_keeps_nobody_else_waiting(
    write: Writer, any_database: Database, any_workspace_id: int, tmp_path: Path
) -> None:
    world = await World.stored(any_database, any_workspace_id)
    await world.project("APOLLO")
    async with any_database.writing() as session:
        await lock_planning(session, any_workspace_id)
        connection = await session.connection()
        writer = asyncio.ensure_future(write(world, tmp_path))
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not (await connection.execute(waiting)).scalar():
            assert not writer.done()
            await asyncio.sleep(0.01)
        for table in ("person", "project", "council"):
            free = text(f"SELECT id FROM {table} FOR NO KEY UPDATE NOWAIT")  # noqa: S608 - ours
            assert (await connection.execute(free)).all()
    await writer

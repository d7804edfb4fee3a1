"""Several schedules and several replicas want one person at the same moment: one message."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.collecting.messages import StatusRequestMessage
from models.base import Database
from tests.support.portfolio import STS, World, at
from tests.support.reporting import Office

NINE = at(25, 14)
"""Nine o'clock in New York, on the day of the workspace's rhythm."""


@pytest.fixture
async def offices(any_database: Database, any_workspace_id: int) -> AsyncIterator[list[Office]]:
    """The bot's replicas, each with its connections; on SQLite there is but one process."""
    world = await World.stored(any_database, any_workspace_id)
    others = [] if any_database.is_sqlite else [Database(any_database.url) for _ in range(2)]
    yield [Office(world, database) for database in (any_database, *others)]
    for database in others:
        await database.close()


async def test_two_councils_and_three_replicas_ask_a_person_once(offices: list[Office]) -> None:
    world = offices[0].world
    await world.council(STS)
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    for minutes in range(-1, 3):
        now = NINE + timedelta(minutes=minutes)
        await asyncio.gather(*(office.tick(now) for office in offices for _ in range(2)))
    (message,) = await offices[0].messages(StatusRequestMessage)
    assert [item.code for item in message.items] == ["APOLLO", "HERA"]
    assert [each.revision for each in await offices[0].said()] == [1]


async def test_a_person_without_a_zone_is_asked_once_at_the_workspaces_nine(
    offices: list[Office],
) -> None:
    office, world = offices[0], offices[0].world
    await world.project("APOLLO")
    await world.change_person("ana", timezone=None)
    await office.tick(NINE - timedelta(seconds=1))
    assert await office.said() == []
    for hours in range(12):
        await office.tick(NINE + timedelta(hours=hours))
    assert len(await office.messages(StatusRequestMessage)) == 1

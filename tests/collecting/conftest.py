"""A workspace whose reporting cycles can be played: on SQLite, and on each kind of database."""

import pytest

from models.base import Database
from tests.support.portfolio import World
from tests.support.reporting import Office


@pytest.fixture
async def world(database: Database, workspace_id: int) -> World:
    return await World.stored(database, workspace_id)


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
async def any_office(any_database: Database, any_workspace_id: int) -> Office:
    """For what databases do differently: locks, joins, values."""
    return Office(await World.stored(any_database, any_workspace_id))

"""APOLLO, its people, and everybody who may ask about it."""

import pytest

from models.base import Database
from tests.support.asking import Desk
from tests.support.portfolio import World


@pytest.fixture
async def desk(database: Database, workspace_id: int) -> Desk:
    """APOLLO is Ana's, with Ben as deputy; Dana is the PMO."""
    return await Desk.opened(await World.stored(database, workspace_id))


@pytest.fixture
async def any_desk(any_database: Database, any_workspace_id: int) -> Desk:
    """For what databases do differently: locks, joins."""
    return await Desk.opened(await World.stored(any_database, any_workspace_id))

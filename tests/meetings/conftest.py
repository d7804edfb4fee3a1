"""A council with a series, and the services that keep its meetings."""

import pytest

from models.base import Database
from tests.support.meeting import Secretary
from tests.support.portfolio import World


@pytest.fixture
async def secretary(database: Database, workspace_id: int) -> Secretary:
    return await Secretary.opened(await World.stored(database, workspace_id))


@pytest.fixture
async def any_secretary(any_database: Database, any_workspace_id: int) -> Secretary:
    """For what databases do differently: locks, order, values."""
    return await Secretary.opened(await World.stored(any_database, any_workspace_id))

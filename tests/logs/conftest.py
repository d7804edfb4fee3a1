"""A project with people of every kind, whose lists are kept: on each kind of database."""

import pytest

from models.base import Database
from tests.support.listing import Registry
from tests.support.portfolio import World


@pytest.fixture
async def registry(database: Database, workspace_id: int) -> Registry:
    """APOLLO is Ana's, with Ben as deputy and Sam as sponsor; its lists are empty."""
    return await Registry.opened(await World.stored(database, workspace_id))


@pytest.fixture
async def any_registry(any_database: Database, any_workspace_id: int) -> Registry:
    """For what databases do differently: locks, order, joins."""
    return await Registry.opened(await World.stored(any_database, any_workspace_id))

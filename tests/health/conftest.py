"""A workspace of the record, and a Slack that answers for it."""

import pytest

from domain.health.rules import SCOPES
from domain.health.service import HealthService
from domain.portfolio.people import PeopleService
from domain.ports import SlackApp, SlackChannel
from models.base import Database
from tests.support.directory import FakeDirectory, user
from tests.support.portfolio import PEOPLE, World


@pytest.fixture
async def world(any_database: Database, any_workspace_id: int) -> World:
    """Everybody and the ITS Council, on each kind of database."""
    return await World.stored(any_database, any_workspace_id)


@pytest.fixture
def directory() -> FakeDirectory:
    """A Slack where all is well."""
    made = FakeDirectory(
        [user(name) for name in PEOPLE], [SlackChannel("C0ITS", "its-council", is_member=True)]
    )
    made.itself = SlackApp(frozenset(SCOPES))
    return made


@pytest.fixture
def people(world: World, directory: FakeDirectory) -> PeopleService:
    return PeopleService(world.database, world.workspace_id, directory)


@pytest.fixture
def health(world: World, directory: FakeDirectory, people: PeopleService) -> HealthService:
    return HealthService(world.database, world.workspace_id, directory, people)

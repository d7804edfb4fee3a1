"""The scene of the journeys: a workspace, its people, and the bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer
from tests.support.scene import Scene, fresh_copy, over_http, over_socket_mode


@pytest.fixture
async def scene(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Scene]:
    """The bot in Socket Mode on an SQLite file."""
    async with over_socket_mode(fresh_copy(sqlite_template, tmp_path), tmp_path) as made:
        yield made


@pytest.fixture(
    params=[
        "socket mode, sqlite",
        pytest.param("signed http, sqlite", marks=pytest.mark.no_cover),
        pytest.param("socket mode, postgresql", marks=pytest.mark.no_cover),
    ]
)
async def any_scene(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[Scene]:
    """The bot in each of its surroundings."""
    over, storage = request.param.split(", ")
    if storage == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        server.empty()
        url = server.url
    else:
        url = fresh_copy(sqlite_template, tmp_path)
    opening = over_http if over == "signed http" else over_socket_mode
    async with opening(url, tmp_path) as made:
        yield made

"""One workspace for all tests of the handlers: they look, and change little."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.scene import Scene, fresh_copy, over_socket_mode

ASKED = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
"""Everybody has been asked for the first time."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_scene(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    async with over_socket_mode(fresh_copy(sqlite_template, folder), folder) as made:
        await made.at(ASKED)
        await made.report(
            "priya",
            "APOLLO",
            health="Red",
            why="The buyer has withdrawn",
            done="Tested it",
            next="Go live",
            path_to_green="Find another one by May",
        )
        yield made

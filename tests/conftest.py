"""Fixtures that every area of the tests may use."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import schema
from models.base import Database
from models.portfolio import Workspace

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
"""A Wednesday, nine o'clock in New York."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An SQLite file at the newest version."""
    made = Database(f"sqlite:///{tmp_path}/pmobot.sqlite3")
    await schema.upgrade(made)
    yield made
    await made.close()


@pytest.fixture
async def workspace_id(database: Database) -> int:
    """The one workspace of the test."""
    async with database.writing() as session:
        workspace = Workspace(team_id="T0001", name="Northfield", created_at=NOW)
        session.add(workspace)
        await session.flush()
        assert workspace.id is not None
        return workspace.id

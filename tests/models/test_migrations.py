"""What is stored survives each migration."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bot import schema
from models.base import Database
from tests.support.postgres import PostgresServer

BEFORE_OCCURRENCES = "d5cc0afdf406"

RECORD = """
INSERT INTO workspace (id, team_id, name, timezone, created_at)
    VALUES (1, 'T1', '', 'UTC', '2026-11-01 00:00:00+00:00');
INSERT INTO phase (id, workspace_id, name, position, asked) VALUES (1, 1, 'execution', 1, true);
INSERT INTO person (id, workspace_id, slack_id, name, is_pmo, is_guest, is_gone)
    VALUES (1, 1, 'U1', 'Ana', false, false, false);
INSERT INTO council (id, workspace_id, name, channel_id, channel_name, channel_is_private)
    VALUES (1, 1, 'ITS', 'C1', 'its', false);
INSERT INTO project (id, workspace_id, code, name, council_id, phase_id, visibility, pm_id,
        description, notes, imported)
    VALUES (1, 1, 'APOLLO', 'Apollo', 1, 1, 'open', 1, '', '{}', '{}');
INSERT INTO cycle (id, workspace_id, council_id, opens_on, cut_off_at, digest_at, timezone, state)
    VALUES (1, 1, 1, '2026-11-25', '2026-11-27 20:00:00+00:00', '2026-11-30 13:00:00+00:00',
        'UTC', 'open');
INSERT INTO status_request (id, workspace_id, cycle_id, project_id, person_id, opens_on, ask_at,
        state, reason)
    VALUES (1, 1, 1, 1, 1, '2026-11-25', '2026-11-25 14:00:00+00:00', 'pending', '')
"""


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS before")
            connection.execute("CREATE DATABASE before")
        database = Database(server.beside("before"))
    yield database
    await database.close()


async def test_cycles_and_requests_from_before_are_known_by_their_nominal_day(
    empty_database: Database,
) -> None:
    await schema.upgrade(empty_database, BEFORE_OCCURRENCES)
    async with empty_database.engine.begin() as connection:
        for statement in RECORD.split(";"):
            await connection.execute(text(statement))
    await schema.upgrade(empty_database)
    await schema.check(empty_database)
    assert await _rows(empty_database, "SELECT occurrence_on, opens_on, reason FROM cycle") == [
        ("2026-11-25", "2026-11-25", "")
    ]
    assert await _rows(empty_database, "SELECT asks_on, cycle_id FROM status_request") == [
        ("2026-11-25", 1)
    ]
    if empty_database.is_sqlite:
        assert await _rows(empty_database, "PRAGMA foreign_key_check") == []
        assert await _rows(empty_database, "PRAGMA foreign_keys") == [(1,)]


async def _rows(database: Database, statement: str) -> list[Any]:
    async with database.engine.connect() as connection:
        rows = (await connection.execute(text(statement))).all()
    return [tuple(each if isinstance(each, int) else str(each) for each in row) for row in rows]

"""What is stored survives each migration."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot import schema
from models.base import Database
from models.calendar import ReportingCalendar
from models.collecting import StatusRequest
from models.portfolio import Project
from tests.support.postgres import PostgresServer

BEFORE_OCCURRENCES = "d5cc0afdf406"
BEFORE_REMINDERS = "1dd8b541db6f"
BEFORE_LISTS = "b68d8b9d3ff9"

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
    VALUES (1, 1, 'APOLLO', 'Apollo', 1, 1, 'open', 1, '', '{"Tags": "ERP, cloud", "Area": "A"}',
        '{"Tags": "ERP, cloud", "name": "Apollo"}');
INSERT INTO cycle (id, workspace_id, council_id, opens_on, cut_off_at, digest_at, timezone, state)
    VALUES (1, 1, 1, '2026-11-25', '2026-11-27 20:00:00+00:00', '2026-11-30 13:00:00+00:00',
        'UTC', 'open');
INSERT INTO status_request (id, workspace_id, cycle_id, project_id, person_id, opens_on, ask_at,
        state, reason)
    VALUES (1, 1, 1, 1, 1, '2026-11-25', '2026-11-25 14:00:00+00:00', 'pending', '');
INSERT INTO delivery (id, workspace_id, key, part, leader_id, opaque_id, kind, value, revision,
        place_kind, place, channel_id, person_id, parent_key, state, due_at, attempts,
        attempted_revision, is_uncertain, reason, posted_revision, created_at)
    VALUES
    (1, 1, 'head', 0, NULL, 'a', 'k', '{}', 1, 'channel', 'channel:C1', 'C1', NULL, NULL, 'due',
        '2026-11-25 14:00:00+00:00', 0, 0, false, '', 0, '2026-11-25 14:00:00+00:00'),
    (2, 1, 'reply', 0, NULL, 'b', 'k', '{}', 1, 'thread', 'thread:head', NULL, NULL, 'head', 'due',
        '2026-11-25 14:00:00+00:00', 0, 0, false, '', 0, '2026-11-25 14:00:00+00:00'),
    (3, 1, 'reply', 1, 2, 'c', 'k', '{}', 1, 'thread', 'thread:head', NULL, NULL, 'head', 'due',
        '2026-11-25 14:00:00+00:00', 0, 0, false, '', 0, '2026-11-25 14:00:00+00:00'),
    (4, 1, 'ask', 0, NULL, 'd', 'k', '{}', 1, 'person', 'person:1', NULL, 1, NULL, 'due',
        '2026-11-25 14:00:00+00:00', 0, 0, false, '', 0, '2026-11-25 14:00:00+00:00')
"""

ASKED = """
INSERT INTO project (id, workspace_id, code, name, council_id, phase_id, visibility, pm_id,
        description, notes, imported)
    VALUES (2, 1, 'BOREAS', 'Boreas', 1, 1, 'open', 1, '', '{}', '{}');
INSERT INTO cycle (id, workspace_id, council_id, occurrence_on, opens_on, cut_off_at, digest_at,
        timezone, state)
    VALUES (2, 1, 1, '2026-11-18', '2026-11-18', '2026-11-20 20:00:00+00:00',
        '2026-11-23 13:00:00+00:00', 'UTC', 'reported');
UPDATE status_request SET state = 'asked', asked_at = ask_at;
INSERT INTO status_request (id, workspace_id, cycle_id, project_id, person_id, opens_on, asks_on,
        ask_at, state, reason)
    VALUES
    (2, 1, 1, 2, 1, '2026-11-25', '2026-11-25', '2026-11-25 14:00:00+00:00', 'answered', ''),
    (3, 1, 2, 1, 1, '2026-11-18', '2026-11-18', '2026-11-18 14:00:00+00:00', 'asked', '');
INSERT INTO council (id, workspace_id, name, channel_id, channel_name, channel_is_private)
    VALUES (2, 1, 'Data', 'C2', 'data', false);
INSERT INTO reporting_calendar (id, workspace_id, council_id, every, first, ask_at, remind_after,
        cut_off, digest)
    VALUES
    (1, 1, 1, '7d', '2026-11-25', '09:00:00.000000', '[]', '+2d 15:00', '+5d 08:00'),
    (2, 1, 2, '7d', '2026-11-25', '09:00:00.000000', '["24h"]', '+2d 15:00', '+5d 08:00')
"""

TOLD = """
INSERT INTO question (id, workspace_id, asked_at, person_id, asked_in, position, text, corrected,
        band, top, answered_id, clicked_id, handbook, told_on)
    VALUES
    (1, 1, '2026-11-25 14:00:00+00:00', 1, 'command', 0, 'q', '', 'unknown', '[]', '', '', 'v',
        '2026-11-25'),
    (2, 1, '2026-11-25 15:00:00+00:00', 1, 'command', 0, 'q', '', 'answer', '[]', '', '', 'v',
        NULL);
UPDATE delivery SET kind = 'open_questions', slack_ts = CASE id WHEN 1 THEN '1.0' END
    WHERE id IN (1, 4)
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


async def test_cycles_from_before_are_known_by_their_nominal_day_and_notes_on_tags_become_tags(
    empty_database: Database,
) -> None:
    await schema.upgrade(empty_database, BEFORE_OCCURRENCES)
    await _store(empty_database)
    await schema.upgrade(empty_database)
    await schema.check(empty_database)
    assert await _rows(empty_database, "SELECT occurrence_on, opens_on, reason FROM cycle") == [
        ("2026-11-25", "2026-11-25", "")
    ]
    assert await _rows(empty_database, "SELECT asks_on, cycle_id FROM status_request") == [
        ("2026-11-25", 1)
    ]
    async with empty_database.reading() as session:
        found = await session.exec(select(Project.tags, Project.notes, Project.imported))
        assert found.all() == [
            (["cloud", "erp"], {"Area": "A"}, {"name": "Apollo", "tags": "cloud; erp"})
        ]
    if empty_database.is_sqlite:
        assert await _rows(empty_database, "PRAGMA foreign_key_check") == []
        assert await _rows(empty_database, "PRAGMA foreign_keys") == [(1,)]


async def test_what_was_to_be_said_before_knows_its_conversation(empty_database: Database) -> None:
    await schema.upgrade(empty_database, BEFORE_OCCURRENCES)
    await _store(empty_database)
    await schema.upgrade(empty_database)
    assert await _rows(empty_database, "SELECT conversation FROM delivery ORDER BY id") == [
        ("channel:C1",),
        ("channel:C1",),
        ("channel:C1",),
        ("person:1",),
    ]


async def test_what_was_asked_before_is_reminded_of_and_what_was_told_stays_on_the_list(
    empty_database: Database,
) -> None:
    await schema.upgrade(empty_database, BEFORE_OCCURRENCES)
    await _store(empty_database)
    await schema.upgrade(empty_database, BEFORE_REMINDERS)
    await _store(empty_database, ASKED)
    await schema.upgrade(empty_database, BEFORE_LISTS)
    await _store(empty_database, TOLD)
    await schema.upgrade(empty_database)
    listed = "SELECT id FROM question WHERE listed_at = asked_at"
    assert await _rows(empty_database, listed) == [(1,)]
    assert await _rows(empty_database, "SELECT id, state FROM delivery ORDER BY id") == [
        *((1, "due"), (2, "due"), (3, "due")),
        (4, "expired"),
    ]
    async with empty_database.reading() as session:
        found = await session.exec(select(StatusRequest).order_by(col(StatusRequest.id)))
        instants = [each.remind_at for each in found.all()]
        calendars = await session.exec(
            select(ReportingCalendar.remind_after).order_by(col(ReportingCalendar.id))
        )
        steps = list(calendars.all())
    assert instants == [datetime(2026, 11, 27, 9, 12, tzinfo=UTC), None, None]
    assert steps == [["80%"], ["24h"]]


async def _store(database: Database, record: str = RECORD) -> None:
    async with database.engine.begin() as connection:
        for statement in record.split(";"):
            await connection.exec_driver_sql(statement)


async def _rows(database: Database, statement: str) -> list[Any]:
    async with database.engine.connect() as connection:
        rows = (await connection.execute(text(statement))).all()
    return [tuple(each if isinstance(each, int) else str(each) for each in row) for row in rows]

"""The migrations and the tables say the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.exc import StatementError
from sqlmodel import select

from bot import schema
from models.base import Database, after_commit, driver_url
from models.portfolio import Workspace
from tests.support.postgres import PostgresServer


async def test_an_upgraded_empty_database_has_exactly_the_tables_of_the_models(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    assert await schema.current(database) is None
    await schema.upgrade(database)
    assert await schema.current(database) == schema.newest()
    await schema.check(database)
    await database.close()


async def test_what_was_upgraded_on_postgresql_can_be_taken_down_and_upgraded_again(
    postgres: PostgresServer,
) -> None:
    with postgres.another("updown", "template0") as url:
        database = Database(url)
        await schema.upgrade(database)
        await schema.check(database)
        async with database.engine.begin() as connection:
            await connection.run_sync(lambda sync: command.downgrade(schema._config(sync), "base"))
            left = await connection.exec_driver_sql(
                "SELECT typname FROM pg_type WHERE starts_with(typname, 'procrastinate')"
                " UNION SELECT proname FROM pg_proc WHERE starts_with(proname, 'procrastinate')"
            )
            assert left.all() == []
        await schema.upgrade(database)
        await schema.check(database)
        await database.close()


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        async with database.writing() as session:
            session.add(Workspace(team_id="T2", name="x", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the fault under test


async def test_what_raises_inside_a_writing_session_stores_nothing_and_calls_nobody(
    database: Database,
) -> None:
    called: list[str] = []
    with pytest.raises(RuntimeError):
        async with database.writing() as session:
            after_commit(session, lambda: called.append("after"))
            session.add(Workspace(team_id="T2", name="x", created_at=datetime.now(UTC)))
            raise RuntimeError
    async with database.reading() as session:
        assert (await session.exec(select(Workspace))).all() == []
    assert called == []


def test_only_sqlite_and_postgresql_are_databases() -> None:
    assert driver_url("sqlite:///a.db") == "sqlite+aiosqlite:///a.db"
    assert driver_url("postgresql://u:p@127.0.0.1/x") == "postgresql+psycopg://u:p@127.0.0.1/x"
    with pytest.raises(ValueError, match="'mysql' is not supported"):
        driver_url("mysql://127.0.0.1/x")

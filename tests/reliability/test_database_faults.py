"""The database is gone, locked or full: what was said stays said, and what was not comes later."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError

import jobs.delivery
from jobs.loop import Worker
from models.base import Database
from tests.conftest import make_workspace
from tests.support.clock import FakeClock
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.wire import Wire, wired


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server that no other test needs."""
    with running_postgres() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed: this test is left out")
        yield server


@pytest.fixture
async def on_postgres(own_postgres: PostgresServer, clock: FakeClock) -> AsyncIterator[Wire]:
    database = Database(own_postgres.url)
    async with wired(database, await make_workspace(database), clock) as wire:
        yield wire
    await database.close()


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path))


@pytest.fixture
async def on_sqlite(
    file: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Wire]:
    monkeypatch.setattr("models.base.SQLITE_BUSY_MS", 50)
    database = Database(f"sqlite:///{file}")
    async with wired(database, await make_workspace(database), clock) as wire:
        yield wire
    await database.close()


async def test_what_slack_took_while_the_database_was_gone_is_found_and_not_repeated(
    on_postgres: Wire, own_postgres: PostgresServer
) -> None:
    wire = on_postgres
    await wire.say_everywhere(2)
    claim = await wire.service.claim(wire.clock.now())
    assert claim is not None
    own_postgres.stop()
    with pytest.raises(DBAPIError):
        await wire.service.carry_out(claim)
    with pytest.raises(DBAPIError):
        await wire.service.deliver_next(wire.clock.now())
    assert sum(len(texts) for texts in wire.standing().values()) == 1
    own_postgres.start()
    await wire.pass_minutes(3)
    assert wire.standing() == wire.said


async def test_a_worker_goes_on_by_itself_once_the_database_is_back(
    on_postgres: Wire, own_postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.loop.PAUSE_AFTER_FAILURE_SECONDS", 0.05)
    wire, unit = on_postgres, partial(jobs.delivery.run, on_postgres.service)
    await wire.say_everywhere(2)
    own_postgres.stop()
    worker = Worker("delivery", unit, wire.clock)
    working = asyncio.create_task(worker.run())
    await asyncio.sleep(0.3)
    assert not working.done()
    own_postgres.start()
    while wire.standing() != wire.said:
        await asyncio.sleep(0.05)
        wire.clock.advance(seconds=1)
        worker.wake()
    worker.stop()
    await working


async def test_a_file_that_somebody_else_has_locked_is_waited_for(
    on_sqlite: Wire, file: Path
) -> None:
    wire = on_sqlite
    await wire.say_everywhere(2)
    claim = await wire.service.claim(wire.clock.now())
    assert claim is not None
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            await wire.service.carry_out(claim)
        with pytest.raises(OperationalError, match="locked"):
            await wire.service.deliver_next(wire.clock.now())
        with pytest.raises(OperationalError, match="locked"):
            await wire.say("never committed", "late")
        other.execute("ROLLBACK")
    await wire.pass_minutes(3)
    assert wire.standing() == wire.said


async def test_on_a_full_disk_nothing_is_said_by_halves_and_all_goes_on_when_there_is_room(
    on_sqlite: Wire,
) -> None:
    wire, engine = on_sqlite, on_sqlite.database.engine
    await wire.say_everywhere(20)  # where all of it stands is stored, too: no room for that
    await engine.dispose()
    fill = partial(_limit_pages, "1")  # SQLite takes what it has, if that is more
    event.listen(engine.sync_engine, "connect", fill)
    for number in range(200):
        try:
            await wire.say("x" * 2000, f"big:{number}")
        except OperationalError as error:
            assert "full" in str(error)  # noqa: PT017 - it need not be the first one
            break
    else:
        pytest.fail("the disk was never full")
    with pytest.raises(OperationalError, match="full"):
        for _ in range(100):
            await wire.elapse(minutes=1)
    event.remove(engine.sync_engine, "connect", fill)
    await engine.dispose()
    await wire.pass_minutes(30)
    assert wire.standing() == wire.said


def _limit_pages(pages: str, connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA max_page_count={pages}")
    cursor.close()

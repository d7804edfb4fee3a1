"""A database that is closed leaves no connection open, also not one that was in use."""

import asyncio
from typing import Any

import psycopg
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Database, driver_connection


async def is_open(connection: Any) -> bool:
    """Whether the driver's own connection still answers."""
    try:
        await connection.execute("SELECT 1")
    except (ValueError, psycopg.OperationalError):  # what aiosqlite and psycopg say
        return False
    return True


async def used(session: AsyncSession) -> Any:
    """The driver's connection of a session that has asked something."""
    connection = await driver_connection(session)
    await session.exec(text("SELECT 1"))  # type: ignore[call-overload]
    return connection


async def test_what_is_idle_when_a_database_is_closed_is_closed(any_database: Database) -> None:
    database = Database(any_database.url)
    async with database.reading() as session:
        connection = await used(session)
    assert await is_open(connection)
    await database.close()
    assert not await is_open(connection)


async def test_what_is_in_use_meanwhile_is_closed_when_it_comes_back(
    any_database: Database,
) -> None:
    database = Database(any_database.url)
    async with database.reading() as reading, database.writing() as writing:
        connections = [await used(reading), await used(writing)]
        await database.close()
        assert [await is_open(each) for each in connections] == [True, True]
    assert [await is_open(each) for each in connections] == [False, False]


async def test_so_is_what_a_cancelled_task_had_in_use(any_database: Database) -> None:
    database = Database(any_database.url)
    begun = asyncio.get_running_loop().create_future()

    async def never_ending() -> None:
        async with database.reading() as session:
            begun.set_result(await used(session))
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ending())
    connection = await begun
    await database.close()
    task.cancel()
    await asyncio.wait([task])
    assert not await is_open(connection)


async def test_and_what_is_opened_only_after_it_was_closed(any_database: Database) -> None:
    database = Database(any_database.url)
    await database.close()
    async with database.reading() as session:
        connection = await used(session)
    assert not await is_open(connection)

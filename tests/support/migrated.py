"""Brings a database to the newest version, once for all tests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot import schema
from models.base import Database
from tests.support import compiled


def migrate(url: str) -> None:
    """Upgrade the database at an address, in a thread: a loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _upgrade(url)).result()


async def _upgrade(url: str) -> None:
    database = Database(url)
    await schema.upgrade(database)
    compiled.remember(database.engine)
    await database.close()

"""Writers of one process take turns in the order in which they came."""

import asyncio

from sqlmodel import col, select

from models.base import Database
from models.portfolio import AuditEntry
from tests.conftest import NOW

WRITERS = 30


async def test_writers_get_their_turn_in_the_order_in_which_they_came(
    database: Database, workspace_id: int
) -> None:
    turns: list[int] = []

    async def write(number: int) -> None:
        async with database.writing() as session:
            turns.append(number)
            entry = AuditEntry(
                workspace_id=workspace_id, at=NOW, actor="", subject="", field=str(number)
            )
            session.add(entry)
            await session.flush()
            await asyncio.sleep(0.002)

    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    assert turns == list(range(WRITERS))
    async with database.reading() as session:
        stored = await session.exec(select(AuditEntry.field).order_by(col(AuditEntry.id)))
        assert stored.all() == [str(number) for number in range(WRITERS)]


async def test_a_writer_that_fails_gives_its_turn_back(
    database: Database, workspace_id: int
) -> None:
    class BrokenError(Exception):
        pass

    async def fail() -> None:
        async with database.writing():
            raise BrokenError

    failed = await asyncio.gather(*(fail() for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in failed] == [BrokenError] * 3
    async with database.writing() as session:
        entry = AuditEntry(workspace_id=workspace_id, at=NOW, actor="", subject="", field="last")
        session.add(entry)
    async with database.reading() as session:
        assert (await session.exec(select(AuditEntry.field))).all() == ["last"]

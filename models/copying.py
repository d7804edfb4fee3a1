"""A copy of one workspace's record, to play with: its rows as they are at one instant."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    Connection,
    Insert,
    Select,
    Table,
    bindparam,
    func,
    insert,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from models.base import Database

_LEFT_OUT: Final = frozenset(
    {
        *("audit_entry", "question", "question_group", "question_week", "alias_proposal"),
        "calendar_feed",
    }
)
"""Tables that are written and never read by what is played."""

_EMPTIED: Final = frozenset({("delivery", "posted_text"), ("delivery", "posted_blocks")})
"""Columns whose bulk nobody misses: what a posted message looks like."""

_NOT_A_DATE: Final = frozenset({"gate"})
"""Tables whose instants are no appointments: a gate only spaces calls by seconds."""

_ROWS_AT_ONCE: Final = 1_000


async def copy_record(source: Database, target: Database, workspace_id: int) -> None:
    """Copy a workspace's rows into an empty SQLite file, and make the tables there.

    Args:
        source: the record, at the newest schema; it is only read, and as it is at one instant.
        target: the file.
        workspace_id: whose rows.
    """
    async with source.engine.connect() as reading, target.engine.begin() as writing:
        if not source.is_sqlite:  # there a transaction is a snapshot anyway
            await reading.execution_options(isolation_level="REPEATABLE READ")
        await writing.run_sync(SQLModel.metadata.create_all)
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in _LEFT_OUT:
                await _copy_table(table, reading, writing, workspace_id)
        await writing.run_sync(_index_instants)


async def _copy_table(
    table: Table, reading: AsyncConnection, writing: AsyncConnection, workspace_id: int
) -> None:
    found = await reading.stream(_own_rows(table, workspace_id))
    async for rows in found.mappings().partitions(_ROWS_AT_ONCE):
        await writing.execute(_insert(table), [dict(row) for row in rows])


def _own_rows(table: Table, workspace_id: int) -> Select[Any]:
    owner = table.c.get("workspace_id", table.c.id)  # the workspace's own row has no other
    columns = [
        null().label(each.name) if (table.name, each.name) in _EMPTIED else each
        for each in table.columns
    ]
    # A row may point to an older one of its own table, and stands behind it.
    return select(*columns).where(owner == workspace_id).order_by(table.c.id)


def _insert(table: Table) -> Insert:
    """An INSERT where nothing stays nothing: JSON's own null would be a value."""
    return insert(table).values(
        {
            each.name: bindparam(each.name, type_=JSON(none_as_null=True))
            if isinstance(each.type, JSON)
            else bindparam(each.name)
            for each in table.columns
        }
    )


def _instants() -> Sequence[Column[datetime]]:
    """Every column that holds an instant."""
    return [
        column
        for table in SQLModel.metadata.sorted_tables
        if table.name not in _LEFT_OUT | _NOT_A_DATE
        for column in table.columns
        if isinstance(column.type, UTCDateTime)
    ]


def _index_instants(connection: Connection) -> None:
    """Make `next_instant` quick, however long the ledger is."""
    for column in _instants():
        # Not as an Index of the table, which is everybody's in this process.
        table, name = column.table.name, column.name
        connection.exec_driver_sql(f'CREATE INDEX "ix_copy_{table}_{name}" ON "{table}" ("{name}")')


async def next_instant(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest of all instants ahead that stand anywhere in a copy; None if none does.

    Whatever a room makes due stands in one of its columns: nobody has to tell which.
    """
    found = await session.exec(_earliest(), params={"after": after})  # type: ignore[call-overload]
    instant: datetime | None = found.scalar()
    return instant


@cache
def _earliest() -> Select[Any]:
    after: BindParameter[datetime] = bindparam("after", type_=UTCDateTime())
    each = (select(func.min(column).label("at")).where(column > after) for column in _instants())
    return select(func.min(union_all(*each).subquery().c.at))

"""The database: one engine, two kinds of session, and the column types that every table shares."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, String, TypeDecorator, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

E = TypeVar("E", bound=StrEnum)

SQLITE_BUSY_MS = 15_000
"""How long a writer waits for another process's write before it gives up."""

_AFTER_COMMIT = "after_commit"


class EnumText(TypeDecorator[E]):
    """A StrEnum stored as its value in a plain text column: a new member needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    @override
    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.enum(value).value

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> E | None:
        return None if value is None else self.enum(value)


class Row(SQLModel):
    """What every table has: its own number, and the workspace that it belongs to."""

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)

    @property
    def pk(self) -> int:
        """The primary key of a row that has been stored.

        Raises:
            ValueError: the row has not been flushed yet.
        """
        if self.id is None:
            msg = f"{type(self).__name__} has no id before it is flushed"
            raise ValueError(msg)
        return self.id


def driver_url(url: str) -> str:
    """Turn the address that an operator writes into one with an asynchronous driver.

    Raises:
        ValueError: the address is neither SQLite nor PostgreSQL, or none at all.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Without its cause, which has the address in it, and so the password.
        msg = "it is no address of a database; write sqlite:///FILE or postgresql://..."
        raise ValueError(msg) from None
    backend = parsed.get_backend_name()
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    if backend not in drivers:
        msg = f"'{backend}' is not supported; use sqlite:///FILE or postgresql://..."
        raise ValueError(msg)
    return parsed.set(drivername=drivers[backend]).render_as_string(hide_password=False)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL, and for one in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database)).resolve()


class Database:
    """The one way to the tables: reading sessions never block, writing ones never lose an update.

    On SQLite a reading session starts with a plain BEGIN (a snapshot) and a writing one with
    BEGIN IMMEDIATE: with the driver's default, read-then-write loses updates silently. The writers
    of one process take turns, first come, first served: SQLite itself lets whoever waits try again
    after a while, and an unlucky one for seconds.
    """

    def __init__(self, url: str) -> None:
        self.url = driver_url(url)
        # What people write, and how they vote in secret, must not stand in a log beside an error.
        self.engine: AsyncEngine = create_async_engine(self.url, hide_parameters=True)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._is_closed = False
        event.listen(self.engine.sync_engine, "checkin", self._close_latecomer)
        self._turn: AbstractAsyncContextManager[object] = nullcontext()
        writing = self.engine
        if self.is_sqlite:
            self._turn = asyncio.Lock()
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            writing = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._writing_engine = writing

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and changes nothing."""
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed at the end of the block, rolled back if it raises."""
        async with (
            self._turn,
            AsyncSession(self._writing_engine, expire_on_commit=False) as session,
        ):
            async with session.begin():
                yield session
            for callback in session.info.pop(_AFTER_COMMIT, []):
                callback()

    def driver_options(self) -> dict[str, Any]:
        """What the driver itself is called with, for a library that connects by its own means."""
        _, options = self.engine.dialect.create_connect_args(self.engine.url)
        return {name: value for name, value in options.items() if name != "context"}

    async def close(self) -> None:
        """Give back every connection: idle ones at once, one in use when its session ends."""
        self._is_closed = True
        await self.engine.dispose()

    def _close_latecomer(
        self, _connection: DBAPIConnection | None, record: ConnectionPoolEntry
    ) -> None:
        # The pool that it comes back to is disposed of: nobody would ever close it.
        if self._is_closed:
            record.invalidate()


async def driver_connection(session: AsyncSession) -> Any:
    """The driver's own connection of a session, for a library that joins in its transaction."""
    pooled = await (await session.connection()).get_raw_connection()
    return pooled.driver_connection


def after_commit(session: AsyncSession, callback: Callable[[], None]) -> None:
    """Call back once the transaction is committed, and not at all if it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(callback)


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={SQLITE_BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin", "")
    connection.exec_driver_sql(f"BEGIN {kind}".strip())

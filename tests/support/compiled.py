"""Statements are compiled once for all tests of a process, as a running bot compiles them once.

SQLAlchemy keeps what it has compiled with the engine, for the engine's dialect. Each test has an
engine of its own, and would spend a third of its time on compiling what those before it have.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_known: dict[str, tuple[Any, Any]] = {}
"""A dialect that has met its database, and what is compiled for it, by the driver's name."""


def remember(engine: AsyncEngine) -> None:
    """Let later engines of that kind use what is compiled; this one has been connected."""
    sync: Any = engine.sync_engine
    _known.setdefault(_driver(engine), (sync.dialect, sync._compiled_cache))


def engine_that_shares(url: str, **options: Any) -> AsyncEngine:
    """What `create_async_engine` makes, with what is compiled already."""
    engine = create_async_engine(url, **options)
    sync: Any = engine.sync_engine
    if known := _known.get(_driver(engine)):
        sync.dialect, sync._compiled_cache = known
    return engine


def _driver(engine: AsyncEngine) -> str:
    return f"{engine.dialect.name}+{engine.dialect.driver}"

"""One at a time: a lock of the operating system's, freed when its holder ends, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from domain.errors import SettingsError
from models.base import sqlite_file

if sys.platform != "win32":
    import fcntl

SUFFIX = "-run-lock"
"""Beside the database file, as SQLite's own `-wal` and `-shm` are."""


@contextmanager
def only_run(database_url: str) -> Iterator[None]:
    """Be the only `pmobot run` on an SQLite file; on PostgreSQL there may be many.

    Two runs on one file would each believe that the conversations in hand are theirs alone, and
    SQLite's writers would wait for each other. One-off commands work beside a run.

    Raises:
        SettingsError: another one runs on it.
    """
    file = sqlite_file(database_url)
    if file is None or not file.parent.is_dir():  # which the database itself tells better
        yield
        return
    cure = (
        "Stop that one first, or use PostgreSQL (DATABASE_URL=postgresql://...), on which several "
        "may run; other commands work beside it."
    )
    with held(file.with_name(file.name + SUFFIX), f"The database {file} is run", cure):
        yield


@contextmanager
def held(lock: Path, taken: str, cure: str) -> Iterator[None]:
    """Hold a lock file; the file itself stays, for removing it could free a lock that is held.

    Args:
        lock: the file, made if it is missing; it names the process that holds it.
        taken: the beginning of the refusal: `The database x is run`.
        cure: what to do about it.

    Raises:
        SettingsError: another process holds it, or the file can't be written.
    """
    try:
        file = lock.open("a+", encoding="ascii")
    except OSError as error:
        reason = (
            f"can't write {lock} ({error.strerror}); the bot needs a folder that it may write to"
        )
        raise SettingsError(reason) from error
    with file:
        if not _locked(file):
            file.seek(0)
            raise SettingsError(f"{taken} by another pmobot (process {file.read()}). {cure}")
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _locked(file: IO[str]) -> bool:
    """Take the lock; False if it is another's. Windows has no such lock: nothing is refused."""
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True

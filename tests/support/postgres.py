"""A PostgreSQL server of the tests' own: on 127.0.0.1, in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.migrated import migrate

START_SECONDS = 30.0
_UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

_EMPTY = """\
DO $$
DECLARE names text[] := ARRAY(
  SELECT quote_ident(tablename) FROM pg_tables
  WHERE schemaname = 'public' AND tablename <> 'alembic_version'
);
DECLARE name text;
BEGIN
  SET LOCAL session_replication_role = replica;  -- rows that others refer to go in any order
  EXECUTE 'LOCK TABLE ' || array_to_string(names, ', ') || ' IN EXCLUSIVE MODE';
  FOREACH name IN ARRAY names LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
  FROM pg_sequences WHERE last_value IS NOT NULL;
END $$"""
"""The locks wait, as TRUNCATE does, until a killed process of the test before writes no more."""


class PostgresServer:
    """A server with one database, at the newest version and emptied for each test."""

    def __init__(self, command: Sequence[str | Path], folder: str, user: int | None) -> None:
        self._port = _free_port()
        self._command = [*command, "-p", str(self._port)]
        self._folder = folder
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._emptying: psycopg.Connection | None = None
        self.url = self.beside("postgres")

    def start(self) -> None:
        """Start it, again perhaps, and wait until it answers."""
        self._process = subprocess.Popen(  # noqa: S603 - the server's own program, found below
            self._command, stderr=subprocess.DEVNULL, cwd=self._folder, user=self._user
        )
        self.wait_until_ready()

    def stop(self) -> None:
        """Stop it: every connection is cut."""
        self.let_go()
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
            self._process.wait(START_SECONDS)
            self._process = None

    def let_go(self) -> None:
        """Close the connection that is kept: a database that is copied has to be left alone."""
        if self._emptying is not None:
            self._emptying.close()
            self._emptying = None

    def beside(self, name: str) -> str:
        """The address of a database of that name on this server."""
        return f"postgresql://pmobot@127.0.0.1:{self._port}/{name}"

    @contextmanager
    def another(self, name: str, template: str = "template1") -> Iterator[str]:
        """The address of a further database, gone when the block ends."""
        self.let_go()
        with psycopg.connect(self.beside("template1"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
            try:
                yield self.beside(name)
            finally:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def empty(self) -> None:
        """Leave nothing of the test before; ids start at 1 again.

        It takes 3 ms. TRUNCATE makes 200 files anew, and a new connection has to read first what
        tables and indexes there are: together 120 ms.
        """
        if self._emptying is None:
            self._emptying = psycopg.connect(self.url, autocommit=True)
        self._emptying.execute(_EMPTY)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url).close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return


@contextmanager
def running_postgres() -> Iterator[PostgresServer | None]:
    """A server, or None where PostgreSQL is not installed."""
    binaries = find_binaries()
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pmobot-pg-") as folder:
        user = _unprivileged_user(Path(folder))
        data = f"{folder}/data"
        subprocess.run(  # noqa: S603 - the server's own programs, found above
            [binaries / "initdb", "-D", data, "-U", "pmobot", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=user,
        )
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", *_UNSAFE_BUT_FAST)
        options = [f"--{setting}" for setting in settings]
        server = PostgresServer([binaries / "postgres", "-D", data, *options], folder, user)
        try:
            server.start()
            migrate(server.url)
            yield server
        finally:
            server.stop()


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: on the PATH, or where Debian puts the newest."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


def _unprivileged_user(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root; the folder becomes its user's."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    user = known.get("postgres", known["nobody"])
    os.chown(folder, user, -1)
    return user


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

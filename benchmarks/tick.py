"""What a tick of the reporting cycles costs over 100, 1,000 and 10,000 active schedules.

    python -m benchmarks.tick [--most 10000] [--database sqlite]

Every schedule is a council with a reporting calendar, one project and its PM: the most planning
that so many projects can need. Measured are the first tick of a process (it plans a cycle and a
request for each), a tick with nothing due, one after something was changed (all is planned anew,
and nothing comes of it), and the ticks that ask everybody at the same minute. Beside each stand the
same reads and writes as SQL written by hand for the driver, on a copy of the same database.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import psycopg
import typer
from psycopg.types.json import set_json_loads
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlmodel import SQLModel, insert

import jobs.collecting
from benchmarks.common import machine
from bot import memory, schema
from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.collecting.cycles import ASK_BATCH, CycleService
from domain.delivery.messages import MessageCodec
from domain.delivery.service import Outbox
from models.base import Database
from models.calendar import ReportingCalendar, replan
from models.enums import Visibility
from models.portfolio import Configuration, Council, Person, Phase, Project, Workspace
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.reporting import statements

SIZES = (100, 1_000, 10_000)
REPEATS = 20
WORKSPACE = 1
DAY_BEFORE = datetime(2026, 11, 24, 12, tzinfo=UTC)
NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)
"""A Wednesday; everybody lives in UTC, and is asked now."""


class Kind(StrEnum):
    """A kind of database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Cost:
    """What one kind of tick costs."""

    seconds: float
    statements: int
    by_hand: float
    """Seconds that the same reads and writes take without us."""


@dataclass(frozen=True)
class Figures:
    """What one size costs."""

    kind: Kind
    schedules: int
    first: Cost
    idle: Cost
    again: Cost
    due: Cost
    batches: int
    """Transactions in which everybody was asked."""


# --- two databases with the same rows: ours, and the one that is written by hand


@dataclass(frozen=True)
class Pair:
    """The address of a database, and how to connect to it and to its copy without us."""

    kind: Kind
    url: str
    copy: Callable[[], None]
    """Make the copy, or make it anew."""
    connect: Callable[[], Any]
    connect_copy: Callable[[], Any]


def sqlite_pair(folder: Path, size: int) -> Pair:
    """Two files."""
    ours, theirs = folder / f"{size}.sqlite3", folder / f"{size}-by-hand.sqlite3"

    def copy() -> None:
        with closing(sqlite3.connect(ours)) as source, closing(sqlite3.connect(theirs)) as target:
            source.backup(target)

    return Pair(
        Kind.SQLITE,
        f"sqlite:///{ours}",
        copy,
        lambda: sqlite3.connect(ours),
        lambda: sqlite3.connect(theirs),
    )


def postgres_pair(server: PostgresServer, size: int) -> Pair:
    """Two databases of one server."""
    ours, theirs = f"tick_{size}", f"tick_{size}_by_hand"

    def admin(*statements: str) -> None:
        with psycopg.connect(server.beside("template1"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def copy() -> None:
        admin(f"DROP DATABASE IF EXISTS {theirs}", f"CREATE DATABASE {theirs} TEMPLATE {ours}")

    admin(f"CREATE DATABASE {ours}")
    return Pair(
        Kind.POSTGRESQL,
        server.beside(ours),
        copy,
        lambda: _plain(psycopg.connect(server.beside(ours))),
        lambda: _plain(psycopg.connect(server.beside(theirs))),
    )


def _plain(connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """JSON stays text, so that a row that was read can be written."""
    set_json_loads(lambda text: text.decode() if isinstance(text, bytes) else text, connection)
    return connection


class ByHand:
    """The same reads and writes with the driver alone."""

    def __init__(self, connection: Any, kind: Kind) -> None:
        self._connection = connection
        self._sign = "?" if kind is Kind.SQLITE else "%s"

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement; `?` stands for a value."""
        cursor = self._connection.execute(statement.replace("?", self._sign), values)
        return list(cursor.fetchall()) if cursor.description else []

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        self._connection.cursor().executemany(statement.replace("?", self._sign), list(rows))

    def write(self, table: "Rows") -> None:
        """Store rows as they were read."""
        signs = ", ".join("?" * len(table.columns))
        self.run_many(
            f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({signs})",  # noqa: S608 - our own names
            table.rows,
        )

    def commit(self) -> None:
        """End the transaction."""
        self._connection.commit()


@dataclass(frozen=True)
class Rows:
    """Rows of a table, as the driver gives and takes them."""

    name: str
    columns: list[str]
    rows: list[tuple[Any, ...]]

    @classmethod
    def read(cls, connection: Any, name: str) -> "Rows":
        """All rows of a table."""
        cursor = connection.execute(f"SELECT * FROM {name} ORDER BY id")  # noqa: S608 - our own names
        return cls(name, [each[0] for each in cursor.description], list(cursor.fetchall()))

    def batches(self, size: int) -> Iterator["Rows"]:
        """The rows in slices."""
        for start in range(0, len(self.rows), size):
            yield Rows(self.name, self.columns, self.rows[start : start + size])


_STATE = """SELECT plan_revision <> planned_revision, EXISTS (
    SELECT 1 FROM status_request r JOIN cycle c ON c.id = r.cycle_id
    WHERE r.workspace_id = 1 AND r.state = 'pending' AND r.ask_at <= ? AND c.state = 'open'
        AND c.cut_off_at > ?) FROM workspace WHERE id = 1"""
_DUE = """SELECT r.* FROM status_request r JOIN cycle c ON c.id = r.cycle_id
    WHERE r.workspace_id = 1 AND r.state = 'pending' AND r.ask_at <= ? AND c.state = 'open'
        AND c.cut_off_at > ? ORDER BY r.ask_at, r.id LIMIT ?"""
_CLOSING = """SELECT * FROM cycle WHERE workspace_id = 1 AND state = 'open' AND cut_off_at <= ?
    ORDER BY cut_off_at, id LIMIT 1"""
_PLAN = (
    "SELECT * FROM workspace WHERE id = 1",
    "SELECT * FROM configuration WHERE workspace_id = 1",
    """SELECT c.*, r.* FROM council c JOIN reporting_calendar r ON r.council_id = c.id
        WHERE c.workspace_id = 1 ORDER BY c.name""",
    "SELECT council_id, occurrence_on FROM cycle WHERE workspace_id = 1",
    "SELECT * FROM cycle WHERE workspace_id = 1 AND state = 'open' ORDER BY opens_on, id",
)
_REQUESTS = (
    "SELECT * FROM cycle WHERE workspace_id = 1 AND state = 'open' ORDER BY opens_on, id",
    """SELECT c.id, p.id, p.pm_id, m.is_gone, p.deputy_id, r.id, r.state, EXISTS (
            SELECT 1 FROM status_request n WHERE n.project_id = p.id AND n.opens_on > c.opens_on
            AND n.state NOT IN ('pending', 'excused'))
        FROM cycle c JOIN project p ON p.council_id = c.council_id
        JOIN phase h ON h.id = p.phase_id JOIN person m ON m.id = p.pm_id
        LEFT JOIN status_request r ON r.cycle_id = c.id AND r.project_id = p.id
        WHERE c.workspace_id = 1 AND c.state = 'open' AND h.asked ORDER BY c.id, p.code""",
    """SELECT r.* FROM status_request r JOIN cycle c ON c.id = r.cycle_id
        WHERE r.workspace_id = 1 AND r.state IN ('pending', 'excused') AND c.state = 'open'""",
    "SELECT id, timezone FROM person WHERE workspace_id = 1",
    "SELECT * FROM leave WHERE workspace_id = 1",
)
_COMPOSE = """SELECT r.*, p.*, c.*, k.*, m.name FROM status_request r
    JOIN project p ON p.id = r.project_id JOIN cycle c ON c.id = r.cycle_id
    JOIN council k ON k.id = c.council_id JOIN person m ON m.id = p.pm_id
    WHERE r.state = 'asked' AND r.asked_at = ? ORDER BY r.id LIMIT ?"""


def plan_by_hand(hand: ByHand, new: Sequence[Rows] = ()) -> None:
    """Read what planning reads; write cycles and requests, if there are new ones."""
    for statement in _PLAN:
        hand.run(statement)
    for rows in new[:1]:
        hand.write(rows)
    for statement in _REQUESTS:
        hand.run(statement)
    for rows in new[1:]:
        hand.write(rows)
    hand.run("UPDATE workspace SET planned_revision = plan_revision WHERE id = 1")
    hand.commit()


def idle_by_hand(hand: ByHand, now: Any) -> None:
    """Look whether there is something to plan, to ask, to close."""
    hand.run(_STATE, now, now)
    hand.run(_DUE, now, now, 1)
    hand.run(_CLOSING, now)
    hand.commit()


def ask_by_hand(hand: ByHand, now: Any, said: Rows) -> None:
    """Ask everybody who is due, in the same batches, with the same messages."""
    for letters in said.batches(ASK_BATCH):
        due = hand.run(_DUE, now, now, ASK_BATCH)
        hand.run_many(
            "UPDATE status_request SET state = 'asked', asked_at = ? WHERE id = ?",
            [(now, row[0]) for row in due],
        )
        hand.run(_COMPOSE, now, ASK_BATCH)
        hand.write(letters)
        hand.commit()


# --- measuring


async def measure(pair: Pair, size: int) -> Figures:
    """Fill a new database with so many schedules, and measure its ticks."""
    database = Database(pair.url)
    try:
        await schema.upgrade(database)
        await _fill(database, size)
        await database.engine.dispose()
        pair.copy()
        service = _service(database)

        def tick(now: datetime) -> Callable[[], Awaitable[object]]:
            return lambda: jobs.collecting.run(service, now)

        first, seen = await _counted(database, lambda: service.plan(DAY_BEFORE))
        idle, idle_seen = await _repeated(database, tick(DAY_BEFORE))
        again, again_seen = await _planned_again(database, service)
        due, due_seen, batches = await _all_asked(database, service)
        await database.engine.dispose()
        hand = _by_hand(pair)
    finally:
        await database.close()
    return Figures(
        kind=pair.kind,
        schedules=size,
        first=Cost(first, seen, hand[0]),
        idle=Cost(idle, idle_seen, hand[1]),
        again=Cost(again, again_seen, hand[2]),
        due=Cost(due, due_seen, hand[3]),
        batches=batches,
    )


def _service(database: Database) -> CycleService:
    return CycleService(database, WORKSPACE, Outbox(WORKSPACE, MessageCodec(MESSAGES), Wake()))


async def _counted(database: Database, call: Callable[[], Awaitable[object]]) -> tuple[float, int]:
    """Seconds and statements of one call."""
    with statements(database) as seen:
        began = perf_counter()
        await call()
        seconds = perf_counter() - began
    return seconds, sum(not each.upper().startswith(("BEGIN", "PRAGMA")) for each in seen)


async def _repeated(database: Database, call: Callable[[], Awaitable[object]]) -> tuple[float, int]:
    """The best of many calls: others may use the machine."""
    costs = [await _counted(database, call) for _ in range(REPEATS)]
    return min(seconds for seconds, _ in costs), costs[-1][1]


async def _planned_again(database: Database, service: CycleService) -> tuple[float, int]:
    """Planning after something was changed that moves nobody."""
    async with database.writing() as session:
        await replan(session, WORKSPACE)
    return await _counted(database, lambda: service.plan(DAY_BEFORE))


async def _all_asked(database: Database, service: CycleService) -> tuple[float, int, int]:
    """Seconds of all batches, statements of the costliest, and how many there were."""
    costs = []
    while True:
        before = perf_counter()
        with statements(database) as seen:
            if not await service.ask(NINE):
                break
        costs.append((perf_counter() - before, len(seen)))
    return sum(each for each, _ in costs), max(each for _, each in costs), len(costs)


def _by_hand(pair: Pair) -> tuple[float, float, float, float]:
    """Seconds of the four kinds of tick with SQL alone, with the rows that ours has stored."""
    with closing(pair.connect()) as ours:
        cycles, requests, said = (
            Rows.read(ours, name) for name in ("cycle", "status_request", "delivery")
        )
    state, asked_at = requests.columns.index("state"), requests.columns.index("asked_at")
    pending = [
        tuple(
            "pending" if place == state else None if place == asked_at else value
            for place, value in enumerate(row)
        )
        for row in requests.rows
    ]
    new = (cycles, Rows(requests.name, requests.columns, pending))
    before, nine = DAY_BEFORE, NINE
    with closing(pair.connect_copy()) as connection:
        hand = ByHand(connection, pair.kind)
        instants = [_stored(pair.kind, each) for each in (before, nine)]
        first = _timed(lambda: plan_by_hand(hand, new))
        idle = min(_timed(lambda: idle_by_hand(hand, instants[0])) for _ in range(REPEATS))
        again = _timed(lambda: plan_by_hand(hand))
        due = _timed(lambda: ask_by_hand(hand, instants[1], said))
    return first, idle, again, due


def _stored(kind: Kind, instant: datetime) -> Any:
    """An instant as the column holds it."""
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f") if kind is Kind.SQLITE else instant


def _timed(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


# --- the record


async def _fill(database: Database, size: int) -> None:
    """Store so many councils, each with its calendar, its project and its PM."""
    async with database.writing() as session:
        for table, values in _rows(range(1, size + 1)):
            await session.exec(insert(table), params=list(values))


def _rows(numbers: range) -> Iterator[tuple[type[SQLModel], Iterable[dict[str, Any]]]]:
    owned = {"workspace_id": WORKSPACE}
    workspace = {"id": WORKSPACE, "team_id": "T1", "name": "", "created_at": DAY_BEFORE}
    yield Workspace, [workspace | {"timezone": "UTC"}]
    yield Configuration, [{"applied_at": DAY_BEFORE, "document": {}, **owned}]
    yield Phase, [{"id": 1, "name": "execution", "position": 1, "asked": True, **owned}]
    yield Person, ({**_person(each), **owned} for each in numbers)
    yield Council, ({**_council(each), **owned} for each in numbers)
    yield ReportingCalendar, ({**_calendar(each), **owned} for each in numbers)
    yield Project, ({**_project(each), **owned} for each in numbers)


def _person(number: int) -> dict[str, Any]:
    name = f"Manager {number}"
    return {"id": number, "slack_id": f"U{number:06d}", "name": name, "timezone": "UTC"}


def _council(number: int) -> dict[str, Any]:
    name = f"council-{number}"
    return {"id": number, "name": name, "channel_id": f"C{number:06d}", "channel_name": name}


def _calendar(number: int) -> dict[str, Any]:
    return {
        "council_id": number,
        "every": "FREQ=WEEKLY;BYDAY=WE",
        "first": date(2026, 1, 7) + timedelta(days=number % 300),
        "ask_at": time(9),
        "remind_after": [],
        "cut_off": "+2d 15:00",
        "digest": "+3d 08:00",
    }


def _project(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "code": f"P{number:05d}",
        "name": f"Project number {number}",
        "council_id": number,
        "phase_id": 1,
        "visibility": Visibility.OPEN,
        "pm_id": number,
        "description": "",
        "notes": {},
        "imported": {},
    }


# --- the command


@contextmanager
def _pairs(kinds: Sequence[Kind], sizes: Sequence[int]) -> Iterator[Iterator[tuple[Pair, int]]]:
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-tick-") as folder,
        running_postgres() as server,
    ):

        def pairs() -> Iterator[tuple[Pair, int]]:
            for kind in kinds:
                for size in sizes:
                    if kind is Kind.SQLITE:
                        yield sqlite_pair(Path(folder), size), size
                    elif server is not None:
                        yield postgres_pair(server, size), size

        yield pairs()


def main(
    most: Annotated[int, typer.Option(help="Leave out what is larger.")] = SIZES[-1],
    database: Annotated[Kind | None, typer.Option(help="Only this one.")] = None,
) -> None:
    """Measure the ticks; prints the table of RESULTS.md."""
    sizes = [size for size in SIZES if size <= most]
    kinds = [database] if database else list(Kind)
    memory.settle()  # as the running bot does
    figures = []
    console = Console(stderr=True)
    with _pairs(kinds, sizes) as pairs, Progress(console=console, transient=True) as progress:
        task = progress.add_task("Ticks", total=len(kinds) * len(sizes))
        for pair, size in pairs:
            progress.update(task, description=f"{size:,} schedules on {pair.kind}")
            figures.append(asyncio.run(measure(pair, size)))
            progress.advance(task)
    _show(figures)


def _show(figures: list[Figures]) -> None:
    table = Table(title="A tick of the reporting cycles", title_justify="left")
    headings = ("Database", "Schedules", "Tick", "ms", "By hand", "Ratio", "Statements", "Batches")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in headings[:3:2] else "right")
    for each in figures:
        ticks = {
            "first, plans all": (each.first, "1"),
            "nothing due": (each.idle, ""),
            "after a change": (each.again, "1"),
            "all are due": (each.due, f"{each.batches}"),
        }
        for name, (cost, batches) in ticks.items():
            table.add_row(
                *(each.kind.value, f"{each.schedules:,}", name),
                *(_ms(cost.seconds), _ms(cost.by_hand), f"{cost.seconds / cost.by_hand:.1f}"),
                *(f"{cost.statements}", batches),
            )
        table.add_section()
    out = Console(width=120)
    out.print(machine())
    out.print(table)
    out.print("Statements: of one batch, where there are several.")


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:,.1f}"


if __name__ == "__main__":
    typer.run(main)

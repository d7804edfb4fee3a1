"""What digests cost: one council of up to 10,000 projects, and as many over twenty councils.

    python -m benchmarks.digest [--most 10000]

On SQLite. Every project has answered this cycle and the two before: a quarter is green, half is
yellow, a quarter red, so that three of four have a reply of their own in the thread. The twenty
councils are composed and posted in a process of its own, which tells what memory it took; beside
them, in the same process, SQL written by hand reads the same rows and columns.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlmodel import SQLModel, insert

from benchmarks.common import machine
from bot import memory, schema
from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.delivery.messages import MessageCodec
from domain.delivery.service import Outbox
from domain.digests.loading import facts_of
from domain.digests.messages import Composition
from domain.digests.rules import compose
from domain.digests.service import DigestService
from message_templates.digests.head import render_head
from message_templates.digests.thread import render_detail, render_page
from message_templates.kit import Rendered
from models.base import Database
from models.collecting import Cycle, StatusReport, StatusRequest
from models.digests import cycle_council
from models.enums import CycleState, Health, RequestState, Visibility
from models.portfolio import Council, Person, Phase, Project, Workspace
from tests.support.reporting import statements

SIZES = (100, 1_000, 10_000)
SPREAD = (1_000, 5_000, 10_000)
COUNCILS = 20
REPEATS = 5
CYCLES = 3
EVERY = timedelta(weeks=2)
LAST = date(2026, 11, 25)
PROJECTS_PER_MANAGER = 4
HEALTHS = (Health.GREEN, Health.YELLOW, Health.RED, Health.YELLOW)

WORDS = (
    "The supplier delivers the connector two weeks late, because its own tests failed on a release "
    "of the operating system that we have had for a year. The test window absorbs one of the two "
    "weeks; for the other one the pilot starts with two faculties and not with three."
)

T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """What one size costs; times are medians, in seconds."""

    projects: int
    statements: int
    """Of composing."""
    compose: float
    render_head: float
    render_replies: float
    replies: int
    """Slack messages in the thread."""
    post: float
    """Once: composing, freezing and putting every reply into the ledger, in one transaction."""
    post_statements: int


async def measure(folder: Path, size: int) -> Figures:
    """Fill a new database with one council of so many projects, and measure its digest."""
    database = Database(f"sqlite:///{folder}/{size}.sqlite3")
    try:
        await schema.upgrade(database)
        workspace_id, cycle_id = await _fill(database, size)
        outbox = Outbox(workspace_id, MessageCodec(MESSAGES), Wake())
        return await _figures(
            DigestService(database, workspace_id, outbox), cycle_id, size, database
        )
    finally:
        await database.close()


async def _figures(service: DigestService, cycle_id: int, size: int, database: Database) -> Figures:
    with statements(database) as posting:
        post, _posted = await _timed(lambda: service.post(_at(LAST, 96)))
    with statements(database) as composing:
        parts = await service.compose_again(cycle_id)
    ((composition, _frozen),) = parts.values()
    times = [await _timed(lambda: service.compose_again(cycle_id)) for _ in range(REPEATS)]
    head, _ = _median_of(lambda: render_head(composition.head))
    replies, rendered = _median_of(lambda: _render_replies(composition))
    return Figures(
        projects=size,
        statements=_count(composing),
        compose=median(seconds for seconds, _ in times),
        render_head=head,
        render_replies=replies,
        replies=len(rendered),
        post=post,
        post_statements=_count(posting),
    )


def _render_replies(composition: Composition) -> list[Rendered]:
    details = [each for detail in composition.details for each in render_detail(detail)]
    return details + [each for page in composition.pages for each in render_page(page)]


def _count(seen: list[str]) -> int:
    return sum(not each.upper().startswith(("BEGIN", "PRAGMA")) for each in seen)


async def _timed(call: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    began = perf_counter()
    result = await call()
    return perf_counter() - began, result


def _median_of(call: Callable[[], T]) -> tuple[float, T]:
    """The median time of a call that has been warmed up, and its result."""
    result, times = call(), []
    for _ in range(REPEATS):
        began = perf_counter()
        result = call()
        times.append(perf_counter() - began)
    return median(times), result


# --- the record


async def _fill(database: Database, size: int, councils: int = 1) -> tuple[int, int]:
    """Store councils with their projects and answers; gives the workspace and the last cycle."""
    rows = _Rows(size, councils)
    async with database.writing() as session:
        for table, values in rows.by_table():
            await session.exec(insert(table), params=list(values))
    return WORKSPACE, CYCLES * councils


WORKSPACE = 1
"""Numbers are given out here, so that all rows can be written at once."""


class _Rows:
    """Every row of the record, as plain values."""

    def __init__(self, size: int, councils: int) -> None:
        self._numbers = range(1, size + 1)
        self._councils = range(1, councils + 1)
        self._managers = range(1, 2 + size // PROJECTS_PER_MANAGER)

    def by_table(self) -> Iterator[tuple[type[SQLModel], Iterable[dict[str, Any]]]]:
        """The tables in the order of their references, with the rows of each."""
        owned = {"workspace_id": WORKSPACE}
        yield Workspace, [{"id": WORKSPACE, "team_id": "T1", "name": "", "created_at": _at(LAST)}]
        yield Phase, [{"id": 1, "name": "execution", "position": 1, "asked": True, **owned}]
        yield Person, ({"id": each, **_person(each), **owned} for each in self._managers)
        yield Council, ({"id": each, **_council(each), **owned} for each in self._councils)
        yield (
            Project,
            (
                {"id": each, **_project(each), "council_id": self._council_of(each), **owned}
                for each in self._numbers
            ),
        )
        yield (
            Cycle,
            (
                {
                    "id": self._cycle_id(each, council),
                    "council_id": council,
                    **_cycle(each),
                    **owned,
                }
                for each in range(1, CYCLES + 1)
                for council in self._councils
            ),
        )
        yield StatusRequest, ({**each, **owned} for each in self._requests())
        yield StatusReport, ({**each, **owned} for each in self._reports())

    def _requests(self) -> Iterator[dict[str, Any]]:
        for cycle in range(1, CYCLES + 1):
            for number in self._numbers:
                yield {
                    "id": self._request_id(cycle, number),
                    "cycle_id": self._cycle_id(cycle, self._council_of(number)),
                    "project_id": number,
                    "person_id": _manager_of(number),
                    "opens_on": _day(cycle),
                    "asks_on": _day(cycle),
                    "ask_at": _at(_day(cycle)),
                    "asked_at": _at(_day(cycle)),
                    "state": RequestState.ANSWERED,
                    "reason": "",
                }

    def _reports(self) -> Iterator[dict[str, Any]]:
        for cycle in range(1, CYCLES + 1):
            for number in self._numbers:
                yield {
                    **_answers(number, cycle),
                    "request_id": self._request_id(cycle, number),
                    "project_id": number,
                    "opens_on": _day(cycle),
                    "version": 1,
                    "author_id": _manager_of(number),
                    "submitted_at": _at(_day(cycle), 6),
                }

    def _council_of(self, number: int) -> int:
        return 1 + number % len(self._councils)

    def _cycle_id(self, cycle: int, council: int) -> int:
        return (cycle - 1) * len(self._councils) + council

    def _request_id(self, cycle: int, number: int) -> int:
        return (cycle - 1) * len(self._numbers) + number


def _person(number: int) -> dict[str, Any]:
    return {"slack_id": f"U{number:06d}", "name": f"Manager {number}", "timezone": "UTC"}


def _council(number: int) -> dict[str, Any]:
    channel = {"channel_id": f"C{number}", "channel_name": f"council-{number}"}
    return {"name": f"Council {number}", **channel}


def _project(number: int) -> dict[str, Any]:
    return {
        "code": f"P{number:05d}",
        "name": f"Project number {number}",
        "phase_id": 1,
        "visibility": Visibility.OPEN,
        "pm_id": _manager_of(number),
        "description": "",
        "notes": {},
        "imported": {},
    }


def _cycle(number: int) -> dict[str, Any]:
    day = _day(number)
    return {
        "occurrence_on": day,
        "opens_on": day,
        "cut_off_at": _at(day, 48),
        "digest_at": _at(day, 72),
        "timezone": "UTC",
        "state": CycleState.CLOSED if number == CYCLES else CycleState.REPORTED,
    }


def _answers(number: int, cycle: int) -> dict[str, Any]:
    health = HEALTHS[(number + (cycle < CYCLES and number % 7 == 0)) % len(HEALTHS)]
    return {
        "phase": "execution",
        "health": health,
        "rating": "",
        "why": WORDS if health is not Health.GREEN else "",
        "done": f"Migrated {number} of the pages\nTrained the first forty people",
        "next": "Put the supplier's patch into the test system\nBook the load test",
        "milestone": "Open to everybody",
        "milestone_baseline": LAST + timedelta(days=number % 300),
        "milestone_forecast": LAST + timedelta(days=number % 300 + (number % 5) * 7),
        "risks": WORDS,
        "path_to_green": WORDS if health is Health.RED else "",
        "decision": "Fund a second tester until June?" if number % 20 == 0 else "",
        "decision_from": "Council" if number % 20 == 0 else "",
    }


def _manager_of(number: int) -> int:
    return 1 + number // PROJECTS_PER_MANAGER


def _day(cycle: int) -> date:
    return LAST - (CYCLES - cycle) * EVERY


def _at(day: date, hours: int = 0) -> datetime:
    return datetime.combine(day, time(9), UTC) + timedelta(hours=hours)


# --- twenty councils


@dataclass(frozen=True)
class Spread:
    """What the digests of twenty councils cost together, in seconds of a processor."""

    projects: int
    statements: tuple[int, int]
    """Of posting one council's: the fewest, and the most."""
    compose: float
    """Reading the record and composing, for all of them: the median of several rounds."""
    by_hand: float
    """Reading the same rows and columns by SQL written by hand: the median as well."""
    post: float
    """Composing, freezing and putting into the ledger, one transaction each; wall time, once."""
    memory: int
    """Bytes that the process has taken at most, beyond what it had before it posted."""


def spread_over_councils(folder: Path, size: int) -> Spread:
    """Fill a new database with twenty councils, and measure their digests in a new process."""
    path = folder / f"spread-{size}.sqlite3"

    async def fill() -> None:
        database = Database(f"sqlite:///{path}")
        try:
            await schema.upgrade(database)
            await _fill(database, size, COUNCILS)
        finally:
            await database.close()

    asyncio.run(fill())
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as child:
        return child.submit(_measure_spread, path, size).result()


def _measure_spread(path: Path, size: int) -> Spread:
    memory.settle()
    return asyncio.run(_spread(path, size))


async def _spread(path: Path, size: int) -> Spread:
    database = Database(f"sqlite:///{path}")
    try:
        outbox = Outbox(WORKSPACE, MessageCodec(MESSAGES), Wake())
        service = DigestService(database, WORKSPACE, outbox)
        before, counts, post = _memory(), [], 0.0
        for _council in range(COUNCILS):
            with statements(database) as seen:
                seconds, posted = await _timed(lambda: service.post(_at(LAST, 96)))
            assert posted  # else nothing was measured
            counts.append(_count(seen))
            post += seconds
        taken = _memory() - before
        composed = [await _worked(lambda: _compose_all(database)) for _ in range(REPEATS)]
    finally:
        await database.close()
    by_hand = [_worked_by_hand(path) for _ in range(REPEATS)]
    fewest_and_most = (min(counts), max(counts))
    return Spread(size, fewest_and_most, median(composed), median(by_hand), post, taken)


async def _worked(call: Callable[[], Awaitable[None]]) -> float:
    """The processor time of a call, SQLite's thread included: others may use the machine."""
    began = process_time()
    await call()
    return process_time() - began


def _worked_by_hand(path: Path) -> float:
    began = process_time()
    _read_by_hand(path)
    return process_time() - began


async def _compose_all(database: Database) -> None:
    for council in range(1, COUNCILS + 1):
        async with database.reading() as session:
            row = await cycle_council(session, (CYCLES - 1) * COUNCILS + council)
            if row is not None:
                compose(await facts_of(session, row.cycle, row.council), _at(LAST, 96))


def _memory() -> int:
    """The most that this process has had in memory, in bytes; Linux tells it.

    Not `getrusage`: that begins with the parent's.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1_024
    return 0


_BY_HAND = (
    """SELECT * FROM cycle JOIN council ON council.id = cycle.council_id WHERE cycle.id = :cycle""",
    """SELECT p.id, p.code, p.name, p.visibility, pm.name, r.state, r.reason
       FROM status_request r JOIN project p ON p.id = r.project_id JOIN person pm ON pm.id = p.pm_id
       WHERE r.cycle_id = :cycle ORDER BY p.code""",
    """SELECT s.*, a.name FROM status_report s JOIN status_request r ON r.id = s.request_id
       JOIN person a ON a.id = s.author_id WHERE r.cycle_id = :cycle AND s.version =
       (SELECT max(version) FROM status_report o WHERE o.request_id = s.request_id)""",
    """SELECT s.project_id, s.opens_on, s.health, s.milestone, s.milestone_forecast
       FROM status_report s
       WHERE s.project_id IN (SELECT project_id FROM status_request WHERE cycle_id = :cycle)
       AND s.opens_on >= '2023-01-01' AND s.opens_on < :day AND s.version =
       (SELECT max(version) FROM status_report o WHERE o.request_id = s.request_id)
       ORDER BY s.project_id, s.opens_on DESC""",
    "SELECT * FROM cycle WHERE council_id = :council AND opens_on < :day ORDER BY opens_on DESC",
    """SELECT p.visibility, s.health, count(*) FROM status_request r
       JOIN project p ON p.id = r.project_id LEFT JOIN status_report s ON s.request_id = r.id
       WHERE r.cycle_id = :before GROUP BY p.visibility, s.health""",
)
"""What a digest is composed from, as one would ask for it without any library."""


def _read_by_hand(path: Path) -> int:
    """Read the rows of all twenty digests; how many there were."""
    count = 0
    with closing(sqlite3.connect(path)) as connection:
        for council in range(1, COUNCILS + 1):
            last = (CYCLES - 1) * COUNCILS + council
            values = {
                "council": council,
                "cycle": last,
                "before": last - COUNCILS,
                "day": LAST.isoformat(),
            }
            for statement in _BY_HAND:
                count += len(connection.execute(statement, values).fetchall())
    return count


# --- the command


def main(
    most: Annotated[int, typer.Option(help="Leave out what is larger.")] = SIZES[-1],
) -> None:
    """Measure composing and rendering; prints the table of RESULTS.md."""
    sizes = [size for size in SIZES if size <= most]
    memory.settle()  # as the running bot does
    figures: list[Figures] = []
    spreads: list[Spread] = []
    sizes_spread = [size for size in SPREAD if size <= most]
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-digest-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("Digests", total=len(sizes) + len(sizes_spread))
        for size in sizes:
            progress.update(task, description=f"{size:,} projects")
            figures.append(asyncio.run(measure(Path(folder), size)))
            progress.advance(task)
        for size in sizes_spread:
            progress.update(task, description=f"{size:,} projects, {COUNCILS} councils")
            spreads.append(spread_over_councils(Path(folder), size))
            progress.advance(task)
    _show(figures)
    _show_spread(spreads)


def _show(figures: list[Figures]) -> None:
    table = Table(title="A digest, in milliseconds (medians)", title_justify="left")
    for heading in (
        *("Projects", "Statements", "Compose", "Render head"),
        *("Both", "Render thread", "Replies", "Post, once", "Its statements"),
    ):
        table.add_column(heading, justify="right")
    for each in figures:
        both = each.compose + each.render_head
        table.add_row(
            *(f"{each.projects:,}", f"{each.statements}", _ms(each.compose)),
            *(_ms(each.render_head), _ms(both), _ms(each.render_replies), f"{each.replies:,}"),
            *(_ms(each.post), f"{each.post_statements:,}"),
        )
    console = Console(width=120)
    console.print(machine())
    console.print(table)


def _show_spread(spreads: list[Spread]) -> None:
    table = Table(title=f"{COUNCILS} councils together, in milliseconds", title_justify="left")
    for heading in (
        *("Projects", "Statements each", "Read and compose", "By hand", "Ratio"),
        *("Post", "A project", "Memory, MB"),
    ):
        table.add_column(heading, justify="right")
    for each in spreads:
        fewest, most = each.statements
        table.add_row(
            f"{each.projects:,}",
            f"{fewest}" if fewest == most else f"{fewest} to {most}",
            *(_ms(each.compose), _ms(each.by_hand), f"{each.compose / each.by_hand:.1f}"),
            *(_ms(each.post), _ms(each.post / each.projects), f"{each.memory / 1e6:.0f}"),
        )
    Console(width=120).print(table)


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:,.1f}"


if __name__ == "__main__":
    typer.run(main)

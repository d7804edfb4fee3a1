"""What a digest of 100, 1,000 and 10,000 projects costs to compose and to render.

    python -m benchmarks.digest [--most 10000]

One council on SQLite. Every project has answered this cycle and the two before: a quarter is green,
half is yellow, a quarter red, so that three of four have a reply of their own in the thread.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
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
from domain.digests.messages import Composition
from domain.digests.service import DigestService
from message_templates.digests.head import render_head
from message_templates.digests.thread import render_detail, render_page
from message_templates.kit import Rendered
from models.base import Database
from models.collecting import Cycle, StatusReport, StatusRequest
from models.enums import CycleState, Health, RequestState, Visibility
from models.portfolio import Council, Person, Phase, Project, Workspace
from tests.support.reporting import statements

SIZES = (100, 1_000, 10_000)
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


async def _fill(database: Database, size: int) -> tuple[int, int]:
    """Store a council with its projects and their answers; gives the workspace and the cycle."""
    rows = _Rows(size)
    async with database.writing() as session:
        for table, values in rows.by_table():
            await session.exec(insert(table), params=list(values))
    return WORKSPACE, CYCLES


WORKSPACE = 1
"""Numbers are given out here, so that all rows can be written at once."""


class _Rows:
    """Every row of the record, as plain values."""

    def __init__(self, size: int) -> None:
        self._numbers = range(1, size + 1)
        self._managers = range(1, 2 + size // PROJECTS_PER_MANAGER)

    def by_table(self) -> Iterator[tuple[type[SQLModel], Iterable[dict[str, Any]]]]:
        """The tables in the order of their references, with the rows of each."""
        owned = {"workspace_id": WORKSPACE}
        yield Workspace, [{"id": WORKSPACE, "team_id": "T1", "name": "", "created_at": _at(LAST)}]
        yield Phase, [{"id": 1, "name": "execution", "position": 1, "asked": True, **owned}]
        yield Person, ({"id": each, **_person(each), **owned} for each in self._managers)
        yield (
            Council,
            [{"id": 1, "name": "Council", "channel_id": "C1", "channel_name": "council", **owned}],
        )
        yield Project, ({"id": each, **_project(each), **owned} for each in self._numbers)
        yield Cycle, ({"id": each, **_cycle(each), **owned} for each in range(1, CYCLES + 1))
        yield StatusRequest, ({**each, **owned} for each in self._requests())
        yield StatusReport, ({**each, **owned} for each in self._reports())

    def _requests(self) -> Iterator[dict[str, Any]]:
        for cycle in range(1, CYCLES + 1):
            for number in self._numbers:
                yield {
                    "id": self._request_id(cycle, number),
                    "cycle_id": cycle,
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

    def _request_id(self, cycle: int, number: int) -> int:
        return (cycle - 1) * len(self._numbers) + number


def _person(number: int) -> dict[str, Any]:
    return {"slack_id": f"U{number:06d}", "name": f"Manager {number}", "timezone": "UTC"}


def _project(number: int) -> dict[str, Any]:
    return {
        "code": f"P{number:05d}",
        "name": f"Project number {number}",
        "council_id": 1,
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
        "council_id": 1,
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


# --- the command


def main(
    most: Annotated[int, typer.Option(help="Leave out what is larger.")] = SIZES[-1],
) -> None:
    """Measure composing and rendering; prints the table of RESULTS.md."""
    sizes = [size for size in SIZES if size <= most]
    memory.settle()  # as the running bot does
    figures = []
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-digest-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("Digests", total=len(sizes))
        for size in sizes:
            progress.update(task, description=f"{size:,} projects")
            figures.append(asyncio.run(measure(Path(folder), size)))
            progress.advance(task)
    _show(figures)


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


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:,.1f}"


if __name__ == "__main__":
    typer.run(main)

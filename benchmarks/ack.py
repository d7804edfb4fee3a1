"""How soon a request is acknowledged, whatever Slack's Web API does, and what that costs.

    python -m benchmarks.ack [--seconds 30] [--commands 600]

Sandbox and bot are processes of their own, in Socket Mode. `/project show` and a form submission
are sent 20 times a second, each to a freshly started bot: once while the sandbox answers at once,
once while every Web API call takes 2 seconds. The time until the ack is measured by the sandbox.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from slack_bolt.request.async_request import AsyncBoltRequest as BoltRequest

from benchmarks.common import (
    bot_environment,
    bot_settings,
    machine,
    percentile,
    python_process,
    sandbox_process,
)
from benchmarks.office import CHANNEL, code_of, prepare, user_of
from bot.runtime import open_core
from demo.control import ControlClient, Json
from demo.person import Person
from tests.support.reporting import statements

PER_SECOND = 20
SLOW_SECONDS = 2.0
ROUNDS = 3
"""Of the processor time, bot and bare app in turn; the median counts."""

WARM_UP = 100
IDLE_SECONDS = 5.0

ANSWERS = {
    "health": "Yellow",
    "why": "The supplier delivers two weeks late; the test window absorbs it.",
    "done": "Migrated 212 of 340 pages\nTrained the first 40 people",
    "next": "Migrate 60 more pages by Friday",
}

Request = Callable[[int], Coroutine[object, object, Json]]
"""Sends the request of a number, and gives what became of it."""


@dataclass(frozen=True)
class Leg:
    """One series of requests at a steady rate."""

    what: str
    is_slow: bool
    ack_ms: tuple[float, ...]
    """In the order in which they were sent; the first one met a cold bot."""
    troubles: tuple[str, ...]
    """What became of the others."""


@dataclass(frozen=True)
class Cost:
    """Processor time of one process for one command."""

    ms: float
    idle_share: float
    """Of one core, without any command; taken off."""


class Bench:
    """A prepared workspace, and the bots that are started for it."""

    def __init__(self, control: ControlClient, url: str, database_url: str, people: int) -> None:
        self._control = control
        self._people = people
        self.api_base_url = f"{url}/api/"
        self.database_url = database_url
        self._environment = bot_environment(self.api_base_url, database_url)
        self._forms: dict[int, Json] = {}

    @asynccontextmanager
    async def process(self, *arguments: str) -> AsyncIterator[int]:
        """Run an app that is connected; gives its process id."""
        async with python_process(*arguments, environment=self._environment) as (process, _line):
            await self._control.get("/wait", **{"for": "connected"})
            yield process.pid

    async def leg(self, what: str, request: Request, *, is_slow: bool) -> Leg:
        """Send a series of requests to a cold bot."""
        await self._control.post(
            "/delays", {"method": "*", "seconds": SLOW_SECONDS if is_slow else 0}
        )
        async with self.process("-m", "bot", "run"):
            results = await self._at_rate(request)
            await self._control.post("/delays", {"method": "*", "seconds": 0})
        acks = tuple(each["ack_ms"] for each in results if each["ok"])
        troubles = tuple(
            f"{each['problem']} {each['errors']}" for each in results if not each["ok"]
        )
        return Leg(what, is_slow, acks, troubles)

    async def _at_rate(self, request: Request) -> list[Json]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        tasks = []
        for number in range(self._people):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - loop.time()))
            tasks.append(asyncio.create_task(request(number)))
        return list(await asyncio.gather(*tasks))

    async def open_forms(self) -> None:
        """Let everybody press their button, so that a form is open before it is sent."""
        async with self.process("-m", "bot", "run"):
            for number in range(self._people):
                person = Person(self._control, user_of(number))
                self._forms[number] = await person.open_form(code_of(number))

    async def show(self, number: int) -> Json:
        """Type `/project show CODE`."""
        return await self._control.act(
            "command",
            user_of(number % self._people),
            channel=CHANNEL,
            command="/project",
            text=f"show {code_of(number % self._people)}",
        )

    async def submit(self, number: int) -> Json:
        """Send the open form."""
        result = await self._control.act(
            "submit_view",
            user_of(number),
            view_id=self._forms[number]["id"],
            values=ANSWERS,
        )
        return {**result, "ok": result["ok"] and not result["errors"]}

    async def close_all(self) -> None:
        """Close what the submissions left open."""
        for number in range(self._people):
            await Person(self._control, user_of(number)).close_views()

    async def cost(self, *arguments: str, commands: int) -> Cost:
        """Processor time of a warm app for one command after the other."""
        async with self.process(*arguments) as pid:
            for number in range(WARM_UP):
                await self.show(number)
            before, began = cpu_seconds(pid), perf_counter()
            await asyncio.sleep(IDLE_SECONDS)
            idle = (cpu_seconds(pid) - before) / (perf_counter() - began)
            before, began = cpu_seconds(pid), perf_counter()
            for number in range(commands):
                await self.show(number)
            used = cpu_seconds(pid) - before - idle * (perf_counter() - began)
        return Cost(used / commands * 1_000, idle)


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def statements_of_show(bench: Bench, user_id: str) -> int:
    """How many SQL statements answer one `/project show` of a project with a report."""
    settings = bot_settings(bench.api_base_url, bench.database_url)
    body = {
        "command": "/project",
        "text": f"show {code_of(0)}",
        "user_id": user_id,
        "team_id": "T1",
        "response_url": bench.api_base_url,
        "trigger_id": "1.1",
    }
    async with open_core(settings) as core:
        with statements(core.database) as seen:
            answer = await core.bolt.async_dispatch(BoltRequest(body=body, mode="socket_mode"))
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(answer.body)
    return sum(each.lstrip().upper().startswith("SELECT") for each in seen)


# --- the command


def main(
    seconds: Annotated[int, typer.Option(help="Length of each series of requests.")] = 30,
    commands: Annotated[int, typer.Option(help="Commands for the processor time.")] = 600,
) -> None:
    """Measure acknowledgements and what they cost; prints the tables of RESULTS.md."""
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-ack-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("Asking everybody", total=_STEPS)

        def tell(what: str) -> None:
            progress.update(task, advance=1, description=what)

        asyncio.run(_measure(Path(folder), seconds * PER_SECOND, commands, tell))


_STEPS = 7 + 2 * ROUNDS


async def _measure(folder: Path, people: int, commands: int, tell: Callable[[str], None]) -> None:
    async with (
        sandbox_process("--manifest", "slack_manifest.json") as url,
        ControlClient(f"{url}/control") as control,
    ):
        bench = Bench(control, url, await prepare(control, url, folder, people), people)
        legs = []
        for is_slow in (False, True):
            tell("opening forms")
            await bench.open_forms()
            tell("submitting forms")
            legs.append(await bench.leg("form submission", bench.submit, is_slow=is_slow))
            tell("showing projects")
            legs.append(await bench.leg("/project show", bench.show, is_slow=is_slow))
            await bench.close_all()
        bot_costs, bare_costs = [], []
        for _round in range(ROUNDS):
            tell("processor time: bot")
            bot_costs.append(await bench.cost("-m", "bot", "run", commands=commands))
            tell("processor time: bare Bolt app")
            bare_costs.append(await bench.cost("-m", "benchmarks.bare_bolt", commands=commands))
        everybody = (await control.get("/users"))["users"]
        user_id = next(each["id"] for each in everybody if each["name"] == user_of(0))
        selects = await statements_of_show(bench, user_id)
    _show(legs, bot_costs, bare_costs, selects)


def _show(legs: list[Leg], bot: list[Cost], bare: list[Cost], selects: int) -> None:
    console = Console()
    console.print(machine())
    console.print(_ack_table(legs))
    for trouble, count in Counter(each for leg in legs for each in leg.troubles).items():
        console.print(f"{count} times: {trouble}", markup=False)
    own, other = median(each.ms for each in bot), median(each.ms for each in bare)
    console.print(
        f"Processor time of one `/project show`: {own:.2f} ms; "
        f"of the bare app: {other:.2f} ms; ratio {own / other:.2f}"
    )
    console.print(
        f"At rest: {median(each.idle_share for each in bot):.1%} of a core; "
        f"the bare app: {median(each.idle_share for each in bare):.1%}"
    )
    console.print(f"SQL statements of one `/project show`: {selects}")


def _ack_table(legs: list[Leg]) -> Table:
    table = Table(
        title=f"Milliseconds to the ack, {PER_SECOND} requests a second, bot started cold"
    )
    for heading in ("Request", "Web API", "Acked", "First", "p50", "p99", "p99 ratio"):
        table.add_column(heading)
    fast = {leg.what: percentile(leg.ack_ms, 99) for leg in legs if not leg.is_slow}
    for leg in legs:
        p99 = percentile(leg.ack_ms, 99)
        table.add_row(
            leg.what,
            f"{SLOW_SECONDS:g} s" if leg.is_slow else "at once",
            f"{len(leg.ack_ms)} of {len(leg.ack_ms) + len(leg.troubles)}",
            f"{leg.ack_ms[0]:.1f}",
            f"{percentile(leg.ack_ms, 50):.1f}",
            f"{p99:.1f}",
            f"{p99 / fast[leg.what]:.2f}" if leg.is_slow else "",
        )
    return table


if __name__ == "__main__":
    typer.run(main)

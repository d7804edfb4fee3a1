"""Deliveries a second with 1, 2 and 4 replicas on PostgreSQL, and what a killed replica costs.

    python -m benchmarks.replicas [--messages 1200]

Each replica is a process of its own, with a Slack that takes every call and answers after 30 ms.
Slack's limits are switched off: what is measured is the carrier, not the pacing. The jobs of
procrastinate are compared with the claim loop that serves SQLite, on the same PostgreSQL.
"""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy import text
from typing_extensions import override

from benchmarks.common import ROOT, machine
from bot.carrier import Deferring
from bot.clock import SystemClock
from bot.runtime import Wake
from domain.delivery import rules
from domain.delivery.messages import MessageCodec, Place
from domain.delivery.sending import DeliveryService
from domain.delivery.service import Outbox
from domain.ports import Posted
from jobs.delivery import SideBySide
from jobs.loop import Worker
from models.base import Database
from models.portfolio import Workspace
from tests.support.delivering import Note, note, render
from tests.support.messenger import FakeMessenger
from tests.support.postgres import PostgresServer, running_postgres

CALL_SECONDS = 0.03
CONVERSATIONS = 150
TICK_SECONDS = 0.5
PATIENCE_SECONDS = 300.0
SINGLES = 20

JOBS, LOOP = "procrastinate, 32 at once", "claim loop, 8 at once"
LOOP_OF_32 = "claim loop, 32 at once"
MOST = {LOOP: 8, LOOP_OF_32: 32}


class QuickSlack(FakeMessenger):
    """Takes every post, after a while."""

    @override
    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        await asyncio.sleep(CALL_SECONDS)
        return await super().post(channel_id, text, blocks, opaque_id, thread_ts)


@dataclass(frozen=True)
class Office:
    """One workspace, as the process that says things sees it."""

    database: Database
    outbox: Outbox

    @classmethod
    def of(cls, database: Database, workspace_id: int, carrier: str) -> "Office":
        """With the carrier of that name."""
        chosen = Deferring(database, workspace_id) if carrier == JOBS else Wake()
        return cls(database, Outbox(workspace_id, MessageCodec([Note]), chosen))

    async def say(self, messages: int) -> None:
        """Say so many messages, spread over the channels, in one transaction for each channel."""
        now = SystemClock().now()
        for channel in range(CONVERSATIONS):
            keys = range(channel, messages, CONVERSATIONS)
            async with self.database.writing() as session:
                batch = {f"k{number}": note(f"message {number}") for number in keys}
                to = Place.channel(f"C{channel}")
                await self.outbox.say_all(session, batch, to=to, now=now)

    async def sent(self) -> int:
        """How many are said."""
        return int(await self.scalar("SELECT count(*) FROM delivery WHERE state = 'sent'"))

    async def scalar(self, query: str) -> Any:
        """The one value that a query gives."""
        async with self.database.engine.connect() as connection:
            return (await connection.execute(text(query))).scalar_one()

    async def until_sent(self, number: int) -> float:
        """Wait until so many are said; how many seconds that took."""
        start = perf_counter()
        while await self.sent() < number:
            if perf_counter() - start > PATIENCE_SECONDS:
                raise TimeoutError(f"{await self.sent()} of {number} were said")
            await asyncio.sleep(0.02)
        return perf_counter() - start


async def be_a_replica(url: str, workspace_id: int, carrier: str) -> None:
    """Work until killed, from the first line on the standard input."""
    rules.spacing = lambda *_scope, **_how: timedelta(0)
    database, clock = Database(url), SystemClock()
    office = Office.of(database, workspace_id, carrier)
    service = DeliveryService(database, office.outbox, QuickSlack(), render, clock)
    await office.sent()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    if carrier == JOBS:
        await Deferring(database, workspace_id).worker(service, clock).run()
        return
    wake = Wake()
    worker = Worker("delivery", SideBySide(service, wake, MOST[carrier]).run, clock)
    wake.call = worker.wake
    task = asyncio.create_task(worker.run())
    while not task.done():
        worker.wake()
        await asyncio.sleep(TICK_SECONDS)


@asynccontextmanager
async def replicas(
    url: str, workspace_id: int, carrier: str, number: int
) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """So many replicas, ready to start at a line on their standard inputs."""
    arguments = json.dumps([url, workspace_id, carrier])
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.replicas",
            "--replica",
            arguments,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(number)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
        yield processes
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.wait()


def go(processes: Sequence[asyncio.subprocess.Process]) -> None:
    """Let replicas start."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")


async def throughput(office: Office, url: str, carrier: str, number: int, messages: int) -> float:
    """Deliveries a second of so many replicas, from their start to the last message."""
    await office.say(messages)
    async with replicas(url, office.outbox.workspace_id, carrier, number) as processes:
        go(processes)
        await office.until_sent(1)  # their start is not what is asked for
        seconds = await office.until_sent(messages)
    return messages / seconds


async def latency(office: Office, url: str, carrier: str) -> float:
    """Milliseconds from a commit to the record of the post, with two replicas at rest; median."""
    async with replicas(url, office.outbox.workspace_id, carrier, 2) as processes:
        go(processes)
        await asyncio.sleep(3)
        waits = []
        for number in range(SINGLES):
            async with office.database.writing() as session:
                now = SystemClock().now()
                to = Place.channel(f"C{number}")
                await office.outbox.say(session, note("x"), to=to, key=f"s{number}", now=now)
            committed = SystemClock().now()
            await office.until_sent(number + 1)
            query = f"SELECT posted_at FROM delivery WHERE key = 's{number}'"  # noqa: S608 - a number
            posted_at: datetime = await office.scalar(query)
            waits.append((posted_at - committed).total_seconds())
            await asyncio.sleep(0.13 * (1 + number % 5))  # not in step with any tick
    return 1000 * median(waits)


async def recovery(office: Office, url: str, carrier: str, messages: int) -> tuple[float, float]:
    """Seconds from the kill of one of two replicas until all but its own is said, and all."""
    await office.say(messages)
    async with replicas(url, office.outbox.workspace_id, carrier, 2) as processes:
        go(processes)
        await office.until_sent(messages // 3)
        processes[0].send_signal(signal.SIGKILL)
        killed = perf_counter()
        orphans = await _orphans(office, processes[0])
        await office.until_sent(messages - orphans)
        others = perf_counter() - killed
        await office.until_sent(messages)
        return others, perf_counter() - killed


async def _orphans(office: Office, dead: asyncio.subprocess.Process) -> int:
    """How many wait for what the dead replica had in hand: those, and what comes after them."""
    await dead.wait()
    await asyncio.sleep(3)
    return int(
        await office.scalar(
            "SELECT count(*) FROM delivery WHERE state <> 'sent' AND place IN (SELECT place"
            " FROM delivery WHERE state = 'sending' AND lease_until < now() + interval '57 s')"
        )
    )


async def _fresh(server: PostgresServer, carrier: str) -> Office:
    server.empty()
    database = Database(server.url)
    async with database.writing() as session:
        workspace = Workspace(team_id="T1", name="Northfield", created_at=SystemClock().now())
        session.add(workspace)
        await session.flush()
        assert workspace.id is not None
    return Office.of(database, workspace.id, carrier)


async def measure(messages: int, console: Console) -> None:
    """Measure all of it, one after the other."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(running_postgres())
        if server is None:
            raise SystemExit("PostgreSQL is not installed (looked for initdb)")
        console.print(f"{messages} messages in {CONVERSATIONS} channels; {machine()}")
        first: dict[str, float] = {}
        for number in (1, 2, 4):
            for carrier in (JOBS, LOOP_OF_32, LOOP):  # side by side: the machine may be busy
                office = await _fresh(server, carrier)
                rate = await throughput(office, server.url, carrier, number, messages)
                ratio = rate / first.setdefault(carrier, rate)
                console.print(f"{number} replicas, {carrier}: {rate:.0f} a second ({ratio:.2f})")
                await office.database.close()
        for carrier in (JOBS, LOOP):
            office = await _fresh(server, carrier)
            wait = await latency(office, server.url, carrier)
            console.print(f"{carrier}: commit to posted at rest {wait:.0f} ms, of them 30 Slack's")
            await office.database.close()
            office = await _fresh(server, carrier)
            others, every = await recovery(office, server.url, carrier, messages)
            console.print(f"{carrier}: after a kill, others {others:.1f} s, all {every:.1f} s")
            await office.database.close()


def main(
    messages: Annotated[int, typer.Option(help="How many are said in a run.")] = 1200,
    replica: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Measure, or be one of the replicas that are measured."""
    if replica:
        asyncio.run(be_a_replica(*json.loads(replica)))
    else:
        asyncio.run(measure(messages, Console()))


if __name__ == "__main__":
    typer.run(main)

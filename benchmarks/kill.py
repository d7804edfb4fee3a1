"""The bot is killed again and again while its rooms talk: nothing is lost, nothing said twice.

    python -m benchmarks.kill --rounds 200 --database sqlite
    python -m benchmarks.kill --rounds 200 --database postgresql --replicas 3
    python -m benchmarks.kill --rounds 20 --database sqlite --without-look-up

In each round one or more replicas of the whole bot start as processes of their own, and each dies:
by SIGKILL at a random moment, or by itself at one step of a delivery. Meanwhile messages are said
and edited, and the sandbox breaks 5 % of the connections on which it has taken a message. The clock
goes five times as fast; on SQLite it also moves on by more than a lease between two rounds. After
the last one the bot is left alone until its ledger is empty, and then Slack is read.
"""

import asyncio
import multiprocessing
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.common import bot_settings, machine
from benchmarks.killed import DEATH, STEPS, FastClock, Life, live
from benchmarks.talking import Addressee, Talk, Verdict, judge
from bot import schema
from bot.factory import MESSAGES
from bot.runtime import Core, open_core
from domain.delivery import rules
from domain.delivery.messages import MessageCodec, Place
from domain.delivery.service import Outbox
from models.base import Database
from models.portfolio import Person
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.faults import Fault
from sandbox.manifest import AppConfig

START = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
KILLED = "SIGKILL at a random moment"

CHANNELS = 8
PEOPLE = 40
BACKLOG = 40
"""The rooms fall silent while so many things wait to be said."""

DROPPED = 0.05
"""The share of posts whose connection breaks after Slack has taken them."""

SPEED = 5.0
"""How much faster the clock goes: a lease of a minute is twelve seconds, much more than a call
takes even on a busy machine, for a worker that outlives its lease is not what is tested here."""

QUIET_SECONDS = 1.5
"""Where so long nothing was called, nothing is under way."""

END_SECONDS = 300.0
"""How long what is left may take at the end."""

SHOWN = 10
"""So many of the things that are wrong are listed."""

ROUND_SECONDS = 30.0
"""Who has not died by then is killed."""

_RANDOM_SHARE = 0.4
_POLL_SECONDS = 0.005
_NEVER = _ALWAYS = 1_000_000_000
_STARTED = "apps.connections.open"
_FORKS = multiprocessing.get_context("forkserver")


class Kind(StrEnum):
    """The kinds of database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Plan:
    """What a run does."""

    rounds: int
    database_url: str
    replicas: int = 1
    seed: int = 1
    looks_up: bool = True
    dies_at: str = ""
    """The step at whose first passage every process dies; empty: at random."""
    dropped: float = DROPPED

    @property
    def jumps(self) -> bool:
        """Whether leases are ended by moving the clock; procrastinate's cannot be moved."""
        return self.database_url.startswith("sqlite")


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    verdict: Verdict
    deaths: Counter[str]
    calls: Counter[str]
    dropped: int
    seconds: float


class SharedClock:
    """The clock that goes on over all lives, and jumps between them."""

    def __init__(self, at: datetime) -> None:
        self.hands = FastClock.starting(at, SPEED)

    def now(self) -> datetime:
        """The present instant."""
        return self.hands.now()

    def jump(self, step: timedelta) -> None:
        """Move on while nobody lives who could be in the midst of something."""
        self.hands = FastClock.starting(self.now() + step, SPEED)


@dataclass
class Replica:
    """A process, and what is to become of it."""

    process: BaseProcess
    dies_at: str
    calls_to_live: int
    """After so many calls to Slack, by anybody, it is killed; for a step: never."""


class Run:
    """One run: the sandbox, the talk, and the processes that live and die."""

    def __init__(self, plan: Plan, sandbox: Running) -> None:
        self._plan = plan
        self._sandbox = sandbox
        self._settings = bot_settings(sandbox.api_base_url, plan.database_url)
        self._chance = random.Random(plan.seed)  # noqa: S311 - repeatable, not secret
        self._clock = SharedClock(START)
        self._deaths: Counter[str] = Counter()
        self._fault = Fault("chat.postMessage", "drop", times=_ALWAYS, executes=True)
        self._fault.share = plan.dropped
        sandbox.faults.chance.seed(plan.seed)
        sandbox.faults.add(self._fault)

    async def play(self, tell: Callable[[], None]) -> Outcome:
        """Kill round after round, then let everything come to its end."""
        began = monotonic()
        async with open_core(self._settings, self._clock) as core:
            talk = await self._talk(core)
            for _ in range(self._plan.rounds):
                await self._round(talk)
                tell()
            await self._come_to_an_end(core)
        return Outcome(
            judge(talk.subjects, self._sandbox.workspace),
            self._deaths,
            self._sandbox.calls.counts.copy(),
            _ALWAYS - self._fault.times,
            monotonic() - began,
        )

    async def _talk(self, core: Core) -> Talk:
        workspace = self._sandbox.workspace
        bot = workspace.bot_user_id
        channels = [workspace.add_channel(f"c{n}", members=[bot]) for n in range(CHANNELS)]
        people = [workspace.add_user(f"u{n}") for n in range(PEOPLE)]
        async with core.database.writing() as session:
            rows = [
                Person(workspace_id=core.workspace_id, slack_id=each.id, name=each.name)
                for each in people
            ]
            session.add_all(rows)
            await session.flush()
            in_person = [
                Addressee(Place.person(row.pk), workspace.dm(row.slack_id).id) for row in rows
            ]
        in_channels = [Addressee(Place.channel(each.id), each.id) for each in channels]
        addressees = {"channels": in_channels, "people": in_person}
        outbox = Outbox(core.workspace_id, MessageCodec(MESSAGES), core.carrier)
        return Talk(core.database, outbox, self._clock, addressees, self._chance)

    async def _round(self, talk: Talk) -> None:
        """Let replicas live while the rooms talk, until each has died."""
        self._set_clock()
        await talk.say_something()
        replicas = [self._bear(self._fate()) for _ in range(self._plan.replicas)]
        over = asyncio.Event()
        talking = asyncio.create_task(self._talk_on(talk, over))
        try:
            await self._until_dead(replicas)
        finally:
            over.set()
            await talking
        if self._plan.jumps:
            self._clock.jump(rules.LEASE + timedelta(seconds=1))

    def _set_clock(self) -> None:
        self._sandbox.workspace.clock.set_time(self._clock.now())

    async def _talk_on(self, talk: Talk, over: asyncio.Event) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), self._chance.uniform(0.02, 0.3))
            if len(talk.subjects) < self._sandbox.calls.counts["chat.postMessage"] + BACKLOG:
                await talk.say_something()

    def _fate(self) -> tuple[str, int]:
        """At which step a process dies, and at which passage there; no step: from outside."""
        if self._plan.dies_at:
            return self._plan.dies_at, 1
        if self._chance.random() < _RANDOM_SHARE:
            return "", self._chance.randint(1, 12)
        return self._chance.choice(STEPS), self._chance.randint(1, 6)

    def _bear(self, fate: tuple[str, int]) -> Replica:
        step, number = fate
        life = Life(
            self._sandbox.api_base_url,
            self._plan.database_url,
            self._clock.hands,
            dies_at=step,
            passage=number if step else 0,
            looks_up=self._plan.looks_up,
        )
        process = _FORKS.Process(target=live, args=(life,), daemon=True)
        process.start()
        return Replica(process, step, _NEVER if step else self._calls() + number)

    def _calls(self) -> int:
        return self._sandbox.calls.counts.total()

    async def _until_dead(self, replicas: list[Replica]) -> None:
        """Kill each when its time has come; all of them once there is nothing left to die at."""
        # Who is sure to die by itself is waited for, however slow the machine.
        patience = ROUND_SECONDS if self._plan.dies_at else QUIET_SECONDS
        quiet = _Quiet(self._sandbox, len(replicas), patience)
        living = list(replicas)
        while living:
            await asyncio.sleep(_POLL_SECONDS)
            is_over = quiet.is_over(dead=len(replicas) - len(living))
            for replica in list(living):
                if replica.process.is_alive() and self._calls() > replica.calls_to_live:
                    await asyncio.sleep(self._chance.uniform(0, 0.05))
                    replica.process.kill()
                elif is_over:
                    replica.process.kill()
                if not replica.process.is_alive():
                    living.remove(replica)
                    self._bury(replica)

    def _bury(self, replica: Replica) -> None:
        replica.process.join()
        code = replica.process.exitcode
        replica.process.close()
        if code == -signal.SIGKILL:
            self._deaths[KILLED] += 1
        elif code == DEATH:
            self._deaths[replica.dies_at] += 1
        else:
            raise RuntimeError(f"a replica ended by itself, with exit code {code}")

    async def _come_to_an_end(self, core: Core) -> None:
        """Leave the bot alone until its ledger is empty."""
        self._set_clock()
        replicas = [self._bear(("", _NEVER)) for _ in range(self._plan.replicas)]
        until = monotonic() + END_SECONDS
        while (due := await core.services.delivery.next_due()) is not None:
            if monotonic() > until:
                raise RuntimeError(f"the ledger is not empty: something is due at {due}")
            await asyncio.sleep(0.2)
            self._set_clock()
        for replica in replicas:
            replica.process.kill()
            self._bury(replica)


class _Quiet:
    """Tells when a round is over: everybody is up, and nothing has been called for a while."""

    def __init__(self, sandbox: Running, replicas: int, patience: float) -> None:
        self._counts = sandbox.calls.counts
        self._patience = patience
        self._up = self._counts[_STARTED] + replicas
        self._began = self._changed = monotonic()
        self._seen = self._counts.total()

    def is_over(self, dead: int) -> bool:
        """Whether there is nothing left to wait for; the dead may never have been up."""
        now = monotonic()
        if self._counts.total() != self._seen:
            self._seen, self._changed = self._counts.total(), now
        is_up = self._counts[_STARTED] + dead >= self._up
        is_quiet = is_up and now - self._changed > self._patience
        return is_quiet or now - self._began > ROUND_SECONDS


async def play(plan: Plan, tell: Callable[[], None] = lambda: None) -> Outcome:
    """Do a run on a migrated, empty database."""
    _FORKS.set_forkserver_preload(["benchmarks.killed"])
    deaf = SandboxOptions(config=AppConfig(events=frozenset()))  # nobody hears of what is posted
    async with running_sandbox(options=deaf) as sandbox:
        return await Run(plan, sandbox).play(tell)


def main(
    rounds: Annotated[int, typer.Option(help="Rounds of deaths.")] = 200,
    database: Annotated[Kind, typer.Option(help="Where the ledger is.")] = Kind.SQLITE,
    replicas: Annotated[int, typer.Option(help="Processes at a time; more need PostgreSQL.")] = 1,
    seed: Annotated[int, typer.Option(help="Another one gives other deaths.")] = 1,
    without_look_up: Annotated[  # noqa: FBT002 - an option of the command line
        bool, typer.Option("--without-look-up", help="Show that the run can fail.")
    ] = False,
) -> None:
    """Kill the bot at every step; prints a table, and ends with 1 unless Slack is as it must be."""
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-kill-") as folder,
        ExitStack() as stack,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        url = _database_url(database, Path(folder), stack)
        plan = Plan(rounds, url, replicas, seed, looks_up=not without_look_up)
        task = progress.add_task("Killing", total=rounds)
        outcome = asyncio.run(play(plan, lambda: progress.update(task, advance=1)))
    _show(plan, database, outcome)
    raise typer.Exit(0 if outcome.verdict.is_clean else 1)


def _database_url(kind: Kind, folder: Path, stack: ExitStack) -> str:
    from tests.support.postgres import running_postgres

    if kind is Kind.SQLITE:
        url = f"sqlite:///{folder}/pmobot.sqlite3"
        asyncio.run(_migrate(url))
        return url
    server = stack.enter_context(running_postgres())
    if server is None:
        raise typer.BadParameter("PostgreSQL is not installed")
    return server.url


async def _migrate(url: str) -> None:
    database = Database(url)
    await schema.upgrade(database)
    await database.close()


def _show(plan: Plan, kind: Kind, outcome: Outcome) -> None:
    console = Console()
    console.print(machine())
    look_up = "" if plan.looks_up else ", look-up switched off"
    table = Table(title=f"{plan.rounds} rounds, {kind}, {plan.replicas} at a time{look_up}")
    table.add_column("What")
    table.add_column("How many", justify="right")
    for what, number in _figures(outcome):
        table.add_row(what, str(number))
    console.print(table)
    verdict = outcome.verdict
    wrong = [verdict.lost, verdict.double, verdict.stale, verdict.misplaced, verdict.disordered]
    for line in list(chain(*wrong))[:SHOWN]:
        console.print(line, markup=False)


def _figures(outcome: Outcome) -> Iterator[tuple[str, int]]:
    yield "things said", outcome.verdict.said
    for how, number in sorted(outcome.deaths.items()):
        yield f"deaths: {how}", number
    yield "answers lost on the way", outcome.dropped
    yield "posts", outcome.calls["chat.postMessage"]
    yield "edits", outcome.calls["chat.update"]
    look_ups = ("conversations.history", "conversations.replies")
    yield "look-ups", sum(outcome.calls[each] for each in look_ups)
    yield from outcome.verdict.counts().items()
    yield "seconds", round(outcome.seconds)


if __name__ == "__main__":
    typer.run(main)

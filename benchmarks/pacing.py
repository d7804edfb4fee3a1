"""Two thousand PMs asked at nine, each in their own zone, against Slack's limits, strictly kept.

    python -m benchmarks.pacing [--people 2000]

The real planner, ledger and sender, and the real client over the wire to a sandbox that keeps
Slack's limits: for each method and minute, and one post a second and channel, all of it evenly
spread: a call that comes more than a quarter of a second too early is answered with 429. Only time
is moved: the clock goes on when everybody waits, and the limiter goes by the same clock. So the
figures are those of the clock, whatever the machine, and hours of them take minutes.

Counted is how much of what Slack permits is used as long as somebody waits to be asked, and how
often Slack had to say 429. Cold: the direct messages with each person have to be opened first.
"""

import asyncio
import csv
import heapq
import itertools
import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from unittest import mock
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table
from sqlmodel import select

import jobs.collecting
import jobs.delivery
from benchmarks.common import bot_settings, machine
from bot import schema
from bot.runtime import COLLECTING_TICK_SECONDS, DELIVERY_TICK_SECONDS, Core, open_core
from bot.slack import SlackMessenger
from jobs.loop import Unit
from models.base import Database
from models.portfolio import Person
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.manifest import AppConfig
from sandbox.ratelimits import PER_MINUTE
from sandbox.workspace import Workspace

ZONES = (
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Helsinki",
    "Europe/Berlin",
    "Europe/London",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/New_York",
    "America/Denver",
    "America/Los_Angeles",
)
"""Nine o'clock comes twelve times, all around the world."""

OUTAGE_ZONES = (
    "Asia/Karachi",
    "Asia/Tashkent",
    "Asia/Yekaterinburg",
    "Asia/Samarkand",
    "Asia/Kolkata",
    "Asia/Colombo",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Almaty",
    "Asia/Thimphu",
    "Asia/Omsk",
    "Asia/Bishkek",
)
"""Nine o'clock comes to all of them within one hour."""

DAY = date(2026, 11, 25)
NINE = time(9)

OPEN, POST = "conversations.open", "chat.postMessage"
PERMITTED = {OPEN: PER_MINUTE["Tier3"], POST: PER_MINUTE["Special"]}
"""Calls a minute that the sandbox lets through."""

CHANNEL = "council"
DOMAIN = "office.example"
CONFIGURATION = f"""\
timezone: UTC
councils:
  - name: Council
    channel: {CHANNEL}
    chair: chair@{DOMAIN}
    members: [chair@{DOMAIN}]
    reporting:
      every: FREQ=YEARLY;BYMONTH={DAY.month};BYMONTHDAY={DAY.day}
      first: {DAY}
      ask_at: "{NINE:%H:%M}"
      cut_off: "+5d 15:00"
      digest: "+6d 08:00"
"""

LATENCY_SECONDS = (0.02, 0.12)
"""What calls take on their way to Slack; drawn anew for each."""

TICK = timedelta(seconds=DELIVERY_TICK_SECONDS)
COLLECTING_TICK = timedelta(seconds=COLLECTING_TICK_SECONDS)


@dataclass(frozen=True)
class Case:
    """One way in which a morning can go."""

    name: str
    people: int
    zones: Sequence[str] = ZONES
    is_warm: bool = True
    """Whether everybody's direct messages were opened before."""
    latency: tuple[float, float] = LATENCY_SECONDS
    """How long, at least and at most, calls take on their way to Slack."""
    outage: bool = False
    """Whether the bot is down until nine o'clock has come everywhere."""

    @property
    def bottleneck(self) -> str:
        """The method whose limit decides how fast it can go."""
        return POST if self.is_warm else OPEN

    def instants(self) -> list[datetime]:
        """When there is something to ask; after an outage only once, an hour late."""
        nines = {datetime.combine(DAY, NINE, ZoneInfo(zone)).astimezone(UTC) for zone in self.zones}
        return [min(nines) + timedelta(hours=1)] if self.outage else sorted(nines)


@dataclass(frozen=True)
class Result:
    """What was used of what Slack permits."""

    case: Case
    asked: int
    """People who have their request, once each."""
    calls: int
    minutes: float
    """In which somebody waited."""
    per_minute: float
    """Calls of the method that limits."""
    too_many: int
    """Answers 429; the reading of two thousand people before it all may have had its own."""

    @property
    def share(self) -> float:
        """Of the calls that Slack permits."""
        return self.per_minute / PERMITTED[self.case.bottleneck]

    @property
    def is_good(self) -> bool:
        """Whether all were asked, at 95 % of the rate or more, and no limit was exceeded."""
        is_fast = self.share >= 0.95
        return is_fast and self.too_many == 0 and self.asked == self.case.people


class Call(NamedTuple):
    """A call as it arrives at Slack."""

    method: str
    at: datetime


class MovedTime:
    """A clock that goes on when everybody waits; implements `domain.ports.Clock`."""

    def __init__(self, start: datetime, follow: Callable[[datetime], None]) -> None:
        self._now = start
        self._follow = follow
        self._numbers = itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self.changed = asyncio.Event()
        """Set whenever somebody lies down to sleep; to be cleared by who waits for it."""

    def now(self) -> datetime:
        """The instant that it was moved to."""
        return self._now

    @property
    def sleepers(self) -> int:
        """How many wait for the clock to go on."""
        return len(self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has gone on by so much."""
        future = asyncio.get_running_loop().create_future()
        wake_at = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (wake_at, next(self._numbers), future))
        self.changed.set()
        await future

    def move_to_next(self, latest: datetime) -> None:
        """Go on to where the first sleeper wakes, or to `latest` if that is earlier."""
        self.move(min(latest, self._sleepers[0][0]) if self._sleepers else latest)

    def move(self, instant: datetime) -> None:
        """Go on to an instant, and wake whose time has come."""
        self._now = max(self._now, instant)
        self._follow(self._now)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            heapq.heappop(self._sleepers)[2].set_result(None)


class Sender:
    """The bot's collecting and sending, as the running bot does them, on the moved clock."""

    def __init__(self, core: Core, clock: MovedTime) -> None:
        self._services = core.services
        self._clock = clock
        self._busy = 0
        self._collects_at = clock.now()
        self._sending = jobs.delivery.SideBySide(core.services.delivery, self._one_is_done)

    async def drain(self) -> None:
        """Ask and send until nobody waits; time goes on only where everything waits for it."""
        while True:
            await self._do_what_can_be_done()
            if self._busy == 0 and await self._services.delivery.next_due() is None:
                return
            self._clock.move_to_next(self._clock.now() + TICK)
            await self._until_all_sleep()

    async def _do_what_can_be_done(self) -> None:
        if self._collects_at <= self._clock.now():
            await _exhaust(partial(jobs.collecting.run, self._services.cycles), self._clock)
            self._collects_at = self._clock.now() + COLLECTING_TICK
        await _exhaust(partial(jobs.delivery.admit, self._services.gatekeeper), self._clock)
        while await self._sending.run(self._clock.now()):
            self._busy += 1
            await self._until_all_sleep()

    async def _until_all_sleep(self) -> None:
        while self._clock.sleepers < self._busy:
            self._clock.changed.clear()
            await self._clock.changed.wait()

    def _one_is_done(self) -> None:
        self._busy -= 1
        self._clock.changed.set()


async def _exhaust(unit: Unit, clock: MovedTime) -> None:
    while await unit(clock.now()):
        pass


async def play(
    case: Case, folder: Path, tell: Callable[[int], None] = lambda _done: None
) -> Result:
    """Let a morning go, on an empty folder; `tell` hears of each call to Slack."""
    options = SandboxOptions(
        config=AppConfig(events=frozenset()), rate_limits=True, evenly=frozenset(PERMITTED)
    )
    async with running_sandbox(options=options) as sandbox:
        follow = partial(sandbox.workspace.clock.set_time, running=False)
        clock = MovedTime(datetime.combine(DAY, time(), UTC) - timedelta(days=2), follow)
        async with _office(case, sandbox, clock, folder) as core:
            with _watched(clock, case.latency, tell) as calls:
                sender, spans = Sender(core, clock), []
                for instant in case.instants():
                    clock.move(instant)
                    before = len(calls)
                    await sender.drain()
                    spans.append(calls[before:])
        return _result(case, sandbox, spans)


@asynccontextmanager
async def _office(
    case: Case, sandbox: Running, clock: MovedTime, folder: Path
) -> AsyncIterator[Core]:
    """A bot with a council whose PMs are to be asked on the day."""
    url = f"sqlite:///{folder}/{case.name.replace(' ', '-')}.sqlite3"
    database = Database(url)
    await schema.upgrade(database)
    await database.close()
    _seed(case, sandbox.workspace)
    settings = bot_settings(sandbox.api_base_url, url)
    async with open_core(settings, clock, sleep=clock.sleep) as core:
        await _configure(core, case, folder)
        if case.is_warm:
            await _open_all(core, sandbox.workspace)
        yield core


def _seed(case: Case, workspace: Workspace) -> None:
    zones = itertools.cycle(case.zones)
    for number in range(case.people):
        name = f"pm{number}"
        workspace.add_user(name, email=f"{name}@{DOMAIN}", tz=next(zones))
    chair = workspace.add_user("chair", email=f"chair@{DOMAIN}")
    workspace.add_channel(CHANNEL, members=[chair.id, workspace.bot_user_id])


async def _configure(core: Core, case: Case, folder: Path) -> None:
    configuration, portfolio = folder / "pmobot.yaml", folder / "portfolio.csv"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    with portfolio.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "council", "pm"])
        for number in range(case.people):
            email = f"pm{number}@{DOMAIN}"
            writer.writerow([f"P{number:05d}", f"Project {number}", "Council", email])
    services, now = core.services, core.clock.now()
    applied = await services.configure.apply_file(configuration, now=now, actor="benchmark")
    imported = await services.imports.import_file(portfolio, now=now, actor="benchmark")
    if problems := [*applied.problems, *imported.problems]:
        raise RuntimeError("\n".join(map(str, problems)))


async def _open_all(core: Core, workspace: Workspace) -> None:
    """As if everybody had been written to before."""
    async with core.database.writing() as session:
        for person in (await session.exec(select(Person))).all():
            person.dm_channel = workspace.dm(person.slack_id).id
            session.add(person)


@contextmanager
def _watched(
    clock: MovedTime, latency: tuple[float, float], tell: Callable[[int], None]
) -> Iterator[list[Call]]:
    """Let each call take its time on the way to Slack; gives when they arrived there."""
    calls: list[Call] = []
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret

    def slowed(inner: Callable[..., Awaitable[Any]], method: str) -> Callable[..., Awaitable[Any]]:
        async def outer(*args: Any, **kwargs: Any) -> Any:
            await clock.sleep(chance.uniform(*latency))
            calls.append(Call(method, clock.now()))
            tell(len(calls))
            return await inner(*args, **kwargs)

        return outer

    with ExitStack() as stack:
        for name, method in (("open_dm", OPEN), ("post", POST)):
            outer = slowed(getattr(SlackMessenger, name), method)
            stack.enter_context(mock.patch.object(SlackMessenger, name, outer))
        yield calls


def _result(case: Case, sandbox: Running, spans: Iterable[Sequence[Call]]) -> Result:
    workspace = sandbox.workspace
    asked = [
        len(workspace.messages_in(workspace.dm(user.id).id)) == 1
        for user in list(workspace.users.values())
        if user.name.startswith("pm") and not user.is_bot
    ]
    intervals, minutes = 0, 0.0
    for span in spans:
        at = [call.at for call in span if call.method == case.bottleneck]
        intervals += len(at) - 1
        minutes += (at[-1] - at[0]).total_seconds() / 60
    return Result(
        case,
        asked=sum(asked),
        calls=sum(len(span) for span in spans),
        minutes=minutes,
        per_minute=intervals / minutes,
        too_many=sum(
            each.error == "ratelimited" and each.method in PERMITTED
            for each in sandbox.calls.refusals
        ),
    )


def main(
    people: Annotated[int, typer.Option(help="PMs, spread evenly over twelve zones.")] = 2000,
) -> None:
    """Ask everybody within Slack's limits; ends with 1 if one was exceeded, or too little used."""
    cases = [
        Case(f"{name}, {'warm' if is_warm else 'cold'}", people, zones, is_warm, outage=outage)
        for name, zones, outage in (
            ("a day", ZONES, False),
            ("after an outage", OUTAGE_ZONES, True),
        )
        for is_warm in (True, False)
    ]
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-pacing-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        results = []
        for case in cases:
            calls = people if case.is_warm else 2 * people
            task = progress.add_task(case.name, total=calls)
            tell = partial(_progress, progress, task)
            results.append(asyncio.run(play(case, Path(folder), tell)))
    _show(results)
    raise typer.Exit(0 if all(each.is_good for each in results) else 1)


def _progress(progress: Progress, task: TaskID, done: int) -> None:
    progress.update(task, completed=done)


def _show(results: Iterable[Result]) -> None:
    table = Table(title="Calls a minute while somebody waits to be asked")
    for heading in ("Case", "Asked", "Limited by", "Minutes", "Permitted", "Used", "Share", "429"):
        table.add_column(heading)
    for each in results:
        table.add_row(
            each.case.name,
            f"{each.asked} of {each.case.people}",
            each.case.bottleneck,
            f"{each.minutes:.1f}",
            str(PERMITTED[each.case.bottleneck]),
            f"{each.per_minute:.2f}",
            f"{each.share:.2%}",
            str(each.too_many),
        )
    console = Console()
    console.print(machine())
    console.print(table)


if __name__ == "__main__":
    typer.run(main)

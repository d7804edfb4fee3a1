"""Plays the real portfolio through the whole product: asked, answered, reported, three years.

    python -m benchmarks.replay_gmpp [--postgresql]

Every answer goes through the real form over Socket Mode; the time is virtual, so that pacing costs
none. At the end a table of checks; the exit code tells whether all of them hold.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.common import bot_settings, sandbox_process
from benchmarks.gmpp import (
    ASK_DAY,
    DATA,
    DOMAIN,
    Mend,
    Portfolio,
    Published,
    answers_of,
    mends_of,
    read_published,
    slug,
    with_fitting_dates,
)
from benchmarks.replay_checks import Check, Evidence, checks_of, compose_cycles_again
from bot import schema
from bot.settings import Settings
from bot.trial import Trial, open_trial
from demo.control import ControlClient
from demo.person import Person
from domain.portfolio.values import ApplyOutcome, ImportOutcome
from models.base import Database
from models.collecting import cycles_since

Tell = Callable[[int, int], None]
"""Told how many answers are given, and of how many."""

BETWEEN_ANSWERS = timedelta(minutes=1)
ANSWERS_AFTER = timedelta(hours=1)
"""From nine o'clock in the last zone, when all have been asked, to the first answer."""


@dataclass
class Outcome:
    """What came of a replay."""

    checks: list[Check] = field(default_factory=list)
    mends: list[Mend] = field(default_factory=list)
    refused_by_import: list[str] = field(default_factory=list)
    """What the import says to the files as published."""
    calls: dict[str, int] = field(default_factory=dict)
    """The bot's calls of the Web API, by method."""
    seconds: float = 0.0

    @property
    def failed(self) -> list[Check]:
        """The checks that do not hold."""
        return [each for each in self.checks if not each.holds]


async def replay(
    portfolio: Portfolio, database_url: str, folder: Path, tell: Tell = lambda _done, _total: None
) -> Outcome:
    """Play a portfolio in an empty database at the newest version, and check what came of it."""
    began = perf_counter()
    async with (
        sandbox_process("--rate-limits", "--manifest", "slack_manifest.json") as url,
        ControlClient(f"{url}/control") as control,
    ):
        await _seed(control, portfolio)
        async with _trial(control, bot_settings(f"{url}/api/", database_url), portfolio) as trial:
            play = _Play(portfolio, control, trial, folder, tell)
            outcome = await play.run()
    outcome.seconds = perf_counter() - began
    return outcome


@asynccontextmanager
async def _trial(
    control: ControlClient, settings: Settings, portfolio: Portfolio
) -> AsyncIterator[Trial]:
    async def follow(instant: datetime) -> None:
        await control.post("/clock", {"set": instant.isoformat(), "running": False})

    start = _noon_before(portfolio.years[0])
    async with open_trial(settings, start, follow) as trial:
        await trial.set_time(start)
        yield trial


async def _seed(control: ControlClient, portfolio: Portfolio) -> None:
    """Fill the workspace: a PM for every few projects, a chair and a channel for each council."""
    bot = (await control.get("/state"))["bot_user_id"]
    managers = sorted({each.user: each for each in portfolio.managers.values()}.items())
    for user, manager in managers:
        await _user(control, user, manager.name, manager.timezone)
    await _user(control, "pmo", "Portfolio office", "Europe/London")
    await _channel(control, "pmo-office", ["pmo", bot])
    for department in portfolio.departments:
        chair = f"{slug(department)}-chair"
        await _user(control, chair, f"{department} chair", "Europe/London")
        await _channel(control, slug(department), [chair, bot])


async def _user(control: ControlClient, name: str, real_name: str, zone: str) -> None:
    body = {"name": name, "real_name": real_name, "email": f"{name}@{DOMAIN}", "tz": zone}
    await control.post("/users", body)


async def _channel(control: ControlClient, name: str, members: list[str]) -> None:
    await control.post("/channels", {"name": name, "members": members})


class _Play:
    """Lets the years pass."""

    def __init__(
        self,
        portfolio: Portfolio,
        control: ControlClient,
        trial: Trial,
        folder: Path,
        tell: Tell,
    ) -> None:
        self._portfolio = portfolio
        self._control = control
        self._trial = trial
        self._folder = folder
        self._tell = tell
        self._answered = 0
        self._outcome = Outcome()
        self._evidence = Evidence(portfolio)

    async def run(self) -> Outcome:
        """Play all years; gives the outcome with its checks."""
        await self._apply()
        for year in self._portfolio.years:
            await self._import(year)
            await self._ask(year)
            await self._answer(year)
            await self._report(year)
        outcome = self._outcome
        outcome.mends = [each for report in self._portfolio.reports for each in mends_of(report)]
        outcome.calls = (await self._control.get("/calls"))["calls"]
        await self._evidence.gather(self._control, self._trial.core.database)
        outcome.checks = checks_of(self._evidence)
        return outcome

    async def _apply(self) -> None:
        path = self._folder / "pmobot.yaml"
        path.write_text(self._portfolio.configuration_file(), encoding="utf-8")
        applied = await self._trial.core.services.configure.apply_file(
            path, now=self._trial.clock.now(), actor="pmobot apply"
        )
        _make_sure(applied)

    async def _import(self, year: int) -> None:
        """Import the year's portfolio: what the import refuses as published, mended."""
        await self._trial.set_time(_noon_before(year))
        rows = self._portfolio.known_in(year)
        refused = await self._import_rows(year, rows, dry_run=True)
        self._outcome.refused_by_import += [f"{year}, {each}" for each in refused.problems]
        _make_sure(await self._import_rows(year, map(with_fitting_dates, rows)))

    async def _import_rows(
        self, year: int, rows: Iterable[Published], *, dry_run: bool = False
    ) -> ImportOutcome:
        path = self._folder / f"portfolio-{year}.csv"
        path.write_text(self._portfolio.portfolio_file(year, rows), encoding="utf-8")
        return await self._trial.core.services.imports.import_file(
            path, now=self._trial.clock.now(), actor="pmobot import", dry_run=dry_run
        )

    async def _ask(self, year: int) -> None:
        zones = {each.timezone for each in self._portfolio.managers.values()}
        for instant in sorted(_nine_o_clock(year, zone) for zone in zones):
            await self._pass_to(instant)

    async def _answer(self, year: int) -> None:
        """Let each PM answer, one project after the other."""
        managers = self._portfolio.managers
        reports = sorted(
            self._portfolio.of_year(year), key=lambda each: (managers[each.code].user, each.code)
        )
        await self._pass_to(self._trial.clock.now() + ANSWERS_AFTER)
        for user, mine in groupby(reports, key=lambda each: managers[each.code].user):
            person = Person(self._control, user)
            for report in mine:
                await self._trial.set_time(self._trial.clock.now() + BETWEEN_ANSWERS)
                result = await person.report(report.code, answers_of(report))
                self._evidence.submitted(report, result)
                self._answered += 1
                self._tell(self._answered, len(self._portfolio.reports))
            await self._trial.settle()

    async def _report(self, year: int) -> None:
        """Let the cut-off and the digest come; then compose every digest once more."""
        core = self._trial.core
        async with core.database.reading() as session:
            cycles = await cycles_since(session, core.workspace_id, _ask_day(year))
        for instant in sorted(
            {each.cut_off_at for each in cycles} | {each.digest_at for each in cycles}
        ):
            await self._pass_to(instant)
        self._evidence.composed += await compose_cycles_again(core, cycles, self._control)

    async def _pass_to(self, instant: datetime) -> None:
        await self._trial.set_time(instant)
        await self._trial.settle()


def _ask_day(year: int) -> date:
    return date(year, *ASK_DAY)


def _nine_o_clock(year: int, zone: str) -> datetime:
    return datetime.combine(_ask_day(year), time(9), ZoneInfo(zone)).astimezone(UTC)


def _noon_before(year: int) -> datetime:
    """Some days before a year's ask day, when its portfolio file is imported."""
    return datetime.combine(_ask_day(year) - timedelta(days=5), time(12), UTC)


def _make_sure(outcome: ApplyOutcome | ImportOutcome) -> None:
    if not outcome.applied:
        raise RuntimeError("\n".join(str(each) for each in outcome.problems))


# --- the command


def main(
    data: Annotated[Path, typer.Option(help="The published reports, as CSV.")] = DATA,
    *,
    postgresql: Annotated[
        bool, typer.Option("--postgresql", help="On PostgreSQL instead of SQLite.")
    ] = False,
) -> None:
    """Play the real portfolio through the whole product, and check what came of it."""
    if not data.exists():
        typer.echo(f"There is no {data}; give the file with --data.", err=True)
        raise typer.Exit(2)
    portfolio = Portfolio(read_published(data))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pmobot-replay-")))
        url = _postgresql(stack) if postgresql else f"sqlite:///{folder}/pmobot.sqlite3"
        progress = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        task = progress.add_task(f"Answers of {len(portfolio.years)} years")
        outcome = asyncio.run(
            _migrated_and_replayed(
                portfolio,
                url,
                folder,
                lambda done, total: progress.update(task, completed=done, total=total),
            )
        )
    _show(outcome)
    sys.exit(bool(outcome.failed))


def _postgresql(stack: ExitStack) -> str:
    from tests.support.postgres import running_postgres

    server = stack.enter_context(running_postgres())
    if server is None:
        typer.echo("PostgreSQL is not installed (looked for initdb).", err=True)
        raise typer.Exit(2)
    return server.url


async def _migrated_and_replayed(
    portfolio: Portfolio, url: str, folder: Path, tell: Tell
) -> Outcome:
    database = Database(url)
    await schema.upgrade(database)
    await database.close()
    return await replay(portfolio, url, folder, tell)


def _show(outcome: Outcome) -> None:
    console = Console()
    console.print(_mended(outcome))
    for problem in outcome.refused_by_import:
        console.print(f"the import refused, as published: {problem}", markup=False)
    console.print(_table("Checks", ("", "What", "Found"), _check_rows(outcome)))
    for check in outcome.failed:
        for detail in check.details:
            console.print(f"{check.what}: {detail}", markup=False)
    calls = ", ".join(f"{count} {name}" for name, count in sorted(outcome.calls.items()))
    console.print(f"The bot's calls: {calls}")
    console.print(f"{outcome.seconds:.0f} s in all")


def _mended(outcome: Outcome) -> Table:
    counts = Counter(each.what for each in outcome.mends)
    rows = ((what, str(count), _examples(outcome, what)) for what, count in counts.most_common())
    return _table("Mended or missing", ("What", "Reports", "Which"), rows)


def _examples(outcome: Outcome, what: str) -> str:
    found = [each for each in outcome.mends if each.what == what]
    if len(found) > 3:
        return ", ".join(
            f"{count} in {year}" for year, count in sorted(Counter(e.year for e in found).items())
        )
    return "; ".join(f"{each.year} {each.code} {each.detail}".strip() for each in found)


def _check_rows(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    for check in outcome.checks:
        yield "ok" if check.holds else "FAILED", check.what, check.found


def _table(title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    return table


if __name__ == "__main__":
    typer.run(main)

"""What answering costs a PM: five projects, of which four are unchanged.

    python -m benchmarks.presses

Played by the real bot over Socket Mode against a sandbox, the bot's time moved by hand. Counted are
presses of buttons, forms that open, and fields that are filled in; what sends a form is one press.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.common import bot_settings
from bot import schema
from bot.trial import Trial, open_trial
from demo.control import ControlClient
from demo.person import Person
from models.base import Database
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.manifest import read_manifest

CODES = ("ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO")
START = datetime(2026, 11, 18, tzinfo=UTC)

_CONFIGURATION = """\
timezone: UTC
councils:
  - name: Council
    channel: council
    chair: pm@example.edu
    members: [pm@example.edu]
    reporting: {every: "FREQ=WEEKLY;BYDAY=WE", first: 2026-11-18, ask_at: "09:00",
                cut_off: "+2d 15:00", digest: "+3d 08:00"}
"""
_PORTFOLIO = "code,name,council,phase,pm\n" + "".join(
    f"{code},Project {code},Council,execution,pm@example.edu\n" for code in CODES
)


@dataclass
class Office:
    """A PM with five projects, and what answering has cost them so far."""

    trial: Trial
    pm: Person
    effort: Counter[str] = field(default_factory=Counter)

    async def at(self, day: int, hour: int) -> None:
        """Let it be that time in November, and the bot do what is due then."""
        await self.trial.set_time(datetime(2026, 11, day, hour, tzinfo=UTC))
        await self.trial.settle()

    async def no_change(self, code: str) -> None:
        """One press."""
        await self.pm.press(code, "No change")
        self.effort["presses"] += 1

    async def report(self, code: str, **answers: str | None) -> None:
        """Open the form, fill in some fields, send it."""
        await self.pm.report(code, answers)
        self.effort.update(presses=2, forms=1, fields=len(answers))


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[Office, Running]]:
    """The PM, asked for the second time; everything was green the week before."""
    database_url = await _migrated(folder)
    options = SandboxOptions(config=read_manifest(Path("slack_manifest.json")))
    async with running_sandbox(options=options) as sandbox:
        pm = sandbox.workspace.add_user("pm", real_name="Pia", email="pm@example.edu", tz="UTC")
        everybody = list(sandbox.workspace.users)  # the bot too
        sandbox.workspace.add_channel("council", members=everybody)

        async def follow(instant: datetime) -> None:
            sandbox.workspace.clock.set_time(instant, running=False)

        settings = bot_settings(sandbox.api_base_url, database_url)
        async with (
            open_trial(settings, START, follow) as trial,
            ControlClient(f"{sandbox.url}/control") as control,
        ):
            await trial.set_time(START)
            await _take_files(trial, folder)
            made = Office(trial, Person(control, pm.id))
            await made.at(18, 9)
            for code in CODES:
                await made.report(code, health="Green", done="Tested it", next="Go live")
                await trial.settle()
            await made.at(20, 15)
            await made.at(23, 8)
            await made.at(25, 9)
            made.effort.clear()
            yield made, sandbox
            await sandbox.delivery.drain()


async def _migrated(folder: Path) -> str:
    """The address of a new database at the newest version."""
    database = Database(f"sqlite:///{folder}/pmobot.sqlite3")
    await schema.upgrade(database)
    await database.close()
    return f"sqlite:///{folder}/pmobot.sqlite3"


async def _take_files(trial: Trial, folder: Path) -> None:
    services, now = trial.core.services, trial.clock.now()
    configuration, portfolio = folder / "pmobot.yaml", folder / "portfolio.csv"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    portfolio.write_text(_PORTFOLIO, encoding="utf-8")
    applied = await services.configure.apply_file(configuration, now=now, actor="benchmark")
    imported = await services.imports.import_file(portfolio, now=now, actor="benchmark")
    if problems := [*applied.problems, *imported.problems]:
        raise RuntimeError("\n".join(map(str, problems)))


async def _main(console: Console) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with office(Path(folder)) as (made, _sandbox):
            for code in CODES[:-1]:
                await made.no_change(code)
            unchanged = made.effort.copy()
            made.effort.clear()
            await made.report(CODES[-1], health="Yellow", why="The vendor is late")
            await made.trial.settle()
            changed = made.effort
            last = (await made.pm.messages())[-1]
    for name, effort in (("four unchanged", unchanged), ("one changed", changed)):
        counted = ", ".join(f"{effort[each]} {each}" for each in ("presses", "forms", "fields"))
        console.print(f"{name}: {counted}")
    console.print(f"the notification then: {last['text']}")


if __name__ == "__main__":
    asyncio.run(_main(Console()))

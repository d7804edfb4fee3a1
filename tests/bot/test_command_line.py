"""`pmobot` as an operator meets it: as a process of its own, with its exit codes and texts."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import func, select

from bot.runtime import open_core
from models.base import Database
from models.portfolio import Council, Project
from sandbox.app import Running
from tests.support.scene import (
    APP_TOKEN,
    BOT_TOKEN,
    CONFIGURATION,
    PORTFOLIO,
    ROOT,
    fresh_copy,
    settings_for,
)

PMOBOT = (str(Path(sys.executable).with_name("pmobot")),)
MODULE = (sys.executable, "-m", "bot")
COMMANDS = ("run", "migrate", "import", "apply", "doctor", "rehearse", "demo", "knowledge")


@dataclass(frozen=True)
class Ran:
    """What a process left behind."""

    code: int | None
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """A folder to run commands in, with the environment of one bot."""

    folder: Path
    environment: dict[str, str]

    async def start(
        self, *arguments: str, program: tuple[str, ...] = PMOBOT, **environment: str
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *program,
            *arguments,
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=PIPE,
            stderr=PIPE,
        )

    async def run(
        self, *arguments: str, program: tuple[str, ...] = PMOBOT, **environment: str
    ) -> Ran:
        process = await self.start(*arguments, program=program, **environment)
        out, err = await process.communicate()
        ran = Ran(process.returncode, out.decode(), err.decode())
        assert "Traceback" not in ran.err, ran.err
        assert BOT_TOKEN not in ran.out + ran.err
        assert APP_TOKEN not in ran.out + ran.err
        return ran

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    @property
    def database_url(self) -> str:
        return self.environment["DATABASE_URL"]

    async def count(self, table: type[Project | Council]) -> int:
        """How many rows a table has."""
        database = Database(self.database_url)
        async with database.reading() as session:
            rows: int = (await session.exec(select(func.count()).select_from(table))).one()
        await database.close()
        return rows


@pytest.fixture
def shell(sqlite_template: Path, tmp_path: Path, sandbox: Running) -> Shell:
    """A bot's environment on a migrated database, in a folder without an `.env`."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return Shell(
        tmp_path,
        {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_BASE_URL": sandbox.api_base_url,
            "DATABASE_URL": fresh_copy(sqlite_template, tmp_path),
            "PMOBOT_PORT": "0",
        },
    )


async def test_every_command_explains_itself(shell: Shell) -> None:
    whole, *each = await asyncio.gather(
        shell.run("--help"), *(shell.run(name, "--help") for name in COMMANDS)
    )
    assert {ran.code for ran in (whole, *each)} == {0}
    listed = re.findall(r"^│ (\w+) ", whole.out.partition("Commands")[2], re.MULTILINE)
    assert listed == list(COMMANDS)
    for name, ran in zip(COMMANDS, each, strict=True):
        assert f"pmobot {name}" in ran.out


async def test_the_module_is_the_same_command(shell: Shell) -> None:
    mine, other, wrong = await asyncio.gather(
        shell.run("migrate", "--help"),
        shell.run("migrate", "--help", program=MODULE),
        shell.run("fly"),
    )
    assert other.out.replace("python -m bot", "pmobot").split() == mine.out.split()
    assert wrong.code == 2
    assert "No such command 'fly'" in wrong.err


async def test_migrating_twice_changes_nothing(shell: Shell) -> None:
    url = f"sqlite:///{shell.folder}/new.sqlite3"
    first = await shell.run("migrate", DATABASE_URL=url)
    second = await shell.run("migrate", DATABASE_URL=url, program=MODULE)
    assert (first.code, second.code) == (0, 0)
    assert re.fullmatch(r"The database is now at version \w+ \(before: empty\)\.\n", first.out)
    assert re.fullmatch(r"The database is at the newest version already \(\w+\)\.\n", second.out)


async def test_run_refuses_what_is_wrong_in_the_environment(shell: Shell) -> None:
    wrong, unreachable = await asyncio.gather(
        shell.run("run", PMOBOT_MODE="pigeon", DATABASE_URL="mysql://u:hidden@h/d"),
        shell.run("migrate", DATABASE_URL="sqlite:////no/where/pmobot.sqlite3"),
    )
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.splitlines() == [
        "DATABASE_URL: 'mysql' is not supported; use sqlite:///FILE or postgresql://...",
        "PMOBOT_MODE: Input should be 'socket' or 'http'",
    ]
    assert (unreachable.code, unreachable.err) == (
        1,
        "DATABASE_URL: can't open the database: unable to open database file\n",
    )


@pytest.fixture
async def configured(shell: Shell) -> Shell:
    """The same, with the configuration applied."""
    settings = settings_for(shell.environment["SLACK_API_BASE_URL"], shell.database_url)
    async with open_core(settings) as core:
        applied = await core.services.configure.apply_file(
            shell.folder / shell.write("pmobot.yaml", CONFIGURATION),
            now=core.clock.now(),
            actor="test",
            dry_run=False,
        )
    assert applied.applied
    return shell


async def test_a_configuration_is_tried_and_then_applied(shell: Shell) -> None:
    right = shell.write("pmobot.yaml", CONFIGURATION)
    wrong = shell.write("wrong.yaml", CONFIGURATION.replace('"09:00"', '"nine"'))
    dry, refused, missing = await asyncio.gather(
        shell.run("apply", right, "--dry-run"),
        shell.run("apply", wrong),
        shell.run("apply", "no-such-file.yaml"),
    )
    assert (dry.code, refused.code, missing.code) == (0, 1, 1)
    assert await shell.count(Council) == 0
    assert "new council: ITS Council" in dry.out
    assert "\nITS Council: every week on Wednesday, asked at 09:00 of each" in dry.out
    assert dry.out.endswith("dry run, nothing saved.\n")
    first = refused.err.splitlines()[0]
    assert first.startswith("wrong.yaml: line 11, councils.reporting.ask_at: 'nine' is not a time")
    assert "write it as 09:00" in first
    assert "no-such-file.yaml" in missing.err
    applied = await shell.run("apply", right)
    assert (applied.code, await shell.count(Council)) == (0, 2)


async def test_a_portfolio_is_tried_and_then_imported_once(configured: Shell) -> None:
    right = configured.write("portfolio.csv", PORTFOLIO)
    dry = await configured.run("import", right, "--dry-run")
    assert (dry.code, await configured.count(Project)) == (0, 0)
    assert dry.out.endswith("7 new, 0 changed, 0 unchanged: dry run, nothing saved.\n")
    imported = await configured.run("import", right)
    assert (imported.code, await configured.count(Project)) == (0, 7)
    again = await configured.run("import", right)
    assert again.out.endswith("0 new, 0 changed, 7 unchanged: saved.\n")
    assert again.err == ""


async def test_a_portfolio_with_a_bad_row_is_taken_whole_or_in_part(configured: Shell) -> None:
    mistyped = PORTFOLIO.replace("simon@example.edu", "simone@example.edu", 1)
    wrong = configured.write("portfolio.csv", mistyped)
    refused = await configured.run("import", wrong)
    assert (refused.code, await configured.count(Project)) == (1, 0)
    assert "portfolio.csv: line 5, pm: " in refused.err
    assert "Did you mean simon@example.edu?" in refused.err
    assert refused.out.endswith("nothing saved.\n")
    partial = await configured.run("import", wrong, "--partial")
    assert (partial.code, await configured.count(Project)) == (1, 6)
    assert partial.out.endswith("saved.\n")


async def test_a_running_bot_that_is_terminated_stops_cleanly(
    shell: Shell, sandbox: Running
) -> None:
    process = await shell.start("run")
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    found = re.fullmatch(r"pmobot is running; (http://127\.0\.0\.1:\d+/readyz)\n", line)
    assert found, line
    async with aiohttp.ClientSession() as session, session.get(found[1]) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, out) == (0, b"")
    assert "Traceback" not in err.decode()
    assert "stopping: the work in hand is finished first" in err.decode()
    assert await sandbox.workspace.wait_until(lambda: not sandbox.delivery.connected)

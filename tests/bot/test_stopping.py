"""A bot that is asked to stop finishes what is in hand, in the real process and over the wire."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typing_extensions import override

from bot.hands import Hands
from bot.settings import Settings
from bot.trial import Trial, open_trial
from jobs.delivery import SideBySide
from models.base import Database
from models.collecting import StatusReport
from models.delivery import Delivery
from models.enums import DeliveryState
from sandbox.app import Running as Sandbox
from tests.conftest import NOW
from tests.support.clock import FakeClock
from tests.support.delivering import Bench
from tests.support.messenger import FakeMessenger
from tests.support.scene import (
    APP_TOKEN,
    BOT_TOKEN,
    ROOT,
    START,
    Scene,
    fresh_copy,
    settings_for,
    take_files,
)

ASKED = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
GREEN: dict[str, str | None] = {"health": "Green", "done": "Tested it", "next": "Go live"}


@dataclass(frozen=True)
class Bot:
    """The bot as a process, at a time at which it has asked everybody."""

    process: Process
    scene: Scene
    file: Path
    log: Path

    async def told(self, what: str) -> None:
        """Wait for something in the log."""
        async with asyncio.timeout(20):
            while what not in self.log.read_text():  # noqa: ASYNC110 - it is a file
                await asyncio.sleep(0.01)

    async def ended(self) -> tuple[int, str]:
        """How it ended, and the log."""
        async with asyncio.timeout(30):
            code = await self.process.wait()
        log = self.log.read_text()
        assert BOT_TOKEN not in log
        assert APP_TOKEN not in log
        return code, log

    @asynccontextmanager
    async def busy_database(self) -> AsyncIterator[None]:
        """Keep everybody else from writing, for as long as the block lasts."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()

    async def rows(self, table: Any) -> list[Any]:
        database = Database(f"sqlite:///{self.file}")
        async with database.reading() as session:
            found = list((await session.exec(select(table))).all())
        await database.close()
        return found


@pytest.fixture
async def bot(sqlite_template: Path, tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Bot]:
    url = fresh_copy(sqlite_template, tmp_path)
    settings = settings_for(sandbox.api_base_url, url)

    async def follow(instant: datetime) -> None:
        sandbox.workspace.clock.set_time(instant, running=False)

    async with open_trial(settings, START, follow) as trial:
        await trial.set_time(START)
        await take_files(trial.core, tmp_path)
        await trial.set_time(ASKED)
        await trial.settle()
    async with started(settings, trial.clock.now(), tmp_path / "log") as process:
        scene = Scene(sandbox, trial.core, trial.clock, settings, "", _nothing, _not_moved)
        yield Bot(process, scene, tmp_path / "scene.sqlite3", tmp_path / "log")


async def _nothing() -> None:
    """Settling is the process's own matter."""


async def _not_moved(_instant: datetime) -> None:
    raise AssertionError("time stands still")


@asynccontextmanager
async def started(settings: Settings, now: datetime, log: Path) -> AsyncIterator[Process]:
    file = log.open("w")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.asked_bot", now.isoformat()),
        cwd=ROOT,
        env={
            **os.environ,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_BASE_URL": settings.slack_api_base_url,
            "DATABASE_URL": settings.database_url,
            "PMOBOT_PORT": "0",
            "PMOBOT_SEMANTIC": "off",  # its line in the log would come before the one that is read
            "PMOBOT_LOG_LEVEL": "debug",  # in which Bolt tells when a listener begins
        },
        stdout=PIPE,
        stderr=file,
    )
    file.close()
    assert process.stdout is not None
    try:
        assert (await process.stdout.readline()).startswith(b"pmobot is running")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_form_in_hand_is_saved_and_answered(bot: Bot) -> None:
    view = await bot.scene.open_form("priya", "APOLLO")
    async with bot.busy_database():
        sending = asyncio.create_task(bot.scene.send("priya", view, GREEN))
        await bot.told("Running listener: submit_form")
        bot.process.send_signal(signal.SIGTERM)
        await bot.told("stopping: the work in hand is finished first")
    result = await sending
    assert (result.ok, result.errors) == (True, None)
    top = bot.scene.sandbox.workspace.top_view(bot.scene.id("priya"))
    assert top is not None
    assert top.payload["title"]["text"] == "Saved"  # the receipt has taken its place
    code, log = await bot.ended()
    assert (code, "Traceback" in log) == (0, False)
    (report,) = await bot.rows(StatusReport)
    assert report.done == "Tested it"
    assert {row.state for row in await bot.rows(Delivery)} <= {
        DeliveryState.SENT,
        DeliveryState.DUE,
    }


async def test_a_message_that_was_acknowledged_is_still_dealt_with(bot: Bot) -> None:
    workspace = bot.scene.sandbox.workspace
    dm = workspace.dm(bot.scene.id("simon"))
    async with bot.busy_database():
        await bot.scene.sandbox.acting.post(bot.scene.id("simon"), dm.id, "hello")
        await bot.told("Applying AsyncCustomMiddleware(func=take_in)")
        bot.process.send_signal(signal.SIGINT)
        await bot.told("stopping: the work in hand is finished first")
    code, log = await bot.ended()
    assert (code, "Traceback" in log) == (0, False)
    assert [row.kind for row in await bot.rows(Delivery)].count("handbook_politeness") == 1


async def test_a_second_signal_ends_it_at_once(bot: Bot) -> None:
    view = await bot.scene.open_form("priya", "APOLLO")
    async with bot.busy_database():
        sending = asyncio.create_task(bot.scene.send("priya", view, GREEN))
        await bot.told("Running listener: submit_form")
        bot.process.send_signal(signal.SIGINT)
        await bot.told("stopping: the work in hand is finished first")
        bot.process.send_signal(signal.SIGINT)
        code, _log = await bot.ended()
    assert code == 130
    assert not (await sending).ok
    assert await bot.rows(StatusReport) == []


async def test_the_log_of_a_process_is_json_with_one_id_from_click_to_delivery(bot: Bot) -> None:
    await bot.scene.report("simon", "DELTA", **GREEN)
    await bot.told("status_request")
    bot.process.send_signal(signal.SIGTERM)
    _code, log = await bot.ended()
    for line in log.splitlines():
        assert json.loads(line)["event"]
    (trace,) = {row.trace for row in await bot.rows(Delivery) if row.revision > 1}
    assert len(trace) == 8


async def test_a_trial_ends_when_what_is_in_hand_has_come_to_its_end(
    sqlite_template: Path,
    tmp_path: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[str] = []
    close = Database.close

    async def noted_close(self: Database) -> None:
        ended.append("the database")
        await close(self)

    async def listener(trial: Trial) -> None:
        with trial.core.bolt.hands.holding():
            async with trial.core.database.reading() as session:
                await session.exec(select(Delivery))
                await asyncio.sleep(0.1)
            ended.append("the listener")

    monkeypatch.setattr(Database, "close", noted_close)
    settings = settings_for(sandbox.api_base_url, fresh_copy(sqlite_template, tmp_path))
    async with open_trial(settings, START, _follow_nothing) as trial:
        task = asyncio.create_task(listener(trial))
    await task
    assert ended == ["the listener", "the database"]


async def _follow_nothing(_instant: datetime) -> None:
    """The workspace keeps its own time."""


# --- the parts


async def test_hands_are_empty_once_the_last_is_put_down() -> None:
    hands = Hands()
    assert await hands.emptied(1) == 0
    hands.take()
    with hands.holding():
        assert await hands.emptied(0.01) == 2
    hands.put_down()
    assert await hands.emptied(1) == 0


async def test_what_a_task_takes_in_hand_at_its_first_step_is_waited_for() -> None:
    hands, ended = Hands(), asyncio.Event()

    async def listener() -> None:
        with hands.holding():
            await asyncio.sleep(0.01)
            ended.set()

    task = asyncio.ensure_future(listener())
    assert await hands.emptied(1) == 0
    assert ended.is_set()
    await task


async def test_a_delivery_that_is_cut_off_is_handed_over_within_seconds(
    any_database: Database, any_workspace_id: int
) -> None:
    bench = Bench(any_database, any_workspace_id, FakeClock(NOW))
    stuck = Stuck()
    stuck.begun = asyncio.Event()
    together = SideBySide(bench.worker(stuck), lambda: None)
    await bench.say("once", "a")
    assert await together.run(bench.clock.now())
    await stuck.begun.wait()
    await together.close(grace_seconds=0.01)
    assert await bench.elapse(seconds=4) == 0
    assert await bench.elapse(seconds=2) > 0
    assert "find" in bench.slack.calls
    assert bench.slack.texts("C1") == ["once"]


class Stuck(FakeMessenger):
    """A Slack that never answers a post."""

    begun: asyncio.Event

    @override
    async def post(self, *_: Any, **__: Any) -> Any:
        self.begun.set()
        await asyncio.Event().wait()

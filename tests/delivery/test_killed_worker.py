"""A worker's process is killed between Slack's taking a message and its writing that down."""

import asyncio
import signal
import sys
from pathlib import Path

from bot.slack import SlackMessenger, posting_client
from domain.delivery.messages import Place
from models.base import Database
from models.enums import DeliveryState
from sandbox.app import Running, running_sandbox
from tests.support.clock import FakeClock
from tests.support.delivering import Bench

ROOT = Path(__file__).parents[2]


async def be_killed(bench: Bench, sandbox: Running) -> None:
    """Start a worker as a process of its own, and see it die."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.killed_worker",
        bench.database.url,
        str(bench.workspace_id),
        sandbox.api_base_url,
        bench.clock.now().isoformat(),
        cwd=ROOT,
    )
    assert await worker.wait() == -signal.SIGKILL


async def test_the_message_is_found_by_who_takes_over_and_stands_there_once(
    any_database: Database, any_workspace_id: int, clock: FakeClock
) -> None:
    async with running_sandbox() as sandbox:
        sandbox.workspace.clock.set_time(clock.now(), running=False)
        bot = sandbox.workspace.bot_user_id
        channel = sandbox.workspace.add_channel("general", members=[bot])
        messenger = SlackMessenger(posting_client("xoxb-1", sandbox.api_base_url))
        bench = Bench(any_database, any_workspace_id, clock, messenger)
        await bench.say("hello", "k", Place.channel(channel.id))
        await be_killed(bench, sandbox)
        assert (await bench.row("k")).state is DeliveryState.SENDING
        assert await bench.elapse(seconds=59) == 0
        await bench.elapse(seconds=1)
        (message,) = sandbox.workspace.messages_in(channel.id)
        row = await bench.row("k")
        assert (row.state, row.slack_ts) == (DeliveryState.SENT, message.ts)
        assert sandbox.calls.counts["chat.postMessage"] == 1

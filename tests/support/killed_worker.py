"""A worker that is killed the moment Slack has taken its message: `python -m` this, as a process.

Arguments: the database's address, the workspace's number, the Web API's address, the instant.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import override

from bot.slack import SlackMessenger, posting_client
from domain.ports import Posted
from models.base import Database
from tests.support.clock import FakeClock
from tests.support.delivering import Bench


class KilledMessenger(SlackMessenger):
    """Posts, and never comes to tell."""

    @override
    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        await super().post(channel_id, text, blocks, opaque_id, thread_ts)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


async def main(database_url: str, workspace_id: str, api_base_url: str, now: str) -> None:
    """Do one unit of work."""
    messenger = KilledMessenger(posting_client("xoxb-1", api_base_url))
    clock = FakeClock(datetime.fromisoformat(now))
    bench = Bench(Database(database_url), int(workspace_id), clock, messenger)
    await bench.service.deliver_next(clock.now())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

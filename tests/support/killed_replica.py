"""A replica on PostgreSQL that is killed the moment Slack has taken its message: `python -m` this.

Arguments: the database's address, the workspace's number, the Web API's address, the instant.
"""

import asyncio
import sys
from datetime import datetime

from bot.slack import posting_client
from models.base import Database
from tests.support.carriers import ByJobs, gather_runs
from tests.support.clock import FakeClock
from tests.support.delivering import Bench
from tests.support.killed_worker import KilledMessenger


async def main(database_url: str, workspace_id: str, api_base_url: str, now: str) -> None:
    """Take a job."""
    messenger = KilledMessenger(posting_client("xoxb-1", api_base_url))
    clock = FakeClock(datetime.fromisoformat(now))
    bench = Bench(Database(database_url), int(workspace_id), clock, messenger)
    await gather_runs([ByJobs(bench).replica()])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

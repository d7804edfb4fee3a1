"""What the benchmarks share: processes of their own, figures about times, the machine's name."""

import asyncio
import os
import platform
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from pydantic import SecretStr

from bot.settings import Mode, Settings

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-benchmark", "SLACK_APP_TOKEN": "xapp-benchmark"}

STOP_SECONDS = 20.0
LOG_LINES = 20


def bot_settings(api_base_url: str, database_url: str) -> Settings:
    """What the bot would be told by its environment; the user's own tokens play no part."""
    values = {
        "slack_bot_token": SecretStr(TOKENS["SLACK_BOT_TOKEN"]),
        "slack_app_token": SecretStr(TOKENS["SLACK_APP_TOKEN"]),
        "slack_api_base_url": api_base_url,
        "database_url": database_url,
        "PMOBOT_MODE": Mode.SOCKET,
        "PMOBOT_HOST": HOST,
        "PMOBOT_PORT": 0,
    }
    return Settings.model_validate(values)


def bot_environment(api_base_url: str, database_url: str) -> dict[str, str]:
    """The same for a bot that is a process of its own."""
    return {
        **TOKENS,
        "SLACK_API_BASE_URL": api_base_url,
        "DATABASE_URL": database_url,
        "PMOBOT_HOST": HOST,
        "PMOBOT_PORT": "0",
    }


@asynccontextmanager
async def python_process(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run `python ARGUMENTS` until the block ends; gives the process and its first line.

    Raises:
        RuntimeError: it ended before it said anything; with the end of its log.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    log: deque[bytes] = deque(maxlen=LOG_LINES)
    readers = [asyncio.create_task(_keep(process.stderr, log))]
    try:
        line = await process.stdout.readline() if process.stdout else b""
        if not line:
            await readers[0]
            msg = f"{arguments[:2]} ended before it was up:\n{b''.join(log).decode()}"
            raise RuntimeError(msg)
        readers.append(asyncio.create_task(_keep(process.stdout, deque(maxlen=0))))
        yield process, line.decode().strip()
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
        await asyncio.gather(*readers)


@asynccontextmanager
async def sandbox_process(*options: str) -> AsyncIterator[str]:
    """Run a sandbox as a process of its own, on a free port; gives its address."""
    async with python_process("-m", "sandbox", "--port", "0", *options) as (_process, line):
        yield line.split()[-1].rstrip("/")


async def _keep(stream: asyncio.StreamReader | None, lines: deque[bytes]) -> None:
    """Read all that a process says, so that it never waits for a reader; keep its last lines."""
    while stream is not None and (line := await stream.readline()):
        lines.append(line)


def percentile(values: Sequence[float], per_cent: int) -> float:
    """The value that so many per cent of the values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[per_cent - 1]


def machine() -> str:
    """Where and when this was measured, and how busy the machine has been in the last minute."""
    cores = os.cpu_count()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({platform.machine()}), "
        f"{platform.system()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )

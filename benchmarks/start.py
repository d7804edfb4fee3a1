"""From start to ready, and memory at rest.

    python -m benchmarks.start [--times 7]

`python -m bot run` as a process of its own, on a database with 300 projects, against a sandbox that
answers at once. Ready is when `/readyz` says so: connected to Slack and to the database.
"""

import asyncio
import re
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Annotated

import aiohttp
import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.common import bot_environment, machine, python_process, sandbox_process
from benchmarks.office import prepare
from demo.control import ControlClient

PROJECTS = 300
REST_SECONDS = 20.0
"""Long enough for every job to have looked for work several times."""


async def _measure(folder: Path, times: int) -> tuple[list[float], float]:
    """Seconds of each start, and the resident megabytes of the last bot after a while."""
    async with (
        sandbox_process("--manifest", "slack_manifest.json") as url,
        ControlClient(f"{url}/control") as control,
    ):
        database_url = await prepare(control, url, folder, PROJECTS)
        environment = bot_environment(f"{url}/api/", database_url)
        starts = [await _start(environment) for _ in range(times)]
        async with python_process("-m", "bot", "run", environment=environment) as (process, _line):
            await asyncio.sleep(REST_SECONDS)
            return starts, resident_megabytes(process.pid)


async def _start(environment: dict[str, str]) -> float:
    began = perf_counter()
    async with (
        aiohttp.ClientSession() as session,
        python_process("-m", "bot", "run", environment=environment) as (_process, line),
    ):
        ready_url = line.split()[-1]
        async with session.get(ready_url) as answer:
            answer.raise_for_status()
        return perf_counter() - began


def resident_megabytes(pid: int) -> float:
    """The memory of a process that is in RAM (Linux), in units of a million bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"no VmRSS for process {pid}")
    return int(found[1]) * 1024 / 1e6


def main(
    times: Annotated[
        int, typer.Option(help="Starts after the first one; their median counts.")
    ] = 7,
) -> None:
    """Measure start and memory; prints the lines of RESULTS.md."""
    with (
        tempfile.TemporaryDirectory(prefix="pmobot-start-") as folder,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        progress.add_task("Starting and stopping", total=None)
        starts, megabytes = asyncio.run(_measure(Path(folder), times + 1))
    warm = starts[1:]
    console = Console()
    console.print(machine())
    console.print(
        f"Start to ready: {median(warm):.2f} s (median of {len(warm)}; "
        f"{min(warm):.2f} to {max(warm):.2f}); the very first: {starts[0]:.2f} s"
    )
    console.print(f"Memory {REST_SECONDS:.0f} s later: {megabytes:.0f} MB")


if __name__ == "__main__":
    typer.run(main)

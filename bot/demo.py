"""`pmobot demo`: a local Slack workspace beside the bot, with the sample played up to now."""

import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import Progress

from bot import schema
from bot.manifest import manifest_path
from bot.runtime import Running, running
from bot.settings import Mode, Settings
from bot.single import SUFFIX, held
from bot.stopping import asked_to_stop
from bot.trial import Trial, open_trial
from demo import play
from demo.control import ControlClient
from domain.errors import SettingsError
from models.base import Database
from models.copying import next_instant

HOST = "127.0.0.1"
BEGUN = "begun"
"""The file that tells that the folder is the demo's own."""
PLAYED = "played"
"""The file that tells that the past has been played to its end."""

STATE, DATABASE, LOG = "slack.json", "pmobot.sqlite3", "sandbox.log"
LOCK = "demo-lock"
OWN_FILES = (
    *(STATE, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}{SUFFIX}", LOG),
    *(play.CONFIGURATION, play.PORTFOLIO),
)

START_SECONDS = 20.0
CLOCK_SECONDS = 0.5
"""How often the bot looks whether the visitor has moved the workspace's clock."""

SHORTEST_STEP, LONGEST_STEP = timedelta(minutes=10), timedelta(hours=6)
"""How far the bot's time goes at once when the visitor moves it on: a digest tells that it is late
from a quarter of an hour on, and planning looks a day ahead."""
STEP_SECONDS = 30.0
"""What the bot has at most for what is due at a step: it needs a fraction of one, and a few while
the machine is busy with other things."""

_log = logging.getLogger(__name__)


class FollowingClock:
    """The machine's clock, ahead by as much as the workspace's; implements `domain.ports.Clock`."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self.goal = timedelta()
        """How far the workspace is ahead, when the bot has yet to catch up."""

    def now(self) -> datetime:
        """The present instant in the workspace."""
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        """Wait for a turn within Slack's limits; who is behind anyway catches up instead."""
        ahead = max(self.offset, min(self.offset + timedelta(seconds=seconds), self.goal))
        passed, self.offset = ahead - self.offset, ahead
        await asyncio.sleep(seconds - passed / timedelta(seconds=1))


async def run_demo(folder: Path, port: int) -> None:
    """Start the workspace and the bot, and keep them until Ctrl-C.

    Raises:
        SettingsError: another demo has the folder, the port is taken, or the sandbox does not
            come up.
    """
    with _own(folder):
        _refuse_taken(port)
        is_played = _prepare(folder)
        settings = _settings(folder, port)
        await _migrate(settings)
        async with (
            _sandbox(folder, port),
            ControlClient(f"http://{HOST}:{port}/control") as control,
        ):
            if not is_played:
                await _play(folder, settings, control)
            await _serve(settings, control, port)


@contextmanager
def _own(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    cure = "Stop that one first, or give this one a folder of its own: pmobot demo --folder NAME"
    with held(folder / LOCK, f"The demo in {folder} is run", cure):
        yield


def _settings(folder: Path, port: int) -> Settings:
    """What the bot would be told by its environment; the user's own real tokens play no part."""
    values = {
        "slack_bot_token": SecretStr("xoxb-demo"),
        "slack_app_token": SecretStr("xapp-demo"),
        "slack_api_base_url": f"http://{HOST}:{port}/api/",
        "database_url": f"sqlite:///{folder.resolve()}/{DATABASE}",
        "PMOBOT_MODE": Mode.SOCKET,
        "PMOBOT_HOST": HOST,
        "PMOBOT_PORT": 0,
    }
    return Settings.model_validate(values)


def _prepare(folder: Path) -> bool:
    """Make the folder ready; whether the past has been played in it.

    An attempt that was interrupted half-way is forgotten.

    Raises:
        SettingsError: the folder is somebody else's: nothing in it is touched.
    """
    if (folder / PLAYED).exists():
        return True
    others = [each for each in folder.iterdir() if each.name != LOCK]
    if others and not (folder / BEGUN).exists():
        msg = (
            f"The folder {folder} has other files in it. "
            "Give the demo one of its own: pmobot demo --folder NAME"
        )
        raise SettingsError(msg)
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    (folder / BEGUN).touch()
    return False


async def _migrate(settings: Settings) -> None:
    """Bring the demo's own database to the newest version: an older pmobot may have played it."""
    database = Database(settings.database_url)
    await schema.upgrade(database)
    await database.close()


@asynccontextmanager
async def _sandbox(folder: Path, port: int) -> AsyncIterator[None]:
    with (folder / LOG).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sandbox", "--host", HOST, "--port", str(port)),
            *("--state", str(folder / STATE), "--manifest", str(manifest_path())),
            "--end-with-input",  # which the system closes when this process ends, also by kill -9
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the bot, which stops the sandbox last
        )
    try:
        await _until_up(process, port, folder)
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            msg = (
                f"Port {port} is taken ({error.strerror}), perhaps by another demo. "
                "Stop what uses it, or choose another: pmobot demo --port 8766"
            )
            raise SettingsError(msg) from error


async def _until_up(process: asyncio.subprocess.Process, port: int, folder: Path) -> None:
    url = f"http://{HOST}:{port}/control/state"
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    async with aiohttp.ClientSession() as session:
        while asyncio.get_running_loop().time() < deadline and process.returncode is None:
            with suppress(aiohttp.ClientError):
                await session.get(url)
                return
            await asyncio.sleep(0.1)
    msg = f"The sandbox did not start; {folder / LOG} says why."
    raise SettingsError(msg)


async def _play(folder: Path, settings: Settings, control: ControlClient) -> None:
    now = datetime.now(UTC)
    anchor = play.write_files(folder, now)
    state = await control.get("/state")
    await play.seed(control, state["bot_user_id"])

    async def follow(instant: datetime) -> None:
        await control.post("/clock", {"set": instant.isoformat(), "running": False})

    start = datetime.combine(anchor, datetime.min.time(), UTC) - timedelta(days=45)
    async with open_trial(settings, start, follow) as trial:
        await trial.set_time(start)
        await _load(trial, folder)
        typer.echo("Playing three reporting cycles; this takes half a minute, the first time only.")
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Playing three reporting cycles")
            stage = play.Stage(
                control=control,
                set_time=trial.set_time,
                settle=trial.settle,
                tell=lambda done, total: progress.update(task, completed=done, total=total),
            )
            await play.play(stage, anchor, now)
    await control.post("/clock", {"reset": True})
    (folder / PLAYED).touch()


async def _load(trial: Trial, folder: Path) -> None:
    services, now = trial.core.services, trial.clock.now()
    applied = await services.configure.apply_file(
        folder / play.CONFIGURATION, now=now, actor="pmobot apply", dry_run=False
    )
    imported = await services.imports.import_file(
        folder / play.PORTFOLIO, now=now, actor="pmobot import"
    )
    if not (applied.applied and imported.applied):
        problems = "\n".join(str(each) for each in (*applied.problems, *imported.problems))
        raise SettingsError(problems)


async def _serve(settings: Settings, control: ControlClient, port: int) -> None:
    stopped = asked_to_stop()
    clock = FollowingClock()
    # Where the visitor had left it: a bot that begins at real time would go back.
    clock.offset = timedelta(seconds=(await control.get("/clock"))["offset_seconds"])
    async with running(settings, clock, clock.sleep) as bot:
        await bot.core.services.answers.prepare()
        _welcome(port)
        following = asyncio.create_task(_follow(control, clock, bot))
        try:
            await stopped.wait()
        finally:
            following.cancel()


async def _follow(control: ControlClient, clock: FollowingClock, bot: Running) -> None:
    """Let the bot live in the workspace's time, and work at once when that is moved."""
    while True:
        try:
            answer = await control.get("/clock")
            offset = timedelta(seconds=answer["offset_seconds"])
            if offset != clock.offset:
                await pass_time(clock, offset, partial(_due, bot.core.database), bot.settle)
        except aiohttp.ClientError:
            pass  # the sandbox is busy or on its way down
        except Exception:  # noqa: BLE001 - else time would stand still for ever, and nobody hear why
            _log.exception("the bot's time could not be moved on; it is tried again")
        await asyncio.sleep(CLOCK_SECONDS)


async def pass_time(
    clock: FollowingClock,
    offset: timedelta,
    due_after: Callable[[datetime], Awaitable[datetime | None]],
    settle: Callable[[float], Awaitable[Collection[str]]],
) -> None:
    """Move the bot's time; what falls due on the way is done at its hour, and not late.

    Args:
        clock: the bot's.
        offset: how far it is to be ahead of the machine's.
        due_after: the next instant at which something is due.
        settle: lets the bot do what is due, for so many seconds at most; who is still at it then.
    """
    clock.goal = offset
    while True:
        now, end = clock.now(), datetime.now(UTC) + offset
        due = await due_after(now) or end
        step = min(max(due, now + SHORTEST_STEP), now + LONGEST_STEP)
        if step >= end:
            break
        clock.offset = step - datetime.now(UTC)
        await _done(clock, settle)
    clock.offset = offset
    await _done(clock, settle)


async def _done(
    clock: FollowingClock, settle: Callable[[float], Awaitable[Collection[str]]]
) -> None:
    """Go on only when all is done that was due: what is in hand would run out of its time."""
    if late := await settle(STEP_SECONDS):
        _log.warning(
            "at %s the bot was still at work after %.0f s (%s): its time goes on",
            *(clock.now().isoformat(" ", "minutes"), STEP_SECONDS, ", ".join(late)),
        )


async def _due(database: Database, now: datetime) -> datetime | None:
    async with database.reading() as session:
        return await next_instant(session, now)


def _welcome(port: int) -> None:
    typer.echo(
        "\n".join(
            (
                "",
                f"  pmobot is running in a local Slack workspace:  http://{HOST}:{port}/",
                "",
                "  Be Priya (five projects): open her messages with pmobot, press Update, send.",
                "  Be Carol (chair): read #its-council and the threads of its digests.",
                "  Her council has met: read its minutes. Within a week it meets again: run it.",
                "  Type /project help. Move the clock to see the next cut-off and digest.",
                "",
                "  Ctrl-C stops it; the next start takes seconds and keeps everything.",
            )
        )
    )

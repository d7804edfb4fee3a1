"""A workspace with people, councils and projects, and the real bot in it, over the wire.

The bot's time is moved by hand. What people do goes the way that it goes in Slack: the sandbox
delivers it, and what the bot says is read in the sandbox.
"""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import SecretStr

import jobs.collecting
import jobs.digests
from bot.runtime import Core, running
from bot.settings import Mode, Semantic, Settings
from bot.trial import PATIENCE, ManualClock, open_trial
from jobs.loop import until_idle
from sandbox.acting import ActionResult
from sandbox.app import Running as Sandbox
from sandbox.app import SandboxOptions, running_sandbox
from sandbox.inputs import interactive_elements
from sandbox.manifest import AppConfig, read_manifest
from sandbox.workspace import Message, View
from tests.support.handbook import bundled

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "slack_manifest.json"

BOT_TOKEN, APP_TOKEN = "xoxb-not-to-be-seen", "xapp-not-to-be-seen"
SIGNING_SECRET = "a-secret-not-to-be-seen"  # noqa: S105 - the sandbox's own

_WHOLE_ANSWER_SECONDS = 60.0
"""A rehearsal is a process of its own."""

START = datetime(2026, 11, 17, 0, 0, tzinfo=UTC)
"""A Tuesday: the first ask day is the next one."""

PEOPLE = {
    "priya": "America/New_York",
    "simon": "Europe/London",
    "arjun": "Asia/Kolkata",
    "ben": "America/New_York",
    "carol": "America/New_York",
    "omar": "America/New_York",
    "nadia": "Europe/London",
    "dana": "America/New_York",
    "erik": "Europe/Berlin",
}

CONFIGURATION = """\
timezone: America/New_York
pmo: {channel: pmo-office, members: [dana@example.edu]}
councils:
  - name: ITS Council
    channel: its-council
    chair: carol@example.edu
    members: [carol@example.edu, omar@example.edu]
    reporting: &weekly
      every: "FREQ=WEEKLY;BYDAY=WE"
      first: 2026-11-18
      ask_at: "09:00"
      cut_off: "+2d 15:00"
      digest: "+3d 08:00"
      freeze: "+4d 12:00"
  - name: STS Council
    channel: sts-council
    chair: nadia@example.edu
    members: [nadia@example.edu]
    reporting: *weekly
"""

PORTFOLIO = """\
code,name,council,phase,visibility,pm,deputy,sponsor,budget
APOLLO,Student Portal,ITS Council,execution,open,priya@example.edu,ben@example.edu,,500000
BOREAS,Learning Records,STS Council,execution,open,priya@example.edu,,,
CERES,Identity Renewal,ITS Council,execution,open,priya@example.edu,,,
DELTA,Data Warehouse,ITS Council,planning,open,simon@example.edu,,,
EOS,Timetables,STS Council,execution,open,arjun@example.edu,,,
FALCON,Merger Readiness,ITS Council,execution,restricted,priya@example.edu,,,
GAIA,Idea of a Lake,ITS Council,qualification,open,simon@example.edu,,,
"""


@dataclass(frozen=True)
class Scene:
    """The workspace and the bot; people are called by their names."""

    sandbox: Sandbox
    core: Core
    clock: ManualClock
    settings: Settings
    url: str
    """Where the bot answers HTTP; empty if it does not."""
    settle: Callable[[], Awaitable[None]]
    """Lets the bot do all that is due."""
    set_time: Callable[[datetime], Awaitable[None]]

    async def at(self, instant: datetime) -> None:
        """Let it be that time, and the bot do what is due then."""
        await self.set_time(instant)
        await self.settle()

    def id(self, name: str) -> str:
        """A person's Slack id."""
        user = self.sandbox.workspace.user_named(name)
        assert user is not None, f"nobody is called {name}"
        return user.id

    def dm(self, name: str) -> list[Message]:
        """The direct messages of a person with the bot, oldest first, replies included."""
        workspace = self.sandbox.workspace
        return workspace.messages_in(workspace.dm(self.id(name)).id, viewer=self.id(name))

    def heads(self, channel: str) -> list[Message]:
        """What stands in a channel itself, oldest first."""
        return [each for each in self._in(channel) if not each.is_reply]

    def replies(self, channel: str) -> list[Message]:
        """What stands in the threads of a channel, oldest first."""
        return [each for each in self._in(channel) if each.is_reply]

    def _in(self, channel: str) -> list[Message]:
        place = self.sandbox.workspace.channel_named(channel)
        assert place is not None, f"no channel is called {channel}"
        return self.sandbox.workspace.messages_in(place.id)

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to be seen in the workspace."""
        assert await self.sandbox.workspace.wait_until(condition), f"never came: {what}"

    async def press(self, name: str, code: str, button: str = "Update") -> ActionResult:
        """Press a project's button in the newest message to a person that has one.

        Args:
            name: who presses.
            code: the project's code.
            button: its words, or those of an entry of the menu beside the buttons; `Update` is
                also the first button of a project that is answered, where it says *Correct*.
        """
        for message in reversed(self.dm(name)):
            for block in _rows_of(message, code):
                for element in interactive_elements(block):
                    if (value := _pressed(element, button)) is not None:
                        return await self.sandbox.acting.press(
                            self.id(name),
                            message.channel,
                            message.ts,
                            element["action_id"],
                            block["block_id"],
                            value or None,
                        )
        raise AssertionError(f"no message to {name} has the button {button} for {code}")

    async def open_form(self, name: str, code: str) -> View:
        """Press a project's button, and wait for the form."""
        result = await self.press(name, code)
        assert result.ok, result
        return await self.view(name, "status_form")

    async def view(self, name: str, callback_id: str) -> View:
        """The modal on top of a person's screen, once it is the one that is waited for."""

        def is_there() -> bool:
            top = self.sandbox.workspace.top_view(self.id(name))
            return top is not None and top.payload.get("callback_id") == callback_id

        await self.until(is_there, f"{callback_id} for {name}")
        top = self.sandbox.workspace.top_view(self.id(name))
        assert top is not None
        return top

    async def send(self, name: str, view: View, values: dict[str, str | None]) -> ActionResult:
        """Fill in a form and send it; fields that the health calls for come when it is chosen."""
        asked = {each for each, value in values.items() if value is not None}
        if "health" in values and not asked <= fields_of(view):
            await self.choose(name, view, "health", values["health"])
            await self.until(lambda: asked <= fields_of(view), f"fields for {sorted(asked)}")
        return await self.sandbox.acting.submit_view(self.id(name), view.id, values)

    async def choose(self, name: str, view: View, field: str, value: str | None) -> ActionResult:
        """Choose, or type, in a field of an open form that tells the bot of it."""
        block = next(each for each in view.blocks if each.get("block_id") == field)
        element = block.get("element") or block["accessory"]
        result = await self.sandbox.acting.press_in_view(
            self.id(name), view.id, element["action_id"], field, value
        )
        assert result.ok, result
        return result

    async def report(self, name: str, code: str, **values: str | None) -> View:
        """Report on a project, with one field for each answer; the receipt, which is closed."""
        view = await self.open_form(name, code)
        result = await self.send(name, view, values)
        assert result.ok, result
        assert not result.errors, result
        receipt = self.sandbox.workspace.top_view(self.id(name))
        assert receipt is not None
        await self.sandbox.acting.close_view(self.id(name), receipt.id, clear=True)
        await self.settle()
        return receipt

    async def command(self, name: str, text: str) -> tuple[ActionResult, list[Message]]:
        """Type `/project ...` in one's messages with the bot; what only that person sees then."""
        dm = self.sandbox.workspace.dm(self.id(name))
        before = {each.ts for each in self.dm(name)}
        result = await self.sandbox.acting.command(self.id(name), dm.id, "/project", text)
        await self.until(lambda: {each.ts for each in self.dm(name)} > before, "an answer")
        assert not await self.core.bolt.hands.emptied(_WHOLE_ANSWER_SECONDS)
        return result, [each for each in self.dm(name) if each.ts not in before]


def words(value: Any) -> str:
    """All the text of blocks, as Slack holds it; a text in several styles stays one."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(words, value)))
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    if value.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        return "".join(map(_run, value["elements"]))
    inner = (value.get(name) for name in ("text", "title", "fields", "elements", "blocks"))
    return "\n".join(filter(None, map(words, inner)))


def _run(element: dict[str, Any]) -> str:
    """One run of a rich text."""
    return str(element.get("text") or element.get("fallback") or element.get("channel_id") or "")


def buttons(message: Message) -> Sequence[str]:
    """The words on the buttons of a message."""
    return [
        element["text"]["text"]
        for block in message.blocks
        for element in interactive_elements(block)
        if element["type"] == "button"
    ]


def _rows_of(message: Message, code: str) -> Iterator[dict[str, Any]]:
    """The blocks with a project's buttons: its own, and the row below it."""
    for block, following in pairwise([*message.blocks, {}]):
        if words(block).startswith(f"*{code}*"):
            yield block
            if following.get("type") == "actions":
                yield following


def _pressed(element: dict[str, Any], button: str) -> str | None:
    """The value to choose if an element is that button, or has that entry; None if it hasn't."""
    if element["type"] == "overflow":
        options = (each for each in element["options"] if each["text"]["text"] == button)
        return next((str(each["value"]) for each in options), None)
    is_meant = element["action_id"] == "status_update" if button == "Update" else False
    return "" if is_meant or element.get("text", {}).get("text") == button else None


def fields_of(view: View) -> set[str]:
    """The fields that a form shows."""
    return {each["block_id"] for each in view.blocks if each["type"] == "input"}


def held(view: View, block_id: str) -> Any:
    """What a field of a form starts with."""
    block = next(each for each in view.blocks if each.get("block_id") == block_id)
    element = block["element"]
    for name in ("initial_value", "initial_date"):
        if name in element:
            return element[name]
    return element.get("initial_option", {}).get("value")


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_for(api_base_url: str, database_url: str, **others: Any) -> Settings:
    """What the environment would tell a bot of the scene."""
    values = {
        "slack_bot_token": SecretStr(BOT_TOKEN),
        "slack_app_token": SecretStr(APP_TOKEN),
        "slack_signing_secret": SecretStr(SIGNING_SECRET),
        "slack_api_base_url": api_base_url,
        "database_url": database_url,
        "PMOBOT_MODE": Mode.SOCKET,
        "PMOBOT_SEMANTIC": Semantic.OFF,
        "PMOBOT_HOST": "127.0.0.1",
        "PMOBOT_PORT": 0,
    }
    return Settings.model_validate({**values, **others})


def seed(sandbox: Sandbox) -> None:
    """Fill the workspace with people and channels."""
    workspace = sandbox.workspace
    for name, zone in PEOPLE.items():
        workspace.add_user(name, real_name=name.capitalize(), email=f"{name}@example.edu", tz=zone)
    workspace.add_user("gus", real_name="Gus", email="gus@example.edu", is_restricted=True)
    everybody = [user.id for user in workspace.users.values() if not user.is_restricted]
    workspace.add_channel("its-council", members=everybody)
    workspace.add_channel("sts-council", members=everybody)
    workspace.add_channel("pmo-office", members=everybody, is_private=True)


async def take_files(core: Core, folder: Path, configuration: str = CONFIGURATION) -> None:
    """Apply a configuration and import the portfolio of the scene."""
    (folder / "pmobot.yaml").write_text(configuration, encoding="utf-8")
    (folder / "portfolio.csv").write_text(PORTFOLIO, encoding="utf-8")
    services, now = core.services, core.clock.now()
    applied = await services.configure.apply_file(
        folder / "pmobot.yaml", now=now, actor="test", dry_run=False
    )
    assert applied.applied, applied.problems
    imported = await services.imports.import_file(folder / "portfolio.csv", now=now, actor="test")
    assert imported.applied, imported.problems


def app_config() -> AppConfig:
    """What the app is granted by its own manifest: no scope and no event more."""
    return read_manifest(MANIFEST)


def fresh_copy(template: Path, folder: Path) -> str:
    """The address of a new SQLite file at the newest version."""
    return f"sqlite:///{shutil.copy(template, folder / 'scene.sqlite3')}"


@asynccontextmanager
async def over_socket_mode(
    database_url: str, folder: Path, configuration: str = CONFIGURATION
) -> AsyncIterator[Scene]:
    """A scene in Socket Mode, where every job runs when it is told to and nothing waits."""
    bundled()  # before anybody asks, as `pmobot run` does it: an acknowledgement has three seconds
    async with running_sandbox(options=SandboxOptions(config=app_config())) as sandbox:
        seed(sandbox)
        settings = settings_for(sandbox.api_base_url, database_url)

        async def follow(instant: datetime) -> None:
            sandbox.workspace.clock.set_time(instant, running=False)

        async with open_trial(settings, START, follow) as trial:
            await trial.set_time(START)
            await take_files(trial.core, folder, configuration)
            yield Scene(
                sandbox, trial.core, trial.clock, settings, "", trial.settle, trial.set_time
            )
            await sandbox.delivery.drain()


@asynccontextmanager
async def over_http(database_url: str, folder: Path) -> AsyncIterator[Scene]:
    """A scene where Slack posts signed requests to the running bot, whose workers do the work.

    The workspace keeps real time, for that is what signatures are checked against.
    """
    bundled()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = SandboxOptions(
        config=app_config(), events_url=f"{url}/slack/events", signing_secret=SIGNING_SECRET
    )
    async with running_sandbox(options=options) as sandbox:
        seed(sandbox)
        settings = settings_for(
            sandbox.api_base_url, database_url, PMOBOT_MODE=Mode.HTTP, PMOBOT_PORT=port
        )
        clock = ManualClock(START)

        async def pass_time(seconds: float) -> None:
            clock.move(clock.now() + timedelta(seconds=seconds))

        async with running(settings, clock, pass_time) as bot:
            await take_files(bot.core, folder)

            async def set_time(instant: datetime) -> None:
                clock.move(instant)
                bot.wake()

            settle = partial(_settle_running, bot.core, clock, bot.wake)
            scene = Scene(sandbox, bot.core, clock, settings, url, settle, set_time)
            await scene.until(lambda: sandbox.delivery.connected, "the challenge's answer")
            yield scene
            await sandbox.delivery.drain()


LOOKS_A_SECOND = 5
"""How often a running bot is looked at before its clock moves by a second."""


async def _settle_running(core: Core, clock: ManualClock, wake: Callable[[], None]) -> None:
    """Wait until the workers of a running bot have nothing left to do, moving time where they wait.

    Jobs of other replicas may run beside the workers: that is what makes sure here that all is
    composed.
    """
    services = core.services
    units = [
        partial(jobs.collecting.run, services.cycles),
        partial(jobs.digests.preview, services.previews),
        partial(jobs.digests.run, services.digests),
        partial(jobs.digests.post_broad, services.broad),
    ]
    await until_idle(units, clock)
    looks = 0
    while True:
        due = await services.delivery.next_due()
        if due is None or due > clock.now() + PATIENCE:
            return
        looks += 1
        if due > clock.now():
            clock.move(due)
        elif looks % LOOKS_A_SECOND == 0:  # pacing may put off what is due
            clock.move(clock.now() + timedelta(seconds=1))
        wake()
        await asyncio.sleep(0.01)

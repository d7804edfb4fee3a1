"""The ledger on a bench, with the real client and the sandbox in the place of a pretended Slack."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from sqlmodel import col, select

from bot.slack import SlackMessenger, posting_client
from domain.delivery.messages import DeliveryProblem, Place
from models.base import Database
from models.delivery import Delivery
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.manifest import AppConfig
from sandbox.workspace import Channel
from tests.support.clock import FakeClock
from tests.support.delivering import Bench

SCOPES = AppConfig().scopes - {"chat:write.public"}
"""All but the right to post where the bot is not: an app should not have it."""

TOKEN = "xoxb-1"  # noqa: S105 - the sandbox takes any


class Wire(Bench):
    """Says things in three channels and to one person; Dana of the PMO hears of trouble."""

    def __init__(
        self, sandbox: Running, database: Database, workspace_id: int, clock: FakeClock
    ) -> None:
        self.sandbox = sandbox
        messenger = SlackMessenger(posting_client(TOKEN, sandbox.api_base_url))
        super().__init__(database, workspace_id, clock, messenger)
        bot = sandbox.workspace.bot_user_id
        self.channels = [
            sandbox.workspace.add_channel(f"council-{number}", members=[bot]) for number in range(3)
        ]
        self.said: dict[str, list[str]] = {}
        """By channel, what was said there, in order."""
        follow = partial(sandbox.workspace.clock.set_time, running=False)
        clock.followers.append(follow)
        follow(clock.now())

    async def start(self) -> None:
        """Let the people come."""
        workspace = self.sandbox.workspace
        dana, ana = workspace.add_user("dana"), workspace.add_user("ana")
        await self.person(dana.id, is_pmo=True)
        self.ana = await self.person(ana.id)
        self.ana_dm, self.dana_dm = workspace.dm(ana.id).id, workspace.dm(dana.id).id

    async def say_in(self, channel: Channel, count: int) -> None:
        """Say so many new things in a channel."""
        said = self.said.setdefault(channel.id, [])
        for _ in range(count):
            key = f"{channel.name}:{len(said)}"
            said.append(key)
            await self.say(key, key, Place.channel(channel.id))

    async def say_everywhere(self, count: int) -> None:
        """Say so many new things in each channel and to Ana."""
        for channel in self.channels:
            await self.say_in(channel, count)
        said = self.said.setdefault(self.ana_dm, [])
        for _ in range(count):
            key = f"ana:{len(said)}"
            said.append(key)
            await self.say(key, key, self.ana)

    async def pass_minutes(self, minutes: int) -> None:
        """Let time pass, with the worker at work."""
        for _ in range(minutes):
            await self.elapse(minutes=1)

    def texts(self, channel_id: str) -> list[str]:
        """The texts of what stands in a conversation."""
        return [message.text for message in self.sandbox.workspace.messages_in(channel_id)]

    def standing(self) -> dict[str, list[str]]:
        """By channel, what stands where something was said."""
        return {channel_id: self.texts(channel_id) for channel_id in self.said}

    def told(self) -> list[str]:
        """What the PMO was told."""
        return self.texts(self.dana_dm)

    async def states(self) -> Counter[str]:
        """How many messages are in each state, the notices about trouble aside."""
        async with self.database.reading() as session:
            found = await session.exec(
                select(Delivery.state).where(col(Delivery.kind) != DeliveryProblem.kind)
            )
            return Counter(str(state) for state in found)


@asynccontextmanager
async def wired(database: Database, workspace_id: int, clock: FakeClock) -> AsyncIterator[Wire]:
    """A bench on the wire, with its people."""
    options = SandboxOptions(config=AppConfig(scopes=SCOPES, events=frozenset()))
    async with running_sandbox(options=options) as sandbox:
        wire = Wire(sandbox, database, workspace_id, clock)
        await wire.start()
        yield wire

"""A running sandbox, its people, and a real Slack client for the tests of the sandbox."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.delivery import Ack, DeliveryTiming, Envelope
from sandbox.manifest import AppConfig
from sandbox.workspace import Channel, User

SHARED = Path(__file__).parents[3] / "shared" / "data" / "slack"
FAST = DeliveryTiming(ack_seconds=0.3, retry_delays=(0.0, 60.0, 300.0))


class Recorder:
    """A transport that keeps every envelope and acknowledges at once."""

    connected = True

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def send(self, envelope: Envelope) -> Ack:
        self.envelopes.append(envelope)
        return Ack(ok=True)

    def last(self) -> dict[str, Any]:
        return self.envelopes[-1].payload


@dataclass
class People:
    """Who is there in most tests."""

    ana: User
    ben: User
    council: Channel
    private: Channel
    elsewhere: Channel


def people_of(sandbox: Running) -> People:
    workspace = sandbox.workspace
    ana = workspace.add_user("ana", email="ana@example.edu", tz="America/New_York", title="PM")
    ben = workspace.add_user("ben", email="ben@example.edu", tz="Europe/Berlin")
    bot = workspace.bot_user_id
    return People(
        ana=ana,
        ben=ben,
        council=workspace.add_channel("its-council", members=[ana.id, ben.id, bot]),
        private=workspace.add_channel("secret", is_private=True, members=[ben.id]),
        elsewhere=workspace.add_channel("elsewhere", members=[ana.id]),
    )


Start = Callable[..., Any]


@pytest.fixture
def start() -> Start:
    """Start a sandbox with other options than the usual ones."""

    @asynccontextmanager
    async def starting(
        options: SandboxOptions | None = None, **config: Any
    ) -> AsyncIterator[Running]:
        options = options or SandboxOptions(config=AppConfig(**config), timing=FAST)
        async with running_sandbox(options=options) as sandbox:
            yield sandbox

    return starting


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    async with running_sandbox(options=SandboxOptions(timing=FAST)) as running:
        yield running


@pytest.fixture
def people(sandbox: Running) -> People:
    return people_of(sandbox)


@pytest.fixture
def with_people() -> Callable[[Running], People]:
    return people_of


@pytest.fixture
def client(sandbox: Running) -> AsyncWebClient:
    return AsyncWebClient("xoxb-test", base_url=sandbox.api_base_url)


@pytest.fixture
def new_client() -> Callable[[Running], AsyncWebClient]:
    return lambda sandbox: AsyncWebClient("xoxb-test", base_url=sandbox.api_base_url)


Connect = Callable[[Running, AsyncApp], Any]


@pytest.fixture
def connected() -> Connect:
    """Connect a Bolt app in Socket Mode for the length of a block."""

    @asynccontextmanager
    async def connecting(sandbox: Running, app: AsyncApp) -> AsyncIterator[None]:
        handler: Any = AsyncSocketModeHandler(app, "xapp-test")  # its methods are untyped
        await handler.connect_async()
        assert await sandbox.workspace.wait_until(lambda: sandbox.delivery.connected)
        try:
            yield
        finally:
            await handler.close_async()

    return connecting


@pytest.fixture
def new_app() -> Callable[[Running], AsyncApp]:
    """Make a Bolt app whose client speaks to the sandbox."""

    def make(sandbox: Running) -> AsyncApp:
        client = AsyncWebClient("xoxb-test", base_url=sandbox.api_base_url)
        return AsyncApp(client=client, signing_secret="s3cret")

    return make


@pytest.fixture
def shared() -> Path:
    """The folder of Slack's machine-readable facts, beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data/slack is not there: nothing to compare with")
    return SHARED


@pytest.fixture
def sample(shared: Path) -> Callable[[str], dict[str, Any]]:
    """Read one recorded payload."""

    def read(name: str) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads((shared / "inbound_payloads" / name).read_text())
        return payload

    return read


@pytest.fixture
def documented(shared: Path) -> Callable[[str], dict[str, Any]]:
    """Read the documented successful answer of a method."""

    def read(method: str) -> dict[str, Any]:
        described = json.loads((shared / "methods" / f"{method}.json").read_text())
        answer: dict[str, Any] = described["examples"]["success"]["example"]
        return answer

    return read


@pytest.fixture
def recording() -> Callable[[Running], Recorder]:
    """Put a recorder in the app's place."""

    def put(sandbox: Running) -> Recorder:
        recorder = Recorder()
        sandbox.delivery.transport = recorder
        return recorder

    return put


@pytest.fixture
def recorder(sandbox: Running, recording: Callable[[Running], Recorder]) -> Recorder:
    return recording(sandbox)

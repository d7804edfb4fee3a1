"""A real Bolt app behind an events URL: signatures, challenge, deadlines and response bodies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.delivery import DeliveryTiming
from sandbox.signed_http import sign

Json = dict[str, Any]
PATH = "/slack/events"
SECRET = "s3cret"  # noqa: S105 - signs only between these tests and themselves
MODAL: Json = {
    "type": "modal",
    "callback_id": "f",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "t"},
        }
    ],
}


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    finally:
        await runner.cleanup()


def options_for(url: str) -> SandboxOptions:
    timing = DeliveryTiming(ack_seconds=0.3, retry_delays=(0.0, 0.0, 60.0))
    return SandboxOptions(events_url=url, signing_secret=SECRET, timing=timing)


@dataclass
class Stage:
    """A sandbox, the Bolt app that it posts to, and what that app heard."""

    sandbox: Running
    heard: list[Json]


@pytest.fixture
async def stage(new_app: Callable[[Running], AsyncApp]) -> AsyncIterator[Stage]:
    late = web.Application()
    heard: list[Json] = []
    async with serving(late) as url, running_sandbox(options=options_for(url)) as sandbox:
        app = new_app(sandbox)
        register(app, heard)
        server = AsyncSlackAppServer(port=0, path=PATH, app=app)
        async with serving(server.web_app) as real_url:
            assert sandbox.parts.http is not None
            sandbox.parts.http.url = real_url
            assert await sandbox.workspace.wait_until(lambda: sandbox.delivery.connected)
            yield Stage(sandbox, heard)


def register(app: AsyncApp, heard: list[Json]) -> None:
    async def command(ack: Any, body: Json) -> None:
        heard.append(body)
        if body["text"] == "public":
            await ack(text="All can see", response_type="in_channel")
        elif body["text"] == "slow":
            await asyncio.sleep(0.4)
            await ack()
        else:
            await ack("Only you")

    async def shortcut(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    async def submit(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack(response_action="errors", errors={"why": "No"})

    async def listen(body: Json) -> None:
        heard.append(body)

    app.command("/project")(command)
    app.shortcut("s")(shortcut)
    app.view("f")(submit)
    app.event("message")(listen)


async def test_commands_are_answered_in_the_response_body(stage: Stage, with_people: Any) -> None:
    people = with_people(stage.sandbox)
    ana, council = people.ana.id, people.council.id
    for text in ("", "public"):
        assert (await stage.sandbox.acting.command(ana, council, "/project", text)).ok
    messages = stage.sandbox.workspace.messages_in(council, viewer=ana)
    assert [(m.text, m.ephemeral_to) for m in messages] == [
        ("Only you", ana),
        ("All can see", None),
    ]
    slow = await stage.sandbox.acting.command(ana, council, "/project", "slow")
    assert slow.problem == "operation_timeout"


async def test_a_submission_gets_field_errors_in_the_response_body(
    stage: Stage, with_people: Any
) -> None:
    ana = with_people(stage.sandbox).ana.id
    await stage.sandbox.acting.shortcut(ana, "s")
    assert await stage.sandbox.workspace.wait_until(
        lambda: stage.sandbox.workspace.top_view(ana) is not None
    )
    view = stage.sandbox.workspace.open_views(ana)[0]
    result = await stage.sandbox.acting.submit_view(ana, view.id, {"why": "x"})
    assert result.errors == {"why": "No"}


async def test_events_are_posted_as_json(stage: Stage, with_people: Any) -> None:
    people = with_people(stage.sandbox)
    await stage.sandbox.acting.post(people.ana.id, people.council.id, "hello")
    await stage.sandbox.delivery.drain()
    assert [body["event"]["text"] for body in stage.heard] == ["hello"]


async def test_a_moved_clock_is_in_the_signature(stage: Stage, with_people: Any) -> None:
    people = with_people(stage.sandbox)
    stage.sandbox.workspace.clock.advance(-3600)
    asked = await stage.sandbox.acting.command(people.ana.id, people.council.id, "/project")
    assert asked.problem == "dispatch_failed"  # Bolt refuses what is older than five minutes
    assert "HTTP 401" in asked.detail


async def test_the_signature_is_the_one_that_slacks_library_expects() -> None:
    verifier = SignatureVerifier(SECRET)
    assert sign(SECRET, 1_700_000_000, "a=1") == verifier.generate_signature(
        timestamp="1700000000", body="a=1"
    )


async def test_socket_mode_is_closed_while_events_go_to_a_url(stage: Stage) -> None:
    import aiohttp

    hub = stage.sandbox.parts.sockets
    async with aiohttp.ClientSession() as session, session.ws_connect(hub.new_url()) as socket:
        frame = await socket.receive_json()
    assert (frame["type"], frame["reason"]) == ("disconnect", "link_disabled")


class Flaky:
    """An events URL that fails as told."""

    def __init__(self, *statuses: int, headers: dict[str, str] | None = None) -> None:
        self.statuses = list(statuses)
        self.headers = headers or {}
        self.retries: list[tuple[str | None, str | None]] = []

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        if "url_verification" in body:
            return web.json_response({"challenge": (await request.json())["challenge"]})
        headers = request.headers
        self.retries.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        status = self.statuses.pop(0)
        if status == 0:
            await asyncio.sleep(0.4)
        return web.Response(status=status or 200, headers=self.headers)


@asynccontextmanager
async def flaky_stage(flaky: Flaky) -> AsyncIterator[Running]:
    app = web.Application()
    app.router.add_post(PATH, flaky.handle)
    async with serving(app) as url, running_sandbox(options=options_for(url)) as sandbox:
        assert await sandbox.workspace.wait_until(lambda: sandbox.delivery.connected)
        yield sandbox


async def test_events_are_repeated_with_number_and_reason(with_people: Any) -> None:
    flaky = Flaky(500, 0, 200)
    async with flaky_stage(flaky) as sandbox:
        people = with_people(sandbox)
        await sandbox.acting.post(people.ana.id, people.council.id, "x")
        await sandbox.delivery.drain()
    assert flaky.retries == [(None, None), ("1", "http_error"), ("2", "http_timeout")]


async def test_an_app_can_ask_for_no_retries(with_people: Any) -> None:
    flaky = Flaky(500, headers={"x-slack-no-retry": "1"})
    async with flaky_stage(flaky) as sandbox:
        people = with_people(sandbox)
        await sandbox.acting.post(people.ana.id, people.council.id, "x")
        await sandbox.delivery.drain()
    assert len(flaky.retries) == 1


async def test_an_unreachable_url_is_named(with_people: Any) -> None:
    options = replace(options_for("http://127.0.0.1:9/slack/events"))
    async with running_sandbox(options=options) as sandbox:
        people = with_people(sandbox)
        asked = await sandbox.acting.command(people.ana.id, people.council.id, "/project")
    assert asked.problem == "dispatch_failed"
    assert "http://127.0.0.1:9/slack/events" in asked.detail

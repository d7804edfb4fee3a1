"""The bot's own HTTP: is it alive, is it ready, and which requests of Slack's it takes."""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from freezegun import freeze_time

from bot.clock import SystemClock
from bot.runtime import Running, open_core, running
from bot.settings import Mode
from bot.web import EVENTS_PATH, MAX_REQUEST_BYTES, build_web
from sandbox.app import Running as Sandbox
from sandbox.app import running_sandbox
from sandbox.signed_http import sign
from tests.support.postgres import PostgresServer
from tests.support.scene import SIGNING_SECRET, fresh_copy, settings_for


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    return fresh_copy(sqlite_template, tmp_path)


async def get(port: int, path: str) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.json()


@pytest.mark.parametrize("mode", [Mode.SOCKET, Mode.HTTP])
async def test_a_running_bot_is_alive_and_ready(
    database_url: str, sandbox: Sandbox, mode: Mode
) -> None:
    settings = settings_for(sandbox.api_base_url, database_url, PMOBOT_MODE=mode)
    async with running(settings) as bot:
        assert await get(bot.port, "/healthz") == (200, {"status": "alive"})
        assert await get(bot.port, "/readyz") == (200, {"status": "ready"})


@pytest.fixture
def vanishing(postgres: PostgresServer) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a database at the newest version, and how to let it vanish."""
    postgres.let_go()
    with psycopg.connect(postgres.beside("template1"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE vanishing TEMPLATE postgres")

        def vanish() -> None:
            connection.execute("DROP DATABASE IF EXISTS vanishing WITH (FORCE)")

        yield postgres.beside("vanishing"), vanish
        vanish()


@pytest.mark.parametrize("mode", [Mode.SOCKET, Mode.HTTP])
async def test_without_its_database_a_bot_is_alive_and_not_ready(
    vanishing: tuple[str, Callable[[], None]], sandbox: Sandbox, mode: Mode
) -> None:
    url, vanish = vanishing
    async with running(settings_for(sandbox.api_base_url, url, PMOBOT_MODE=mode)) as bot:
        assert (await get(bot.port, "/readyz"))[0] == 200
        vanish()
        assert await get(bot.port, "/healthz") == (200, {"status": "alive"})
        status, body = await get(bot.port, "/readyz")
    assert (status, body) == (503, {"status": "not ready", "database": "OperationalError"})


async def test_without_slack_a_bot_is_not_ready(database_url: str) -> None:
    async with AsyncExitStack() as slack, AsyncExitStack() as ours:
        sandbox = await slack.enter_async_context(running_sandbox())
        settings = settings_for(sandbox.api_base_url, database_url)
        bot = await ours.enter_async_context(running(settings))
        await slack.aclose()
        status, body = await until_not_ready(bot)
    assert (status, body) == (
        503,
        {
            "status": "not ready",
            "slack": "the Socket Mode connection is down; it is being rebuilt",
        },
    )


async def until_not_ready(bot: Running) -> tuple[int, Any]:
    deadline = time.monotonic() + 5
    answer = await get(bot.port, "/readyz")
    while answer[0] == 200 and time.monotonic() < deadline:
        answer = await get(bot.port, "/readyz")
    return answer


async def test_in_socket_mode_nobody_can_post_events(database_url: str, sandbox: Sandbox) -> None:
    async with (
        running(settings_for(sandbox.api_base_url, database_url)) as bot,
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{bot.port}{EVENTS_PATH}", data="{}") as answer,
    ):
        assert answer.status == 404


# --- signed requests

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


@pytest.fixture
async def client(database_url: str, sandbox: Sandbox) -> AsyncIterator[TestClient[Any, Any]]:
    """The bot's HTTP with Slack's requests, and no scheduler that a frozen clock would disturb."""

    async def ready() -> dict[str, str]:
        return {}

    async def figures() -> bytes:
        return b""

    settings = settings_for(sandbox.api_base_url, database_url, PMOBOT_MODE=Mode.HTTP)
    async with (
        open_core(settings) as core,
        TestClient(
            TestServer(
                build_web(ready, figures, core.services.feeds.read, core.bolt), host="127.0.0.1"
            )
        ) as made,
    ):
        yield made


CHALLENGE = json.dumps({"type": "url_verification", "challenge": "c", "token": "t"})


def signed(body: str, at: datetime = NOW, secret: str = SIGNING_SECRET) -> dict[str, str]:
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": sign(secret, timestamp, body),
    }


async def post(
    client: TestClient[Any, Any], body: str, headers: dict[str, str], now: datetime = NOW
) -> tuple[int, str]:
    with freeze_time(now, real_asyncio=True):
        answer = await client.post(EVENTS_PATH, data=BytesIO(body.encode()), headers=headers)
        return answer.status, await answer.text()


@pytest.mark.parametrize("age", [timedelta(), timedelta(minutes=4, seconds=59)])
async def test_a_signed_request_is_taken(client: TestClient[Any, Any], age: timedelta) -> None:
    headers = signed(CHALLENGE)
    status, text = await post(client, CHALLENGE, headers, NOW + age)
    assert (status, json.loads(text)) == (200, {"challenge": "c"})


async def test_a_wrong_signature_is_refused(client: TestClient[Any, Any]) -> None:
    status, _text = await post(client, CHALLENGE, signed(CHALLENGE, secret="another"))
    assert status == 401


async def test_another_body_than_the_signed_one_is_refused(client: TestClient[Any, Any]) -> None:
    status, _text = await post(client, CHALLENGE.replace('"c"', '"x"'), signed(CHALLENGE))
    assert status == 401


@pytest.mark.parametrize("age", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
async def test_a_timestamp_far_from_now_is_refused(
    client: TestClient[Any, Any], age: timedelta
) -> None:
    status, _text = await post(client, CHALLENGE, signed(CHALLENGE), NOW + age)
    assert status == 401


@pytest.mark.parametrize("missing", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_a_request_without_its_signature_is_refused(
    client: TestClient[Any, Any], missing: str
) -> None:
    headers = signed(CHALLENGE)
    del headers[missing]
    status, _text = await post(client, CHALLENGE, headers)
    assert status == 401


async def test_what_is_larger_than_any_form_is_refused(client: TestClient[Any, Any]) -> None:
    body = "x" * (MAX_REQUEST_BYTES + 1)
    status, _text = await post(client, body, signed(body))
    assert status == 413


async def test_a_form_of_the_largest_size_is_taken(client: TestClient[Any, Any]) -> None:
    payload = {
        "type": "view_submission",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "view": {"type": "modal", "callback_id": "no_such_form", "blocks": [], "x": "é" * 80_000},
    }
    body = urlencode({"payload": json.dumps(payload)})
    headers = signed(body) | {"Content-Type": "application/x-www-form-urlencoded"}
    status, _text = await post(client, body, headers)
    assert status == 404  # understood, and no listener of ours: neither too large nor refused


async def test_the_bots_clock_is_the_machines_in_utc() -> None:
    with freeze_time(NOW):
        assert SystemClock().now() == NOW
        assert SystemClock().now().tzinfo is UTC

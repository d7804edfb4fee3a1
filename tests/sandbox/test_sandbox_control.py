"""The control interface, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import Running

Json = dict[str, Any]
WAIT = {"for": "message", "channel": "ana"}


class Remote:
    """A client of the control interface."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def get(self, path: str, expected: int = 200, **query: str) -> Json:
        return await self.call("GET", path, expected, params=query)

    async def post(self, path: str, expected: int = 200, **body: Any) -> Json:
        return await self.call("POST", path, expected, json=body)

    async def call(self, method: str, path: str, expected: int = 200, **options: Any) -> Json:
        async with self.session.request(method, f"{self.url}/{path}", **options) as response:
            answer: Json = await response.json()
            assert response.status == expected, answer
            return answer


@pytest.fixture
async def remote(sandbox: Running) -> AsyncIterator[Remote]:
    async with aiohttp.ClientSession() as session:
        yield Remote(session, sandbox.control_url)


async def test_people_and_channels_are_seeded_and_changed(remote: Remote) -> None:
    ana = (await remote.post("users", name="ana", email="ana@example.edu", tz="Asia/Tokyo"))["user"]
    await remote.post("channels", name="pmo", members=["ana@example.edu", "pmobot"])
    changed = await remote.post("users", name="ana", is_restricted=True)
    assert changed["user"] == ana | {"is_restricted": True}
    channel = (await remote.post("channels", name="pmo", members=["ana"], is_archived=True))[
        "channel"
    ]
    assert (channel["members"], channel["is_archived"]) == ([ana["id"]], True)
    assert len((await remote.get("users"))["users"]) == 2
    assert len((await remote.get("channels"))["channels"]) == 1
    state = await remote.get("state")
    assert (state["users"], state["connected"]) == (2, False)


@pytest.mark.usefixtures("people")
async def test_the_app_hears_of_members_added_and_removed(
    sandbox: Running, remote: Remote, recorder: Any
) -> None:
    await remote.post("users", name="carol")
    await remote.post("channels", name="its-council", members=["ana", "carol", "pmobot"])
    await sandbox.delivery.drain()
    events = [envelope.payload["event"]["type"] for envelope in recorder.envelopes]
    assert events == ["member_joined_channel", "member_left_channel"]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("users", {"name": "ana", "colour": "red"}, "Unknown field colour"),
        ("users", {}, "The field name is missing"),
        ("users", {"name": "ana", "tz": "Moon/Base"}, "tz must be a zone"),
        ("channels", {"name": "pmo", "members": ["nobody"]}, "nobody with the id"),
        ("act/dance", {"user": "pmobot"}, "Unknown act 'dance'"),
        ("act/post", {"user": "pmobot", "channel": "nowhere"}, "no channel 'nowhere'"),
        ("act/post", {"user": "pmobot"}, "post takes user, channel, text"),
        ("clock", {"set": "tomorrow"}, "Invalid isoformat"),
        ("clock", {"set": "2026-11-25T09:00:00"}, "needs an instant with a zone"),
        ("faults", {"method": "auth.test", "kind": "fire"}, "kind must be one of"),
        ("disconnect", {"reason": "bored"}, "reason must be"),
    ],
)
async def test_a_bad_request_says_what_is_wrong(
    remote: Remote, path: str, body: Json, error: str
) -> None:
    assert error in (await remote.post(path, 400, **body))["error"]


async def test_a_body_that_is_not_json_is_refused(remote: Remote) -> None:
    answer = await remote.call("POST", "users", 400, data="{")
    assert "not JSON" in answer["error"]


async def test_acts_are_done_by_name_and_refusals_are_told(remote: Remote, people: Any) -> None:
    posted = await remote.post("act/post", user="ana", channel="its-council", text="hi @ben")
    assert posted["ok"]
    messages = (await remote.get("messages/its-council"))["messages"]
    assert [(m["text"], m["ts"]) for m in messages] == [(f"hi <@{people.ben.id}>", posted["ts"])]
    refused = await remote.post("act/post", 409, user="ben", channel="elsewhere", text="x")
    assert refused["refused"] == "ben is not in #elsewhere."


async def test_dms_views_and_homes_can_be_read(
    sandbox: Running, remote: Remote, people: Any, client: AsyncWebClient
) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "h"}}
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [header]}
    await client.chat_postMessage(channel=people.ana.id, text="for you")
    await client.views_open(trigger_id=sandbox.workspace.new_trigger(people.ana.id).id, view=modal)
    await client.views_publish(user_id=people.ana.id, view={"type": "home", "blocks": [header]})
    assert (await remote.get("dm/ana"))["messages"][0]["text"] == "for you"
    assert (await remote.get("views/ana"))["views"][0]["title"]["text"] == "T"
    assert (await remote.get("home/ana"))["view"]["type"] == "home"
    assert (await remote.get("home/ben"))["view"] is None


async def test_waiting_ends_when_the_message_comes(
    remote: Remote, people: Any, client: AsyncWebClient
) -> None:
    waiting = asyncio.create_task(remote.get("wait", 200, **WAIT))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await client.chat_postMessage(channel=people.ana.id, text="there")
    assert (await waiting)["ok"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("what", ["connected", "view", "home", "message"])
async def test_waiting_in_vain_ends_with_a_timeout(remote: Remote, what: str) -> None:
    query = {"for": what, "user": "ana", "channel": "its-council", "timeout": "0.01"}
    assert (await remote.get("wait", 408, **query))["ok"] is False


async def test_the_clock_is_set_frozen_and_moved(sandbox: Running, remote: Remote) -> None:
    frozen = await remote.post("clock", set="2026-11-25T09:00:00-05:00", running=False)
    assert (frozen["now"], frozen["running"]) == ("2026-11-25T14:00:00+00:00", False)
    moved = await remote.post("clock", advance_seconds=3600)
    assert moved["now"] == "2026-11-25T15:00:00+00:00"
    assert (await remote.post("clock", reset=True))["running"]
    assert abs(sandbox.workspace.clock.offset.total_seconds()) < 1


async def test_calls_and_refusals_are_counted_until_reset(
    remote: Remote, client: AsyncWebClient
) -> None:
    await client.auth_test()
    with pytest.raises(SlackApiError):
        await client.users_info(user="U404")
    assert (await remote.get("calls"))["calls"] == {"auth.test": 1, "users.info": 1}
    (refusal,) = (await remote.get("refusals"))["refusals"]
    assert (refusal["method"], refusal["error"]) == ("users.info", "user_not_found")
    await remote.post("reset")
    assert (await remote.get("calls"))["calls"] == {}
    assert (await remote.get("refusals"))["refusals"] == []


async def test_connections_can_be_cut(
    sandbox: Running, remote: Remote, new_app: Any, connected: Any
) -> None:
    async with connected(sandbox, new_app(sandbox)):
        told = await remote.post("disconnect", reason="warning")
        assert told == {"connections": 1}
        assert sandbox.delivery.connected
        assert await remote.post("disconnect", reason="drop") == {"connections": 1}


# -- faults ---------------------------------------------------------------------------------------


async def test_a_fault_meets_the_next_calls_only(remote: Remote, client: AsyncWebClient) -> None:
    await remote.post("faults", method="auth.test", kind="error", error="fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await client.auth_test()
    assert (await client.auth_test())["ok"]


async def test_a_fault_can_meet_a_share_of_the_calls(
    remote: Remote, sandbox: Running, client: AsyncWebClient
) -> None:
    sandbox.faults.chance.seed(1)
    await remote.post("faults", method="auth.test", kind="error", times=1000, share=0.3)
    failures = 0
    for _ in range(50):
        try:
            await client.auth_test()
        except SlackApiError:
            failures += 1
    (fault,) = (await remote.get("faults"))["faults"]
    assert fault["times"] == 1000 - failures
    assert 5 < failures < 25


async def test_a_429_says_when_to_come_back(remote: Remote, client: AsyncWebClient) -> None:
    await remote.post("faults", method="*", kind="ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"


@pytest.mark.parametrize(("kind", "status"), [("status", 503), ("html", 502)])
async def test_a_broken_server_answers_no_json(
    remote: Remote, sandbox: Running, kind: str, status: int
) -> None:
    await remote.post("faults", method="auth.test", kind=kind, status=status)
    async with remote.session.post(f"{sandbox.api_base_url}auth.test") as response:
        assert response.status == status
        assert "json" not in response.headers["Content-Type"]


async def test_a_dropped_connection_leaves_open_whether_it_worked(
    sandbox: Running, remote: Remote, people: Any
) -> None:
    for executes in (False, True):
        await remote.post("faults", method="chat.postMessage", kind="drop", executes=executes)
        body = {"channel": people.council.id, "text": str(executes), "token": "xoxb-1"}
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await remote.session.post(f"{sandbox.api_base_url}chat.postMessage", data=body)
    messages = sandbox.workspace.messages_in(people.council.id)
    assert [message.text for message in messages] == ["True"]


async def test_calls_can_be_slow_once_or_always(remote: Remote, client: AsyncWebClient) -> None:
    loop = asyncio.get_running_loop()

    async def seconds() -> float:
        began = loop.time()
        await client.auth_test()
        return loop.time() - began

    await remote.post("faults", method="auth.test", kind="delay", seconds=0.1)
    assert await seconds() >= 0.1
    assert await seconds() < 0.1
    await remote.post("delays", method="*", seconds=0.1)
    assert await seconds() >= 0.1
    await remote.call("DELETE", "faults")
    assert await seconds() < 0.1
    assert await remote.get("faults") == {"faults": [], "delays": {}}

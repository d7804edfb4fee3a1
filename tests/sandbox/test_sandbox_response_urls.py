"""Response URLs: five uses in half an hour, in the right place."""

from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.app import Running
from sandbox.workspace import ResponseUrl

Json = dict[str, Any]


@pytest.fixture
def right(sandbox: Running, people: Any) -> ResponseUrl:
    message = sandbox.workspace.add_message(people.council.id, "", "original", bot_id="B")
    return sandbox.workspace.new_response_url(people.ana.id, people.council.id, ts=message.ts)


@pytest.fixture
def respond(sandbox: Running, right: ResponseUrl) -> AsyncWebhookClient:
    return AsyncWebhookClient(sandbox.acting.responding.url(right, "actions"))


def texts(sandbox: Running, right: ResponseUrl, viewer: str | None = None) -> list[str]:
    messages = sandbox.workspace.messages_in(right.channel, viewer=viewer)
    return [message.text for message in messages]


async def test_an_answer_is_for_one_person_unless_it_says_in_channel(
    sandbox: Running, right: ResponseUrl, respond: AsyncWebhookClient
) -> None:
    await respond.send(text="private")
    await respond.send(text="public", response_type="in_channel")
    assert texts(sandbox, right) == ["original", "public"]
    assert texts(sandbox, right, right.user) == ["original", "private", "public"]


async def test_an_answer_can_replace_or_delete_the_original(
    sandbox: Running, right: ResponseUrl, respond: AsyncWebhookClient
) -> None:
    await respond.send(text="replaced", replace_original=True)
    assert texts(sandbox, right) == ["replaced"]
    await respond.send(delete_original=True)
    assert texts(sandbox, right) == []


async def test_an_answer_can_go_to_a_thread(
    sandbox: Running, right: ResponseUrl, respond: AsyncWebhookClient
) -> None:
    body = {"text": "x", "thread_ts": right.ts, "response_type": "in_channel"}
    await respond.send_dict(body)
    assert right.ts is not None
    assert len(sandbox.workspace.replies(right.channel, right.ts)) == 1


async def test_the_sixth_use_is_refused(sandbox: Running, respond: AsyncWebhookClient) -> None:
    for _ in range(5):
        assert (await respond.send(text="x")).status_code == 200
    sixth = await respond.send(text="x")
    assert (sixth.status_code, sixth.body) == (404, '{"ok": false, "error": "used_url"}')
    assert sandbox.calls.refusals[-1].error == "used_url"


async def test_after_half_an_hour_it_is_too_late(
    sandbox: Running, respond: AsyncWebhookClient
) -> None:
    sandbox.workspace.clock.advance(30 * 60 + 1)
    late = await respond.send(text="x")
    assert (late.status_code, late.body) == (404, '{"ok": false, "error": "expired_url"}')


@pytest.mark.parametrize(
    ("body", "error"),
    [({"text": ""}, "no_text"), ({"blocks": [{"type": "x"}]}, "invalid_blocks")],
)
async def test_a_bad_answer_is_refused(
    sandbox: Running, respond: AsyncWebhookClient, body: Json, error: str
) -> None:
    assert (await respond.send_dict(body)).status_code == 400
    assert sandbox.calls.refusals[-1].error == error


async def test_the_total_of_blocks_is_not_limited_here_as_at_slack(
    respond: AsyncWebhookClient,
) -> None:
    text = {"type": "mrkdwn", "text": "x" * 3000}
    answer = await respond.send(blocks=[{"type": "section", "text": text}] * 5)
    assert answer.status_code == 200

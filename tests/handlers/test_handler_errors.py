"""What Bolt does with a listener that fails: the person gets an answer, and Slack its ack."""

import json
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

import handlers.errors
from domain.errors import NotFoundError

PRESS: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "actions": [{"type": "button", "action_id": "go", "block_id": "b"}],
}
SUBMISSION: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "view": {"type": "modal", "callback_id": "form", "blocks": []},
}


@pytest.fixture
def app() -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U0"
        )

    made = AsyncApp(
        client=AsyncWebClient("xoxb-1", base_url="http://127.0.0.1:9/api/"),
        authorize=authorize,
        signing_secret="unused",
        request_verification_enabled=False,
    )
    handlers.errors.register(made)
    return made


async def dispatch(app: AsyncApp, payload: dict[str, Any]) -> tuple[int, Any]:
    request = AsyncBoltRequest(body=payload, mode="socket_mode")
    response = await app.async_dispatch(request)
    return response.status, response.body


async def test_who_fails_at_once_after_the_acknowledgement_is_still_acknowledged(
    app: AsyncApp,
) -> None:
    async def fail(ack: AsyncAck) -> None:
        await ack()
        raise NotFoundError("It is gone.")

    app.action("go")(fail)
    assert await dispatch(app, PRESS) == (200, "")


async def test_who_fails_before_the_acknowledgement_acknowledges_with_the_answer(
    app: AsyncApp,
) -> None:
    async def fail() -> None:
        raise NotFoundError("It is gone.")

    app.view("form")(fail)
    status, body = await dispatch(app, SUBMISSION)
    answer = json.loads(body)
    assert (status, answer["response_action"]) == (200, "push")
    assert "It is gone." in json.dumps(answer["view"])

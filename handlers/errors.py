"""The one place where a mistake becomes an answer: handlers never catch what the domain raises."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.errors import FieldErrors, PmobotError
from message_templates.kit import Block
from message_templates.notices import notice, notice_view, unexpected

ACK_SEEN_SECONDS = 0.05
"""Bolt looks every 10 ms whether there is an acknowledgement, and forgets the one of a listener
that failed since it last looked: the person would be told that the app did not respond."""

_log = logging.getLogger(__name__)


def register(app: AsyncApp) -> None:
    app.error(answer_error)


async def answer_error(
    error: Exception,
    body: dict[str, Any],
    response: BoltResponse | None,
    client: AsyncWebClient,
    respond: AsyncRespond,
) -> BoltResponse | None:
    """Tell the person what went wrong, in the form if it was one, and that nothing is lost.

    `response` is None if the request was acknowledged before it failed: then the answer takes a
    way of its own.
    """
    if isinstance(error, FieldErrors) and body.get("type") == "view_submission":
        return _json({"response_action": "errors", "errors": _by_block(error, body)})
    text = _in_words(error)
    if response is not None and "event" in body:
        return None  # never acknowledged: Slack hands it over again
    if response is None:
        await asyncio.sleep(ACK_SEEN_SECONDS)
        await _answer_apart(text, body, client, respond)
        return None
    if body.get("type") == "view_submission":
        # On top of the form: what was typed is still there below it.
        return _json({"response_action": "push", "view": notice_view(text)})
    message = notice(text)
    return _json({"response_type": "ephemeral", "text": message.text, "blocks": message.blocks})


def _in_words(error: Exception) -> str:
    """What is told; where there is no form, a field's name would say nothing."""
    if isinstance(error, FieldErrors):
        return " ".join(error.errors.values())
    return str(error) if isinstance(error, PmobotError) else _unforeseen(error)


async def _answer_apart(
    text: str, body: Mapping[str, Any], client: AsyncWebClient, respond: AsyncRespond
) -> None:
    message = notice(text)
    if body.get("response_url"):
        await respond(
            message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
        )
    elif body.get("view") and body.get("trigger_id"):
        # On top of a form; App Home has nothing below.
        show = client.views_open if body["view"]["type"] == "home" else client.views_push
        await show(trigger_id=body["trigger_id"], view=notice_view(text))
    elif isinstance(channel := body.get("event", {}).get("channel"), str):
        await client.chat_postMessage(channel=channel, text=message.text, blocks=message.blocks)


def _by_block(error: FieldErrors, body: Mapping[str, Any]) -> dict[str, str]:
    """Field errors by input block; those of a field that the form doesn't show stand at its first.

    Slack closes nothing and shows nothing if an error names a block that isn't there.
    """
    inputs = [each["block_id"] for each in body["view"]["blocks"] if each["type"] == "input"]
    shown = {field: text for field, text in error.errors.items() if field in inputs}
    hidden = [text for field, text in error.errors.items() if field not in inputs]
    if hidden:
        shown[inputs[0]] = " ".join([*hidden, shown.get(inputs[0], "")]).strip()
    return shown


def _unforeseen(error: Exception) -> str:
    """Log what nobody foresaw under a number that the person can pass on."""
    number = uuid4().hex[:8]
    _log.error("unforeseen error %s", number, exc_info=error)
    return unexpected(number)


def _json(body: Mapping[str, Any] | Block) -> BoltResponse:
    return BoltResponse(status=200, body=dict(body), headers={"content-type": "application/json"})

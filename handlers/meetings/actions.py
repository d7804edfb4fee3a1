"""Slack's side of actions: the buttons on what is told of them, and their windows."""

import re
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.meetings.actions.values import What
from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.meetings.parts import Parts
from handlers.people import who
from message_templates.meetings.action import ACT
from message_templates.meetings.action_window import (
    CALLBACK,
    acted_view,
    action_view,
    read_want,
)


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def open_(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        what = cast("What", body["actions"][0]["action_id"].partition(":")[2])
        shown = await parts.actions.shown(viewer, pressed_number(body), what)
        is_in_modal = body.get("view", {}).get("type") == "modal"
        show = client.views_push if is_in_modal else client.views_open
        await show(trigger_id=body["trigger_id"], view=action_view(shown))

    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(parts.people, body["user"]["id"])
        shown = await parts.actions.act(viewer, read_want(body["view"]), clock.now())
        await ack(response_action="update", view=acted_view(shown))

    app.action(re.compile(f"^{ACT}:"))(open_)
    app.view(CALLBACK)(save)

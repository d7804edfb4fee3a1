"""Slack's side of uploaded calendars: the window in which a file is chosen."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.meetings.parts import Parts
from handlers.people import who
from message_templates.meetings.list import UPLOAD
from message_templates.meetings.upload import (
    CALLBACK,
    TAKE_BACK,
    followed_view,
    read_upload,
    reading_view,
    upload_view,
)


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def choose(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        window = await parts.calendar_in.window(viewer, pressed_number(body))
        await client.views_open(trigger_id=body["trigger_id"], view=upload_view(window))

    async def take(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        chosen = read_upload(body["view"])
        # Slack sends the file in its own time, and does not wait for an acknowledgement as long.
        await ack(response_action="update", view=reading_view(chosen.name))
        viewer = await who(parts.people, body["user"]["id"])
        found = await parts.calendar_in.upload(viewer, *chosen, clock.now())
        await client.views_update(view_id=body["view"]["id"], view=followed_view(found))

    async def take_back(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        found = await parts.calendar_in.take_back(viewer, pressed_number(body), clock.now())
        await client.views_update(view_id=body["view"]["id"], view=followed_view(found))

    app.action(UPLOAD)(choose)
    app.view(CALLBACK)(take)
    app.action(TAKE_BACK)(take_back)

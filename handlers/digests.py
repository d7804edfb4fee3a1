"""Slack's side of digests: what the PMO decides about one before it is posted."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.digests.preview.service import PreviewService
from domain.portfolio.people import PeopleService
from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.people import who
from message_templates.digests.preview import (
    APPROVE,
    EDIT_NOTE,
    HOLD,
    HOLD_CALLBACK,
    NOTE_CALLBACK,
    approved,
    hold_view,
    note_view,
    read_hold,
    read_note,
)


def register(app: AsyncApp, previews: PreviewService, people: PeopleService, clock: Clock) -> None:
    async def approve(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        answer = approved(await previews.approve(viewer, pressed_number(body), clock.now()))
        await respond(
            answer.text, blocks=answer.blocks, response_type="ephemeral", replace_original=False
        )

    async def open_note(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        form = await previews.note_form(viewer, pressed_number(body))
        await client.views_open(trigger_id=body["trigger_id"], view=note_view(form))

    async def open_hold(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        form = await previews.hold_form(viewer, pressed_number(body), clock.now())
        await client.views_open(trigger_id=body["trigger_id"], view=hold_view(form))

    app.action(APPROVE)(approve)
    app.action(EDIT_NOTE)(open_note)
    app.action(HOLD)(open_hold)
    _register_forms(app, previews, people, clock)


def _register_forms(
    app: AsyncApp, previews: PreviewService, people: PeopleService, clock: Clock
) -> None:
    async def write_note(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        shown, text = read_note(body["view"])
        newer = await previews.write_note(viewer, shown, text, clock.now())
        if newer is None:
            await ack()
        else:
            await ack(response_action="update", view=note_view(newer, typed=text))

    async def hold(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        await previews.hold(viewer, *read_hold(body["view"]), clock.now())
        await ack()

    app.view(NOTE_CALLBACK)(write_note)
    app.view(HOLD_CALLBACK)(hold)

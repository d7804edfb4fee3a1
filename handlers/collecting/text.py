"""Slack's side of free text: what is written to the bot, and what is pressed about it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.answering.text.service import FreeTextService, NeedsForm, Written
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.collecting.form import FormOpener
from handlers.people import who
from message_templates.collecting.text import CHOOSE, CONFIRM, CONFIRM_ALL, DISCARD, OPEN_FORM
from message_templates.notices import notice

Reader = Callable[[Viewer, str, dict[str, Any]], Awaitable[bool]]
"""Takes what somebody wrote: the event's id and the event; tells whether it was a report."""

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
"""How Slack writes people, channels, groups and links in a text."""


def reader(texts: FreeTextService, people: PeopleService, clock: Clock) -> Reader:
    async def read(viewer: Viewer, event_id: str, event: dict[str, Any]) -> bool:
        text = await _as_typed(event.get("text") or "", people)
        written = Written(event_id, text, event.get("thread_ts"))
        return await texts.receive(viewer, written, clock.now())

    return read


def register(
    app: AsyncApp,
    texts: FreeTextService,
    opener: FormOpener,
    people: PeopleService,
    clock: Clock,
) -> None:
    async def confirm(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        outcome = await texts.confirm(viewer, pressed_number(body), clock.now())
        if isinstance(outcome, NeedsForm):
            await opener.open_form_for(
                client, body["trigger_id"], viewer, outcome.request_id, outcome.note
            )
        else:
            await _tell(respond, outcome)

    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        request_id = await texts.to_form(viewer, pressed_number(body), clock.now())
        await opener.open_form_for(client, body["trigger_id"], viewer, request_id)

    app.action(CONFIRM)(confirm)
    app.action(OPEN_FORM)(open_form)
    _register_others(app, texts, people, clock)


def _register_others(
    app: AsyncApp, texts: FreeTextService, people: PeopleService, clock: Clock
) -> None:
    async def confirm_all(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        await texts.confirm_all(viewer, pressed_number(body), clock.now())

    async def discard(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        await _tell(respond, await texts.discard(viewer, pressed_number(body), clock.now()))

    async def choose(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        chosen = body["actions"][0]["selected_option"]["value"]
        number, _, request = chosen.partition(":")
        await _tell(respond, await texts.choose(viewer, int(number), int(request), clock.now()))

    app.action(CONFIRM_ALL)(confirm_all)
    app.action(DISCARD)(discard)
    app.action(CHOOSE)(choose)


async def _tell(respond: AsyncRespond, text: str | None) -> None:
    """Say why something was not done; what was done shows in the message itself."""
    if text is not None:
        message = notice(text)
        await respond(
            message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
        )


async def _as_typed(text: str, people: PeopleService) -> str:
    """A text as its author sees it: names instead of ids, and none of Slack's escapes."""
    names = {}
    for sign, target, _label in _REFERENCE.findall(text):
        if sign == "@":
            known = await people.viewer(target)
            names[target] = known.name if known else target

    def shown(found: re.Match[str]) -> str:
        sign, target, label = found.groups()
        if sign == "@":
            return f"@{names[target]}"
        if sign:
            return f"{sign.replace('!', '@')}{label or target}"
        return target if label in (None, "", target) else f"{label} ({target})"

    plain = _REFERENCE.sub(shown, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

"""Slack's side of agendas: the list page by page, its menus and windows, what comes late."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.meetings.agenda.values import Done, Stale, Step
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import Answer
from handlers.meetings.parts import Answered, Parts, with_part
from handlers.people import who
from message_templates.kit import Rendered
from message_templates.meetings.agenda import (
    ADD,
    BACKLOG,
    ITEM,
    LET_ON,
    PAGE,
    TO_NEXT,
    agenda_pages,
    backlog_pages,
    done_notice,
    item_view,
    page_with,
    pressed_item,
)
from message_templates.meetings.agenda_window import (
    CALLBACK,
    read_window,
    saved_view,
    window_view,
)

_ASLEEP = "backlog"
"""The mark in the menus of the backlog's list."""


def subwords(parts: Parts, clock: Clock) -> Mapping[str, Answer]:
    """What `/project meeting` answers about agendas."""

    async def agenda(viewer: Viewer, text: str) -> Answered:
        named, page = with_part(text)
        view = await parts.agenda.show(viewer, named, clock.now())
        return [_page(agenda_pages(view), page)]

    async def backlog(viewer: Viewer, text: str) -> Answered:
        named, page = with_part(text)
        view = await parts.agenda.backlog(viewer, named, clock.now())
        return [_page(backlog_pages(view), page)]

    return {"agenda": agenda, "backlog": backlog}


def _page(pages: Sequence[Rendered], page: int) -> Rendered:
    return pages[min(max(page, 1), len(pages)) - 1]


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    _register_turning(app, parts, clock)
    _register_items(app, parts, clock)
    _register_windows(app, parts, clock)
    _register_late(app, parts, clock)


def _register_turning(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def turn(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        council_id, page = map(int, pressed(body).split(":"))
        if f":{_ASLEEP}" in body["actions"][0]["action_id"]:
            asleep = await parts.agenda.backlog_at(viewer, council_id, clock.now())
            pages = backlog_pages(asleep)
        else:
            pages = agenda_pages(await parts.agenda.at(viewer, council_id, clock.now()))
        await _replace(respond, _page(pages, page))

    async def backlog(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        asleep = await parts.agenda.backlog_at(viewer, pressed_number(body), clock.now())
        await _replace(respond, backlog_pages(asleep)[0])

    app.action(re.compile(f"^{PAGE}:"))(turn)
    app.action(BACKLOG)(backlog)


def _register_items(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def item(
        ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        what, item_id, mark = pressed_item(_value(body))
        if what == "change":
            window = await parts.agenda.window(viewer, item_id, clock.now())
            view = window_view(window, viewer.slack_id)
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        elif what == "read":
            shown = await parts.agenda.item(viewer, item_id, clock.now())
            await client.views_open(trigger_id=body["trigger_id"], view=item_view(shown))
        else:
            done = await _act(parts, viewer, (what, item_id, mark), clock)
            await _show(parts, viewer, respond, (done, item_id, mark), clock)

    app.action(ITEM)(item)


def _value(body: dict[str, Any]) -> str:
    """What was chosen in the menu, or what the button carries."""
    action = body["actions"][0]
    return str((action.get("selected_option") or action)["value"])


async def _act(
    parts: Parts, viewer: Viewer, chosen: tuple[str, int, str], clock: Clock
) -> Done | Stale:
    what, item_id, mark = chosen
    if what == "pull":
        return await parts.agenda_order.pull_out(viewer, item_id, clock.now())
    if what == "take":
        return await parts.agenda_order.take(viewer, item_id, clock.now())
    return await parts.agenda_order.move(viewer, item_id, Step(what), mark, clock.now())


async def _show(
    parts: Parts,
    viewer: Viewer,
    respond: AsyncRespond,
    acted: tuple[Done | Stale, int, str],
    clock: Clock,
) -> None:
    """Show the list anew in place of the old one, and say what there is to say."""
    done, item_id, mark = acted
    if isinstance(done, Done) and (done.is_same or mark == _ASLEEP):
        await _tell(respond, done_notice(done))
    if mark == _ASLEEP:
        asleep = await parts.agenda.backlog_at(viewer, done.council_id, clock.now())
        await _replace(respond, backlog_pages(asleep)[0])
        return
    view = await parts.agenda.at(viewer, done.council_id, clock.now())
    stale = done if isinstance(done, Stale) else None
    await _replace(respond, page_with(agenda_pages(view, stale), item_id))


def _register_windows(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def add(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        council_id, is_backlog = map(int, pressed(body).split(":"))
        window = await parts.agenda.blank(
            viewer, council_id, clock.now(), is_backlog=bool(is_backlog)
        )
        view = window_view(window, viewer.slack_id)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(parts.people, body["user"]["id"])
        done = await _saved(parts, viewer, body["view"], clock)
        await ack(response_action="update", view=saved_view(done))

    app.action(ADD)(add)
    app.view(CALLBACK)(save)


async def _saved(parts: Parts, viewer: Viewer, view: dict[str, Any], clock: Clock) -> Done:
    state, wish, presenter = read_window(view)
    owner = await who(parts.people, presenter) if presenter else None
    now = clock.now()
    if state.item_id:
        return await parts.agenda_order.change(
            viewer, state.item_id, state.revision, wish, owner, now
        )
    return await parts.agenda.add(
        viewer, state.council_id, wish, owner, now, is_backlog=state.is_backlog
    )


def _register_late(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def let_on(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        done = await parts.agenda_order.let_on(viewer, pressed_number(body), clock.now())
        await _tell(respond, done_notice(done))

    async def to_next(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        done = await parts.agenda_order.to_next(viewer, pressed_number(body), clock.now())
        await _tell(respond, done_notice(done))

    app.action(LET_ON)(let_on)
    app.action(TO_NEXT)(to_next)


async def _replace(respond: AsyncRespond, message: Rendered) -> None:
    await respond(message.text, blocks=message.blocks, replace_original=True)


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )

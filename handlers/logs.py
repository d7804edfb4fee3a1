"""Slack's side of the lists: `/project risks`, and the modals that add, change and close."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.logs.service import LogsService, overdue_only
from domain.logs.values import Clash, EntryList, Saved
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Answer, Word, part_of
from handlers.people import who
from message_templates.kit import Block, Rendered
from message_templates.logs.buttons import LOG_ADD, LOG_OPEN, read_add
from message_templates.logs.entry import (
    CALLBACK,
    EntryState,
    clash_view,
    entry_view,
    new_view,
    read_entry,
    saved_view,
)
from message_templates.logs.list import list_messages
from message_templates.logs.words import MANY
from message_templates.portfolio.help import CommandHelp
from models.enums import LogKind

Refresh = Callable[[Viewer, AsyncWebClient], Awaitable[None]]
"""Brings somebody's App Home page to what is true now: the modal may have been opened there."""

_TYPED = re.compile(r"(\S+?)(?:\s+(all))?(?:\s+(\d{1,4}))?", re.IGNORECASE)
"""A project's code or `mine` or `overdue`, whether closed ones are wanted, and which part."""

_ACTIONS = re.compile(
    r"(?P<place>.*?)(?:(?:^|\s+)(?P<which>all|overdue))?(?:\s+(?P<part>\d{1,4}))?", re.IGNORECASE
)
"""The same of actions, which councils give out as well: their names have several words."""

_MINE, _OVERDUE = "mine", "overdue"

_HELP = {
    LogKind.RISK: "What might go wrong with a project; add, change and close it there.",
    LogKind.ISSUE: "What goes wrong now.",
    LogKind.ACTION: "Who does what until when; without a code what you have in hand yourself.",
    LogKind.MILESTONE: "The dates that count, with baseline and forecast.",
}


def words(logs: LogsService, clock: Clock) -> Sequence[Word]:
    """What the room offers to `/project`; decisions are offered where councils meet."""
    return [
        Word(CommandHelp(MANY[kind], _usage(kind), _HELP[kind]), _answer(kind, logs, clock))
        for kind in LogKind
        if kind is not LogKind.DECISION
    ]


def _usage(kind: LogKind) -> str:
    code = "[mine | COUNCIL | CODE] [overdue]" if kind is LogKind.ACTION else "CODE"
    return f"{COMMAND} {MANY[kind]} {code}"


def _answer(kind: LogKind, logs: LogsService, clock: Clock) -> Answer:
    if kind is LogKind.ACTION:
        return _actions(logs, clock)

    async def list_(viewer: Viewer, text: str) -> Sequence[Rendered]:
        typed = _TYPED.fullmatch(text or _MINE)
        code, all_, part = typed.groups() if typed else (text, None, None)
        found = await entries(viewer, code, with_closed=bool(all_))
        again = f"{COMMAND} {MANY[kind]} {found.scope or found.code}{' all' if all_ else ''}"
        return part_of(list_messages(found), int(part or 1), again)

    async def entries(viewer: Viewer, code: str, *, with_closed: bool) -> EntryList:
        if code.casefold() == _MINE:
            return await logs.mine(viewer, kind, clock.now())
        if code.casefold() == _OVERDUE:
            return await logs.overdue(viewer, kind, clock.now())
        return await logs.of_project(viewer, kind, code, clock.now(), with_closed=with_closed)

    return list_


def _actions(logs: LogsService, clock: Clock) -> Answer:
    async def list_(viewer: Viewer, text: str) -> Sequence[Rendered]:
        typed = _ACTIONS.fullmatch(text)
        place, which, part = typed.groups() if typed else (text, None, None)
        which = (which or "").casefold()
        found = await entries(viewer, place.strip(), which)
        again = f"{COMMAND} {MANY[LogKind.ACTION]} {text.removesuffix(part or '')}".rstrip()
        return part_of(list_messages(found), int(part or 1), again)

    async def entries(viewer: Viewer, place: str, which: str) -> EntryList:
        kind, now = LogKind.ACTION, clock.now()
        if not place and which == _OVERDUE:
            return await logs.overdue(viewer, kind, now)
        if place.casefold() in ("", _MINE):
            found = await logs.mine(viewer, kind, now)
        else:
            found = await logs.of_place(viewer, kind, place, now, with_closed=which == "all")
        return overdue_only(found) if which == _OVERDUE else found

    return list_


def register(
    app: AsyncApp, logs: LogsService, people: PeopleService, clock: Clock, refresh: Refresh
) -> None:
    async def add(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        kind, code = read_add(body["actions"][0]["value"])
        place = await logs.blank(await who(people, body["user"]["id"]), kind, code)
        await _show(client, body, new_view(place, is_from_home=_is_home(body)))

    async def open_(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        card = await logs.card(viewer, int(body["actions"][0]["value"]), clock.now())
        await _show(client, body, entry_view(card, is_from_home=_is_home(body)))

    async def submit(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        state, raw = read_entry(body["view"])
        viewer = await who(people, body["user"]["id"])
        outcome = await _keep(logs, viewer, state, raw, clock)
        if isinstance(outcome, Clash):
            view = clash_view(outcome, is_from_home=state.is_from_home)
            await ack(response_action="update", view=view)
            return
        await ack(response_action="update", view=saved_view(outcome))
        if state.is_from_home:
            await refresh(viewer, client)

    app.action(re.compile(f"^{LOG_ADD}(:|$)"))(add)
    app.action(LOG_OPEN)(open_)
    app.view(CALLBACK)(submit)


async def _keep(
    logs: LogsService, viewer: Viewer, state: EntryState, raw: dict[str, str], clock: Clock
) -> Saved | Clash:
    if not state.entry_id:
        return await logs.add(viewer, state.place, raw, clock.now())
    if state.is_answer:
        return await logs.answer(viewer, state.shown, raw, clock.now())
    return await logs.change(viewer, state.shown, raw, clock.now())


def _is_home(body: dict[str, Any]) -> bool:
    return bool(body.get("view", {}).get("type") == "home")


async def _show(client: AsyncWebClient, body: dict[str, Any], view: Block) -> None:
    """Open a modal; on top of another one, if the button stands there."""
    is_in_modal = body.get("view", {}).get("type") == "modal"
    show = client.views_push if is_in_modal else client.views_open
    await show(trigger_id=body["trigger_id"], view=view)

"""Slack's side of questions about projects: `/project inquiries`, and the windows."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.inquiries.office_service import OfficeInquiryService
from domain.inquiries.service import InquiryService
from domain.inquiries.values import InquiryCard, Written
from domain.portfolio.people import PeopleService
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.commands import COMMAND, Word, part_of
from handlers.people import who
from message_templates.inquiries import ASK_PM
from message_templates.inquiries.list import inquiry_messages
from message_templates.inquiries.office import CHOOSE_PERSON, inquiry_in, passed_to
from message_templates.inquiries.told import passed_on
from message_templates.inquiries.window import (
    ASK_BACK,
    CALLBACK,
    INQUIRY_OPEN,
    NOT_MINE,
    TAKE_BACK,
    ask_view,
    back_view,
    closed_view,
    inquiry_view,
    late_view,
    read_window,
    wants_thread,
    written_view,
)
from message_templates.kit import Block, Rendered
from message_templates.portfolio.help import CommandHelp

Refresh = Callable[[Viewer, AsyncWebClient], Awaitable[None]]
"""Brings somebody's App Home page to what is true now: a window may have been opened there."""

_TYPED = re.compile(r"(?:(?P<code>\S*[^\s\d]\S*)\s*)?(?P<part>\d{1,4})?")
"""A project's code or nothing, and which part of a long answer is wanted."""


def words(portfolio: PortfolioService, inquiries: InquiryService) -> Sequence[Word]:
    async def list_(viewer: Viewer, text: str) -> Sequence[Rendered]:
        typed = _TYPED.fullmatch(text)
        code, part = (typed["code"], typed["part"]) if typed else (text, None)
        if code:
            found = await inquiries.of_project(viewer, await portfolio.find(viewer, code))
        else:
            found = await inquiries.mine(viewer)
        again = f"{COMMAND} inquiries {found.code}".rstrip()
        return part_of(inquiry_messages(found), int(part or 1), again)

    return [
        Word(
            CommandHelp(
                "inquiries",
                f"{COMMAND} inquiries [CODE]",
                "Questions about projects and their answers: yours, or all about one project.",
            ),
            list_,
        )
    ]


def register(
    app: AsyncApp,
    rooms: tuple[InquiryService, OfficeInquiryService],
    people: PeopleService,
    clock: Clock,
    refresh: Refresh,
) -> None:
    _register_windows(app, rooms, people, clock)
    _register_sending(app, rooms, people, clock, refresh)
    _register_ends(app, rooms[0], people, clock, refresh)
    _register_office(app, rooms[1], people, clock)


def _register_windows(
    app: AsyncApp,
    rooms: tuple[InquiryService, OfficeInquiryService],
    people: PeopleService,
    clock: Clock,
) -> None:
    """What opens a window to write in."""
    inquiries, office = rooms

    async def ask(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        asking = await inquiries.blank(viewer, pressed_number(body), clock.now())
        await _show(client, body, ask_view(asking))

    async def open_(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        card = await inquiries.card(await who(people, body["user"]["id"]), pressed_number(body))
        await _show(client, body, inquiry_view(card, is_from_home=_stands_in(body, "home")))
        if card.is_for_office:
            await office.find_link(card.inquiry_id)  # the answer will say where it stands

    async def ask_back(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        card = await inquiries.card(await who(people, body["user"]["id"]), pressed_number(body))
        await _show(client, body, back_view(card))

    app.action(ASK_PM)(ask)
    app.action(INQUIRY_OPEN)(open_)
    app.action(ASK_BACK)(ask_back)


def _register_sending(
    app: AsyncApp,
    rooms: tuple[InquiryService, OfficeInquiryService],
    people: PeopleService,
    clock: Clock,
    refresh: Refresh,
) -> None:
    """What is written in a window."""
    inquiries, office = rooms

    async def written(viewer: Viewer, view: dict[str, Any]) -> Written:
        (state, text), now = read_window(view), clock.now()
        number, seen = state.inquiry_id, state.seen
        if state.is_back:
            return await office.ask_back(viewer, number, text, seen, now)
        if number:
            in_thread = wants_thread(view)
            return await inquiries.write(viewer, number, text, seen, now, in_thread=in_thread)
        return await inquiries.ask(viewer, state.project_id, text, now)

    async def send(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        state, text = read_window(body["view"])
        viewer = await who(people, body["user"]["id"])
        outcome = await written(viewer, body["view"])
        if outcome.is_late:
            view = late_view(outcome.card, text, is_from_home=state.is_from_home)
        else:
            view = written_view(outcome)
        await ack(response_action="update", view=view)
        if state.is_from_home:
            await refresh(viewer, client)

    app.view(CALLBACK)(send)


def _register_office(
    app: AsyncApp, office: OfficeInquiryService, people: PeopleService, clock: Clock
) -> None:
    """What the PMO does with what it was asked itself, beside answering."""

    async def pass_to(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        action = body["actions"][0]
        viewer = await who(people, body["user"]["id"])
        person = await who(people, action["selected_user"])
        number = inquiry_in(action["block_id"])
        message = passed_to(await office.pass_to(viewer, number, person.person_id, clock.now()))
        await respond(
            message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
        )

    app.action(CHOOSE_PERSON)(pass_to)


def _register_ends(
    app: AsyncApp,
    inquiries: InquiryService,
    people: PeopleService,
    clock: Clock,
    refresh: Refresh,
) -> None:
    """What ends an inquiry for somebody: its asker takes it back, or who is asked passes it on."""

    async def take_back(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        card = await inquiries.take_back(viewer, pressed_number(body), clock.now())
        await _replace(client, body, card)
        await refresh(viewer, client)

    async def not_mine(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        card = await inquiries.pass_on(viewer, pressed_number(body), clock.now())
        if _stands_in(body, "modal"):
            await _replace(client, body, card)
            await refresh(viewer, client)
            return
        message = passed_on(card)
        await respond(
            message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
        )

    app.action(TAKE_BACK)(take_back)
    app.action(NOT_MINE)(not_mine)


def _stands_in(body: dict[str, Any], kind: str) -> bool:
    return bool(body.get("view", {}).get("type") == kind)


async def _replace(client: AsyncWebClient, body: dict[str, Any], card: InquiryCard) -> None:
    """Show what became of an inquiry in place of its window, unless that has changed meanwhile."""
    view = body["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=closed_view(card))


async def _show(client: AsyncWebClient, body: dict[str, Any], view: Block) -> None:
    """Open a window; on top of another one, if the button stands there."""
    show = client.views_push if _stands_in(body, "modal") else client.views_open
    await show(trigger_id=body["trigger_id"], view=view)

"""Slack's side of minutes: read, written, posted, objected to, corrected."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.calendar.rules import parse_day
from domain.errors import UnreadableError
from domain.meetings.minutes.service import MinutesService
from domain.meetings.minutes.values import Editing
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Word, part_of
from handlers.meetings.parts import Answered, Parts, with_part
from handlers.people import who
from message_templates.kit import Block, Rendered
from message_templates.meetings.minutes import ADD, ANSWER, EDIT, OBJECT, POST, READ, REDRAFT, SEND
from message_templates.meetings.minutes_list import list_messages, read_messages
from message_templates.meetings.minutes_window import (
    ADD_CALLBACK,
    ANSWER_CALLBACK,
    CALLBACK,
    OBJECT_CALLBACK,
    PAGE,
    addendum_view,
    answering_view,
    chosen_page,
    done_notice,
    done_view,
    editing_view,
    objecting_view,
    read_editing,
    read_text,
)
from message_templates.portfolio.help import CommandHelp

_WORD = "minutes"
_HELP = CommandHelp(
    _WORD,
    f"{COMMAND} {_WORD} [COUNCIL] [DATE]",
    "Minutes of council meetings: all that you may read, or those of a day such as 2026-12-03.",
)

View = Callable[[Viewer, int], Awaitable[Block]]


def words(parts: Parts, clock: Clock) -> Sequence[Word]:
    """`/project minutes`."""

    async def answer(viewer: Viewer, text: str) -> Answered:
        named, part = with_part(text)
        council, _, last = named.rpartition(" ")
        again = f"{COMMAND} {_WORD} {named}".rstrip()
        if last[:1].isdecimal():
            day = _day(last)
            read = await parts.minutes.of_day(viewer, council.strip(), day, clock.now())
            return part_of(read_messages(read), part, again)
        found = await parts.minutes.listed(viewer, named, clock.now())
        return part_of(list_messages(found), part, again)

    return [Word(_HELP, answer)]


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    _register_windows(app, parts.minutes, parts.people, clock)
    _register_editing(app, parts.minutes, parts.people, clock)
    _register_texts(app, parts.minutes, parts.people, clock)
    _register_presses(app, parts.minutes, parts.people, clock)


def _register_windows(
    app: AsyncApp, minutes: MinutesService, people: PeopleService, clock: Clock
) -> None:
    async def edit(viewer: Viewer, number: int) -> Block:
        return editing_view(Editing(await minutes.editing(viewer, number, clock.now())))

    async def add(viewer: Viewer, number: int) -> Block:
        return addendum_view(await minutes.editing(viewer, number, clock.now()))

    async def object_(viewer: Viewer, number: int) -> Block:
        return objecting_view(await minutes.objecting(viewer, number, clock.now()))

    async def answer(viewer: Viewer, number: int) -> Block:
        return answering_view(await minutes.answering(viewer, number, clock.now()))

    def opening(view: View) -> Callable[..., Awaitable[None]]:
        async def press(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            viewer = await who(people, body["user"]["id"])
            shown = await view(viewer, pressed_number(body))
            await client.views_open(trigger_id=body["trigger_id"], view=shown)

        return press

    for action, view in ((EDIT, edit), (ADD, add), (OBJECT, object_), (ANSWER, answer)):
        app.action(action)(opening(view))


def _register_editing(
    app: AsyncApp, minutes: MinutesService, people: PeopleService, clock: Clock
) -> None:
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        state, wording = read_editing(body["view"])
        read = await minutes.save(viewer, state.number, state.version, wording, clock.now())
        await ack(response_action="update", view=done_view("saved", standing=read.standing))

    async def turn(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """Show other items; what was typed on this page is kept first."""
        await ack()
        viewer, view = await who(people, body["user"]["id"]), body["view"]
        state, wording = read_editing(view)
        read = await minutes.save(viewer, state.number, state.version, wording, clock.now())
        is_saved = read.standing.version != state.version
        shown = editing_view(Editing(read, chosen_page(body), is_saved=is_saved))
        await client.views_update(view_id=view["id"], hash=view["hash"], view=shown)

    app.view(CALLBACK)(save)
    app.action(PAGE)(turn)


def _register_texts(
    app: AsyncApp, minutes: MinutesService, people: PeopleService, clock: Clock
) -> None:
    async def add(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        state, text = read_text(body["view"])
        await minutes.add(viewer, state.number, state.version, text, clock.now())
        await ack(response_action="update", view=done_view("added"))

    async def object_(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        state, text = read_text(body["view"])
        await minutes.object(viewer, state.number, text, clock.now())
        await ack(response_action="update", view=done_view("objected"))

    async def answer(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        state, text = read_text(body["view"])
        told = await minutes.answer(viewer, state.number, text, clock.now())
        await ack(response_action="update", view=done_view("answered", told=told))

    app.view(ADD_CALLBACK)(add)
    app.view(OBJECT_CALLBACK)(object_)
    app.view(ANSWER_CALLBACK)(answer)


def _register_presses(
    app: AsyncApp, minutes: MinutesService, people: PeopleService, clock: Clock
) -> None:
    async def post(viewer: Viewer, value: str) -> Answered:
        number, version = _seen(value)
        read = await minutes.post(viewer, number, version, clock.now())
        zone = read.minutes.timezone
        return [done_notice("posted", standing=read.standing, zone=zone)]

    async def redraft(viewer: Viewer, value: str) -> Answered:
        number, version = _seen(value)
        read = await minutes.redraft(viewer, number, version, clock.now())
        return [done_notice("redrafted", standing=read.standing)]

    async def send(viewer: Viewer, value: str) -> Answered:
        await minutes.send(viewer, int(value), clock.now())
        return [done_notice("sent")]

    async def read(viewer: Viewer, value: str) -> Answered:
        found = await minutes.read(viewer, int(value), clock.now())
        day = found.minutes.starts_at.astimezone(found.minutes.zone).date()
        again = f"{COMMAND} {_WORD} {found.minutes.council} {day.isoformat()}"
        return part_of(read_messages(found), 1, again)

    for action, act in ((POST, post), (REDRAFT, redraft), (SEND, send), (READ, read)):
        app.action(action)(_answering(act, people))


def _answering(
    act: Callable[[Viewer, str], Awaitable[Answered]], people: PeopleService
) -> Callable[..., Awaitable[None]]:
    async def press(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        for message in await act(viewer, pressed(body)):
            await _tell(respond, message)

    return press


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        msg = f"{error}. For example: `{COMMAND} {_WORD} 2026-12-03`."
        raise UnreadableError(msg) from error


def _seen(value: str) -> tuple[int, int]:
    """The meeting, and the version of its minutes that the message showed."""
    number, _, version = value.partition(":")
    return int(number), int(version)

"""Slack's side of attendance: who comes, who comes instead, who is there."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.meetings.attendance.outcomes import Come
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Answer, part_of
from handlers.home import Home, Section
from handlers.meetings.parts import WORD, Answered, Parts, with_part
from handlers.people import who
from message_templates.kit import Block, Rendered
from message_templates.meetings.attendance import HERE, LEAVE, MARK, RSVP
from message_templates.meetings.attendance_told import DECLINE, REMIND
from message_templates.meetings.attendance_window import (
    ALTERNATE_CALLBACK,
    APOLOGY_CALLBACK,
    MARK_CALLBACK,
    AttendanceState,
    alternate_view,
    apology_view,
    board_messages,
    came_notice,
    mark_view,
    marked_view,
    read_alternate,
    read_marked,
    read_reason,
    reminded_notice,
    said_notice,
    said_view,
)
from message_templates.meetings.list import own_section
from models.enums import Rsvp

Body = dict[str, Any]


@dataclass(frozen=True)
class _Desk:
    """What the presses need."""

    parts: Parts
    clock: Clock
    home: Home

    async def viewer(self, body: Body) -> Viewer:
        return await who(self.parts.people, body["user"]["id"])

    @property
    def now(self) -> datetime:
        return self.clock.now()


def subwords(parts: Parts, clock: Clock) -> Mapping[str, Answer]:
    """What `/project meeting` answers about who comes."""

    async def attendance(viewer: Viewer, text: str) -> Answered:
        council, part = with_part(text)
        found = await parts.meetings.coming(viewer, council, clock.now(), is_next=True)
        boards = await parts.attendance.boards(viewer, found, clock.now())
        again = f"{COMMAND} {WORD} attendance {found.named}".rstrip()
        return part_of(board_messages(boards), part, again)

    return {"attendance": attendance}


def section(parts: Parts) -> Section:
    """The next meetings of who has a seat, for App Home."""

    async def own_meetings(viewer: Viewer, now: datetime, _state: object) -> Sequence[Block]:
        return own_section(await parts.meetings.coming(viewer, "", now, is_next=True))

    return own_meetings


def register(app: AsyncApp, parts: Parts, clock: Clock, home: Home) -> None:
    desk = _Desk(parts, clock, home)
    _register_saying(app, desk)
    _register_told(app, desk)
    _register_windows(app, desk)
    _register_presence(app, desk)
    _register_marking(app, desk)


def _register_saying(app: AsyncApp, desk: _Desk) -> None:
    attendance = desk.parts.attendance

    async def say(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        viewer, number = await desk.viewer(body), pressed_number(body)
        rsvp, is_from_home = Rsvp(_said(body)), "view" in body
        said = await attendance.say(viewer, number, rsvp, desk.now)
        if rsvp is Rsvp.NO and not said.stands_for:
            view = apology_view(said)
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        elif not is_from_home:
            await _tell(respond, said_notice(said))
        if is_from_home:
            await desk.home.publish(viewer, client)

    async def choose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        viewer = await desk.viewer(body)
        choosing = await attendance.choosing(viewer, pressed_number(body), desk.now)
        view = alternate_view(choosing, is_from_home="view" in body)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    app.action(re.compile(f"^{RSVP}:({Rsvp.YES}|{Rsvp.LATE}|{Rsvp.NO})$"))(say)
    app.action(f"{RSVP}:{Rsvp.ALTERNATE}")(choose)


def _register_told(app: AsyncApp, desk: _Desk) -> None:
    """The buttons of what alternates and the chair are told."""
    attendance = desk.parts.attendance

    async def decline(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        number, _, member = pressed(body).partition(":")
        viewer = await desk.viewer(body)
        said = await attendance.decline(viewer, int(number), int(member), desk.now)
        await _tell(respond, said_notice(said))

    async def remind(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        viewer = await desk.viewer(body)
        reminded = await attendance.remind(viewer, pressed_number(body), desk.now)
        await _tell(respond, reminded_notice(reminded))

    app.action(DECLINE)(decline)
    app.action(REMIND)(remind)


def _register_windows(app: AsyncApp, desk: _Desk) -> None:
    attendance = desk.parts.attendance

    async def apologize(ack: AsyncAck, body: Body) -> None:
        viewer, view = await desk.viewer(body), body["view"]
        number = AttendanceState.load(view).meeting_id
        said = await attendance.apologize(viewer, number, read_reason(view), desk.now)
        await ack(response_action="update", view=said_view(said))

    async def send(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        viewer, state = await desk.viewer(body), AttendanceState.load(body["view"])
        alternate = await who(desk.parts.people, read_alternate(body["view"]))
        said = await attendance.send(viewer, state.meeting_id, alternate, desk.now)
        await ack(response_action="update", view=said_view(said))
        if state.is_from_home:
            await desk.home.publish(viewer, client)

    app.view(APOLOGY_CALLBACK)(apologize)
    app.view(ALTERNATE_CALLBACK)(send)


def _register_presence(app: AsyncApp, desk: _Desk) -> None:
    attendance = desk.parts.attendance

    def pressing(
        act: Callable[[Viewer, int, datetime], Awaitable[Come]],
    ) -> Callable[[AsyncAck, Body, AsyncRespond], Awaitable[None]]:
        async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
            await ack()
            come = await act(await desk.viewer(body), pressed_number(body), desk.now)
            await _tell(respond, came_notice(come))

        return press

    app.action(HERE)(pressing(attendance.here))
    app.action(LEAVE)(pressing(attendance.leave))


def _register_marking(app: AsyncApp, desk: _Desk) -> None:
    attendance = desk.parts.attendance

    async def open_(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        viewer = await desk.viewer(body)
        marking = await attendance.marking(viewer, pressed_number(body), desk.now)
        await client.views_open(trigger_id=body["trigger_id"], view=mark_view(marking))

    async def save(ack: AsyncAck, body: Body) -> None:
        viewer, view = await desk.viewer(body), body["view"]
        state, chosen = AttendanceState.load(view), read_marked(view)
        come = await attendance.mark(viewer, state.meeting_id, state.here, chosen, desk.now)
        await ack(response_action="update", view=marked_view(come))

    app.action(MARK)(open_)
    app.view(MARK_CALLBACK)(save)


def _said(body: Body) -> str:
    """What the pressed button says: `yes`."""
    return str(body["actions"][0]["action_id"]).partition(":")[2]


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )

"""Slack's side of what is read before a meeting: opened, sent, sent no more."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.commands import COMMAND, Answer, part_of
from handlers.meetings.parts import WORD, Answered, Parts, with_part
from handlers.people import who
from message_templates.kit import Rendered
from message_templates.meetings.pre_read import OPEN, READ, SEND, STOP
from message_templates.meetings.pre_read_pack import noted, pack_messages, sent, stopped

_PACK = "pack"


def subwords(parts: Parts, clock: Clock) -> Mapping[str, Answer]:
    """What `/project meeting` answers about what is to be read."""

    async def pack(viewer: Viewer, text: str) -> Answered:
        council, part = with_part(text)
        found = await parts.pre_reads.open_next(viewer, council, clock.now())
        return part_of(pack_messages(found), part, f"{COMMAND} {WORD} {_PACK} {found.council}")

    return {_PACK: pack}


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    _register_reading(app, parts, clock)
    _register_copies(app, parts, clock)


def _register_reading(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def open_(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        found = await parts.pre_reads.open(viewer, pressed_number(body), clock.now())
        again = f"{COMMAND} {WORD} {_PACK} {found.council}"
        for message in part_of(pack_messages(found), 1, again):
            await _tell(respond, message)

    async def read(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        await parts.pre_reads.open(viewer, pressed_number(body), clock.now())
        await _tell(respond, noted())

    app.action(OPEN)(open_)
    app.action(READ)(read)


def _register_copies(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def send(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        council = await parts.pre_reads.send(viewer, pressed_number(body), clock.now())
        await _tell(respond, sent(council))

    async def stop(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        outcome = await parts.pre_reads.stop(viewer, pressed_number(body), clock.now())
        message = stopped(outcome.council, was_wished=outcome.was_wished, is_chair=outcome.is_chair)
        await _tell(respond, message)

    app.action(SEND)(send)
    app.action(STOP)(stop)


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )

"""Slack's side of votes out of cycle: `/project vote`, ballots' buttons, and their windows."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Word, part_of
from handlers.meetings.parts import Answered, Parts, with_part
from handlers.people import who
from message_templates.kit import Rendered
from message_templates.meetings.ballot import HAND, HAND_BACK, TAKE_BACK, VOTES, told
from message_templates.meetings.ballot_list import CANCEL, OPEN, ballot_messages
from message_templates.meetings.ballot_window import (
    CALLBACK,
    CANCEL_CALLBACK,
    HAND_CALLBACK,
    cancelling_view,
    done_view,
    handing_view,
    opened_view,
    opening_view,
    read_cancelling,
    read_handing,
    read_opening,
)
from message_templates.portfolio.help import CommandHelp

_WORD = "vote"
_HELP = CommandHelp(
    _WORD,
    f"{COMMAND} {_WORD} [COUNCIL]",
    "What your councils vote on between their meetings; the chair opens a vote here.",
)


def words(parts: Parts, clock: Clock) -> Sequence[Word]:
    """What votes offer to `/project`."""

    async def listed(viewer: Viewer, text: str) -> Answered:
        council, part = with_part(text)
        found = await parts.ballots.listed(viewer, council, clock.now())
        again = f"{COMMAND} {_WORD} {found.named}".rstrip()
        return part_of(ballot_messages(found), part, again)

    return [Word(_HELP, listed)]


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    _register_votes(app, parts, clock)
    _register_handing(app, parts, clock)
    _register_opening(app, parts, clock)
    _register_cancelling(app, parts, clock)


def _register_votes(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def vote(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        ballot, member, option = (int(each) for each in pressed(body).split(":"))
        outcome = await parts.ballots.vote(viewer, ballot, member, option, clock.now())
        await _tell(respond, told(outcome))

    app.action(VOTES)(vote)


def _register_handing(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = handing_view(pressed_number(body))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def hand(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(parts.people, body["user"]["id"])
        ballot, slack_id = read_handing(body["view"])
        delegate = await who(parts.people, slack_id)
        outcome = await parts.ballots.hand(viewer, ballot, delegate, clock.now())
        await ack(response_action="update", view=done_view(outcome))

    async def take_back(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        outcome = await parts.ballots.take_back(viewer, pressed_number(body), clock.now())
        await _tell(respond, told(outcome))

    async def hand_back(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        ballot, member = (int(each) for each in pressed(body).split(":"))
        outcome = await parts.ballots.hand_back(viewer, ballot, member, clock.now())
        await _tell(respond, told(outcome))

    app.action(HAND)(ask)
    app.view(HAND_CALLBACK)(hand)
    app.action(TAKE_BACK)(take_back)
    app.action(HAND_BACK)(hand_back)


def _register_opening(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(parts.people, body["user"]["id"])
        blank = await parts.ballot_opening.blank(viewer, pressed_number(body), clock.now())
        await client.views_open(trigger_id=body["trigger_id"], view=opening_view(blank))

    async def open_(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(parts.people, body["user"]["id"])
        council_id, wish = read_opening(body["view"])
        opened = await parts.ballot_opening.open(viewer, council_id, wish, clock.now())
        await ack(response_action="update", view=opened_view(opened))

    app.action(OPEN)(ask)
    app.view(CALLBACK)(open_)


def _register_cancelling(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = cancelling_view(pressed_number(body))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def cancel(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(parts.people, body["user"]["id"])
        ballot, reason = read_cancelling(body["view"])
        outcome = await parts.ballot_opening.cancel(viewer, ballot, reason, clock.now())
        await ack(response_action="update", view=done_view(outcome))

    app.action(CANCEL)(ask)
    app.view(CANCEL_CALLBACK)(cancel)


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )

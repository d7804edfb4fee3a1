"""Slack's side of asking the PMO: the button below what the handbook can't answer, and a word."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.answers.handing.service import HandingService
from domain.answers.handing.values import Handed
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Word
from handlers.people import who
from message_templates.answers.handing import (
    CALLBACK,
    ask_pmo_view,
    how_to_ask_pmo,
    read_ask_pmo,
    sent,
)
from message_templates.inquiries import ASK_PMO
from message_templates.inquiries.window import written_view
from message_templates.kit import Rendered
from message_templates.portfolio.help import CommandHelp


def words(handing: HandingService, clock: Clock) -> Sequence[Word]:
    async def ask(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [how_to_ask_pmo(COMMAND)]
        return sent(await handing.ask(viewer, Handed(text), clock.now()))

    return [
        Word(
            CommandHelp(
                "ask-pmo",
                f"{COMMAND} ask-pmo QUESTION",
                "Ask the people of the PMO what the handbook doesn't say.",
            ),
            ask,
        )
    ]


def register(app: AsyncApp, handing: HandingService, people: PeopleService, clock: Clock) -> None:
    async def ask(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        asking = await handing.blank(viewer, int(body["actions"][0]["value"]))
        is_in_window = body.get("view", {}).get("type") == "modal"
        show = client.views_push if is_in_window else client.views_open
        await show(trigger_id=body["trigger_id"], view=ask_pmo_view(asking))

    async def send(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        written = await handing.ask(viewer, read_ask_pmo(body["view"]), clock.now())
        await ack(response_action="update", view=written_view(written))

    app.action(ASK_PMO)(ask)
    app.view(CALLBACK)(send)

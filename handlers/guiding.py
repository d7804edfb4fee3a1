"""Slack's side of the triage, and what the messages tab suggests to ask."""

import re
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.answers.guiding.service import GuideService
from domain.portfolio.values import Viewer
from handlers.agent import Agent
from handlers.commands import COMMAND, Word
from handlers.home import Opened
from message_templates.answers.guide import TRIAGE, TRIAGE_LINK, prompts
from message_templates.kit import Rendered
from message_templates.portfolio.help import CommandHelp
from message_templates.rendering import render


def words(guide: GuideService) -> Sequence[Word]:
    async def start(_viewer: Viewer, _text: str) -> Sequence[Rendered]:
        return render(await guide.start())

    text = "Have an idea? Three questions tell whether it is a project, and where to go on."
    return [Word(CommandHelp("start", f"{COMMAND} start", text), start)]


def opened(guide: GuideService, agent: Agent) -> Opened:
    """Suggests to who opens the messages with the bot what they may want to ask."""

    async def suggest(viewer: Viewer, channel_id: str, client: AsyncWebClient) -> None:
        await agent.suggest(client, channel_id, prompts(await guide.offer(viewer)))

    return suggest


def register(app: AsyncApp, guide: GuideService) -> None:
    async def go_on(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        message = await guide.go_on(str(body["actions"][0]["value"]))
        first, *further = render(message)
        await respond(first.text, blocks=first.blocks, replace_original=True)
        is_dm = body["channel"]["id"].startswith("D")
        for each in further:
            await respond(
                each.text,
                blocks=each.blocks,
                response_type="in_channel" if is_dm else "ephemeral",
                replace_original=False,
                thread_ts=body.get("container", {}).get("thread_ts"),
            )

    async def leave(ack: AsyncAck) -> None:
        await ack()

    app.action(re.compile(f"^{TRIAGE}:"))(go_on)
    app.action(re.compile(f"^{TRIAGE_LINK}:"))(leave)

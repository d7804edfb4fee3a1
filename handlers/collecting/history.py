"""`/project history`, and the buttons for the same: in a modal, or where the button stands."""

import re
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.history.service import HistoryService
from domain.portfolio.people import PeopleService
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import ProjectCard, Viewer
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Word, part_of
from handlers.people import who
from message_templates.collecting.history import HISTORY, history_messages, history_view
from message_templates.inquiries.list import counts_blocks
from message_templates.kit import Rendered
from message_templates.notices import notice
from message_templates.portfolio.help import CommandHelp
from message_templates.project_actions import SHOW_HISTORY

_WITH_PART = re.compile(r"(\S+)\s+(\d{1,4})")
"""A code, and which part of a long answer is wanted."""


def words(portfolio: PortfolioService, history: HistoryService) -> Sequence[Word]:
    async def look_back(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"Of which project? Give its code: {COMMAND} history CODE")]
        with_part = _WITH_PART.fullmatch(text)
        code, part = (with_part[1], int(with_part[2])) if with_part else (text, 1)
        return await _told(history, await portfolio.find(viewer, code), part)

    return [
        Word(
            CommandHelp(
                "history",
                f"{COMMAND} history CODE",
                "Every report of a project, every version, and what changed between them.",
            ),
            look_back,
        )
    ]


def register(
    app: AsyncApp, portfolio: PortfolioService, history: HistoryService, people: PeopleService
) -> None:
    async def open_history(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        card = await portfolio.find(viewer, pressed(body))
        asked = await history.of_project(card.project_id)
        view = history_view(asked, f"{COMMAND} history {card.code}")
        is_on_top = body.get("view", {}).get("type") == "modal"
        show = client.views_push if is_on_top else client.views_open
        await show(trigger_id=body["trigger_id"], view=view)

    async def show_history(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        """In the thread, to who has pressed alone: a modal would hide what they compare it with."""
        await ack()
        viewer = await who(people, body["user"]["id"])
        card = await portfolio.find_by_id(viewer, pressed_number(body))
        thread = body["container"].get("thread_ts")
        for message in await _told(history, card, 1):
            await respond(
                message.text,
                blocks=message.blocks,
                response_type="ephemeral",
                replace_original=False,
                thread_ts=thread,
            )

    app.action(HISTORY)(open_history)
    app.action(SHOW_HISTORY)(show_history)


async def _told(history: HistoryService, card: ProjectCard, part: int) -> Sequence[Rendered]:
    """A part of a project's history, and how to read on."""
    beside = counts_blocks(await history.inquiries(card.project_id), card.code)
    messages = history_messages(card, await history.of_project(card.project_id), beside)
    return part_of(messages, part, f"{COMMAND} history {card.code}")

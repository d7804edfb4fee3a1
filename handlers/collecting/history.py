"""`/project history`, and the button that opens the same in a modal."""

import re
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.history import HistoryService
from domain.portfolio.people import PeopleService
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import Viewer
from handlers.commands import COMMAND, Word, part_of
from handlers.people import who
from message_templates.collecting.history import HISTORY, history_messages, history_view
from message_templates.kit import Rendered
from message_templates.notices import notice
from message_templates.portfolio.help import CommandHelp

_WITH_PART = re.compile(r"(\S+)\s+(\d{1,4})")
"""A code, and which part of a long answer is wanted."""


def words(portfolio: PortfolioService, history: HistoryService) -> Sequence[Word]:
    async def look_back(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"Of which project? Give its code: {COMMAND} history CODE")]
        with_part = _WITH_PART.fullmatch(text)
        code, part = (with_part[1], int(with_part[2])) if with_part else (text, 1)
        card = await portfolio.find(viewer, code)
        messages = history_messages(card, await history.of_project(card.project_id))
        return part_of(messages, part, f"{COMMAND} history {card.code}")

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
        card = await portfolio.find(viewer, body["actions"][0]["value"])
        asked = await history.of_project(card.project_id)
        view = history_view(asked, f"{COMMAND} history {card.code}")
        is_on_top = body.get("view", {}).get("type") == "modal"
        show = client.views_push if is_on_top else client.views_open
        await show(trigger_id=body["trigger_id"], view=view)

    app.action(HISTORY)(open_history)

"""Slack's side of answers: what people write to the bot."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.answers.service import AnswersService
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND
from handlers.people import who

_WRITTEN_BY_PEOPLE = (None, "file_share", "me_message", "thread_broadcast")
"""Subtypes of what somebody writes; edits, deletions and notices have others."""


Reader = Callable[[Viewer, str, dict[str, Any]], Awaitable[bool]]
"""Takes what another room understands, by the event's id and the event; False: it does not."""


def register(
    app: AsyncApp, answers: AnswersService, read: Reader, people: PeopleService, clock: Clock
) -> None:
    async def direct_message(body: dict[str, Any], event: dict[str, Any]) -> None:
        is_written = event.get("subtype") in _WRITTEN_BY_PEOPLE and "bot_id" not in event
        if event.get("channel_type") == "im" and is_written:
            viewer = await who(people, event["user"])
            if not await read(viewer, body["event_id"], event):
                await answers.receive(viewer, body["event_id"], COMMAND, clock.now())

    app.event("message")(direct_message)

"""Slack's side of answers: what people write to the bot."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.answers.service import AnswersService
from domain.portfolio.people import PeopleService
from domain.ports import Clock
from handlers.commands import COMMAND
from handlers.people import who


def register(app: AsyncApp, answers: AnswersService, people: PeopleService, clock: Clock) -> None:
    async def direct_message(body: dict[str, Any], event: dict[str, Any]) -> None:
        # Edits, deletions and what other bots write have a subtype or a bot's id.
        if event.get("channel_type") == "im" and not event.keys() & {"subtype", "bot_id"}:
            viewer = await who(people, event["user"])
            await answers.receive(viewer, body["event_id"], COMMAND, clock.now())

    app.event("message")(direct_message)

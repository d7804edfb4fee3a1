"""Answers those who write to the bot: whoever addresses it gets an answer, once."""

from datetime import datetime

from domain.answers.messages import HowToAsk
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.portfolio.values import Viewer
from models.base import Database


class AnswersService:
    """Takes direct messages."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def receive(self, viewer: Viewer, event_id: str, command: str, now: datetime) -> None:
        """Answer a direct message; an event that Slack hands over again is answered once."""
        async with self._database.writing() as session:
            await self._outbox.say_once(
                session,
                HowToAsk(command),
                to=Place.person(viewer.person_id),
                key=f"answer:{event_id}",
                now=now,
            )

"""App Home: each room offers its section of the page; whoever opens it gets it as it is now."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.people import who
from message_templates import kit
from message_templates.kit import Block

Section = Callable[[Viewer, datetime], Awaitable[Sequence[Block]]]
"""A part of the page, or nothing for who has no use for it; reads the record only, never Slack."""


@dataclass(frozen=True)
class Home:
    """The page, made of its sections."""

    sections: Sequence[Section]
    clock: Clock

    async def publish(
        self, viewer: Viewer, client: AsyncWebClient, note: Sequence[Block] = ()
    ) -> None:
        """Bring somebody's page to what is true now, with a note on top."""
        now = self.clock.now()
        parts = [note, *[await section(viewer, now) for section in self.sections]]
        blocks = [block for part in parts for block in part]
        await client.views_publish(user_id=viewer.slack_id, view=kit.home(blocks))


def register(app: AsyncApp, home: Home, people: PeopleService) -> None:
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await home.publish(await who(people, event["user"]), client)

    app.event("app_home_opened")(opened)

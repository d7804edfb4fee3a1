"""App Home: each room offers its section of the page; whoever opens it gets it as it is now."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.people import who
from message_templates import kit
from message_templates.home.state import TURN, HomeState
from message_templates.kit import Block

Section = Callable[[Viewer, datetime, HomeState], Awaitable[Sequence[Block]]]
"""A part of the page, or nothing for who has no use for it; reads the record only, never Slack."""

_REMEMBERED: Final = 1_000
"""People whose place on the page is kept in mind for what is sent from a form above it."""


@dataclass(frozen=True)
class Home:
    """The page, made of its sections.

    Where somebody stands on it travels with the view. A form that was opened on the page does not
    carry the view: for what is sent from one the place is kept in mind as well, and is the first
    page after a restart.
    """

    sections: Sequence[Section]
    clock: Clock
    _places: OrderedDict[str, HomeState] = field(default_factory=OrderedDict)

    async def publish(
        self,
        viewer: Viewer,
        client: AsyncWebClient,
        note: Sequence[Block] = (),
        state: HomeState | None = None,
    ) -> None:
        """Bring somebody's page to what is true now, with a note on top.

        Args:
            viewer: whose page.
            client: calls Slack.
            note: what is said on top.
            state: where they stand on it; None: where they stood.
        """
        state = self._place(viewer, state)
        now = self.clock.now()
        parts = [note, *[await section(viewer, now, state) for section in self.sections]]
        blocks = [block for part in parts for block in part]
        view = kit.home(blocks, private_metadata=state.dump())
        await client.views_publish(user_id=viewer.slack_id, view=view)

    def _place(self, viewer: Viewer, state: HomeState | None) -> HomeState:
        place = state or self._places.get(viewer.slack_id) or HomeState()
        self._places[viewer.slack_id] = place
        self._places.move_to_end(viewer.slack_id)
        if len(self._places) > _REMEMBERED:
            self._places.popitem(last=False)
        return place


def state_of(view: Mapping[str, Any] | None) -> HomeState | None:
    """Where somebody stands on the page that Slack tells of; None if it tells of none."""
    metadata = view.get("private_metadata") if view else None
    return HomeState.load(metadata) if metadata else None


Opened = Callable[[Viewer, str, AsyncWebClient], Awaitable[None]]
"""Hears who has opened the messages with the bot, and the id of that conversation."""


def register(app: AsyncApp, home: Home, people: PeopleService, messages: Opened) -> None:
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        viewer = await who(people, event["user"])
        if event["tab"] == "messages":
            await messages(viewer, event["channel"], client)
        elif event["tab"] == "home":
            await home.publish(viewer, client, state=state_of(event.get("view")))

    async def turn(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        stood = state_of(body["view"]) or HomeState()
        viewer = await who(people, body["user"]["id"])
        turned = stood.turned(body["actions"][0].get("value", ""))
        await home.publish(viewer, client, state=turned)

    app.event("app_home_opened")(opened)
    app.action(re.compile(f"^{TURN}:"))(turn)

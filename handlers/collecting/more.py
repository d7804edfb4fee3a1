"""Slack's side of the menu beside a project's buttons, and of the modals behind it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.postponing.service import PostponingService
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.collecting.form import Refresh
from handlers.people import who
from message_templates.collecting.more import (
    HOLD_CALLBACK,
    SNOOZE_CALLBACK,
    hold_view,
    opened_for,
    read_hold,
    read_snooze,
    snooze_view,
)
from message_templates.collecting.request import (
    DEPUTY,
    HOLD,
    MORE,
    NOT_MINE,
    RESUME,
    SNOOZE,
    more_choice,
)
from message_templates.kit import Block


@dataclass(frozen=True)
class Press:
    """What somebody did, and about which request."""

    viewer: Viewer
    request_id: int
    is_from_home: bool


@dataclass(frozen=True)
class Menu:
    """What the menu does; each deed has what it needs in the press."""

    postponing: PostponingService
    people: PeopleService
    clock: Clock
    refresh: Refresh

    async def snooze_view(self, press: Press) -> Block:
        """Ask when to remind."""
        offer = await self.postponing.snooze_offer(press.viewer, press.request_id, self.clock.now())
        return snooze_view(offer, is_from_home=press.is_from_home)

    async def hold_view(self, press: Press) -> Block:
        """Ask up to when, and why."""
        offer = await self.postponing.hold_offer(press.viewer, press.request_id)
        today = self.clock.now().astimezone(ZoneInfo(press.viewer.timezone)).date()
        return hold_view(offer, today, is_from_home=press.is_from_home)

    async def hand_on(self, press: Press) -> None:
        """Let the deputy be asked."""
        await self.postponing.hand_to_deputy(press.viewer, press.request_id, self.clock.now())

    async def disown(self, press: Press) -> None:
        """Tell the PMO whose it is not."""
        await self.postponing.disown(press.viewer, press.request_id, self.clock.now())

    async def resume(self, press: Press) -> None:
        """End a hold."""
        await self.postponing.resume(press.viewer, press.request_id, self.clock.now())

    async def snooze(self, press: Press, view: dict[str, Any]) -> None:
        """Remind later, as the modal says."""
        wish = read_snooze(view)
        await self.postponing.snooze(
            press.viewer, press.request_id, wish.until, self.clock.now(), alone=wish.alone
        )

    async def hold(self, press: Press, view: dict[str, Any]) -> None:
        """Put on hold, as the modal says."""
        await self.postponing.hold(
            press.viewer, press.request_id, read_hold(view), self.clock.now()
        )


def register(app: AsyncApp, menu: Menu) -> None:
    views = {SNOOZE: menu.snooze_view, HOLD: menu.hold_view}
    deeds = {DEPUTY: menu.hand_on, NOT_MINE: menu.disown}

    async def chosen(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        name, request_id = more_choice(body["actions"][0]["selected_option"]["value"])
        viewer = await who(menu.people, body["user"]["id"])
        press = Press(viewer, request_id, "view" in body)
        if name in views:
            view = await views[name](press)
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        else:
            await _do(deeds[name], menu, press, client)

    async def resumed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(menu.people, body["user"]["id"])
        press = Press(viewer, int(body["actions"][0]["value"]), "view" in body)
        await _do(menu.resume, menu, press, client)

    app.action(MORE)(chosen)
    app.action(RESUME)(resumed)
    app.view(SNOOZE_CALLBACK)(_submitted(menu, menu.snooze))
    app.view(HOLD_CALLBACK)(_submitted(menu, menu.hold))


async def _do(
    deed: Callable[[Press], Awaitable[None]], menu: Menu, press: Press, client: AsyncWebClient
) -> None:
    await deed(press)
    if press.is_from_home:
        await menu.refresh(press.viewer, client)


def _submitted(
    menu: Menu, do: Callable[[Press, dict[str, Any]], Awaitable[None]]
) -> Callable[..., Awaitable[None]]:
    """A listener that does what a modal says, and closes it."""

    async def take(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        viewer = await who(menu.people, body["user"]["id"])
        press = Press(viewer, *opened_for(body["view"]))
        await do(press, body["view"])
        await ack()
        if press.is_from_home:
            await menu.refresh(press.viewer, client)

    return take

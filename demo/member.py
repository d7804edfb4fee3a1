"""A person who works with messages as in Slack: finds a button by its words, and presses it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from demo.control import ControlClient, Json

LOOK_AGAIN_SECONDS = 0.02
"""Between two looks at whether the bot has answered a press."""
LOOKS = 500

DM = ""
"""The place of the direct messages with the app."""


@dataclass(frozen=True)
class Member:
    """Acts in the sandbox as one of its users."""

    control: ControlClient
    settle: Callable[[], Awaitable[None]]
    """Lets the bot do everything that is due, so that what a press changes is posted."""
    name: str

    async def press(self, place: str, label: str, about: str = "") -> None:
        """Press a button, or choose from a menu, and wait for what comes of it.

        Args:
            place: a channel's name, or `DM`.
            label: the words on the button.
            about: words of the message that it has to stand in.

        Raises:
            LookupError: there is no such button, or nothing came of it.
        """
        before = await self._messages(place)
        await self._press(before, label, about)
        for _ in range(LOOKS):
            await self.settle()
            if await self._messages(place) != before:
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        msg = f"nothing came of {label}, which {self.name} pressed"
        raise LookupError(msg)

    async def fill(self, place: str, label: str, about: str, fields: Mapping[str, Any]) -> None:
        """Press a button that opens a window, fill that in, and send it.

        Raises:
            LookupError: there is no such button, or what was filled in was not taken.
            RefusedError: Slack's own client would refuse it.
        """
        await self._press(await self._messages(place), label, about)
        await self.control.get("/wait", **{"for": "view", "user": self.name})
        (view,) = await self._views()
        sent = await self.control.act("submit_view", self.name, view_id=view["id"], values=fields)
        if sent["errors"] or not sent["ok"]:
            msg = f"the bot did not take what {self.name} filled in at {label}: {sent}"
            raise LookupError(msg)
        for each in await self._views():
            await self.control.act("close_view", self.name, view_id=each["id"])

    async def _press(self, messages: list[Json], label: str, about: str) -> None:
        for message in reversed(messages):
            blocks = message.get("blocks") or []
            for block, element, value in _pressable(blocks):
                if value[0] == label and about in str(blocks):
                    await self.control.act(
                        "press",
                        self.name,
                        channel=message["channel"],
                        ts=message["ts"],
                        action_id=element["action_id"],
                        block_id=block["block_id"],
                        value=value[1],
                    )
                    return
        msg = f"{self.name} sees no button {label} with {about!r}"
        raise LookupError(msg)

    async def _messages(self, place: str) -> list[Json]:
        """What the person sees there, oldest first."""
        if place == DM:
            answer = await self.control.get(f"/dm/{self.name}")
        else:
            answer = await self.control.get(f"/messages/{place}", viewer=self.name)
        return [{**each, "channel": answer["channel"]} for each in answer["messages"]]

    async def _views(self) -> list[Json]:
        views: list[Json] = (await self.control.get(f"/views/{self.name}"))["views"]
        return views


def _pressable(blocks: list[Json]) -> Iterator[tuple[Json, Json, tuple[str, str | None]]]:
    """The buttons and menus of a message: block, element, and words with the value to choose."""
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        for element in elements:
            if element["type"] == "button":
                yield block, element, (element["text"]["text"], None)
            for option in element.get("options", []):
                yield block, element, (option["text"]["text"], option["value"])

"""A council of five that meets every other week: what its people press, and what they see."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

import docx

from sandbox.inputs import interactive_elements, options
from sandbox.workspace import File, Message, View
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

COUNCIL: Final = """\
timezone: America/New_York
pmo: {channel: pmo-office, members: [dana@example.edu]}
councils:
  - name: ITS Council
    channel: its-council
    chair: carol@example.edu
    members:
      - carol@example.edu
      - omar@example.edu
      - nadia@example.edu
      - ben@example.edu
      - {person: arjun@example.edu, voting: false}
    reporting:
      every: "FREQ=WEEKLY;INTERVAL=3;BYDAY=WE"
      first: 2026-11-18
      ask_at: "09:00"
      cut_off: "+2d 15:00"
      digest: "+3d 08:00"
      freeze: "+4d 12:00"
    meetings:
      rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"
      first: 2026-12-03
      at: "14:00"
      out_of_cycle: {window: 2d}
  - name: STS Council
    channel: sts-council
    chair: nadia@example.edu
    members: [nadia@example.edu]
"""
"""Four votes, so three are needed; Arjun sits there without one."""

_LOOKS: Final = 200
_PAUSE: Final = 0.01
"""Seconds between two looks at what a press comes to."""


def new_york(day: int, hour: int, minute: int = 0, *, month: int = 12) -> datetime:
    """An hour of the winter of 2026 in New York."""
    return datetime(2026, month, day, hour + 5, minute, tzinfo=UTC)


class Meetings:
    """The council's channel and its people."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __getitem__(self, name: str) -> Lists:
        """What a person types, presses and fills in."""
        return Lists(self.scene, name)

    def heads(self, text: str) -> list[Message]:
        """The messages of the channel itself that have a text, oldest first."""
        return [each for each in self.scene.heads("its-council") if text in words(each.blocks)]

    def channel(self) -> str:
        """Every word in the channel that everybody reads, threads and notifications included."""
        said = [*self.scene.heads("its-council"), *self.scene.replies("its-council")]
        return "\n".join(f"{each.text}\n{words(each.blocks)}" for each in said)

    def files(self, ending: str) -> list[File]:
        """The documents that the channel links to."""
        found = self.scene.sandbox.workspace.files.values()
        return [each for each in found if each.name.endswith(ending) and each.id in self.channel()]

    def mail(self, name: str) -> list[Message]:
        """All that one person reads from the bot, and others do not."""
        workspace = self.scene.sandbox.workspace
        place = workspace.channel_named("its-council")
        assert place is not None
        read = workspace.messages_in(place.id, viewer=self.scene.id(name))
        return [*self.scene.dm(name), *(each for each in read if each.ephemeral_to)]

    async def seen(self, look: Callable[[], list[Message]], text: str) -> Message:
        """The newest of some messages that has a text, once the bot has said it."""
        for _look in range(_LOOKS):
            await self.scene.settle()
            if found := [each for each in look() if text in words(each.blocks)]:
                return max(found, key=lambda each: float(each.ts))
            await asyncio.sleep(_PAUSE)
        shown = "\n".join(words(each.blocks) for each in look()[-3:])
        raise AssertionError(f"never came: {text}; there is:\n{shown}")

    async def told(self, name: str, text: str) -> Message:
        """The newest message to a person that has a text."""
        return await self.seen(lambda: self.mail(name), text)

    async def card(self, text: str = "meets, since") -> Message:
        """The card of the meeting that runs, once it has a text."""
        return await self.seen(lambda: self.heads("meets, since")[-1:], text)

    async def press(self, name: str, message: Message, label: str, answer: str) -> Message:
        """Press a button, or choose an entry of a menu; what the person is told then."""
        before = {each.ts for each in self.mail(name)}
        await self.push(name, message, label)
        return await self.seen(
            lambda: [each for each in self.mail(name) if each.ts not in before], answer
        )

    async def push(self, name: str, message: Message, label: str, beside: str = "") -> None:
        """Press a button, or choose an entry of a menu, beside a text."""
        for block in message.blocks:
            for element in interactive_elements(block) if beside in words(block) else ():
                values = {words(each): each["value"] for each in options(element)}
                if label in (words(element), *values):
                    pressed = await self.scene.sandbox.acting.press(
                        self.scene.id(name),
                        message.channel,
                        message.ts,
                        element["action_id"],
                        block["block_id"],
                        values.get(label),
                    )
                    assert pressed.ok, pressed
                    return
        raise AssertionError(f"no button {label} beside {beside!r} in {buttons(message)}")

    async def window(self, name: str, message: Message, label: str) -> View:
        """The window that a button opens."""
        await self[name].close()
        await self.push(name, message, label)
        return await self._another(name, "")

    async def window_above(self, name: str, view: View, label: str) -> View:
        """The window that a button of a window opens on top of it."""
        block, element = next(
            (block, element)
            for block in view.blocks
            for element in interactive_elements(block)
            if words(element) == label
        )
        pressed = await self.scene.sandbox.acting.press_in_view(
            self.scene.id(name), view.id, element["action_id"], block["block_id"]
        )
        assert pressed.ok, pressed
        return await self._another(name, view.id)

    async def _another(self, name: str, view_id: str) -> View:
        lists = self[name]

        def is_there() -> bool:
            top = lists.top()
            return top is not None and top.id != view_id

        await self.scene.until(is_there, f"a window for {name}")
        top = lists.top()
        assert top is not None
        return top

    async def fill(self, name: str, view: View, **values: Any) -> str:
        """Fill in a window that is taken; the words of what takes its place, which is closed."""
        await self._send(name, view, values)
        return await self._read(name)

    async def fill_above(self, name: str, view: View, below: View, **values: Any) -> str:
        """The same on top of a window that is brought up to date by it."""
        old = below.hash
        await self._send(name, view, values)
        await self.scene.until(lambda: below.hash != old, "the window below as it is now")
        return await self._read(name)

    async def _send(self, name: str, view: View, values: dict[str, Any]) -> None:
        sent = await self.scene.sandbox.acting.submit_view(self.scene.id(name), view.id, values)
        assert sent.ok, sent
        assert not sent.errors, sent

    async def _read(self, name: str) -> str:
        lists = self[name]
        told = lists.shown() if lists.top() else ""
        await lists.close()
        await self.scene.settle()
        return told


def words_of_document(file: File) -> str:
    """Every word of a Word file."""
    document = docx.Document(BytesIO(file.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def in_order(text: str, *parts: str) -> bool:
    """Whether a text has these parts one after the other."""
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
    return True

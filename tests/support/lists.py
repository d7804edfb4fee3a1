"""A project's lists as people use them in Slack: typed, pressed, filled in."""

import re
from typing import Any

from sandbox.acting import ActionResult
from sandbox.inputs import find_element, interactive_elements
from sandbox.workspace import Message, View
from tests.support.scene import Scene, words

FORM = "log_entry"


class Lists:
    """What one person does with lists."""

    def __init__(self, scene: Scene, name: str) -> None:
        self.scene = scene
        self.name = name

    async def ask(self, text: str) -> list[Message]:
        """Type `/project ...`; what the person alone is told."""
        result, messages = await self.scene.command(self.name, text)
        assert result.ok, result
        assert {each.ephemeral_to for each in messages} == {self.scene.id(self.name)}
        return messages

    async def read(self, text: str) -> str:
        """The words of the answer to `/project ...`."""
        return "\n".join(words(each.blocks) for each in await self.ask(text))

    async def read_all(self, text: str, end: str) -> str:
        """The words of an answer in several messages, the last of which matches `end`."""
        before = len(self.scene.dm(self.name))

        def told() -> str:
            return "\n".join(words(each.blocks) for each in self.scene.dm(self.name)[before:])

        await self.ask(text)
        await self.scene.until(lambda: re.search(end, told()) is not None, end)
        return told()

    async def press(self, message: Message, label: str, beside: str = "") -> None:
        """Press a button of a message, beside a text."""
        for block in message.blocks:
            if beside not in words(block):
                continue
            for element in interactive_elements(block):
                if words(element) == label:
                    pressed = await self.scene.sandbox.acting.press(
                        self.scene.id(self.name),
                        message.channel,
                        message.ts,
                        element["action_id"],
                        block["block_id"],
                    )
                    assert pressed.ok, pressed
                    return
        raise AssertionError(f"no button {label} beside {beside!r}")

    async def open_new(self, word: str, code: str, label: str) -> View:
        """The empty form of a list's button."""
        (message, *_rest) = await self.ask(f"{word} {code}")
        await self.press(message, label)
        return await self.scene.view(self.name, FORM)

    async def open(self, asked: str, ref: str) -> View:
        """The modal of an entry of a list, form or not."""
        for message in await self.ask(asked):
            if f"*{ref}*" in words(message.blocks):
                await self.close()
                await self.press(message, "Open", f"*{ref}*")
                await self.scene.until(lambda: self.top() is not None, ref)
                top = self.top()
                assert top is not None
                return top
        raise AssertionError(f"{ref} is not on the list {asked}")

    def top(self) -> View | None:
        """What lies on top of the person's screen."""
        return self.scene.sandbox.workspace.top_view(self.scene.id(self.name))

    def shown(self) -> str:
        """The words of what lies on top."""
        top = self.top()
        assert top is not None
        return words(top.blocks)

    async def send(self, view: View, **values: str | None) -> ActionResult:
        """Fill in a form and send it."""
        return await self.scene.send(self.name, view, values)

    async def save(self, view: View, **values: str | None) -> str:
        """Fill in a form that is taken; the words of the confirmation, which is closed."""
        result = await self.send(view, **values)
        assert result.ok, result
        assert not result.errors, result
        told = self.shown()
        await self.close()
        return told

    async def close(self) -> None:
        """Close whatever is open."""
        top = self.top()
        if top is not None:
            await self.scene.sandbox.acting.close_view(self.scene.id(self.name), top.id, clear=True)

    async def add(self, word: str, code: str, label: str, **values: str | None) -> str:
        """Add an entry through the list's button; the confirmation."""
        return await self.save(await self.open_new(word, code, label), **values)


def held_now(view: View, block_id: str) -> Any:
    """What a field of a form starts with, a person included."""
    block = next(each for each in view.blocks if each.get("block_id") == block_id)
    element = block["element"]
    assert find_element(view.blocks, element["action_id"], block_id)
    names = ("initial_value", "initial_date", "initial_user")
    found = next((element[name] for name in names if name in element), None)
    return found or element.get("initial_option", {}).get("value")

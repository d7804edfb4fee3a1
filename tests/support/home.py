"""App Home as a person uses it: opens it, reads it, presses something on it."""

from typing import Any

from sandbox.inputs import interactive_elements
from sandbox.workspace import View
from tests.support.scene import Scene, words


async def opened(scene: Scene, name: str) -> View:
    """A person's page, as it is after they open it."""
    before = scene.sandbox.workspace.home(scene.id(name))
    old = before.hash if before else ""
    await scene.sandbox.acting.open_home(scene.id(name))
    return await renewed(scene, name, old)


async def renewed(scene: Scene, name: str, old: str) -> View:
    """A person's page, once it is another than the old one and Slack is not being asked."""

    def is_there() -> bool:
        view = scene.sandbox.workspace.home(scene.id(name))
        return view is not None and view.hash != old and "I am asking Slack" not in text_of(view)

    await scene.until(is_there, f"the page of {name}")
    view = scene.sandbox.workspace.home(scene.id(name))
    assert view is not None
    return view


def text_of(view: View) -> str:
    """All the text of a page."""
    return words(view.blocks)


def elements(view: View) -> list[dict[str, Any]]:
    """Everything on a page that can be pressed or chosen."""
    return [element for block in view.blocks for element in interactive_elements(block)]


async def press(scene: Scene, name: str, view: View, action_id: str, value: str = "") -> View:
    """Press a button of a page; the page after it."""
    (block,) = (
        block
        for block in view.blocks
        for element in interactive_elements(block)
        if element["action_id"] == action_id and value in ("", element.get("value"))
    )
    old = view.hash
    result = await scene.sandbox.acting.press_in_view(
        scene.id(name), view.id, action_id, block["block_id"]
    )
    assert result.ok, result
    return await renewed(scene, name, old)

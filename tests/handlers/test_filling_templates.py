"""Filled templates over the wire: by `/project template`, and by the button below its answer."""

import pytest

from message_templates.documents.filled import CALLBACK
from sandbox.inputs import interactive_elements
from sandbox.workspace import Message
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def filled(scene: Scene, name: str) -> list[Message]:
    return [each for each in scene.dm(name) if "left to fill" in each.text]


async def come(scene: Scene, name: str, count: int) -> list[Message]:
    for _turn in range(100):
        await scene.settle()
        if len(filled(scene, name)) >= count:
            break
    assert len(filled(scene, name)) == count
    return filled(scene, name)


async def test_the_command_sends_a_filled_template(shared_scene: Scene) -> None:
    told = await Lists(shared_scene, "erik").read("template status report apollo")
    assert told.strip() == "On its way to your messages: the status report of APOLLO."
    (message,) = await come(shared_scene, "erik", 1)
    assert "The status report of APOLLO" in message.text


async def test_without_a_project_the_command_answers_and_offers_to_fill(
    shared_scene: Scene,
) -> None:
    omar = Lists(shared_scene, "omar")
    (answer,) = await omar.ask("template raid log")
    assert "template:raid-log#" in words(answer.blocks)
    assert "Fill it in for a project" in buttons(answer)
    await omar.press(answer, "Fill it in for a project")
    view = await shared_scene.view("omar", CALLBACK)
    (menu,) = [each for block in view.blocks for each in interactive_elements(block)]
    assert "APOLLO" in [each["value"] for each in menu["options"]]
    assert "On its way to your messages" in await omar.save(view, project="APOLLO")
    (message,) = await come(shared_scene, "omar", 1)
    assert "The RAID log of APOLLO" in message.text


async def test_an_unknown_project_is_said_to_be_unknown(shared_scene: Scene) -> None:
    told = await Lists(shared_scene, "erik").read("template charter APOLO")
    assert "There is no project 'APOLO'. Did you mean APOLLO?" in told


async def test_other_templates_are_answered_as_before(shared_scene: Scene) -> None:
    (answer,) = await Lists(shared_scene, "erik").ask("template business case")
    assert "template:business-case#" in words(answer.blocks)
    assert "Fill it in for a project" not in buttons(answer)
    told = await Lists(shared_scene, "erik").read("template business case APOLLO")
    assert "I have no file to fill in by the name business case" in told
    assert "change request" in told

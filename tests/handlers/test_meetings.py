"""Meetings over the wire: asked for, planned, refused at the field, cancelled, posted."""

from datetime import timedelta

import pytest

from message_templates.meetings.window import CALLBACK, CANCEL_CALLBACK
from sandbox.workspace import Message
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def files(scene: Scene) -> list[Message]:
    return [each for each in scene.heads("its-council") if "as a calendar file" in each.text]


async def posted(scene: Scene, text: str) -> Message:
    for _turn in range(100):
        await scene.settle()
        if files(scene) and text in words(files(scene)[-1].blocks):
            break
    (message,) = files(scene)
    assert text in words(message.blocks)
    return message


async def test_the_chair_plans_changes_posts_and_cancels_a_meeting(shared_scene: Scene) -> None:
    carol = Lists(shared_scene, "carol")
    await one_is_planned_once_its_fields_are_mended(shared_scene, carol)
    await its_calendar_is_posted_and_follows_a_change(shared_scene, carol)
    await it_is_cancelled_and_takes_place_after_all(shared_scene, carol)


async def one_is_planned_once_its_fields_are_mended(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting next")
    assert "No meeting is planned" in words(answer.blocks)
    assert "Post calendar" not in buttons(answer)
    await carol.press(answer, "Plan an extra meeting")
    view = await scene.view("carol", CALLBACK)
    refused = await carol.send(view, minutes="an hour")
    assert refused.errors == {"minutes": "Write the length in minutes, from 5 to 1,440."}
    day = (scene.clock.now() + timedelta(days=9)).date().isoformat()
    told = await carol.save(view, minutes="45", title="Budget", day=day)
    assert "Saved." in told
    assert "Budget" in told


async def its_calendar_is_posted_and_follows_a_change(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting list ITS")
    assert "45 minutes, extra: Budget" in words(answer.blocks)
    await carol.press(answer, "Post calendar")
    message = await posted(scene, "Budget, 45 minutes")
    assert "|ITS Council meetings>" in message.text
    await carol.press(answer, "Change")
    view = await scene.view("carol", CALLBACK)
    assert "Saved." in await carol.save(view, title="Money")
    assert (await posted(scene, "Money, 45 minutes")).ts == message.ts


async def it_is_cancelled_and_takes_place_after_all(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting list ITS")
    await carol.press(answer, "Cancel it")
    view = await scene.view("carol", CANCEL_CALLBACK)
    assert "Cancelled." in await carol.save(view, reason="No quorum")
    (answer,) = await carol.ask("meeting list its")
    assert "*cancelled*: No quorum" in words(answer.blocks)
    before = len(scene.dm("carol"))
    await carol.press(answer, "Let it take place")
    await scene.until(lambda: len(scene.dm("carol")) > before, "a confirmation")
    assert "Money" in words(scene.dm("carol")[-1].blocks)
    await posted(scene, "Money, 45 minutes")


async def test_others_read_when_a_council_meets_and_are_told_what_they_cannot_do(
    shared_scene: Scene,
) -> None:
    erik = Lists(shared_scene, "erik")
    (answer,) = await erik.ask("meeting")
    assert buttons(answer) == []
    assert "ITS Council" in words(answer.blocks)
    assert "Only members of a council" in await erik.read("meeting calendar")
    assert "I don't know “soon” here" in await erik.read("meeting soon")
    assert "no one council 'ABC'" in await erik.read("meeting list ABC 2")


async def test_an_address_is_made_anew_and_taken_back_by_its_buttons(shared_scene: Scene) -> None:
    omar = Lists(shared_scene, "omar")
    (answer,) = await omar.ask("meeting calendar")
    assert "PMOBOT_PUBLIC_URL" in words(answer.blocks)

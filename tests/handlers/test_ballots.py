"""Votes out of cycle over the wire: opened, handed on, cast, cancelled, told in the channel."""

from datetime import timedelta

import pytest
from sqlmodel import select

from message_templates.meetings.ballot_window import CALLBACK, CANCEL_CALLBACK, HAND_CALLBACK
from models.portfolio import Configuration, replan
from sandbox.workspace import Message
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEETINGS = {"rule": "FREQ=MONTHLY;BYDAY=1TH", "at": "14:00", "out_of_cycle": {"window": "1d"}}


async def test_a_council_decides_between_its_meetings(shared_scene: Scene) -> None:
    scene, carol = shared_scene, Lists(shared_scene, "carol")
    assert "You are on no council" in await Lists(scene, "erik").read("vote")
    assert "add `out_of_cycle: {window: 3d}`" in await carol.read("vote")
    await allow(scene)
    await a_vote_is_opened_once_its_fields_are_mended(scene, carol)
    await it_is_handed_on_and_taken_back(scene)
    await it_is_cast_and_changed(scene, carol)
    await another_is_cancelled(scene, carol)
    await scene.at(scene.clock.now() + timedelta(days=4))
    await told_in_the_channel(scene, "Approve: 2 (Carol, Omar)")
    assert "Approve: 2 (Carol, Omar)" in await carol.read("vote ITS Council 1")
    assert "has voted openly" in words((await shown(scene, "omar", "Buy the")).blocks)


async def told_in_the_channel(scene: Scene, text: str) -> None:
    def results() -> list[str]:
        found = [words(each.blocks) for each in scene.heads("its-council")]
        return [each for each in found if "has decided out of cycle" in each]

    await scene.until(lambda: bool(results()), "a result")
    (result,) = results()
    assert text in result


async def allow(scene: Scene) -> None:
    async with scene.core.database.writing() as session:
        stored = (await session.exec(select(Configuration))).one()
        first, *others = stored.document["councils"]
        councils = [{**first, "meetings": MEETINGS}, *others]
        stored.document = {**stored.document, "councils": councils}
        await replan(session, stored.workspace_id)


async def shown(scene: Scene, name: str, text: str) -> Message:
    await scene.settle()
    await scene.until(lambda: any(text in words(each.blocks) for each in scene.dm(name)), text)
    return next(each for each in scene.dm(name) if text in words(each.blocks))


async def a_vote_is_opened_once_its_fields_are_mended(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("vote ITS")
    await carol.press(answer, "Open a vote")
    view = await scene.view("carol", CALLBACK)
    refused = await carol.send(view, question="Buy the licence?", project="APPOLLO")
    assert "Did you mean APOLLO?" in str(refused.errors)
    assert "2 members have until" in await carol.save(view, project="APOLLO")
    assert "ITS Council votes openly" in words((await shown(scene, "omar", "Buy the")).blocks)


async def it_is_handed_on_and_taken_back(scene: Scene) -> None:
    omar, priya = Lists(scene, "omar"), Lists(scene, "priya")
    await omar.press(await shown(scene, "omar", "Buy the"), "Hand my vote to …")
    view = await scene.view("omar", HAND_CALLBACK)
    assert "That is you" in str((await omar.send(view, delegate=scene.id("omar"))).errors)
    assert "Your vote is with Priya" in await omar.save(view, delegate=scene.id("priya"))
    held = await shown(scene, "priya", "the vote of Omar")
    await priya.press(held, "Hand it back")
    await shown(scene, "priya", "has the vote back")
    await shown(scene, "omar", "Your vote is yours again")


async def it_is_cast_and_changed(scene: Scene, carol: Lists) -> None:
    omar = Lists(scene, "omar")
    await omar.press(await shown(scene, "omar", "Buy the"), "Reject")
    await shown(scene, "omar", "You voted Reject")
    await omar.press(await shown(scene, "omar", "Buy the"), "Approve")
    await shown(scene, "omar", "You voted Approve")
    await carol.press(await shown(scene, "carol", "Opened by Carol"), "Approve")
    await shown(scene, "carol", "You voted Approve")


async def another_is_cancelled(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("vote ITS")
    await carol.press(answer, "Open a vote")
    view = await scene.view("carol", CALLBACK)
    await carol.save(view, question="Stop it?")
    await shown(scene, "omar", "Stop it?")
    (answer,) = await carol.ask("vote ITS")
    await carol.press(answer, "Cancel it")
    view = await scene.view("carol", CANCEL_CALLBACK)
    assert "Cancelled." in await carol.save(view, reason="Decided already")
    cancelled = await shown(scene, "omar", "Decided already")
    assert buttons(cancelled) == []

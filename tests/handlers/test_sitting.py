"""A meeting over the wire: opened, run from its card and from a window, typed into, closed."""

from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock

import pytest
from slack_sdk.errors import SlackApiError

from handlers.meetings import sitting
from message_templates.meetings.card import RUN
from message_templates.meetings.deciding import (
    ACTION_CALLBACK,
    DECIDE_CALLBACK,
    PARK_CALLBACK,
)
from message_templates.meetings.window import CALLBACK
from sandbox.inputs import interactive_elements
from sandbox.workspace import Message, View
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def card(scene: Scene) -> Message:
    (found,) = [each for each in scene.heads("its-council") if "ITS Council" in each.text]
    return found


async def card_tells(scene: Scene, text: str) -> Message:
    for _turn in range(100):
        await scene.settle()
        if text in words(card(scene).blocks):
            break
    assert text in words(card(scene).blocks)
    return card(scene)


async def press_in(person: Lists, view: View, label: str) -> None:
    """Press a button of a window."""
    for block in view.blocks:
        for element in interactive_elements(block):
            if words(element) == label:
                acting = person.scene.sandbox.acting
                user, action_id = person.scene.id(person.name), element["action_id"]
                pressed = await acting.press_in_view(user, view.id, action_id, block["block_id"])
                assert pressed.ok, pressed
                return
    raise AssertionError(f"no button {label}")


async def test_a_meeting_is_opened_run_and_closed(shared_scene: Scene) -> None:
    scene, carol = shared_scene, Lists(shared_scene, "carol")
    await it_is_planned_and_opened(scene, carol)
    omar = Lists(scene, "omar")
    await omar.press(card(scene), "I'm here")
    await card_tells(scene, "2 votes here, 2 needed")
    await its_card_takes_decisions_and_actions(scene, carol, omar)
    await its_window_moves_it_on(scene, carol)
    await what_is_typed_in_one_line_belongs_to_it(scene, carol)
    await it_is_closed_and_opened_again(scene, carol)


async def it_is_planned_and_opened(scene: Scene, carol: Lists) -> None:
    assert "No meeting of ITS Council is near" in await carol.read("meeting open ITS")
    (answer,) = await carol.ask("meeting next its")
    await carol.press(answer, "Plan an extra meeting")
    soon = scene.clock.now() + timedelta(minutes=-270)  # half an hour ahead, in New York
    view = await scene.view("carol", CALLBACK)
    await carol.save(view, day=soon.date().isoformat(), at=f"{soon:%H:%M}")
    (answer,) = await carol.ask("meeting next its")
    before = len(scene.dm("carol"))
    await carol.press(answer, "Open the meeting")
    await scene.until(lambda: len(scene.dm("carol")) > before, "that it is open")
    assert "ITS Council is open." in words(scene.dm("carol")[-1].blocks)
    message = await card_tells(scene, "Carol has the chair")
    assert buttons(message)[:4] == ["Next", "Decide", "Action", "Park"]
    assert "runs already" in await Lists(scene, "dana").read("meeting open its")


async def its_card_takes_decisions_and_actions(scene: Scene, carol: Lists, omar: Lists) -> None:
    await omar.press(card(scene), "Decide")
    told = scene.sandbox.workspace
    place = told.channel_named("its-council")
    assert place is not None

    def refused() -> bool:
        mine = told.messages_in(place.id, viewer=scene.id("omar"))
        return any("Only whoever chairs the meeting" in words(each.blocks) for each in mine)

    await scene.until(refused, "a refusal")
    await carol.press(card(scene), "Decide")
    view = await scene.view("carol", DECIDE_CALLBACK)
    wrong = await carol.send(view, question="Go on?", method="vote", votes="9 for")
    assert "9 votes, and 2 with a vote are here" in str(wrong.errors)
    typed = {"question": "Go on?", "outcome": "deferred", "method": "vote", "votes": "2 for"}
    assert "D-1, deferred: Go on?" in await carol.save(view, **typed)
    await omar.press(card(scene), "Action")
    view = await scene.view("omar", ACTION_CALLBACK)
    day = (scene.clock.now() + timedelta(days=9)).date().isoformat()
    saved = await omar.save(view, title="Tell them", owner=scene.id("omar"), due_on=day)
    assert "Omar has it in hand" in saved
    await card_tells(scene, "Go on?")
    await card_tells(scene, "Tell them: Omar")


async def its_window_moves_it_on(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting card")
    assert "Now: 1." in words(answer.blocks)
    await carol.press(answer, "Run the meeting")
    view = await scene.view("carol", RUN)
    first = words(view.blocks)
    await press_in(carol, view, "Park")
    parking = await scene.view("carol", PARK_CALLBACK)
    assert (await carol.send(parking, title="Later", how="carry")).ok

    def renewed() -> View | None:
        top = carol.top()
        is_run = top is not None and top.payload.get("callback_id") == RUN
        return top if is_run and top and words(top.blocks) != first else None

    await scene.until(lambda: renewed() is not None, "the window as it stands now")
    await press_in(carol, view, "Next")
    await scene.until(lambda: "before you pressed" in carol.shown() or renewed() is not None, "it")
    await carol.close()


async def what_is_typed_in_one_line_belongs_to_it(scene: Scene, carol: Lists) -> None:
    told = await carol.read("decide Stop it [APOLLO]: rejected, by the chair; because it is late")
    assert "rejected: Stop it (APOLLO)" in told.replace("*", "")
    assert "in the meeting that runs" in told
    told = await carol.read("action @omar by Friday: Write the plan [APOLLO]")
    assert "Omar has it in hand, due Fri 20 Nov 2026" in told
    assert "Say who, by when and what" in await carol.read("action Write the plan")
    await card_tells(scene, "Write the plan (APOLLO): Omar")


async def it_is_closed_and_opened_again(scene: Scene, carol: Lists) -> None:
    message = card(scene)
    (menu,) = [
        (block, each)
        for block in message.blocks
        for each in interactive_elements(block)
        if each["type"] == "overflow"
    ]
    value = next(each["value"] for each in menu[1]["options"] if each["value"].startswith("close"))
    closed = await scene.sandbox.acting.press(
        scene.id("carol"),
        message.channel,
        message.ts,
        menu[1]["action_id"],
        menu[0]["block_id"],
        value,
    )
    assert closed.ok
    over = await card_tells(scene, "Carol had the chair and closed it")
    assert buttons(over) == []
    assert "is open." in await carol.read("meeting reopen")
    await card_tells(scene, "Carol has the chair")


async def test_a_window_that_was_closed_meanwhile_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def closed(error: str) -> AsyncMock:
        refusal = SlackApiError("refused", {"error": error})  # type: ignore[no-untyped-call]
        return AsyncMock(views_update=AsyncMock(side_effect=refusal))

    monkeypatch.setattr(sitting, "run_view", lambda own: {"own": own})
    own: Any = "the card"
    await sitting._show(closed("not_found"), "V1", own)
    with pytest.raises(SlackApiError):
        await sitting._show(closed("invalid_arguments"), "V1", own)

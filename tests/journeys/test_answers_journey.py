"""The handbook over the wire: by command, direct message and mention, and what is pressed below."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.inputs import interactive_elements
from sandbox.workspace import Message
from tests.support.home import elements, opened, text_of
from tests.support.home import press as turn
from tests.support.scene import Scene, buttons, words


async def test_the_handbook_answers_wherever_it_is_asked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await it_answers_a_command_for_one_reader_alone_and_shares_it_once(scene)
    await it_answers_direct_messages_and_says_what_it_does_not_know(scene)
    await it_answers_a_mention_in_its_thread_once(scene)
    await it_answers_from_the_record_what_its_readers_may_know(scene)
    monkeypatch.setattr("domain.answers.finding.finder.ANSWER_FROM", 2.0)  # nothing is that certain
    await it_asks_what_is_meant_and_hears_whether_it_helped(scene)
    await the_pmo_reads_on_monday_what_was_left_open_and_sees_to_it(scene)
    await an_owner_tells_what_was_done_and_an_alias_is_proposed(scene)
    assert scene.sandbox.calls.refusals == []


def council(scene: Scene) -> Any:
    channel = scene.sandbox.workspace.channel_named("its-council")
    assert channel is not None
    return channel


async def come(scene: Scene, look: Callable[[], Sequence[Message]], count: int) -> list[Message]:
    """Let the bot work until so many messages are there."""
    for _turn in range(500):
        await scene.settle()
        if len(look()) >= count:
            break
        await asyncio.sleep(0.01)
    found = list(look())
    assert len(found) == count
    return found


def from_bot(scene: Scene, name: str) -> list[Message]:
    """What the bot has told somebody directly."""
    bot = scene.sandbox.workspace.bot_user_id
    return [each for each in scene.dm(name) if each.user == bot]


def seen(scene: Scene, name: str) -> list[Message]:
    """What somebody sees in the council's channel."""
    return scene.sandbox.workspace.messages_in(council(scene).id, viewer=scene.id(name))


async def press(scene: Scene, name: str, message: Message, button: str) -> Message:
    """Press a button below an answer; what the person is told next."""
    row, element = next(
        (block, each)
        for block in message.blocks
        for each in interactive_elements(block)
        if each["text"]["text"] == button
    )
    workspace = scene.sandbox.workspace

    def told() -> list[Message]:
        return workspace.messages_in(message.channel, viewer=scene.id(name))

    before = {each.ts for each in told()}
    result = await scene.sandbox.acting.press(
        scene.id(name), message.channel, message.ts, element["action_id"], row["block_id"]
    )
    assert result.ok, result
    await scene.until(lambda: {each.ts for each in told()} > before, f"an answer to {button}")
    return next(each for each in told() if each.ts not in before)


async def it_answers_a_command_for_one_reader_alone_and_shares_it_once(scene: Scene) -> None:
    asked = "ask whats in the comunications plan"
    await scene.sandbox.acting.command(scene.id("erik"), council(scene).id, "/project", asked)
    await scene.until(lambda: bool(seen(scene, "erik")), "an answer")
    (answer,) = seen(scene, "erik")
    assert answer.ephemeral_to == scene.id("erik")
    told = words(answer.blocks)
    assert "PMO handbook, Templates · template:communications-plan#" in told
    assert "Showing results for whats in the communications plan" in told
    for _press in range(2):
        await press(scene, "erik", answer, "Share here")
    await scene.settle()
    (shared,) = seen(scene, "omar")
    assert "shared this from the handbook" in words(shared.blocks)
    assert "Share here" not in buttons(shared)


async def it_answers_direct_messages_and_says_what_it_does_not_know(scene: Scene) -> None:
    dm, before = scene.sandbox.workspace.dm(scene.id("erik")), len(from_bot(scene, "erik"))
    text = "what is a RAID log? and where do the giraffes eat?"
    await scene.sandbox.acting.post(scene.id("erik"), dm.id, text)
    answers = await come(scene, lambda: from_bot(scene, "erik"), before + 2)
    known, unknown = answers[before:]
    assert "template:raid-log#" in words(known.blocks)
    assert "It is on the PMO's list of Mon " in words(unknown.blocks)
    assert "Share here" not in buttons(known)
    assert from_bot(scene, "dana") == []


async def it_answers_a_mention_in_its_thread_once(scene: Scene) -> None:
    bot, channel = scene.sandbox.workspace.bot_user_id, council(scene)
    text = f"<@{bot}> exit criteria for planning?"
    await scene.sandbox.acting.post(scene.id("omar"), channel.id, text)

    def replies() -> list[Message]:
        return [each for each in seen(scene, "carol") if each.is_reply]

    (answer,) = await come(scene, replies, 1)
    assert "phase:planning#exit-criteria" in words(answer.blocks)
    asked = next(each for each in seen(scene, "carol") if each.text.endswith("planning?"))
    assert answer.thread_ts == asked.ts
    opened = await press(scene, "carol", answer, "What planning is for")
    assert opened.ephemeral_to == scene.id("carol")
    assert opened.thread_ts == asked.ts
    assert "phase:planning#purpose" in words(opened.blocks)


async def it_answers_from_the_record_what_its_readers_may_know(scene: Scene) -> None:
    _result, (which,) = await scene.command("priya", "ask is my project late?")
    assert buttons(which)[-1] == "FALCON · Merger Readiness"
    late = await press(scene, "priya", which, "FALCON · Merger Readiness")
    assert "The record can't tell whether FALCON is late" in words(late.blocks)
    assert buttons(late)[-3:] == ["History", "Follow", "Ask the PM"]
    _result, (unknown,) = await scene.command("erik", "ask is Falcon late?")
    assert words(unknown.blocks).startswith("I know no project called Falcon.")
    bot, channel = scene.sandbox.workspace.bot_user_id, council(scene)
    before = len(scene.replies("its-council"))
    text = f"<@{bot}> is Falcon late? who is the PM of Apollo?"
    await scene.sandbox.acting.post(scene.id("priya"), channel.id, text)
    answers = await come(scene, lambda: scene.replies("its-council"), before + 2)
    falcon, apollo = (words(each.blocks) for each in answers[before:])
    assert "I know no project called Falcon." in falcon
    assert "Priya is the project manager of APOLLO Student Portal." in apollo


async def it_asks_what_is_meant_and_hears_whether_it_helped(scene: Scene) -> None:
    _result, (unsure,) = await scene.command("simon", "ask what is a RAID log?")
    assert "Did you mean" in words(unsure.blocks)
    assert list(buttons(unsure)[-2:]) == ["None of these", "Ask the PMO"]
    answer = await press(scene, "simon", unsure, buttons(unsure)[0])
    assert "reviewed" in words(answer.blocks)
    told = await press(scene, "simon", answer, "Helpful")
    assert words(told.blocks) == "Thanks for telling me."
    told = await press(scene, "simon", unsure, "None of these")
    assert "the PMO reads that this did not help" in words(told.blocks)


async def the_pmo_reads_on_monday_what_was_left_open_and_sees_to_it(scene: Scene) -> None:
    learning = scene.core.services.learning_clock
    await learning.tend(scene.clock.now())
    await scene.set_time(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    await learning.tend(scene.clock.now())
    week = await the_list(scene)
    assert "where do the giraffes eat" in words(week.blocks)
    assert "what is a RAID log?" in words(week.blocks)
    told = await press(scene, "dana", week, "Nothing to do")
    assert "It is closed" in words(told.blocks)
    told = await press(scene, "dana", week, "Nothing to do")  # as who has not seen it yet
    assert "Dana has closed it: there is nothing to do. Nothing was changed" in words(told.blocks)
    week = await the_list(scene)
    assert "Dana has closed it" in words(week.blocks)
    await push(scene, "dana", week, "Assign to the owner")
    window = await scene.view("dana", "learning_owner")
    result = await scene.send("dana", window, {"owner": scene.id("ben")})
    assert result.ok, result
    assert "With Ben since" in words((await the_list(scene)).blocks)


async def an_owner_tells_what_was_done_and_an_alias_is_proposed(scene: Scene) -> None:
    (asked,) = from_bot(scene, "ben")
    assert "asks you to see to 1 question that the handbook" in words(asked.blocks)
    page = await opened(scene, "dana")
    page = await turn(scene, "dana", page, "home_turn:tab:3", "tab=3")
    assert "Questions that the handbook leaves open (1)" in text_of(page)
    await push(scene, "ben", asked, "Done")
    window = await scene.view("ben", "learning_done")
    result = await scene.send("ben", window, {"note": "Wrote a section"})
    assert result.ok, result
    week = await the_list(scene)
    assert "Ben has seen to it" in words(week.blocks)
    assert "Wrote a section" in words(week.blocks)
    (button,) = (each for each in elements(page) if each["action_id"] == "learning_alias")
    (block,) = (each for each in page.blocks if button in interactive_elements(each))
    result = await scene.sandbox.acting.press_in_view(
        scene.id("dana"), page.id, "learning_alias", block["block_id"]
    )
    window = await scene.view("dana", "learning_alias")
    values: dict[str, str | None] = {"phrase": "zebra pasture", "section": "glossary:risk#meaning"}
    result = await scene.send("dana", window, values)
    assert result.ok, result


async def the_list(scene: Scene) -> Message:
    """The newest list of the week, once all is said that is to be said."""
    await scene.settle()
    await scene.set_time(scene.clock.now() + timedelta(seconds=10))  # edits keep their distance
    await scene.settle()
    (week,) = (each for each in from_bot(scene, "dana") if "no good answer" in words(each.blocks))
    return week


async def push(scene: Scene, name: str, message: Message, button: str) -> None:
    """Press the first button of that name, which opens a window."""
    row, element = next(
        (block, each)
        for block in message.blocks
        for each in interactive_elements(block)
        if each["text"]["text"] == button
    )
    result = await scene.sandbox.acting.press(
        scene.id(name), message.channel, message.ts, element["action_id"], row["block_id"]
    )
    assert result.ok, result

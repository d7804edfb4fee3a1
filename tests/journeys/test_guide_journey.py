"""The messages tab as an agent's, and the way from an idea to a project request, over the wire."""

import asyncio
from collections.abc import Callable
from typing import Any

from sandbox.inputs import interactive_elements
from sandbox.workspace import Message
from tests.support.scene import Scene, buttons, words

SET_UP = """\
requests: {link: "https://requests.example.edu/new", text: "Ask Dana for the form."}
triage: {project_hours: 40}
"""


async def test_somebody_with_an_idea_is_led_to_a_project_request(
    scene: Scene, tmp_path: Any
) -> None:
    await it_suggests_what_fits_the_person(scene)
    await it_answers_in_the_thread_of_the_question(scene)
    message = await it_leads_through_three_questions_in_one_message(scene)
    await it_takes_what_the_pmo_sets_up(scene, message, tmp_path)
    await it_leads_in_a_channel_for_one_pair_of_eyes(scene)
    await it_asks_nobody_back_where_others_read(scene)
    assert scene.sandbox.calls.refusals == []


def suggested(scene: Scene, name: str) -> list[str]:
    workspace = scene.sandbox.workspace
    dm = workspace.dm(scene.id(name))
    return [each.title for each in workspace.prompts.get(dm.id, ())]


async def it_suggests_what_fits_the_person(scene: Scene) -> None:
    for name in ("simon", "dana", "erik"):
        await scene.sandbox.acting.open_dm(scene.id(name))
        await scene.until(lambda name=name: bool(suggested(scene, name)), "prompts")  # type: ignore[misc]
    general = ["What goes into a communications plan?", "Is this a project?"]
    exit_criteria = "What are the exit criteria for planning?"
    assert suggested(scene, "simon") == ["What is due for me?", exit_criteria, *general]
    assert suggested(scene, "dana") == ["Which reports are missing?", *general]
    assert suggested(scene, "erik") == general


async def work_until(scene: Scene, condition: Callable[[], bool]) -> None:
    """Let the bot work until something is there: its listeners work beside its jobs."""
    for _turn in range(500):
        await scene.settle()
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def write(scene: Scene, name: str, text: str) -> Message:
    """Write to the bot; its answer."""
    dm, before = scene.sandbox.workspace.dm(scene.id(name)), scene.dm(name)
    await scene.sandbox.acting.post(scene.id(name), dm.id, text)
    await work_until(scene, lambda: len(scene.dm(name)) == len(before) + 2)
    return scene.dm(name)[-1]


async def it_answers_in_the_thread_of_the_question(scene: Scene) -> None:
    answer = await write(scene, "erik", "what is a RAID log?")
    assert answer.thread_ts == scene.dm("erik")[-2].ts
    dm, counts = scene.sandbox.workspace.dm(scene.id("erik")), scene.sandbox.calls.counts
    await work_until(scene, lambda: counts["assistant.threads.setStatus"] > 0)
    await work_until(scene, lambda: scene.sandbox.workspace.status(dm.id) is None)


async def press(scene: Scene, name: str, message: Message, button: str) -> Message:
    """Press a button of the triage: the message changes in place."""
    row, element = next(
        (block, each)
        for block in message.blocks
        for each in interactive_elements(block)
        if each["text"]["text"] == button
    )
    workspace, blocks = scene.sandbox.workspace, message.blocks
    result = await scene.sandbox.acting.press(
        scene.id(name), message.channel, message.ts, element["action_id"], row["block_id"]
    )
    assert result.ok, result

    def now() -> Message:
        told = workspace.message(message.channel, message.ts)
        assert told is not None
        return told

    await scene.until(lambda: now().blocks != blocks, f"what follows on {button}")
    return now()


async def it_leads_through_three_questions_in_one_message(scene: Scene) -> Message:
    message = await write(scene, "erik", "We want to move the archive. Is this a project?")
    assert "How to start a project" in buttons(message)
    count = len(scene.dm("erik"))
    for button in ("Something new", "Up to 80 hours", "Back", "Up to 80 hours"):
        message = await press(scene, "erik", message, button)
    message = await press(scene, "erik", message, "One unit, no money")
    assert "This is small work" in words(message.blocks)
    message = await press(scene, "erik", message, "Change an answer")
    message = await press(scene, "erik", message, "Work: up to 80 hours")
    message = await press(scene, "erik", message, "Over 80 hours")
    told = words(message.blocks)
    assert "You said: something new; over 80 hours." in told
    assert "process:what-is-a-project#size" in told
    assert "Whom to ask:" in told
    assert scene.id("dana") in str(message.blocks)
    assert len(scene.dm("erik")) == count
    return message


async def it_takes_what_the_pmo_sets_up(scene: Scene, message: Message, folder: Any) -> None:
    file = folder / "pmobot.yaml"
    text = file.read_text(encoding="utf-8") + SET_UP
    file.write_text(text, encoding="utf-8")
    now = scene.core.clock.now()
    outcome = await scene.core.services.configure.apply_file(file, now=now, actor="test")
    assert outcome.applied, outcome.problems
    message = await press(scene, "erik", message, "Change an answer")
    message = await press(scene, "erik", message, "Work: over 40 hours")
    message = await press(scene, "erik", message, "Over 40 hours")
    told = words(message.blocks)
    assert "Ask Dana for the form." in told
    assert "Whom to ask" not in told
    link = next(
        each
        for block in message.blocks
        for each in interactive_elements(block)
        if each["text"]["text"] == "Write a project request"
    )
    assert link["url"] == "https://requests.example.edu/new"
    result = await scene.sandbox.acting.press(
        scene.id("erik"), message.channel, message.ts, link["action_id"]
    )
    assert result.ok


async def it_leads_in_a_channel_for_one_pair_of_eyes(scene: Scene) -> None:
    workspace = scene.sandbox.workspace
    council = workspace.channel_named("its-council")
    assert council is not None
    await scene.sandbox.acting.command(scene.id("erik"), council.id, "/project", "start")

    def seen() -> list[Message]:
        return workspace.messages_in(council.id, viewer=scene.id("erik"))

    await scene.until(lambda: bool(seen()), "the first question")
    (message,) = seen()
    for button in ("The same again", "Up to 8 hours", "One unit, no money"):
        message = await press(scene, "erik", message, button)
    assert "This is a service request" in words(message.blocks)
    assert workspace.messages_in(council.id, viewer=scene.id("omar")) == []


async def it_asks_nobody_back_where_others_read(scene: Scene) -> None:
    bot, workspace = scene.sandbox.workspace.bot_user_id, scene.sandbox.workspace
    council = workspace.channel_named("its-council")
    assert council is not None
    await scene.sandbox.acting.post(scene.id("omar"), council.id, f"<@{bot}> is this a project?")
    await work_until(scene, lambda: bool(scene.replies("its-council")))
    (answer,) = scene.replies("its-council")
    told = words(answer.blocks)
    assert "process:what-is-a-project#definition" in told
    assert "In our messages I can lead you there" in told
    assert "Something new" not in buttons(answer)

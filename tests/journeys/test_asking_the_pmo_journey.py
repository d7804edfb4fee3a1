"""A question nobody can answer, over the wire: from the handbook to the PMO, and back."""

from datetime import UTC, datetime

from sandbox.workspace import Message
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

QUESTION = "where do the giraffes eat?"


async def test_a_question_that_nobody_can_answer_reaches_a_person_and_comes_back(
    scene: Scene,
) -> None:
    await scene.at(datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    unknown = await the_handbook_does_not_know(scene)
    head = await it_is_handed_to_the_pmo(scene, unknown)
    await dana_asks_back_and_omar_replies(scene, head)
    await the_answer_comes_back_and_is_posted_where_it_was_asked(scene, head)
    await what_names_a_restricted_project_goes_directly(scene)
    assert scene.sandbox.calls.refusals == []


async def come(scene: Scene, look: object, what: str) -> None:
    """Let the bot work until something is seen."""
    assert callable(look)
    for _turn in range(100):
        await scene.settle()
        if look():
            return
        await scene.sandbox.delivery.drain()
    raise AssertionError(f"never came: {what}")


async def the_handbook_does_not_know(scene: Scene) -> Message:
    workspace = scene.sandbox.workspace
    council = workspace.channel_named("its-council")
    assert council is not None
    text = f"<@{workspace.bot_user_id}> {QUESTION}"
    await scene.sandbox.acting.post(scene.id("omar"), council.id, text)
    await come(scene, lambda: scene.replies("its-council"), "an answer")
    (unknown,) = scene.replies("its-council")
    assert buttons(unknown) == ["Ask the PMO"]
    return unknown


async def it_is_handed_to_the_pmo(scene: Scene, unknown: Message) -> Message:
    omar = Lists(scene, "omar")
    await omar.press(unknown, "Ask the PMO")
    view = await scene.view("omar", "ask_pmo")
    assert "The PMO gets your question: Dana." in words(view.blocks)
    (field,) = [each["element"] for each in view.blocks if each.get("block_id") == "text"]
    assert field["initial_value"] == QUESTION
    refused = await scene.send("omar", view, {"text": " "})
    assert refused.errors == {"text": "Write your question; nothing was sent."}
    assert "The PMO gets your question" in await omar.save(view, text=QUESTION, project="DELTA")
    await scene.settle()
    head = scene.heads("pmo-office")[-1]
    told = words(head.blocks)
    assert "Omar asks the PMO about DELTA Data Warehouse:" in told
    assert QUESTION in told
    return head


def newest(scene: Scene, name: str) -> Message:
    return scene.dm(name)[-1]


async def dana_asks_back_and_omar_replies(scene: Scene, head: Message) -> None:
    dana, omar = Lists(scene, "dana"), Lists(scene, "omar")
    await dana.press(head, "Ask back")
    told = await dana.save(await scene.view("dana", "inquiry"), text="Which zebras?")
    assert "Omar gets your question" in told
    await scene.settle()
    assert "Dana asks back about your question" in words(newest(scene, "omar").blocks)
    await omar.press(newest(scene, "omar"), "Reply")
    told = await omar.save(await scene.view("omar", "inquiry"), text="The striped ones.")
    assert "Your reply is on its way." in told
    await scene.settle()
    thread = [words(each.blocks) for each in scene.replies("pmo-office")]
    assert [each.split(":")[0] for each in thread] == ["Dana asked back", "Omar replied"]
    assert "Omar replied to what you asked back" in words(newest(scene, "dana").blocks)


async def the_answer_comes_back_and_is_posted_where_it_was_asked(
    scene: Scene, head: Message
) -> None:
    dana = Lists(scene, "dana")
    await dana.press(head, "Answer")
    view = await scene.view("dana", "inquiry")
    await come(scene, lambda: scene.sandbox.calls.counts["chat.getPermalink"], "the link")
    told = await dana.save(view, text="On the quad.", in_thread="in_thread")
    assert "Omar gets your answer as a direct message. It is on the record of DELTA." in told
    await scene.settle()
    answer = newest(scene, "omar")
    assert "Dana answered your question about DELTA" in words(answer.blocks)
    assert f"/archives/{head.channel}/p{head.ts.replace('.', '')}" in str(answer.blocks)
    assert "Dana of the PMO answers:" in words(scene.replies("its-council")[-1].blocks)
    assert "Answered by Dana" in words(scene.heads("pmo-office")[-1].blocks)


async def what_names_a_restricted_project_goes_directly(scene: Scene) -> None:
    before = len(scene.heads("pmo-office"))
    priya = Lists(scene, "priya")
    assert "The PMO has your question" in await priya.read("ask-pmo Who signs for falcon?")
    await scene.at(datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    assert len(scene.heads("pmo-office")) == before
    direct = newest(scene, "dana")
    assert "Who signs for falcon?" in words(direct.blocks)
    assert buttons(direct) == ["Answer", "Ask back"]
    long = await priya.read("ask-pmo " + "x" * 3_001)
    assert long.startswith("3,001 characters, and 3,000 fit here")

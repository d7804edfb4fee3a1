"""Questions about a project over the wire: asked in a digest's thread, answered, asked further."""

from datetime import UTC, datetime

from sandbox.workspace import Message, View
from tests.support.home import opened, text_of
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 in UTC; New York is five hours behind."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def test_a_pm_is_asked_in_a_digests_thread_and_answers(scene: Scene) -> None:
    await scene.at(at(18, 14))
    await scene.report(
        "priya",
        "APOLLO",
        health="Red",
        why="The buyer has withdrawn",
        done="Tested it",
        next="Go live",
        path_to_green="Find another one by May",
    )
    await scene.at(at(23, 13, 5))
    reply = next(each for each in scene.replies("its-council") if "APOLLO" in words(each.blocks))
    await the_pm_is_told_that_they_are_asked_themselves(scene, reply)
    await it_is_asked_in_a_window_and_the_pm_gets_one_message(scene, reply)
    await the_pm_answers_and_who_asked_asks_further(scene)
    await it_is_on_the_record_for_who_may_see_the_project(scene)
    await not_for_me_gives_it_to_the_pmo(scene)
    assert scene.sandbox.calls.refusals == []


async def window(scene: Scene, name: str) -> View:
    return await scene.view(name, "inquiry")


async def send(scene: Scene, name: str, text: str) -> str:
    """Fill in the window that is open; what the person is told, which is closed."""
    lists = Lists(scene, name)
    told = await lists.save(await window(scene, name), text=text)
    await scene.settle()
    return told


def newest(scene: Scene, name: str) -> Message:
    return scene.dm(name)[-1]


async def the_pm_is_told_that_they_are_asked_themselves(scene: Scene, reply: Message) -> None:
    def told() -> list[Message]:
        seen = scene.sandbox.workspace.messages_in(reply.channel, viewer=scene.id("priya"))
        return [each for each in seen if each.ephemeral_to == scene.id("priya")]

    await Lists(scene, "priya").press(reply, "Ask the PM")
    await scene.until(lambda: bool(told()), "a word")
    assert "You are the PM of APOLLO" in words(told()[-1].blocks)


async def it_is_asked_in_a_window_and_the_pm_gets_one_message(scene: Scene, reply: Message) -> None:
    before = len(scene.dm("priya"))
    for text in ("Who is the new buyer?", "<!channel> When do you go live?"):
        await Lists(scene, "erik").press(reply, "Ask the PM")
        view = await window(scene, "erik")
        assert "Priya, the PM, gets your question" in words(view.blocks)
        empty = await scene.send("erik", view, {"text": "  "})
        assert empty.errors == {"text": "Write your question; nothing was sent."}
        assert "Priya gets your question about APOLLO" in await send(scene, "erik", text)
    await scene.at(at(23, 14, 30))
    (message,) = scene.dm("priya")[before:]
    assert "2 questions about your projects wait" in words(message.blocks)
    assert "<!channel>" not in message.text
    assert buttons(message) == ["Answer", "Not for me"] * 2
    home = text_of(await opened(scene, "priya"))
    assert "Questions about projects (2)" in home
    assert "Erik asks" in home


async def the_pm_answers_and_who_asked_asks_further(scene: Scene) -> None:
    await Lists(scene, "priya").press(newest(scene, "priya"), "Answer")
    assert "Who is the new buyer?" in words((await window(scene, "priya")).blocks)
    assert "Erik gets your answer" in await send(scene, "priya", "We don't know yet.")
    answer = newest(scene, "erik")
    assert "We don't know yet." in words(answer.blocks)
    assert "Who is the new buyer?" in words(answer.blocks)
    await Lists(scene, "erik").press(answer, "Ask further")
    assert "Priya gets your question" in await send(scene, "erik", "When will you?")
    told = words(newest(scene, "priya").blocks)
    assert "After 2 earlier entries:" in told
    assert "When will you?" in told


async def it_is_on_the_record_for_who_may_see_the_project(scene: Scene) -> None:
    simon = Lists(scene, "simon")
    for command in ("show APOLLO", "history APOLLO"):
        assert "Questions about it: 2 open · " in await simon.read(command)
    listed = await simon.read("inquiries APOLLO")
    assert "We don't know yet." in listed
    assert "When do you go live?" in listed
    assert await simon.read("inquiries FALCON") == "There is no project 'FALCON'."
    assert "no answer yet" in text_of(await opened(scene, "erik"))


async def not_for_me_gives_it_to_the_pmo(scene: Scene) -> None:
    before = len(scene.heads("pmo-office"))
    await Lists(scene, "priya").press(newest(scene, "priya"), "Not for me")
    await scene.until(
        lambda: "The PMO has Erik's question" in words(newest(scene, "priya").blocks), "a word"
    )
    await scene.settle()
    assert "Priya passed your question on to the PMO" in words(newest(scene, "erik").blocks)
    (notice,) = scene.heads("pmo-office")[before:]
    await Lists(scene, "dana").press(notice, "Answer")
    assert "Erik gets your answer" in await send(scene, "dana", "Next week.")
    assert "Dana answered" in words(newest(scene, "erik").blocks)
    (notice,) = scene.heads("pmo-office")[before:]
    assert "Answered by Dana." in words(notice.blocks)

"""Reports written in free text, over the wire: in the messages with the bot, and in a thread."""

from datetime import UTC, datetime

from sqlmodel import col, select

from models.collecting import StatusReport
from models.enums import ReportSource
from sandbox.acting import ActionResult
from sandbox.workspace import Message
from tests.support.scene import Scene, buttons, held, words


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 in UTC; New York is five hours behind."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def test_a_text_becomes_reports_when_its_author_says_so(scene: Scene) -> None:
    await scene.at(at(18, 14))
    await what_is_no_report_gets_an_answer(scene)
    await a_text_is_read_and_nothing_is_reported(scene)
    await what_is_whole_is_confirmed_with_one_press(scene)
    await what_lacks_something_is_completed_in_the_form(scene)
    await a_reply_in_the_requests_thread_need_not_be_complete(scene)
    await what_may_mean_several_is_asked_back(scene)
    await who_may_not_report_is_told_so(scene)
    await no_mention_is_pinged(scene)
    assert scene.sandbox.calls.refusals == []


async def write(scene: Scene, name: str, text: str, thread_ts: str | None = None) -> Message:
    """Write to the bot; its answer."""
    dm = scene.sandbox.workspace.dm(scene.id(name))
    before = {each.ts for each in scene.dm(name)}
    result = await scene.sandbox.acting.post(scene.id(name), dm.id, text, thread_ts)
    assert result.ok, result
    before.add(result.ts or "")

    def answers() -> list[Message]:
        return [each for each in scene.dm(name) if each.ts not in before]

    for _turn in range(100):
        await scene.settle()
        if answers():
            break
        await scene.sandbox.delivery.drain()
    (answer,) = answers()
    return answer


async def press(
    scene: Scene, name: str, message: Message, label: str, number: int = 0, value: str | None = None
) -> ActionResult:
    """Press the button with these words, or choose in the menu that stands there."""
    found = [
        (block, element)
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if words(element.get("text") or element.get("placeholder")) == label
    ]
    block, element = found[number]
    result = await scene.sandbox.acting.press(
        scene.id(name), message.channel, message.ts, element["action_id"], block["block_id"], value
    )
    assert result.ok, result
    return result


def now(scene: Scene, name: str, message: Message) -> Message:
    """A message as it is by now."""
    return next(each for each in scene.dm(name) if each.ts == message.ts)


async def reports(scene: Scene) -> list[StatusReport]:
    async with scene.core.database.reading() as session:
        return list((await session.exec(select(StatusReport).order_by(col(StatusReport.id)))).all())


async def what_is_no_report_gets_an_answer(scene: Scene) -> None:
    answer = await write(scene, "priya", "Zebras again, sigh.")
    text = words(answer.blocks)
    assert "That is no question and no report that I can read" in text
    assert "APOLLO: green, UAT finished, next: go-live 3 March" in text


async def a_text_is_read_and_nothing_is_reported(scene: Scene) -> None:
    answer = await write(
        scene,
        "priya",
        "Apollo: green, UAT finished, next go-live 3 March; Boreas yellow, vendor late; "
        "Zeus: red, on fire",
    )
    text = words(answer.blocks)
    assert "APOLLO Student Portal · 🟢 Green" in text
    assert "Done since the last report: UAT finished" in text
    assert "Planned next: go-live 3 March" in text
    assert "BOREAS Learning Records · 🔶 Yellow" in text
    assert "Not complete yet. Done since the last report is needed." in text
    assert "“Zeus: red, on fire”" in text
    assert buttons(answer) == [
        *("Confirm", "Open in the form", "Discard"),
        *("Complete in the form", "Discard"),
    ]
    assert await reports(scene) == []


async def what_is_whole_is_confirmed_with_one_press(scene: Scene) -> None:
    answer = scene.dm("priya")[-1]
    await press(scene, "priya", answer, "Confirm")
    await settled(scene, "Reported.", answer)
    (report,) = await reports(scene)
    assert (report.source, report.done) == (ReportSource.TEXT, "UAT finished")
    assert buttons(now(scene, "priya", answer)) == ["Complete in the form", "Discard"]
    request = scene.dm("priya")[0]
    assert "1 of 4 done." in words(request.blocks)


async def settled(scene: Scene, text: str, message: Message, name: str = "priya") -> None:
    """Let the bot work until a message has a text in it."""
    for _turn in range(100):
        await scene.settle()
        if text in words(now(scene, name, message).blocks):
            return
        await scene.sandbox.delivery.drain()
    raise AssertionError(words(now(scene, name, message).blocks))


async def what_lacks_something_is_completed_in_the_form(scene: Scene) -> None:
    answer = scene.dm("priya")[-1]
    await press(scene, "priya", answer, "Complete in the form")
    view = await scene.view("priya", "status_form")
    assert (held(view, "health"), held(view, "why")) == ("Yellow", "vendor late")
    result = await scene.send("priya", view, {"done": "Chose one", "next": "Sign it"})
    assert (result.ok, result.errors) == (True, None), result
    top = scene.sandbox.workspace.top_view(scene.id("priya"))
    assert top is not None
    await scene.sandbox.acting.close_view(scene.id("priya"), top.id, clear=True)
    await settled(scene, "Answered in another way meanwhile.", answer)
    assert buttons(now(scene, "priya", answer)) == []
    assert [each.source for each in await reports(scene)] == [ReportSource.TEXT, ReportSource.FORM]


async def a_reply_in_the_requests_thread_need_not_be_complete(scene: Scene) -> None:
    request = scene.dm("simon")[0]
    answer = await write(scene, "simon", ":large_green_circle: schema done", request.ts)
    assert answer.thread_ts == request.ts
    assert "DELTA Data Warehouse · 🟢 Green" in words(answer.blocks)
    assert "Planned next is needed." in words(answer.blocks)
    more = await write(scene, "simon", "next: load it", request.ts)
    assert more.thread_ts == request.ts
    assert "You have written more about it since" in words(now(scene, "simon", answer).blocks)
    await press(scene, "simon", more, "Confirm")
    await settled(scene, "Reported.", more, "simon")
    report = (await reports(scene))[-1]
    assert (report.done, report.next) == ("schema done", "load it")


async def what_may_mean_several_is_asked_back(scene: Scene) -> None:
    answer = await write(scene, "priya", "on track, all fine, next: more of it")
    assert "Which project do you mean?" in words(answer.blocks)
    menu = next(
        element
        for block in answer.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "static_select"
    )
    (ceres,) = [each for each in menu["options"] if words(each["text"]).startswith("CERES")]
    await press(scene, "priya", answer, "Choose a project", value=ceres["value"])
    await settled(scene, "CERES Identity Renewal · 🟢 Green", answer)
    await press(scene, "priya", now(scene, "priya", answer), "Discard")
    await settled(scene, "Discarded: nothing of it is reported.", answer)
    assert len(await reports(scene)) == 3


async def who_may_not_report_is_told_so(scene: Scene) -> None:
    answer = await write(scene, "erik", "Apollo: red, it burns")
    assert "Only the PM of APOLLO (Priya), the deputy and the PMO can report on it." in words(
        answer.blocks
    )
    assert buttons(answer) == []


async def no_mention_is_pinged(scene: Scene) -> None:
    text = "Ceres: green, <!channel> {{ 7 * 7 }} *all* @erik, next: `x` & <b>"
    answer = await write(scene, "priya", text)
    shown = words(answer.blocks)
    assert "@Erik" in shown
    assert "{{ 7 * 7 }}" in shown
    assert "<b>" in shown
    assert f"<@{scene.id('erik')}>" not in str(answer.blocks)
    assert not [each for each in answer.blocks if "user_id" in str(each)]

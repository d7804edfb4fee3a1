"""One reporting cycle, whole: from the calendar to the addendum, in each of the surroundings."""

import re
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from models.collecting import StatusReport
from sandbox.workspace import Message, View
from tests.support.scene import Scene, buttons, fields_of, held, words


def numbered(letter: str, length: int) -> str:
    """A text of that many characters in which every word is another one: none can be missed."""
    text = " ".join(f"{letter}{number:04}" for number in range(length // 6 + 1))
    return text[: length - 1] + "."


WHY, DONE = numbered("w", 4_000), numbered("d", 9_000)

GREEN: dict[str, str | None] = {"health": "Green", "done": "Tested it", "next": "Go live"}
YELLOW: dict[str, str | None] = {**GREEN, "health": "Yellow", "why": "The vendor is late"}
RED: dict[str, str | None] = {
    **GREEN,
    "health": "Red",
    "why": "The buyer has withdrawn",
    "path_to_green": "Find another one by May",
}


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of 2026 in UTC; New York is five hours behind, Kolkata five and a half ahead."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def test_a_cycle_goes_from_the_calendar_to_the_addendum(any_scene: Scene) -> None:
    scene = any_scene
    await a_cycle_before(scene)
    await everybody_is_asked_at_nine_of_their_own_morning(scene)
    await the_button_opens_the_form_with_the_last_answer(scene)
    await what_is_wrong_is_told_at_its_field_and_nothing_is_saved(scene)
    await a_long_answer_is_saved_and_the_receipt_says_who_reads_it(scene)
    await the_request_is_edited_in_place(scene)
    await the_cut_off_tells_who_has_missed_it(scene)
    await the_digest_is_one_head_with_every_report_whole_in_its_thread(scene)
    await the_restricted_project_is_told_to_its_council_alone(scene)
    await a_late_answer_amends_the_head_in_place(scene)
    await after_the_freeze_an_answer_is_an_addendum(scene)
    assert scene.sandbox.calls.refusals == []


async def a_cycle_before(scene: Scene) -> None:
    await scene.at(at(11, 18, 14))
    await scene.report("priya", "APOLLO", health="Green", done="Chose a vendor", next="Sign it")
    await scene.at(at(11, 20, 20))
    await scene.at(at(11, 23, 13))
    assert [len(scene.heads(each)) for each in ("its-council", "sts-council")] == [1, 1]


async def everybody_is_asked_at_nine_of_their_own_morning(scene: Scene) -> None:
    before = {name: len(scene.dm(name)) for name in ("arjun", "simon", "priya")}
    new: list[list[str]] = []
    for instant in (at(11, 25, 3, 29), at(11, 25, 3, 30), at(11, 25, 9), at(11, 25, 14)):
        await scene.at(instant)
        asked = [name for name in before if len(scene.dm(name)) == before[name] + 1]
        new.append(asked)
    assert new == [[], ["arjun"], ["arjun", "simon"], ["arjun", "simon", "priya"]]
    assert codes(scene.dm("priya")[-1]) == ["APOLLO", "BOREAS", "CERES", "FALCON"]
    assert codes(scene.dm("simon")[-1]) == ["DELTA"]  # GAIA is in a phase that is not asked
    text = words(scene.dm("priya")[-1].blocks)
    assert "*ITS Council* reads it in" in text
    assert "*STS Council* reads it in" in text


def codes(message: Message) -> list[str]:
    """The projects that a request message names, in order."""
    return re.findall(r"^\*([A-Z]+)\*", words(message.blocks), re.MULTILINE)


async def the_button_opens_the_form_with_the_last_answer(scene: Scene) -> None:
    view = await scene.open_form("priya", "APOLLO")
    shown = {name: held(view, name) for name in ("health", "done", "next")}
    assert shown == {"health": "Green", "done": "Chose a vendor", "next": "Sign it"}
    assert "why" not in fields_of(view)


async def what_is_wrong_is_told_at_its_field_and_nothing_is_saved(scene: Scene) -> None:
    view = await scene.view("priya", "status_form")
    saved, message = await versions(scene), scene.dm("priya")[-1]
    await scene.choose("priya", view, "health", "Red")
    await scene.until(lambda: {"why", "path_to_green"} <= fields_of(view), "what red asks for")
    result = await scene.send("priya", view, {"health": "Red", "done": "Much", "budget": "red"})
    assert result.errors == {
        "why": "Say why it is red: the first line goes into the digest.",
        "path_to_green": "Red needs a path to green: who does what by when.",
    }
    still_open = await scene.view("priya", "status_form")
    assert still_open.id == view.id
    assert still_open.state["done"]["done"]["value"] == "Much"
    await scene.settle()
    assert await versions(scene) == saved
    assert scene.dm("priya")[-1] == message


async def versions(scene: Scene) -> list[tuple[int, int]]:
    """Every version of every report that is stored: its project, its number."""
    async with scene.core.database.reading() as session:
        found = await session.exec(select(StatusReport).order_by(col(StatusReport.id)))
        return [(each.project_id, each.version) for each in found]


async def a_long_answer_is_saved_and_the_receipt_says_who_reads_it(scene: Scene) -> None:
    view = await scene.view("priya", "status_form")
    for name, fields in (("why", 2), ("done", 2), ("done", 3), ("done", 4)):
        view = await with_room(scene, view, name, fields)
    values: dict[str, str | None] = {
        "path_to_green": "Funds by May",
        **in_fields("why", WHY, 2),
        **in_fields("done", DONE, 4),
    }
    result = await scene.send("priya", view, values)
    assert (result.ok, result.errors) == (True, None), result
    receipt = scene.sandbox.workspace.top_view(scene.id("priya"))
    assert receipt is not None
    said = words(receipt.blocks)
    channel = scene.sandbox.workspace.channel_named("its-council")
    assert channel is not None
    assert "APOLLO Student Portal: 🟥 Red" in said
    assert f"ITS Council reads it in {channel.id}, Mon 30 Nov 2026" in said
    await scene.sandbox.acting.close_view(scene.id("priya"), receipt.id)


async def with_room(scene: Scene, view: View, name: str, fields: int) -> View:
    """Ask for one more field for an answer; what is typed into the others stays."""
    typed = view.state.get("done")
    await scene.sandbox.acting.press_in_view(
        scene.id("priya"), view.id, "status_more_room", value=name
    )
    last = f"{name}~{fields}"
    await scene.until(
        lambda: any(each.get("block_id") == last for each in view.blocks), f"the field {last}"
    )
    assert view.state.get("done") == typed
    return view


def in_fields(name: str, text: str, fields: int) -> dict[str, str | None]:
    """A text spread over fields, broken between words as people do."""
    values: dict[str, str | None] = {}
    for number in range(1, fields + 1):
        cut = len(text) if len(text) <= 2_900 else text.rindex(" ", 0, 2_900) + 1
        values[name if number == 1 else f"{name}~{number}"] = text[:cut] or None
        text = text[cut:]
    assert not text
    return values


async def the_request_is_edited_in_place(scene: Scene) -> None:
    await scene.settle()
    before = [each.ts for each in scene.dm("priya")]
    await scene.report("priya", "BOREAS", **GREEN)
    await scene.report("priya", "CERES", **YELLOW)
    await scene.report("priya", "FALCON", **RED)
    await scene.report("simon", "DELTA", **GREEN)
    assert [each.ts for each in scene.dm("priya")] == before
    request = scene.dm("priya")[-1]
    assert request.edited
    assert "All 4 projects done." in words(request.blocks)
    assert buttons(request) == ["Correct"] * 4


async def the_cut_off_tells_who_has_missed_it(scene: Scene) -> None:
    await scene.at(at(11, 27, 20))
    request = scene.dm("arjun")[-1]
    assert "The cut-off has passed." in words(request.blocks)
    assert buttons(request) == ["Update"]


async def the_digest_is_one_head_with_every_report_whole_in_its_thread(scene: Scene) -> None:
    await scene.at(at(11, 30, 12, 59))
    assert len(scene.heads("its-council")) == 1
    await scene.at(at(11, 30, 13))
    _before, head = scene.heads("its-council")
    text = words(head.blocks)
    assert "3 of 3 reports in" in text
    assert text.index("🟥 Red: 1") < text.index("🔶 Yellow: 1") < text.index("🟢 Green: 1")
    replies = in_thread(scene, "its-council", head)
    assert {each.split(":")[0] for each in (reply.text for reply in replies)} == {
        "APOLLO Student Portal",
        "APOLLO (continued)",
        "CERES Identity Renewal",
        "ITS Council",  # its heat map
        "Reports in full",
    }
    everything = "\n".join(words(each.blocks) for each in replies)
    assert re.findall(r"\bw\d+", everything) == re.findall(r"w\d+", WHY)
    assert re.findall(r"\bd\d+", everything) == re.findall(r"d\d+", DONE)
    assert "The vendor is late" in everything
    missing = words(scene.heads("sts-council")[-1].blocks)
    assert "EOS Timetables · Arjun · second miss in a row (PMO told)" in missing


def in_thread(scene: Scene, channel: str, head: Message) -> list[Message]:
    return [each for each in scene.replies(channel) if each.thread_ts == head.ts]


async def the_restricted_project_is_told_to_its_council_alone(scene: Scene) -> None:
    for channel in ("its-council", "sts-council", "pmo-office"):
        shown = "".join(map(everything_in, [*scene.heads(channel), *scene.replies(channel)]))
        assert "FALCON" not in shown
        assert "Merger" not in shown
    for name in ("carol", "omar"):
        told = "".join(map(everything_in, scene.dm(name)))
        assert "FALCON" in told, name
        assert "The buyer has withdrawn" in told, name
        assert "APOLLO" not in told, name
    for name in ("nadia", "erik", "ben", "simon", "arjun", "gus"):
        assert "FALCON" not in "".join(map(everything_in, scene.dm(name))), name


def everything_in(message: Message) -> str:
    """All that a message has in it, whatever is shown of it."""
    values: list[Any] = [message.text, message.blocks, message.metadata]
    return "".join(map(str, values))


async def a_late_answer_amends_the_head_in_place(scene: Scene) -> None:
    heads = [each.ts for each in scene.heads("sts-council")]
    await scene.at(at(11, 30, 15, 40))
    await scene.report("arjun", "EOS", **YELLOW)
    assert [each.ts for each in scene.heads("sts-council")] == heads
    head = scene.heads("sts-council")[-1]
    text = words(head.blocks)
    assert "Updated Mon 30 Nov 10:40" in text
    assert "EOS Timetables (added Mon 30 Nov 10:40)" in text
    assert "No report" not in text
    replies = in_thread(scene, "sts-council", head)
    late = [each for each in replies if each.text.startswith("EOS")]
    assert "The vendor is late" in words(late[0].blocks)


async def after_the_freeze_an_answer_is_an_addendum(scene: Scene) -> None:
    await scene.at(at(12, 1, 17))
    head = scene.heads("sts-council")[-1]
    replies = in_thread(scene, "sts-council", head)
    before = everything_in(head)
    await scene.report("arjun", "EOS", **{**GREEN, "done": "It came after all"})
    assert everything_in(scene.heads("sts-council")[-1]) == before
    *kept, addendum = in_thread(scene, "sts-council", head)
    assert [each.ts for each in kept] == [each.ts for each in replies]
    assert addendum.text == "Added late: EOS"
    text = words(addendum.blocks)
    assert "1 answer came after" in text
    assert "It came after all" in text

"""Claim against facts, corrections and the history, over the wire."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sandbox.workspace import Message, View
from tests.support.scene import Scene, buttons, words

GREEN: dict[str, str | None] = {"health": "Green", "done": "Tested it", "next": "Go live"}
YELLOW: dict[str, str | None] = {**GREEN, "health": "Yellow", "why": "The vendor is late"}

PLANNED = """\
code,name,council,phase,visibility,pm,deputy,start,baseline_end,forecast_end
APOLLO,Student Portal,ITS Council,execution,open,priya@example.edu,ben@example.edu,\
2026-01-01,2026-12-31,2027-03-01
FALCON,Merger Readiness,ITS Council,execution,restricted,priya@example.edu,,,,
"""
FACTS = "The forecast end 1 Mar 2027 is 60 days (16.5 %) past the baseline."
REASON = "Only the archive is moved in spring"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of 2026 in UTC; New York is five hours behind."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def plan(scene: Scene, folder: Path) -> None:
    """Let APOLLO be planned to end two months after its baseline."""
    file = folder / "planned.csv"
    await asyncio.to_thread(file.write_text, PLANNED, encoding="utf-8")
    imported = await scene.core.services.imports.import_file(
        file, now=scene.clock.now(), actor="test"
    )
    assert imported.applied, imported.problems


async def claim(scene: Scene, name: str, code: str, values: dict[str, str | None]) -> None:
    """Report, and give the reason that the form asks for once."""
    await scene.send(name, await scene.open_form(name, code), values)
    result = await scene.send(name, await scene.view(name, "status_form"), {"claim_reason": REASON})
    assert not result.errors, result
    await scene.sandbox.acting.close_view(scene.id(name), top_of(scene, name).id, clear=True)
    await scene.settle()


def top_of(scene: Scene, name: str) -> View:
    top = scene.sandbox.workspace.top_view(scene.id(name))
    assert top is not None
    return top


async def history(scene: Scene, name: str, rest: str) -> str:
    """What `/project history` answers somebody."""
    _result, answer = await scene.command(name, f"history {rest}")
    return "\n".join(words(each.blocks) for each in answer)


async def test_a_claim_that_is_better_than_the_facts_stands_beside_them(
    scene: Scene, tmp_path: Path
) -> None:
    await plan(scene, tmp_path)
    await scene.at(at(11, 18, 14))
    await claim(scene, "priya", "APOLLO", GREEN)
    await scene.at(at(11, 20, 20))
    await scene.at(at(11, 23, 13))
    head = words(scene.heads("its-council")[0].blocks)
    assert f"APOLLO (claimed green, facts say red: {REASON})" in head
    told = thread_of(scene, "APOLLO")
    assert f"The facts say 🟥 Red. {FACTS}" in told
    assert f"Why it is claimed 🟢 Green: {REASON}" in told
    _result, [card] = await scene.command("erik", "show APOLLO")
    assert f"The facts say 🟥 Red. {FACTS}" in words(card.blocks)
    assert "facts said 🟥 Red" in await history(scene, "erik", "apollo")
    assert scene.sandbox.calls.refusals == []


async def test_a_correction_is_told_from_what_to_what_and_nothing_is_lost(scene: Scene) -> None:
    await scene.at(at(11, 18, 14))
    await scene.report("priya", "APOLLO", **GREEN)
    await scene.at(at(11, 20, 20))
    await scene.at(at(11, 23, 13))
    await scene.at(at(11, 23, 15, 40))
    await scene.report("priya", "APOLLO", **{**YELLOW, "done": "Tested it\nTrained users"})
    await amended_in_place(scene)
    await scene.at(at(11, 24, 18))
    await scene.report("priya", "APOLLO", **{**YELLOW, "next": "Wait"})
    await told_in_an_addendum(scene)
    await every_version_stands_in_the_history(scene)
    await the_button_opens_the_same(scene)
    await the_thread_shows_it_to_who_asks_alone(scene)
    assert scene.sandbox.calls.refusals == []


def thread_of(scene: Scene, code: str) -> str:
    """What the digest's thread tells of a project."""
    replies = [words(each.blocks) for each in scene.replies("its-council")]
    return "\n".join(each for each in replies if code in each)


async def amended_in_place(scene: Scene) -> None:
    head = words(scene.heads("its-council")[0].blocks)
    assert "APOLLO Student Portal (corrected Mon 23 Nov 10:40)" in head
    told = thread_of(scene, "APOLLO")
    assert "Changed since the digest was posted\nHealth: 🟢 Green → 🔶 Yellow" in told
    assert "Done:\n… 1 line as before\n+ Trained users" in told


async def told_in_an_addendum(scene: Scene) -> None:
    addendum = words(scene.replies("its-council")[-1].blocks)
    assert addendum.startswith(
        "ITS Council · status 18 Nov 2026: 1 answer came after the digest was closed."
    )
    assert "APOLLO Student Portal · 🔶 Yellow (corrected Tue 24 Nov 13:00)" in addendum
    assert "Next: Go live → Wait" in addendum
    assert "Health: 🟢" not in addendum


async def every_version_stands_in_the_history(scene: Scene) -> None:
    told = await history(scene, "erik", "APOLLO")
    assert "1 report in 3 versions, newest first." in told
    assert "Wed 18 Nov 2026 · 🔶 Yellow · corrected 2 times" in told
    marks = ["Version 3.", "Wait", "Version 2.", "The vendor is late", "Version 1."]
    places = [told.index(mark) for mark in marks]
    assert places == sorted(places)
    assert told.count("Reported by Priya") == 3


async def the_button_opens_the_same(scene: Scene) -> None:
    _result, [card] = await scene.command("priya", "show APOLLO")
    assert "History" in buttons(card)
    await press(scene, "priya", card, "report_history")
    await scene.until(lambda: is_history(scene, "priya"), "the history")
    assert "Version 3." in words(top_of(scene, "priya").blocks)


async def the_thread_shows_it_to_who_asks_alone(scene: Scene) -> None:
    reply = next(each for each in scene.replies("its-council") if "History" in buttons(each))
    before = len(scene.replies("its-council"))
    await press(scene, "erik", reply, "show_history")
    await scene.until(lambda: len(seen(scene, "erik")) == before + 1, "the history")
    shown = seen(scene, "erik")[-1]
    assert "1 report in 3 versions, newest first." in words(shown.blocks)
    assert shown.thread_ts == reply.thread_ts
    assert len(seen(scene, "omar")) == before
    gus = scene.id("gus")  # a guest without a role in the project
    await scene.sandbox.acting.invite(scene.id("carol"), reply.channel, gus)
    await press(scene, "gus", reply, "show_history")
    await scene.until(lambda: "There is no such project" in newest(scene, "gus"), "the refusal")
    assert len(seen(scene, "gus")) == before


def newest(scene: Scene, name: str) -> str:
    """The last message that somebody sees in the council's channel."""
    place = scene.sandbox.workspace.channel_named("its-council")
    assert place is not None
    return words(scene.sandbox.workspace.messages_in(place.id, viewer=scene.id(name))[-1].blocks)


def seen(scene: Scene, name: str) -> list[Message]:
    """What somebody sees in the threads of the council's channel."""
    place = scene.sandbox.workspace.channel_named("its-council")
    assert place is not None
    messages = scene.sandbox.workspace.messages_in(place.id, viewer=scene.id(name))
    return [each for each in messages if each.is_reply]


def is_history(scene: Scene, name: str) -> bool:
    top = scene.sandbox.workspace.top_view(scene.id(name))
    return top is not None and top.payload["title"]["text"] == "History"


async def press(scene: Scene, name: str, message: Message, action_id: str) -> None:
    block = next(
        block
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == action_id
    )
    result = await scene.sandbox.acting.press(
        scene.id(name), message.channel, message.ts, action_id, block["block_id"]
    )
    assert result.ok, result


async def test_the_history_of_a_restricted_project_exists_for_its_own_alone(scene: Scene) -> None:
    await scene.at(at(11, 18, 14))
    await scene.report("priya", "FALCON", **GREEN)
    assert "Tested it" in await history(scene, "carol", "FALCON")
    unknown = await history(scene, "erik", "NOWHERE")
    assert (await history(scene, "erik", "FALCON")).replace("FALCON", "NOWHERE") == unknown
    assert "Give its code" in await history(scene, "erik", "")
    assert "There is no part 9 of this answer" in await history(scene, "priya", "FALCON 9")

"""The request message over the wire: five projects, one press for each, and what its menu does."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from domain.logs.record import Pen
from domain.logs.rules import Wanted
from models.collecting import StatusReport
from models.enums import LogKind, ReportSource
from models.logs import lock_list
from models.portfolio import Person, Project
from sandbox.workspace import Message
from tests.support.scene import Scene, buttons, words

CODES = ("ALFA", "BRAVO", "CHARLIE", "ECHO", "FOXTROT")

PORTFOLIO = "code,name,council,phase,pm,deputy\n" + "".join(
    f"{code},Project {code.capitalize()},ITS Council,execution,erik@example.edu,ben@example.edu\n"
    for code in CODES
)
"""Erik's: he is asked at nine in Berlin, at eight UTC."""


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def five_projects(scene: Scene, folder: Path) -> None:
    """Green all of them on 18 November; asked again on the 25th."""
    file = folder / "five.csv"
    file.write_text(PORTFOLIO, encoding="utf-8")
    imported = await scene.core.services.imports.import_file(
        file, now=scene.clock.now(), actor="test", dry_run=False, partial=False
    )
    assert imported.applied, imported.problems
    await scene.at(at(18, 8))
    for code in CODES:
        await scene.report("erik", code, health="Green", done="Tested it", next="Go live")
    for instant in (at(20, 20), at(23, 13), at(25, 8)):
        await scene.at(instant)


def request(scene: Scene, name: str = "erik") -> Message:
    """The newest request message to a person."""
    found = [each for each in scene.dm(name) if words(each.blocks).startswith("Status ")]
    return found[-1]


def rows(scene: Scene, name: str = "erik") -> list[list[str]]:
    """The buttons of each project, as words."""
    return [
        [each["text"]["text"] for each in block["elements"] if each["type"] == "button"]
        for block in request(scene, name).blocks
        if block["type"] == "actions"
    ]


async def test_five_projects_of_which_four_are_unchanged_cost_four_presses_and_one_form(
    scene: Scene, tmp_path: Path
) -> None:
    await five_projects(scene, tmp_path)
    assert rows(scene) == [["Update", "No change"]] * 5
    assert request(scene).text == "Status needed for " + ", ".join(CODES)
    effort = await give_all(scene)
    assert effort == {"presses": 4, "forms": 1, "fields": 2}
    shown = words(request(scene).blocks)
    assert "All 5 projects done." in shown
    assert shown.count("unchanged x1") == 4
    assert "*ITS Council* reads it in" in shown
    assert "You can correct it freely until" in shown
    assert rows(scene) == [["Correct"]] * 5
    async with scene.core.database.reading() as session:
        reports = (await session.exec(select(StatusReport))).all()
    sources = [each.source for each in reports if each.opens_on.day == 25]
    assert sources.count(ReportSource.NO_CHANGE) == 4
    await everybody_sees_what_was_unchanged(scene)
    assert scene.sandbox.calls.refusals == []


async def everybody_sees_what_was_unchanged(scene: Scene) -> None:
    await scene.at(at(27, 20))
    await scene.at(at(30, 13))
    head = words(scene.heads("its-council")[-1].blocks)
    assert all(f"{code} (unchanged x1)" in head for code in CODES[:4])
    pages = "".join(words(each.blocks) for each in scene.replies("its-council"))
    assert pages.count("unchanged x1") == 4
    _result, (card,) = await scene.command("erik", "show ALFA")
    assert "unchanged x1" in words(card.blocks)


async def give_all(scene: Scene) -> dict[str, int]:
    """Answer for all five, and count what that costs."""
    effort = {"presses": 0, "forms": 0, "fields": 0}
    for code in CODES[:4]:
        result = await scene.press("erik", code, "No change")
        assert result.ok, result
        effort["presses"] += 1
    await scene.settle()
    assert "4 of 5 done." in words(request(scene).blocks)
    assert request(scene).text == "Status still needed for FOXTROT"
    changed = {"health": "Yellow", "why": "The vendor is late by two weeks"}
    await scene.report("erik", "FOXTROT", **changed)
    effort["forms"] += 1
    effort["fields"] += len(changed)
    return effort


async def test_what_waits_for_an_answer_opens_the_form_instead_and_says_why(
    scene: Scene, tmp_path: Path
) -> None:
    await five_projects(scene, tmp_path)
    await an_action_is_due(scene, "ALFA")
    await scene.press("erik", "ALFA", "No change")
    view = await scene.view("erik", "status_form")
    assert "“No change” won't do today. A-1 “Sign the contract” waits" in words(view.blocks)
    await scene.sandbox.acting.close_view(scene.id("erik"), view.id, clear=True)
    await the_same_press_twice_is_told(scene)
    await an_old_message_opens_the_newest_request(scene)


async def an_action_is_due(scene: Scene, code: str) -> None:
    async with scene.core.database.writing() as session:
        found = await session.exec(select(Project).where(Project.code == code))
        project = await lock_list(session, found.one().pk)
        people = await session.exec(select(Person).where(Person.name == "Erik"))
        viewer = await scene.core.services.people.viewer(people.one().slack_id)
        assert viewer is not None
        pen = Pen(session, viewer, scene.clock.now())
        wanted = Wanted("Sign the contract", due_on=at(26, 0).date())
        await pen.add(project, LogKind.ACTION, wanted, None)


async def the_same_press_twice_is_told(scene: Scene) -> None:
    for _press in range(2):
        await scene.press("erik", "BRAVO", "No change")
    await scene.until(lambda: "BRAVO is answered already" in words(scene.dm("erik")[-1].blocks), "")
    assert scene.dm("erik")[-1].ephemeral_to == scene.id("erik")
    await scene.settle()
    assert "1 of 5 done." in words(request(scene).blocks)


async def an_old_message_opens_the_newest_request(scene: Scene) -> None:
    old = next(each for each in scene.dm("erik") if buttons(each)[:1] == ["Correct"])
    await scene.sandbox.acting.press(scene.id("erik"), old.channel, old.ts, "status_update")
    view = await scene.view("erik", "status_form")
    note = "This is the request of 25 Nov; your message of 18 Nov is over."
    assert note in words(view.blocks)
    await scene.sandbox.acting.close_view(scene.id("erik"), view.id, clear=True)


async def test_the_menu_snoozes_hands_on_puts_on_hold_and_tells_the_pmo(
    scene: Scene, tmp_path: Path
) -> None:
    await five_projects(scene, tmp_path)
    await it_reminds_when_it_was_asked_to(scene)
    await the_deputy_gets_it_at_their_own_hour(scene)
    await a_project_on_hold_owes_nothing_until_it_is_resumed(scene)
    await the_pmo_hears_whose_it_is_not(scene)
    assert scene.sandbox.calls.refusals == []


async def it_reminds_when_it_was_asked_to(scene: Scene) -> None:
    await scene.press("erik", "ALFA", "Snooze…")
    view = await scene.view("erik", "status_snooze")
    block = next(each for each in view.blocks if each.get("block_id") == "snooze_for")
    assert [each["text"]["text"] for each in block["element"]["options"]] == [
        "in 1 hour: Wed 25 Nov 10:00",
        "in 3 hours: Wed 25 Nov 12:00",
        "tomorrow: Thu 26 Nov 09:00",
    ]
    result = await scene.send("erik", view, {"snooze_at": str(int(at(25, 7).timestamp()))})
    assert result.errors == {"snooze_at": "That time has passed; choose a later one."}
    result = await scene.send("erik", view, {"snooze_at": str(int(at(25, 14).timestamp()))})
    assert result.ok
    assert not result.errors
    await scene.settle()
    assert words(request(scene).blocks).count("You asked to be reminded") == 5
    before = len(scene.dm("erik"))
    await scene.at(at(25, 13, 59))
    assert len(scene.dm("erik")) == before
    await scene.at(at(25, 14))
    assert len(scene.dm("erik")) == before + 1


async def the_deputy_gets_it_at_their_own_hour(scene: Scene) -> None:
    await scene.press("erik", "BRAVO", "Hand to the deputy")
    await scene.settle()
    assert "Handed to Ben" in words(request(scene).blocks)
    assert "Handed over from Erik: handed to the deputy" in words(request(scene, "ben").blocks)
    await scene.report("ben", "BRAVO", health="Green", done="x", next="y")
    assert "Answered by Ben" in words(request(scene).blocks)


async def a_project_on_hold_owes_nothing_until_it_is_resumed(scene: Scene) -> None:
    await scene.press("erik", "CHARLIE", "On hold…")
    view = await scene.view("erik", "status_hold")
    wrong: dict[str, str | None] = {"hold_until": "2026-11-01", "hold_reason": "<!channel> broke"}
    result = await scene.send("erik", view, wrong)
    assert result.errors == {"hold_until": "That day has passed; choose today or a later one."}
    result = await scene.send("erik", view, {**wrong, "hold_until": "2026-12-10"})
    assert result.ok
    assert not result.errors
    await scene.settle()
    shown = words(request(scene).blocks)
    assert "On hold until 10 Dec: &lt;!channel&gt; broke. Nobody is asked up to then." in shown
    assert ["Resume"] in rows(scene)
    await scene.press("erik", "CHARLIE", "Resume")
    await scene.settle()
    assert ["Resume"] not in rows(scene)


async def the_pmo_hears_whose_it_is_not(scene: Scene) -> None:
    await scene.press("erik", "ECHO", "Not my project")
    await scene.settle()
    (told,) = scene.heads("pmo-office")
    assert told.text == "Erik says that ECHO is not their project"
    assert "/project handover ECHO" in words(told.blocks)
    assert "You said that this project is not yours" in words(request(scene).blocks)

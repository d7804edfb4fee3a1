"""App Home over the wire: what is due, healths, actions, settings, digests, who has answered."""

from datetime import UTC, datetime
from pathlib import Path

from message_templates.collecting.request import NO_CHANGE, UPDATE
from message_templates.home.personal import SETTINGS
from message_templates.home.state import BOT, CYCLE, REPORTING, TAB, TURN, YOU
from message_templates.logs.buttons import LOG_OPEN
from sandbox.workspace import View
from tests.support.home import elements, opened, press, renewed, text_of
from tests.support.lists import Lists
from tests.support.scene import Scene, words

GREEN: dict[str, str | None] = {"health": "Green", "done": "Tested it", "next": "Go live"}

HEADER = "code,name,council,phase,visibility,pm,deputy,sponsor,budget\n"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of 2026 in UTC; New York is five hours behind."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def test_a_page_of_ones_own_from_what_is_due_to_sixty_projects(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.at(at(11, 18, 14))
    await what_is_due_is_answered_from_the_page_by_form_and_by_one_press(scene)
    await a_press_that_would_be_refused_is_not_offered(scene)
    await an_action_is_opened_and_closed_from_the_page(scene)
    await settings_are_mended_at_their_field_and_saved_as_a_whole(scene)
    await the_hour_that_was_set_is_the_one_that_one_is_asked_at(scene)
    await a_digest_that_was_subscribed_to_comes_as_a_direct_message(scene)
    await the_pmo_finds_who_has_answered_and_opens_a_cycle(scene)
    await sixty_projects_are_turned_and_a_form_does_not_turn_them_back(scene, tmp_path)
    assert scene.sandbox.calls.refusals == []


def request_of(view: View, code: str) -> str:
    """The number of the request that a page wants for a project."""
    for place, block in enumerate(view.blocks):
        if words(block).startswith(f"*{code}*") and view.blocks[place + 1]["type"] == "actions":
            return str(view.blocks[place + 1]["elements"][0]["value"])
    raise AssertionError(f"{code} is not wanted")


async def pressed_modal(
    scene: Scene, name: str, view: View, action_id: str, callback_id: str, value: str = ""
) -> View:
    """Press a button of a page that opens a form."""
    (block,) = (
        block
        for block in view.blocks
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("action_id") == action_id and value in ("", element.get("value"))
    )
    result = await scene.sandbox.acting.press_in_view(
        scene.id(name), view.id, action_id, block["block_id"]
    )
    assert result.ok, result
    return await scene.view(name, callback_id)


async def closed(scene: Scene, name: str) -> None:
    """Close whatever stands over a person's page."""
    while top := scene.sandbox.workspace.top_view(scene.id(name)):
        await scene.sandbox.acting.close_view(scene.id(name), top.id, clear=True)


async def saved(scene: Scene, view: View, **values: object) -> View:
    """Change settings on a page of Priya's; the page after it."""
    form = await pressed_modal(scene, "priya", view, SETTINGS, "own_settings")
    result = await scene.sandbox.acting.submit_view(scene.id("priya"), form.id, dict(values))
    assert result.ok, result
    assert not result.errors, result
    page = await renewed(scene, "priya", view.hash)
    assert "Your settings are saved." in text_of(page)
    await scene.settle()
    return page


async def what_is_due_is_answered_from_the_page_by_form_and_by_one_press(
    scene: Scene,
) -> None:
    page = await opened(scene, "priya")
    assert "Wanted from you (4)" in text_of(page)
    form = await pressed_modal(
        scene, "priya", page, UPDATE, "status_form", request_of(page, "APOLLO")
    )
    assert (await scene.send("priya", form, GREEN)).ok
    page = await renewed(scene, "priya", page.hash)
    await closed(scene, "priya")
    assert "Wanted from you (3)" in text_of(page)
    assert "*APOLLO* Student Portal\n🟢 · now *🟢 Green*, 18 Nov" in text_of(page)
    await scene.at(at(11, 20, 20))
    await scene.at(at(11, 25, 14))
    page = await opened(scene, "priya")
    assert "*CERES* Identity Renewal\n✖ · no report yet · the last one was missed" in text_of(page)
    page = await press(scene, "priya", page, NO_CHANGE, request_of(page, "APOLLO"))
    text = text_of(page)
    assert "Wanted from you (3)" in text
    assert "🟢 🟢 · now *🟢 Green*, 25 Nov · unchanged x1" in text


async def a_press_that_would_be_refused_is_not_offered(scene: Scene) -> None:
    page = await opened(scene, "priya")
    ceres = request_of(page, "CERES")
    offered = [
        element["action_id"]
        for block in page.blocks
        for element in block.get("elements", [])
        if element.get("value") == ceres
    ]
    assert offered == [UPDATE]


async def an_action_is_opened_and_closed_from_the_page(scene: Scene) -> None:
    await Lists(scene, "priya").add(
        "actions",
        "APOLLO",
        "Add an action",
        title="Sign the contract",
        owner=scene.id("priya"),
        due_on="2026-12-01",
    )
    page = await opened(scene, "priya")
    assert "Your actions (1)" in text_of(page)
    (button,) = (each for each in elements(page) if each["action_id"] == LOG_OPEN)
    form = await pressed_modal(scene, "priya", page, LOG_OPEN, "log_entry", button["value"])
    sent = await scene.send("priya", form, {"state": "done", "note": "Signed"})
    assert (sent.ok, sent.errors) == (True, None), sent
    page = await renewed(scene, "priya", page.hash)
    await closed(scene, "priya")
    assert "Your actions" not in text_of(page)


async def settings_are_mended_at_their_field_and_saved_as_a_whole(scene: Scene) -> None:
    page = await opened(scene, "priya")
    assert "I ask you at the hour that each council says" in text_of(page)
    form = await pressed_modal(scene, "priya", page, SETTINGS, "own_settings")
    wrong = await scene.sandbox.acting.submit_view(
        scene.id("priya"), form.id, {"ask_at": "11:30", "away_from": "2026-12-24"}
    )
    assert wrong.errors == {
        "away_until": "Choose the last day away too, or clear the first if you are not away."
    }
    assert "11:30" not in text_of(await opened(scene, "priya"))
    fixed = await scene.sandbox.acting.submit_view(
        scene.id("priya"), form.id, {"away_until": "2026-12-31"}
    )
    assert (fixed.ok, fixed.errors) == (True, None), fixed
    page = await opened(scene, "priya")
    assert "I ask you at *11:30*, as you have set" in text_of(page)
    assert "*You are away* Thu 24 Dec 2026 to Thu 31 Dec 2026" in text_of(page)


async def the_hour_that_was_set_is_the_one_that_one_is_asked_at(scene: Scene) -> None:
    page = await saved(scene, await opened(scene, "priya"), ask_at="11:30")
    assert "I ask you next on Wed 2 Dec 11:30" in text_of(page)
    await scene.at(at(11, 27, 20))
    await scene.at(at(12, 2, 14))
    before = len(scene.dm("priya"))
    await scene.at(at(12, 2, 16, 30))
    assert len(scene.dm("priya")) == before + 1
    page = await saved(scene, await opened(scene, "priya"), ask_at="council")
    assert "I ask you next on Wed 9 Dec 09:00" in text_of(page)


async def a_digest_that_was_subscribed_to_comes_as_a_direct_message(scene: Scene) -> None:
    page = await opened(scene, "priya")
    form = await pressed_modal(scene, "priya", page, SETTINGS, "own_settings")
    (menu,) = (each for each in form.blocks if each["block_id"] == "digests")
    values = {option["text"]["text"]: option["value"] for option in menu["element"]["options"]}
    assert list(values) == ["ITS Council", "STS Council"]
    sent = await scene.sandbox.acting.submit_view(
        scene.id("priya"), form.id, {"digests": [values["STS Council"]]}
    )
    assert sent.ok, sent
    page = await renewed(scene, "priya", page.hash)
    assert "I send you the digests of STS Council." in text_of(page)
    await scene.at(at(12, 4, 20))
    before = len(scene.dm("priya"))
    await scene.at(at(12, 7, 13))
    (copy,) = scene.dm("priya")[before:]
    assert "STS Council" in words(copy.blocks)
    assert "The digest and its thread are in" in words(copy.blocks)


async def the_pmo_finds_who_has_answered_and_opens_a_cycle(scene: Scene) -> None:
    await scene.at(at(12, 9, 14))
    await scene.report("simon", "DELTA", **GREEN)
    page = await press(scene, "dana", await opened(scene, "dana"), f"{TURN}:{TAB}:{REPORTING}")
    text = text_of(page)
    assert "Open, of Wed 9 Dec 2026: *1 of 4 answered (25 %)*" in text
    assert "Last, of Wed 2 Dec 2026: *0 of 4 answered (0 %)*" in text
    assert "Projects to look at" in text
    number = next(
        each["value"] for each in elements(page) if each["action_id"].startswith(f"{TURN}:{CYCLE}:")
    )
    page = await press(scene, "dana", page, f"{TURN}:{CYCLE}:{number.partition('=')[2]}")
    assert "• *APOLLO* Student Portal · Priya: waiting" in text_of(page)
    assert "• *DELTA* Data Warehouse · Simon: answered after" in text_of(page)
    assert text_of(await opened(scene, "dana")) == text_of(page)  # it stays where one was
    page = await press(scene, "dana", page, f"{TURN}:{CYCLE}:0")
    assert "Open, of Wed 9 Dec 2026" in text_of(page)
    page = await press(scene, "dana", page, f"{TURN}:{TAB}:{BOT}")
    assert "Looked at:" in text_of(page)
    page = await press(scene, "dana", page, f"{TURN}:{TAB}:{YOU}")
    assert "Your councils (2)" in text_of(page)


async def sixty_projects_are_turned_and_a_form_does_not_turn_them_back(
    scene: Scene, tmp_path: Path
) -> None:
    rows = [
        f"P{number:02},Project {number},ITS Council,execution,open,priya@example.edu,,,\n"
        for number in range(60)
    ]
    file = tmp_path / "more.csv"
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    services = scene.core.services
    done = await services.imports.import_file(file, now=scene.clock.now(), actor="test")
    assert done.applied, done.problems
    await scene.at(at(12, 11, 20))
    await scene.at(at(12, 16, 14))
    page = await opened(scene, "priya")
    assert "Your projects (64)" in text_of(page)
    assert "Wanted from you (64)" in text_of(page)
    page = await press(scene, "priya", page, f"{TURN}:projects:next")
    page = await press(scene, "priya", page, f"{TURN}:projects:next")
    page = await press(scene, "priya", page, f"{TURN}:due:next")
    assert "21 to 30 of 64" in text_of(page)
    assert "7 to 12 of 64" in text_of(page)
    page = await saved(scene, page, ask_at="10:00")
    assert "21 to 30 of 64" in text_of(page)
    page = await press(scene, "priya", page, f"{TURN}:projects:previous")
    assert "11 to 20 of 64" in text_of(page)
    assert "7 to 12 of 64" in text_of(page)

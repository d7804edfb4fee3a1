"""App Home over the wire: everybody's own page, and the PMO's with its buttons."""

from datetime import UTC, datetime, timedelta

import pytest

from message_templates import kit
from message_templates.collecting.request import UPDATE
from message_templates.home.state import BOT, TAB, TURN
from message_templates.notices import old_button
from sandbox.inputs import interactive_elements
from sandbox.workspace import View
from tests.support.home import elements, opened, press, renewed, text_of
from tests.support.scene import Scene, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

DIGEST = datetime(2026, 11, 23, 13, tzinfo=UTC)


async def health_page(scene: Scene, name: str) -> View:
    """The PMO's page about what hinders the bot."""
    return await press(scene, name, await opened(scene, name), f"{TURN}:{TAB}:{BOT}")


def update_button(view: View) -> tuple[str, str]:
    """The action and the block of the one button that opens a form."""
    (found,) = (
        (element["action_id"], block["block_id"])
        for block in view.blocks
        for element in interactive_elements(block)
        if element["action_id"] == UPDATE
    )
    return found


def let_in(scene: Scene, *, is_in: bool) -> None:
    """Put the bot into every channel that it posts to, or take it out of the first council's."""
    bot, dana = scene.sandbox.workspace.bot_user_id, scene.id("dana")
    for name in ("its-council", "sts-council", "pmo-office"):
        channel = scene.sandbox.workspace.channel_named(name)
        assert channel is not None
        channel.members = [dana, bot] if is_in or name != "its-council" else [dana]


async def test_a_pm_finds_what_is_wanted_the_hours_and_no_health_page(shared_scene: Scene) -> None:
    text = text_of(await opened(shared_scene, "priya"))
    assert "Hello Priya" in text
    assert "PM of APOLLO, BOREAS, CERES, FALCON" in text
    assert "Your report is wanted before Fri 20 Nov 15:00" in text
    assert "I ask you next on Wed 25 Nov 09:00, for ITS Council and STS Council" in text
    assert "Your time zone is America/New_York: it was Wed 18 Nov 09:00 for you" in text
    assert "Health of the bot" not in text
    assert "Wanted from you (3)" in text  # one is answered


async def test_its_button_opens_the_form(shared_scene: Scene) -> None:
    view = await opened(shared_scene, "simon")
    await shared_scene.sandbox.acting.press_in_view(
        shared_scene.id("simon"), view.id, *update_button(view)
    )
    form = await shared_scene.view("simon", "status_form")
    assert form.payload["title"]["text"] == "Status DELTA"
    await shared_scene.sandbox.acting.close_view(shared_scene.id("simon"), form.id)


async def test_people_of_a_council_find_their_roles(shared_scene: Scene) -> None:
    assert "chair of ITS Council" in text_of(await opened(shared_scene, "carol"))
    assert "member of ITS Council" in text_of(await opened(shared_scene, "omar"))


@pytest.mark.parametrize("name", ["erik", "gus", "ben", "nadia"])
async def test_a_restricted_project_is_on_no_page_of_an_outsider(
    shared_scene: Scene, name: str
) -> None:
    text = text_of(await opened(shared_scene, name))
    assert "FALCON" not in text
    assert "Health of the bot" not in text


async def test_a_guest_is_told_the_polite_minimum(shared_scene: Scene) -> None:
    view = await opened(shared_scene, "gus")
    assert "You are a guest here" in text_of(view)
    assert elements(view) == []


async def test_opening_it_asks_slack_nothing_but_to_show_it(shared_scene: Scene) -> None:
    await opened(shared_scene, "dana")
    before = dict(shared_scene.sandbox.calls.counts)
    await opened(shared_scene, "dana")
    counts = shared_scene.sandbox.calls.counts
    assert {
        name: count - before.get(name, 0)
        for name, count in counts.items()
        if count != before.get(name, 0)
    } == {"views.publish": 1}


async def test_the_messages_tab_publishes_nothing(shared_scene: Scene) -> None:
    before = shared_scene.sandbox.calls.counts["views.publish"]
    await shared_scene.sandbox.acting.open_dm(shared_scene.id("dana"))
    await shared_scene.sandbox.delivery.drain()
    assert shared_scene.sandbox.calls.counts["views.publish"] == before


async def test_the_pmo_finds_nothing_wrong_only_after_slack_was_asked(shared_scene: Scene) -> None:
    let_in(shared_scene, is_in=True)
    view = await opened(shared_scene, "dana")
    assert "one of the PMO" in text_of(view)
    view = await health_page(shared_scene, "dana")
    view = await press(shared_scene, "dana", view, "health_check")
    assert "Nothing found: I can do my work." in text_of(view)
    assert "14 scopes" in text_of(view)
    assert "3 channels" in text_of(view)


async def test_the_pmo_finds_a_channel_that_the_bot_was_removed_from(shared_scene: Scene) -> None:
    let_in(shared_scene, is_in=False)
    view = await health_page(shared_scene, "dana")
    view = await press(shared_scene, "dana", view, "health_check")
    assert "Problem · #its-council" in text_of(view)
    assert "/invite @pmobot" in text_of(view)


async def test_what_was_not_delivered_is_tried_again_once_it_is_mended(shared_scene: Scene) -> None:
    let_in(shared_scene, is_in=False)
    await shared_scene.at(DIGEST - timedelta(days=2))
    await shared_scene.at(DIGEST)
    view = await health_page(shared_scene, "dana")
    assert "Not delivered (" in text_of(view)
    (retry,) = (each for each in elements(view) if each["action_id"] == "health_retry")
    let_in(shared_scene, is_in=True)
    view = await press(shared_scene, "dana", view, "health_retry", retry["value"])
    assert "Not delivered (" not in text_of(view)
    await shared_scene.settle()
    assert len(shared_scene.heads("its-council")) == 1


async def test_who_is_not_of_the_pmo_any_more_can_press_nothing(shared_scene: Scene) -> None:
    scene = shared_scene
    view = await health_page(scene, "dana")
    dana = scene.sandbox.workspace.users[scene.id("dana")]
    dana.is_restricted = True
    await scene.core.services.people.refresh_all()
    checked = scene.sandbox.calls.counts["users.list"]
    (block,) = (
        block
        for block in view.blocks
        for element in interactive_elements(block)
        if element["action_id"] == "health_check"
    )
    await scene.sandbox.acting.press_in_view(
        scene.id("dana"), view.id, "health_check", block["block_id"]
    )
    await scene.until(lambda: scene.sandbox.workspace.top_view(dana.id) is not None, "a refusal")
    told = scene.sandbox.workspace.top_view(dana.id)
    assert told is not None
    assert "Only the PMO can do that" in words(told.blocks)
    await scene.sandbox.acting.close_view(dana.id, told.id)
    assert scene.sandbox.calls.counts["users.list"] == checked
    assert "Health of the bot" not in text_of(await opened(scene, "dana"))


async def test_a_button_of_an_older_version_is_answered_too(shared_scene: Scene) -> None:
    scene = shared_scene
    old = kit.home([kit.actions(kit.button("Old", "of_an_older_version"))])
    view = scene.sandbox.acting.viewing.publish(scene.id("omar"), old)
    await scene.sandbox.acting.press_in_view(scene.id("omar"), view.id, "of_an_older_version")
    omar = scene.id("omar")
    await scene.until(lambda: scene.sandbox.workspace.top_view(omar) is not None, "an answer")
    told = scene.sandbox.workspace.top_view(omar)
    assert told is not None
    assert words(told.blocks) == old_button().text


async def test_an_answer_from_the_page_is_no_longer_wanted_there(shared_scene: Scene) -> None:
    view = await opened(shared_scene, "simon")
    await shared_scene.sandbox.acting.press_in_view(
        shared_scene.id("simon"), view.id, *update_button(view)
    )
    form = await shared_scene.view("simon", "status_form")
    answers: dict[str, str | None] = {"health": "Green", "done": "Built it.", "next": "Test it."}
    assert (await shared_scene.send("simon", form, answers)).ok
    page = await renewed(shared_scene, "simon", view.hash)
    assert UPDATE not in {each["action_id"] for each in elements(page)}
    assert "Nothing is wanted from you now." in text_of(page)


async def test_nothing_that_was_shown_was_refused(shared_scene: Scene) -> None:
    refused = [each for each in shared_scene.sandbox.calls.refusals if "views" in str(each)]
    assert refused == []

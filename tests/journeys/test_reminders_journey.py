"""Reminders, escalation and leave, over the wire: what people get, and what they do not get."""

import asyncio
from datetime import UTC, datetime, timedelta

from sandbox.workspace import Message
from tests.support.scene import Scene, buttons, words

GREEN = {"health": "Green", "done": "Tested the portal", "next": "Go live"}
ASKED = datetime(2026, 11, 18, 14, tzinfo=UTC)
"""Nine o'clock in New York on the first ask day, a Wednesday; the cut-off is on Friday at three."""
REMINDED = datetime(2026, 11, 20, 13, tzinfo=UTC)
"""80 % of the window is at four in the morning: at eight, by day."""
CUT_OFF = datetime(2026, 11, 20, 20, tzinfo=UTC)
WEEK = timedelta(days=7)


def of(messages: list[Message], part: str) -> list[str]:
    """The texts of those messages that have a part."""
    return [text for each in messages if part in (text := words(each.blocks))]


async def is_known_to_be_away(scene: Scene, name: str) -> None:
    """Wait until the bot has taken in what Slack told of somebody."""
    services = scene.core.services
    viewer = await services.people.viewer(scene.id(name))
    assert viewer is not None
    for _turn in range(500):
        if (await services.leave.standing(viewer, scene.clock.now())).away:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"nobody heard that {name} is away")


async def test_one_reminder_tells_what_is_open_and_its_button_answers(any_scene: Scene) -> None:
    scene = any_scene
    await scene.at(ASKED)
    await scene.report("priya", "APOLLO", **GREEN)
    await scene.at(REMINDED - timedelta(minutes=1))
    assert len(scene.dm("priya")) == 1
    await scene.at(REMINDED)
    _request, reminder = scene.dm("priya")
    text = words(reminder.blocks)
    assert "3 projects still wait for your status." in text
    assert "APOLLO" not in text
    assert text.index("*BOREAS*") < text.index("*CERES*") < text.index("*FALCON*")
    assert set(buttons(reminder)) == {"Update"}  # nothing was reported yet that could hold on
    assert "(America/New_York)" in reminder.text
    await scene.report("priya", "BOREAS", **GREEN)
    assert "2 projects still wait" in words(scene.dm("priya")[1].blocks)
    for hours in range(1, 7):
        await scene.at(REMINDED + timedelta(hours=hours))
    assert len(scene.dm("priya")) == 2
    for code in ("CERES", "FALCON"):
        await scene.report("priya", code, **GREEN)
    assert "Nothing of this waits for your answer" in words(scene.dm("priya")[1].blocks)


async def test_who_has_answered_hears_nothing_more(scene: Scene) -> None:
    await scene.at(ASKED)
    await scene.report("simon", "DELTA", **GREEN)
    await scene.at(REMINDED + timedelta(hours=2))
    await scene.at(CUT_OFF)
    assert len(scene.dm("simon")) == 1


async def test_misses_in_a_row_go_to_the_pmo_where_no_sponsor_is_named(scene: Scene) -> None:
    for week in (0, 1):
        await scene.at(ASKED + week * WEEK)
        await scene.at(CUT_OFF + week * WEEK)
    office = of(scene.heads("pmo-office"), "missed several reports in a row")
    assert len(office) == 2  # one for each council
    assert "APOLLO" in office[0]
    assert "no sponsor is named" in office[0]
    assert all("FALCON" not in each for each in office)  # restricted: not in a channel
    assert any("FALCON" in words(each.blocks) for each in scene.dm("dana"))


async def test_a_slack_status_of_vacation_hands_what_was_asked_to_the_deputy(
    scene: Scene,
) -> None:
    await scene.at(ASKED)
    user = scene.sandbox.workspace.users[scene.id("priya")]
    user.status_emoji = ":palm_tree:"
    user.status_expiration = int(datetime(2026, 12, 5, 4, 59, tzinfo=UTC).timestamp())
    scene.sandbox.acting.user_changed(user)
    await scene.sandbox.delivery.drain()
    await is_known_to_be_away(scene, "priya")
    await scene.at(ASKED + timedelta(hours=1))
    (request,) = scene.dm("ben")
    assert "APOLLO" in words(request.blocks)
    assert "on leave until 4 Dec" in words(scene.dm("priya")[0].blocks)
    await scene.at(REMINDED)
    assert len(scene.dm("ben")) == 2
    assert len(scene.dm("priya")) == 1  # nobody on leave is reminded


async def test_leave_by_the_command_is_told_called_off_and_planned_with(scene: Scene) -> None:
    _result, (told,) = await scene.command("priya", "away 2026-11-18..2026-11-27")
    assert "Coming: Wed 18 Nov 2026 to Fri 27 Nov 2026" in words(told.blocks)
    assert "I ask of your deputies instead: Ben (APOLLO)" in words(told.blocks)
    _result, (told,) = await scene.command("priya", "away 2026-11-18..2026-11-20")
    assert "This replaces what you had said before" in words(told.blocks)
    await scene.at(ASKED)
    assert "APOLLO" in words(scene.dm("ben")[0].blocks)


async def test_back_alone_calls_off_a_leave_to_come(scene: Scene) -> None:
    await scene.command("priya", "away 2026-11-30..2026-12-04")
    _result, (told,) = await scene.command("priya", "back")
    assert "Called off: Mon 30 Nov 2026 to Fri 4 Dec 2026." in words(told.blocks)

"""Following over the wire: pressed under a report, typed, told, and ended on App Home."""

from datetime import UTC, datetime, timedelta
from typing import Any

from message_templates.home.personal import SETTINGS
from message_templates.portfolio.following import UNFOLLOW
from message_templates.project_actions import FOLLOW
from sandbox.inputs import interactive_elements
from sandbox.workspace import Message
from tests.support.home import opened, press, renewed, text_of
from tests.support.scene import Scene, words

RED: dict[str, str | None] = {
    "health": "Red",
    "why": "The buyer has withdrawn",
    "done": "Tested it",
    "next": "Go live",
    "path_to_green": "Find another one by May",
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 in UTC; Berlin is an hour ahead."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def test_a_project_is_followed_from_the_thread_told_of_and_left_on_app_home(
    scene: Scene,
) -> None:
    await scene.at(at(18, 14))
    await scene.report("priya", "APOLLO", **RED)
    await scene.at(at(20, 20))
    await scene.at(at(23, 13))
    await a_press_in_the_thread_follows_and_a_second_one_offers_to_stop(scene)
    await words_follow_what_one_may_see_and_refuse_the_rest_politely(scene)
    await a_change_is_told_at_once_to_who_wants_that(scene)
    await a_week_is_told_on_monday_at_nine_where_its_reader_is(scene)
    await what_is_left_on_app_home_is_told_no_more(scene)
    assert scene.sandbox.calls.refusals == []


async def pressed(scene: Scene, name: str, message: Message, action_id: str) -> list[Message]:
    """Press a button of a message; what only that person sees of its conversation then."""
    (block, element) = next(
        (block, element)
        for block in message.blocks
        for element in interactive_elements(block)
        if element["action_id"] == action_id
    )
    user, seen = scene.id(name), _private(scene, name, message)
    result = await scene.sandbox.acting.press(
        user, message.channel, message.ts, action_id, block["block_id"], element.get("value")
    )
    assert result.ok, result

    def is_answered() -> bool:
        return _private(scene, name, message) != seen

    await scene.until(is_answered, f"an answer to {action_id}")
    return [each for each, _text in _private(scene, name, message)]


def _private(scene: Scene, name: str, message: Message) -> list[tuple[Message, str]]:
    user = scene.id(name)
    found = scene.sandbox.workspace.messages_in(message.channel, viewer=user)
    return [(each, words(each.blocks)) for each in found if each.ephemeral_to == user]


async def a_press_in_the_thread_follows_and_a_second_one_offers_to_stop(scene: Scene) -> None:
    (report,) = [each for each in scene.replies("its-council") if "APOLLO" in words(each.blocks)]
    (first,) = await pressed(scene, "erik", report, FOLLOW)
    assert "You follow APOLLO Student Portal now. I tell you of it once a week" in said(first)
    assert first.thread_ts == report.thread_ts
    _first, second = await pressed(scene, "erik", report, FOLLOW)
    assert "You follow APOLLO Student Portal already." in said(second)
    stopped = (await pressed(scene, "erik", second, UNFOLLOW))[-1]
    assert "You follow APOLLO Student Portal no more." in said(stopped)


async def words_follow_what_one_may_see_and_refuse_the_rest_politely(scene: Scene) -> None:
    assert "You follow no project yet." in await typed(scene, "erik", "following")
    assert "You follow APOLLO Student Portal now." in await typed(scene, "erik", "follow apollo")
    assert "You follow CERES" in await typed(scene, "erik", "follow CERES")
    assert "There is no project 'FALCON'." in await typed(scene, "erik", "follow FALCON")
    assert "Guests can follow only" in await typed(scene, "gus", "follow APOLLO")
    assert "You do not follow DELTA" in await typed(scene, "erik", "unfollow DELTA")
    listed = await typed(scene, "erik", "following")
    assert "Projects that you follow" in listed
    assert ["APOLLO" in listed, "CERES" in listed, "DELTA" in listed] == [True, True, False]


async def typed(scene: Scene, name: str, text: str) -> str:
    _result, messages = await scene.command(name, text)
    return "\n".join(words(each.blocks) for each in messages)


def said(message: Message) -> str:
    return words(message.blocks).replace("*", "")


async def a_change_is_told_at_once_to_who_wants_that(scene: Scene) -> None:
    page = await opened(scene, "omar")
    (block,) = [
        each
        for each in page.blocks
        for element in interactive_elements(each)
        if element["action_id"] == SETTINGS
    ]
    await scene.sandbox.acting.press_in_view(scene.id("omar"), page.id, SETTINGS, block["block_id"])
    form = await scene.view("omar", "own_settings")
    values: dict[str, Any] = {"followed": "at_once"}
    result = await scene.sandbox.acting.submit_view(scene.id("omar"), form.id, values)
    assert result.ok, result
    page = await renewed(scene, "omar", page.hash)
    assert "Of what you follow I tell you when a health changes." in text_of(page)
    assert "I tell you when its health changes." in await typed(scene, "omar", "follow APOLLO")
    await scene.settle()
    before = len(scene.dm("omar"))
    yellow = {**RED, "health": "Yellow", "path_to_green": None}
    await scene.report("priya", "APOLLO", **yellow)
    await scene.at(scene.clock.now() + timedelta(minutes=9))
    assert len(scene.dm("omar")) == before
    await scene.at(scene.clock.now() + timedelta(minutes=2))
    (news,) = scene.dm("omar")[before:]
    assert "The health of a project that you follow has changed." in words(news.blocks)
    assert "APOLLO Student Portal · 🟥 Red → 🔶 Yellow" in words(news.blocks)


async def a_week_is_told_on_monday_at_nine_where_its_reader_is(scene: Scene) -> None:
    before = len(scene.dm("erik"))
    await scene.at(at(30, 8))
    (week,) = scene.dm("erik")[before:]
    assert "What you follow · week of 30 Nov 2026" in words(week.blocks)
    assert "APOLLO Student Portal" in words(week.blocks)


async def what_is_left_on_app_home_is_told_no_more(scene: Scene) -> None:
    page = await opened(scene, "erik")
    assert "Projects that you follow (2)" in text_of(page)
    for code in ("APOLLO", "CERES"):
        (value,) = [
            element["value"]
            for block in page.blocks
            if words(block).startswith(f"*{code}*")
            for element in interactive_elements(block)
            if element["action_id"] == UNFOLLOW
        ]
        page = await press(scene, "erik", page, UNFOLLOW, value)
    assert "Projects that you follow" not in text_of(page)
    assert "You follow no project yet." in await typed(scene, "erik", "following")

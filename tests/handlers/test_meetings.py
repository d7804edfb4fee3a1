"""Meetings over the wire: asked for, planned, refused at the field, cancelled, posted."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlmodel import col

from domain.calendar.rules import at_wall
from message_templates.meetings.attendance_window import (
    ALTERNATE_CALLBACK,
    APOLOGY_CALLBACK,
    MARK_CALLBACK,
)
from message_templates.meetings.window import CALLBACK, CANCEL_CALLBACK
from models.meetings import Meeting
from sandbox.workspace import Message
from tests.support.home import opened, press, text_of
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


def files(scene: Scene) -> list[Message]:
    return [each for each in scene.heads("its-council") if "as a calendar file" in each.text]


async def posted(scene: Scene, text: str) -> Message:
    for _turn in range(100):
        await scene.settle()
        if files(scene) and text in words(files(scene)[-1].blocks):
            break
    (message,) = files(scene)
    assert text in words(message.blocks)
    return message


async def test_the_chair_plans_changes_posts_and_cancels_a_meeting(shared_scene: Scene) -> None:
    carol = Lists(shared_scene, "carol")
    await one_is_planned_once_its_fields_are_mended(shared_scene, carol)
    await its_calendar_is_posted_and_follows_a_change(shared_scene, carol)
    await it_is_cancelled_and_takes_place_after_all(shared_scene, carol)


async def one_is_planned_once_its_fields_are_mended(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting next")
    assert "No meeting is planned" in words(answer.blocks)
    assert "Post calendar" not in buttons(answer)
    await carol.press(answer, "Plan an extra meeting")
    view = await scene.view("carol", CALLBACK)
    refused = await carol.send(view, minutes="an hour")
    assert refused.errors == {"minutes": "Write the length in minutes, from 5 to 1,440."}
    day = (scene.clock.now() + timedelta(days=9)).date().isoformat()
    told = await carol.save(view, minutes="45", title="Budget", day=day)
    assert "Saved." in told
    assert "Budget" in told


async def its_calendar_is_posted_and_follows_a_change(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting list ITS")
    assert "45 minutes, extra: Budget" in words(answer.blocks)
    await carol.press(answer, "Post calendar")
    message = await posted(scene, "Budget, 45 minutes")
    assert "|ITS Council meetings>" in message.text
    await carol.press(answer, "Change")
    view = await scene.view("carol", CALLBACK)
    assert "Saved." in await carol.save(view, title="Money")
    assert (await posted(scene, "Money, 45 minutes")).ts == message.ts


async def it_is_cancelled_and_takes_place_after_all(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("meeting list ITS")
    await carol.press(answer, "Cancel it")
    view = await scene.view("carol", CANCEL_CALLBACK)
    assert "Cancelled." in await carol.save(view, reason="No quorum")
    (answer,) = await carol.ask("meeting list its")
    assert "*cancelled*: No quorum" in words(answer.blocks)
    before = len(scene.dm("carol"))
    await carol.press(answer, "Let it take place")
    await scene.until(lambda: len(scene.dm("carol")) > before, "a confirmation")
    assert "Money" in words(scene.dm("carol")[-1].blocks)
    await posted(scene, "Money, 45 minutes")


async def test_others_read_when_a_council_meets_and_are_told_what_they_cannot_do(
    shared_scene: Scene,
) -> None:
    erik = Lists(shared_scene, "erik")
    (answer,) = await erik.ask("meeting")
    assert buttons(answer) == []
    assert "ITS Council" in words(answer.blocks)
    assert "Only members of a council" in await erik.read("meeting calendar")
    assert "I don't know “soon” here" in await erik.read("meeting soon")
    assert "I know no council 'ABC'" in await erik.read("meeting list ABC 2")


async def test_an_address_is_made_anew_and_taken_back_by_its_buttons(shared_scene: Scene) -> None:
    omar = Lists(shared_scene, "omar")
    (answer,) = await omar.ask("meeting calendar")
    assert "PMOBOT_PUBLIC_URL" in words(answer.blocks)


async def test_members_say_whether_they_come_and_who_comes_instead(shared_scene: Scene) -> None:
    carol, omar = Lists(shared_scene, "carol"), Lists(shared_scene, "omar")
    starts_at = await a_meeting_is_called(shared_scene, carol)
    await one_comes_and_changes_their_mind(shared_scene, omar)
    await an_alternate_is_sent_and_declines(shared_scene, omar)
    await the_chair_is_warned_and_others_are_reminded(shared_scene, carol, starts_at)
    await people_come_and_are_marked(shared_scene, carol, omar, starts_at)


async def a_meeting_is_called(scene: Scene, carol: Lists) -> datetime:
    (answer,) = await carol.ask("meeting next ITS")
    await carol.press(answer, "Plan an extra meeting")
    view = await scene.view("carol", CALLBACK)
    day = scene.clock.now().date() + timedelta(days=1)
    assert "Saved." in await carol.save(view, title="Attendance", day=day.isoformat(), at="12:00")
    await scene.settle()
    assert "0 votes coming, 2 needed" in words(called(scene).blocks)
    return at_wall(day, time(12), ZoneInfo("America/New_York"))


def called(scene: Scene) -> Message:
    """The call to the meeting, in the council's channel."""
    return next(each for each in scene.heads("its-council") if "I'll be there" in buttons(each))


async def told(scene: Scene, name: str, text: str) -> Message:
    """What somebody has been told, once it is there."""

    def found() -> list[Message]:
        return [each for each in scene.dm(name) if text in words(each.blocks)]

    await scene.settle()
    await scene.until(lambda: bool(found()), text)
    return found()[-1]


async def one_comes_and_changes_their_mind(scene: Scene, omar: Lists) -> None:
    (answer,) = await omar.ask("meeting next ITS")
    assert "Do you come?" in words(answer.blocks)
    await omar.press(answer, "I'll be there", "I'll be late")
    await told(scene, "omar", "Noted: I'll be there.")
    assert "Coming: Omar" in words(called(scene).blocks)
    page = await opened(scene, "omar")
    assert "Your next meetings" in text_of(page)
    page = await press(scene, "omar", page, "meeting_rsvp:late")
    assert "You have said: *I'll be late*" in text_of(page)
    await omar.press(called(scene), "Can't come")
    view = await scene.view("omar", APOLOGY_CALLBACK)
    assert "Noted: Can't come." in await omar.save(view, reason="At the dentist")
    erik = Lists(scene, "erik")
    await erik.press(called(scene), "I'll be there")
    await scene.until(lambda: bool(only_for(scene, "erik")), "a reason")
    (refused,) = only_for(scene, "erik")
    assert "You have no seat on this council" in words(refused.blocks)


def only_for(scene: Scene, name: str) -> list[Message]:
    """What one person alone reads in the council's channel."""
    place = scene.sandbox.workspace.channel_named("its-council")
    assert place is not None
    read = scene.sandbox.workspace.messages_in(place.id, viewer=scene.id(name))
    return [each for each in read if each.ephemeral_to]


async def an_alternate_is_sent_and_declines(scene: Scene, omar: Lists) -> None:
    await omar.press(called(scene), "Send an alternate")
    view = await scene.view("omar", ALTERNATE_CALLBACK)
    refused = await omar.send(view, alternate=scene.id("carol"))
    assert "has a vote of their own" in str(refused.errors)
    assert "Noted: Priya" in await omar.save(view, alternate=scene.id("priya"))
    asked = await told(scene, "priya", "has named you")
    await Lists(scene, "priya").press(asked, "I can't come")
    assert "Send an alternate" in buttons(await told(scene, "omar", "can't come in your place"))


async def the_chair_is_warned_and_others_are_reminded(
    scene: Scene, carol: Lists, starts_at: datetime
) -> None:
    await scene.at(starts_at - timedelta(hours=22))
    await told(scene, "carol", "The quorum is at risk")
    boards = await carol.ask("meeting attendance ITS")
    board = next(each for each in boards if "Not said yet: Carol" in words(each.blocks))
    await carol.press(board, "Remind those who have not said")
    await told(scene, "carol", "There is nobody to remind")


async def people_come_and_are_marked(
    scene: Scene, carol: Lists, omar: Lists, starts_at: datetime
) -> None:
    await scene.at(starts_at)
    async with scene.core.database.writing() as session:
        await session.exec(
            update(Meeting).where(col(Meeting.starts_at) == starts_at).values(started_at=starts_at)
        )
    (board,) = await omar.ask("meeting attendance ITS")
    await omar.press(board, "I'm here")
    await told(scene, "omar", "You are here")
    await omar.press(board, "I have to leave")
    await told(scene, "omar", "If you come back")
    (board,) = await carol.ask("meeting attendance ITS")
    await carol.press(board, "Who is here")
    view = await scene.view("carol", MARK_CALLBACK)
    assert "here, 2 needed" in await carol.save(view)


async def test_the_pack_is_opened_sent_and_sent_no_more(shared_scene: Scene) -> None:
    carol, omar = Lists(shared_scene, "carol"), Lists(shared_scene, "omar")
    call = await one_more_is_called(shared_scene, carol)
    document = ".docx|Pack of ITS Council"
    assert document in last_reply(shared_scene, call)
    await omar.press(call, "Open the pack")
    await read_alone(shared_scene, "omar", "to read before")
    assert "Frozen papers: to read before" in await omar.read("meeting pack ITS")
    assert "There is no part 9" in await omar.read("meeting pack ITS 9")
    await omar.press(call, "Send it to me too")
    await read_alone(shared_scene, "omar", "It is on its way to you")
    copy = await told(shared_scene, "omar", "Don't send me packs")
    assert document in copy.text
    await omar.press(copy, "I have read it")
    await told(shared_scene, "omar", "Noted: you have read it.")
    await omar.press(copy, "Don't send me packs")
    await told(shared_scene, "omar", "No further packs of ITS Council")


async def one_more_is_called(scene: Scene, carol: Lists) -> Message:
    (answer,) = await carol.ask("meeting next ITS")
    await carol.press(answer, "Plan an extra meeting")
    view = await scene.view("carol", CALLBACK)
    day = scene.clock.now().date() + timedelta(days=2)
    title = "Frozen papers"
    assert "Saved." in await carol.save(view, title=title, day=day.isoformat(), at="12:00")
    await scene.settle()
    calls = [each for each in scene.heads("its-council") if "Open the pack" in buttons(each)]
    assert title in words(calls[-1].blocks)
    return calls[-1]


def last_reply(scene: Scene, head: Message) -> str:
    """The text of the newest reply under a message."""
    replies = [each for each in scene.replies("its-council") if each.thread_ts == head.ts]
    return replies[-1].text if replies else ""


async def read_alone(scene: Scene, name: str, text: str) -> None:
    def is_there() -> bool:
        return any(text in words(each.blocks) for each in only_for(scene, name))

    await scene.until(is_there, text)

"""Minutes over the wire: drafted, edited by pages, posted with files, objected to, corrected."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from message_templates.meetings.minutes_window import (
    ADD_CALLBACK,
    ANSWER_CALLBACK,
    CALLBACK,
    OBJECT_CALLBACK,
    PAGE,
)
from models.enums import ItemState, MinutesState, Purpose
from models.meetings import AgendaItem, Meeting
from models.meetings.minutes import versions_of
from models.portfolio import Council
from sandbox.workspace import Message, View
from tests.support.lists import Lists
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_minutes_come_from_the_record_to_the_channel_and_are_locked(
    shared_scene: Scene,
) -> None:
    scene, carol, omar = shared_scene, Lists(shared_scene, "carol"), Lists(shared_scene, "omar")
    meeting_id = await a_meeting_has_been_closed(scene)
    draft = await shown(scene, "carol", "Drafted from the record")
    assert buttons(draft) == ["Edit", "Post", "Draft again"]
    assert "There are no minutes" in await omar.read("minutes")
    assert "'2x' is not a date" in await omar.read("minutes ITS 2x")
    assert "'2026-13-45' is not a date" in await omar.read("minutes ITS 2026-13-45")
    await it_is_edited_page_by_page(scene, carol, draft)
    await it_is_posted_with_its_files(scene, carol)
    await it_is_objected_to_and_answered(scene, carol, omar)
    await it_is_approved_and_corrected(scene, carol, meeting_id)


async def shown(scene: Scene, name: str, text: str) -> Message:
    """The newest direct message of somebody with a text."""

    def found() -> list[Message]:
        return [each for each in scene.dm(name) if text in words(each.blocks)]

    await scene.settle()
    await scene.until(lambda: bool(found()), text)
    return found()[-1]


async def posted(scene: Scene, text: str) -> Message:
    def found() -> list[Message]:
        heads = scene.heads("its-council")
        return [each for each in heads if each.text.startswith("Minutes of ITS Council")]

    for _turn in range(100):
        await scene.settle()
        if found() and text in words(found()[-1].blocks):
            break
    (message,) = found()
    assert text in words(message.blocks)
    return message


async def a_meeting_has_been_closed(scene: Scene) -> int:
    """An extra meeting with twelve items, which ended just now."""
    now = scene.clock.now()
    async with scene.core.database.writing() as session:
        council = (await session.exec(select(Council).order_by(col(Council.id)))).all()[0]
        own: dict[str, Any] = {"workspace_id": council.workspace_id, "council_id": council.pk}
        kinds: list[dict[str, Any]] = [{"starts_at": now - timedelta(hours=1)}]
        kinds.append({"starts_at": now + timedelta(days=6)})
        meetings = [
            Meeting(
                **own,
                **each,
                occurrence=f"extra:{90 + number}",
                minutes=60,
                timezone="America/New_York",
                uid=f"{number}@pmobot",
                changed_at=now,
            )
            for number, each in enumerate(kinds)
        ]
        over, _next = meetings
        over.started_at, over.ended_at, over.next_at = over.starts_at, now, now
        session.add_all(meetings)
        await session.flush()
        session.add_all(
            AgendaItem(
                **own,
                meeting_id=over.pk,
                position=number,
                purpose=Purpose.DISCUSS,
                title=f"Topic {number + 1}",
                state=ItemState.DONE,
                added_at=now,
            )
            for number in range(12)
        )
    await scene.settle()
    return over.pk


async def it_is_edited_page_by_page(scene: Scene, carol: Lists, draft: Message) -> None:
    await carol.press(draft, "Edit")
    view = await scene.view("carol", CALLBACK)
    (first, *others) = fields(view, "note:")
    assert len(others) == 9
    turned = await scene.sandbox.acting.press_in_view(
        scene.id("carol"), view.id, PAGE, PAGE, "1", {"summary": "We met.", first: "Said on one."}
    )
    assert turned.ok
    await scene.until(lambda: "saved as version 2" in carol.shown(), "the second page")
    second = await scene.view("carol", CALLBACK)
    _eleven, twelve = fields(second, "note:")
    assert "Version 3 is saved." in await carol.save(second, **{twelve: "Said on twelve."})
    draft = await shown(scene, "carol", "Said on twelve.")
    assert "We met." in words(draft.blocks)


def fields(view: View, prefix: str) -> list[str]:
    named = [str(each.get("block_id")) for each in view.blocks]
    return [each for each in named if each.startswith(prefix)]


async def it_is_posted_with_its_files(scene: Scene, carol: Lists) -> None:
    draft = await shown(scene, "carol", "Drafted from the record")
    await carol.press(draft, "Post")
    message = await posted(scene, "We met.")
    await scene.until(
        lambda: any("minutes" in each.text and "(PDF)" in each.text for each in thread(scene)),
        "the files",
    )
    (full,) = [each for each in thread(scene) if "(PDF)" in each.text]
    assert full.thread_ts == message.ts
    assert "(Word)>" in full.text
    assert "Said on one." in words(full.blocks)
    assert "The minutes are posted" in words((await shown(scene, "carol", "are posted:")).blocks)


def thread(scene: Scene) -> list[Message]:
    return scene.replies("its-council")


async def it_is_objected_to_and_answered(scene: Scene, carol: Lists, omar: Lists) -> None:
    message = await posted(scene, "Members can object until")
    await omar.press(message, "Object")
    view = await scene.view("omar", OBJECT_CALLBACK)
    assert "Your objection is kept" in await omar.save(view, text="I said no.")
    raised = await shown(scene, "carol", "Omar objects to the minutes")
    await carol.press(raised, "Answer")
    view = await scene.view("carol", ANSWER_CALLBACK)
    assert "Your answer is kept, and Omar" in await carol.save(view, text="Noted.")
    assert "Noted." in words((await shown(scene, "omar", "answered your objection")).blocks)
    await posted(scene, "1 objection, 0 without an answer")
    erik = Lists(scene, "erik")
    await erik.press(message, "Object")
    workspace, own = scene.sandbox.workspace, scene.id("erik")
    await scene.until(
        lambda: any(
            "Only those who were invited" in words(each.blocks)
            for each in workspace.messages_in(message.channel, viewer=own)
        ),
        "a refusal",
    )


async def it_is_approved_and_corrected(scene: Scene, carol: Lists, meeting_id: int) -> None:
    async with scene.core.database.writing() as session:
        newest = (await versions_of(session, meeting_id))[0]
        following = await session.exec(select(Meeting).where(Meeting.occurrence == "extra:91"))
        newest.state, newest.approved_in_id = MinutesState.APPROVED, following.one().pk
    day = scene.clock.now().date().isoformat()
    (answer, *_rest) = await carol.ask(f"minutes its {day}")
    await carol.press(answer, "Add a correction")
    view = await scene.view("carol", ADD_CALLBACK)
    assert "The correction stands below" in await carol.save(view, text="It was 3 to 1.")
    await posted(scene, "corrected")
    corrections = [each for each in thread(scene) if "A correction" in each.text]
    assert "It was 3 to 1." in words(corrections[0].blocks)
    omar = Lists(scene, "omar")
    (listed,) = await omar.ask("minutes")
    await omar.press(listed, "Read")
    read = await shown(scene, "omar", "Said on twelve.")
    await omar.press(read, "Send me the files")
    await shown(scene, "omar", "on their way to you")
    await scene.until(lambda: any("(PDF)" in each.text for each in scene.dm("omar")), "files")

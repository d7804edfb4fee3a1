"""Agendas over the wire: built, added to, ordered, put off, and what comes late."""

from datetime import timedelta

import pytest

from message_templates.meetings.agenda_window import CALLBACK
from message_templates.meetings.window import CALLBACK as PLANNING
from sandbox.inputs import interactive_elements
from sandbox.workspace import Message
from tests.support.lists import Lists
from tests.support.scene import Scene, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def plan(carol: Lists, days: int) -> None:
    """Let the chair plan a meeting so many days from now."""
    (answer,) = await carol.ask("meeting list ITS")
    await carol.press(answer, "Plan an extra meeting")
    view = await carol.scene.view("carol", PLANNING)
    day = (carol.scene.clock.now() + timedelta(days=days)).date().isoformat()
    assert "Saved." in await carol.save(view, day=day, at="15:00", minutes="60")


async def choose(person: Lists, message: Message, beside: str, label: str) -> None:
    """Choose from the menu beside an item, or press the button there."""
    (block,) = [each for each in message.blocks if beside in words(each) and "accessory" in each]
    (element,) = interactive_elements(block)
    options = [each["value"] for each in element.get("options", []) if words(each) == label]
    assert options or words(element) == label
    pressed = await person.scene.sandbox.acting.press(
        person.scene.id(person.name),
        message.channel,
        message.ts,
        element["action_id"],
        block["block_id"],
        options[0] if options else None,
    )
    assert pressed.ok, pressed


async def shows(person: Lists, text: str, in_place_of: Message | None = None) -> Message:
    """The newest message that says something, once there is one; or what took another's place."""

    def found() -> list[Message]:
        return [
            each
            for each in person.scene.dm(person.name)
            if text in words(each.blocks) and (in_place_of is None or each.ts == in_place_of.ts)
        ]

    await person.scene.until(lambda: bool(found()), text)
    return found()[-1]


async def add(person: Lists, answer: Message, **typed: str) -> str:
    await person.press(answer, "Add an item")
    view = await person.scene.view(person.name, CALLBACK)
    return await person.save(view, **typed)


async def test_a_meetings_agenda_from_what_is_due_to_what_comes_late(shared_scene: Scene) -> None:
    carol, omar = Lists(shared_scene, "carol"), Lists(shared_scene, "omar")
    await plan(carol, 20)
    await a_member_adds_and_mends(shared_scene, omar)
    await the_chair_orders_and_puts_off(carol)
    await plan(carol, 2)
    await shared_scene.settle()
    await what_comes_late_is_let_on(shared_scene, carol, omar)
    await others_look(Lists(shared_scene, "erik"))


async def a_member_adds_and_mends(scene: Scene, omar: Lists) -> None:
    (answer,) = await omar.ask("meeting agenda ITS")
    assert "*2.* Discuss · *Student Portal: red since 18 Nov 2026* · APOLLO" in words(answer.blocks)
    await omar.press(answer, "Add an item")
    view = await scene.view("omar", CALLBACK)
    refused = await omar.send(view, title="Terms", project="APOLO", minutes="ten")
    assert refused.errors == {
        "project": "There is no project 'APOLO' that this council may know of. "
        "Did you mean APOLLO?",
        "minutes": "Write a number of minutes, from 0 to 480.",
    }
    told = await omar.save(view, project="APOLLO", minutes="50", text="So\n" * 100)
    assert "is on the agenda of" in told
    (answer,) = await omar.ask("meeting agenda")
    assert "*1 minute more than there are.*" in words(answer.blocks)
    await choose(omar, answer, "*Terms*", "Read it whole")
    await scene.until(lambda: omar.top() is not None, "the whole text")
    assert omar.shown().count("So") == 100
    await omar.close()
    await choose(omar, answer, "*Terms*", "Change or remove…")
    view = await scene.view("omar", CALLBACK)
    assert "is on the agenda" in await omar.save(view, title="New terms", minutes="5")


async def the_chair_orders_and_puts_off(carol: Lists) -> None:
    (answer,) = await carol.ask("meeting agenda its")
    await choose(carol, answer, "*New terms*", "Up")
    ordered = await shows(carol, "*2.* Discuss · *New terms*", answer)
    await choose(carol, ordered, "*New terms*", "Change or remove…")
    view = await carol.scene.view("carol", CALLBACK)
    assert "waits in the backlog" in await carol.save(view, fate="backlog")
    (asleep,) = await carol.ask("meeting backlog ITS")
    await choose(carol, asleep, "*New terms*", "Take onto the agenda")
    await shows(carol, "Nothing waits for an agenda.", asleep)
    (answer,) = await carol.ask("meeting agenda")
    await carol.press(answer, "Backlog (0)")
    asleep = await shows(carol, "Backlog: ITS Council", answer)
    await carol.press(asleep, "Agenda")
    answer = await shows(carol, "New terms", asleep)
    told = await add(carol, answer, title="Routine", minutes="0", consent="consent")
    assert "is on the agenda" in told
    (answer,) = await carol.ask("meeting agenda ITS 9")
    await choose(carol, answer, "*Routine*", "Pull out")
    await shows(carol, "5 min · Carol · added by Carol", answer)


async def what_comes_late_is_let_on(scene: Scene, carol: Lists, omar: Lists) -> None:
    (answer,) = await omar.ask("meeting agenda ITS")
    assert "The agenda has gone out." in words(answer.blocks)
    assert "The chair is asked" in await _late(omar, answer, "A fire")
    await _late(omar, answer, "A flood")
    await scene.settle()
    asked = await shows(carol, "wants it on that of ITS Council")
    await carol.press(asked, "To the next")
    await shows(carol, "is on the agenda of")
    await scene.settle()
    await shows(omar, "comes too late for this meeting")
    (answer,) = await carol.ask("meeting agenda ITS")
    assert "Waits for your consent" in words(answer.blocks)
    await carol.press(answer, "Let it on")
    await shows(carol, "marked as late: it has gone out already")
    await scene.settle()
    await shows(omar, "has let it on")


async def _late(omar: Lists, answer: Message, title: str) -> str:
    await omar.press(answer, "Add an item")
    view = await omar.scene.view("omar", CALLBACK)
    intro = omar.shown()
    assert "waits for the chair's consent" in await omar.save(view, title=title)
    return intro


async def others_look(erik: Lists) -> None:
    (answer,) = await erik.ask("meeting agenda ITS")
    assert "added by Omar · late, with the chair's consent" in words(answer.blocks)
    assert "Only the council's members" in await erik.read("meeting backlog ITS")

"""Actions and decisions of a council over the wire: told, answered, listed, opened, corrected."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from domain.meetings.actions.giving import ActionWish, give_action
from domain.meetings.decisions.recording import record_decision
from domain.meetings.decisions.values import Decided
from message_templates.meetings.action_window import CALLBACK
from message_templates.meetings.decision import CALLBACK as CORRECTING
from models.enums import Method, Outcome
from models.portfolio import Council, people_by_slack_id
from sandbox.workspace import Message
from tests.support.lists import Lists
from tests.support.scene import Scene, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER = timedelta(minutes=3)


async def newest(scene: Scene, name: str, text: str) -> Message:
    """The newest direct message to somebody that has a text."""

    def found() -> list[Message]:
        return [each for each in scene.dm(name) if text in words(each.blocks)]

    for _turn in range(20):
        await scene.settle()
        if found():
            break
    assert found(), text
    return found()[-1]


async def test_an_action_goes_from_the_decision_to_its_end(shared_scene: Scene) -> None:
    priya, carol = Lists(shared_scene, "priya"), Lists(shared_scene, "carol")
    await decided_and_given(shared_scene)
    await its_owner_moves_it_and_hands_it_on(shared_scene, priya)
    await everybody_of_the_council_reads_it(shared_scene, carol)
    await the_decision_is_opened_corrected_and_exported(shared_scene, carol)


async def decided_and_given(scene: Scene) -> None:
    core, now = scene.core, scene.clock.now()
    carol = await core.services.people.viewer(scene.id("carol"))
    async with core.database.writing() as session:
        found = await session.exec(select(Council).where(col(Council.name) == "ITS Council"))
        council = found.one()
        decided = Decided("Sign with the vendor?", Outcome.APPROVED, Method.CONSENSUS)
        decision = await record_decision(session, council, decided, carol, now)
        people = await people_by_slack_id(session, core.workspace_id, [scene.id("priya")])
        owner_id = people[scene.id("priya")].pk
        for title in ("Ask the vendor", "Book a room"):
            wish = ActionWish(title, owner_id, date(2026, 12, 4))
            await give_action(session, council, wish, carol, now, decision=decision)
    await scene.at(now + LATER)


async def its_owner_moves_it_and_hands_it_on(scene: Scene, priya: Lists) -> None:
    message = await newest(scene, "priya", "2 new actions for you")
    await priya.press(message, "Move the date")
    view = await scene.view("priya", CALLBACK)
    refused = await priya.send(view, day="2026-12-04", note="Ill")
    assert refused.errors == {"day": "It is due on that day already; choose another."}
    told = await priya.save(view, day="2026-12-09", note="Ill")
    assert "due Wed 9 Dec 2026, first 4 Dec, moved 1x" in told
    message = await newest(scene, "priya", "moved 1x")
    await priya.press(message, "Hand to somebody")
    view = await scene.view("priya", CALLBACK)
    assert "Ben" in await priya.save(view, person=scene.id("ben"))
    await newest(scene, "ben", "1 new action for you")
    await newest(scene, "priya", "has it now")


async def everybody_of_the_council_reads_it(scene: Scene, carol: Lists) -> None:
    for text in ("actions its council", "actions ITS all"):
        told = await carol.read(text)
        assert "Actions of ITS Council" in told
        assert "Ask the vendor" in told
    assert "Nothing of it is overdue" in await carol.read("actions ITS Council overdue")
    assert "Nothing is overdue" in await carol.read("actions overdue")
    assert "A-2* · ITS Council · Book a room" in await Lists(scene, "priya").read("actions mine")
    assert "There is no project" in await Lists(scene, "erik").read("actions ITS Council")
    assert "of what you may see" in (await carol.read("meeting figures ITS")).casefold()


async def the_decision_is_opened_corrected_and_exported(scene: Scene, carol: Lists) -> None:
    (answer,) = await carol.ask("decisions vendors")
    await carol.press(answer, "Open", "D-1")
    await scene.until(lambda: carol.top() is not None, "the card")
    card = carol.top()
    assert card is not None
    assert "A-1" in words(card.blocks)
    pressed = await scene.sandbox.acting.press_in_view(
        scene.id("carol"), card.id, "decision_correct", card.blocks[-1]["block_id"]
    )
    assert pressed.ok, pressed
    view = await scene.view("carol", CORRECTING)
    told = await carol.save(view, question="Sign with Acme?")
    assert "Sign with the vendor? → Sign with Acme?" in told
    (answer,) = await carol.ask("decisions acme")
    await carol.press(answer, "Send me a CSV file")
    await newest(scene, "carol", "1 decision that you may read")
    assert "Decisions" in await carol.read("decisions")
    assert "APOLLO" in "\n".join(words(each.blocks) for each in await carol.ask("decisions APOLLO"))
    assert "Overdue decisions" in await carol.read("decisions overdue")

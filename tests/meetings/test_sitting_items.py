"""The agenda while it is dealt with: next, back, any item, consent, parked, closed, reopened."""

from typing import Any

import pytest

from domain.errors import FieldErrors, NotAllowedError
from domain.meetings.about import About
from domain.meetings.sitting.reading.values import Typed, TypedAction
from domain.meetings.sitting.values import ParkingWish
from models.enums import ItemState, Outcome, Purpose
from models.meetings.agenda import AgendaItem
from tests.support.meeting import Secretary
from tests.support.portfolio import ITS, RESTRICTED
from tests.support.sitting import Chamber, Hall, past


@pytest.fixture
async def hall(secretary: Secretary) -> Hall:
    made = Hall(secretary)
    await made.fill()
    return made


async def test_items_come_up_in_their_order_and_what_is_not_decided_comes_back(hall: Hall) -> None:
    await hall.open()
    assert await hall.current() == "Plans"
    assert [await hall.next() for _ in range(3)] == ["Cloud", "News", "Cloud"]
    assert await hall.next("dana") == ""
    assert await hall.next() == "Cloud"
    states = await hall.table.states()
    assert states == {
        "Plans": ItemState.DONE,
        "Cloud": ItemState.CURRENT,
        "News": ItemState.DONE,
    }
    told = [(each.field, each.old, each.new) for each in await hall.secretary.audit()]
    assert ("item", "Plans", "Cloud") in told
    assert ("item", "Cloud", None) in told


async def test_who_presses_second_is_told_what_happened_and_nothing_moves(hall: Hall) -> None:
    await hall.open()
    seen = (await hall.meeting()).revision
    await hall.do("dana", hall.service.go_on, seen)
    for act in (hall.service.go_on, hall.service.go_back, hall.service.close):
        with pytest.raises(NotAllowedError, match=r"Dana went on to “Cloud” at 14:05, before you"):
            await hall.do("carol", act, seen)
    with pytest.raises(NotAllowedError, match="You went on to"):
        await hall.do("dana", hall.service.deciding, seen)
    with pytest.raises(NotAllowedError, match="Only whoever chairs"):
        await hall.next("omar")
    assert await hall.current() == "Cloud"


async def test_back_and_any_item_can_be_called_up(hall: Hall) -> None:
    await hall.open()
    with pytest.raises(NotAllowedError, match="No item has been dealt with yet"):
        await hall.step("carol", hall.service.go_back)
    await hall.step("carol", hall.service.choose, hall.items["News"])
    assert (await hall.table.states())["Plans"] is ItemState.DONE
    await hall.step("carol", hall.service.go_back)
    assert await hall.current() == "Plans"
    assert (await hall.table.states())["News"] is ItemState.OPEN
    with pytest.raises(NotAllowedError, match="not open any more"):
        await hall.step("carol", hall.service.choose, hall.items["Plans"])


async def test_an_item_is_parked_as_an_action_or_for_the_next_meeting(hall: Hall) -> None:
    await hall.open()
    nobody = ParkingWish(TypedAction("Ask the vendor", None, ""))
    with pytest.raises(FieldErrors, match="Choose who has it in hand"):
        await hall.step("carol", hall.service.park, nobody)
    omar = hall.world.id("omar")
    action = TypedAction("Ask the vendor", omar, "2026-12-11")
    await hall.step("carol", hall.service.park, ParkingWish(action))
    assert await hall.current() == "Cloud"
    waits = ParkingWish(TypedAction("Figures are missing", None, ""), is_action=False)
    await hall.step("carol", hall.service.park, waits)
    (plans, cloud, _news) = (await hall.table.agenda()).items
    assert (plans.state, plans.note) == (
        ItemState.DONE,
        "Parked as A-1: Ask the vendor (Omar, 2026-12-11)",
    )
    assert (cloud.state, cloud.note) == (ItemState.PARKED, "Figures are missing")
    await hall.next()
    with pytest.raises(NotAllowedError, match="No item is called up"):
        await hall.step("carol", hall.service.park, waits)
    with pytest.raises(NotAllowedError, match="Nothing is left on the agenda"):
        await hall.next()
    await hall.close()
    assert await hall.table.titles(await hall.table.second()) == ["Cloud"]


async def test_what_is_decided_is_not_parked_unless_it_was_deferred(hall: Hall) -> None:
    await hall.open()
    await hall.be_here("carol", "omar")
    viewer = await hall.world.viewer("carol")
    for outcome in ("deferred", "approved"):
        window = await hall.step("carol", hall.service.deciding)
        typed = Typed("Plans", outcome, "consensus")
        assert (await hall.step("carol", hall.service.parking)).item == "Plans"
        await hall.service.decide(viewer, window, typed, past(6))
    waits = ParkingWish(TypedAction("Figures are missing", None, ""), is_action=False)
    for act in ([hall.service.parking], [hall.service.park, waits]):
        with pytest.raises(NotAllowedError, match=r"decided already: D-2, approved\. Press Next"):
            await hall.step("carol", *act)
    assert (await hall.table.states())["Plans"] is ItemState.CURRENT


async def test_a_decision_is_of_the_whole_text_where_the_title_is_cut(hall: Hall) -> None:
    whole = "Do we buy seven drones or let everybody else fly?"
    cut = {"title": "Do we buy seven…", "text": f"{whole}\nNeeded from Carol."}
    await hall.table.change(AgendaItem, hall.items["Plans"], **cut)
    await hall.open()
    assert (await hall.step("carol", hall.service.deciding)).question == whole
    await hall.table.change(AgendaItem, hall.items["Plans"], text="Something else")
    assert (await hall.step("carol", hall.service.deciding)).question == "Do we buy seven…"


async def test_what_is_parked_for_a_restricted_project_does_not_name_it_at_an_open_item(
    hall: Hall,
) -> None:
    await hall.world.project("FALCON", name="Merger", visibility=RESTRICTED)
    await hall.open()
    action = TypedAction("Buy them", hall.world.id("omar"), "2026-12-11", project="falcon")
    await hall.step("carol", hall.service.park, ParkingWish(action))
    assert (await hall.table.agenda()).items[0].note == "Parked as an action."


async def test_consent_items_are_agreed_to_at_once_unless_one_is_pulled_out(hall: Hall) -> None:
    await hall.world.project("APOLLO")
    consent = {"is_consent": True, "minutes": 0}
    rest = await hall.item("Routine", purpose=Purpose.DECIDE, **consent)
    note = await hall.item("Noted", purpose=Purpose.INFORM, source="minutes:7", **consent)
    out = await hall.item("Odd", **consent)
    settled: list[tuple[int, Outcome]] = []

    async def settle(_session: Any, _about: Any, number: int, outcome: Outcome, *_: Any) -> None:
        settled.append((number, outcome))

    hall.settlers.add("minutes", settle)
    await hall.open()
    with pytest.raises(NotAllowedError, match="Only voting members"):
        await hall.do("ana", hall.service.pull_out, out)
    for _twice in range(2):
        await hall.do("omar", hall.service.pull_out, out)
    with pytest.raises(NotAllowedError, match="Without a quorum nothing is decided"):
        await hall.step("carol", hall.service.agree, [rest, note, out])
    await hall.be_here("omar")
    await hall.step("carol", hall.service.agree, [rest, note, out])
    states = await hall.table.states()
    assert [states[each] for each in ("Routine", "Noted", "Odd")] == [
        ItemState.DONE,
        ItemState.DONE,
        ItemState.OPEN,
    ]
    assert settled == [(7, Outcome.APPROVED)]
    assert [each.question for each in await hall.decisions()] == ["Routine"]
    with pytest.raises(NotAllowedError, match="No consent item is open"):
        await hall.step("carol", hall.service.agree, [rest])
    with pytest.raises(NotAllowedError, match="not open any more"):
        await hall.do("omar", hall.service.pull_out, rest)


async def test_what_closing_did_to_the_agenda_is_undone_when_it_was_a_mistake(hall: Hall) -> None:
    await hall.open()
    await hall.close(minutes=10)
    second = await hall.table.second()
    assert await hall.table.titles(second) == ["Cloud", "News"]
    touched = (await hall.table.agenda(second)).items[1]
    await hall.table.change(AgendaItem, touched.item_id, revision=2)
    await hall.do("carol", hall.service.reopen, minutes=20)
    assert await hall.table.titles(second) == ["News"]
    states = await hall.table.states()
    assert (states["Plans"], states["Cloud"]) == (ItemState.DONE, ItemState.OPEN)
    assert states["News"] is ItemState.CARRIED
    assert await hall.next() == "Cloud"
    await hall.close(minutes=30)
    assert await hall.table.titles(second) == ["Cloud", "News"]


async def test_the_meeting_that_gets_what_is_left_says_so_whoever_closes(hall: Hall) -> None:
    said: list[int] = []

    async def voice(_session: Any, about: About, _now: Any) -> None:
        said.append(about.meeting.pk)

    hall.secretary.voices.add(voice)
    second = (await hall.table.second()).pk
    await hall.open()
    assert second not in said
    await hall.close()
    assert said[-2:] == [second, (await hall.meeting()).pk]
    await hall.do("carol", hall.service.reopen, minutes=70)
    await hall.secretary.run(past(70 + 60 + 24 * 60))
    assert said[-1] == second


async def test_without_a_quorum_nothing_comes_up_where_the_rule_says_so(hall: Hall) -> None:
    await hall.secretary.configure(quorum="all", without_quorum="nothing")
    await hall.open()
    assert await hall.current() == ""
    with pytest.raises(NotAllowedError, match="nothing goes on without a quorum"):
        await hall.next()
    await hall.be_here("omar")
    assert await hall.next() == "Plans"


async def test_an_item_of_a_restricted_project_is_run_by_who_may_see_it_alone(hall: Hall) -> None:
    number = await hall.world.project("FALCON", name="Merger", visibility=RESTRICTED)
    await hall.item("Buy them", project_id=number, position=0)
    await hall.open("dana")
    assert await hall.current() == "Buy them"
    card = await hall.channel_card()
    assert card.current is None
    assert [each.title for each in card.ahead] == ["Plans", "Cloud"]
    assert [each.number for each in card.ahead] == [1, 2]
    own = await hall.do("carol", hall.service.card)
    assert own.card.current
    assert own.card.current.is_restricted
    window = await hall.step("dana", hall.service.deciding)
    typed = Typed("Buy them", "approved", "chair")  # whoever typed it has taken the code away
    await hall.be_here("carol", "omar")
    await hall.service.decide(await hall.world.viewer("dana"), window, typed, past(6))
    assert (await hall.channel_card()).decided == 0
    item = TypedAction("Sign", hall.world.id("omar"), "2026-12-11", project="falcon")
    given = await hall.do("omar", hall.service.act, item)
    assert given.project == "FALCON"
    card = await hall.channel_card()
    assert (card.given, card.actions) == (0, ())
    assert (await hall.do("omar", hall.service.card)).card.given == 1
    assert "Buy them" not in str([(each.old, each.new) for each in await hall.secretary.audit()])


async def test_the_card_loses_what_becomes_restricted(secretary: Secretary) -> None:
    hall = Hall(secretary)
    number = await hall.world.project("FALCON", name="Merger")
    await hall.item("Buy them", project_id=number)
    await Chamber.open(hall)  # it was never called to
    assert "Buy them" in str(await hall.channel_card())
    await hall.world.change("FALCON", visibility=RESTRICTED)
    assert await secretary.planner.plan(past(5))
    assert "Buy them" not in str(await hall.channel_card())


async def test_a_guest_sees_of_a_meeting_what_is_about_their_own_projects(hall: Hall) -> None:
    number = await hall.world.project("APOLLO", pm="gus")
    await hall.item("Portal", project_id=number)
    await hall.open()
    await hall.do(
        "carol", hall.service.act, TypedAction("Sign", hall.world.id("omar"), "2026-12-11")
    )
    gus = await hall.world.viewer("gus")
    shown = await hall.table.service.show(gus, ITS, past(6))
    assert [each.title for each in shown.agenda.items] == ["Portal"]
    card = (await hall.do("gus", hall.service.card)).card
    assert ([each.title for each in card.ahead], card.given, card.current) == (["Portal"], 0, None)

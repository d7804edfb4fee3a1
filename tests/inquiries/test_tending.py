"""What the clock does about questions that wait: hand on, remind once, tell who waits, end."""

import asyncio
from datetime import date

import pytest

from domain.errors import NotAllowedError
from domain.inquiries.messages import InquiryNews, OfficeInquiries, UnansweredInquiries
from domain.inquiries.values import Why
from models.enums import Attention, InquiryState
from tests.support.asking import NOON, Desk
from tests.support.portfolio import RESTRICTED, at

QUESTION, ANSWER = "When do you go live?", "In May."

CHANNEL = {"pmo": {"channel": "pmo-office"}, "pmo_channel_id": "C0OFFICE"}


def questions(message: object) -> list[str]:
    """What a message asks, as far as it waits."""
    items = getattr(message, "items", ())
    return [each.question for each in items if each.state is InquiryState.OPEN]


async def test_a_new_pm_gets_what_waits_and_the_old_one_is_rid_of_it(any_desk: Desk) -> None:
    asked = await any_desk.ask("erik", QUESTION)
    await any_desk.post()
    assert await any_desk.tick(at(25, 18)) == 0
    await any_desk.world.change("APOLLO", pm="li", deputy_id=None)
    assert await any_desk.tick(at(26, 9)) == 1
    said = await any_desk.said()
    assert questions(said[any_desk.key("li", 26)]) == [QUESTION]
    assert said[any_desk.key("ana")].items == ()
    assert (await any_desk.card("li", asked)).asked == "Li"
    with pytest.raises(NotAllowedError):
        await any_desk.say("ana", asked, ANSWER)


async def test_what_the_old_pm_has_not_read_yet_is_not_said_to_them_any_more(desk: Desk) -> None:
    await desk.ask("erik", QUESTION)
    await desk.world.change("APOLLO", pm="li", deputy="ben")
    await desk.tick(NOON)
    assert list(await desk.said()) == [desk.key("li")]


async def test_leave_gives_it_to_the_deputy_who_keeps_it_when_the_pm_is_back(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.world.leave("ana", date(2026, 11, 26), date(2026, 11, 26))
    assert await desk.tick(at(26, 15)) == 1
    assert questions((await desk.said())[desk.key("ben", 26)]) == [QUESTION]
    assert await desk.tick(at(27, 15)) == 0
    assert (await desk.card("ana", asked)).asked == "Ben"
    await desk.say("ana", asked, ANSWER, now=at(27, 15))
    assert (await desk.card("ben", asked)).state is InquiryState.ANSWERED


async def test_both_away_leaves_it_where_it_is(desk: Desk) -> None:
    await desk.ask("erik", QUESTION)
    for name in ("ana", "ben"):
        await desk.world.leave(name, date(2026, 11, 26), date(2026, 11, 26))
    assert await desk.tick(at(26, 15)) == 0


async def test_the_pmo_has_it_while_nobody_is_there_and_gives_it_to_a_new_pm(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.ask("erik", QUESTION)
    for name in ("ana", "ben"):
        await desk.world.change_person(name, is_gone=True)
    await desk.tick(at(26, 15))
    office = "inquiries-office:2026-11-26:channel:C0OFFICE"
    assert [each.why for each in (await desk.said())[office].items] == [Why.NOBODY]
    await desk.post()
    await desk.world.change("APOLLO", pm="li", deputy_id=None)
    await desk.tick(at(27, 15))
    said = await desk.said()
    assert questions(said[office]) == []
    assert questions(said[desk.key("li", 27)]) == [QUESTION]


async def test_who_is_asked_is_reminded_once_after_two_of_their_working_days(desk: Desk) -> None:
    await desk.world.configure(attention={"quiet_hours": "18:00-08:00"})
    friday = at(27, 22)
    await desk.ask("erik", QUESTION, now=friday)
    await desk.post(now=friday)
    assert await desk.tick(at(1, 21, month=12)) == 0
    assert await desk.tick(at(1, 22, month=12)) == 1
    key = f"inquiries:{desk.world.id('ana')}:2026-12-01"
    (item,) = (await desk.said())[key].items
    assert item.is_reminder
    assert (await desk.delivery(key)).attention is Attention.NOTICE
    assert await desk.tick(at(3, 22, month=12)) == 0


async def test_what_came_into_a_message_that_stood_already_is_told_of_the_next_working_day(
    desk: Desk,
) -> None:
    await desk.ask("erik", "One?")
    await desk.post()
    await desk.ask("omar", "Two?", now=at(25, 18))
    assert len(await desk.said()) == 1
    assert await desk.tick(at(26, 18)) == 1
    assert questions((await desk.said())[desk.key("ana", 26)]) == ["One?", "Two?"]


async def test_after_five_working_days_the_asker_and_the_pmo_are_told_once(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask("erik", QUESTION)
    await desk.ask("erik", "And how?")
    await desk.tick(at(27, 17))
    assert await desk.tick(at(2, 16, month=12)) == 0
    await desk.tick(at(2, 17, month=12))
    said = await desk.said()
    told = said[f"inquiries-waiting:{desk.world.id('erik')}:2026-12-02"]
    office = said["inquiries-office:2026-12-02:channel:C0OFFICE"]
    assert isinstance(told, UnansweredInquiries)
    assert isinstance(office, OfficeInquiries)
    assert questions(told) == questions(office) == [QUESTION, "And how?"]
    assert {(each.why, each.asked) for each in office.items} == {(Why.OVERDUE, "Ana")}
    assert await desk.tick(at(20, 17, month=12)) == 0

    await desk.post()
    await desk.say("dana", asked, ANSWER, now=at(20, 17, month=12))
    said = await desk.said()
    assert questions(said["inquiries-office:2026-12-02:channel:C0OFFICE"]) == ["And how?"]


async def test_what_is_answered_before_it_could_be_told_is_not_told(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.tick(at(2, 17, month=12))
    waiting = f"inquiries-waiting:{desk.world.id('erik')}:2026-12-02"
    assert waiting in await desk.said()
    await desk.say("ana", asked, ANSWER, now=at(2, 18, month=12))
    assert waiting not in await desk.said()


async def test_not_for_me_gives_it_to_the_pmo_for_good_and_tells_who_asked(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    for _twice in range(2):
        card = await desk.pass_on("ana", asked)
    assert (card.asked, card.is_passed_on) == ("", True)
    assert [step for step, _text in await desk.record()] == ["question", "passed_on"]
    said = await desk.said()
    (news,) = [each for each in said.values() if isinstance(each, InquiryNews)]
    assert (news.author, news.answer) == ("Ana", "")
    assert await desk.tick(at(27, 17)) == 0
    office = f"inquiries-office:2026-11-25:person:{desk.world.id('dana')}"
    assert [each.why for each in said[office].items] == [Why.PASSED_ON]
    await desk.say("dana", asked, ANSWER)
    await desk.say("erik", asked, "Sure?", now=at(26, 17))
    assert questions((await desk.said())[office.replace("-25", "-26")]) == ["Sure?"]


async def test_nothing_is_passed_on_where_there_is_no_pmo(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.world.change_person("dana", is_gone=True)
    with pytest.raises(NotAllowedError, match="I know nobody of the PMO"):
        await desk.pass_on("ana", asked)
    assert len(await desk.record()) == 1


async def test_a_restricted_project_goes_to_the_pmos_people_and_never_to_their_channel(
    desk: Desk,
) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.project("VAULT", visibility=RESTRICTED)
    for code in ("APOLLO", "VAULT"):
        await desk.pass_on("ana", await desk.ask("omar", f"{code}?", code))
    said = await desk.said()
    channel = "inquiries-office:2026-11-25:channel:C0OFFICE"
    person = f"inquiries-office:2026-11-25:person:{desk.world.id('dana')}"
    assert (questions(said[channel]), questions(said[person])) == (["APOLLO?"], ["VAULT?"])
    await desk.post()
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    await desk.ask("carol", "Further?")
    await desk.pass_on("ana", await desk.ask("carol", "Once more?"))
    said = await desk.said()
    assert questions(said[channel]) == [], "nothing of it stands in the channel any more"
    assert questions(said[person]) == ["APOLLO?", "VAULT?", "Once more?"]


async def test_what_becomes_restricted_leaves_the_pmos_channel_by_itself(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.pass_on("ana", await desk.ask("carol", QUESTION))
    await desk.post()
    await desk.tick(NOON)
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    assert await desk.tick(NOON) == 0
    said = await desk.said()
    assert questions(said["inquiries-office:2026-11-25:channel:C0OFFICE"]) == []
    person = f"inquiries-office:2026-11-25:person:{desk.world.id('dana')}"
    assert questions(said[person]) == [QUESTION]


async def test_who_may_not_see_the_project_any_more_hears_nothing_of_it(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    answered = await desk.say("ana", asked, ANSWER)
    assert not answered.card.is_answer_sent
    assert not any(isinstance(each, InquiryNews) for each in (await desk.said()).values())
    assert (await desk.service.mine(await desk.world.viewer("erik"))).cards == ()
    assert (await desk.record())[-1] == ("answer", ANSWER)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"visibility": RESTRICTED}, "Erik may not see the project any more."),
        ({"pm": "erik"}, "Erik is the PM of the project now."),
        ({}, "Erik has left Slack."),
    ],
)
async def test_what_nobody_waits_for_any_more_is_closed_with_the_reason_and_nobody_is_told(
    desk: Desk, change: dict[str, object], why: str
) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.post()
    if change:
        await desk.world.change("APOLLO", **change)
    else:
        await desk.world.change_person("erik", is_gone=True)
    before = list(await desk.said())
    assert await desk.tick(at(2, 17, month=12)) == 1
    card = await desk.card("dana", asked)
    assert (card.state, card.turns[-1].text) == (InquiryState.CLOSED, why)
    assert list(await desk.said()) == before
    assert questions((await desk.said())[desk.key("ana")]) == []


async def test_two_replicas_that_tick_at_once_say_each_thing_once(any_desk: Desk) -> None:
    await any_desk.ask("erik", QUESTION)
    await any_desk.post()
    await any_desk.world.leave("ana", date(2026, 12, 2), date(2026, 12, 2))
    now = at(2, 17, month=12)
    await asyncio.gather(*(any_desk.service.tend(now) for _replica in range(2)))
    said = await any_desk.said()
    assert [len(each.items) for each in said.values()] == [0, 1, 1, 1]
    first = any_desk.key("ana")
    assert {key: (await any_desk.delivery(key)).revision for key in said if key != first} == {
        key: 1 for key in said if key != first
    }
    assert await any_desk.tick(now) == 0


async def test_a_pm_who_left_is_written_nothing_more(desk: Desk) -> None:
    await desk.ask("erik", QUESTION)
    await desk.post()
    before = (await desk.delivery(desk.key("ana"))).revision
    await desk.world.change_person("ana", is_gone=True)
    await desk.tick(at(26, 15))
    assert (await desk.delivery(desk.key("ana"))).revision == before
    assert questions((await desk.said())[desk.key("ben", 26)]) == [QUESTION]

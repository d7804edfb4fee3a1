"""Asking a project's PM and answering: who may, who gets it, and what is kept in which order."""

import asyncio
from datetime import date

import pytest

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.inquiries import service
from domain.inquiries.messages import InquiryNews, OpenInquiries
from domain.inquiries.reading import own_inquiries
from domain.inquiries.values import Role, Why
from domain.portfolio.service import PortfolioService
from models.enums import InquiryState
from tests.support.asking import NOON, Desk
from tests.support.portfolio import RESTRICTED, at

QUESTION, ANSWER = "When do you go live?", "In May."


async def test_a_question_goes_to_the_pm_and_the_answer_to_who_asked(any_desk: Desk) -> None:
    asked = await any_desk.ask("erik", f"  {QUESTION}\n")
    assert (asked.card.asked, asked.card.state, asked.card.role) == (
        "Ana",
        InquiryState.OPEN,
        Role.ASKER,
    )
    message = (await any_desk.said())[any_desk.key("ana")]
    (item,) = message.items
    assert (item.asker, item.code, item.question) == ("Erik", "APOLLO", QUESTION)

    await any_desk.say("ana", asked, ANSWER)
    said = await any_desk.said()
    (news,) = [each for each in said.values() if isinstance(each, InquiryNews)]
    assert (news.author, news.question, news.answer) == ("Ana", QUESTION, ANSWER)
    assert any_desk.key("ana") not in said, "nobody has read it, and nothing waits any more"
    card = await any_desk.card("sam", asked)
    assert (card.state, card.role) == (InquiryState.ANSWERED, Role.READER)
    assert [each.text for each in card.turns] == [QUESTION, ANSWER]
    assert (await any_desk.service.counts(any_desk.projects["APOLLO"])).answered == 1


async def test_the_same_question_again_while_it_waits_is_kept_once(desk: Desk) -> None:
    first = await desk.ask("erik", QUESTION)
    again = await desk.ask("erik", QUESTION.upper())
    assert (again.is_new, again.card.inquiry_id) == (False, first.card.inquiry_id)
    assert (await desk.ask("omar", QUESTION)).is_new
    await desk.say("ana", first, ANSWER)
    assert (await desk.ask("erik", QUESTION)).is_new, "it may be asked anew later"


async def test_two_who_answer_at_once_are_both_kept_and_the_second_reads_the_first(
    any_desk: Desk,
) -> None:
    asked = await any_desk.ask("erik", QUESTION)
    done = await asyncio.gather(
        any_desk.say("ana", asked, "In May."), any_desk.say("ben", asked, "In June.")
    )
    (second,) = [each for each in done if each.between]
    (first,) = [each for each in done if not each.between]
    texts = [each.text for each in second.card.turns]
    assert texts == [QUESTION, first.card.turns[-1].text, texts[-1]]
    assert second.between == first.card.turns[-1:]
    news = [each for each in (await any_desk.said()).values() if isinstance(each, InquiryNews)]
    assert [each.answer for each in news] == texts[1:]


async def test_two_who_ask_at_once_stand_in_one_message(any_desk: Desk) -> None:
    await asyncio.gather(any_desk.ask("erik", "One?"), any_desk.ask("omar", "Two?"))
    message = (await any_desk.said())[any_desk.key("ana")]
    assert {each.question for each in message.items} == {"One?", "Two?"}


async def test_an_answer_that_is_sent_twice_is_kept_once(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.say("ana", asked, ANSWER)
    again = await desk.say("ana", asked, f" {ANSWER}")
    assert (again.is_new, again.between) == (False, ())
    assert len(await desk.record()) == 2
    assert (await desk.say("ana", asked, "And not before.")).is_new


async def test_who_asked_may_ask_further_in_the_same_inquiry(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    await desk.say("ana", asked, ANSWER)
    further = await desk.say("erik", asked, "Which year?", now=at(26, 17))
    assert further.card.state is InquiryState.OPEN
    assert [each.text for each in further.between] == [ANSWER]
    (item,) = (await desk.said())[desk.key("ana", 26)].items
    assert (item.question, item.earlier, item.asked_at) == ("Which year?", 2, at(26, 17))
    assert not (await desk.say("erik", asked, "which  year?")).is_new


async def test_a_question_that_is_taken_back_waits_for_nobody(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    with pytest.raises(NotAllowedError, match="Only Erik, who asked"):
        await desk.take_back("ana", asked)
    for _twice in range(2):
        assert (await desk.take_back("erik", asked)).state is InquiryState.CLOSED
    assert desk.key("ana") not in await desk.said()
    assert await desk.tick(at(30, 17)) == 0
    assert len(await desk.record()) == 2
    await desk.say("erik", asked, "But still: when?")
    assert len((await desk.said())[desk.key("ana")].items) == 1


async def test_nobody_asks_what_is_not_theirs_to_ask(desk: Desk) -> None:
    await desk.project("VAULT", pm="ben", visibility=RESTRICTED)
    with pytest.raises(NotAllowedError, match="You are the PM of APOLLO"):
        await desk.ask("ana", QUESTION)
    with pytest.raises(NotFoundError) as hidden:
        await desk.ask("erik", QUESTION, "VAULT")
    with pytest.raises(NotFoundError) as missing:
        await desk.service.ask(await desk.world.viewer("erik"), 999, QUESTION, NOON)
    assert str(hidden.value) == str(missing.value)
    for code in ("VAULT", "APOLLO"):
        with pytest.raises(NotAllowedError, match="As a guest you can ask about projects"):
            await desk.ask("gus", QUESTION, code)
    await desk.world.change("APOLLO", sponsor="gus")
    assert (await desk.ask("gus", QUESTION)).card.asked == "Ana"


@pytest.mark.parametrize(
    ("text", "cause"),
    [("", "Write your question"), (" \n", "Write your question"), ("x" * 3_001, "3,001 char")],
)
async def test_what_cannot_be_kept_is_told_at_the_field(desk: Desk, text: str, cause: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        await desk.ask("erik", text)
    assert cause in refused.value.errors["text"]
    assert await desk.record() == []


async def test_one_person_has_so_many_open_questions_about_a_project(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_OPEN", 2)
    for number in range(2):
        await desk.ask("erik", f"Number {number}?")
    with pytest.raises(FieldErrors, match="2 of your questions about APOLLO wait"):
        await desk.ask("erik", "One more?")
    assert (await desk.ask("omar", "One more?")).is_new


async def test_only_who_answers_for_the_project_answers(desk: Desk) -> None:
    asked = await desk.ask("erik", QUESTION)
    for name in ("sam", "carol"):
        with pytest.raises(NotAllowedError, match=r"Only the PM of APOLLO \(Ana\)"):
            await desk.say(name, asked, ANSWER)
        with pytest.raises(NotAllowedError, match="Only who is asked can pass"):
            await desk.pass_on(name, asked)
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    for do in (desk.card("li", asked), desk.say("li", asked, ANSWER), desk.take_back("li", asked)):
        with pytest.raises(NotFoundError):
            await do
    assert (await desk.say("dana", asked, ANSWER)).is_new


async def test_all_questions_of_a_day_are_one_message(desk: Desk) -> None:
    for name in ("erik", "omar"):
        for number in range(2):
            await desk.ask(name, f"Number {number}?")
    said = await desk.said()
    assert list(said) == [desk.key("ana")]
    assert len(said[desk.key("ana")].items) == 4


async def test_a_question_of_another_day_brings_all_that_waits_into_one_message(
    desk: Desk,
) -> None:
    first = await desk.ask("erik", "One?")
    await desk.post()
    await desk.ask("erik", "Two?", now=at(26, 17))
    said = await desk.said()
    assert said[desk.key("ana")] == OpenInquiries((), has_newer=True)
    assert [each.question for each in said[desk.key("ana", 26)].items] == ["One?", "Two?"]
    await desk.say("ana", first, ANSWER, now=at(26, 18))
    newest = (await desk.said())[desk.key("ana", 26)]
    assert [each.state for each in newest.items] == [InquiryState.ANSWERED, InquiryState.OPEN]


async def test_what_waits_for_the_readers_hours_takes_in_what_comes_meanwhile(desk: Desk) -> None:
    await desk.world.configure(attention={"quiet_hours": "18:00-08:00"})
    saturday, sunday, monday = at(28, 17), at(29, 17), at(30, 17)
    for number, now in enumerate((saturday, sunday, monday)):
        await desk.ask("erik", f"Number {number}?", now=now)
    said = await desk.said()
    assert list(said) == [desk.key("ana", 30)], "the day on which it can be read first"
    assert len(said[desk.key("ana", 30)].items) == 3


async def test_the_deputy_is_asked_while_the_pm_is_away_and_the_asker_is_told(
    desk: Desk,
) -> None:
    await desk.world.leave("ana", date(2026, 11, 23), date(2026, 12, 4))
    blank = await desk.service.blank(await desk.world.viewer("erik"), desk.projects["APOLLO"], NOON)
    assert (blank.asked, blank.why, blank.pm) == ("Ben", Why.PM_AWAY, "Ana")
    assert (await desk.ask("erik", QUESTION)).card.asked == "Ben"
    assert list(await desk.said()) == [desk.key("ben")]


async def test_the_pmo_is_asked_where_nobody_else_is_there(desk: Desk) -> None:
    await desk.world.change_person("ana", is_gone=True)
    assert (await desk.ask("omar", QUESTION)).card.asked == "Ben"
    assert (await desk.ask("ben", QUESTION)).card.asked == "", "nobody asks themselves"
    office = [each for each in await desk.said() if each.startswith("inquiries-office")]
    assert office == [f"inquiries-office:2026-11-25:person:{desk.world.id('dana')}"]


async def own(desk: Desk, name: str) -> list[str]:
    """What stands on somebody's page: what they do with it, and the newest text."""
    async with desk.database.reading() as session:
        viewer = await desk.world.viewer(name)
        cards = await own_inquiries(session, desk.world.workspace_id, viewer, at(26, 17))
    return [f"{each.role}: {each.turns[-1].text}" for each in cards]


async def test_everybody_finds_on_their_page_what_waits_for_them_and_what_they_asked(
    desk: Desk,
) -> None:
    await desk.ask("erik", "Old?", now=at(1, 17))
    await desk.say("ana", await desk.ask("erik", "Old?", now=at(1, 17)), "Yes", now=at(1, 18))
    await desk.say("ana", await desk.ask("erik", "One?"), "Yes")
    await desk.ask("erik", "Two?")
    await desk.take_back("erik", await desk.ask("erik", "Never mind"))
    passed = await desk.ask("omar", "Three?")
    assert await own(desk, "ana") == ["answerer: Two?", "answerer: Three?"]
    assert await own(desk, "ben") == ["answerer: Two?", "answerer: Three?"]
    assert await own(desk, "erik") == ["asker: Two?", "asker: Yes"]
    assert await own(desk, "dana") == []
    await desk.pass_on("ana", passed)
    assert await own(desk, "dana") == ["answerer: "]
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    assert await own(desk, "erik") == []


async def test_all_that_was_asked_is_listed_for_who_may_see_it_what_waits_first(
    desk: Desk,
) -> None:
    await desk.say("ana", await desk.ask("erik", "One?"), "Yes")
    await desk.ask("omar", "Two?")
    assert [
        len((await desk.service.mine(await desk.world.viewer(name))).cards)
        for name in ("erik", "omar", "ana", "dana", "sam")
    ] == [1, 1, 1, 0, 0]
    portfolio = PortfolioService(desk.database, desk.world.workspace_id)
    sam = await desk.world.viewer("sam")
    found = await desk.service.of_project(sam, await portfolio.find(sam, "APOLLO"))
    assert [each.turns[0].text for each in found.cards] == ["Two?", "One?"]


async def test_what_the_budget_holds_back_takes_in_what_comes_on_a_later_day(desk: Desk) -> None:
    await desk.ask("erik", "One?")
    await desk.ask("erik", "Two?", now=at(26, 17))
    said = await desk.said()
    assert list(said) == [desk.key("ana")], "it is not posted yet, so one message does"
    assert [each.question for each in said[desk.key("ana")].items] == ["One?", "Two?"]

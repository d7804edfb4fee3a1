"""Questions to the PMO itself: where they stand, who answers, what is told, and what is kept."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

import jobs.inquiries
from domain.answers.handing import service as handing
from domain.delivery.errors import Transient
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.inquiries.messages import (
    AnswerInThread,
    InquiryNews,
    News,
    OfficeInquiries,
    OfficeMoved,
    OfficeQuestion,
    OfficeTurn,
    UnansweredInquiries,
)
from domain.inquiries.rules import KEPT
from domain.inquiries.values import Role, Why
from models.answers import Question
from models.delivery import Delivery
from models.enums import AskedIn, Attention, DeliveryState, InquiryState, InquiryStep
from tests.support.asking import NOON, Desk
from tests.support.portfolio import RESTRICTED, at

QUESTION, ANSWER = "Who signs the charter?", "The sponsor."
CHANNEL = {"pmo": {"channel": "pmo-office"}, "pmo_channel_id": "C0OFFICE"}


def head(number: int, place: str = "channel:C0OFFICE") -> str:
    return f"inquiry-pmo:{number}:{place}"


async def news(desk: Desk) -> list[InquiryNews]:
    return [each for each in (await desk.said()).values() if isinstance(each, InquiryNews)]


async def test_a_question_stands_in_the_pmos_channel_and_its_thread_holds_the_rest(
    any_desk: Desk,
) -> None:
    desk = any_desk
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("erik", f" {QUESTION} ")
    number = asked.card.inquiry_id
    assert (asked.card.role, asked.card.code, asked.card.asked) == (Role.ASKER, "", "")
    (key,) = await desk.said()
    assert key == head(number)
    assert (await desk.delivery(key)).state is DeliveryState.DUE, "a channel is told at once"
    await desk.post()
    await desk.ask_back("dana", asked, "Of which project?")
    message = (await desk.said())[key]
    assert isinstance(message, OfficeQuestion)
    assert (message.question, message.is_asked_back, message.by) == (QUESTION, True, "Dana")
    replied = await desk.say("erik", asked, "Of a small one.")
    assert replied.card.turns[-1].step is InquiryStep.REPLY
    asked_back, _reply = await news(desk)
    assert asked_back.is_over, "nobody is asked for what they have said"
    await desk.say("dana", replied, ANSWER, now=at(25, 18))
    said = await desk.said()
    assert (said[key].state, said[key].by, said[key].at) == (
        InquiryState.ANSWERED,
        "Dana",
        at(25, 18),
    )
    thread = [each for each in said.values() if isinstance(each, OfficeTurn)]
    assert [(each.author, each.text) for each in thread] == [
        ("Dana", "Of which project?"),
        ("Erik", "Of a small one."),
        ("Dana", ANSWER),
    ]
    assert [(each.told, each.answer) for each in await news(desk)] == [
        (News.ASKED_BACK, "Of which project?"),
        (News.REPLY, "Of a small one."),
        (News.ANSWER, ANSWER),
    ]
    with pytest.raises(NotFoundError):
        await desk.card("sam", asked)


async def test_who_answers_on_top_of_an_answer_says_so(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.world.change_person("li", is_pmo=True)
    asked = await desk.ask_pmo("erik", QUESTION)
    await desk.post()
    await desk.ask_back("li", asked, "Of which project?")
    first = await desk.say("dana", asked, ANSWER, seen=99)
    await desk.say("li", first, "The PM.", seen=99)
    assert (await desk.said())[head(asked.card.inquiry_id)].by == "Dana and Li"
    told = await news(desk)
    assert [(each.author, each.before) for each in told] == [
        ("Li", ""),
        ("Dana", ""),
        ("Li", "Dana"),
    ]
    assert told[0].is_over, "it is answered without"


async def test_without_a_channel_each_of_the_pmo_has_it_directly_in_their_hours(
    desk: Desk,
) -> None:
    await desk.world.change_person("li", is_pmo=True)
    asked = await desk.ask_pmo("erik", QUESTION, "apollo")
    assert asked.card.code == "APOLLO"
    keys = [head(asked.card.inquiry_id, f"person:{desk.world.id(each)}") for each in ("dana", "li")]
    assert sorted(await desk.said()) == sorted(keys)
    row = await desk.delivery(keys[0])
    assert (row.state, row.attention) == (DeliveryState.WAITING, Attention.ACTION)
    await desk.post(keys[0])
    await desk.say("dana", asked, ANSWER)
    said = await desk.said()
    assert keys[1] not in said, "Li has not read it, and nothing waits any more"
    assert said[f"{keys[0]}:1"].text == ANSWER
    assert (await desk.card("sam", asked)).role is Role.READER, "it is on the project's record"


@pytest.mark.parametrize(
    ("text", "code"),
    [("Is vault late?", ""), ("Is Project Vault late?", ""), ("Is it late?", "VAULT")],
)
async def test_what_names_a_restricted_project_is_never_said_in_the_channel(
    desk: Desk, text: str, code: str
) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.project("VAULT", visibility=RESTRICTED)
    asked = await desk.ask_pmo("omar", text, code)
    place = f"person:{desk.world.id('dana')}"
    assert list(await desk.said()) == [head(asked.card.inquiry_id, place)]
    await desk.tick(at(26, 17))
    said = await desk.said()
    assert [each for each in said if "channel" in each] == []
    assert isinstance(said[f"inquiries-office:2026-11-26:{place}"], OfficeInquiries)


async def test_what_comes_to_name_a_restricted_project_leaves_the_channel_for_good(
    desk: Desk,
) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.project("VAULT", visibility=RESTRICTED)
    asked = await desk.ask_pmo("omar", QUESTION)
    key = head(asked.card.inquiry_id)
    direct = head(asked.card.inquiry_id, f"person:{desk.world.id('dana')}")
    await desk.ask_back("dana", asked, "Of which?")
    await desk.post()
    await desk.say("omar", asked, "Of vault.")
    said = await desk.said()
    assert [said[key], said[f"{key}:1"]] == [OfficeMoved(), OfficeMoved()]
    assert f"{key}:2" not in said
    assert said[direct].question == QUESTION
    assert said[f"{direct}:2"].text == "Of vault."
    await desk.say("dana", asked, ANSWER, seen=99)
    assert (await desk.said())[key] == OfficeMoved()


async def test_what_becomes_restricted_leaves_the_channel_by_itself(any_desk: Desk) -> None:
    desk = any_desk
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("carol", QUESTION, "APOLLO")
    await desk.post()
    await desk.tick(NOON)
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    await desk.tick(NOON)
    said = await desk.said()
    assert said[head(asked.card.inquiry_id)] == OfficeMoved()
    assert said[head(asked.card.inquiry_id, f"person:{desk.world.id('dana')}")].code == "APOLLO"


async def test_of_two_who_answer_at_once_the_first_counts_and_the_second_may_add(
    any_desk: Desk,
) -> None:
    desk = any_desk
    await desk.world.change_person("li", is_pmo=True)
    asked = await desk.ask_pmo("erik", QUESTION)
    done = await asyncio.gather(
        desk.say("dana", asked, "The sponsor."), desk.say("li", asked, "The council.")
    )
    (late,) = [each for each in done if each.is_late]
    (first,) = [each for each in done if not each.is_late]
    assert [each.text for each in late.between] == [first.card.turns[-1].text]
    assert len(await news(desk)) == 1
    name = "li" if first.card.turns[-1].author == "Dana" else "dana"
    added = await desk.say(name, late, "And in writing.")
    assert (added.is_new, len(await news(desk))) == (True, 2)


async def test_it_is_passed_to_a_person_who_answers_or_gives_it_back(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("erik", QUESTION)
    key = head(asked.card.inquiry_id)
    await desk.post()
    for _twice in range(2):
        assert (await desk.pass_to("dana", asked, "li")).asked == "Li"
    said = await desk.said()
    assert said[key].asked == "Li"
    (item,) = said[desk.key("li")].items
    assert (item.question, item.is_for_office) == (QUESTION, True)
    assert [(each.told, each.answer) for each in await news(desk)] == [(News.PASSED_TO, "Li")]
    assert (await desk.card("li", asked)).role is Role.ANSWERER
    assert (await desk.pass_on("li", asked)).asked == ""
    with pytest.raises(NotFoundError):
        await desk.card("li", asked)
    await desk.pass_to("dana", asked, "li")
    await desk.world.change_person("li", is_gone=True)
    assert await desk.tick(NOON) == 1
    assert (await desk.card("dana", asked)).asked == "", "who leaves gives it back"
    await desk.pass_to("dana", asked, "sam")
    await desk.say("sam", asked, ANSWER)
    assert (await desk.said())[key].by == "Sam"


async def test_it_is_passed_to_nobody_who_must_not_know_of_it(desk: Desk) -> None:
    await desk.project("VAULT", visibility=RESTRICTED)
    asked = await desk.ask_pmo("omar", "Who signs for VAULT?")
    await desk.world.change_person("sam", is_gone=True)
    for name, why in (
        ("erik", "a project that Erik may not see"),
        ("omar", "Omar has asked it"),
        ("sam", "Sam has left Slack"),
        ("gus", "Gus is a guest here"),
    ):
        with pytest.raises(NotAllowedError, match=why):
            await desk.pass_to("dana", asked, name)
    with pytest.raises(NotAllowedError, match="Only who is to answer"):
        await desk.pass_to("omar", asked, "carol")
    await desk.pass_to("dana", asked, "carol")
    with pytest.raises(NotAllowedError, match="Only the PMO can pass"):
        await desk.pass_to("carol", asked, "ana")
    await desk.say("carol", asked, ANSWER)
    with pytest.raises(NotAllowedError, match="settled"):
        await desk.ask_back("dana", asked, "Sure?")


async def test_the_pmo_is_reminded_once_and_then_its_asker_is_told_who_it_is(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("erik", QUESTION)
    assert await desk.tick(at(26, 16)) == 0
    assert await desk.tick(at(26, 17)) == 1
    reminder = "inquiries-office:2026-11-26:channel:C0OFFICE"
    (item,) = (await desk.said())[reminder].items
    assert item.why is Why.ASKED
    assert await desk.tick(at(27, 17)) == 0
    assert await desk.tick(at(30, 17)) == 1
    told = (await desk.said())[f"inquiries-waiting:{desk.world.id('erik')}:2026-11-30"]
    assert isinstance(told, UnansweredInquiries)
    assert (told.office, told.items[0].is_for_office) == (("Dana",), True)
    assert await desk.tick(at(20, 17, month=12)) == 0
    offices = [each for each in await desk.said() if each.startswith("inquiries-office")]
    assert offices == [reminder], "it was reminded already"
    await desk.ask_back("dana", asked, "Why?", now=at(21, 17, month=12))
    assert await desk.tick(at(30, 17, month=12)) == 0, "it waits for who asked"


async def test_what_is_taken_back_or_whose_asker_has_left_waits_for_nobody(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    first, second = [await desk.ask_pmo("erik", text) for text in ("One?", "Two?")]
    await desk.take_back("erik", first)
    assert list(await desk.said()) == [head(second.card.inquiry_id)]
    await desk.post()
    await desk.world.change_person("erik", is_gone=True)
    assert await desk.tick(NOON) == 1
    message = (await desk.said())[head(second.card.inquiry_id)]
    assert (message.state, message.reason) == (InquiryState.CLOSED, "Erik has left Slack.")


async def test_a_guest_may_ask_and_choose_only_what_they_may_see(desk: Desk) -> None:
    await desk.project("VAULT", visibility=RESTRICTED)
    gus, erik = [await desk.world.viewer(each) for each in ("gus", "erik")]
    assert (await desk.handing.blank(gus, 0)).projects == ()
    blank = await desk.handing.blank(erik, 0)
    assert [each.code for each in blank.projects] == ["APOLLO"]
    assert (blank.office, blank.has_channel, blank.text) == (("Dana",), False, "")
    assert (await desk.ask_pmo("gus", QUESTION)).is_new
    for name, code in (("gus", "APOLLO"), ("erik", "VAULT"), ("erik", "NOPE")):
        with pytest.raises(FieldErrors, match=f"There is no project '{code}'"):
            await desk.ask_pmo(name, QUESTION, code)


async def test_the_same_question_is_kept_once_and_so_many_wait_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "MOST_OPEN", 2)
    first = await desk.ask_pmo("erik", QUESTION)
    again = await desk.ask_pmo("erik", QUESTION.lower())
    assert (again.is_new, again.card.inquiry_id) == (False, first.card.inquiry_id)
    assert (await desk.ask_pmo("erik", QUESTION, "APOLLO")).is_new
    with pytest.raises(FieldErrors, match="2 of your questions to the PMO wait"):
        await desk.ask_pmo("erik", "And when?")
    assert (await desk.handing.blank(await desk.world.viewer("erik"), 0)).waiting == 2
    await desk.ask("erik", QUESTION)  # the PM is asked beside that


async def test_where_there_is_no_pmo_nobody_is_asked(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="I know nobody of the PMO"):
        await desk.ask_pmo("dana", QUESTION)
    await desk.world.change_person("dana", is_pmo=False)
    with pytest.raises(NotAllowedError, match="pmo: members"):
        await desk.handing.blank(await desk.world.viewer("erik"), 0)


async def logged(desk: Desk, text: str, asked_in: AskedIn, person: str = "erik") -> int:
    """A question that the handbook had no answer to, with what it said to it."""
    async with desk.database.writing() as session:
        question = Question(
            workspace_id=desk.world.workspace_id,
            asked_at=NOON,
            person_id=desk.world.id(person),
            asked_in=asked_in,
            origin="Ev1",
            text=text,
            band="unknown",
            top=[],
            handbook="v1",
        )
        session.add(question)
        session.add(_answer_to(desk.world.workspace_id))
    return question.pk


def _answer_to(workspace_id: int) -> Delivery:
    values: dict[str, Any] = {
        "key": "answer:Ev1:0",
        "opaque_id": "answer",
        "kind": "handbook_dont_know",
        "value": {"question": QUESTION, "topics": [], "command": "/project"},
        "place_kind": "thread",
        "place": "thread:C0ITS:1.5",
        "channel_id": "C0ITS",
        "thread_ts": "1.5",
        "state": "sent",
    }
    return Delivery(workspace_id=workspace_id, due_at=NOON, created_at=NOON, **values)


async def inquiry_of(desk: Desk, question_id: int) -> int | None:
    async with desk.database.reading() as session:
        return (await session.get_one(Question, question_id)).inquiry_id


async def test_the_answer_goes_into_the_thread_of_the_question_only_where_that_is_ticked(
    any_desk: Desk,
) -> None:
    desk = any_desk
    number = await logged(desk, "who signs for Apollo?", AskedIn.MENTION)
    omar = await desk.world.viewer("omar")
    blank = await desk.handing.blank(omar, number)
    assert (blank.text, blank.code) == ("who signs for Apollo?", "APOLLO")
    asked = await desk.ask_pmo("omar", QUESTION, question_id=number)
    assert await inquiry_of(desk, number) == asked.card.inquiry_id
    assert (await desk.card("dana", asked)).has_thread
    await desk.say("dana", asked, ANSWER)
    assert not any(isinstance(each, AnswerInThread) for each in (await desk.said()).values())
    await desk.say("dana", asked, "And the PMO.", seen=99, in_thread=True)
    (told,) = [each for each in (await desk.said()).values() if isinstance(each, AnswerInThread)]
    assert told == AnswerInThread(QUESTION, "Dana", "And the PMO.")
    row = await desk.delivery(f"inquiry-thread:{asked.card.inquiry_id}:3")
    assert (row.channel_id, row.thread_ts) == ("C0ITS", "1.5")


async def test_what_names_a_restricted_project_never_goes_into_that_thread(desk: Desk) -> None:
    await desk.project("VAULT", visibility=RESTRICTED)
    number = await logged(desk, "who signs?", AskedIn.MENTION)
    asked = await desk.ask_pmo("erik", QUESTION, question_id=number)
    with pytest.raises(FieldErrors, match="leave the box empty"):
        await desk.say("dana", asked, "As for vault.", in_thread=True)
    assert len(await desk.record()) == 1
    await desk.say("dana", asked, "As for vault.")
    assert not (await desk.card("dana", asked)).has_thread
    hidden = await desk.ask_pmo("omar", QUESTION, "VAULT", question_id=number)
    assert not (await desk.card("dana", hidden)).has_thread


async def test_another_persons_own_question_is_neither_shown_nor_linked(desk: Desk) -> None:
    number = await logged(desk, "my secret?", AskedIn.DIRECT)
    assert (await desk.handing.blank(await desk.world.viewer("omar"), number)).text == ""
    await desk.ask_pmo("omar", QUESTION, question_id=number)
    assert await inquiry_of(desk, number) is None
    own = await desk.ask_pmo("erik", QUESTION, question_id=number)
    assert await inquiry_of(desk, number) == own.card.inquiry_id
    assert not own.card.has_thread


async def test_an_answer_links_to_the_thread_for_whoever_can_read_there(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("erik", QUESTION)
    number = asked.card.inquiry_id
    await desk.office.find_link(number)
    assert desk.directory.asked == [], "it is not posted yet"
    await desk.post()
    desk.directory.troubles = {"link": Transient("slow", "Slack is slow")}
    await desk.office.find_link(number)
    desk.directory.troubles.clear()
    desk.directory.readers.add("U0ERIK")
    await desk.office.find_link(number)
    await desk.say("dana", asked, ANSWER)
    ts = (await desk.delivery(head(number))).slack_ts
    assert [each.link for each in await news(desk)] == [f"https://slack.example/C0OFFICE/{ts}"]
    asked_before = len(desk.directory.asked)
    await desk.office.find_link(number)
    assert len(desk.directory.asked) == asked_before


async def test_the_words_of_what_is_about_no_project_go_after_half_a_year(any_desk: Desk) -> None:
    desk = any_desk
    await desk.world.configure(**CHANNEL)
    waits = await desk.ask_pmo("erik", "Still there?")
    done = await desk.ask_pmo("erik", QUESTION)
    kept = await desk.ask_pmo("erik", "About it?", "APOLLO")
    await desk.say("dana", done, ANSWER)
    await desk.post()
    assert await desk.office.forget(NOON + KEPT) == 0
    assert not await jobs.inquiries.forget(desk.office, NOON + KEPT + timedelta(seconds=1))
    texts = [text for _step, text in await desk.record()]
    assert texts == ["", "", "About it?", "", "Nobody has answered for half a year."]
    assert (await desk.card("erik", waits)).state is InquiryState.CLOSED
    assert (await desk.card("erik", kept)).state is InquiryState.OPEN
    assert await desk.office.forget(NOON + 2 * KEPT) == 0

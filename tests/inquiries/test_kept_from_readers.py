"""What names a restricted project is kept from whoever must not know of it, also later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from domain.delivery.housekeeping import Housekeeper
from domain.errors import NotFoundError
from domain.inquiries.messages import AnswerInThread, InquiryNews, OfficeMoved
from domain.inquiries.rules import KEPT
from models.delivery import Delivery
from models.enums import AskedIn, DeliveryState, InquiryState
from tests.inquiries.test_asking_the_pmo import logged
from tests.support.asking import CODEC, NOON, Desk
from tests.support.portfolio import RESTRICTED, at

QUESTION, ANSWER = "Why does it cost that much?", "Steel is dear."
CHANNEL = {"pmo": {"channel": "pmo-office"}, "pmo_channel_id": "C0OFFICE"}
HEAD = "inquiry-pmo:1:channel:C0OFFICE"


def of_day(day: int) -> str:
    return f"inquiries-office:2026-11-{day}:channel:C0OFFICE"


async def in_the_ledger(desk: Desk) -> dict[str, Any]:
    """What stands or will stand in Slack by the ledger, but for what has lost its text."""
    async with desk.database.reading() as session:
        rows = (await session.exec(select(Delivery))).all()
    return {
        row.key: CODEC.decode(row.kind, row.value)
        for row in rows
        if row.stripped_at is None and row.state is not DeliveryState.EXPIRED
    }


async def strip(desk: Desk, now: datetime) -> None:
    """Let the ledger drop the texts of all that Slack has."""
    await desk.post()
    async with desk.database.writing() as session:
        for row in (await session.exec(select(Delivery))).all():
            row.state = DeliveryState.SENT
    await Housekeeper(desk.database, desk.world.workspace_id).strip(now)
    assert await in_the_ledger(desk) == {}


@pytest.mark.parametrize("is_old", [False, True], ids=["as it was said", "without its text"])
async def test_what_becomes_restricted_leaves_the_days_message_in_the_channel_too(
    desk: Desk, *, is_old: bool
) -> None:
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("carol", QUESTION, "APOLLO")
    await desk.tick(at(26, 17))
    await desk.post()
    await desk.say("dana", asked, ANSWER, now=at(26, 18))
    await desk.post()
    later = at(26, 18)
    if is_old:
        later += timedelta(days=100)
        await strip(desk, later)
    await desk.tick(later)
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    await desk.tick(later)
    said = await in_the_ledger(desk)
    assert (said[HEAD], said[f"{HEAD}:1"]) == (OfficeMoved(), OfficeMoved())
    assert said[of_day(26)].items == ()


@pytest.mark.parametrize("is_later", [False, True], ids=["when asked", "later"])
async def test_what_a_pm_passes_on_is_not_for_the_channel_if_it_names_a_restricted_project(
    desk: Desk, *, is_later: bool
) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.project("VAULT", **({} if is_later else {"visibility": RESTRICTED}))
    asked = await desk.ask("omar", "Does vault delay it?")
    await desk.pass_on("ana", asked)
    assert (of_day(25) in await desk.said()) is is_later
    await desk.post()
    await desk.tick(NOON)
    await desk.world.change("VAULT", visibility=RESTRICTED)
    await desk.tick(NOON)
    said = await desk.said()
    assert of_day(25) not in said or said[of_day(25)].items == ()
    (item,) = said[f"inquiries-office:2026-11-25:person:{desk.world.id('dana')}"].items
    assert item.question == "Does vault delay it?"


@pytest.mark.parametrize("is_asked_back", [False, True], ids=["further question", "reply"])
async def test_who_may_not_see_what_it_comes_to_name_has_a_question_no_longer(
    desk: Desk, *, is_asked_back: bool
) -> None:
    await desk.project("VAULT", visibility=RESTRICTED)
    asked = await desk.ask_pmo("omar", QUESTION)
    await desk.pass_to("dana", asked, "erik")
    if is_asked_back:
        await desk.ask_back("erik", asked, "What?")
    await desk.say("omar", asked, "I mean vault.")
    said = await desk.said()
    assert desk.key("erik") not in said
    assert not [
        each for each in said.values() if isinstance(each, InquiryNews) and each.news == "reply"
    ]
    assert (await desk.card("dana", asked)).asked == ""
    with pytest.raises(NotFoundError):
        await desk.card("erik", asked)


async def test_who_may_not_see_what_becomes_restricted_has_a_question_no_longer(
    desk: Desk,
) -> None:
    asked = await desk.ask_pmo("carol", QUESTION, "APOLLO")
    await desk.pass_to("dana", asked, "erik")
    await desk.post(desk.key("erik"))
    assert await desk.tick(NOON) == 0
    await desk.world.change("APOLLO", visibility=RESTRICTED)
    assert await desk.tick(NOON) == 1
    assert (await desk.said())[desk.key("erik")].items == ()
    assert (await desk.card("dana", asked)).asked == ""


async def test_words_that_are_forgotten_are_gone_from_a_message_that_stands_for_long(
    desk: Desk,
) -> None:
    await desk.world.configure(**CHANNEL)
    await desk.ask_pmo("erik", QUESTION)
    await strip(desk, NOON + timedelta(days=100))
    await desk.office.forget(NOON + KEPT + timedelta(days=1))
    message = (await in_the_ledger(desk))[HEAD]
    assert (message.question, message.state) == ("", InquiryState.CLOSED)


async def test_what_is_taken_back_while_it_is_being_posted_says_so_afterwards(desk: Desk) -> None:
    await desk.world.configure(**CHANNEL)
    asked = await desk.ask_pmo("erik", QUESTION)
    async with desk.database.writing() as session:
        (row,) = (await session.exec(select(Delivery))).all()
        row.state = DeliveryState.SENDING
    await desk.take_back("erik", asked)
    row = await desk.delivery(HEAD)
    assert (row.state, row.revision) == (DeliveryState.SENDING, 2)
    assert (await desk.said())[HEAD].state is InquiryState.CLOSED


@pytest.mark.parametrize("names_it", [True, False], ids=["named", "not named"])
async def test_what_becomes_restricted_leaves_the_thread_of_who_asked_too(
    desk: Desk, *, names_it: bool
) -> None:
    await desk.project("VAULT")
    number = await logged(desk, "who signs?", AskedIn.MENTION)
    asked = await desk.ask_pmo("erik", QUESTION, question_id=number)
    answer = "As for vault." if names_it else ANSWER
    await desk.say("dana", asked, answer, in_thread=True)
    key = "inquiry-thread:1:2"
    await desk.post(key)
    await desk.tick(NOON)
    await desk.world.change("VAULT", visibility=RESTRICTED)
    await desk.tick(NOON)
    there = (await desk.said())[key]
    assert there == (
        OfficeMoved(is_answer=True) if names_it else AnswerInThread(QUESTION, "Dana", ANSWER)
    )

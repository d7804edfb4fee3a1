"""A request that goes from one person to another, and what each of them is told."""

from datetime import date, datetime

from sqlalchemy import update

from domain.collecting.handover.moving import move_request
from domain.collecting.messages import HandedOver, RequestItem, StatusRequestMessage
from models.collecting import request_row
from models.delivery import Delivery
from models.enums import RequestState
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, Office

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day."""
THEN = at(26, 15, 40)
CUT_OFF = at(27, 20)


async def hand(
    office: Office, code: str, name: str, reason: str = "new PM", now: datetime = THEN
) -> None:
    request_id = await office.request_id(code)
    async with office.database.writing() as session:
        row = await request_row(session, office.world.workspace_id, request_id, locked=True)
        assert row is not None
        await move_request(session, office.outbox, row, office.world.id(name), reason, now)


async def items(office: Office, name: str, day: date) -> list[RequestItem]:
    key = f"request:{office.world.id(name)}:{day}"
    return list((await office.message(StatusRequestMessage, key)).items)


async def posted(office: Office) -> None:
    """Slack has taken all that was said."""
    async with office.database.writing() as session:
        await session.exec(update(Delivery).values(posted_at=NINE))


async def test_both_messages_tell_that_a_request_went_to_somebody_else(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.project("BOREAS", pm="ana")
    await office.tick(NINE)
    await hand(office, "APOLLO", "ben", "handed to the deputy")
    (gone, kept) = await items(office, "ana", date(2026, 11, 25))
    assert (gone.handed_to, gone.handed_at, gone.handed_why) == ("Ben", THEN, "")
    assert (gone.is_waiting, kept.is_waiting) == (False, True)
    (mine,) = await items(office, "ben", date(2026, 11, 26))
    assert (mine.came_from, mine.reason) == ("Ana", "handed to the deputy")
    assert mine.is_waiting


async def test_an_answer_is_shown_to_who_has_the_request_and_to_who_had_it(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.tick(NINE)
    await hand(office, "APOLLO", "ben")
    await office.answer("APOLLO", THEN, GREEN, by="ben")
    for name, day in (("ana", date(2026, 11, 25)), ("ben", date(2026, 11, 26))):
        (item,) = await items(office, name, day)
        assert (item.state, item.author) == (RequestState.ANSWERED, "Ben")


async def test_who_had_a_restricted_project_is_told_no_more_of_it(office: Office) -> None:
    await office.world.project("VAULT", pm="ana", visibility=RESTRICTED)
    await office.tick(NINE)
    await office.world.change("VAULT", pm="li")
    await hand(office, "VAULT", "li")
    await office.answer("VAULT", THEN, GREEN, by="li")
    (gone,) = await items(office, "ana", date(2026, 11, 25))
    assert (gone.handed_to, gone.handed_at, gone.health) == ("Somebody else", None, None)
    assert not gone.may_answer


async def test_a_request_that_comes_back_stands_once_in_the_message(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.tick(at(26, 14))  # the bot slept: Ana is asked today
    await hand(office, "APOLLO", "ben")
    await hand(office, "APOLLO", "ana", "handed back")
    (mine,) = await items(office, "ana", date(2026, 11, 26))
    assert (mine.came_from, mine.handed_to, mine.is_waiting) == ("Ben", "", True)
    (gone,) = await items(office, "ben", date(2026, 11, 26))
    assert gone.handed_to == "Ana"


async def test_an_earlier_message_names_who_has_a_request_after_all_its_moves(
    any_office: Office,
) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.tick(NINE)
    await hand(office, "APOLLO", "ben", "handed to the deputy")
    later = at(26, 16)
    await hand(office, "APOLLO", "ana", "handed back", later)
    (first,) = await items(office, "ana", date(2026, 11, 25))
    assert (first.handed_to, first.handed_at, first.handed_why) == ("Ana", later, "handed back")
    (mine,) = await items(office, "ana", date(2026, 11, 26))
    assert (mine.came_from, mine.is_waiting) == ("Ben", True)


async def test_to_who_has_it_already_nothing_is_moved(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.tick(NINE)
    before = await office.said()
    await hand(office, "APOLLO", "ana")
    assert await office.said() == before


async def test_who_is_off_today_gets_the_request_for_the_next_day_they_work(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.tick(NINE)
    await office.world.leave("li", date(2026, 11, 26), date(2026, 11, 26))
    await hand(office, "APOLLO", "li")
    assert await items(office, "li", date(2026, 11, 27))


async def test_what_joins_a_message_that_is_out_is_told_apart(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.project("BOREAS", pm="ben")
    await office.tick(at(26, 14))
    await posted(office)
    await hand(office, "APOLLO", "ben", "handed to the deputy")
    word = await office.message(HandedOver)
    assert (word.code, word.from_name, word.reason) == ("APOLLO", "Ana", "handed to the deputy")
    assert [each.code for each in await items(office, "ben", date(2026, 11, 26))] == [
        "APOLLO",
        "BOREAS",
    ]


async def test_what_comes_back_on_the_same_day_is_told_once_more(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.project("BOREAS", pm="ben")
    await office.tick(at(26, 14))
    await posted(office)
    await hand(office, "APOLLO", "ben", "handed to the deputy")
    await posted(office)
    await hand(office, "APOLLO", "ana", "handed back")
    await posted(office)
    await hand(office, "APOLLO", "ben", "on leave from now on")
    to_ben = f"person:{office.world.id('ben')}"
    words = [
        each
        for each in await office.said()
        if isinstance(each.message, HandedOver) and each.place == to_ben
    ]
    assert [each.message.reason for each in words] == [
        "handed to the deputy",
        "on leave from now on",
    ]
    assert [each.revision for each in words] == [1, 1]


async def test_what_joins_a_message_that_is_not_out_yet_costs_no_second_one(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.project("BOREAS", pm="ben")
    await office.tick(at(26, 14))
    await hand(office, "APOLLO", "ben")
    assert await office.messages(HandedOver) == []


async def test_what_is_handed_over_after_its_cut_off_is_still_asked(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.ticks(NINE, at(26, 10))
    request_id = await office.request_id("APOLLO")
    await office.tick(CUT_OFF)
    async with office.database.writing() as session:
        row = await request_row(session, office.world.workspace_id, request_id, locked=True)
        assert row is not None
        later = at(30, 15)
        await move_request(session, office.outbox, row, office.world.id("ben"), "new PM", later)
    assert await items(office, "ben", date(2026, 11, 30))
    assert (await office.expiries())[-1] is None

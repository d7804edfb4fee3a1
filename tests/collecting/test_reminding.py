"""Reminding: once for each step, at a good hour, and never of what is answered."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.collecting.messages import Reminder, WantedReminder
from domain.collecting.postponing.service import PostponingService
from domain.collecting.reminding.reminders import NOTHING_OPEN, schedule_reminder
from domain.delivery.attention import Gatekeeper
from message_templates.rendering import render
from models.collecting import StatusRequest
from models.delivery import Delivery
from models.enums import DeliveryState, RequestState
from tests.support.looks import assert_slack_takes, lines_of
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, Office, statements

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day, a Wednesday."""
DAY_AFTER = at(26, 14)
CUT_OFF = at(27, 20)
OFFICE_HOURS = {"hours_from": time(9), "hours_to": time(17)}


@pytest.fixture
async def world(database: Any, workspace_id: int) -> World:
    world = await World.stored(database, workspace_id)
    await world.change_calendar(ITS, remind_after=["24h"])
    return world


@pytest.fixture
async def any_office(any_office: Office) -> Office:
    await any_office.world.change_calendar(ITS, remind_after=["24h"])
    return any_office


async def reminders(office: Office) -> list[Reminder]:
    return await office.messages(Reminder)


async def codes(office: Office) -> list[list[str]]:
    """The projects of each reminder that was said."""
    return [[item.code for item in each.items] for each in await reminders(office)]


async def ledger(office: Office) -> list[Delivery]:
    """The rows of the reminders."""
    async with office.database.reading() as session:
        found = await session.exec(
            select(Delivery)
            .where(col(Delivery.kind).in_((Reminder.kind, WantedReminder.kind)))
            .order_by(col(Delivery.id))
        )
        return list(found.all())


async def admit(office: Office, now: datetime) -> None:
    await Gatekeeper(office.database, office.outbox).admit(now)


async def test_one_message_reminds_of_all_that_is_open_and_says_until_when(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    for code in ("APOLLO", "BOREAS", "CERES"):
        await world.project(code)
    await office.ticks(NINE, DAY_AFTER - timedelta(minutes=1))
    assert await codes(office) == []
    await office.answer("BOREAS", DAY_AFTER - timedelta(minutes=1), GREEN)
    await office.ticks(DAY_AFTER, DAY_AFTER, CUT_OFF - timedelta(minutes=1), CUT_OFF)
    assert await codes(office) == [["APOLLO", "CERES"]]
    (row,) = await ledger(office)
    assert (row.person_id, row.expires_at) == (world.id("ana"), CUT_OFF)
    rendered = render((await reminders(office))[0])
    assert_slack_takes(rendered)
    assert "Fri 27 Nov 2026 15:00 (America/New_York)" in rendered[0].text


async def test_replicas_that_remind_at_the_same_instant_remind_once(any_office: Office) -> None:
    office, world = any_office, any_office.world
    for number in range(4):
        await world.project(f"P{number}", pm=("ana", "ben")[number % 2])
    await office.tick(NINE)
    await asyncio.gather(*(office.cycles.remind(DAY_AFTER) for _replica in range(5)))
    assert await codes(office) == [["P0", "P2"], ["P1", "P3"]]
    assert [row.revision for row in await ledger(office)] == [1, 1]


async def test_an_answer_and_a_reminder_at_the_same_instant_leave_no_open_reminder(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await office.tick(NINE)
    await asyncio.gather(office.cycles.remind(DAY_AFTER), office.answer("APOLLO", DAY_AFTER, GREEN))
    assert not [row for row in await ledger(office) if row.state.value == "waiting"]


async def test_each_step_reminds_once_and_none_after_the_answer(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, remind_after=["24h", "80%"])
    await world.project("APOLLO")
    await world.project("ZEUS")
    await office.ticks(NINE, DAY_AFTER)
    await _post(office)
    await office.answer("ZEUS", DAY_AFTER, GREEN)
    await office.ticks(*(DAY_AFTER + timedelta(hours=hour) for hour in range(1, 31)))
    assert await codes(office) == [["APOLLO", "ZEUS"], ["APOLLO"]]


async def test_what_was_missed_while_the_bot_slept_is_said_once_and_after_the_cut_off_never(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, remind_after=["24h", "30h", "80%"])
    await world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF - timedelta(hours=1))
    assert await codes(office) == [["APOLLO"]]
    await office.ticks(at(9, 14, month=12), at(11, 21, month=12))
    assert len(await reminders(office)) == 1


async def test_a_reminder_comes_at_its_persons_hours(world: World, office: Office) -> None:
    await world.change_calendar(ITS, remind_after=["80%"])  # at a quarter past four at night
    await world.personal("ana", **OFFICE_HOURS)
    await world.project("APOLLO")
    await office.ticks(NINE, at(27, 10), at(27, 13, 59))
    assert await codes(office) == []
    await office.tick(at(27, 14))
    assert await codes(office) == [["APOLLO"]]


async def test_a_reminder_on_a_holiday_comes_on_the_next_working_day(
    world: World, office: Office
) -> None:
    await world.configure(holidays={"country": "US"})
    await world.project("APOLLO")
    await office.ticks(NINE, DAY_AFTER)  # Thanksgiving; the cut-off is on Monday then
    assert await codes(office) == []
    await office.tick(at(27, 13))
    assert await codes(office) == [["APOLLO"]]


async def test_who_went_on_leave_is_not_reminded_and_the_record_says_why(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await world.leave("ana", date(2026, 11, 26), date(2026, 12, 4))
    await office.tick(DAY_AFTER)
    await admit(office, DAY_AFTER)
    (row,) = await ledger(office)
    assert row.state.value == "expired"
    assert "on leave until 2026-12-04" in row.reason


async def test_leave_that_ends_in_time_puts_the_reminder_off(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await world.leave("ana", date(2026, 11, 26), date(2026, 11, 26))
    await office.tick(DAY_AFTER)
    assert await codes(office) == []
    (request,) = await office.requests("APOLLO")
    assert request.remind_at == at(27, 13)
    await office.tick(at(27, 14))
    assert await codes(office) == [["APOLLO"]]


async def test_a_reminder_that_waits_for_its_turn_is_taken_back_when_all_is_answered(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await world.project("BOREAS")
    await office.ticks(NINE, DAY_AFTER)
    await office.answer("APOLLO", DAY_AFTER, GREEN)
    assert await codes(office) == [["BOREAS"]]
    await office.answer("BOREAS", DAY_AFTER, GREEN)
    (row,) = await ledger(office)
    assert (row.state.value, row.reason) == ("expired", NOTHING_OPEN)


async def test_a_posted_reminder_shows_what_has_been_answered_since(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.project("BOREAS")
    await office.ticks(NINE, DAY_AFTER)
    await _post(office)
    await office.answer("APOLLO", DAY_AFTER, GREEN)
    (reminder,) = await reminders(office)
    assert [item.state.value for item in reminder.items] == ["answered", "asked"]
    await office.tick(CUT_OFF)
    (reminder,) = await reminders(office)
    assert [item.state.value for item in reminder.items] == ["answered", "missed"]
    await office.answer("BOREAS", CUT_OFF, GREEN)
    (rendered,) = render((await reminders(office))[0])
    assert "Nothing of this waits for your answer any more." in " ".join(lines_of(rendered))


async def _post(office: Office) -> None:
    """As if all that is said had been posted."""
    async with office.database.writing() as session:
        for row in (await session.exec(select(Delivery))).all():
            row.slack_ts, row.state = f"1.{row.pk}", DeliveryState.SENT
            session.add(row)


async def test_what_waits_for_the_budget_takes_in_the_next_step_instead_of_a_second_message(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, remind_after=["24h", "30h"])
    await world.project("APOLLO")
    await office.ticks(NINE, DAY_AFTER, DAY_AFTER + timedelta(hours=6))
    assert len(await ledger(office)) == 1


async def test_what_two_councils_would_remind_of_within_hours_is_one_message(
    world: World, office: Office
) -> None:
    await world.council(STS, rhythm={"remind_after": ["26h"], "cut_off": "+2d 16:00"})
    await world.project("APOLLO")
    await world.project("BOREAS", council=STS)
    await office.ticks(NINE, DAY_AFTER)
    await _post(office)
    await office.tick(DAY_AFTER + timedelta(hours=2))
    assert await codes(office) == [["APOLLO", "BOREAS"]]
    (row,) = await ledger(office)
    assert row.expires_at == CUT_OFF + timedelta(hours=1)


async def test_who_is_no_longer_the_one_to_answer_is_not_reminded(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", visibility=RESTRICTED)
    await office.tick(NINE)
    await world.change("APOLLO", pm="li")
    assert await office.cycles.remind(DAY_AFTER)  # before the plan has moved it
    assert not await office.cycles.remind(DAY_AFTER)
    assert await codes(office) == []


async def test_of_an_older_request_nobody_is_reminded_once_a_newer_one_is_asked(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, every="FREQ=DAILY", cut_off="+3d 15:00", digest="+4d 08:00")
    await world.project("APOLLO")
    await office.ticks(NINE, DAY_AFTER, DAY_AFTER + timedelta(hours=1))
    assert await codes(office) == []
    await office.ticks(at(27, 14), at(28, 14), at(30, 13))  # Friday's, on Monday before the next
    assert await codes(office) == [["APOLLO"]]


async def test_without_steps_and_without_a_calendar_nobody_is_reminded(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, remind_after=[])
    await world.project("APOLLO")
    await office.ticks(NINE, DAY_AFTER, CUT_OFF)
    assert await codes(office) == []


async def _snooze(office: Office, until: datetime, now: datetime) -> None:
    async with office.database.writing() as session:
        for request in (await session.exec(select(StatusRequest))).all():
            request.snoozed_until = until
            session.add(request)
            await schedule_reminder(session, [request], now)


async def test_quiet_that_was_asked_for_ends_with_a_reminder_that_costs_no_attention(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    until = DAY_AFTER + timedelta(hours=3)
    await _snooze(office, until, NINE + timedelta(hours=1))
    await office.ticks(DAY_AFTER, until - timedelta(minutes=1))
    assert await codes(office) == []
    await office.ticks(until, until + timedelta(hours=1))
    assert await codes(office) == [["APOLLO"]]
    (row,) = await ledger(office)
    assert (row.kind, row.attention.value, row.state.value) == ("wanted_reminder", "free", "due")
    (request,) = await office.requests("APOLLO")
    assert (request.snoozed_until, request.remind_at) == (None, None)


async def test_what_is_snoozed_is_left_out_of_a_reminder_of_the_rest(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await _snooze(office, DAY_AFTER + timedelta(hours=3), NINE)
    await world.project("ZEUS")
    await office.ticks(NINE + timedelta(minutes=1), DAY_AFTER, DAY_AFTER + timedelta(hours=1))
    assert await codes(office) == [["ZEUS"]]


async def test_reminding_takes_as_many_statements_for_many_people_as_for_few(
    office: Office,
) -> None:
    world = office.world
    counts = []
    for week, people in enumerate((2, 20)):
        for number in range(people):
            name = f"pm{week}{number}"
            await world.person(name)
            await world.project(name.upper(), pm=name)
            await world.project(f"{name.upper()}B", pm=name)
        now = DAY_AFTER + timedelta(days=7 * week)
        await office.tick(now - timedelta(days=1))
        with statements(office.database) as seen:
            await office.cycles.remind(now)
        counts.append(len(seen))
    assert len(await codes(office)) == 2 + 22
    assert counts[0] == counts[1]


async def test_a_reminder_knows_of_which_projects_no_change_is_an_answer(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await office.answer("APOLLO", NINE, GREEN)
    await world.project("ZEUS")
    week = timedelta(weeks=1)
    await office.ticks(CUT_OFF, NINE + week, DAY_AFTER + week)
    items = (await reminders(office))[-1].items
    assert [(each.code, each.may_stay) for each in items] == [("APOLLO", True), ("ZEUS", False)]


async def test_a_request_that_is_excused_while_a_reminder_waits_is_not_reminded_of(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    async with office.database.writing() as session:
        for request in (await session.exec(select(StatusRequest))).all():
            request.state = RequestState.EXCUSED
            session.add(request)
    await office.tick(DAY_AFTER)
    assert await codes(office) == []


async def test_a_reminder_that_waits_for_its_turn_is_taken_back_by_a_wish_for_quiet(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(NINE, DAY_AFTER)
    (request,) = await office.requests("APOLLO")
    postponing = PostponingService(office.database, world.workspace_id, office.outbox)
    until = DAY_AFTER + timedelta(hours=3)
    await postponing.snooze(await world.viewer("ana"), request.pk, until, DAY_AFTER, alone=False)
    assert [(row.state.value, row.reason) for row in await ledger(office)] == [
        ("expired", NOTHING_OPEN)
    ]
    await office.tick(until)
    assert [row.kind for row in await ledger(office)] == ["reminder", "wanted_reminder"]


async def test_a_reminder_that_waits_for_who_had_a_request_is_not_given_to_who_has_it(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, remind_after=["24h", "30h"])
    await world.project("APOLLO", pm="ana", deputy="ben")
    await world.project("BOREAS", pm="ana")
    await office.ticks(NINE, DAY_AFTER)
    service = PostponingService(office.database, world.workspace_id, office.outbox)
    ana, request_id = await world.viewer("ana"), await office.request_id("APOLLO")
    await service.hand_to_deputy(ana, request_id, DAY_AFTER + timedelta(minutes=5))
    await office.tick(DAY_AFTER + timedelta(hours=6))
    readers = {row.person_id for row in await ledger(office)}
    assert readers == {world.id("ana"), world.id("ben")}

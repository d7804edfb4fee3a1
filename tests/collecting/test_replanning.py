"""What is planned and not asked yet follows the record; what was asked stays as it was asked."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from domain.collecting.asking.planning import HOUR_PASSED, LATE, PAUSED, SLEPT_THROUGH, SUPERSEDED
from domain.collecting.escalating.telling import NEVER_ASKED
from domain.collecting.messages import StatusRequestMessage
from domain.digests.messages import DigestHead
from models.collecting import Cycle, StatusRequest, planning_state
from models.enums import CycleState
from tests.support.portfolio import ITS, STS, World, at
from tests.support.reporting import GREEN, Office, statements

DAY_BEFORE = at(24, 12)
NINE = at(25, 14)
"""Nine o'clock in New York on the ask day, a Wednesday."""
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
WEDNESDAY = date(2026, 11, 25)
THURSDAY = date(2026, 11, 26)
FRIDAY = date(2026, 11, 27)
DAILY = {"every": "FREQ=DAILY", "cut_off": "+2d 15:00", "digest": "+2d 16:00", "freeze": None}
US = {"country": "US", "subdivision": "NY"}


async def _asked(office: Office) -> dict[str, list[str]]:
    """The codes in each request message, by the key's person and day."""
    return {
        each.key.removeprefix("request:"): [item.code for item in each.message.items]
        for each in await office.said()
        if isinstance(each.message, StatusRequestMessage)
    }


async def _request(office: Office, code: str = "APOLLO") -> StatusRequest:
    (request,) = await office.requests(code)
    return request


async def _cycles(office: Office) -> list[Cycle]:
    async with office.database.reading() as session:
        return sorted((await session.exec(select(Cycle))).all(), key=lambda each: each.opens_on)


# --- leave, holidays, people who are gone


async def test_on_leave_the_deputy_is_asked_and_the_record_and_the_message_say_why(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO", deputy="li")
    await world.leave("ana", date(2026, 11, 20), date(2026, 12, 4))
    await office.tick(at(25, 3, 30))  # nine o'clock in Kolkata
    (item,) = await office.asked_of("li")
    assert (item.in_place_of, item.handed_to) == ("Ana", "")
    assert item.reason == "on leave until 4 Dec: deputy asked"
    assert (await _request(office)).reason == item.reason
    await office.answer("APOLLO", at(25, 10), GREEN, by="li")
    assert await office.states() == ["answered"]


async def test_what_the_deputy_missed_stands_in_the_digest_with_its_reason(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", deputy="ben")
    await world.leave("ana", date(2026, 11, 20), date(2026, 12, 4))
    await office.ticks(NINE, CUT_OFF, DIGEST)
    head = await office.message(DigestHead)
    assert [(each.pm, each.reason) for each in head.missing] == [
        ("Ana", "on leave until 4 Dec: deputy asked")
    ]
    assert (head.due, head.received) == (1, 0)


@pytest.mark.parametrize(
    ("leave", "gone", "reason"),
    [
        (("ana",), (), "on leave until 4 Dec, no deputy"),
        ((), ("ana",), "has left Slack, no deputy"),
    ],
)
async def test_who_can_not_be_asked_and_has_no_deputy_is_grey_with_the_reason_and_owes_nothing(
    world: World, office: Office, leave: tuple[str, ...], gone: tuple[str, ...], reason: str
) -> None:
    await world.project("APOLLO")
    await world.project("HERA", pm="ben")
    for name in leave:
        await world.leave(name, date(2026, 11, 20), date(2026, 12, 4))
    for name in gone:
        await world.change_person(name, is_gone=True)
    await office.tick(NINE)
    assert await office.states() == ["excused", "asked"]
    await office.ticks(CUT_OFF, DIGEST)
    assert await _asked(office) == {f"{world.id('ben')}:{WEDNESDAY}": ["HERA"]}
    head = await office.message(DigestHead)
    assert [(each.code, each.reason) for each in head.missing] == [("APOLLO", reason), ("HERA", "")]
    assert (head.due, head.received, head.counts.grey) == (1, 0, 2)


async def test_an_excused_request_that_is_answered_all_the_same_counts(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.leave("ana", date(2026, 11, 20), date(2026, 12, 4))
    await office.tick(NINE)
    await office.answer("APOLLO", NINE, GREEN, by="dana")
    await office.ticks(CUT_OFF, DIGEST)
    assert await office.states() == ["answered"]
    head = await office.message(DigestHead)
    assert (head.due, head.received, head.missing) == (1, 1, ())


async def test_on_a_public_holiday_the_pm_is_asked_on_the_next_day_they_work(
    world: World, office: Office
) -> None:
    await world.configure(holidays=US)
    await world.change_calendar(ITS, first=THURSDAY, every="FREQ=YEARLY")
    await world.project("APOLLO")
    await world.person("pat")
    await world.project("INDUS", pm="pat")
    await world.personal("pat", country="IN")
    await office.ticks(NINE + timedelta(days=1))
    assert await _asked(office) == {f"{world.id('pat')}:{THURSDAY}": ["INDUS"]}
    await office.tick(NINE + timedelta(days=2))
    (item,) = await office.asked_of("ana")
    assert item.reason == "asked a day later: public holiday (Thanksgiving Day)"
    assert (await office.message(StatusRequestMessage, f":{world.id('ana')}:")).opens_on == FRIDAY


async def test_a_holiday_that_brings_two_councils_onto_one_day_costs_one_message(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.configure(holidays=US)
    await world.change_calendar(ITS, first=THURSDAY, every="FREQ=YEARLY", cut_off="+3d 15:00")
    await world.council(STS, rhythm={"first": FRIDAY, "every": "FREQ=YEARLY"})
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    await office.ticks(NINE + timedelta(days=1), NINE + timedelta(days=2))
    assert await _asked(office) == {f"{world.id('ana')}:{FRIDAY}": ["APOLLO", "HERA"]}
    assert [each.revision for each in await office.said()] == [1]


async def test_a_holiday_that_brings_two_cycles_of_a_project_onto_one_day_asks_the_newer(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.configure(holidays=US)
    await world.change_calendar(ITS, **DAILY | {"first": THURSDAY})
    await world.project("APOLLO")
    await office.ticks(NINE + timedelta(days=1), NINE + timedelta(days=2))
    assert await _asked(office) == {f"{world.id('ana')}:{FRIDAY}": ["APOLLO"]}
    older, newer, _saturdays = await office.requests("APOLLO")
    assert (older.state, older.reason) == ("excused", SUPERSEDED)
    assert newer.state == "asked"


# --- following the record until somebody is asked


async def _new_zone(world: World) -> None:
    await world.change_person("ana", timezone="America/Los_Angeles")


async def _later_hour(world: World) -> None:
    await world.change_calendar(ITS, ask_at=time(12))


async def _new_pm(world: World) -> None:
    await world.change("APOLLO", pm="pia")


async def _deputy_for_leave(world: World) -> None:
    await world.leave("ana", WEDNESDAY, date(2026, 12, 4))
    await world.change("APOLLO", deputy="pia")


async def _working_hours(world: World) -> None:
    await world.personal("ana", hours_from=time(12), hours_to=time(16))


@pytest.mark.parametrize(
    ("change", "who"),
    [
        (_new_zone, "ana"),
        (_later_hour, "ana"),
        (_new_pm, "pia"),
        (_deputy_for_leave, "pia"),
        (_working_hours, "ana"),
    ],
)
async def test_what_changes_before_the_hour_moves_the_ask(
    world: World, office: Office, change: Any, who: str
) -> None:
    await world.person("pia", timezone="America/Los_Angeles")
    await world.project("APOLLO")
    await office.tick(DAY_BEFORE)
    await change(world)
    await office.tick(NINE + timedelta(hours=3) - timedelta(seconds=1))
    assert await _asked(office) == {}
    await office.tick(NINE + timedelta(hours=3))
    assert await _asked(office) == {f"{world.id(who)}:{WEDNESDAY}": ["APOLLO"]}


@pytest.mark.parametrize("change", [_new_zone, _later_hour, _working_hours])
async def test_what_changes_after_the_ask_asks_nobody_again(
    world: World, office: Office, change: Any
) -> None:
    await world.person("pia", timezone="America/Los_Angeles")
    await world.project("APOLLO")
    await office.tick(NINE)
    await change(world)
    await office.ticks(NINE + timedelta(minutes=1), NINE + timedelta(hours=3), CUT_OFF)
    assert await _asked(office) == {f"{world.id('ana')}:{WEDNESDAY}": ["APOLLO"]}
    assert len(await office.requests()) == 1


async def test_a_leave_that_is_ended_early_brings_the_ask_back(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.leave("ana", date(2026, 11, 20), date(2026, 12, 4))
    await office.tick(NINE)
    assert await office.states() == ["excused"]
    await world.leave("ana", date(2026, 11, 20), WEDNESDAY)
    await office.tick(NINE + timedelta(days=1))
    assert await office.states() == ["asked"]


async def test_a_zone_change_moves_only_what_is_not_asked_yet(world: World, office: Office) -> None:
    await world.council(STS, rhythm={"ask_at": time(12), "first": THURSDAY, "every": "FREQ=YEARLY"})
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    await office.tick(NINE)
    apollo, hera = (await _request(office)).ask_at, (await _request(office, "HERA")).ask_at
    await world.change_person("ana", timezone="Europe/Berlin")
    await office.tick(NINE + timedelta(minutes=1))
    assert (await _request(office)).ask_at == apollo == NINE
    assert (hera, (await _request(office, "HERA")).ask_at) == (at(26, 17), at(26, 11))


@pytest.mark.parametrize("change", [{"phase": "qualification"}, {"council": STS}])
async def test_a_project_that_is_not_to_be_asked_any_more_is_not(
    world: World, office: Office, change: dict[str, str]
) -> None:
    await world.council(STS, rhythm={"first": date(2027, 1, 6)})
    await world.project("APOLLO")
    await office.tick(DAY_BEFORE)
    assert await office.states() == ["pending"]
    await world.change("APOLLO", **change)
    await office.tick(NINE)
    assert await office.requests() == []


async def test_a_phase_that_a_form_corrects_is_heard_of(world: World, office: Office) -> None:
    await world.council(STS, rhythm={"first": THURSDAY, "every": "FREQ=YEARLY"})
    await world.project("APOLLO", council=STS)
    await office.tick(NINE)
    await office.answer("APOLLO", NINE, GREEN | {"phase": "qualification"})
    await office.tick(NINE + timedelta(minutes=1))
    assert await office.states() == ["answered"]
    async with office.database.reading() as session:
        state = await planning_state(session, world.workspace_id, NINE, NINE - LATE)
    assert state == (False, False)


# --- edits of the schedule


async def test_a_closure_moves_a_cycle_before_a_meeting_and_makes_no_second_one(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.change_calendar(
        ITS, every="FREQ=MONTHLY;BYDAY=1FR", before_days=7, first=date(2026, 11, 6)
    )
    await world.project("APOLLO")
    await office.tick(DAY_BEFORE)
    (before,) = await _cycles(office)
    assert (before.occurrence_on, before.opens_on) == (date(2026, 12, 4), WEDNESDAY)
    await world.configure(closures=["2026-12-01"])
    await office.tick(DAY_BEFORE + timedelta(minutes=1))
    (after,) = await _cycles(office)
    assert (after.pk, after.occurrence_on) == (before.pk, before.occurrence_on)
    assert (after.opens_on, after.cut_off_at) == (date(2026, 11, 24), at(26, 20))
    assert (await _request(office)).opens_on == after.opens_on


async def test_a_cycle_moves_with_its_rule_until_somebody_is_asked_in_it(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.project("INDUS", pm="li")
    await office.tick(DAY_BEFORE)
    await world.change_calendar(ITS, cut_off="+1d 12:00")
    await office.tick(DAY_BEFORE)
    assert (await office.cycle()).cut_off_at == at(26, 17)
    await office.tick(at(25, 3, 30))
    await world.change_calendar(ITS, cut_off="+2d 15:00", ask_at=time(10))
    await office.ticks(NINE, NINE + timedelta(hours=1))
    assert (await office.cycle()).cut_off_at == at(26, 17)
    assert (await _request(office)).asked_at == NINE + timedelta(hours=1)


async def test_a_rule_that_loses_a_day_takes_its_cycle_back_if_nobody_was_asked(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await office.tick(DAY_BEFORE)
    await world.change_calendar(ITS, every="FREQ=WEEKLY;BYDAY=TH")
    await office.ticks(NINE)
    assert await office.cycle_days() == [THURSDAY]
    await office.tick(NINE + timedelta(days=1))
    await world.change_calendar(ITS, every="FREQ=WEEKLY;BYDAY=WE")
    await office.tick(NINE + timedelta(days=1, minutes=1))
    assert THURSDAY in await office.cycle_days()
    assert len(await office.requests()) == len({each.cycle_id for each in await office.requests()})


async def test_whatever_is_edited_a_project_is_asked_once_in_a_cycle(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO", deputy="ben")
    edits: list[Any] = [
        lambda: world.change_calendar(ITS, ask_at=time(10)),
        lambda: world.change_calendar(ITS, cut_off="+2d 16:00"),
        lambda: world.change_person("ana", timezone="Asia/Kolkata"),
        lambda: world.change("APOLLO", pm="ben", deputy="ana"),
        lambda: world.change("APOLLO", phase="qualification"),
        lambda: world.change("APOLLO", phase="closeout"),
        lambda: world.configure(closures=["2026-11-26"]),
        lambda: world.leave("ben", WEDNESDAY, THURSDAY),
        lambda: world.change_council(ITS, timezone="Europe/Berlin"),
    ]
    for number, edit in enumerate(edits):
        now = NINE + timedelta(minutes=20 * number)
        await office.tick(now)
        await edit()
        await asyncio.gather(*(office.cycles.plan(now) for _replica in range(2)))
        await asyncio.gather(*(office.cycles.ask(now) for _replica in range(2)))
    assert [each.state.value for each in await office.requests()] == ["asked"]
    assert len(await _asked(office)) == 1


async def test_a_council_that_asks_no_more_takes_back_what_is_not_asked(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.project("INDUS", pm="li")
    await office.tick(at(25, 3, 30))
    await world.drop_calendar(ITS)
    await office.tick(NINE)
    assert [each.state.value for each in await office.requests()] == ["asked"]


# --- downtime and clocks


async def test_of_cycles_slept_through_only_the_newest_asks_and_the_older_say_why(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.change_calendar(ITS, cut_off="+8d 15:00", digest="+9d 08:00", freeze=None)
    await world.project("APOLLO")
    await office.tick(at(26, 15))
    assert [(each.opens_on, each.state, each.reason) for each in await _cycles(office)] == [
        (date(2026, 11, 18), CycleState.SKIPPED, SLEPT_THROUGH),
        (WEDNESDAY, CycleState.OPEN, ""),
    ]
    assert [item.code for item in await office.asked_of("ana")] == ["APOLLO"]
    assert (await _request(office)).reason == HOUR_PASSED
    await office.ticks(at(26, 16), at(7, 21, month=12), at(8, 15, month=12))
    assert [each.opens_on for each in await office.messages(DigestHead)] == [WEDNESDAY]


async def test_a_cycle_planned_before_the_sleep_is_skipped_like_one_that_was_not(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, cut_off="+8d 15:00", digest="+9d 08:00", first=WEDNESDAY)
    await world.project("APOLLO")
    await office.ticks(DAY_BEFORE, NINE + timedelta(days=7, hours=1))
    older, newer = await _cycles(office)
    assert (older.state, newer.state) == (CycleState.SKIPPED, CycleState.OPEN)
    assert (await _request(office)).cycle_id == newer.pk


async def test_a_request_is_caught_up_before_its_cut_off_and_missed_after_it(
    world: World, office: Office
) -> None:
    await world.council(STS, rhythm={"cut_off": "+1d 12:00"})
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    await office.ticks(DAY_BEFORE, at(27, 15))
    apollo, hera = await _request(office), await _request(office, "HERA")
    assert (apollo.state, apollo.reason) == ("asked", HOUR_PASSED)
    assert (hera.state, hera.reason) == ("missed", NEVER_ASKED)


async def test_after_downtime_nobody_is_asked_at_night(world: World, office: Office) -> None:
    await world.configure(attention={"quiet_hours": "18:00-08:00"})
    await world.project("APOLLO")
    await office.ticks(DAY_BEFORE, at(26, 7), at(26, 12, 59))
    assert await _asked(office) == {}
    await office.tick(at(26, 13))
    assert await _asked(office) == {f"{world.id('ana')}:{THURSDAY}": ["APOLLO"]}


async def test_an_hour_missed_by_a_bot_that_stood_still_is_looked_at_anew(
    world: World, office: Office
) -> None:
    await world.personal("ana", hours_from=time(9), hours_to=time(10))
    await world.project("APOLLO")
    await office.ticks(NINE - timedelta(hours=1), NINE + timedelta(hours=2))
    assert await _asked(office) == {}
    await office.tick(NINE + timedelta(days=1))
    assert await _asked(office) == {f"{world.id('ana')}:{THURSDAY}": ["APOLLO"]}


@pytest.mark.parametrize("step", [timedelta(hours=-2), timedelta(days=-3), timedelta(days=-40)])
async def test_a_clock_that_steps_back_asks_nobody_again(
    any_office: Office, step: timedelta
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await office.tick(NINE)
    before = [(each.key, each.revision) for each in await office.said()]
    await office.ticks(NINE + step, NINE + step / 2, NINE, NINE + timedelta(minutes=1))
    mine = [each for each in await office.said() if each.key.endswith(f":{WEDNESDAY}")]
    assert [(each.key, each.revision) for each in mine] == before


async def test_a_clock_that_steps_forth_and_back_says_nothing_twice(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await world.person("pia")
    await world.project("WEST", pm="pia")
    await office.tick(NINE - timedelta(hours=1))
    for now in (NINE + timedelta(hours=1), NINE - timedelta(hours=1), NINE, NINE + timedelta(1)):
        await office.tick(now)
    asked = await _asked(office)
    assert asked == {
        f"{world.id('ana')}:{WEDNESDAY}": ["APOLLO"],
        f"{world.id('pia')}:{WEDNESDAY}": ["WEST"],
    }
    assert [each.revision for each in await office.said()] == [1, 1]


# --- pausing


async def test_a_paused_workspace_opens_no_cycle_and_asks_nobody_and_makes_nothing_up(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.configure(paused=True)
    await office.ticks(DAY_BEFORE, NINE, CUT_OFF, DIGEST)
    await world.configure()
    await office.ticks(DIGEST + timedelta(hours=1))
    assert await office.said() == []
    assert await office.cycle_days() == []
    await office.tick(NINE + timedelta(days=7))
    assert await office.cycle_days() == [WEDNESDAY + timedelta(days=7)]


async def test_what_was_asked_before_a_pause_runs_to_its_end_and_asks_nobody_more(
    world: World, office: Office
) -> None:
    await world.project("INDUS", pm="li")
    await world.project("APOLLO")
    await office.tick(at(25, 3, 30))
    await world.configure(paused=True)
    await office.ticks(NINE)
    await office.answer("INDUS", NINE, GREEN, by="li")
    await office.ticks(CUT_OFF, DIGEST, NINE + timedelta(days=7))
    head = await office.message(DigestHead)
    assert [(each.code, each.reason) for each in head.missing] == [("APOLLO", PAUSED)]
    assert [each.code for each in head.green] == ["INDUS"]
    assert await office.cycle_days() == [WEDNESDAY]


async def test_a_pause_that_ends_within_the_window_asks_what_it_held_back(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(DAY_BEFORE)
    await world.configure(paused=True)
    await office.tick(NINE)
    assert await office.cycle_days() == []
    await world.configure()
    await office.tick(NINE + timedelta(days=1))
    assert (await _request(office)).state == "asked"


# --- cost


async def test_planning_takes_as_many_statements_for_many_as_for_few(office: Office) -> None:
    world = office.world

    async def took(count: int, name: str, now: datetime) -> list[int]:
        for number in range(count):
            await world.person(f"{name}{number}")
            await world.council(f"{name}{number} council")
            council = f"{name}{number} council"
            await world.project(f"{name}{number}", pm=f"{name}{number}", council=council)
        counts = []
        for unit in (office.cycles.plan, office.cycles.plan):
            with statements(world.database) as seen:
                await unit(now)
            counts.append(len(seen))
        return counts

    few = await took(2, "A", DAY_BEFORE)
    many = await took(12, "B", DAY_BEFORE + timedelta(minutes=1))
    assert few == many
    assert few[1] <= 2  # nothing to do: a look, and the BEGIN that SQLite needs for it

"""Planning, asking and closing: everybody is asked once, at the right hour."""

import asyncio
from datetime import date, datetime, time, timedelta

import pytest

from domain.collecting.messages import RequestReaders, StatusRequestMessage
from models.enums import Health, RequestState
from tests.support.portfolio import ITS, STS, World, at
from tests.support.reporting import GREEN, Office, statements

DAY_BEFORE = at(24, 12)
NINE = at(25, 14)
"""Nine o'clock in New York on the ask day, a Wednesday."""
CUT_OFF = at(27, 20)
WEDNESDAY = date(2026, 11, 25)


async def test_planning_again_plans_nothing_again(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await world.project("ZEUS")
    assert await office.cycles.plan(DAY_BEFORE)
    for _turn in range(3):
        assert not await office.cycles.plan(DAY_BEFORE)
    assert await office.cycle_days() == [WEDNESDAY]
    assert await office.states() == ["pending", "pending"]


async def test_planners_at_the_same_instant_plan_once(any_office: Office) -> None:
    office, world = any_office, any_office.world
    for number in range(5):
        await world.project(f"P{number}")
    await asyncio.gather(*(office.cycles.plan(DAY_BEFORE) for _planner in range(5)))
    assert await office.cycle_days() == [WEDNESDAY]
    assert await office.states() == ["pending"] * 5


async def test_askers_at_the_same_instant_ask_once(any_office: Office) -> None:
    office, world = any_office, any_office.world
    for number in range(5):
        await world.project(f"P{number}", pm=("ana", "ben")[number % 2])
    await office.cycles.plan(NINE)
    await asyncio.gather(*(office.cycles.ask(NINE) for _asker in range(5)))
    assert [(each.key, each.revision) for each in await office.said()] == [
        (f"request:{world.id('ana')}:2026-11-25", 1),
        (f"request:{world.id('ben')}:2026-11-25", 1),
    ]
    assert await office.states() == ["asked"] * 5


async def test_ticking_on_says_nothing_more(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await office.ticks(*(NINE + timedelta(hours=turn) for turn in range(5)))
    assert [each.revision for each in await office.said()] == [1]


NINES = {
    "li": at(25, 3, 30),
    "erik": at(25, 8),
    "ana": NINE,
    "ben": NINE,
    "zoe": NINE,  # has no zone of her own: the workspace's
    "abe": NINE,  # has one that nobody here knows
    "ned": at(24, 19),  # where the day begins first
    "ida": at(25, 21),  # where it begins last
}
"""When it is nine o'clock for whom."""


async def test_everybody_is_asked_at_nine_oclock_of_their_own(world: World, office: Office) -> None:
    await world.person("ned", timezone="Pacific/Kiritimati")
    await world.person("ida", timezone="Etc/GMT+12")
    await world.person("abe", timezone="Mars/Olympus")
    for name in NINES:
        await world.project(name.upper(), pm=name)
    await office.tick(at(24, 12))
    for instant in sorted({*NINES.values()}):
        for now in (instant - timedelta(seconds=1), instant):
            await office.tick(now)
            asked = {place.removeprefix("person:") for place in (await office.places()).values()}
            assert asked == {str(world.id(name)) for name, nine in NINES.items() if nine <= now}


@pytest.mark.parametrize(
    ("first", "instant"),
    [
        pytest.param(date(2026, 10, 28), at(28, 13, month=10), id="in summer time"),
        pytest.param(date(2026, 11, 4), at(4, 14), id="a week later, in winter time"),
    ],
)
async def test_nine_oclock_stays_nine_oclock_over_the_change_of_clocks(
    world: World, office: Office, first: date, instant: datetime
) -> None:
    await world.council(STS, rhythm={"first": first, "every": "FREQ=YEARLY"})
    await world.project("APOLLO", council=STS)
    await office.tick(instant - timedelta(seconds=1))
    assert await office.said() == []
    await office.tick(instant)
    assert len(await office.asked_of("ana")) == 1


async def test_one_message_asks_for_all_projects_and_councils_of_a_day(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await world.council(STS, rhythm={"ask_at": time(10), "cut_off": "+3d 12:00"})
    await world.project("ZEUS")
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    await world.project("OTHER", pm="ben")
    await office.ticks(NINE, NINE + timedelta(hours=1), NINE + timedelta(hours=2))
    message = await office.message(StatusRequestMessage, f"request:{world.id('ana')}:")
    assert [(item.code, item.council) for item in message.items] == [
        ("APOLLO", ITS),
        ("HERA", STS),
        ("ZEUS", ITS),
    ]
    assert message.opens_on == WEDNESDAY
    assert message.readers == (
        RequestReaders(ITS, "C0ITS", "its-council", CUT_OFF, at(30, 13)),
        RequestReaders(STS, "C0STS", "sts-council", at(30, 17), at(30, 13)),
    )
    assert {each.key: each.revision for each in await office.said()} == {
        f"request:{world.id('ana')}:2026-11-25": 1,
        f"request:{world.id('ben')}:2026-11-25": 1,
    }


async def test_a_request_tells_what_is_known_from_the_cycle_before(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await world.project("ZEUS")
    await office.tick(at(18, 14))
    await office.answer("APOLLO", at(18, 15), GREEN | {"health": "Amber", "why": "Late"})
    await office.tick(NINE)
    message = await office.message(StatusRequestMessage, "2026-11-25")
    apollo, zeus = message.items
    assert (apollo.last_health, apollo.last_on) == (Health.YELLOW, date(2026, 11, 18))
    assert apollo.promised == "Go live"
    assert (zeus.last_health, zeus.last_on, zeus.promised) == (None, None, "")
    assert (apollo.state, apollo.health, apollo.version) == (RequestState.ASKED, None, 0)


async def test_who_became_pm_before_the_hour_is_asked_at_their_own_and_the_former_never(
    world: World, office: Office
) -> None:
    successors = ("ben", "erik", "li")
    for name in successors:
        await world.project(name.upper(), pm="ana")
    await office.tick(DAY_BEFORE)
    for name in successors:
        await world.change(name.upper(), pm=name)
    for now in (at(25, 3, 29), at(25, 3, 30), at(25, 7, 59), at(25, 8), at(25, 13, 59), NINE):
        await office.tick(now)
        asked = {place.removeprefix("person:") for place in (await office.places()).values()}
        assert asked == {str(world.id(name)) for name in successors if NINES[name] <= now}


async def test_a_later_project_that_changed_hands_is_not_asked_of_the_former_pm(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.council(STS, rhythm={"ask_at": time(10)})
    await world.project("APOLLO", pm="ana")
    await world.project("HERA", pm="ana", council=STS)
    await office.tick(DAY_BEFORE)
    await world.change("HERA", pm="ben")
    await office.ticks(NINE, NINE + timedelta(hours=1))
    assert [item.code for item in await office.asked_of("ana")] == ["APOLLO"]
    assert [item.code for item in await office.asked_of("ben")] == ["HERA"]


async def test_a_project_handed_on_after_it_was_asked_says_who_answers_now(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", pm="ana")
    await world.project("ZEUS", pm="ana")
    await office.tick(NINE)
    await world.change("APOLLO", pm="ben")
    await office.answer("APOLLO", at(26, 12), GREEN, by="ben")
    apollo, zeus = await office.asked_of("ana")
    assert (apollo.handed_to, apollo.author, apollo.state) == ("Ben", "Ben", RequestState.ANSWERED)
    assert zeus.handed_to == ""


async def test_a_project_added_in_mid_cycle_is_asked_in_the_message_that_there_is(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await world.project("ZEUS")
    await world.project("HERA", pm="ben")
    await office.ticks(at(26, 14), at(26, 15))
    assert [item.code for item in await office.asked_of("ana")] == ["APOLLO", "ZEUS"]
    assert [item.code for item in await office.asked_of("ben")] == ["HERA"]
    assert [each.revision for each in await office.said()] == [2, 1]


async def test_a_project_added_after_the_cut_off_waits_for_the_next_cycle(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await world.project("ZEUS")
    await office.tick(CUT_OFF)
    assert len(await office.requests()) == 1


async def test_a_phase_that_is_not_asked_is_not_asked_until_it_is_left(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", phase="qualification")
    await world.project("ZEUS", phase="closeout")
    await office.tick(NINE)
    assert [item.code for item in await office.asked_of("ana")] == ["ZEUS"]
    await world.change("APOLLO", phase="initiation")
    await office.tick(NINE + timedelta(hours=1))
    assert [item.code for item in await office.asked_of("ana")] == ["APOLLO", "ZEUS"]


async def test_what_is_unanswered_at_the_cut_off_is_missed_and_the_message_says_so(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.project("ZEUS")
    await office.tick(NINE)
    await office.answer("ZEUS", at(26, 12), GREEN)
    await office.tick(CUT_OFF - timedelta(seconds=1))
    assert await office.states() == ["asked", "answered"]
    await office.ticks(CUT_OFF, CUT_OFF + timedelta(minutes=1))
    assert await office.states() == ["missed", "answered"]
    assert [item.state.value for item in await office.asked_of("ana")] == ["missed", "answered"]
    assert [each.revision for each in await office.said()] == [3]


async def test_closers_at_the_same_instant_close_once(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    await office.tick(NINE)
    closed = await asyncio.gather(*(office.cycles.close(CUT_OFF) for _closer in range(4)))
    assert sorted(closed) == [False, False, False, True]
    assert [each.revision for each in await office.said()] == [2]


async def test_after_downtime_who_can_still_answer_is_asked_once(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(at(27, 19))
    assert [item.code for item in await office.asked_of("ana")] == ["APOLLO"]
    assert await office.cycle_days() == [WEDNESDAY]


async def test_after_downtime_over_the_cut_off_nobody_is_asked_any_more(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(DAY_BEFORE)
    await office.tick(CUT_OFF)
    assert await office.states() == ["missed"]
    assert await office.messages(StatusRequestMessage) == []


async def test_a_request_is_not_said_any_more_after_its_cut_off(
    world: World, office: Office
) -> None:
    await world.council(STS, rhythm={"cut_off": "+3d 12:00"})
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    await office.tick(NINE)
    assert await office.expiries() == [at(30, 17)]


async def test_a_cycle_over_thanksgiving_waits_for_its_working_days(
    world: World, office: Office
) -> None:
    await world.configure(holidays={"country": "US", "subdivision": "NY"}, closures=["2026-11-27"])
    await world.project("APOLLO")
    await office.tick(NINE)
    cycle = await office.cycle()
    assert cycle.cut_off_at == at(1, 20, month=12)
    assert cycle.digest_at == at(2, 13, month=12)
    assert cycle.freeze_at == at(3, 17, month=12)


async def test_a_councils_own_zone_decides_about_its_cut_off(world: World, office: Office) -> None:
    await world.change_council(ITS, timezone="Europe/Berlin")
    await world.project("APOLLO")
    await office.tick(NINE)
    cycle = await office.cycle()
    assert (cycle.cut_off_at, cycle.timezone) == (at(27, 14), "Europe/Berlin")


async def test_weeks_follow_each_other_and_each_asks_anew(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await office.ticks(*(NINE + timedelta(days=day) for day in (0, 2, 7, 9, 14)))
    assert await office.cycle_days() == [WEDNESDAY + timedelta(days=7 * week) for week in range(3)]
    assert len(await office.messages(StatusRequestMessage)) == 3


async def test_a_council_that_asks_no_more_in_mid_cycle_stops_nobody(
    world: World, office: Office
) -> None:
    await world.council(STS)
    await world.project("APOLLO")
    await office.tick(NINE)
    await world.drop_calendar(ITS)
    await world.project("ZEUS")
    await world.project("HERA", council=STS, pm="ben")
    await office.tick(NINE + timedelta(hours=1))
    assert [item.code for item in await office.asked_of("ana")] == ["APOLLO"]
    assert [item.code for item in await office.asked_of("ben")] == ["HERA"]


async def test_a_council_without_projects_asks_nobody(office: Office) -> None:
    await office.ticks(NINE, CUT_OFF, at(30, 13), at(30, 14))
    assert await office.said() == []


async def test_asking_takes_as_many_statements_for_many_projects_as_for_few(
    office: Office,
) -> None:
    world = office.world

    async def took(count: int, pm: str, now: datetime) -> tuple[int, int]:
        for number in range(count):
            await world.project(f"{pm.upper()}{number}", pm=pm)
        with statements(world.database) as planning:
            await office.cycles.plan(now)
        with statements(world.database) as asking:
            assert await office.cycles.ask(now)
        return len(_reads(planning)), len(_reads(asking))

    await office.cycles.plan(NINE)
    few = await took(2, "ana", NINE)
    many = await took(15, "ben", NINE)
    assert many == few


def _reads(statements: list[str]) -> list[str]:
    """All but what adds rows: there are as many of these as there are rows, on SQLite."""
    return [each for each in statements if not each.startswith("INSERT")]

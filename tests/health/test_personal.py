"""What people find about themselves in App Home, out of the record."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.health.personal import PersonalService
from domain.health.service import HealthService
from domain.health.values import Personal
from models.calendar import Absence, PersonalCalendar
from models.enums import LeaveSource, RequestState
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, Office, statements

ASKED = at(18, 14)
"""A Wednesday, nine in New York: everybody has just been asked."""
CUT_OFF = at(20, 20)
MONTHLY = {"every": "FREQ=MONTHLY;BYMONTHDAY=10", "first": date(2026, 11, 10), "ask_at": time(10)}


@pytest.fixture
async def office(world: World) -> Office:
    return Office(world)


async def seen_by(world: World, name: str, now: datetime = ASKED) -> Personal:
    service = PersonalService(world.database, world.workspace_id)
    return await service.personal(await world.viewer(name), now)


def codes(personal: Personal) -> list[str]:
    return [each.code for each in personal.wanted.shown]


async def test_everybody_finds_their_roles(world: World) -> None:
    await world.project("APOLLO", deputy="ben", sponsor="sam")
    await world.project("BOREAS", visibility=RESTRICTED)
    assert (await seen_by(world, "ana")).roles == {"PM": ("APOLLO", "BOREAS")}
    assert (await seen_by(world, "ben")).roles == {"deputy": ("APOLLO",)}
    assert (await seen_by(world, "sam")).roles == {"sponsor": ("APOLLO",)}
    assert (await seen_by(world, "carol")).roles == {"chair": (ITS,)}
    assert (await seen_by(world, "omar")).roles == {"member": (ITS,)}
    assert (await seen_by(world, "dana")).roles == {"one of the PMO": ()}
    assert (await seen_by(world, "erik")).roles == {}


async def test_what_is_asked_is_wanted_of_the_pm_until_it_is_answered(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", deputy="ben", sponsor="sam")
    await office.tick(ASKED)
    assert [codes(await seen_by(world, name)) for name in ("ana", "ben", "sam", "erik")] == [
        ["APOLLO"],
        [],
        [],
        [],
    ]
    assert (await seen_by(world, "ana")).wanted.shown[0].cut_off_at == CUT_OFF
    await office.answer("APOLLO", ASKED, GREEN)
    assert codes(await seen_by(world, "ana")) == []


async def test_what_a_deputy_is_asked_in_the_pms_place_is_wanted_of_the_deputy_alone(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", deputy="ben")
    await world.leave("ana", ASKED.date(), ASKED.date() + timedelta(days=20))
    await office.tick(ASKED)
    assert [codes(await seen_by(world, name)) for name in ("ana", "ben")] == [[], ["APOLLO"]]


async def test_what_was_missed_is_wanted_until_the_next_is_asked(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(ASKED, CUT_OFF)
    (missed,) = (await seen_by(world, "ana", CUT_OFF)).wanted.shown
    assert missed.is_over
    await office.ticks(at(25, 14))
    (asked,) = (await seen_by(world, "ana", at(25, 14))).wanted.shown
    assert not asked.is_over
    assert asked.request_id != missed.request_id


async def test_the_next_ask_is_what_is_planned_and_else_what_the_calendars_say(
    world: World, office: Office
) -> None:
    await world.council(STS, rhythm=MONTHLY)
    await world.project("APOLLO")
    await world.project("BOREAS", council=STS)
    await world.project("CERES", pm="li", council=STS)
    await office.tick(at(17, 16))
    planned = (await seen_by(world, "ana", at(17, 16))).next_ask
    assert planned
    assert (planned.at, planned.councils) == (ASKED, (ITS,))
    await office.tick(ASKED)
    expected = (await seen_by(world, "ana")).next_ask
    assert expected
    assert (expected.at, expected.councils) == (at(25, 14), (ITS,))
    of_li = (await seen_by(world, "li")).next_ask
    assert of_li
    assert of_li.at == at(10, 4, 30, month=12)  # ten in Kolkata
    assert (await seen_by(world, "ben")).next_ask is None


async def test_an_ask_that_leave_outlasts_is_not_promised(world: World) -> None:
    await world.project("APOLLO")
    await world.leave("ana", date(2026, 11, 24), date(2026, 11, 29))
    ask = (await seen_by(world, "ana")).next_ask  # that of 25 November is cut off on Friday
    assert ask
    assert ask.at == at(2, 14, month=12)


async def test_councils_that_ask_at_the_same_time_are_told_together(world: World) -> None:
    await world.council(STS)
    await world.project("APOLLO")
    await world.project("BOREAS", council=STS)
    ask = (await seen_by(world, "ana")).next_ask
    assert ask
    assert ask.councils == (ITS, STS)


async def test_a_project_in_a_phase_that_is_not_asked_promises_no_ask(world: World) -> None:
    await world.project("GAIA", phase="qualification")
    assert (await seen_by(world, "ana")).next_ask is None


async def test_a_paused_workspace_promises_no_ask(world: World) -> None:
    await world.project("APOLLO")
    await world.configure(paused=True)
    assert (await seen_by(world, "ana")).next_ask is None


async def test_the_clock_that_the_bot_goes_by_is_told(world: World) -> None:
    await world.configure(attention={"quiet_hours": "18:00-08:00"})
    async with world.database.writing() as session:
        owned: dict[str, Any] = {"workspace_id": world.workspace_id, "person_id": world.id("li")}
        session.add(
            PersonalCalendar(**owned, weekdays="MO,TU,TH", hours_from=time(10), hours_to=time(18))
        )
        session.add(
            Absence(
                **owned,
                first=date(2026, 11, 16),
                until=date(2026, 12, 4),
                source=LeaveSource.FILE,
                created_at=ASKED,
            )
        )
    of_li, of_zoe = (await seen_by(world, "li")).time, (await seen_by(world, "zoe")).time
    assert (of_li.zone, of_li.is_workspace_zone) == ("Asia/Kolkata", False)
    assert of_li.weekdays == (0, 1, 3)
    assert (of_li.hours, of_li.quiet) == ((time(10), time(18)), (time(18), time(8)))
    assert (of_li.away_until, of_li.why_off) == (date(2026, 12, 4), "on leave until 2026-12-04")
    assert (of_zoe.zone, of_zoe.is_workspace_zone) == ("America/New_York", True)
    assert (of_zoe.away_until, of_zoe.why_off) == (None, "")


async def test_a_page_is_read_in_as_many_statements_however_many_projects_there_are(
    world: World, office: Office
) -> None:
    counts = []
    for size in (2, 30):
        for number in range(size):
            await world.project(f"P{size}X{number}")
        await office.tick(ASKED)
        with statements(world.database) as said:
            await seen_by(world, "ana")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 27


async def test_the_pmo_sees_who_was_not_asked_as_planned_and_why(
    world: World, office: Office, health: HealthService
) -> None:
    await world.project("APOLLO", deputy="ben")
    await world.project("BOREAS", pm="li")
    await world.project("CERES", pm="sam")
    async with world.database.writing() as session:
        session.add_all(
            Absence(
                workspace_id=world.workspace_id,
                person_id=world.id(name),
                first=date(2026, 11, 16),
                until=date(2026, 12, 4),
                source=LeaveSource.FILE,
                created_at=ASKED,
            )
            for name in ("ana", "li")
        )
    await office.tick(ASKED)
    told = (await health.report(ASKED)).not_asked
    assert [(each.code, each.manager, each.asked, each.state) for each in told] == [
        ("APOLLO", "Ana", "Ben", RequestState.ASKED),
        ("BOREAS", "Li", "Li", RequestState.EXCUSED),
    ]
    assert "on leave until" in told[0].reason
    await office.ticks(CUT_OFF, at(23, 13))
    assert (await health.report(at(23, 13))).not_asked == ()

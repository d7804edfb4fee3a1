"""What the PMO finds about the answers of all councils, out of the record."""

from datetime import date, datetime, timedelta

import pytest

from domain.health.reporting import COUNCILS, ReportingService
from domain.health.values import CycleResponse, ReportingPage
from models.collecting import StatusRequest
from tests.support.portfolio import ITS, STS, World, at
from tests.support.reporting import GREEN, Office, statements

ASKED = at(18, 14)
CUT_OFF = at(20, 20)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def office(world: World) -> Office:
    return Office(world)


async def page(world: World, name: str = "dana", **pages: int) -> ReportingPage | None:
    service = ReportingService(world.database, world.workspace_id)
    return await service.page(await world.viewer(name), ASKED + WEEK, pages)


async def cycles(world: World, **pages: int) -> dict[tuple[str, bool], CycleResponse]:
    """The cycles of the page, by council and whether they are open."""
    found = await page(world, "dana", **pages)
    assert found is not None
    return {
        (council.name, each.is_open): each
        for council in found.councils.shown
        for each in council.cycles
    }


async def count_misses(office: Office, code: str, count: int) -> None:
    """Let so many cut-offs have been missed in a row, as closing a cycle counts them."""
    newest = (await office.requests(code))[-1].pk
    async with office.database.writing() as session:
        (await session.get_one(StatusRequest, newest)).misses = count


async def test_nobody_but_the_pmo_finds_who_has_answered(world: World) -> None:
    assert [await page(world, name) for name in ("ana", "carol", "omar", "erik", "gus")] == [
        None
    ] * 5
    assert await page(world) is not None


async def test_the_open_cycle_and_the_last_one_are_told_with_who_is_missing_and_why(
    world: World, office: Office
) -> None:
    for code in ("APOLLO", "BOREAS", "CERES"):
        await world.project(code)
    await world.project("DELTA", pm="li")
    await world.leave("li", date(2026, 11, 10), date(2026, 12, 31))
    await office.tick(ASKED)
    await office.answer("APOLLO", ASKED + timedelta(hours=1), GREEN)
    await office.answer("BOREAS", ASKED + timedelta(hours=3), GREEN)
    await office.ticks(CUT_OFF, ASKED + WEEK)
    await office.answer("CERES", ASKED + WEEK + timedelta(minutes=30), GREEN)
    found = await cycles(world)
    last, open_ = found[ITS, False], found[ITS, True]
    assert (last.opens_on, last.response.rate) == (date(2026, 11, 18), 67)
    assert last.response.median == timedelta(hours=2)
    assert [each.code for each in last.response.missed] == ["CERES"]
    assert [(each.code, each.manager, each.reason) for each in last.response.excused] == [
        ("DELTA", "Li", "on leave until 31 Dec, no deputy")
    ]
    assert open_.opens_on == date(2026, 11, 25)
    assert [each.code for each in open_.response.waiting] == ["APOLLO", "BOREAS"]
    assert [each.code for each in open_.response.answered] == ["CERES"]


async def test_a_correction_does_not_make_an_answer_slow(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await office.tick(ASKED)
    await office.answer("APOLLO", ASKED + timedelta(hours=1), GREEN)
    await office.answer("APOLLO", ASKED + timedelta(hours=40), GREEN)
    assert (await cycles(world))[ITS, True].response.median == timedelta(hours=1)


async def test_a_cycle_is_opened_by_its_number_and_no_other_is_found(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(ASKED)
    number = (await office.cycle()).pk
    opened = await page(world, cycle=number)
    assert opened
    assert opened.opened
    assert opened.opened.council == ITS
    missing = await page(world, cycle=number + 1)
    assert missing
    assert missing.opened is None


async def test_projects_that_are_silent_on_hold_or_without_a_manager_are_told(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.project("BOREAS", deputy="ben", pm="li")
    await world.project("CERES", hold_until=date(2026, 12, 4), hold_reason="the vendor")
    await world.project("DELTA", pm="ben", hold_until=date(2026, 11, 24))
    await world.project("GAIA", pm="li", phase="qualification")
    for week in range(3):
        await office.ticks(ASKED + week * WEEK, CUT_OFF + week * WEEK)
    await count_misses(office, "APOLLO", 3)
    await count_misses(office, "DELTA", 2)
    await world.change_person("li", is_gone=True)
    found = await page(world)
    assert found
    told = {each.code: each for each in found.watched.shown}
    assert "GAIA" not in told  # its phase is not asked
    assert (told["DELTA"].misses, told["DELTA"].hold_until) == (2, None)  # the hold is over
    assert (told["BOREAS"].is_gone, told["BOREAS"].deputy) == (True, "Ben")
    assert (told["CERES"].hold_until, told["CERES"].hold_reason) == (
        date(2026, 12, 4),
        "the vendor",
    )
    assert told["APOLLO"].hold_until is None
    assert told["APOLLO"].misses == 3


@pytest.mark.parametrize("answered_at", [CUT_OFF + WEEK, ASKED + 2 * WEEK])
async def test_an_answer_ends_the_silence_late_or_in_the_next_cycle(
    world: World, office: Office, answered_at: datetime
) -> None:
    await world.project("APOLLO")
    for week in range(2):
        await office.ticks(ASKED + week * WEEK, CUT_OFF + week * WEEK)
    await count_misses(office, "APOLLO", 2)
    silent = await page(world)
    assert silent
    assert [each.code for each in silent.watched.shown] == ["APOLLO"]
    await office.tick(answered_at)
    await office.answer("APOLLO", answered_at, GREEN)
    answered = await page(world)
    assert answered
    assert answered.watched.total == 0


async def test_the_page_takes_as_many_statements_for_many_councils_as_for_few(
    world: World, office: Office
) -> None:
    counts = []
    for size in (1, 10):
        for number in range(size):
            await world.council(f"Council {size}x{number}")
            await world.project(f"P{size}X{number}", council=f"Council {size}x{number}")
        await office.tick(ASKED)
        with statements(world.database) as said:
            found = await page(world)
        counts.append(len(said))
        assert found
        assert len(found.councils.shown) == min(size + 1 + (size > 1), COUNCILS)
    assert counts[0] == counts[1] <= 10


async def test_the_councils_are_shown_in_parts(world: World) -> None:
    for number in range(COUNCILS + 1):
        await world.council(f"A{number} Council")
    await world.council(STS)
    second = await page(world, councils_answered=1)
    assert second
    names = [each.name for each in second.councils.shown]
    assert names == ["A6 Council", ITS, STS]
    assert (second.councils.number, second.councils.parts, second.councils.total) == (1, 2, 9)
    beyond = await page(world, councils_answered=99)
    assert beyond
    assert beyond.councils.shown == second.councils.shown

"""What people find in App Home about their projects, actions and councils, out of the record."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.health import personal
from domain.health.personal import PARTS, PersonalService
from domain.health.values import Personal
from models.enums import Health, LogKind, RequestState
from models.inquiries import Inquiry
from models.logs import LogEntry
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office, statements

ASKED = at(18, 14)
CUT_OFF = at(20, 20)
DIGEST = at(23, 13)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def office(world: World) -> Office:
    return Office(world)


async def seen_by(world: World, name: str, now: Any = ASKED, **pages: int) -> Personal:
    service = PersonalService(world.database, world.workspace_id)
    return await service.personal(await world.viewer(name), now, pages)


async def act(world: World, owner: str, title: str, **facts: Any) -> None:
    async with world.database.writing() as session:
        session.add(
            LogEntry(
                workspace_id=world.workspace_id,
                kind=LogKind.ACTION,
                title=title,
                owner_id=world.id(owner),
                opened_at=ASKED,
                **facts,
            )
        )


async def ask(world: World, asker: str, project_id: int) -> None:
    async with world.database.writing() as session:
        session.add(
            Inquiry(
                workspace_id=world.workspace_id,
                project_id=project_id,
                asker_id=world.id(asker),
                opened_at=ASKED,
                waiting_since=ASKED,
            )
        )


async def test_a_project_has_its_last_cycles_oldest_first_with_the_gaps(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    answers = [GREEN, None, YELLOW, RED]
    for week, answer in enumerate(answers):
        await office.tick(ASKED + week * WEEK)
        if answer:
            await office.answer("APOLLO", ASKED + week * WEEK, answer)
        await office.tick(CUT_OFF + week * WEEK)
    await office.tick(ASKED + 4 * WEEK)  # asked, and not answered yet: no gap
    (project,) = (await seen_by(world, "ana", ASKED + 4 * WEEK)).projects.shown
    assert [(each.health, each.state) for each in project.past] == [
        (Health.GREEN, RequestState.ANSWERED),
        (None, RequestState.MISSED),
        (Health.YELLOW, RequestState.ANSWERED),
        (Health.RED, RequestState.ANSWERED),
    ]
    assert [each.opens_on for each in project.past] == sorted(
        each.opens_on for each in project.past
    )
    assert project.newest == project.past[-1]


async def test_a_late_answer_a_correction_and_leave_stand_in_the_row(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(ASKED, CUT_OFF)
    await office.answer("APOLLO", CUT_OFF + timedelta(hours=1), GREEN)
    await office.answer("APOLLO", CUT_OFF + timedelta(hours=2), YELLOW)
    await world.leave("ana", date(2026, 11, 21), date(2026, 12, 31))
    await office.ticks(ASKED + WEEK, CUT_OFF + WEEK)
    (project,) = (await seen_by(world, "ana", CUT_OFF + WEEK)).projects.shown
    assert [(each.health, each.state) for each in project.past] == [
        (Health.YELLOW, RequestState.LATE),
        (None, RequestState.EXCUSED),
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize("any_database", ["sqlite"], indirect=True)  # it plays for long
async def test_the_row_holds_twelve_cycles(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert personal.HISTORY == 12
    monkeypatch.setattr(personal, "HISTORY", 2)  # to play three months takes seconds
    await world.project("APOLLO")
    for week in range(4):
        await office.ticks(ASKED + week * WEEK, CUT_OFF + week * WEEK)
    (project,) = (await seen_by(world, "ana", CUT_OFF + 4 * WEEK)).projects.shown
    assert [each.opens_on for each in project.past] == [
        date(2026, 11, 18) + week * WEEK for week in (2, 3)
    ]


async def test_a_project_on_hold_says_until_when_and_one_that_was_says_nothing(
    world: World,
) -> None:
    await world.project("APOLLO", hold_until=date(2026, 11, 18), hold_reason="the vendor")
    await world.project("BOREAS", hold_until=date(2026, 11, 17), hold_reason="the vendor")
    held, free = (await seen_by(world, "ana")).projects.shown
    assert (held.hold_until, held.hold_reason) == (date(2026, 11, 18), "the vendor")
    assert (free.hold_until, free.hold_reason) == (None, "")


async def test_everybody_finds_the_projects_that_they_have_a_role_in(world: World) -> None:
    await world.project("APOLLO", deputy="ben", sponsor="sam")
    await world.project("BOREAS", pm="ben", sponsor="ana")
    found = {
        name: [(each.code, each.role) for each in (await seen_by(world, name)).projects.shown]
        for name in ("ana", "ben", "sam", "erik")
    }
    assert found == {
        "ana": [("APOLLO", "PM"), ("BOREAS", "sponsor")],
        "ben": [("APOLLO", "deputy"), ("BOREAS", "PM")],
        "sam": [("APOLLO", "sponsor")],
        "erik": [],
    }


async def test_lists_are_shown_in_parts(world: World, office: Office) -> None:
    for number in range(25):
        await world.project(f"P{number:02}")
    await office.tick(ASKED)
    first, last = await seen_by(world, "ana"), await seen_by(world, "ana", projects=2, due=4)
    assert [each.code for each in first.projects.shown] == [f"P{each:02}" for each in range(10)]
    assert [each.code for each in last.projects.shown] == [f"P{each:02}" for each in range(20, 25)]
    assert (last.projects.number, last.projects.parts, last.projects.total) == (2, 3, 25)
    assert [each.code for each in last.wanted.shown] == ["P24"]
    assert len(first.wanted.shown) == PARTS["due"]


async def test_actions_are_those_in_ones_hands_overdue_first(world: World) -> None:
    apollo = await world.project("APOLLO")
    facts = {"project_id": apollo}
    await act(world, "ana", "Later", number=1, due_on=date(2026, 12, 1), **facts)
    await act(world, "ana", "Overdue", number=2, due_on=date(2026, 11, 1), **facts)
    await act(world, "ana", "Some time", number=3, **facts)
    await act(world, "ben", "Not hers", number=4, **facts)
    actions = (await seen_by(world, "ana")).actions.shown
    assert [each.title for each in actions] == ["Overdue", "Later", "Some time"]
    assert actions[0].is_overdue(date(2026, 11, 18))


async def test_people_of_a_council_find_its_digest_and_what_is_red(
    world: World, office: Office
) -> None:
    await world.council(STS)
    await world.project("APOLLO", sponsor="sam")
    await world.project("BOREAS")
    await world.project("CERES", visibility=RESTRICTED)
    await office.tick(ASKED)
    for code, answer in (("APOLLO", RED), ("BOREAS", GREEN), ("CERES", RED)):
        await office.answer(code, ASKED, answer)
    await office.ticks(CUT_OFF, DIGEST)
    found = {
        name: {
            each.name: (each.digest_of, each.digest_at, [red.code for red in each.red])
            for each in (await seen_by(world, name, DIGEST)).councils.shown
        }
        for name in ("carol", "dana", "sam", "erik", "gus")
    }
    told = (date(2026, 11, 18), DIGEST)
    assert found == {
        "carol": {ITS: (*told, ["APOLLO", "CERES"]), STS: (*told, [])},
        "dana": {ITS: (*told, ["APOLLO", "CERES"]), STS: (*told, [])},
        "sam": {ITS: (*told, ["APOLLO"])},
        "erik": {},
        "gus": {},
    }


async def test_a_project_is_red_by_its_newest_report_alone(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await world.project("BOREAS")
    await office.tick(ASKED)
    await office.answer("APOLLO", ASKED, RED)
    await office.answer("BOREAS", ASKED, RED)
    await office.answer("BOREAS", ASKED, GREEN)  # corrected
    await office.ticks(CUT_OFF, ASKED + WEEK)
    (council,) = (await seen_by(world, "omar", ASKED + WEEK)).councils.shown
    assert [each.code for each in council.red] == ["APOLLO"]
    await office.answer("APOLLO", ASKED + WEEK, YELLOW)
    (council,) = (await seen_by(world, "omar", ASKED + WEEK)).councils.shown
    assert council.red == ()


async def test_a_guest_with_a_seat_reads_of_no_council_and_has_no_settings(world: World) -> None:
    await world.seat(ITS, "gus")
    gus = await seen_by(world, "gus")
    assert (gus.councils.total, gus.settings) == (0, None)
    omar = replace(await world.viewer("omar"), is_guest=True)
    service = PersonalService(world.database, world.workspace_id)
    assert (await service.personal(omar, ASKED)).councils.total == 0


async def test_a_full_page_is_read_in_as_many_statements_as_one_with_little_on_it(
    world: World, office: Office
) -> None:
    counts = []
    for size in (1, 40):
        for number in range(size):
            project = await world.project(f"P{size}X{number}", sponsor="carol")
            await act(world, "carol", "Do it", project_id=project, number=1)
            await ask(world, "carol", project)
            await world.council(f"Council {size}x{number}")
        await office.tick(ASKED)
        with statements(world.database) as said:
            await seen_by(world, "carol")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 30


async def test_nothing_of_a_project_on_hold_is_due_what_was_missed_before_neither(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(ASKED, CUT_OFF)
    assert (await seen_by(world, "ana", CUT_OFF)).wanted.total == 1
    await world.change("APOLLO", hold_until=CUT_OFF.date(), hold_reason="no money")
    assert (await seen_by(world, "ana", CUT_OFF)).wanted.total == 0
    assert (await seen_by(world, "ana", CUT_OFF + timedelta(days=1))).wanted.total == 1

"""What people set for themselves is kept, goes before the file, and moves what is planned."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlmodel import select

from domain.calendar.rules import Leave
from domain.calendar.service import LeaveService
from domain.errors import FieldErrors, NotAllowedError
from domain.health.settings import SettingsService
from domain.health.values import OwnSettings, SettingsWish
from models.calendar import Absence, PersonalSettings
from models.enums import FollowersWish, LeaveSource
from models.portfolio import AuditEntry
from tests.support.portfolio import ITS, STS, World, at
from tests.support.reporting import Office, statements

TUESDAY = at(17, 16)
ASKED = at(18, 14)
"""The council's nine o'clock in New York."""


@pytest.fixture
def service(world: World) -> SettingsService:
    leave = LeaveService(world.database, world.workspace_id)
    return SettingsService(world.database, world.workspace_id, leave)


async def saved(
    world: World, service: SettingsService, name: str = "ana", **wish: Any
) -> OwnSettings:
    return await service.save(await world.viewer(name), SettingsWish(**wish), TUESDAY)


async def rows(world: World, table: Any) -> list[Any]:
    async with world.database.reading() as session:
        return list((await session.exec(select(table))).all())


async def test_the_hour_that_somebody_sets_is_the_one_that_they_are_asked_at(
    world: World, service: SettingsService
) -> None:
    await world.project("APOLLO")
    office = Office(world)
    await office.tick(TUESDAY)
    assert (await office.requests())[0].ask_at == ASKED
    assert (await saved(world, service, ask_at="11:30")).ask_at == time(11, 30)
    await office.tick(TUESDAY)
    assert (await office.requests())[0].ask_at == at(18, 16, 30)
    await saved(world, service)
    await office.tick(TUESDAY)
    (request,) = await office.requests()
    assert (request.ask_at, request.reason) == (ASKED, "")
    assert (await rows(world, PersonalSettings))[0].ask_at is None


async def test_their_hour_counts_for_the_requests_of_all_councils(
    world: World, service: SettingsService
) -> None:
    await world.council(STS, rhythm={"ask_at": time(14)})
    await world.project("APOLLO")
    await world.project("BOREAS", council=STS)
    await saved(world, service, ask_at="11:30")
    office = Office(world)
    await office.tick(TUESDAY)
    assert {each.ask_at for each in await office.requests()} == {at(18, 16, 30)}


async def test_working_days_that_somebody_sets_go_before_the_files_until_they_are_cleared(
    world: World, service: SettingsService
) -> None:
    await world.personal("ana", weekdays="MO,WE")
    await world.project("APOLLO")
    office = Office(world)
    settings = await saved(world, service, weekdays=("TH", "FR"))
    assert (settings.weekdays, settings.usual_weekdays) == (
        frozenset({3, 4}),
        frozenset({0, 2}),
    )
    await office.tick(TUESDAY)
    (request,) = await office.requests()
    assert (request.asks_on, request.reason) == (
        date(2026, 11, 19),
        "asked a day later: not a working day",
    )
    assert (await saved(world, service, weekdays=())).weekdays is None
    await office.tick(TUESDAY)
    assert (await office.requests())[0].asks_on == date(2026, 11, 18)


async def test_leave_is_set_moved_and_taken_back_and_the_deputy_is_asked_meanwhile(
    world: World, service: SettingsService
) -> None:
    await world.project("APOLLO", deputy="ben")
    office = Office(world)
    first = await saved(world, service, away_from="2026-11-18", away_until="2026-11-20")
    assert first.leave == Leave(date(2026, 11, 18), date(2026, 11, 20))
    await office.tick(TUESDAY)
    assert (await office.requests())[0].person_id == world.id("ben")
    moved = await saved(
        world, service, away_from="2026-12-01", away_until="2026-12-04", leave=first.leave
    )
    assert moved.leave == Leave(date(2026, 12, 1), date(2026, 12, 4))
    assert len(await rows(world, Absence)) == 1
    await office.tick(TUESDAY)
    assert (await office.requests())[0].person_id == world.id("ana")
    assert (await saved(world, service, leave=moved.leave)).leave is None
    assert await rows(world, Absence) == []


async def test_a_leave_that_has_begun_keeps_the_days_that_are_over(
    world: World, service: SettingsService
) -> None:
    await world.leave("ana", date(2026, 11, 12), date(2026, 11, 20))
    shown = Leave(date(2026, 11, 12), date(2026, 11, 20))
    await saved(world, service, away_from="2026-11-12", away_until="2026-11-30", leave=shown)
    assert [(each.first.day, each.until.day) for each in await rows(world, Absence)] == [
        (12, 16),
        (17, 30),
    ]


async def test_what_the_file_says_of_leave_is_shown_and_stays(
    world: World, service: SettingsService
) -> None:
    async with world.database.writing() as session:
        session.add(
            Absence(
                workspace_id=world.workspace_id,
                person_id=world.id("ana"),
                first=date(2026, 12, 1),
                until=date(2026, 12, 4),
                source=LeaveSource.FILE,
                created_at=TUESDAY,
            )
        )
    settings = await saved(world, service)
    assert settings.leave is None
    assert settings.told_leave == (Leave(date(2026, 12, 1), date(2026, 12, 4)),)
    assert len(await rows(world, Absence)) == 1


async def test_digests_are_subscribed_to_and_left_again(
    world: World, service: SettingsService
) -> None:
    sts = await world.council(STS)
    assert (await saved(world, service, "erik", council_ids=frozenset({sts}))).subscribed == (STS,)
    councils = (await saved(world, service, "erik", council_ids=frozenset({sts}))).councils
    its = next(each.council_id for each in councils if each.name == ITS)
    assert (await saved(world, service, "erik", council_ids=frozenset({its, 99}))).subscribed == (
        ITS,
    )
    assert (await saved(world, service, "erik")).subscribed == ()


async def test_of_settings_with_a_mistake_nothing_is_kept(
    world: World, service: SettingsService
) -> None:
    with pytest.raises(FieldErrors):
        await saved(world, service, ask_at="11:30", away_from="2026-12-01")
    assert await rows(world, PersonalSettings) == []
    assert await rows(world, AuditEntry) == []


async def test_what_was_set_is_on_the_record_and_the_same_again_is_no_change(
    world: World, service: SettingsService
) -> None:
    for _ in range(2):
        await saved(world, service, ask_at="11:30", weekdays=("MO",), followed="at_once")
    entries = [(each.field, each.old, each.new) for each in await rows(world, AuditEntry)]
    assert entries == [
        ("asking hour", None, "11:30"),
        ("working days", None, "MO"),
        ("followers' digest", None, "at_once"),
    ]
    assert (await saved(world, service)).followed is FollowersWish.WEEKLY


async def test_guests_and_people_who_have_left_set_nothing(
    world: World, service: SettingsService
) -> None:
    gone = replace(await world.viewer("ana"), is_gone=True)
    for viewer in (await world.viewer("gus"), gone):
        with pytest.raises(NotAllowedError, match="Guests have no settings here"):
            await service.save(viewer, SettingsWish(), TUESDAY)
    assert (await service.settings(await world.viewer("gus"), TUESDAY)).councils == ()


async def test_settings_are_read_in_as_many_statements_however_many_councils_there_are(
    world: World, service: SettingsService
) -> None:
    counts = []
    for size in (1, 5):
        for number in range(size):
            await world.council(f"Council {size}x{number}")
        with statements(world.database) as said:
            await service.settings(await world.viewer("ana"), TUESDAY)
        counts.append(len(said))
    assert counts[0] == counts[1]

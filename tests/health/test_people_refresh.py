"""What the bot knows of people follows Slack."""

from dataclasses import replace

from sqlmodel import select

from domain.portfolio.people import PeopleService
from models.portfolio import Person
from tests.support.directory import FakeDirectory, user
from tests.support.portfolio import World


async def stored(world: World, name: str) -> Person:
    async with world.database.reading() as session:
        return await session.get_one(Person, world.id(name))


async def test_a_changed_zone_name_and_standing_are_stored(
    world: World, people: PeopleService
) -> None:
    now = replace(user("ana"), name="Ana Ruiz", timezone="Europe/Madrid", is_guest=True)
    assert await people.refresh([now]) == 1
    ana = await stored(world, "ana")
    assert (ana.name, ana.timezone, ana.is_guest) == ("Ana Ruiz", "Europe/Madrid", True)
    assert await people.refresh([now]) == 0


async def test_somebody_who_left_keeps_the_zone_and_address_that_slack_tells_no_more(
    world: World, people: PeopleService
) -> None:
    await people.refresh([replace(user("ana"), timezone=None, email=None, is_gone=True)])
    ana = await stored(world, "ana")
    assert (ana.is_gone, ana.timezone, ana.email) == (True, "America/New_York", "ana@example.edu")


async def test_a_zone_that_is_not_told_any_more_is_forgotten(
    world: World, people: PeopleService
) -> None:
    await people.refresh([replace(user("ana"), timezone=None)])
    assert (await stored(world, "ana")).timezone is None


async def test_nobody_new_is_stored(world: World, people: PeopleService) -> None:
    assert await people.refresh([user("stranger")]) == 0
    async with world.database.reading() as session:
        found = await session.exec(select(Person).where(Person.slack_id == "U0STRANGER"))
        assert found.first() is None


async def test_the_roles_that_slack_knows_nothing_of_stay(
    world: World, people: PeopleService
) -> None:
    await people.refresh([replace(user("dana"), name="Dana Doe")])
    dana = await stored(world, "dana")
    assert (dana.name, dana.is_pmo) == ("Dana Doe", True)


async def test_whom_no_list_has_is_asked_for_alone_and_gone_if_unknown(
    world: World, people: PeopleService, directory: FakeDirectory
) -> None:
    directory.everybody = [each for each in directory.everybody if each.slack_id != "U0ERIK"]
    await people.refresh_all()
    assert directory.asked == ["users", "user"]
    assert (await stored(world, "erik")).is_gone
    assert not (await stored(world, "ana")).is_gone
    await people.refresh_all()
    assert directory.asked == ["users", "user", "users"]


async def test_somebody_of_a_shared_channel_is_not_gone_because_no_list_has_them(
    world: World, people: PeopleService, directory: FakeDirectory
) -> None:
    directory.unlisted = [each for each in directory.everybody if each.slack_id == "U0ERIK"]
    directory.everybody = [each for each in directory.everybody if each.slack_id != "U0ERIK"]
    await people.refresh_all()
    erik = await stored(world, "erik")
    assert (erik.is_gone, erik.timezone) == (False, "America/New_York")

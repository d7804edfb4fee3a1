"""Once a day Slack is asked, by one replica; what it refuses does not hinder the rest."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.delivery.errors import Permanent, Transient
from domain.health.service import PERIOD, RETRY, HealthService
from domain.health.values import Area, Finding
from domain.portfolio.people import PeopleService
from domain.ports import SlackApp, SlackChannel
from models.health import watched_channels
from models.portfolio import Council, Person
from tests.support.directory import FakeDirectory
from tests.support.portfolio import ITS, World, at
from tests.support.reporting import statements

NOW = at(25, 12)


async def findings(health: HealthService, area: Area | None = None) -> list[Finding]:
    report = await health.report(NOW)
    return [each for each in report.findings if area in (None, each.area)]


async def test_it_is_done_once_a_day(health: HealthService, directory: FakeDirectory) -> None:
    assert await health.check_if_due(NOW)
    assert not await health.check_if_due(NOW + PERIOD - timedelta(seconds=1))
    assert sorted(directory.asked) == ["app", "channels", "users"]
    assert await health.check_if_due(NOW + PERIOD)


async def test_of_several_replicas_one_does_it(
    world: World, directory: FakeDirectory, people: PeopleService
) -> None:
    replicas = [
        HealthService(world.database, world.workspace_id, directory, people) for _ in range(3)
    ]
    done = await asyncio.gather(*(each.check_if_due(NOW) for each in replicas))
    assert sorted(done) == [False, False, True]
    again = await asyncio.gather(*(each.check_if_due(NOW + PERIOD) for each in replicas))
    assert sorted(again) == [False, False, True]


async def test_whoever_dies_on_the_way_leaves_it_to_the_next_hour(
    health: HealthService, directory: FakeDirectory
) -> None:
    directory.troubles["app"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        await health.check_if_due(NOW)
    directory.troubles.clear()
    assert not await health.check_if_due(NOW + RETRY - timedelta(seconds=1))
    assert await health.check_if_due(NOW + RETRY)


async def test_people_and_channels_are_brought_to_what_slack_says(
    world: World, health: HealthService, directory: FakeDirectory
) -> None:
    directory.everybody = [
        replace(each, timezone="Asia/Tokyo") if each.slack_id == "U0ANA" else each
        for each in directory.everybody
    ]
    directory.all_channels = [SlackChannel("C0ITS", "it-council", is_private=True, is_member=True)]
    await health.check_slack(NOW)
    async with world.database.reading() as session:
        assert (await session.get_one(Person, world.id("ana"))).timezone == "Asia/Tokyo"
        council = await session.get_one(Council, world._councils[ITS])
    assert (council.channel_name, council.channel_is_private) == ("it-council", True)


@pytest.mark.parametrize(
    ("channel", "cause"),
    [
        (None, "was deleted, or is private and the bot is not in it"),
        (SlackChannel("C0ITS", "its-council"), "the bot is not in the channel of ITS Council"),
        (
            SlackChannel("C0ITS", "its-council", is_archived=True, is_member=True),
            "the channel of ITS Council is archived",
        ),
    ],
)
async def test_a_channel_that_cannot_be_posted_to_is_a_problem(
    health: HealthService, directory: FakeDirectory, channel: SlackChannel | None, cause: str
) -> None:
    directory.all_channels = [channel] if channel else []
    await health.check_slack(NOW)
    (found,) = await findings(health, Area.CHANNELS)
    assert found.subject == "#its-council"
    assert cause in found.cause
    assert found.cure


async def test_the_pmo_channel_is_looked_at_too(
    world: World, health: HealthService, directory: FakeDirectory
) -> None:
    await world.configure(pmo={"channel": "office"}, pmo_channel_id="C0PMO")
    await health.check_slack(NOW)
    (found,) = await findings(health, Area.CHANNELS)
    assert (found.subject, "the PMO" in found.cause) == ("#office", True)
    directory.all_channels.append(SlackChannel("C0PMO", "office", is_member=True))
    await health.check_slack(NOW)
    assert await findings(health, Area.CHANNELS) == []


async def test_the_channel_of_a_digest_across_councils_is_looked_at_too(
    world: World, health: HealthService, directory: FakeDirectory
) -> None:
    await world.project("APOLLO")
    await world.digest("Overview")
    directory.all_channels.append(SlackChannel("C0EXEC", "execs"))
    await health.check_slack(NOW)
    (found,) = await findings(health, Area.CHANNELS)
    assert (found.subject, "the digest 'Overview'" in found.cause) == ("#execs", True)
    assert await findings(health, Area.DIGESTS) == []
    await world.digest("Cloud", tag="cloud", channel_id="C0ITS", next_at=None)
    assert [each.subject for each in await findings(health, Area.DIGESTS)] == ["Cloud", "Cloud"]


async def test_what_slack_refuses_is_told_and_hinders_nothing_else(
    health: HealthService, directory: FakeDirectory
) -> None:
    directory.troubles["users"] = Permanent("missing_scope", "the app lacks users:read", "add it")
    directory.all_channels = []
    await health.check_slack(NOW)
    (trouble,) = await findings(health, Area.SLACK)
    assert (trouble.subject, trouble.cure) == ("people", "add it")
    assert "the app lacks users:read" in trouble.cause
    assert len(await findings(health, Area.CHANNELS)) == 1


async def test_what_could_not_be_asked_is_asked_again_in_an_hour_and_keeps_its_last_answer(
    health: HealthService, directory: FakeDirectory
) -> None:
    directory.itself = SlackApp(frozenset({"chat:write"}))
    await health.check_slack(NOW)
    lacking = len(await findings(health, Area.SLACK))
    for what in ("app", "users", "channels"):
        directory.troubles[what] = Transient("unreachable", "Slack cannot be reached")
    await health.check_slack(NOW)
    assert len(await findings(health, Area.SLACK)) == lacking + 3
    assert await findings(health, Area.CHANNELS) == []
    directory.troubles.clear()
    assert await health.check_if_due(NOW + RETRY)
    assert len(await findings(health, Area.SLACK)) == lacking


async def test_two_who_check_at_once_do_not_disturb_each_other(
    world: World, health: HealthService
) -> None:
    await health.check_slack(NOW)
    await asyncio.gather(*(health.check_slack(NOW) for _ in range(4)))
    async with world.database.reading() as session:
        assert list(await watched_channels(session, world.workspace_id)) == ["C0ITS"]


async def test_the_record_is_read_in_as_many_statements_however_large_it_is(
    world: World, health: HealthService
) -> None:
    await health.check_slack(NOW)
    counts = []
    for size in (2, 30):
        for number in range(size):
            await world.project(f"P{size}X{number}")
        with statements(world.database) as said:
            await health.report(NOW)
        counts.append(len(said))
    assert counts[0] == counts[1] <= 20

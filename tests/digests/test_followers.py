"""Followers are told what they follow: once a week, or as soon as a health has changed."""

from asyncio import gather
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from domain.calendar.service import LeaveService
from domain.digests.following.messages import FollowedChanges, FollowersDigest
from domain.health.settings import SettingsService
from domain.health.values import SettingsWish
from models.delivery import Delivery
from models.digests.following import FollowerTurn
from models.enums import Attention, DeliveryState, Health
from models.portfolio import AuditEntry, Follower
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, RED, YELLOW, Office, statements

WEDNESDAY = at(18, 14)
"""Nine in New York: everybody has just been asked."""
BERLIN, MONDAY = at(23, 8), at(23, 14)
"""Nine in Berlin, and in New York."""
WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)


async def run(office: Office, *instants: datetime) -> None:
    for now in instants:
        while await office.followers.tell(now):
            pass


async def asked(office: Office, *codes: str, answered: tuple[str, ...] = ()) -> None:
    for code in codes:
        await office.world.project(code)
    await office.tick(WEDNESDAY)
    for code in answered:
        await office.answer(code, WEDNESDAY, GREEN)


async def follow(office: Office, name: str, *codes: str) -> None:
    for code in codes:
        await office.following.follow(await office.world.viewer(name), code, WEDNESDAY)


async def wish(office: Office, name: str, followed: str, now: datetime = WEDNESDAY) -> None:
    world = office.world
    leave = LeaveService(world.database, world.workspace_id)
    service = SettingsService(world.database, world.workspace_id, leave)
    await service.save(await world.viewer(name), SettingsWish(followed=followed), now)


async def told(office: Office, name: str, kind: type[Any] = FollowersDigest) -> dict[str, Any]:
    """What somebody was told, by key."""
    place = f"person:{office.world.id(name)}"
    said = [each for each in await office.said() if each.place == place]
    return {each.key: each.message for each in said if isinstance(each.message, kind)}


async def changes(office: Office, name: str) -> list[Any]:
    """In each message at once: the codes, with what their health was and is."""
    return [
        [(each.code, each.previous, each.health) for each in message.changed]
        for message in (await told(office, name, FollowedChanges)).values()
    ]


async def rows(office: Office, table: Any) -> list[Any]:
    async with office.database.reading() as session:
        return list((await session.exec(select(table).order_by(table.id))).all())


async def states(office: Office, kind: Any) -> list[DeliveryState]:
    return [each.state for each in await rows(office, Delivery) if each.kind == kind.kind]


async def post(office: Office, kind: Any) -> None:
    """Let what was said be read in Slack."""
    async with office.database.writing() as session:
        for row in (await session.exec(select(Delivery).where(Delivery.kind == kind.kind))).all():
            row.slack_ts, row.state = f"{row.pk}.1", DeliveryState.SENT


async def test_all_changes_are_told_in_one_message_after_ten_minutes_of_calm(
    any_office: Office,
) -> None:
    office = any_office
    await asked(office, "APOLLO", "BOREAS", answered=("BOREAS",))
    await wish(office, "omar", "at_once")
    await follow(office, "omar", "APOLLO", "BOREAS")
    await run(office, WEDNESDAY)
    await office.answer("APOLLO", at(19, 14), YELLOW)
    await run(office, at(19, 14), at(19, 14, 5))
    await office.answer("BOREAS", at(19, 14, 6), RED)
    await run(office, at(19, 14, 6), at(19, 14, 15))
    assert await changes(office, "omar") == []
    await run(office, at(19, 14, 16), at(19, 15), MONDAY)
    assert await changes(office, "omar") == [
        [("BOREAS", Health.GREEN, Health.RED), ("APOLLO", None, Health.YELLOW)]
    ]
    key = f"followed_now:{office.world.id('omar')}:{(await office.reports())[-1].pk}"
    assert list(await told(office, "omar", FollowedChanges)) == [key]
    assert await told(office, "omar") == {}


async def test_calm_begins_with_the_last_report_whichever_project_it_is_about(
    office: Office,
) -> None:
    await asked(office, "APOLLO", "ZEUS")
    await wish(office, "erik", "at_once")
    await follow(office, "erik", "APOLLO", "ZEUS")
    await run(office, WEDNESDAY)
    for code, minute in (("ZEUS", 6), ("APOLLO", 7)):
        await office.answer(code, WEDNESDAY + minute * MINUTE, RED)
    await run(office, WEDNESDAY + 7 * MINUTE)
    (turn,) = await rows(office, FollowerTurn)
    assert turn.at_once_at == WEDNESDAY + 17 * MINUTE
    await office.answer("ZEUS", WEDNESDAY + 8 * MINUTE, YELLOW)
    await run(office, WEDNESDAY + 8 * MINUTE)
    (turn,) = await rows(office, FollowerTurn)
    assert turn.at_once_at == WEDNESDAY + 18 * MINUTE


async def test_a_week_is_told_in_one_message_changes_first_then_gaps_with_reasons_then_the_rest(
    any_office: Office,
) -> None:
    office = any_office
    everything = ("APOLLO", "BOREAS", "CERES")
    await asked(office, *everything, answered=("APOLLO", "BOREAS"))
    await follow(office, "erik", *everything)
    await run(office, WEDNESDAY)
    await office.answer("APOLLO", at(19, 14), RED)
    await office.tick(at(20, 20))
    await run(office, BERLIN - timedelta(minutes=1))
    assert await told(office, "erik") == {}
    await run(office, BERLIN, BERLIN + timedelta(days=1))
    ((key, week),) = (await told(office, "erik")).items()
    assert key == f"followed:{office.world.id('erik')}:2026-W48"
    changed = [(each.code, each.previous, each.health) for each in week.changed]
    assert changed == [("APOLLO", Health.GREEN, Health.RED)]
    missing = [(each.code, each.reason) for each in week.missing]
    assert missing == [("CERES", "no answer by the cut-off")]
    assert [each.code for each in week.unchanged] == ["BOREAS"]
    said = [each for each in await rows(office, Delivery) if each.kind == FollowersDigest.kind]
    assert [(each.attention, each.state, each.expires_at) for each in said] == [
        (Attention.DIGEST, DeliveryState.WAITING, at(29, 23))
    ]


async def test_what_a_follower_may_not_see_any_more_is_dropped_audited_and_told_no_more(
    any_office: Office,
) -> None:
    office = any_office
    await asked(office, "APOLLO", "BOREAS")
    await wish(office, "erik", "both")
    await follow(office, "erik", "APOLLO", "BOREAS")
    await follow(office, "omar", "APOLLO")
    await run(office, WEDNESDAY)
    await office.answer("APOLLO", at(18, 15), RED)
    await run(office, at(18, 15), at(18, 16), BERLIN)
    (week,) = (await told(office, "erik")).values()
    assert week.codes == ("APOLLO", "BOREAS")
    assert await states(office, FollowedChanges) == [DeliveryState.WAITING]
    await office.world.change("APOLLO", visibility=RESTRICTED)
    await run(office, BERLIN, MONDAY)
    assert [each.codes for each in (await told(office, "erik")).values()] == [("BOREAS",)]
    assert [each.codes for each in (await told(office, "omar")).values()] == [("APOLLO",)]
    assert await states(office, FollowedChanges) == [DeliveryState.EXPIRED]
    assert len(await rows(office, Follower)) == 2
    entry = (await rows(office, AuditEntry))[-1]
    assert (entry.actor, entry.subject, entry.field) == ("pmobot", "project APOLLO", "follower")
    assert (entry.old, entry.new) == ("U0ERIK", None)


async def test_two_replicas_tell_nobody_twice(any_office: Office) -> None:
    office, other = any_office, Office(any_office.world)
    await office.world.project("APOLLO")
    for name in ("omar", "erik", "li", "sam"):
        await follow(office, name, "APOLLO")
    for now in (WEDNESDAY, MONDAY):
        while any(await gather(office.followers.tell(now), other.followers.tell(now))):
            pass
    said = [each for each in await office.said() if isinstance(each.message, FollowersDigest)]
    assert [each.revision for each in said] == [1, 1, 1, 1]


async def test_a_slip_that_is_corrected_and_ones_own_report_are_no_news(office: Office) -> None:
    await asked(office, "APOLLO", answered=("APOLLO",))
    for name in ("ana", "omar"):
        await wish(office, name, "at_once")
        await follow(office, name, "APOLLO")
    await run(office, WEDNESDAY)
    await office.answer("APOLLO", at(18, 15), RED)
    await run(office, at(18, 15))
    await office.answer("APOLLO", at(18, 15, 8), GREEN)
    await run(office, at(18, 15, 8), at(18, 15, 30))
    assert await changes(office, "omar") == []
    await office.answer("APOLLO", at(18, 16), RED)
    await run(office, at(18, 16), at(18, 16, 30))
    assert await changes(office, "omar") == [[("APOLLO", Health.GREEN, Health.RED)]]
    assert await changes(office, "ana") == []


async def test_changes_that_wait_take_in_what_comes_and_are_taken_back_if_they_are_over(
    office: Office,
) -> None:
    await asked(office, "APOLLO", "BOREAS", answered=("APOLLO", "BOREAS"))
    await wish(office, "omar", "at_once")
    await follow(office, "omar", "APOLLO", "BOREAS")
    await run(office, WEDNESDAY)

    async def reported(hour: int, code: str, raw: dict[str, str]) -> list[Any]:
        await office.answer(code, at(18, hour), raw)
        await run(office, at(18, hour), at(18, hour, 10))
        return await changes(office, "omar")

    red, yellow = ("APOLLO", Health.GREEN, Health.RED), ("BOREAS", Health.GREEN, Health.YELLOW)
    assert await reported(15, "APOLLO", RED) == [[red]]
    assert await reported(16, "BOREAS", YELLOW) == [[red, yellow]]
    assert await reported(17, "APOLLO", GREEN) == [[yellow]]
    await reported(18, "BOREAS", GREEN)
    assert await states(office, FollowedChanges) == [DeliveryState.EXPIRED]
    assert await reported(19, "APOLLO", RED) == [[red]]
    await post(office, FollowedChanges)
    now = ("APOLLO", Health.RED, Health.YELLOW)
    assert await reported(20, "APOLLO", YELLOW) == [[red], [now]]


async def test_a_week_is_caught_up_while_it_lasts_and_what_nobody_read_is_told_again(
    office: Office,
) -> None:
    await asked(office, "APOLLO", answered=("APOLLO",))
    await follow(office, "omar", "APOLLO")
    await run(office, WEDNESDAY)
    await office.answer("APOLLO", at(19, 15), RED)
    await run(office, MONDAY + timedelta(days=2), MONDAY + WEEK)
    first, second = (await told(office, "omar")).values()
    for message in (first, second):  # the first was never posted
        assert [(each.code, each.previous) for each in message.changed] == [
            ("APOLLO", Health.GREEN)
        ]
    await post(office, FollowersDigest)
    await run(office, MONDAY + 3 * WEEK)
    _first, _second, third = (await told(office, "omar")).values()
    assert (third.changed, third.codes) == ((), ("APOLLO",))


async def test_who_begins_or_switches_hears_of_what_comes_from_then_on(office: Office) -> None:
    await asked(office, "APOLLO", answered=("APOLLO",))
    await wish(office, "omar", "never")
    await follow(office, "omar", "APOLLO")
    await run(office, WEDNESDAY)
    await office.answer("APOLLO", at(18, 15), RED)
    await run(office, at(18, 16), MONDAY)
    await wish(office, "omar", "both", MONDAY + timedelta(hours=1))
    await run(office, MONDAY + timedelta(hours=2), MONDAY + timedelta(days=3))
    assert await told(office, "omar") == {}
    await run(office, MONDAY + WEEK)
    (message,) = (await told(office, "omar")).values()
    assert (message.changed, message.codes) == ((), ("APOLLO",))
    assert await changes(office, "omar") == []
    await office.following.unfollow(await office.world.viewer("omar"), "APOLLO", MONDAY)
    await run(office, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK)
    assert len(await told(office, "omar")) == 1


@pytest.mark.parametrize(
    ("facts", "codes", "left"), [({"is_gone": True}, [], 2), ({"is_guest": True}, ["BOREAS"], 1)]
)
async def test_who_has_left_is_told_nothing_and_guests_only_of_what_they_have_a_role_in(
    office: Office, facts: dict[str, bool], codes: list[str], left: int
) -> None:
    await office.world.project("APOLLO")
    await office.world.project("BOREAS", sponsor="sam")
    await follow(office, "sam", "APOLLO", "BOREAS")
    await run(office, WEDNESDAY)
    await office.world.change_person("sam", **facts)
    await run(office, MONDAY)
    assert [code for each in (await told(office, "sam")).values() for code in each.codes] == codes
    assert len(await rows(office, Follower)) == left


async def test_any_number_of_followers_costs_the_same_statements(office: Office) -> None:
    await asked(office, "APOLLO", "BOREAS", "CERES", answered=("APOLLO",))
    for name in ("erik", "ana", "ben", "carol", "omar", "sam"):
        await follow(office, name, "APOLLO", "BOREAS", "CERES")
    await run(office, WEDNESDAY)
    counts = []
    for now in (BERLIN, MONDAY):  # one reader, then five
        with statements(office.database) as said:
            assert await office.followers.tell(now)
        counts.append(len(said))
    assert len(await office.messages(FollowersDigest)) == 6
    assert counts[0] == counts[1] <= 25

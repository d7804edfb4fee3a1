"""What the PMO's buttons do, and that nobody else's do anything."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from domain.delivery.errors import CannotMendError, Permanent
from domain.delivery.messages import Place
from domain.errors import NotAllowedError
from domain.health.office import OfficeService
from domain.health.service import HealthService
from models.portfolio import AuditEntry
from tests.support.clock import FakeClock
from tests.support.delivering import Bench
from tests.support.directory import FakeDirectory
from tests.support.portfolio import World

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
ARCHIVED = Permanent("is_archived", "the channel is archived", "unarchive it")


@pytest.fixture
def bench(world: World) -> Bench:
    return Bench(world.database, world.workspace_id, FakeClock(NOW))


@pytest.fixture
def office(health: HealthService, bench: Bench) -> OfficeService:
    return OfficeService(health, bench.service)


@pytest.fixture
async def lost(bench: Bench) -> list[int]:
    """Three messages to different channels that Slack does not take."""
    for number in range(3):
        bench.slack.plan(f"post C{number}", ARCHIVED)
        await bench.say(f"text {number}", f"note:{number}", to=Place.channel(f"C{number}"))
    await bench.run()
    return [each.delivery_id for each in await bench.service.failures(bench.clock.now())]


async def test_what_was_given_up_is_on_the_page_by_its_cause(
    world: World, office: OfficeService, lost: list[int]
) -> None:
    report = await office.page(await world.viewer("dana"), NOW)
    assert report is not None
    assert [each.delivery_id for each in report.undelivered] == lost
    (finding,) = (each for each in report.findings if each.area == "messages")
    assert finding.subject == "3 messages not delivered"
    assert finding.cause.startswith("the channel is archived")
    assert finding.cure.startswith("unarchive it")


async def test_trying_again_says_it_and_is_audited(
    world: World, office: OfficeService, bench: Bench, lost: list[int]
) -> None:
    dana = await world.viewer("dana")
    await office.retry(dana, lost[0])
    await bench.run()
    assert bench.slack.texts("C0") == ["text 0"]
    report = await office.page(dana, NOW)
    assert report is not None
    assert [each.delivery_id for each in report.undelivered] == lost[1:]
    async with world.database.reading() as session:
        (entry,) = (await session.exec(select(AuditEntry))).all()
    assert entry.actor == dana.slack_id
    with pytest.raises(CannotMendError):
        await office.retry(dana, lost[0])


async def test_trying_all_again_leaves_out_what_is_held(
    world: World, office: OfficeService, bench: Bench, lost: list[int]
) -> None:
    await bench.change("note:1", state="held")
    await office.retry_all(await world.viewer("dana"), NOW)
    await bench.run()
    assert [bench.slack.texts(f"C{number}") for number in range(3)] == [["text 0"], [], ["text 2"]]
    assert lost


async def test_dropping_takes_it_off_the_page_and_never_says_it(
    world: World, office: OfficeService, bench: Bench, lost: list[int]
) -> None:
    dana = await world.viewer("dana")
    for each in lost:
        await office.drop(dana, each)
    await bench.run()
    report = await office.page(dana, NOW)
    assert report is not None
    assert report.undelivered == ()
    assert bench.slack.texts("C0") == []


@pytest.mark.parametrize("name", ["ana", "carol", "erik", "gus"])
async def test_nobody_else_sees_the_page_or_can_do_anything(
    world: World,
    office: OfficeService,
    directory: FakeDirectory,
    lost: list[int],
    name: str,
) -> None:
    viewer = await world.viewer(name)
    assert await office.page(viewer, NOW) is None
    for refused in (
        office.check_slack(viewer, NOW),
        office.retry(viewer, lost[0]),
        office.retry_all(viewer, NOW),
        office.drop(viewer, lost[0]),
    ):
        with pytest.raises(NotAllowedError, match="Only the PMO"):
            await refused
    assert directory.asked == []
    report = await office.page(await world.viewer("dana"), NOW)
    assert report is not None
    assert len(report.undelivered) == 3


@pytest.mark.parametrize("fact", ["is_guest", "is_gone"])
async def test_somebody_of_the_pmo_who_became_a_guest_or_left_may_nothing(
    world: World, office: OfficeService, fact: str
) -> None:
    await world.change_person("dana", **{fact: True})
    viewer = await world.viewer("dana")
    assert await office.page(viewer, NOW) is None
    with pytest.raises(NotAllowedError):
        await office.check_slack(viewer, NOW)


async def test_a_backlog_counts_what_can_go_on_and_not_what_waits_for_its_head(
    health: HealthService, bench: Bench
) -> None:
    bench.slack.plan("post C1", ARCHIVED)
    await bench.say("head", "head", to=Place.channel("C1"))
    await bench.say("reply", "reply", to=Place.thread("head"))
    await bench.run()
    backlog = (await health.report(bench.at(hours=1))).backlog
    assert (backlog.due, backlog.oldest_due_at) == (0, None)
    await bench.say("elsewhere", "other", to=Place.channel("C2"))
    report = await health.report(bench.at(minutes=6))
    assert report.backlog.due == 1
    assert any("waits for 6 minutes" in each.cause for each in report.findings)


async def test_what_waits_for_its_readers_hours_is_counted_as_later(
    health: HealthService, bench: Bench
) -> None:
    await bench.say("first", "first", to=Place.channel("C1"))
    await bench.say("second", "second", to=Place.channel("C2"))
    await bench.change("second", state="waiting", due_at=bench.at(hours=-9))
    backlog = (await health.report(bench.at(minutes=1))).backlog
    assert (backlog.due, backlog.later, backlog.oldest_due_at) == (1, 1, NOW)

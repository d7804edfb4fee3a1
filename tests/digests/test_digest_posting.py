"""When a digest is composed and said, to whom, under which subjects, and what it then tells."""

import asyncio
from datetime import timedelta

import pytest

from domain.digests.messages import DigestDetail, DigestHead, DigestPage
from domain.digests.values import Counts
from domain.errors import NotFoundError
from models.enums import CycleState, Health
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office, Said, statements

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
WEEK = timedelta(days=7)


async def _reported(office: Office) -> Office:
    """APOLLO is red, HERA is missing, ZEUS is green: their digest is said."""
    for code in ("APOLLO", "HERA", "ZEUS"):
        await office.world.project(code)
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, RED | {"decision": "Fund it", "decision_from": "ITS"})
    await office.answer("ZEUS", ANSWER, GREEN)
    await office.ticks(CUT_OFF, DIGEST)
    return office


def _is_digest(said: Said) -> bool:
    return said.key.startswith("digest:")


async def test_a_digest_is_said_when_it_is_due_and_only_once(any_office: Office) -> None:
    office = await _reported(any_office)
    await office.ticks(DIGEST, DIGEST + timedelta(minutes=1), DIGEST + timedelta(hours=5))
    assert {each.key: (each.place, each.revision) for each in await office.said()} == {
        f"request:{office.world.id('ana')}:2026-11-25": (f"person:{office.world.id('ana')}", 4),
        "digest:1:head": ("channel:C0ITS", 1),
        f"digest:1:detail:{(await office.requests('APOLLO'))[0].project_id}": (
            "thread:digest:1:head",
            1,
        ),
        "digest:1:heat_map:1": ("thread:digest:1:head", 1),
        "digest:1:page:1": ("thread:digest:1:head", 1),
    }
    assert (await office.cycle()).state is CycleState.REPORTED


async def test_nothing_is_said_before_it_is_due(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF, DIGEST - timedelta(seconds=1))
    assert await office.messages(DigestHead) == []


async def test_a_cycle_that_still_takes_answers_has_no_digest(world: World, office: Office) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    assert not await office.digests.post(DIGEST)


async def test_posters_at_the_same_instant_say_it_once(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF)
    posted = await asyncio.gather(*(office.digests.post(DIGEST) for _poster in range(4)))
    assert sorted(posted) == [False, False, False, True]
    assert len(await office.messages(DigestHead)) == 1


async def test_a_digest_that_was_missed_while_away_is_said_late(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(NINE, at(1, 9, month=12))
    head = await office.message(DigestHead)
    assert (head.as_of, head.due_at) == (at(1, 9, month=12), DIGEST)


async def test_an_amended_digest_is_still_told_to_have_been_late_and_one_in_time_never_is(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(NINE, DIGEST + timedelta(minutes=15))
    assert (await office.message(DigestHead)).due_at is None
    await office.answer("APOLLO", DIGEST + timedelta(hours=1), GREEN)
    await office.tick(DIGEST + timedelta(hours=1))
    head = await office.message(DigestHead)
    assert (head.amended_at, head.due_at) == (DIGEST + timedelta(hours=1), None)


async def test_a_project_that_ends_is_closed_once_whether_reported_or_taken_out(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    for code in ("APOLLO", "HERA", "ZEUS", "IDLE"):
        await world.project(code, phase="closeout" if code == "ZEUS" else "execution")
    await world.change("IDLE", phase="qualification")
    closed = []
    for week in (timedelta(0), WEEK, 2 * WEEK):
        if week == WEEK:
            await world.change("APOLLO", phase="qualification")
        await office.tick(NINE + week)
        if week:
            await office.answer("ZEUS", ANSWER + week, GREEN | {"percent_complete": "100"})
        await office.ticks(CUT_OFF + week, DIGEST + week)
        head = (await office.messages(DigestHead))[-1]
        closed.append([(each.code, each.phase, each.is_reported) for each in head.closed])
    told = [("APOLLO", "qualification", False), ("ZEUS", "closeout", True)]
    assert closed == [[], told, []]


async def test_the_head_tells_exceptions_first_and_the_thread_every_word(office: Office) -> None:
    await _reported(office)
    head = await office.message(DigestHead)
    assert (head.council, head.due, head.received) == (ITS, 3, 2)
    assert head.counts == Counts(green=1, red=1, grey=1)
    assert (head.as_of, head.timezone, head.amended_at) == (DIGEST, "America/New_York", None)
    assert [(each.code, each.decision, each.pm) for each in head.decisions] == [
        ("APOLLO", "Fund it", "Ana")
    ]
    assert [(each.code, each.summary, each.days) for each in head.red] == [
        ("APOLLO", "No funding", 5)
    ]
    assert [(each.code, each.last_health) for each in head.missing] == [("HERA", None)]
    assert [(each.code, each.summary) for each in head.green] == [("ZEUS", "Tested the portal")]
    detail = (await office.message(DigestDetail)).report
    assert (detail.code, detail.phase, detail.author) == ("APOLLO", "execution", "Ana")
    assert detail.answers.path_to_green == RED["path_to_green"]
    (page,) = (await office.message(DigestPage)).reports
    assert (page.code, page.answers.next) == ("ZEUS", GREEN["next"])


async def test_the_next_digest_compares_with_the_one_before(any_office: Office) -> None:
    office = await _reported(any_office)
    await office.answer("ZEUS", DIGEST + timedelta(hours=1), YELLOW)
    await office.answer("ZEUS", DIGEST + timedelta(hours=2), GREEN)
    await office.tick(NINE + WEEK)
    await office.answer("APOLLO", ANSWER + WEEK, YELLOW)
    await office.answer("ZEUS", ANSWER + WEEK, YELLOW)
    await office.ticks(CUT_OFF + WEEK, DIGEST + WEEK)
    head = await office.message(DigestHead, "digest:2")
    assert head.previous == Counts(green=1, red=1, grey=1)
    assert [(each.code, each.previous) for each in head.newly_worse] == [("ZEUS", Health.GREEN)]
    assert [(each.code, each.previous) for each in head.improved] == [("APOLLO", Health.RED)]
    assert head.missing[0].last_on is None


async def test_a_week_without_an_answer_leaves_no_arrow_and_tells_what_is_last_known(
    any_office: Office,
) -> None:
    office = await _reported(any_office)
    await office.ticks(NINE + WEEK, CUT_OFF + WEEK, DIGEST + WEEK, NINE + 2 * WEEK)
    await office.answer("APOLLO", ANSWER + 2 * WEEK, RED)
    await office.ticks(CUT_OFF + 2 * WEEK, DIGEST + 2 * WEEK)
    without = await office.message(DigestHead, "digest:2")
    assert [(each.code, each.last_health, each.days) for each in without.missing] == [
        ("APOLLO", Health.RED, 12),
        ("ZEUS", Health.GREEN, 12),
        ("HERA", None, 0),
    ]
    (line,) = (await office.message(DigestHead, "digest:3")).red
    assert (line.previous, line.days) == (None, 5)


async def test_a_decision_that_is_still_open_is_told_although_its_project_is_silent(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO")
    asks = {**RED, "decision": "Fund a second engineer", "decision_from": "the CIO"}
    await office.ticks(NINE)
    await office.answer("APOLLO", ANSWER, asks)
    await office.ticks(CUT_OFF, DIGEST, NINE + WEEK, CUT_OFF + WEEK, DIGEST + WEEK)
    lines = [
        (each.decision, each.decision_from, each.is_from_list)
        for number in (1, 2)
        for each in (await office.message(DigestHead, f"digest:{number}")).decisions
    ]
    assert lines == [
        ("Fund a second engineer", "the CIO", False),
        ("Fund a second engineer", "the CIO", True),
    ]
    for number in (1, 2):
        ((again, frozen),) = (await office.digests.compose_again(number)).values()
        assert again.head == frozen


async def test_a_council_without_projects_posts_nothing(office: Office) -> None:
    await office.ticks(NINE, CUT_OFF, DIGEST)
    assert await office.said() == []
    assert (await office.cycle()).state is CycleState.REPORTED
    assert await office.digests.compose_again((await office.cycle()).pk) == {}


async def test_restricted_projects_reach_council_members_by_dm_and_nobody_else(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.person("lea", is_gone=True)
    for name in ("gus", "lea"):
        await world.seat(ITS, name)
    await world.project("VAULT", pm="li", visibility=RESTRICTED)
    await world.project("CRYPT", pm="li", visibility=RESTRICTED)
    await office.tick(NINE)
    await office.answer("VAULT", ANSWER, RED | {"decision": "Hush"}, by="li")
    await _reported(office)
    digests = [each for each in await office.said() if _is_digest(each)]
    readers = {world.id("carol"), world.id("omar")}
    assert {each.place for each in digests} == {
        "channel:C0ITS",
        "thread:digest:1:head",
        *(f"person:{each}" for each in readers),
        *(f"thread:digest:1:restricted:{each}:head" for each in readers),
    }
    for said in digests:
        hidden = ("APOLLO", "ZEUS") if ":restricted:" in said.key else ("VAULT", "CRYPT")
        assert not any(code in str(said.message) for code in hidden)
    channel = await office.message(DigestHead, "digest:1:head")
    assert (channel.due, channel.counts) == (3, Counts(green=1, red=1, grey=1))
    private = await office.message(DigestHead, f"restricted:{world.id('omar')}")
    assert (private.due, private.counts) == (2, Counts(red=1, grey=1))
    assert private.is_restricted
    assert not channel.is_restricted


async def test_the_restricted_part_is_for_chair_and_members_who_may_see_it(
    world: World, office: Office
) -> None:
    await world.person("lea", is_gone=True)
    readers = {"carol": ["carol", "omar"], "omar": ["omar"], "gus": ["omar"], "lea": ["omar"]}
    for name in readers:
        await world.council(f"{name} Council", chair=name, members=("omar",))
        await world.project(name.upper(), council=f"{name} Council", visibility=RESTRICTED)
    await office.ticks(NINE, CUT_OFF, DIGEST)
    heads = [each for each in await office.said() if isinstance(each.message, DigestHead)]
    assert sorted((each.message.council, each.place) for each in heads) == sorted(
        (f"{chair} Council", f"person:{world.id(reader)}")
        for chair, allowed in readers.items()
        for reader in allowed
    )


async def test_the_restricted_part_of_a_council_without_people_goes_to_the_pmo(
    world: World, office: Office
) -> None:
    await world.council("Empty Council", chair=None, members=())
    await world.project("VAULT", council="Empty Council", visibility=RESTRICTED)
    await office.ticks(NINE, CUT_OFF, DIGEST)
    heads = [each for each in await office.said() if isinstance(each.message, DigestHead)]
    assert [each.place for each in heads] == [f"person:{world.id('dana')}"]


async def test_a_council_with_nothing_but_restricted_projects_leaves_its_channel_silent(
    world: World, office: Office
) -> None:
    await world.project("VAULT", visibility=RESTRICTED)
    await office.ticks(NINE, CUT_OFF, DIGEST)
    assert "channel:C0ITS" not in (await office.places()).values()


@pytest.mark.parametrize(
    ("visibility", "told"), [("open", ["APOLLO", "VAULT"]), ("restricted", ["APOLLO"])]
)
async def test_the_council_that_asked_is_told_of_a_project_that_moved_on_unless_it_is_restricted(
    world: World, office: Office, visibility: str, told: list[str]
) -> None:
    await world.council(STS, members=("li",), chair=None, rhythm={"every": "FREQ=YEARLY"})
    await world.project("APOLLO")
    await world.project("VAULT", visibility=visibility)
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, RED)
    await office.answer("VAULT", ANSWER, RED)
    await world.change("VAULT", council=STS)
    await office.ticks(CUT_OFF, DIGEST)
    heads = await office.messages(DigestHead)
    assert [line.code for head in heads for line in head.red] == told


async def test_each_council_gets_the_digest_of_its_own_projects(
    world: World, office: Office
) -> None:
    await world.council(STS)
    await world.project("APOLLO")
    await world.project("HERA", council=STS)
    await office.ticks(NINE, CUT_OFF, DIGEST)
    heads = [each for each in await office.said() if isinstance(each.message, DigestHead)]
    assert {each.place: [line.code for line in each.message.missing] for each in heads} == {
        "channel:C0ITS": ["APOLLO"],
        "channel:C0STS": ["HERA"],
    }


async def test_composing_again_from_the_record_gives_the_head_as_it_was_frozen(
    office: Office,
) -> None:
    await office.world.project("VAULT", pm="li", visibility=RESTRICTED)
    await _reported(office)
    again = await office.digests.compose_again(1)
    assert again.keys() == {"open", "restricted"}
    for composition, frozen in again.values():
        assert composition.head == frozen
    assert again["open"][1] == await office.message(DigestHead, "digest:1:head")
    with pytest.raises(NotFoundError, match="Cycle 999 has no digest"):
        await office.digests.compose_again(999)


async def test_a_digest_takes_as_many_statements_for_many_projects_as_for_few(
    office: Office,
) -> None:
    world = office.world

    async def took(week: int) -> int:
        await office.tick(NINE + week * WEEK)
        for request in await office.requests():
            if request.opens_on == (NINE + week * WEEK).date():
                ana = await world.viewer("ana")
                await office.collecting.submit(ana, request.pk, GREEN, ANSWER + week * WEEK)
        await office.tick(CUT_OFF + week * WEEK)
        with statements(world.database) as seen:
            assert await office.digests.post(DIGEST + week * WEEK)
        return len(seen)

    for number in range(2):
        await world.project(f"P{number}")
    await took(0)
    few = await took(1)
    for number in range(2, 9):
        await world.project(f"P{number}")
    many = await took(2)
    assert many == few
    assert len((await office.message(DigestHead, "digest:3")).green) == 9

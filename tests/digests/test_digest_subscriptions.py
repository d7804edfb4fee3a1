"""Who has subscribed gets a digest's head as a direct message, and is kept up to date."""

from datetime import timedelta

import pytest
from sqlmodel import select

from domain.digests.messages import DigestCopy, DigestHead
from domain.rehearsal.service import about
from message_templates.rehearsal.rehearsal import kind, subject
from message_templates.rendering import render
from models.calendar import DigestSubscription
from models.delivery import Delivery
from models.enums import Attention, DeliveryState
from tests.support.looks import assert_slack_takes, lines_of
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, Office, statements

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
LATE = at(30, 16)
FROZEN = at(1, 17, month=12)


async def subscribe(world: World, council_id: int, *names: str) -> None:
    async with world.database.writing() as session:
        session.add_all(
            DigestSubscription(
                workspace_id=world.workspace_id, person_id=world.id(name), council_id=council_id
            )
            for name in names
        )


async def copies(office: Office) -> dict[str, tuple[str, int, DigestHead]]:
    return {
        each.key: (each.place, each.revision, each.message.head)
        for each in await office.said()
        if isinstance(each.message, DigestCopy)
    }


async def reported(office: Office) -> None:
    await office.world.project("APOLLO")
    await office.world.project("ZEUS", visibility=RESTRICTED)
    await office.tick(NINE)
    await office.answer("ZEUS", ANSWER, RED)
    await office.ticks(CUT_OFF, DIGEST)


async def test_subscribers_get_the_head_of_the_open_part_and_nothing_of_the_restricted(
    any_office: Office,
) -> None:
    world, office = any_office.world, any_office
    sts = await world.council(STS)
    await subscribe(world, world.council_id(ITS), "erik", "omar")
    await subscribe(world, sts, "li")
    await reported(office)
    (head,) = [each for each in await office.messages(DigestHead) if not each.is_restricted]
    erik, omar = world.id("erik"), world.id("omar")
    assert await copies(office) == {
        f"digest:1:subscriber:{erik}": (f"person:{erik}", 1, head),
        f"digest:1:subscriber:{omar}": (f"person:{omar}", 1, head),
    }
    assert "ZEUS" not in str(await copies(office))


async def test_a_copy_costs_attention_as_a_digest_does(world: World, office: Office) -> None:
    await subscribe(world, world.council_id(ITS), "erik")
    await reported(office)
    async with world.database.reading() as session:
        found = await session.exec(select(Delivery).where(Delivery.kind == DigestCopy.kind))
        copy = found.one()
    assert (copy.attention, copy.state) == (Attention.DIGEST, DeliveryState.WAITING)


async def test_a_copy_is_edited_when_its_digest_is_amended_and_later_subscribers_wait(
    any_office: Office,
) -> None:
    world, office = any_office.world, any_office
    await subscribe(world, world.council_id(ITS), "erik")
    await reported(office)
    await subscribe(world, world.council_id(ITS), "omar")
    await office.answer("APOLLO", LATE, GREEN)
    await office.tick(LATE)
    ((_place, revision, head),) = (await copies(office)).values()
    assert (revision, head.amended_at) == (2, LATE)
    await office.answer("APOLLO", FROZEN, RED)
    await office.tick(FROZEN)
    ((_place, revision, _head),) = (await copies(office)).values()
    assert revision == 2
    await office.ticks(NINE + timedelta(weeks=1), CUT_OFF + timedelta(weeks=1))
    await office.tick(DIGEST + timedelta(weeks=1))
    assert len(await copies(office)) == 3


@pytest.mark.parametrize("facts", [{"is_guest": True}, {"is_gone": True}])
async def test_who_has_left_or_became_a_guest_gets_no_digest(
    world: World, office: Office, facts: dict[str, bool]
) -> None:
    await subscribe(world, world.council_id(ITS), "erik")
    await world.change_person("erik", **facts)
    await reported(office)
    assert await copies(office) == {}


async def test_a_copy_ends_with_where_the_thread_is(world: World, office: Office) -> None:
    await subscribe(world, world.council_id(ITS), "erik")
    await reported(office)
    copy = await office.message(DigestCopy)
    (rendered,) = render(copy)
    assert_slack_takes([rendered])
    *_others, end = lines_of(rendered)
    assert "The digest and its thread are in " in end
    (head,) = render(copy.head)
    assert rendered.blocks[: len(head.blocks) - 1] == head.blocks[:-1]


async def test_a_rehearsal_tells_of_which_council_a_copy_is(world: World, office: Office) -> None:
    await subscribe(world, world.council_id(ITS), "erik")
    await reported(office)
    told = about(await office.message(DigestCopy))
    assert (kind(told), subject(told)) == ("digest, as subscribed to", ITS)


async def test_any_number_of_subscribers_costs_the_same_statements(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    counts = []
    for week, names in enumerate(((), ("ana",), ("ben", "carol", "erik", "li", "sam"))):
        await subscribe(world, world.council_id(ITS), *names)
        later = timedelta(weeks=week)
        await office.ticks(NINE + later, CUT_OFF + later)
        with statements(world.database) as said:
            await office.digests.post(DIGEST + later)
        counts.append(len(said))
    assert counts[1] == counts[2]  # the first has no cycle before it

"""Working by place: what can be taken in one conversation, and when to look there again."""

from datetime import timedelta

import pytest

from domain.delivery import rules
from domain.delivery.errors import RetryAfter, Transient
from domain.delivery.messages import Place
from domain.delivery.turns import SOONEST, Turns
from models.base import Database
from tests.support.clock import FakeClock
from tests.support.delivering import Bench

OTHER = Place.channel("C2")


@pytest.fixture
def turns(any_database: Database, any_workspace_id: int) -> Turns:
    return Turns(any_database, any_workspace_id)


async def work_at(bench: Bench, conversation: str) -> int:
    """Do what can be done at one conversation without the clock's moving on; how many steps."""
    for steps in range(100):
        claim = await bench.service.claim(bench.clock.now(), conversation)
        if claim is None:
            return steps
        await bench.service.carry_out(claim)
    raise AssertionError


async def test_only_what_belongs_to_the_conversation_is_taken_there(bench: Bench) -> None:
    await bench.say("elsewhere", "k1", OTHER)
    await bench.say("head", "k2")
    await bench.say("reply", "k3", Place.thread("k2"))
    assert await work_at(bench, "channel:C1") == 2
    assert [message.text for message in bench.slack.messages] == ["head", "reply"]
    assert await work_at(bench, "channel:C2") == 1


async def test_direct_messages_are_a_conversation_as_well(bench: Bench) -> None:
    anna = await bench.person("UANNA")
    await bench.say("hello", "k", anna)
    assert await work_at(bench, anna.name) == 2
    assert bench.slack.texts("D-UANNA") == ["hello"]


async def test_where_nothing_waits_nobody_need_look(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    await bench.say("elsewhere", "k1", OTHER)
    assert await turns.wait("channel:C1", clock.now()) is None
    await bench.run()
    assert await turns.wait("channel:C2", clock.now()) is None


async def test_what_could_go_on_but_is_not_taken_is_looked_at_soon(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    await bench.say("x", "k")
    assert await turns.wait("channel:C1", clock.now()) == SOONEST


async def test_a_delivery_that_backs_off_is_looked_at_when_it_is_due_again(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    bench.slack.plan("post", Transient("down", "Slack is down"))
    await bench.say("x", "k")
    await bench.run()
    assert await turns.wait("channel:C1", clock.now()) == timedelta(seconds=5)


async def test_what_waits_behind_another_is_not_looked_at_before_it(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    bench.slack.plan("post", Transient("down", "Slack is down"))
    await bench.say("x", "k1")
    await bench.run()
    await bench.say("y", "k2")
    await bench.say("under it", "k3", Place.thread("k1"))
    assert await turns.wait("channel:C1", clock.now()) == timedelta(seconds=5)


async def test_another_workers_delivery_is_looked_at_when_its_lease_ends(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    await bench.say("x", "k")
    assert await bench.service.claim(clock.now()) is not None
    assert await turns.wait("channel:C1", clock.now()) == timedelta(seconds=60)


async def test_slacks_own_pause_is_waited_for(bench: Bench, turns: Turns, clock: FakeClock) -> None:
    bench.slack.plan("post", RetryAfter(30))
    await bench.say("x", "k")
    await bench.run()
    wait = await turns.wait("channel:C1", clock.now())
    assert wait is not None
    assert timedelta(seconds=28) <= wait <= timedelta(seconds=30)


async def test_the_further_back_in_the_queue_of_a_method_the_later_the_look(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    for number in range(60):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    bench.slack.plan("post", RetryAfter(3))
    assert await bench.service.deliver_next(clock.now())
    waits = [await turns.wait(f"channel:C{number}", clock.now()) for number in (1, 30, 59)]
    seconds = [wait.total_seconds() for wait in waits if wait is not None]
    spacing = 60 / (300 * rules.USE)
    assert seconds == pytest.approx(
        [1 + spacing / 2, 1 + 15 * spacing, 1 + 29.5 * spacing], abs=0.001
    )


async def test_a_conversation_is_unattended_once_something_could_have_gone_on_for_a_minute(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    bench.slack.plan("post C2", Transient("down", "Slack is down"))
    await bench.say("head", "k1")
    await bench.say("x", "k2", OTHER)
    await bench.run()
    await bench.say("reply", "k3", Place.thread("k1"))
    await bench.say("y", "k4", OTHER)
    clock.advance(seconds=59)
    assert await turns.unattended(clock.now()) == []
    clock.advance(seconds=1)
    assert await turns.unattended(clock.now()) == ["channel:C1"]
    clock.advance(seconds=6)
    assert sorted(await turns.unattended(clock.now())) == ["channel:C1", "channel:C2"]
    await bench.run()
    assert await turns.unattended(clock.now()) == []


async def test_what_a_killed_worker_left_is_unattended_a_minute_after_its_lease(
    bench: Bench, turns: Turns, clock: FakeClock
) -> None:
    await bench.say("x", "k")
    assert await bench.service.claim(clock.now()) is not None
    clock.advance(seconds=119)
    assert await turns.unattended(clock.now()) == []
    clock.advance(seconds=1)
    assert await turns.unattended(clock.now()) == ["channel:C1"]

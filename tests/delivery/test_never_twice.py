"""Lost answers, dead workers, several workers: each thing is said once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from typing_extensions import override

from domain.delivery import rules
from domain.delivery.errors import Ambiguous, Permanent, RetryAfter, Transient
from domain.delivery.messages import DeliveryProblem, Place
from domain.ports import Posted
from models.base import Database
from models.enums import DeliveryState
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, note
from tests.support.messenger import FakeMessenger

LOST = Ambiguous("no_answer", "the answer was lost")
DOWN = Transient("down", "Slack is down")


class Killed(BaseException):
    """The process is gone: nothing after it is done."""


class BlindMessenger(FakeMessenger):
    """Never finds anything: as if nobody looked."""

    @override
    async def find(
        self, channel_id: str, opaque_id: str, since: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        await super().find(channel_id, opaque_id, since, thread_ts)
        return None


async def test_a_lost_answer_is_looked_up_and_not_posted_again(bench: Bench) -> None:
    bench.slack.plan_lost_answer("post", LOST)
    await bench.say("x", "k")
    await bench.run()
    row = await bench.row("k")
    assert (row.state, row.is_uncertain) == (DeliveryState.DUE, True)
    await bench.elapse(seconds=5)
    assert bench.slack.texts("C1") == ["x"]
    assert bench.slack.calls == ["post", "find"]
    row = await bench.row("k")
    assert (row.state, row.is_uncertain, row.slack_ts) == (
        DeliveryState.SENT,
        False,
        "1000.000100",
    )
    assert row.posted_text == "x"


async def test_without_the_look_up_it_would_be_said_twice(bench: Bench) -> None:
    slack = BlindMessenger()
    slack.plan_lost_answer("post", LOST)
    bench.service = bench.worker(slack)
    await bench.say("x", "k")
    await bench.run()
    await bench.elapse(seconds=5)
    assert slack.texts("C1") == ["x", "x"]


async def test_a_look_up_reads_back_to_shortly_before_the_first_attempt(bench: Bench) -> None:
    await bench.say("x", "k")
    bench.clock.advance(hours=1)
    first_attempt = bench.clock.now()
    bench.slack.plan("post", DOWN, LOST)
    await bench.run()
    await bench.elapse(seconds=5)
    bench.clock.advance(seconds=30)
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    assert claim.since == first_attempt - rules.LOOK_BACK


async def test_what_the_look_up_does_not_find_is_posted(bench: Bench) -> None:
    bench.slack.plan("post", LOST)
    await bench.say("x", "k")
    await bench.run()
    await bench.elapse(seconds=5)
    assert bench.slack.calls == ["post", "find", "post"]
    assert bench.slack.texts("C1") == ["x"]


async def test_a_lost_reply_is_looked_up_in_its_thread(bench: Bench) -> None:
    await bench.say("head", "head")
    await bench.run()
    bench.slack.plan_lost_answer("post", LOST)
    await bench.say(note("1", "2"), "reply", Place.thread("head"))
    await bench.elapse(seconds=2)
    await bench.elapse(seconds=5)
    assert bench.slack.texts("C1", (await bench.row("head")).slack_ts) == ["1", "2"]
    assert bench.slack.calls == ["post", "post", "find", "post"]


async def test_a_found_message_is_brought_to_the_value_that_came_since(bench: Bench) -> None:
    bench.slack.plan_lost_answer("post", LOST)
    await bench.say("old", "k")
    await bench.run()
    await bench.say(note("new", "longer"), "k")
    await bench.elapse(seconds=5)
    assert bench.slack.texts("C1") == ["old"]
    await bench.elapse(minutes=1)
    assert bench.slack.texts("C1") == ["new"]
    assert bench.slack.calls == ["post", "find", "edit", "post"]


async def test_a_look_up_that_fails_is_tried_again_before_anything_else(bench: Bench) -> None:
    bench.slack.plan_lost_answer("post", LOST)
    bench.slack.plan("find", DOWN, RetryAfter(10))
    await bench.say("x", "k")
    await bench.run()
    for _ in range(3):
        await bench.elapse(minutes=2)
    assert bench.slack.calls == ["post", "find", "find", "find"]
    assert (await bench.row("k")).state is DeliveryState.SENT


async def test_where_the_history_cannot_be_read_a_person_must_look(bench: Bench) -> None:
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan_lost_answer("post", LOST)
    bench.slack.plan("find", Permanent("missing_scope", "a scope is missing", "add it"))
    await bench.say("x", "k")
    await bench.run()
    await bench.elapse(seconds=5)
    row = await bench.row("k")
    assert (row.state, row.is_uncertain) == (DeliveryState.HELD, True)
    (problem,) = await bench.rows_of_kind(DeliveryProblem.kind)
    assert problem.value["is_held"] is True
    async with bench.database.writing() as session:
        await bench.outbox.try_again(session, Place.channel("C1"), bench.clock.now())
    await bench.run()
    assert bench.slack.texts("C1") == ["x"]


async def test_each_place_where_a_person_must_look_is_told(bench: Bench) -> None:
    await bench.person("U-DANA", is_pmo=True)
    for channel in ("C1", "C2"):
        bench.slack.plan(f"post {channel}", LOST)
        scope = Permanent("missing_scope", "a scope is missing", "add it", is_local=False)
        bench.slack.plan(f"find {channel}", scope)
        await bench.say("x", channel, Place.channel(channel))
    await bench.run()
    await bench.elapse(seconds=6)
    told = await bench.rows_of_kind(DeliveryProblem.kind)
    assert [row.value["channel_id"] for row in told] == ["C1", "C2"]


async def test_what_stays_uncertain_to_the_last_attempt_is_held(bench: Bench) -> None:
    bench.slack.plan("post", *[Ambiguous("odd", "the answer was odd")] * 8)
    await bench.say("x", "k")
    await bench.run()
    for _ in range(20):
        await bench.elapse(minutes=10)
    assert (await bench.row("k")).state is DeliveryState.HELD
    assert Counter(bench.slack.calls) == {"post": 8, "find": 7}


async def test_an_uncertain_message_is_not_withdrawn_and_does_not_expire_unseen(
    bench: Bench,
) -> None:
    bench.slack.plan_lost_answer("post", LOST)
    await bench.say("x", "k", expires_in=bench.at(seconds=1) - bench.at())
    await bench.run()
    async with bench.database.writing() as session:
        assert not await bench.outbox.withdraw(session, "k", "not needed")
    await bench.elapse(seconds=5)
    assert (await bench.row("k")).state is DeliveryState.SENT


async def test_an_uncertain_message_that_was_not_posted_expires(bench: Bench) -> None:
    bench.slack.plan("post", LOST)
    await bench.say("x", "k", expires_in=bench.at(seconds=1) - bench.at())
    await bench.run()
    await bench.elapse(seconds=5)
    assert (await bench.row("k")).state is DeliveryState.EXPIRED
    assert bench.slack.messages == []


async def test_a_delivery_of_a_dead_worker_is_taken_over_and_not_doubled(bench: Bench) -> None:
    bench.slack.plan_lost_answer("post", Killed())
    await bench.say("x", "k")
    with pytest.raises(Killed):
        await bench.run()
    assert await bench.elapse(seconds=59) == 0
    await bench.elapse(seconds=1)
    assert bench.slack.calls == ["post", "find"]
    assert bench.slack.texts("C1") == ["x"]
    assert (await bench.row("k")).state is DeliveryState.SENT


@pytest.mark.parametrize("call", ["open_dm", "post", "find", "edit"])
async def test_a_worker_may_die_before_any_call_and_nothing_is_lost(
    bench: Bench, call: str
) -> None:
    to = await bench.person("U1")
    if call == "find":
        bench.slack.plan_lost_answer("post", LOST)
    bench.slack.plan(call, Killed())
    for text in ("old", "new"):
        await bench.say(text, "k", to)
        for _ in range(3):
            try:
                await bench.run()
            except Killed:
                bench.clock.advance(minutes=1)
            bench.clock.advance(minutes=1)
    assert bench.slack.texts("D-U1") == ["new"]
    assert (await bench.row("k")).state is DeliveryState.SENT


async def test_what_kills_the_worker_each_time_is_given_up(bench: Bench) -> None:
    bench.slack.plan("post", *[Killed()] * 20)
    bench.slack.plan("find", *[Killed()] * 20)
    await bench.say("poison", "k")
    for _ in range(8):
        with pytest.raises(Killed):
            await bench.run()
        bench.clock.advance(minutes=1)
    await bench.run()
    row = await bench.row("k")
    assert row.state is DeliveryState.HELD
    assert "stopped 8 times" in row.reason


async def test_a_worker_that_was_held_up_does_not_call_and_gives_its_turn_back(
    bench: Bench,
) -> None:
    await bench.say("x", "k")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    bench.clock.advance(seconds=50)
    await bench.service.carry_out(claim)
    assert bench.slack.calls == []
    await bench.elapse(seconds=5)
    assert bench.slack.texts("C1") == ["x"]


@pytest.mark.parametrize("trouble", [None, DOWN])
async def test_a_worker_that_was_overtaken_writes_nothing_down(
    bench: Bench, trouble: Transient | None, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.say("x", "k")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None

    class Overtaken(FakeMessenger):
        @override
        async def post(
            self,
            channel_id: str,
            text: str,
            blocks: Sequence[Any],
            opaque_id: str,
            thread_ts: str | None = None,
        ) -> Posted:
            bench.clock.advance(seconds=61)
            await bench.run()  # the other worker, meanwhile
            return await super().post(channel_id, text, blocks, opaque_id, thread_ts)

    overtaken = Overtaken()
    if trouble is not None:
        overtaken.plan("post", trouble)
    await bench.worker(overtaken).carry_out(claim)
    row = await bench.row("k")
    assert (row.state, row.slack_ts) == (DeliveryState.SENT, "1000.000100")
    assert bench.slack.calls == ["find", "post"]
    assert "taken over by another worker" in caplog.text


async def test_a_worker_that_was_overtaken_does_not_end_the_lease_of_the_other(
    bench: Bench,
) -> None:
    await bench.say("x", "k")
    late = await bench.service.claim(bench.clock.now())
    bench.clock.advance(seconds=61)
    present = await bench.service.claim(bench.clock.now())
    assert late is not None
    assert present is not None
    await bench.service.carry_out(late)
    row = await bench.row("k")
    assert (row.state, row.lease_owner) == (DeliveryState.SENDING, present.lease_owner)


async def test_several_workers_on_one_ledger_never_say_a_thing_twice(
    any_database: Database, any_workspace_id: int, clock: FakeClock
) -> None:
    bench = Bench(any_database, any_workspace_id, clock)
    for number in range(100):
        await bench.say(f"{number}", f"k{number}", Place.channel(f"C{number % 10}"))
    second = Database(any_database.url)
    others = [Bench(database, any_workspace_id, clock) for database in (any_database, second)]
    for other in others:
        other.service = other.worker(bench.slack)

    async def work(worker: Bench) -> None:
        while len(bench.slack.messages) < 100:
            if not await worker.service.deliver_next(clock.now()):
                clock.advance(seconds=0.5)
                await asyncio.sleep(0)

    await asyncio.gather(*(work(worker) for worker in others for _ in range(2)))
    await second.close()
    assert Counter(message.text for message in bench.slack.messages) == Counter(
        str(number) for number in range(100)
    )
    for channel in range(10):
        assert bench.slack.texts(f"C{channel}") == [f"{n}" for n in range(channel, 100, 10)]


async def test_deaths_of_workers_leave_a_lost_answer_its_look_up(bench: Bench) -> None:
    await bench.say("x", "k")
    for _ in range(6):
        assert await bench.service.claim(bench.clock.now()) is not None, "and then it dies"
        bench.clock.advance(minutes=2)
    bench.slack.plan("find", *[LOST] * 3)
    for minute in range(20):
        await bench.say("elsewhere", f"other {minute}", Place.channel("C2"))
        await bench.elapse(minutes=2)
    assert bench.slack.texts("C1") == ["x"]

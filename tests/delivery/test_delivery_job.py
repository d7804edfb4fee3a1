"""The job: one unit, several side by side, and a quiet end."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from domain.delivery.errors import Transient
from domain.delivery.messages import Place
from domain.ports import Posted
from jobs import delivery
from models.enums import DeliveryState
from tests.support.delivering import Bench
from tests.support.messenger import FakeMessenger


class _Slow(FakeMessenger):
    """Answers posts when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.wake = asyncio.Event(), asyncio.Event()
        self._waiting = asyncio.Semaphore(0)

    async def wait_for(self, posts: int) -> None:
        for _ in range(posts):
            await self._waiting.acquire()

    @override
    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        self._waiting.release()
        await self.go.wait()
        return await super().post(channel_id, text, blocks, opaque_id, thread_ts)


async def test_one_unit_tells_whether_there_was_one(bench: Bench) -> None:
    assert not await delivery.run(bench.service, bench.clock.now())
    await bench.say("x", "k")
    assert await delivery.run(bench.service, bench.clock.now())
    assert bench.slack.texts("C1") == ["x"]
    assert not await delivery.run(bench.service, bench.clock.now())


async def test_a_slow_answer_holds_up_no_other_place(bench: Bench) -> None:
    slack = _Slow()
    bench.service = bench.worker(slack)
    for number in range(3):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    together = delivery.SideBySide(bench.service, slack.wake.set, most=2)
    now = bench.clock.now()
    assert [await together.run(now) for _ in range(3)] == [True, True, False]
    await slack.wait_for(2)
    slack.go.set()
    await asyncio.wait_for(slack.wake.wait(), 5)
    assert await together.run(now)
    await together.close()
    assert len(slack.messages) == 3
    assert not await together.run(now)


async def test_nothing_under_way_closes_at_once(bench: Bench) -> None:
    await delivery.SideBySide(bench.service, lambda: None).close()


async def test_what_does_not_end_in_time_is_taken_up_later(bench: Bench) -> None:
    slack = _Slow()
    await bench.say("x", "k")
    together = delivery.SideBySide(bench.worker(slack), slack.wake.set)
    assert await together.run(bench.clock.now())
    await slack.wait_for(1)
    await together.close(grace_seconds=0)
    assert (await bench.row("k")).state is DeliveryState.SENDING
    await bench.elapse(minutes=1)
    assert bench.slack.texts("C1") == ["x"]


async def test_a_fault_in_one_delivery_is_logged_and_the_others_go_on(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    wake = asyncio.Event()
    bench.slack.plan("post C1", RuntimeError("a fault of ours"))
    await bench.say("x", "k1")
    await bench.say("y", "k2", Place.channel("C2"))
    together = delivery.SideBySide(bench.service, wake.set)
    while await together.run(bench.clock.now()):
        pass
    await together.close()
    assert bench.slack.texts("C2") == ["y"]
    assert "delivery 1 was interrupted" in caplog.text
    assert "a fault of ours" in caplog.text
    assert wake.is_set()


async def test_the_next_instant_at_which_something_is_due_is_known(bench: Bench) -> None:
    assert await bench.service.next_due() is None
    await bench.say("x", "k")
    bench.slack.plan("post", Transient("down", "Slack is down"))
    await bench.run()
    assert await bench.service.next_due() == bench.at(seconds=5)
    await bench.elapse(seconds=5)
    assert await bench.service.next_due() is None


async def test_a_step_is_told_what_it_lacks(bench: Bench) -> None:
    await bench.say("x", "k")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    with pytest.raises(ValueError, match="channel:C1 is no person"):
        _ = claim.person
    with pytest.raises(ValueError, match="channel:C1 is not opened yet"):
        _ = replace(claim, channel_id=None).channel

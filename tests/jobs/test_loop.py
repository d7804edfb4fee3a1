"""A worker repeats its unit while there is work, waits otherwise, and ends what it has in hand."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from jobs import loop
from jobs.loop import Worker, until_at_rest, until_idle
from tests.support.clock import FakeClock

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


class Work:
    """A pile of work: one unit takes one off it."""

    def __init__(self, pile: int = 0) -> None:
        self.pile = pile
        self.seen: list[datetime] = []
        self.looked = asyncio.Event()
        """Set whenever a unit found nothing."""
        self.before: Callable[[], Awaitable[None]] | None = None

    async def unit(self, now: datetime) -> bool:
        if not self.pile:
            self.looked.set()
            return False
        if self.before is not None:
            await self.before()
        self.pile -= 1
        self.seen.append(now)
        return True

    async def until_idle(self) -> None:
        """Wait until a unit has found nothing, from now on."""
        self.looked.clear()
        await asyncio.wait_for(self.looked.wait(), 2)


def at_work(work: Work, clock: FakeClock | None = None) -> tuple[Worker, asyncio.Task[None]]:
    worker = Worker("digging", work.unit, clock or FakeClock(NOW))
    return worker, asyncio.create_task(worker.run())


async def end(worker: Worker, task: asyncio.Task[None]) -> None:
    worker.stop()
    await asyncio.wait_for(task, 2)


async def test_a_worker_does_all_there_is_at_its_start() -> None:
    work = Work(3)
    worker, task = at_work(work)
    await work.until_idle()
    assert (work.pile, len(work.seen)) == (0, 3)
    await end(worker, task)


async def test_a_worker_waits_until_it_is_woken() -> None:
    work = Work()
    worker, task = at_work(work)
    await work.until_idle()
    work.pile = 2
    await asyncio.sleep(0.02)
    assert work.pile == 2
    worker.wake()
    await work.until_idle()
    assert work.pile == 0
    await end(worker, task)


async def test_who_is_woken_while_at_work_looks_once_more() -> None:
    work = Work(1)
    worker, task = at_work(work)

    async def meanwhile() -> None:
        work.before = None
        work.pile += 1
        worker.wake()

    work.before = meanwhile
    await work.until_idle()
    assert (work.pile, len(work.seen)) == (0, 2)
    await end(worker, task)


async def test_each_unit_is_told_the_present_instant() -> None:
    clock, work = FakeClock(NOW), Work(2)

    async def time_passes() -> None:
        clock.advance(minutes=1)

    work.before = time_passes
    worker, task = at_work(work, clock)
    await work.until_idle()
    assert (work.seen[1] - work.seen[0]).total_seconds() == 60
    await end(worker, task)


async def test_the_unit_in_hand_is_finished_and_no_other_begun() -> None:
    work, begun, go = Work(2), asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await go.wait()

    work.before = slowly
    worker, task = at_work(work)
    await begun.wait()
    worker.stop()
    await asyncio.sleep(0)
    assert not task.done()
    go.set()
    await asyncio.wait_for(task, 2)
    assert work.pile == 1


async def test_a_worker_that_is_stopped_before_it_starts_does_nothing() -> None:
    work = Work(1)
    worker = Worker("digging", work.unit, FakeClock(NOW))
    worker.stop()
    await asyncio.wait_for(worker.run(), 2)
    assert work.pile == 1


async def test_a_failed_unit_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loop, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    work = Work(1)

    async def fail_once() -> None:
        work.before = None
        raise RuntimeError("the shovel broke")

    work.before = fail_once
    worker, task = at_work(work)
    await work.until_idle()
    assert work.pile == 0
    assert "the job 'digging' failed; it is tried again" in caplog.text
    assert "the shovel broke" in caplog.text
    await end(worker, task)


async def test_the_pause_after_a_failure_ends_with_the_work() -> None:
    work, failed = Work(1), asyncio.Event()

    async def fail() -> None:
        failed.set()
        raise RuntimeError

    work.before = fail
    worker, task = at_work(work)
    await failed.wait()
    await end(worker, task)  # at once, and not after the five seconds
    assert work.pile == 1


async def test_units_are_run_in_turn_until_none_finds_work() -> None:
    first, second = Work(2), Work(1)

    async def makes_more() -> None:
        first.pile += 1

    second.before = makes_more
    await until_idle([first.unit, second.unit], FakeClock(NOW))
    assert (first.pile, second.pile) == (0, 0)
    assert (len(first.seen), len(second.seen)) == (3, 1)


# --- workers at rest, for whoever moves their clock


async def test_workers_are_at_rest_when_what_one_left_to_another_is_done_too() -> None:
    first, second = Work(1), Work()
    ends = [at_work(first), at_work(second)]

    async def leave_work() -> None:
        second.pile += 1  # and wakes nobody

    await ends[1][0].rested()
    first.before = leave_work
    await asyncio.wait_for(until_at_rest([worker for worker, _ in ends]), 2)
    assert (first.pile, second.pile) == (0, 0)
    for worker, task in ends:
        assert worker.is_at_rest
        await end(worker, task)


async def test_a_worker_is_not_at_rest_while_what_it_began_goes_on() -> None:
    under_way, work = [1], Work()
    worker = Worker("digging", work.unit, FakeClock(NOW), lambda: bool(under_way))
    task = asyncio.create_task(worker.run())
    await work.until_idle()
    waiting = asyncio.create_task(until_at_rest([worker]))
    await work.until_idle()
    await asyncio.sleep(0)
    assert not waiting.done()
    under_way.clear()
    worker.wake()
    await asyncio.wait_for(waiting, 2)
    assert worker.is_at_rest
    await end(worker, task)

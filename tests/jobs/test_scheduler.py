"""The ticker wakes workers at their intervals, and is never behind by more than one tick."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from freezegun import freeze_time

from bot import runtime
from bot.runtime import running
from jobs.scheduler import Ticker, Ticks, ticking
from sandbox.app import running_sandbox
from tests.support.scene import fresh_copy, settings_for


def test_each_tick_is_one_job_that_never_piles_up() -> None:
    with freeze_time("2026-11-25T14:00:00Z"):  # nothing is started here: it would stand still
        made = ticking({"digests": (2.0, lambda: None), "delivery": (0.5, lambda: None)})
        jobs = {job.id: job for job in made.get_jobs()}
    assert not made.running
    assert jobs.keys() == {"digests", "delivery"}
    for job in jobs.values():
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert isinstance(job.trigger, IntervalTrigger)
    assert jobs["digests"].trigger.interval == timedelta(seconds=2)
    assert jobs["delivery"].trigger.interval == timedelta(seconds=0.5)


async def test_a_tick_calls_back_on_the_loop() -> None:
    called = asyncio.Event()  # which only the loop's own thread may set
    made = ticking({"fast": (0.01, called.set)})
    made.start()
    await asyncio.wait_for(called.wait(), 2)
    made.shutdown(wait=False)


async def test_what_fails_in_one_tick_is_called_again_at_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    again = asyncio.Event()
    calls: list[int] = []

    def fail_first() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            raise RuntimeError("the bell cracked")
        again.set()

    made = ticking({"fast": (0.01, fail_first)})
    made.start()
    await asyncio.wait_for(again.wait(), 2)
    made.shutdown(wait=False)
    assert "the bell cracked" in caplog.text


async def test_a_clock_that_is_set_back_silences_no_tick(
    caplog: pytest.LogCaptureFixture,
) -> None:
    called = asyncio.Event()
    with freeze_time("2026-11-25T14:00:00Z", tick=True, real_asyncio=True) as time:
        ticker = Ticker({"fast": (0.05, called.set)}, margin=0.0)
        ticker.start()
        await asyncio.wait_for(called.wait(), 2)
        time.move_to("2026-11-25T13:00:00Z")
        await asyncio.sleep(0)
        called.clear()
        await asyncio.wait_for(called.wait(), 5)
        called.clear()
        await asyncio.wait_for(called.wait(), 5)  # and goes on by itself
        assert not ticker.stalled()
        ticker.stop()
        ticker.stop()
    assert "'fast' has not ticked for" in caplog.text
    assert "set off anew" in caplog.text


async def test_a_tick_that_does_not_come_at_all_is_told() -> None:
    ticker = Ticker({"never": (0.02, lambda: None), "slow": (60.0, lambda: None)}, margin=0.0)
    ticker.start()
    ticker.scheduler.remove_job("never")
    ticker.scheduler.add_job(lambda: None, id="never", trigger=IntervalTrigger(hours=1))
    async with asyncio.timeout(5):
        while not ticker.stalled():  # noqa: ASYNC110 - it is time itself that is waited for
            await asyncio.sleep(0.01)
    assert ticker.stalled().keys() == {"never"}
    assert ticker.ages().keys() == {"never", "slow"}
    ticker.stop()


async def test_the_running_bot_ticks_each_of_its_jobs(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Ticker] = []

    def remember(ticks: Ticks) -> Ticker:
        made.append(Ticker(ticks))
        return made[0]

    monkeypatch.setattr(runtime, "Ticker", remember)
    async with running_sandbox() as sandbox:
        settings = settings_for(sandbox.api_base_url, fresh_copy(sqlite_template, tmp_path))
        async with running(settings) as bot:
            scheduler = made[0].scheduler
            assert scheduler.running
            seconds = {job.id: job.trigger.interval.total_seconds() for job in scheduler.get_jobs()}
            assert seconds["delivery"] == 0.5
            assert seconds["digests"] == 2.0
            assert {worker.name for worker in bot.workers} == seconds.keys()
        await asyncio.sleep(0)
        assert not scheduler.running

"""Slack's limits: kept by every worker together, and one busy channel delays no other."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery import rules
from domain.delivery.errors import RetryAfter
from domain.delivery.messages import Place
from models.base import Database
from models.delivery import queue
from models.enums import DeliveryStep
from tests.support.clock import FakeClock
from tests.support.delivering import Bench

SECOND = timedelta(seconds=1)


async def test_a_channel_gets_at_most_one_message_a_second(bench: Bench) -> None:
    for number in range(5):
        await bench.say(f"{number}", f"k{number}")
    start = bench.clock.now()
    await bench.run()
    posted = [(await bench.row(f"k{number}")).posted_at for number in range(5)]
    gaps = [(at - start).total_seconds() for at in posted if at]
    assert gaps == pytest.approx(
        [0, 1 / rules.USE, 2 / rules.USE, 3 / rules.USE, 4 / rules.USE], abs=0.001
    )
    assert bench.clock.slept == pytest.approx([1 / rules.USE] * 4, abs=0.001)


async def test_the_workspace_gets_at_most_three_hundred_messages_a_minute(
    bench: Bench,
) -> None:
    for number in range(20):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    start = bench.clock.now()
    await bench.run()
    assert (bench.clock.now() - start).total_seconds() == pytest.approx(
        19 * 0.2 / rules.USE, abs=0.01
    )


async def test_replies_count_for_the_channel_that_they_are_in(bench: Bench) -> None:
    await bench.say("head", "head")
    await bench.say("reply", "reply", Place.thread("head"))
    await bench.run()
    assert bench.clock.slept == pytest.approx([1 / rules.USE], abs=0.001)


async def test_after_slack_has_asked_to_wait_posts_are_further_apart_for_a_while(
    bench: Bench,
) -> None:
    bench.slack.plan("post", RetryAfter(30))
    for number in range(4):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    await bench.run()
    await bench.elapse(seconds=30)
    assert bench.clock.slept[-2:] == pytest.approx([0.2 / 0.75] * 2, abs=0.001)
    bench.clock.advance(minutes=11)
    bench.clock.slept.clear()
    for number in range(3):
        await bench.say("y", f"m{number}", Place.channel(f"C{number}"))
    await bench.run()
    assert bench.clock.slept == pytest.approx([0.2 / rules.USE] * 2, abs=0.001)


async def test_one_busy_channel_delays_no_other(bench: Bench) -> None:
    await bench.say("0", "k0")
    await bench.run()
    await bench.say("busy", "k1")
    await bench.say("other", "k2", Place.channel("C2"))
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    assert claim.conversation == "channel:C2"
    assert claim.send_at - bench.clock.now() < SECOND / 4


async def test_a_turn_far_ahead_is_left_for_later(bench: Bench) -> None:
    for number in range(12):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    now = bench.clock.now()
    claims = 0
    while (claim := await bench.service.claim(now)) is not None:
        assert claim.send_at - now <= rules.LONGEST_WAIT
        claims += 1
    assert claims == 10  # 0.21 seconds apart, within two seconds


async def test_a_channel_whose_turn_is_near_goes_before_one_whose_turn_is_far(
    bench: Bench,
) -> None:
    now = bench.clock.now()
    for channel, seconds in (("C1", 3), ("C2", 1)):
        await bench.say("x", channel, Place.channel(channel))
        async with bench.database.writing() as session:
            scopes = [queue.lane(f"channel:{channel}")]
            (gate,) = await queue.lock_gates(session, bench.workspace_id, scopes, now)
            gate.next_at = now + seconds * SECOND
    claim = await bench.service.claim(now)
    assert claim is not None
    assert (claim.conversation, claim.send_at) == ("channel:C2", now + SECOND)


async def test_edits_have_a_limit_of_their_own(bench: Bench) -> None:
    for text in ("old", "new"):
        for number in range(3):
            await bench.say(text, f"k{number}", Place.channel(f"C{number}"))
        await bench.elapse(minutes=1)
    start = bench.clock.slept[-2:]
    assert bench.slack.calls == ["post"] * 3 + ["edit"] * 3
    assert start == pytest.approx([1.2 / rules.USE] * 2, abs=0.001)


async def test_direct_messages_are_opened_within_the_limit(bench: Bench) -> None:
    for number in range(3):
        await bench.say("x", f"k{number}", await bench.person(f"U{number}"))
    await bench.run()
    assert bench.slack.calls.count("open_dm") == 3
    assert sum(bench.clock.slept) == pytest.approx(2 * 1.2 / rules.USE, abs=0.3)


async def test_a_slot_that_another_worker_took_meanwhile_is_not_taken_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bench.say("x", "k")
    now = bench.clock.now()
    found = queue.next_candidate

    async def overtaken(session: AsyncSession, *args: Any) -> queue.Candidate | None:
        candidate = await found(session, *args)
        for gate in await queue.lock_gates(session, bench.workspace_id, [DeliveryStep.POST], now):
            gate.next_at = now + timedelta(seconds=10)
        return candidate

    monkeypatch.setattr(queue, "next_candidate", overtaken)
    assert await bench.service.claim(now) is None
    assert (await bench.row("k")).attempts == 0


async def test_the_query_for_the_next_delivery_reads_live_rows_only(
    database: Database, workspace_id: int, clock: FakeClock
) -> None:
    bench = Bench(database, workspace_id, clock)
    await bench.say("x", "k")
    seen: list[tuple[str, Any]] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: seen.append((statement, values)),
    )
    await bench.service.claim(clock.now())
    statement, values = next(one for one in seen if "gate_2" in one[0])
    async with database.engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = "; ".join(row[-1] for row in plan)
    assert "SEARCH delivery USING INDEX ix_delivery_live (workspace_id=? AND due_at<?)" in steps
    assert "SEARCH delivery_2 USING INDEX ix_delivery_place (workspace_id=? AND place=?)" in steps


async def test_turns_that_were_taken_while_the_clock_was_wrong_silence_nobody(
    bench: Bench,
) -> None:
    bench.clock.advance(hours=5)
    await bench.say("ahead of time", "k1")
    await bench.run()
    bench.clock.advance(hours=-5)
    await bench.say("on time", "k2")
    await bench.run()
    assert bench.slack.texts("C1") == ["ahead of time", "on time"]


async def test_a_pause_that_slack_asks_for_holds_after_the_clock_was_wrong(bench: Bench) -> None:
    bench.clock.advance(hours=5)
    await bench.say("ahead of time", "k1")
    await bench.run()
    bench.clock.advance(hours=-5)
    bench.slack.plan("post", RetryAfter(60))
    await bench.say("on time", "k2")
    await bench.run()
    assert bench.slack.texts("C1") == ["ahead of time"]
    await bench.elapse(seconds=61)
    assert bench.slack.texts("C1") == ["ahead of time", "on time"]

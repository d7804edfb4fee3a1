"""The ledger stays small: old texts go, and what keeps things from being said twice stays."""

import pytest

from domain.delivery import housekeeping
from domain.delivery.errors import Permanent
from domain.delivery.housekeeping import Housekeeper
from domain.delivery.messages import Place
from models.base import Database
from models.enums import DeliveryState
from tests.support.delivering import Bench
from tests.support.reporting import statements


@pytest.fixture
def housekeeper(bench: Bench) -> Housekeeper:
    return Housekeeper(bench.database, bench.workspace_id)


async def test_what_was_said_long_ago_loses_its_text_and_keeps_its_place(
    bench: Bench, housekeeper: Housekeeper
) -> None:
    await bench.say("old", "old")
    await bench.run()
    bench.clock.advance(days=60)
    await bench.say("recent", "recent")
    await bench.run()
    bench.clock.advance(days=31)
    assert not await housekeeper.strip(bench.clock.now())
    old, recent = await bench.row("old"), await bench.row("recent")
    assert (old.value, old.posted_text, old.posted_blocks) == ({}, None, None)
    assert (old.state, old.slack_ts, old.channel_id) == (DeliveryState.SENT, "1000.000100", "C1")
    assert (recent.value, recent.posted_text) == ({"texts": ["recent"]}, "recent")


async def test_what_is_not_over_or_was_changed_lately_keeps_its_text(
    bench: Bench, housekeeper: Housekeeper
) -> None:
    bench.slack.plan("post C2", Permanent("not_in_channel", "the bot is not in the channel"))
    await bench.say("failed", "failed", Place.channel("C2"))
    await bench.say("old", "edited")
    await bench.run()
    bench.clock.advance(days=60)
    await bench.say("new", "edited")
    await bench.run()
    bench.clock.advance(days=31)
    await housekeeper.strip(bench.clock.now())
    assert (await bench.row("failed")).value == {"texts": ["failed"]}
    assert (await bench.row("edited")).posted_text == "new"


async def test_what_lost_its_text_is_edited_and_not_said_a_second_time(
    bench: Bench, housekeeper: Housekeeper
) -> None:
    await bench.say("head", "head")
    await bench.run()
    bench.clock.advance(days=91)
    await housekeeper.strip(bench.clock.now())
    await bench.say("head", "head")
    await bench.say("late reply", "reply", Place.thread("head"))
    await bench.elapse(minutes=1)
    assert [one.text for one in bench.slack.messages] == ["head", "late reply"]
    row = await bench.row("head")
    assert (row.posted_text, row.stripped_at) == ("head", None)


async def test_it_is_done_once_a_day_in_batches_of_few_statements(
    bench: Bench,
    housekeeper: Housekeeper,
    any_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 4)
    for number in range(6):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    await bench.run()
    bench.clock.advance(days=91)
    with statements(any_database) as seen:
        assert await housekeeper.strip(bench.clock.now())
    assert len(seen) <= 8
    assert not await housekeeper.strip(bench.clock.now())
    left = [row.key for row in await bench.rows_of_kind("note") if row.stripped_at is None]
    assert left == []
    with statements(any_database) as idle:
        assert not await housekeeper.strip(bench.clock.now())
    assert not any("UPDATE delivery" in each for each in idle)


async def test_replicas_do_the_days_work_once(bench: Bench, housekeeper: Housekeeper) -> None:
    assert not await housekeeper.strip(bench.clock.now())
    await bench.say("x", "k")
    await bench.run()
    await bench.change("k", created_at=bench.at(days=-91), posted_at=bench.at(days=-91))
    other = Housekeeper(bench.database, bench.workspace_id)
    bench.clock.advance(hours=23)
    await other.strip(bench.clock.now())
    assert (await bench.row("k")).stripped_at is None
    bench.clock.advance(hours=1)
    await other.strip(bench.clock.now())
    assert (await bench.row("k")).stripped_at == bench.clock.now()

"""The figures at `/metrics`: what is counted where, and that they are there in both modes."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.runtime import Running, running
from bot.settings import Mode
from domain.delivery.errors import Ambiguous, Permanent, RetryAfter, Transient
from jobs.loop import Worker
from jobs.scheduler import Ticker
from models.base import Database
from models.delivery.figures import Queue, queue_of
from models.enums import DeliveryState
from sandbox.app import Running as Sandbox
from tests.conftest import NOW
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, Drawn
from tests.support.reporting import statements
from tests.support.scene import fresh_copy, settings_for

COUNTED = {
    *("due", "sent", "edited", "late", "failed", "held"),
    *("expired", "retried", "lookups", "rate_limited", "uploads", "pictures_lost"),
}


def figures(text: bytes) -> dict[str, float]:
    """Every value, by its name and labels: `pmobot_sent_total`."""
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


class Watched:
    """A bench with the metrics of it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.metrics = Metrics(bench.clock)
        bench.service.watch(self.metrics.stepped)

    def counts(self) -> dict[str, float]:
        """What is not zero."""
        found = figures(self.metrics.text(None, {}))
        counts = {name: found[f"pmobot_{name}_total"] for name in COUNTED}
        return {name: count for name, count in counts.items() if count}


@pytest.fixture
def bench(any_database: Database, any_workspace_id: int) -> Bench:
    return Bench(any_database, any_workspace_id, FakeClock(NOW))


@pytest.fixture
def watched(bench: Bench) -> Watched:
    return Watched(bench)


async def test_a_message_and_its_edit_are_counted(watched: Watched, bench: Bench) -> None:
    await bench.say("one", "a")
    await bench.run()
    await bench.say("two", "a")
    await bench.elapse(seconds=10)
    assert watched.counts() == {"due": 2, "sent": 1, "edited": 1}


async def test_what_is_said_a_minute_after_it_was_due_is_late(
    watched: Watched, bench: Bench
) -> None:
    await bench.say("one", "a")
    await bench.elapse(seconds=60)
    await bench.say("two", "b")
    await bench.elapse(seconds=61)
    assert watched.counts() == {"due": 2, "sent": 2, "late": 1}


async def test_retries_limits_and_look_ups_are_counted_and_the_message_once(
    watched: Watched, bench: Bench
) -> None:
    bench.slack.plan("post", Transient("x", "x"), RetryAfter(3), Ambiguous("x", "x"))
    await bench.say("one", "a")
    for _ in range(4):
        await bench.elapse(seconds=31)
    assert watched.counts() == {
        "due": 1,
        "sent": 1,
        "late": 1,
        "retried": 2,
        "rate_limited": 1,
        "lookups": 1,
    }


async def test_pictures_are_counted_beside_the_messages_that_show_them(
    watched: Watched, bench: Bench
) -> None:
    await bench.say(Drawn(("one",)), "a")
    await bench.elapse(seconds=2)
    await bench.say(Drawn(("two",)), "a")
    bench.slack.plan("upload", Permanent("x", "x"))
    await bench.elapse(seconds=10)
    assert watched.counts() == {
        "due": 2,
        "sent": 1,
        "edited": 1,
        "uploads": 1,
        "pictures_lost": 1,
    }


async def test_what_fails_is_held_or_expires_is_counted(watched: Watched, bench: Bench) -> None:
    bench.slack.plan("post", Permanent("x", "x"))
    await bench.say("one", "a")
    await bench.run()
    bench.slack.plan("post", Ambiguous("x", "x"))
    bench.slack.plan("find", Permanent("x", "x"))
    await bench.say("two", "b")
    await bench.elapse(seconds=31)
    await bench.say("three", "c", expires_in=timedelta(minutes=1))
    await bench.elapse(minutes=2)
    counts = watched.counts()
    assert (counts["failed"], counts["held"], counts["expired"]) == (1, 1, 1)
    assert "sent" not in counts


async def test_the_queue_is_read_in_one_statement(bench: Bench) -> None:
    for number in range(4):
        await bench.say("x", f"k{number}")
    await bench.change("k3", state=DeliveryState.WAITING)
    await bench.change("k2", due_at=bench.at(minutes=5))
    bench.clock.advance(seconds=90)
    async with bench.database.reading() as session:
        queue = await queue_of(session, bench.workspace_id, bench.clock.now())
    assert queue == Queue(due=2, waiting=2, oldest_due_at=NOW)
    found = figures(Metrics(bench.clock).text(queue, {"delivery": 0.5}))
    assert (found["pmobot_queue_size"], found["pmobot_waiting"]) == (2, 2)
    assert found["pmobot_queue_age_seconds"] == 90
    assert found["pmobot_database_up"] == 1
    assert found["pmobot_last_tick_age_seconds delivery"] == 0.5


async def test_reading_the_queue_reads_nothing_of_what_is_said(
    database: Database, workspace_id: int
) -> None:
    with statements(database) as seen:
        async with database.reading() as session:
            await queue_of(session, workspace_id, NOW)
    (statement,) = (each for each in seen if "FROM delivery" in each)
    values = (1,) * statement.count("?")
    async with database.engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = "; ".join(row[-1] for row in plan)
    assert "SCAN delivery" not in steps
    assert "ix_delivery_workspace_id" not in steps  # the one that has all rows in it
    assert "ix_delivery_waiting" in steps


def test_two_processes_in_one_do_not_share_their_figures() -> None:
    one, other = Metrics(FakeClock(NOW)), Metrics(FakeClock(NOW))
    one.acknowledged("event", 0.02)
    name = "pmobot_ack_seconds_count event"
    assert figures(one.text(None, {}))[name] == 1
    assert name not in figures(other.text(None, {}))


async def scrape(bot: Running) -> dict[str, float]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/metrics") as answer,
    ):
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        return figures(await answer.read())


@pytest.mark.parametrize("mode", [Mode.SOCKET, Mode.HTTP])
async def test_the_running_bot_tells_its_figures(
    sqlite_template: Path, tmp_path: Path, sandbox: Sandbox, mode: Mode
) -> None:
    url = fresh_copy(sqlite_template, tmp_path)
    async with running(settings_for(sandbox.api_base_url, url, PMOBOT_MODE=mode)) as bot:
        person = sandbox.workspace.user_named("priya")
        assert person is not None
        await bot.core.services.people.learn(person.id)
        found = await scrape(bot)
    assert {f"pmobot_{name}_total" for name in COUNTED} < found.keys()
    assert (found["pmobot_queue_size"], found["pmobot_database_up"]) == (0, 1)
    assert found["pmobot_slack_call_seconds_count users.info"] == 1
    jobs = {name.partition(" ")[2] for name in found if name.startswith("pmobot_last_tick")}
    assert jobs == {worker.name for worker in bot.workers}


async def test_a_request_of_slacks_is_timed_by_its_kind(
    sqlite_template: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    url = fresh_copy(sqlite_template, tmp_path)
    async with running(settings_for(sandbox.api_base_url, url)) as bot:
        user = sandbox.workspace.user_named("priya")
        assert user is not None
        dm = sandbox.workspace.dm(user.id)
        await sandbox.acting.command(user.id, dm.id, "/project", "help")
        found = await scrape(bot)
    assert found["pmobot_ack_seconds_count command"] == 1


async def test_without_its_database_a_bot_still_tells_its_own_figures(
    sqlite_template: Path, tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh_copy(sqlite_template, tmp_path)
    async with running(settings_for(sandbox.api_base_url, url)) as bot:
        monkeypatch.setattr(bot.core.database, "reading", _refuse)
        found = await scrape(bot)
    assert found["pmobot_database_up"] == 0
    assert "pmobot_sent_total" in found


def _refuse(*_: object) -> None:
    raise OSError("the database is away")


async def test_a_bot_whose_jobs_stand_still_is_not_ready(
    sqlite_template: Path, tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ticker, "stalled", lambda _self: {"the clock": 41.0})
    monkeypatch.setattr(Worker, "busy_seconds", 301.0)
    url = fresh_copy(sqlite_template, tmp_path)
    async with (
        running(settings_for(sandbox.api_base_url, url)) as bot,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bot.port}/readyz") as answer,
    ):
        assert answer.status == 503
        told = await answer.json()
    assert told["delivery"] == "one piece of work has taken 301 s"
    assert told["the clock"] == "it has not looked for work for 41 s"

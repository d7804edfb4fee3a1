"""What every carrier promises, each shown with both of them; then what is procrastinate's alone."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import pytest
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from typing_extensions import override

from bot.slack import SlackMessenger, posting_client
from domain.delivery.errors import RetryAfter, Transient
from domain.delivery.messages import Message, Place
from domain.delivery.values import Claim, Rendered
from domain.ports import Posted
from jobs import postgres_carrier
from models.base import Database
from models.enums import DeliveryState
from models.portfolio import Workspace
from sandbox.app import Running, running_sandbox
from tests.support.carriers import ByJobs, Carriage, InProcess, carriage, gather_runs, working
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, note, render
from tests.support.messenger import FakeMessenger
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).parents[2]

OTHER = Place.channel("C2")


@pytest.fixture
def carried(bench: Bench) -> InProcess | ByJobs:
    return carriage(bench)


@pytest.fixture
async def by_jobs(postgres: PostgresServer, clock: FakeClock) -> AsyncIterator[ByJobs]:
    """For what only procrastinate has."""
    postgres.empty()
    database = Database(postgres.url)
    yield ByJobs(Bench(database, await make_workspace(database), clock))
    await database.close()


async def make_workspace(database: Database, team_id: str = "T1") -> int:
    async with database.writing() as session:
        workspace = Workspace(team_id=team_id, name="Northfield", created_at=datetime.now(UTC))
        session.add(workspace)
        await session.flush()
        assert workspace.id is not None
        return workspace.id


async def test_each_is_said_once_and_nothing_is_left_to_do(carried: Carriage) -> None:
    bench = carried.bench
    for number in range(6):
        await bench.say(f"m{number}", f"k{number}", Place.channel(f"C{number % 3}"))
    await carried.work()
    await carried.elapse(minutes=2)
    assert sorted(message.text for message in bench.slack.messages) == [
        f"m{number}" for number in range(6)
    ]


async def test_every_place_keeps_its_order_however_long_it_is(carried: Carriage) -> None:
    bench = carried.bench
    for number in range(25):
        await bench.say(f"m{number}", f"k{number}")
        await bench.say(f"o{number}", f"o{number}", OTHER)
    for _ in range(2):
        await carried.elapse(seconds=30)
    assert bench.slack.texts("C1") == [f"m{number}" for number in range(25)]
    assert bench.slack.texts("C2") == [f"o{number}" for number in range(25)]


async def test_replies_come_under_their_head(carried: Carriage) -> None:
    bench = carried.bench
    now = bench.clock.now()
    async with bench.database.writing() as session:
        await bench.outbox.say(session, note("head"), to=Place.channel("C1"), key="h", now=now)
        replies = {f"r{number}": note(f"r{number}") for number in range(5)}
        await bench.outbox.say_all(session, replies, to=Place.thread("h"), now=now)
    await carried.work()
    await carried.elapse(seconds=10)
    head = bench.slack.messages[0]
    assert head.text == "head"
    assert bench.slack.texts("C1", head.ts) == [f"r{number}" for number in range(5)]


async def test_edits_converge_on_the_newest_value_with_one_call(carried: Carriage) -> None:
    bench = carried.bench
    await bench.say("0", "k")
    await carried.work()
    for number in range(1, 6):
        await bench.say(str(number), "k")
    await carried.work()
    assert bench.slack.texts("C1") == ["0"]
    await carried.elapse(seconds=3)
    assert bench.slack.texts("C1") == ["5"]
    assert bench.slack.calls == ["post", "edit"]


async def test_slacks_pause_is_obeyed_everywhere(carried: Carriage) -> None:
    bench = carried.bench
    bench.slack.plan("post", RetryAfter(30))
    await bench.say("first", "k0")
    await carried.work()
    for number in range(1, 4):
        await bench.say("x", f"k{number}", Place.channel(f"C{number}"))
    await carried.work()
    await carried.elapse(seconds=25)
    assert bench.slack.calls == ["post"]
    await carried.elapse(seconds=6)
    await carried.elapse(seconds=3)
    assert len(bench.slack.messages) == 4
    assert len(bench.slack.calls) == 5


async def test_what_is_rolled_back_is_not_carried(carried: Carriage) -> None:
    bench = carried.bench
    with suppress(RuntimeError):
        async with bench.database.writing() as session:
            await bench.outbox.say(
                session, note("x"), to=Place.channel("C1"), key="k", now=bench.clock.now()
            )
            raise RuntimeError
    await carried.work()
    assert bench.slack.calls == []
    if isinstance(carried, ByJobs):
        assert await carried.scalar("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_a_message_that_cannot_be_rendered_holds_up_nothing_for_long(
    carried: Carriage, caplog: pytest.LogCaptureFixture
) -> None:
    bench = carried.bench

    def draw(message: Message) -> Sequence[Rendered]:
        if message == note("poison"):
            raise ValueError("it cannot be drawn")
        return render(message)

    bench.service = bench.worker(bench.slack, draw)
    await bench.say("poison", "k1")
    await bench.say("fine", "k2")
    await carried.work()
    assert bench.slack.texts("C1") == ["fine"]
    assert (await bench.row("k1")).state is DeliveryState.FAILED
    assert "cannot be rendered" in caplog.text


async def test_a_fault_in_one_delivery_is_logged_and_it_is_taken_up_when_its_lease_ends(
    carried: Carriage, caplog: pytest.LogCaptureFixture
) -> None:
    bench = carried.bench
    bench.slack.plan("post C1", RuntimeError("a fault of ours"))
    await bench.say("x", "k1")
    await bench.say("y", "k2", OTHER)
    await carried.work()
    assert bench.slack.texts("C2") == ["y"]
    assert "was interrupted" in caplog.text
    await carried.elapse(seconds=59)
    assert bench.slack.texts("C1") == []
    await carried.elapse(seconds=2)
    assert bench.slack.texts("C1") == ["x"]


async def test_what_backs_off_holds_up_neither_edits_nor_threads_of_its_channel(
    carried: Carriage,
) -> None:
    bench = carried.bench
    await bench.say("old", "k1")
    await carried.work()
    bench.slack.plan("post C1", Transient("down", "Slack is down"))
    await bench.say("backs off", "k2")
    await carried.work()
    assert bench.slack.texts("C1") == ["old"]
    await carried.elapse(seconds=3)
    await bench.say("new", "k1")
    await bench.say("reply", "k3", Place.thread("k1"))
    await carried.work()
    assert bench.slack.texts("C1") == ["new"]
    assert bench.slack.texts("C1", bench.slack.messages[0].ts) == ["reply"]
    await carried.elapse(seconds=2)
    assert bench.slack.texts("C1") == ["new", "backs off"]


class _Slow(FakeMessenger):
    """Answers posts when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.go = asyncio.Event(), asyncio.Event()

    @override
    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        self.is_asked.set()
        await self.go.wait()
        return await super().post(channel_id, text, blocks, opaque_id, thread_ts)


async def test_a_message_is_said_within_a_second_of_its_commit_and_without_a_tick(
    by_jobs: ByJobs,
) -> None:
    bench, said = by_jobs.bench, asyncio.Event()
    bench.slack.on_call = lambda _call: said.set()
    async with working(by_jobs.replica()):
        await until(by_jobs, "SELECT count(*) > 0 FROM procrastinate_workers")
        await bench.say("x", "k")
        await asyncio.wait_for(said.wait(), 10)
    assert bench.slack.texts("C1") == ["x"]


async def until(by_jobs: ByJobs, query: str) -> None:
    """Wait until what a replica does has come to be true."""
    async with asyncio.timeout(20):
        while not await by_jobs.scalar(query):  # noqa: ASYNC110 - a table cannot be awaited
            await asyncio.sleep(0.01)


async def test_the_work_in_hand_is_finished_at_the_end_and_nothing_new_is_taken(
    by_jobs: ByJobs,
) -> None:
    bench, slack = by_jobs.bench, _Slow()
    for key in ("k1", "k2"):
        await bench.say(key, key)
    async with working(by_jobs.replica(bench.worker(slack))):
        await asyncio.wait_for(slack.is_asked.wait(), 10)
        asyncio.get_running_loop().call_later(0.1, slack.go.set)
    assert slack.texts("C1") == ["k1"]
    assert (await bench.row("k2")).state is DeliveryState.DUE
    await by_jobs.work()
    assert bench.slack.texts("C1") == ["k2"]


async def test_what_does_not_end_within_the_grace_is_looked_up_by_another(
    by_jobs: ByJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_carrier, "GRACE_SECONDS", 0.05)
    bench, slack = by_jobs.bench, _Slow()
    await bench.say("x", "k")
    async with working(by_jobs.replica(bench.worker(slack))):
        await asyncio.wait_for(slack.is_asked.wait(), 10)
    monkeypatch.undo()
    assert (await bench.row("k")).state is DeliveryState.SENDING
    await by_jobs.work()
    assert bench.slack.calls == []
    await by_jobs.elapse(seconds=6)  # no 60: its lease was handed back
    assert bench.slack.calls == ["find", "post"]


async def test_two_replicas_say_each_message_once_and_in_order(by_jobs: ByJobs) -> None:
    bench = by_jobs.bench
    for number in range(24):
        await bench.say(f"m{number}", f"k{number}", Place.channel(f"C{number % 4}"))
    replicas = [bench.worker(bench.slack) for _ in range(2)]
    await by_jobs.work(*replicas)
    by_jobs.bench.clock.advance(seconds=60)
    await by_jobs.work(*replicas)
    for channel in range(4):
        expected = [f"m{number}" for number in range(24) if number % 4 == channel]
        assert bench.slack.texts(f"C{channel}") == expected


async def test_a_transaction_stores_one_job_for_each_conversation(by_jobs: ByJobs) -> None:
    bench = by_jobs.bench
    now = bench.clock.now()
    async with bench.database.writing() as session:
        for number in range(8):
            to = Place.channel(f"C{number % 2}")
            await bench.outbox.say(session, note("x"), to=to, key=f"k{number}", now=now)
    assert await by_jobs.scalar("SELECT count(*) FROM procrastinate_jobs") == 2


async def test_no_job_is_kept_that_is_done(by_jobs: ByJobs) -> None:
    await by_jobs.bench.say("x", "k")
    await by_jobs.work()
    assert (
        await by_jobs.scalar(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver_at'"
        )
        == 0
    )


async def test_many_jobs_for_what_waits_leave_one_to_look_again(by_jobs: ByJobs) -> None:
    bench = by_jobs.bench
    bench.slack.plan("post", Transient("down", "Slack is down"))
    for number in range(5):
        await bench.say("x", f"k{number}")
    await by_jobs.work()
    assert (
        await by_jobs.scalar("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == 1
    )


async def test_what_was_stored_by_another_carrier_is_found_after_a_minute(by_jobs: ByJobs) -> None:
    bench = by_jobs.bench
    bench.carrier = None
    await bench.say("x", "k")
    await by_jobs.tidy()
    bench.clock.advance(seconds=59)
    await by_jobs.tidy()
    assert await by_jobs.runnable() == 0
    bench.clock.advance(seconds=1)
    await by_jobs.tidy()
    await by_jobs.tidy()
    assert await by_jobs.runnable() == 1
    await by_jobs.work()
    assert bench.slack.texts("C1") == ["x"]


async def test_a_worker_takes_jobs_of_its_own_workspace_only(
    by_jobs: ByJobs,
) -> None:
    database, clock = by_jobs.bench.database, by_jobs.bench.clock
    elsewhere = ByJobs(Bench(database, await make_workspace(database, "T2"), clock))
    await elsewhere.bench.say("theirs", "k")
    await by_jobs.bench.say("ours", "k")
    await gather_runs([by_jobs.replica()])
    assert by_jobs.bench.slack.texts("C1") == ["ours"]
    assert elsewhere.bench.slack.texts("C1") == []
    await elsewhere.work()
    assert elsewhere.bench.slack.texts("C1") == ["theirs"]


async def be_killed(by_jobs: ByJobs, sandbox: Running) -> None:
    """Start a replica as a process of its own, and see it die."""
    bench = by_jobs.bench
    replica = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.killed_replica",
        bench.database.url,
        str(bench.workspace_id),
        sandbox.api_base_url,
        bench.clock.now().isoformat(),
        cwd=ROOT,
    )
    assert await replica.wait() == -signal.SIGKILL


async def test_what_a_killed_replica_had_in_hand_and_before_it_is_taken_over(
    by_jobs: ByJobs,
) -> None:
    async with running_sandbox() as sandbox:
        bench = by_jobs.bench
        sandbox.workspace.clock.set_time(bench.clock.now(), running=False)
        bot = sandbox.workspace.bot_user_id
        channel = sandbox.workspace.add_channel("general", members=[bot])
        messenger = SlackMessenger(posting_client("xoxb-1", sandbox.api_base_url))
        bench.service = bench.worker(messenger)
        for key in ("k1", "k2"):
            await bench.say(key, key, Place.channel(channel.id))
        await be_killed(by_jobs, sandbox)
        await by_jobs.work()
        assert [each.text for each in sandbox.workspace.messages_in(channel.id)] == ["k1"]
        bench.clock.advance(seconds=postgres_carrier.STALLED_SECONDS + 1)
        await by_jobs.tidy()
        await by_jobs.work()
        assert sandbox.calls.counts["chat.postMessage"] == 1
        await by_jobs.elapse(seconds=60)
        assert [each.text for each in sandbox.workspace.messages_in(channel.id)] == ["k1", "k2"]
        assert sandbox.calls.counts["chat.postMessage"] == 2


async def test_a_job_whose_end_could_not_be_written_down_is_taken_up_again(
    by_jobs: ByJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_carrier, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    bench, broken = by_jobs.bench, asyncio.Event()
    replica = by_jobs.replica()
    execute = PsycopgConnector.execute_query_async

    async def fail_once(
        connector: PsycopgConnector, query: LiteralString, **arguments: Any
    ) -> None:
        if "finish_job" in query and not broken.is_set():
            broken.set()
            raise ConnectorException
        await execute(connector, query, **arguments)

    monkeypatch.setattr(PsycopgConnector, "execute_query_async", fail_once)
    await bench.say("x", "k")
    async with working(replica):
        await asyncio.wait_for(broken.wait(), 10)
        await until(by_jobs, "SELECT count(*) = 0 FROM procrastinate_jobs WHERE lock LIKE '%C1'")
        await bench.say("y", "k2")
        await until(by_jobs, "SELECT count(*) = 2 FROM delivery WHERE state = 'sent'")
    assert bench.slack.texts("C1") == ["x", "y"]


async def test_a_worker_that_finds_no_database_starts_again(
    by_jobs: ByJobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(postgres_carrier, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    bench, replica, tries = by_jobs.bench, by_jobs.replica(), iter([ConnectorException("gone")])
    tidy = replica.tidy

    async def fail_once() -> None:
        for error in tries:
            raise error
        await tidy()

    monkeypatch.setattr(replica, "tidy", fail_once)
    await bench.say("x", "k")
    async with working(replica):
        await until(by_jobs, "SELECT count(*) = 1 FROM delivery WHERE state = 'sent'")
    assert "it is started again" in caplog.text


async def test_work_that_fails_is_logged_and_tried_again(
    by_jobs: ByJobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(postgres_carrier, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    bench = by_jobs.bench
    claim, faults = bench.service.claim, iter([RuntimeError("a fault of ours")])

    async def fail_once(now: datetime, conversation: str | None = None) -> Claim | None:
        for fault in faults:
            raise fault
        return await claim(now, conversation)

    monkeypatch.setattr(bench.service, "claim", fail_once)
    await bench.say("x", "k")
    await by_jobs.work()
    assert bench.slack.texts("C1") == ["x"]
    assert "the work at channel:C1 failed" in caplog.text
    assert "a fault of ours" in caplog.text

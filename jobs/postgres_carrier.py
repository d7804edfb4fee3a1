"""Carries deliveries on PostgreSQL, where several replicas share the work: procrastinate.

A job says "look at this conversation". It is stored in the transaction that made something due, so
that both are there or neither. The ledger stays the truth: a job that comes twice, late or not at
all makes nothing be said twice, and where nobody was sent to is found out by `tidy`.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from structlog.contextvars import bound_contextvars
from typing_extensions import override

from domain.delivery.sending import DeliveryService
from domain.delivery.turns import Turns
from domain.ports import Clock

MOST_AT_ONCE = 32
"""Jobs of one replica side by side. Most of them wait up to two seconds for a slot within Slack's
limits, which costs nothing; with few of them, some busy channels would keep all others waiting."""

MOST_IN_A_ROW = 20
"""Deliveries of one job: behind a long digest, others at its replica have their turn."""

POLL_SECONDS = 0.5
"""How late a job may be that was put off to some instant; new jobs are notified."""

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
"""A replica that gave no sign of life for so long is dead, and its jobs go to others. What it had
in hand is taken over once its lease has ended: that takes 60 seconds at most."""

GRACE_SECONDS = 15.0
"""How long the work in hand may take at the end; what takes longer is looked up later."""

PAUSE_AFTER_FAILURE_SECONDS = 5.0

_TIDY_CRON = "* * * * * */15"
"""Every 15 seconds, on whichever replica; the sixth field is the seconds."""

_TIDY_PRIORITY, _CHANNEL_PRIORITY, _PERSON_PRIORITY = 2, 1, 0
"""A digest does not wait behind thousands of direct messages that were asked for before it."""

_DELIVER_AT = "deliver_at"
"""The task's name is stored with each job: it must stay the same."""

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Before every job; priorities are counted from it, and 32 bits of seconds reach to 2094."""

_log = logging.getLogger(__name__)


class PostgresCarrier:
    """Sends workers to the conversations of one workspace.

    Each workspace has a queue of its own, for its own bot alone has the token to speak there.
    """

    def __init__(self, workspace_id: int, connection_options: Mapping[str, Any]) -> None:
        """Prepare it; nothing is connected yet.

        Args:
            workspace_id: whose deliveries it carries.
            connection_options: what psycopg is called with, the password among it: never logged.
        """
        # It logs several lines for each job, and jobs are not what people look for in a log.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        self.queue = f"workspace_{workspace_id}"
        self.connector = WatchedConnector(kwargs=dict(connection_options), min_size=1, max_size=4)
        self.app = App(connector=self.connector)
        self._workspace_id = workspace_id

    async def send_to(self, conversations: Collection[str], connection: Any = None) -> None:
        """Let somebody look at conversations; with a connection, once its transaction commits."""
        jobs = [
            self._job(conversation, priority=_priority(conversation))
            for conversation in sorted(conversations)
        ]
        if jobs:
            await self.app.job_manager.batch_defer_jobs_async(jobs, connection=connection)

    async def send_back_to(self, conversation: str) -> None:
        """Let somebody go on at a conversation, behind those where nobody has been yet."""
        job = self._job(conversation, priority=_PERSON_PRIORITY)
        await self.app.job_manager.defer_job_async(job)

    async def send_later(self, conversation: str, wait: timedelta) -> None:
        """Let somebody look at a conversation again, unless somebody will by then.

        In procrastinate a job that is put off holds up those behind it which have the same lock.
        So it has a lower priority than a new job, and the lower the later it is for: then what is
        new is looked at now, and no later job holds up a sooner one.
        """
        at = await self.now() + wait
        waiting = await self.app.job_manager.list_jobs_async(
            lock=self.lock(conversation), status="todo"
        )
        if any(job.scheduled_at is None or job.scheduled_at <= at for job in waiting):
            return
        priority = -int((at - _EPOCH).total_seconds())
        job = self._job(conversation, priority=priority, schedule_at=at)
        await self.app.job_manager.defer_job_async(job)

    async def send_where_nobody_is(self, conversations: Collection[str]) -> None:
        """Let somebody look at those conversations which no job is for."""
        locks = await self.app.job_manager.list_locks_async(queue=self.queue)
        known = {lock["name"] for lock in locks}
        await self.send_to([each for each in conversations if self.lock(each) not in known])

    async def take_over_from_the_dead(self) -> None:
        """Put the jobs of replicas that died back into the queue."""
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(
            queue=self.queue, seconds_since_heartbeat=STALLED_SECONDS
        ):
            if job.id is not None:
                _log.warning("taking over from a worker that died: %s", job.task_kwargs)
                await manager.retry_job_by_id_async(job.id, retry_at=_EPOCH)

    def lock(self, conversation: str) -> str:
        """What only one job at a time can hold, over all replicas."""
        return f"{self._workspace_id}:{conversation}"

    async def now(self) -> datetime:
        """What time it is for the database, by whose clock it lets jobs that are put off go."""
        found = await self.connector.execute_query_one_async("SELECT now() AS at")
        at: datetime = found["at"]
        return at

    def _job(self, conversation: str, *, priority: int, schedule_at: datetime | None = None) -> Job:
        return self.app.configure_task(
            _DELIVER_AT,
            queue=self.queue,
            lock=self.lock(conversation),
            priority=priority,
            schedule_at=schedule_at,
        ).make_new_job(conversation=conversation)


class CarrierWorker:
    """One replica's share in the work: looks where it is sent, and says what can be said there."""

    def __init__(
        self, carrier: PostgresCarrier, delivery: DeliveryService, turns: Turns, clock: Clock
    ) -> None:
        self.name = "delivery"
        self.carrier = carrier
        self._delivery = delivery
        self._turns = turns
        self._clock = clock
        self._claiming = asyncio.Lock()
        """Claims of one replica take turns: they would wait for one another at the gates."""
        self._is_stopping = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        app, queue = carrier.app, carrier.queue
        app.task(name=_DELIVER_AT, queue=queue, retry=_AtOnce())(self.deliver_at)
        tidy = app.task(name="tidy", queue=queue, priority=_TIDY_PRIORITY)(self.tidy)
        app.periodic(cron=_TIDY_CRON, periodic_id=queue)(tidy)

    def wake(self) -> None:
        """Nothing: new jobs wake it by themselves."""

    def stop(self) -> None:
        """Take nothing new; `run` returns once the work in hand is done."""
        self._is_stopping.set()
        self._end()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._is_stopping.is_set():
            try:
                async with self.carrier.app.open_async():
                    await self.tidy()
                    await self.work()
            except Exception:  # noqa: BLE001 - the database comes back one day
                _log.exception("the worker of deliveries failed; it is started again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_stopping.wait(), PAUSE_AFTER_FAILURE_SECONDS)

    async def work(self, *, wait: bool = True) -> None:
        """Work until stopped, or until the database fails; without `wait`, all that is to do."""
        if self._is_stopping.is_set():
            return
        self._worker = worker = asyncio.create_task(
            self.carrier.app.run_worker_async(
                queues=[self.carrier.queue],
                concurrency=MOST_AT_ONCE,
                wait=wait,
                fetch_job_polling_interval=POLL_SECONDS,
                delete_jobs="always",
                shutdown_graceful_timeout=GRACE_SECONDS,
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
            )
        )
        # A job whose end cannot be written down holds its lock for as long as its worker lives.
        self.carrier.connector.when_it_fails(self._end)
        try:
            await asyncio.wait({worker})
        finally:
            self._end()
            await asyncio.wait({worker})
        if not worker.cancelled():
            worker.result()

    def _end(self) -> None:
        """Let the worker come to its end; told twice, it would drop what it has in hand."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()

    async def deliver_at(self, conversation: str) -> None:
        """Say what can be said at a conversation now; see to it that somebody comes back.

        Raises:
            Exception: the database does not answer.
        """
        try:
            if await self._is_there_more(conversation):
                await self.carrier.send_back_to(conversation)
                return
            wait = await self._turns.wait(conversation, self._clock.now())
            if wait is not None:
                await self.carrier.send_later(conversation, wait)
        except Exception:
            _log.exception("the work at %s failed; it is tried again", conversation)
            await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)
            raise

    async def tidy(self, timestamp: int = 0) -> None:  # noqa: ARG002 - periodic tasks are given one
        """Take over from replicas that died, and send somebody where nobody has been sent."""
        await self.carrier.take_over_from_the_dead()
        await self.carrier.send_where_nobody_is(await self._turns.unattended(self._clock.now()))

    async def _is_there_more(self, conversation: str) -> bool:
        """Say what can be said; tell whether there may be more that somebody else should say."""
        for _ in range(MOST_IN_A_ROW):
            if self._is_stopping.is_set():
                break
            async with self._claiming:
                claim = await self._delivery.claim(self._clock.now(), conversation)
            if claim is None:
                return False
            try:
                with bound_contextvars(trace=claim.trace):
                    await self._delivery.carry_out(claim)
            except asyncio.CancelledError:
                await self._delivery.hand_back(claim)  # whoever goes on need not wait for the lease
                raise
            except Exception:  # noqa: BLE001 - its lease runs out, and it is taken up again
                _log.exception("delivery %s was interrupted", claim.delivery_id)
        return True


class WatchedConnector(PsycopgConnector):
    """Tells when something could not be written down."""

    _tell: Callable[[], object] | None = None

    def when_it_fails(self, tell: Callable[[], object]) -> None:
        """Call back once, the next time."""
        self._tell = tell

    @override
    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        try:
            await super().execute_query_async(query, **arguments)
        except ConnectorException:
            tell, self._tell = self._tell, None
            if tell is not None:
                tell()
            raise


class _AtOnce(BaseRetryStrategy):
    """What did not come to its end (the bot is stopped, say) is for the next worker, at once."""

    @override
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        return RetryDecision(retry_at=_EPOCH)


def _priority(conversation: str) -> int:
    return _CHANNEL_PRIORITY if conversation.startswith("channel:") else _PERSON_PRIORITY

"""The running bot: started in order, and stopped so that the work in hand is finished."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession

import jobs.answers
import jobs.collecting
import jobs.delivery
import jobs.digests
import jobs.following
import jobs.health
import jobs.inquiries
import jobs.meetings
from bot import schema
from bot.app import build_bolt
from bot.carrier import Deferring
from bot.clock import ClockCheck, SystemClock
from bot.factory import Outside, Services, build_services
from bot.identity import own_workspace, who_am_i
from bot.inbox import Inbox
from bot.intake import Intake, IntakeHandler
from bot.metrics import Metrics
from bot.semantic import encoder_for
from bot.settings import Mode, Settings
from bot.single import only_run
from bot.slack import posting_client
from bot.slack_errors import CALL_ERRORS, trouble_of
from bot.web import build_web
from domain.delivery.sending import Sleep
from domain.errors import SettingsError
from domain.ports import Clock
from jobs.loop import Unit, Worker, Works, until_at_rest
from jobs.scheduler import Ticker
from models.base import Database, after_commit
from models.delivery.figures import queue_of

COLLECTING_TICK_SECONDS = 15.0
DIGESTS_TICK_SECONDS = 2.0
"""A late answer is to stand in its digest within five seconds."""
FOLLOWERS_TICK_SECONDS = 15.0
DELIVERY_TICK_SECONDS = 0.5
HEALTH_TICK_SECONDS = 60.0
INQUIRIES_TICK_SECONDS = 30.0
HOUSEKEEPING_TICK_SECONDS = 600.0
INBOX_TICK_SECONDS = 15.0
CLOCK_TICK_SECONDS = 3600.0

LONGEST_UNIT_SECONDS = 300.0
"""No piece of work takes that long, not even a digest of ten thousand projects."""

GRACE_SECONDS = 10.0
"""How long a stop waits for Slack's requests in hand: a form is saved in a fraction of that."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Core:
    """What works without being reachable: for `run`, for one-off commands, for trials."""

    database: Database
    services: Services
    bolt: Intake
    inbox: Inbox
    metrics: Metrics
    clock_check: ClockCheck
    clock: Clock
    workspace_id: int
    carrier: "Wake | Deferring"


@dataclass
class Wake:
    """Wakes this process's own sender, once there is one; implements `Carrier`."""

    call: Callable[[], None] = lambda: None

    def __call__(self) -> None:
        """Tell that something is to be said."""
        self.call()

    async def carry(self, session: AsyncSession, _places: Collection[str]) -> None:
        """Tell it once the transaction is committed; the sender finds out where by itself."""
        after_commit(session, self)


@asynccontextmanager
async def open_core(
    settings: Settings,
    clock: Clock | None = None,
    sleep: Sleep = asyncio.sleep,
) -> AsyncIterator[Core]:
    """Connect to the database and to Slack, and build the services.

    Raises:
        SettingsError: the schema is not the newest, or Slack doesn't know the token.
    """
    clock = clock or SystemClock()
    database = Database(settings.database_url)
    try:
        await schema.require_newest(database)
        token, base_url = settings.bot_token, settings.slack_api_base_url
        metrics = Metrics(clock)
        identity = await who_am_i(posting_client(token, base_url))
        workspace_id = await own_workspace(database, identity, clock.now())
        encoder = encoder_for(settings.semantic)
        outside = Outside.slack(token, base_url, metrics.called, settings.knowledge, encoder)
        outside = replace(outside, public_url=settings.public_url)
        carrier = Wake() if database.is_sqlite else Deferring(database, workspace_id)
        services = build_services(database, workspace_id, outside, clock, carrier, sleep)
        services.delivery.watch(metrics.stepped)
        check = ClockCheck(outside.directory, metrics.skewed)
        inbox = Inbox(database, workspace_id, clock)
        secret = settings.signing_secret if settings.mode is Mode.HTTP else None
        bolt = build_bolt(
            posting_client(None, base_url),
            identity.authorize_result(token),
            services,
            clock,
            inbox,
            secret,
        )
        bolt.acknowledged = metrics.acknowledged
        yield Core(database, services, bolt, inbox, metrics, check, clock, workspace_id, carrier)
    finally:
        await database.close()


@dataclass(frozen=True)
class Running:
    """A bot that is at work."""

    core: Core
    port: int
    """Where it answers `/healthz`, `/readyz` and, in HTTP mode, Slack."""
    workers: Sequence[Works] = ()

    def wake(self) -> None:
        """Let every job look at once whether there is work."""
        for worker in self.workers:
            worker.wake()

    async def settle(self, seconds: float) -> Sequence[str]:
        """Let every job of this process do what is due, and what comes of that.

        Args:
            seconds: how long to wait at most.

        Returns:
            Who was still at work then: nobody as a rule.
        """
        workers = [each for each in self.workers if isinstance(each, Worker)]
        with suppress(TimeoutError):
            await asyncio.wait_for(until_at_rest(workers), seconds)
        return [each.name for each in workers if not each.is_at_rest]


@asynccontextmanager
async def running(
    settings: Settings, clock: Clock | None = None, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[Running]:
    """Run the bot until the block ends; then the work in hand is finished, and nothing claimed.

    Raises:
        SettingsError: something is missing, or Slack doesn't know the token.
    """
    settings.check_for_run()
    async with AsyncExitStack() as stack:
        stack.enter_context(only_run(settings.database_url))
        core = await stack.enter_async_context(open_core(settings, clock, sleep))
        sender = await stack.enter_async_context(_sender(core))
        workers = {**_workers(core), sender.name: sender}
        ticker = _ticker(workers)
        await stack.enter_async_context(_working(workers.values(), ticker))
        socket = await stack.enter_async_context(connected(core, settings))
        not_ready = partial(_not_ready, core.database, socket, workers.values(), ticker)
        bolt = core.bolt if settings.mode is Mode.HTTP else None
        application = build_web(
            not_ready, partial(_figures, core, ticker), core.services.feeds.read, bolt
        )
        port = await stack.enter_async_context(_serving(application, settings))
        _log.info("ready: %s mode, workspace %s", settings.mode, core.workspace_id)
        stack.callback(_claim_nothing, workers.values(), ticker)
        yield Running(core, port, tuple(workers.values()))
        _log.info("stopping: the work in hand is finished first")


def _workers(core: Core) -> dict[str, Works]:
    units: dict[str, Unit] = {
        "collecting": partial(jobs.collecting.run, core.services.cycles),
        "previews": partial(jobs.digests.preview, core.services.previews),
        "digests": partial(jobs.digests.run, core.services.digests),
        "inquiries": partial(jobs.inquiries.run, core.services.inquiries),
        "meetings": partial(
            jobs.meetings.run,
            core.services.series,
            core.services.calendar_in,
            core.services.errands,
        ),
        "actions": partial(jobs.meetings.tell_actions, core.services.action_clock),
        "ballots": partial(jobs.meetings.ballots, core.services.ballot_clock),
        "portfolio": partial(jobs.digests.post_broad, core.services.broad),
        "followers": partial(jobs.following.run, core.services.followers),
        "attention": partial(jobs.delivery.admit, core.services.gatekeeper),
        "health": partial(jobs.health.run, core.services.health),
        "housekeeping": partial(jobs.delivery.strip, core.services.housekeeper),
        "drafts": partial(jobs.collecting.forget_drafts, core.services.collecting),
        "questions": partial(jobs.answers.forget, core.services.answers),
        "learning": partial(jobs.answers.learn, core.services.learning_clock),
        "asked": partial(jobs.inquiries.forget, core.services.office_inquiries),
        "inbox": partial(core.inbox.resume, core.bolt),
        "clock": core.clock_check.run,
    }
    return {name: Worker(name, unit, core.clock) for name, unit in units.items()}


@asynccontextmanager
async def _sender(core: Core) -> AsyncIterator[Works]:
    """Who says what is due: on SQLite this process alone, on PostgreSQL one of several."""
    service, clock = core.services.delivery, core.clock
    if isinstance(core.carrier, Deferring):
        yield core.carrier.worker(service, clock)
        return
    sending = jobs.delivery.SideBySide(service, core.carrier)
    worker = Worker("delivery", sending.run, clock, lambda: sending.goes_on)
    core.carrier.call = worker.wake
    try:
        yield worker
    finally:
        await sending.close()


def _ticker(workers: dict[str, Works]) -> Ticker:
    seconds = {
        "collecting": COLLECTING_TICK_SECONDS,
        "previews": DIGESTS_TICK_SECONDS,
        "digests": DIGESTS_TICK_SECONDS,
        "inquiries": INQUIRIES_TICK_SECONDS,
        "meetings": COLLECTING_TICK_SECONDS,
        "actions": COLLECTING_TICK_SECONDS,
        "ballots": COLLECTING_TICK_SECONDS,
        "portfolio": COLLECTING_TICK_SECONDS,
        "followers": FOLLOWERS_TICK_SECONDS,
        "attention": DELIVERY_TICK_SECONDS,
        "delivery": DELIVERY_TICK_SECONDS,
        "health": HEALTH_TICK_SECONDS,
        "housekeeping": HOUSEKEEPING_TICK_SECONDS,
        "drafts": HOUSEKEEPING_TICK_SECONDS,
        "questions": HOUSEKEEPING_TICK_SECONDS,
        "learning": HEALTH_TICK_SECONDS,
        "asked": HOUSEKEEPING_TICK_SECONDS,
        "inbox": INBOX_TICK_SECONDS,
        "clock": CLOCK_TICK_SECONDS,
    }
    return Ticker({name: (seconds[name], worker.wake) for name, worker in workers.items()})


@asynccontextmanager
async def _working(workers: Collection[Works], ticker: Ticker) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each.run(), name=each.name) for each in workers]
    ticker.start()
    try:
        yield
    finally:
        _claim_nothing(workers, ticker)
        await asyncio.gather(*tasks)


def _claim_nothing(workers: Collection[Works], ticker: Ticker) -> None:
    """Leave what is due to another replica or the next start; what is in hand goes on."""
    ticker.stop()
    for worker in workers:
        worker.stop()


@asynccontextmanager
async def connected(core: Core, settings: Settings) -> AsyncIterator[IntakeHandler | None]:
    """Take what Slack sends over Socket Mode, where that is the mode, until the block ends.

    In each mode, what is in hand then comes to its end while the database is still there.
    """
    if settings.mode is not Mode.SOCKET:
        try:
            yield None
        finally:
            await _finish(core.bolt)
        return
    web_client = AsyncWebClient(base_url=settings.slack_api_base_url)
    address = await _socket_address(web_client, settings.app_token)
    handler = IntakeHandler(core.bolt, settings.app_token, web_client=web_client)
    handler.client.wss_uri = address
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        handler.take_no_more()
        await _finish(core.bolt)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Where to connect first; slack_sdk itself would ask for ever, whatever Slack answers."""
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except CALL_ERRORS as error:
        msg = (
            f"Slack at {client.base_url} opens no Socket Mode connection for SLACK_APP_TOKEN "
            f"({trouble_of(error).code}); copy the token from Basic Information > App-Level Tokens "
            "(it needs the scope connections:write), and see that Socket Mode is on"
        )
        raise SettingsError(msg) from error
    return str(answer["url"])


async def _finish(bolt: Intake) -> None:
    """Let those of Slack's requests that are in hand come to their end."""
    if left := await bolt.hands.emptied(GRACE_SECONDS):
        _log.warning("%s requests were still in hand after %s s", left, GRACE_SECONDS)


@asynccontextmanager
async def _serving(application: web.Application, settings: Settings) -> AsyncIterator[int]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=GRACE_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            msg = (
                f"PMOBOT_PORT: can't listen on {settings.host}:{settings.port} "
                f"({error.strerror}); stop what uses it, or choose another port"
            )
            raise SettingsError(msg) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _not_ready(
    database: Database,
    socket: IntakeHandler | None,
    workers: Collection[Works],
    ticker: Ticker,
) -> dict[str, str]:
    problems = {
        name: f"it has not looked for work for {age:.0f} s"
        for name, age in ticker.stalled().items()
    }
    for worker in workers:
        if isinstance(worker, Worker) and worker.busy_seconds > LONGEST_UNIT_SECONDS:
            problems[worker.name] = f"one piece of work has taken {worker.busy_seconds:.0f} s"
    try:
        async with database.reading() as session:
            await session.exec(text("SELECT 1"))  # type: ignore[call-overload]
    except (SQLAlchemyError, OSError) as error:
        problems["database"] = type(error).__name__
    if socket is not None and not await socket.client.is_connected():
        problems["slack"] = "the Socket Mode connection is down; it is being rebuilt"
    return problems


async def _figures(core: Core, ticker: Ticker) -> bytes:
    """All figures; those of this process also while the database is away."""
    queue = None
    try:
        async with core.database.reading() as session:
            queue = await queue_of(session, core.workspace_id, core.clock.now())
    except (SQLAlchemyError, OSError) as error:
        _log.warning("the queue can't be read (%s)", type(error).__name__)
    return core.metrics.text(queue, ticker.ages())

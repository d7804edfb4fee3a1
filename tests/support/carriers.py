"""Both carriers on a bench: their workers do all that can be done, and time is passed to them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import text

from bot.carrier import Deferring
from domain.delivery.sending import DeliveryService
from domain.delivery.turns import Turns
from jobs.delivery import SideBySide
from jobs.postgres_carrier import CarrierWorker
from models.base import Database
from tests.support.delivering import Bench

MOST_ROUNDS = 50

_PASS = (
    "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - :passed",
    "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - :passed",
)


class Carriage(Protocol):
    """A bench whose outbox is emptied by one of the carriers."""

    bench: Bench

    async def work(self, *services: DeliveryService) -> None:
        """Let replicas do all that can be done now: the bench's own, or others side by side."""
        ...

    async def elapse(self, **duration: float) -> None:
        """Let time pass, then work."""
        ...


class InProcess:
    """The claim loop."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    async def work(self, *services: DeliveryService) -> None:
        sides = [SideBySide(each, lambda: None) for each in services or [self.bench.service]]
        for _ in range(MOST_ROUNDS):
            started = [await side.run(self.bench.clock.now()) for side in sides]
            for side in sides:
                while await side.run(self.bench.clock.now()):
                    pass
                await side.close()
            if not any(started):
                return
        raise AssertionError("the work comes to no end")

    async def elapse(self, **duration: float) -> None:
        self.bench.clock.advance(**duration)
        await self.work()


class ByJobs:
    """Procrastinate; its own clock, the database's, is made to follow the bench's."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.carrier = self.bench.carrier = Deferring(bench.database, bench.workspace_id)
        self._followed = bench.clock.now()

    def replica(self, service: DeliveryService | None = None) -> CarrierWorker:
        """A replica's worker; the bench's own carrier only stores jobs."""
        bench = self.bench
        jobs = Deferring(bench.database, bench.workspace_id).jobs
        turns = Turns(bench.database, bench.workspace_id)
        return CarrierWorker(jobs, service or bench.service, turns, bench.clock)

    async def work(self, *services: DeliveryService) -> None:
        for _ in range(MOST_ROUNDS):
            await self._follow()
            await gather_runs([self.replica(each) for each in services or [self.bench.service]])
            await self._follow()
            if not await self.runnable():
                return
        raise AssertionError("the work comes to no end")

    async def elapse(self, **duration: float) -> None:
        self.bench.clock.advance(**duration)
        await self.work()

    async def tidy(self) -> None:
        """What happens every 15 seconds."""
        await self._follow()
        worker = self.replica()
        async with worker.carrier.app.open_async():
            await worker.tidy()

    async def runnable(self) -> int:
        """How many jobs could be taken now."""
        return int(
            await self.scalar(
                "SELECT count(*) FROM procrastinate_jobs AS mine WHERE status = 'todo'"
                " AND (scheduled_at IS NULL OR scheduled_at <= now()) AND NOT EXISTS"
                " (SELECT 1 FROM procrastinate_jobs WHERE lock = mine.lock AND status = 'doing')"
            )
        )

    async def scalar(self, query: str) -> Any:
        """The one value that a query gives."""
        async with self.bench.database.engine.connect() as connection:
            return (await connection.execute(text(query))).scalar_one()

    async def _follow(self) -> None:
        passed, self._followed = self.bench.clock.now() - self._followed, self.bench.clock.now()
        await shift(self.bench.database, passed)


async def gather_runs(replicas: Sequence[CarrierWorker]) -> None:
    """Let replicas work side by side until no job is left that could be taken."""

    async def run(replica: CarrierWorker) -> None:
        async with replica.carrier.app.open_async():
            await replica.work(wait=False)

    await asyncio.gather(*(run(each) for each in replicas))


async def shift(database: Database, passed: timedelta) -> None:
    """Let time pass for jobs that are put off, and for workers that give no sign of life."""
    async with database.engine.begin() as connection:
        for statement in _PASS:
            await connection.execute(text(statement), {"passed": passed})


@asynccontextmanager
async def working(replica: CarrierWorker) -> AsyncIterator[None]:
    """A replica at work, as the running bot has it, until the block ends."""
    task = asyncio.create_task(replica.run())
    try:
        yield
    finally:
        replica.stop()
        await task


def carriage(bench: Bench) -> InProcess | ByJobs:
    """The carrier that goes with the kind of the bench's database."""
    return InProcess(bench) if bench.database.is_sqlite else ByJobs(bench)

"""Puts the carrier for PostgreSQL between the outbox and its jobs."""

from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.sending import DeliveryService
from domain.delivery.turns import Turns
from domain.ports import Clock
from jobs.loop import Works
from models.base import Database, driver_connection

_SENT = "sent_to"


class Deferring:
    """Stores, with what is due, the jobs of whoever is to say it; implements `Carrier`."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        """Prepare it for one workspace of a PostgreSQL database; nothing is connected yet."""
        from jobs.postgres_carrier import PostgresCarrier

        self.jobs = PostgresCarrier(workspace_id, database.driver_options())
        self._turns = Turns(database, workspace_id)

    async def carry(self, session: AsyncSession, places: Collection[str]) -> None:
        """Store one job for each conversation, however often the transaction names it."""
        sent: set[str] = session.info.setdefault(_SENT, set())
        new = set(places) - sent
        if new:
            await self.jobs.send_to(new, await driver_connection(session))
            sent |= new

    def worker(self, service: DeliveryService, clock: Clock) -> Works:
        """This replica's share in the work."""
        from jobs.postgres_carrier import CarrierWorker

        return CarrierWorker(self.jobs, service, self._turns, clock)

"""The jobs that empty the outbox: admit what waits, send what is due, several side by side."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from structlog.contextvars import bound_contextvars

from domain.delivery.attention import Gatekeeper
from domain.delivery.housekeeping import Housekeeper
from domain.delivery.sending import DeliveryService
from domain.delivery.values import Claim

MOST_IN_FLIGHT = 8
"""Slack answers in a fraction of a second: eight at a time exceed its limits many times over."""

_log = logging.getLogger(__name__)


async def admit(gatekeeper: Gatekeeper, now: datetime) -> bool:
    """Decide about what waits for its readers' hours and budget; tell whether anything did."""
    return await gatekeeper.admit(now)


async def strip(housekeeper: Housekeeper, now: datetime) -> bool:
    """Drop the texts of some old messages; tell whether there may be more."""
    return await housekeeper.strip(now)


async def run(service: DeliveryService, now: datetime) -> bool:
    """Do the next step of one delivery; tell whether there was one to do."""
    return await service.deliver_next(now)


class SideBySide:
    """Carries out several deliveries at once, at most one for each place.

    A slow answer from Slack then holds up nobody else. `wake` is called when one is done, for
    the next one at its place has been waiting for it.
    """

    def __init__(
        self, service: DeliveryService, wake: Callable[[], None], most: int = MOST_IN_FLIGHT
    ) -> None:
        self._service = service
        self._wake = wake
        self._most = most
        self._in_flight: dict[asyncio.Task[None], Claim] = {}

    @property
    def goes_on(self) -> bool:
        """Whether a step is under way."""
        return bool(self._in_flight)

    async def run(self, now: datetime) -> bool:
        """Start the next step of one delivery; False if none is due or all hands are full."""
        if len(self._in_flight) >= self._most:
            return False
        claim = await self._service.claim(now)
        if claim is None:
            return False
        with bound_contextvars(trace=claim.trace):  # the task starts with a copy of it
            task = asyncio.create_task(
                self._service.carry_out(claim), name=f"delivery {claim.delivery_id}"
            )
        self._in_flight[task] = claim
        task.add_done_callback(self._finish)
        return True

    async def close(self, grace_seconds: float = 15.0) -> None:
        """Let what is under way come to its end; what does not in time is handed back."""
        if not self._in_flight:
            return
        in_flight = dict(self._in_flight)
        _, late = await asyncio.wait(in_flight, timeout=grace_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for task in late:
            await self._service.hand_back(in_flight[task])

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._in_flight.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Its lease runs out and the delivery is taken up again: the others go on.
            _log.error("%s was interrupted", task.get_name(), exc_info=error)
        self._wake()

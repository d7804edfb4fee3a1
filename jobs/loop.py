"""How jobs are kept going: a worker repeats its unit of work while there is some, then waits."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from structlog.contextvars import bind_contextvars

from domain.ports import Clock

Unit = Callable[[datetime], Awaitable[bool]]
"""One unit of work; tells whether there was one."""

PAUSE_AFTER_FAILURE_SECONDS = 5.0
"""A unit that raised is tried again, and not in a tight loop."""

_log = logging.getLogger(__name__)


class Works(Protocol):
    """Something that works from `run` to `stop`."""

    name: str

    def wake(self) -> None:
        """Tell that there may be work."""
        ...

    def stop(self) -> None:
        """Claim nothing new; `run` returns once the unit in hand is done."""
        ...

    async def run(self) -> None:
        """Work until stopped."""
        ...


class Worker:
    """Runs one kind of job until it is stopped; the unit in hand is always finished.

    Args:
        name: what the log calls it.
        unit: one piece of its work.
        clock: tells each unit the present instant.
        goes_on: whether something that a unit has begun is still under way.
    """

    def __init__(
        self, name: str, unit: Unit, clock: Clock, goes_on: Callable[[], bool] = lambda: False
    ) -> None:
        self.name = name
        self.found = 0
        """How often there was work."""
        self._unit = unit
        self._clock = clock
        self._goes_on = goes_on
        self._wanted = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._stopped = asyncio.Event()
        self._busy_since: float | None = None

    @property
    def busy_seconds(self) -> float:
        """How long the unit in hand has been at work; 0 between two."""
        if self._busy_since is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._busy_since

    @property
    def is_at_rest(self) -> bool:
        """Whether it has looked since it was woken, found nothing, and nothing is under way."""
        return self._at_rest.is_set()

    async def rested(self) -> None:
        """Wait until it is at rest."""
        await self._at_rest.wait()

    def wake(self) -> None:
        """Tell that there may be work."""
        self._at_rest.clear()
        self._wanted.set()

    def stop(self) -> None:
        """Claim nothing new; `run` returns once the unit in hand is done."""
        self._stopped.set()
        self._wanted.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stopped.is_set():
            self._wanted.clear()
            if await self._one():
                self.found += 1
                continue
            if not (self._goes_on() or self._wanted.is_set()):
                self._at_rest.set()
            await self._wanted.wait()

    async def _one(self) -> bool:
        bind_contextvars(trace=uuid4().hex[:8])  # stands in the log of all that comes of it
        self._busy_since = asyncio.get_running_loop().time()
        try:
            return await self._unit(self._clock.now())
        except Exception:  # noqa: BLE001 - one failed unit must not end all later ones
            _log.exception("the job '%s' failed; it is tried again", self.name)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), PAUSE_AFTER_FAILURE_SECONDS)
            return True
        finally:
            self._busy_since = None


async def until_at_rest(workers: Collection[Worker]) -> None:
    """Wake workers that run, and again until none finds work: for whoever moves their clock."""
    before = -1
    while before < (found := sum(each.found for each in workers)):
        before = found
        for each in workers:
            each.wake()
        while at_work := [each for each in workers if not each.is_at_rest]:
            await at_work[0].rested()


async def until_idle(units: Iterable[Unit], clock: Clock) -> None:
    """Run each unit to its end, and all again until none finds work: for trials and tests."""
    listed = list(units)
    while any([await _exhaust(unit, clock) for unit in listed]):
        pass


async def _exhaust(unit: Unit, clock: Clock) -> bool:
    """Run a unit until it finds no work; tell whether there was some."""
    has_worked = False
    while await unit(clock.now()):
        has_worked = True
    return has_worked

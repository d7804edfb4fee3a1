"""APScheduler as a plain ticker: it wakes workers, and the database decides what is due.

Ticks are coalesced and lost while the process is down; that loses nothing, because due times are
columns. Users' schedules never live in APScheduler's own store.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

MISSED_TICKS = 3
"""So many ticks that did not come are no chance: the machine's clock was set back, most likely."""

STALLED_TICKS = 6
"""So many are not mended by setting the ticker off anew."""

MARGIN_SECONDS = 2.0
"""A busy loop may be late by as much."""

Ticks = Mapping[str, tuple[float, Callable[[], object]]]
"""By name, the seconds between two ticks and what to call at each."""

_log = logging.getLogger(__name__)


def ticking(ticks: Ticks) -> AsyncIOScheduler:
    """A scheduler that is not started yet."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for name, (seconds, call) in ticks.items():
        scheduler.add_job(
            _tick,
            IntervalTrigger(seconds=seconds),
            args=[call],
            id=name,
            name=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    return scheduler


async def _tick(call: Callable[[], object]) -> None:
    """Call back on the loop: a plain function would be run in a thread."""
    call()


class Ticker:
    """Ticks from `start` to `stop`, also over a clock that is set back.

    APScheduler reckons the next tick in wall time: set back by an hour, the clock would silence it
    for an hour. A watchdog that goes by the loop's own time sets it off anew.
    """

    def __init__(self, ticks: Ticks, margin: float = MARGIN_SECONDS) -> None:
        noted = {
            name: (seconds, partial(self._note, name, call))
            for name, (seconds, call) in ticks.items()
        }
        self.scheduler = ticking(noted)
        self._seconds = {name: seconds for name, (seconds, _call) in ticks.items()}
        self._margin = margin
        self._last: dict[str, float] = {}
        self._watchdog: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tick."""
        now = asyncio.get_running_loop().time()
        self._last = dict.fromkeys(self._seconds, now)
        self.scheduler.start()
        self._watchdog = asyncio.create_task(self._watch(), name="watchdog")

    def stop(self) -> None:
        """Tick no more; doing it again changes nothing."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
            self.scheduler.shutdown(wait=False)

    def ages(self) -> dict[str, float]:
        """The seconds since each last tick."""
        now = asyncio.get_running_loop().time()
        return {name: now - last for name, last in self._last.items()}

    def stalled(self) -> dict[str, float]:
        """The ages of ticks that do not come although they were set off anew."""
        return self._older_than(STALLED_TICKS)

    def _older_than(self, ticks: int) -> dict[str, float]:
        return {
            name: age
            for name, age in self.ages().items()
            if age > ticks * self._seconds[name] + self._margin
        }

    def _note(self, name: str, call: Callable[[], object]) -> None:
        self._last[name] = asyncio.get_running_loop().time()
        call()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(min(self._seconds.values()))
            for name, age in self._older_than(MISSED_TICKS).items():
                _log.warning(
                    "'%s' has not ticked for %.1f s (was the clock set back?): set off anew",
                    *(name, age),
                )
                self.scheduler.modify_job(name, next_run_time=datetime.now(UTC))

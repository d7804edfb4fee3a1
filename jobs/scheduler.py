"""APScheduler as a plain ticker: it wakes workers, and the database decides what is due.

Ticks are coalesced and lost while the process is down; that loses nothing, because due times are
columns. Users' schedules never live in APScheduler's own store.
"""

from collections.abc import Callable, Mapping

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger


def ticking(ticks: Mapping[str, tuple[float, Callable[[], object]]]) -> AsyncIOScheduler:
    """A scheduler that is not started yet.

    Args:
        ticks: by name, the seconds between two ticks and what to call at each.
    """
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

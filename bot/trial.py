"""A bot whose time is moved by hand: for playing the sample's past, for replays and tests.

Nothing waits in real time: a wait moves the clock. It speaks with the sandbox over the wire.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import jobs.collecting
import jobs.delivery
import jobs.digests
import jobs.following
import jobs.inquiries
import jobs.meetings
from bot.factory import Services
from bot.runtime import Core, connected, open_core
from bot.settings import Settings
from jobs.loop import Unit, until_idle

PATIENCE = timedelta(hours=1)
"""How far ahead a delivery may be due to be still waited for."""


BLOCKED_SECONDS = 60
"""What is due and still not taken after that long waits for something that failed."""


class ManualClock:
    """Stands still until it is moved; implements `domain.ports.Clock`."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant that it was moved to."""
        return self._now

    def move(self, instant: datetime) -> None:
        """Move it forward; it never goes back."""
        self._now = max(self._now, instant)


def units_of(services: Services) -> list[Unit]:
    """Everything that the clock asks for, in the order in which one thing leads to the next."""
    return [
        partial(jobs.collecting.run, services.cycles),
        partial(jobs.digests.preview, services.previews),
        partial(jobs.digests.run, services.digests),
        partial(jobs.inquiries.run, services.inquiries),
        partial(jobs.meetings.run, services.series, services.calendar_in, services.errands),
        partial(jobs.meetings.tell_actions, services.action_clock),
        partial(jobs.meetings.ballots, services.ballot_clock),
        partial(jobs.digests.post_broad, services.broad),
        partial(jobs.following.run, services.followers),
        partial(jobs.delivery.admit, services.gatekeeper),
        partial(jobs.delivery.run, services.delivery),
    ]


class Trial:
    """The bot, connected, with its jobs run on demand."""

    def __init__(
        self, core: Core, clock: ManualClock, moved: Callable[[datetime], Awaitable[None]]
    ) -> None:
        self.core = core
        self.clock = clock
        self._moved = moved

    async def set_time(self, instant: datetime) -> None:
        """Move the bot's clock, and whatever follows it."""
        self.clock.move(instant)
        await self._moved(self.clock.now())

    async def settle(self) -> None:
        """Do everything that is due, to the last message that pacing puts off a little."""
        units = units_of(self.core.services)
        blocked = 0
        while blocked < BLOCKED_SECONDS:
            await until_idle(units, self.clock)
            due = await self._next_due()
            if due is None:
                return
            while due is not None and blocked < BLOCKED_SECONDS:
                # Pacing moves the clock by seconds: nothing else falls due for that.
                blocked = blocked + 1 if due <= self.clock.now() else 0
                await self.set_time(max(due, self.clock.now() + timedelta(seconds=1)))
                await until_idle(units[-2:], self.clock)
                due = await self._next_due()

    async def _next_due(self) -> datetime | None:
        """When the next delivery is due that is worth waiting for."""
        due = await self.core.services.delivery.next_due()
        return None if due is None or due > self.clock.now() + PATIENCE else due


@asynccontextmanager
async def open_trial(
    settings: Settings, start: datetime, moved: Callable[[datetime], Awaitable[None]]
) -> AsyncIterator[Trial]:
    """Connect a bot whose clock starts at an instant.

    Args:
        settings: as for the running bot, in Socket Mode.
        start: where the clock starts.
        moved: called with each new time, to set the workspace's clock: also when pacing waits, so
            that the workspace sees how far apart the calls are.
    """
    clock = ManualClock(start)

    async def pass_time(seconds: float) -> None:
        clock.move(clock.now() + timedelta(seconds=seconds))
        await moved(clock.now())

    async with (
        open_core(settings, clock, sleep=pass_time) as core,
        connected(core, settings),
    ):
        yield Trial(core, clock, moved)

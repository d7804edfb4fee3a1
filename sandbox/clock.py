"""The sandbox's own time: real, shifted or frozen, so that days pass in seconds."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset, or an instant at which time stands still."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._frozen_at: datetime | None = None
        self._changed = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    @property
    def running(self) -> bool:
        """Whether time passes by itself."""
        return self._frozen_at is None

    @property
    def offset(self) -> timedelta:
        """How far a running clock is ahead of (or behind) real time."""
        return self._offset

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    def set_time(self, when: datetime, *, running: bool = True) -> None:
        """Move to `when` (aware) and go on from there, or stand still there."""
        if when.tzinfo is None:
            raise ValueError("The clock needs an instant with a zone, such as 2026-11-25T09:00:00Z")
        self._frozen_at = None if running else when.astimezone(UTC)
        self._offset = when.astimezone(UTC) - datetime.now(UTC)
        self._notify()

    def advance(self, seconds: float) -> None:
        """Move forward (or back) by `seconds`; a frozen clock stays frozen."""
        step = timedelta(seconds=seconds)
        self._offset += step
        if self._frozen_at is not None:
            self._frozen_at += step
        self._notify()

    def reset(self) -> None:
        """Go back to real time."""
        self._offset, self._frozen_at = timedelta(), None
        self._notify()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every setting of the clock."""
        self._listeners.append(listener)

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have passed on this clock; setting it forward shortens the wait."""
        deadline = self.now() + timedelta(seconds=seconds)
        while (left := (deadline - self.now()).total_seconds()) > 0:
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), left if self.running else None)
            except TimeoutError:
                continue

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        for listener in self._listeners:
            listener()

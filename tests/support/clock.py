"""A clock that goes only when it is told to, or when somebody sleeps by it."""

from collections.abc import Callable
from datetime import datetime, timedelta


class FakeClock:
    """The clock of a test; `sleep` moves it on at once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.slept: list[float] = []
        self.followers: list[Callable[[datetime], None]] = []
        """Other clocks, set whenever this one moves."""

    def now(self) -> datetime:
        return self.at

    def advance(self, **duration: float) -> None:
        """Move on by what `timedelta` takes: `advance(minutes=5)`."""
        self.at += timedelta(**duration)
        for follow in self.followers:
            follow(self.at)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds=seconds)

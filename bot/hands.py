"""What is in hand, counted, so that a stopping bot can let it come to its end."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Hands:
    """Counts requests that are being worked on."""

    def __init__(self) -> None:
        self._count = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Have something in hand for as long as the block lasts."""
        self.take()
        try:
            yield
        finally:
            self.put_down()

    def take(self) -> None:
        """Have one more in hand."""
        self._count += 1
        self._empty.clear()

    def put_down(self) -> None:
        """Have one less in hand."""
        self._count -= 1
        if not self._count:
            self._empty.set()

    async def emptied(self, seconds: float) -> int:
        """Wait until nothing is in hand, at most that long; how many still are."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    # A listener that Bolt has started as a task is counted at its first step.
                    await asyncio.sleep(0)
                    if not self._count:
                        return 0
                    await self._empty.wait()
        except TimeoutError:
            return self._count

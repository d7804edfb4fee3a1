"""What else happens when an item is agreed or decided: each topic adds its own."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.portfolio.values import Viewer
from models.enums import Outcome

Settler = Callable[[AsyncSession, About, int, Outcome, Viewer, datetime], Awaitable[None]]
"""Gets the number behind the source of an item (`minutes:7`: 7), and what the council decided."""


class Settlers:
    """Finds by an item's source what is to be done about it, in the same transaction."""

    def __init__(self) -> None:
        self._settlers: dict[str, Settler] = {}

    def add(self, kind: str, settler: Settler) -> None:
        """Have items of a kind of source settled: `minutes` for `minutes:7`."""
        self._settlers[kind] = settler

    async def settle(
        self,
        session: AsyncSession,
        about: About,
        source: str,
        outcome: Outcome,
        *,
        by: Viewer,
        now: datetime,
    ) -> None:
        """Settle what an item stands for, if it stands for something."""
        kind, _, number = source.partition(":")
        settler = self._settlers.get(kind)
        if settler is not None and number.isdecimal():
            await settler(session, about, int(number), outcome, by, now)

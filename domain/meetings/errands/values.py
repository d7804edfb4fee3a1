"""What an errand is."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from models.enums import ErrandKind


@dataclass(frozen=True)
class Due:
    """When an errand is to be done."""

    at: datetime
    until: datetime | None = None
    """From then on it makes no sense any more, and is left out: the bot was down."""


class Errand(ABC):
    """Something to be done once for a meeting; each topic of the room has its own."""

    kind: ErrandKind

    @abstractmethod
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        """When it is due as things are; None: not at all, or not yet known. Pure.

        Args:
            about: the meeting; cancelled and dropped ones are not asked about.
            done: the errands that are behind it.
        """

    @abstractmethod
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Do it, in the transaction that notes it as done; the meeting is locked."""

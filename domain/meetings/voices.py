"""What is said of a meeting, brought up to date after whatever has changed it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About

Voice = Callable[[AsyncSession, About, datetime], Awaitable[None]]
"""Says one kind of message again, in the same transaction, if it has been said before."""


class Voices:
    """Each topic of the room adds its own voice; who changes a meeting needs to know none."""

    def __init__(self) -> None:
        self._voices: list[Voice] = []

    def add(self, voice: Voice) -> None:
        """Have something said again from now on."""
        self._voices.append(voice)

    async def again(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Say again what has been said of a meeting; what is the same costs nothing."""
        await session.flush()
        for voice in self._voices:
            await voice(session, about, now)

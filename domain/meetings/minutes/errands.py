"""What the clock does for minutes: drafts them, sees to it that they are posted."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from domain.meetings.about import About
from domain.meetings.errands.values import Due, Errand
from domain.meetings.minutes.keeping import MinutesKeeper
from models.enums import ErrandKind


class DraftMinutes(Errand):
    """Drafts the minutes as soon as a meeting is closed; the chair gets them."""

    kind = ErrandKind.DRAFT_MINUTES

    def __init__(self, keeper: MinutesKeeper) -> None:
        self._keeper = keeper

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        ended_at = about.meeting.ended_at
        return None if ended_at is None else Due(ended_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await self._keeper.draft(session, about, now)

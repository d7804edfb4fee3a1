"""Locks the minutes of a meeting when a later one approves them."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About, about_of
from domain.meetings.minutes.keeping import Pen
from domain.meetings.minutes.loading import kept_of
from domain.meetings.minutes.saying import MinutesSayer
from domain.portfolio.values import Viewer
from models.enums import MinutesState, Outcome


class MinutesApprover:
    """What an item `minutes:7` of an agenda stands for: the minutes of the meeting 7."""

    def __init__(self, sayer: MinutesSayer) -> None:
        self._sayer = sayer

    async def settle(
        self,
        session: AsyncSession,
        in_meeting: About,
        meeting_id: int,
        outcome: Outcome,
        by: Viewer,
        now: datetime,
    ) -> None:
        """Approve minutes that are posted; anything but an approval leaves them as they are.

        Args:
            session: a writing one; the meeting that decides is locked.
            in_meeting: that meeting.
            meeting_id: the meeting whose minutes they are; locked here.
            outcome: what the council decided.
            by: who recorded it.
            now: this instant.
        """
        if outcome is not Outcome.APPROVED:
            return
        about = await about_of(session, in_meeting.council.workspace_id, meeting_id, locked=True)
        if about is None or about.council.pk != in_meeting.council.pk:
            return
        kept = await kept_of(session, about, now)
        if kept is None or kept.newest.state is not MinutesState.POSTED:
            return
        Pen(session, about, by, now).approve(kept.newest, in_meeting)
        await self._sayer.say(session, about, now, is_news=True)

"""What members, alternates and the chair have been told, brought to how a meeting stands now."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.attendance.alternates import Alternates
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.quorum import follow_quorum
from domain.meetings.attendance.reminding import renew_reminders
from models.meetings.attendance import attendances_of


class AttendanceVoice:
    """Says it again, if it has been said; once a meeting has begun, all of it is over."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def again(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Follow a change of the meeting, or of what somebody has said."""
        meeting = about.meeting
        if meeting.started_at is not None or meeting.starts_at <= now:
            return
        roster = await roster_of(session, about)
        alternates = Alternates(session, self._outbox, about, now)
        for row in await attendances_of(session, meeting.pk):
            seat = roster.seat_of(row.person_id)
            if row.alternate_id is not None and seat is not None:
                await alternates.renew(row, seat)
        await renew_reminders(session, self._outbox, about, roster, now)
        await follow_quorum(session, self._outbox, about, now)

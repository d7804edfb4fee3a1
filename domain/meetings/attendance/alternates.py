"""What somebody reads who is to come in a member's place, until it is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.attendance.loading import meeting_told
from domain.meetings.attendance.messages import (
    AlternateAsked,
    AlternateDeclined,
    AlternateReleased,
    StandIn,
)
from domain.meetings.attendance.values import Seat
from models.enums import Rsvp
from models.meetings import Attendance

_NOT_NEEDED: Final = "the member comes, sends somebody else, or was asked anew"


@dataclass(frozen=True)
class Alternates:
    """Tells the alternates of one meeting, in one transaction."""

    session: AsyncSession
    outbox: Outbox
    about: About
    now: datetime

    async def ask(self, row: Attendance, seat: Seat) -> None:
        """Tell somebody that they are named."""
        await self._tell(row, seat, StandIn.ASKED)

    async def release(self, row: Attendance, seat: Seat, state: StandIn) -> None:
        """Tell whoever was named that they need not come; nothing if they have not read of it."""
        if row.alternate_id is None:
            return
        await self.outbox.withdraw(self.session, key_of(row), _NOT_NEEDED)
        if not await self._is_told(row):
            return
        await self._tell(row, seat, state)
        if state is StandIn.RELEASED:  # an edit notifies nobody, and they keep the hour free
            told = await meeting_told(self.session, self.about)
            message = AlternateReleased(told, seat.member.name)
            await self._say(message, row.alternate_id, f"{key_of(row)}:released")

    async def renew(self, row: Attendance, seat: Seat) -> None:
        """Bring what an alternate has read to how the meeting stands now."""
        if seat.rsvp is not Rsvp.ALTERNATE:
            await self.release(row, seat, StandIn.RELEASED)
        elif await self._is_told(row):
            await self._tell(row, seat, StandIn.ASKED)

    async def declined(self, row: Attendance, seat: Seat) -> None:
        """Tell the member, and the alternate in the message that asked them."""
        told = await meeting_told(self.session, self.about)
        message = AlternateDeclined(told, seat.sitter.name)
        await self.release(row, seat, StandIn.DECLINED)
        await self._say(message, seat.member.person_id, f"{key_of(row)}:declined")

    async def _is_told(self, row: Attendance) -> bool:
        return bool(await self.outbox.standing(self.session, [key_of(row)]))

    async def _tell(self, row: Attendance, seat: Seat, state: StandIn) -> None:
        if row.alternate_id is None:
            return
        message = AlternateAsked(
            meeting=await meeting_told(self.session, self.about),
            member_id=seat.member.person_id,
            member=seat.member.name,
            has_vote=seat.is_voting,
            state=state,
        )
        await self._say(message, row.alternate_id, key_of(row))

    async def _say(self, message: Message, person_id: int, key: str) -> None:
        starts_at = self.about.meeting.starts_at
        await self.outbox.say(
            self.session,
            message,
            to=Place.person(person_id),
            key=key,
            now=self.now,
            # Once it has begun it is told at once.
            expires_at=starts_at if self.now < starts_at else None,
        )


def key_of(row: Attendance) -> str:
    """Of what an alternate is told; who is named twice is told twice: an edit notifies nobody."""
    named_at = int(row.replied_at.timestamp()) if row.replied_at else 0
    return f"meeting:{row.meeting_id}:alternate:{row.person_id}:{named_at}"

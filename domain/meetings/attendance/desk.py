"""Keeps what people say about one meeting, and who is there: in one transaction, each audited."""

from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.attendance.alternates import Alternates
from domain.meetings.attendance.messages import StandIn
from domain.meetings.attendance.values import Roster, Seat
from domain.meetings.series.keeping import Act
from domain.portfolio.values import PersonName
from models.enums import Rsvp
from models.meetings import Attendance
from models.meetings.attendance import attendance_of
from models.portfolio import AuditEntry


@dataclass(frozen=True)
class Desk:
    """One meeting, locked, and who acts."""

    session: AsyncSession
    outbox: Outbox
    about: About
    act: Act

    async def say(self, seat: Seat, rsvp: Rsvp, alternate: PersonName | None = None) -> None:
        """Keep what a member has said; whoever was to come instead hears that they need not."""
        row = await self._row(seat)
        await self._alternates.release(row, seat, StandIn.RELEASED)
        sitter = alternate or seat.member
        if seat.is_present and sitter.person_id != seat.sitter.person_id:
            await self.leave(seat)  # whoever was there sits there no more, and nobody else yet
        self._audit("attendance", seat, _words(seat.rsvp, seat.alternate), _words(rsvp, alternate))
        row.rsvp, row.apology = rsvp, ""
        row.alternate_id = alternate.person_id if alternate else None
        row.replied_at, row.said_for = self.act.at, self.about.meeting.starts_at
        if alternate is not None:
            await self._alternates.ask(row, seat)

    async def decline(self, seat: Seat) -> None:
        """Let an alternate not come: the member is told, and is down as not coming."""
        row = await self._row(seat)
        await self._alternates.declined(row, seat)
        old = _words(seat.rsvp, seat.alternate)
        self._audit("attendance", seat, old, f"{Rsvp.NO}, declined by the alternate")
        row.rsvp, row.alternate_id = Rsvp.NO, None
        if seat.is_present:
            await self.leave(seat)

    async def apologize(self, seat: Seat, reason: str) -> bool:
        """Keep why a member can't come; the audit says that they said it, and not what."""
        row = await self._row(seat)
        if row.apology == reason:
            return False
        self._audit("apology", seat, _given(row.apology), _given(reason))
        row.apology = reason
        return True

    async def sit_down(self, roster: Roster, person_id: int) -> tuple[Seat, ...]:
        """Have somebody come: on their own seat, and on that of whom they stand in for.

        Who had named an alternate has come themselves after all.

        Returns:
            The seats that were empty before.
        """
        own, other = roster.seat_of(person_id), roster.stood_in_by(person_id)
        if own is not None and own.sitter.person_id != person_id:
            await self.say(own, Rsvp.YES)
            own = replace(own, rsvp=Rsvp.YES, alternate=None, is_present=False)
        seats = tuple(each for each in (own, other) if each and not each.is_present)
        for seat in seats:
            await self.come(seat)
        return seats

    async def stand_up(self, roster: Roster, person_id: int) -> tuple[Seat, ...]:
        """Have somebody go, from each seat that they take; these seats."""
        taken = (
            each for each in roster.seats if each.is_present and each.sitter.person_id == person_id
        )
        seats = tuple(taken)
        for seat in seats:
            await self.leave(seat)
        return seats

    async def come(self, seat: Seat) -> None:
        """Somebody sits down there."""
        row = await self._row(seat)
        row.present_from = row.present_from or self.act.at
        row.present_until = None
        self._audit("presence", seat, "", f"{seat.sitter.name} is here")

    async def leave(self, seat: Seat) -> None:
        """Nobody sits there any more."""
        row = await self._row(seat)
        row.present_until = self.act.at
        self._audit("presence", seat, f"{seat.sitter.name} is here", "")

    @property
    def _alternates(self) -> Alternates:
        return Alternates(self.session, self.outbox, self.about, self.act.at)

    async def _row(self, seat: Seat) -> Attendance:
        meeting, person_id = self.about.meeting, seat.member.person_id
        row = await attendance_of(self.session, meeting.pk, person_id)
        if row is None:
            row = Attendance(
                workspace_id=meeting.workspace_id, meeting_id=meeting.pk, person_id=person_id
            )
            self.session.add(row)
        return row

    def _audit(self, what: str, seat: Seat, old: str, new: str) -> None:
        about = self.about
        entry = AuditEntry(
            workspace_id=about.meeting.workspace_id,
            at=self.act.at,
            actor=self.act.actor,
            subject=f"meeting {about.council.name} {about.meeting.occurrence}",
            field=f"{what} of {seat.member.name}",
            old=old or None,
            new=new or None,
        )
        self.session.add(entry)


def _words(rsvp: Rsvp, alternate: PersonName | None) -> str:
    if rsvp is Rsvp.NONE:
        return ""
    return f"{rsvp} ({alternate.name})" if alternate else str(rsvp)


def _given(reason: str) -> str:
    return "given" if reason else ""

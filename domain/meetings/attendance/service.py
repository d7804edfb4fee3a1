"""Slack's side of attendance: who comes, who comes instead, and who is there."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.about import About, about_of
from domain.meetings.attendance.desk import Desk
from domain.meetings.attendance.loading import meeting_told, roster_of
from domain.meetings.attendance.messages import HereTold
from domain.meetings.attendance.outcomes import (
    Board,
    Choosing,
    Come,
    MarkedSeat,
    Marking,
    Reminded,
    Said,
)
from domain.meetings.attendance.quorum import follow_quorum
from domain.meetings.attendance.reminding import remind
from domain.meetings.attendance.rules import ALTERNATE, REASON, stand_in_fault
from domain.meetings.attendance.telling import here_told, seats_told
from domain.meetings.attendance.values import Seat
from domain.meetings.rules import may_run
from domain.meetings.series.keeping import Act
from domain.meetings.series.rules import LONGEST_TEXT
from domain.meetings.values import MeetingList
from domain.meetings.voices import Voices
from domain.portfolio.values import PersonName, Viewer
from models.base import Database
from models.enums import MeetingState, Rsvp

_NO_MEETING: Final = (
    "There is no such meeting any more. `/project meeting next` shows those that are planned."
)
_CANCELLED: Final = (
    "This meeting is cancelled, so nothing was noted. `/project meeting next` shows the next one."
)
_OVER: Final = (
    "This meeting is over, so nothing was noted. Was somebody there who is not on the record, or "
    "the other way round? Tell its chair: the minutes can be corrected."
)
_NO_SEAT: Final = (
    "You have no seat on this council, so nothing was noted. If you should be at its meeting, ask "
    "its chair or the PMO."
)
_ONLY_MEMBERS: Final = "Only members of the council and the PMO see who comes to its meetings."
_NONE_PLANNED: Final = "No meeting is planned. The council's chair and the PMO plan them."
_ONLY_WHO_RUNS: Final = (
    "Only who runs the meeting, the council's chair and the PMO do that: ask one of them."
)
_NOT_OPEN: Final = (
    "The meeting has not been opened yet: whoever runs it does that with `/project meeting open`. "
    "Press again then."
)
_BEGUN: Final = "The meeting has begun: who is not there now hears nothing in time any more."
_NO_STAND_IN: Final = "You are named as nobody's alternate for this meeting any more."
_NOT_NO: Final = (
    "You are not down as “can't come” any more, so the reason was not kept. Press “Can't come” "
    "again if that is what you mean."
)


class AttendanceService:
    """Keeps what members say and who is there; the last word counts until a meeting is closed."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, voices: Voices
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices

    async def say(self, viewer: Viewer, meeting_id: int, rsvp: Rsvp, now: datetime) -> Said:
        """Keep whether a member comes, is late or can't come; an alternate who can't declines.

        Raises:
            NotAllowedError: they have no seat, or the meeting is cancelled or over.
            NotFoundError: there is none.
        """
        async with self._desk(viewer, meeting_id, now) as desk:
            roster = await roster_of(desk.session, desk.about)
            seat, other = roster.seat_of(viewer.person_id), roster.stood_in_by(viewer.person_id)
            if other is not None and rsvp is Rsvp.NO:
                await desk.decline(other)
            if seat is not None and seat.rsvp is not rsvp:
                await desk.say(seat, rsvp)
            if seat is None and other is None:
                raise NotAllowedError(_NO_SEAT)
            return Said(
                meeting=await meeting_told(desk.session, desk.about),
                rsvp=rsvp,
                is_same=seat is not None and seat.rsvp is rsvp,
                stands_for=other.member.name if other and not seat else "",
            )

    async def apologize(self, viewer: Viewer, meeting_id: int, reason: str, now: datetime) -> Said:
        """Keep why a member can't come, for the chair and the PMO.

        Raises:
            FieldErrors: it is too long.
            NotAllowedError: as for `say`, or they have said meanwhile that they come.
        """
        typed = " ".join(reason.split())
        if len(typed) > LONGEST_TEXT:
            msg = f"That is longer than {LONGEST_TEXT} characters: shorten it."
            raise FieldErrors({REASON: msg})
        async with self._desk(viewer, meeting_id, now) as desk:
            seat = await _own_seat(desk, viewer)
            if seat.rsvp is not Rsvp.NO:
                raise NotAllowedError(_NOT_NO)
            is_new = await desk.apologize(seat, typed)
            told = await meeting_told(desk.session, desk.about)
            return Said(told, Rsvp.NO, is_same=not is_new)

    async def choosing(self, viewer: Viewer, meeting_id: int, now: datetime) -> Choosing:
        """The window in which a member chooses who comes instead.

        Raises:
            NotAllowedError: as for `say`.
        """
        async with self._database.reading() as session:
            about = await self._about(session, meeting_id, now)
            seat = (await roster_of(session, about)).seat_of(viewer.person_id)
            if seat is None:
                raise NotAllowedError(_NO_SEAT)
            told = await meeting_told(session, about)
            return Choosing(told, seat.alternate.slack_id if seat.alternate else "")

    async def send(self, viewer: Viewer, meeting_id: int, alternate: Viewer, now: datetime) -> Said:
        """Name who comes in a member's place; they are told, and may decline.

        Raises:
            FieldErrors: it can't be that person, with the reason.
            NotAllowedError: as for `say`.
        """
        async with self._desk(viewer, meeting_id, now) as desk:
            seat = await _own_seat(desk, viewer)
            roster = await roster_of(desk.session, desk.about)
            if fault := stand_in_fault(alternate, viewer.person_id, roster):
                raise FieldErrors({ALTERNATE: fault})
            is_same = seat.alternate is not None and seat.sitter.person_id == alternate.person_id
            if not is_same:
                named = PersonName(alternate.person_id, alternate.slack_id, alternate.name)
                await desk.say(seat, Rsvp.ALTERNATE, named)
            told = await meeting_told(desk.session, desk.about)
            return Said(told, Rsvp.ALTERNATE, is_same=is_same, alternate=alternate.name)

    async def decline(self, viewer: Viewer, meeting_id: int, member_id: int, now: datetime) -> Said:
        """Let somebody not come in a member's place; the member is told.

        Raises:
            NotAllowedError: they are not that member's alternate any more, or it is over.
        """
        async with self._desk(viewer, meeting_id, now) as desk:
            seat = (await roster_of(desk.session, desk.about)).stood_in_by(viewer.person_id)
            if seat is None or seat.member.person_id != member_id:
                raise NotAllowedError(_NO_STAND_IN)
            await desk.decline(seat)
            told = await meeting_told(desk.session, desk.about)
            return Said(told, Rsvp.NO, stands_for=seat.member.name)

    async def here(self, viewer: Viewer, meeting_id: int, now: datetime) -> Come:
        """Somebody sits down: on their own seat, or on that of whom they stand in for.

        Raises:
            NotAllowedError: they have no seat, or the meeting is not open, or over.
        """
        return await self._come(viewer, meeting_id, now, is_here=True)

    async def leave(self, viewer: Viewer, meeting_id: int, now: datetime) -> Come:
        """Somebody has to go, and may come back.

        Raises:
            NotAllowedError: as for `here`.
        """
        return await self._come(viewer, meeting_id, now, is_here=False)

    async def marking(self, viewer: Viewer, meeting_id: int, now: datetime) -> Marking:
        """The window of who is there, for who runs the meeting.

        Raises:
            NotAllowedError: they do not, or it is not open.
        """
        async with self._database.reading() as session:
            about = await self._about(session, meeting_id, now)
            _check_runs(viewer, about)
            _check_open(about)
            seats = (await roster_of(session, about)).seats
            return Marking(meeting_id, tuple(_marked(each) for each in seats))

    async def mark(
        self,
        viewer: Viewer,
        meeting_id: int,
        shown: Collection[int],
        chosen: Collection[int],
        now: datetime,
    ) -> Come:
        """Keep who is there as who runs the meeting sees it.

        What somebody has pressed meanwhile stays, unless it was changed in the window itself.

        Args:
            viewer: who marks.
            meeting_id: which meeting.
            shown: the members who were there when the window opened.
            chosen: those who are.
            now: this instant.

        Raises:
            NotAllowedError: as for `marking`.
        """
        async with self._desk(viewer, meeting_id, now) as desk:
            _check_runs(viewer, desk.about)
            _check_open(desk.about)
            roster = await roster_of(desk.session, desk.about)
            changed = set(shown) ^ set(chosen)
            seats = [each for each in roster.seats if each.member.person_id in changed]
            for seat in seats:
                is_here = seat.member.person_id in chosen
                if seat.is_present is not is_here:
                    await (desk.come(seat) if is_here else desk.leave(seat))
            return Come(await _here(desk), is_here=True, is_same=not seats)

    async def remind(self, viewer: Viewer, meeting_id: int, now: datetime) -> Reminded:
        """Remind the voting members who have not said whether they come, each once.

        Raises:
            NotAllowedError: they do not run the meeting, or it has begun, or is cancelled.
        """
        async with self._desk(viewer, meeting_id, now) as desk:
            _check_runs(viewer, desk.about)
            if desk.about.meeting.started_at is not None or desk.about.meeting.starts_at <= now:
                raise NotAllowedError(_BEGUN)
            told = await remind(desk.session, self._outbox, desk.about, viewer.person_id, now)
            if told.names:
                act = (desk.session, self._outbox, desk.about, now)
                await follow_quorum(*act, is_reminded=True)
            return told

    async def boards(self, viewer: Viewer, found: MeetingList, now: datetime) -> Sequence[Board]:
        """Who comes to some meetings, for members and the PMO; those of others are left out.

        Raises:
            NotAllowedError: they are neither, of any of these councils.
        """
        numbers = [
            card.meeting_id
            for council in found.councils
            for card in council.cards
            if card.state is MeetingState.PLANNED
        ]
        async with self._database.reading() as session:
            known = [await about_of(session, self._workspace_id, each) for each in numbers]
            # One that was closed before its planned end is still among the coming ones.
            going = [each for each in known if each and not _is_over(each, now)]
            boards = [await _board(session, viewer, each) for each in going]
        theirs = [each for each in boards if each is not None]
        if not theirs:
            raise NotAllowedError(_ONLY_MEMBERS if going else _NONE_PLANNED)
        return theirs

    @asynccontextmanager
    async def _desk(self, viewer: Viewer, meeting_id: int, now: datetime) -> AsyncIterator[Desk]:
        """One meeting, locked; what was said of it follows what is done there."""
        async with self._database.writing() as session:
            about = await self._about(session, meeting_id, now, locked=True)
            yield Desk(session, self._outbox, about, Act(viewer.slack_id, now))
            await self._voices.again(session, about, now)

    async def _about(
        self, session: AsyncSession, meeting_id: int, now: datetime, *, locked: bool = False
    ) -> About:
        about = await about_of(session, self._workspace_id, meeting_id, locked=locked)
        if about is None:
            raise NotFoundError(_NO_MEETING)
        if about.meeting.state is MeetingState.CANCELLED:
            raise NotAllowedError(_CANCELLED)
        if _is_over(about, now):
            raise NotAllowedError(_OVER)
        return about

    async def _come(self, viewer: Viewer, meeting_id: int, now: datetime, *, is_here: bool) -> Come:
        async with self._desk(viewer, meeting_id, now) as desk:
            _check_open(desk.about)
            roster = await roster_of(desk.session, desk.about)
            own, other = roster.seat_of(viewer.person_id), roster.stood_in_by(viewer.person_id)
            if own is None and other is None:
                raise NotAllowedError(_NO_SEAT)
            if is_here:
                seats = await desk.sit_down(roster, viewer.person_id)
            else:
                seats = await desk.stand_up(roster, viewer.person_id)
            return Come(
                here=await _here(desk),
                is_here=is_here,
                is_same=not seats,
                stands_for=other.member.name if other else "",
            )


async def _own_seat(desk: Desk, viewer: Viewer) -> Seat:
    seat = (await roster_of(desk.session, desk.about)).seat_of(viewer.person_id)
    if seat is None:
        raise NotAllowedError(_NO_SEAT)
    return seat


async def _board(session: AsyncSession, viewer: Viewer, about: About) -> Board | None:
    roster = await roster_of(session, about)
    runs, seat = _runs(viewer, about), roster.seat_of(viewer.person_id)
    if seat is None and not runs:
        return None
    told = roster.seats if runs else ()
    return Board(
        meeting=await meeting_told(session, about),
        seats=seats_told(roster),
        may_say=seat is not None,
        may_run=runs,
        here=here_told(roster) if about.is_running else None,
        unsaid=tuple(each.member.name for each in told if each.rsvp is Rsvp.NONE),
        reasons=tuple((each.member.name, each.apology) for each in told if each.apology),
    )


async def _here(desk: Desk) -> HereTold:
    await desk.session.flush()
    return here_told(await roster_of(desk.session, desk.about))


def _is_over(about: About, now: datetime) -> bool:
    """Whether it is closed; one that nobody has opened is over at its planned end."""
    meeting = about.meeting
    if meeting.started_at is not None:
        return meeting.ended_at is not None
    return meeting.starts_at + timedelta(minutes=meeting.minutes) <= now


def _check_open(about: About) -> None:
    if not about.is_running:
        raise NotAllowedError(_NOT_OPEN)


def _runs(viewer: Viewer, about: About) -> bool:
    """Whether somebody is the chair, has taken the chair for this meeting, or is of the PMO."""
    return may_run(viewer, about.council.chair_id) or may_run(viewer, about.meeting.chair_id)


def _check_runs(viewer: Viewer, about: About) -> None:
    if not _runs(viewer, about):
        raise NotAllowedError(_ONLY_WHO_RUNS)


def _marked(seat: Seat) -> MarkedSeat:
    return MarkedSeat(
        person_id=seat.member.person_id,
        name=seat.member.name,
        stand_in=seat.sitter.name if seat.sitter != seat.member else "",
        is_here=seat.is_present,
    )

"""Loads who sits on a council at a meeting."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.attendance.messages import MeetingTold
from domain.meetings.attendance.rules import seats_needed
from domain.meetings.attendance.values import Attended, Roster, Seat
from domain.meetings.calendar_out.rules import open_text, secrets_in
from domain.meetings.values import OwnSaid
from domain.portfolio.values import PersonName
from models.enums import MeetingState, Rsvp
from models.meetings import Attendance, Meeting
from models.meetings.attendance import SeatRow, own_rows_of, seat_rows_of
from models.meetings.queries import restricted_names
from models.portfolio import Person, people_by_id


async def roster_of(session: AsyncSession, about: About) -> Roster:
    """The members of the meeting's council with what is known of their coming."""
    rows = await seat_rows_of(session, about.council.pk, about.meeting.pk)
    rows = [row for row in rows if not row.person.is_gone]
    wanted = {row.attendance.alternate_id for row in rows if row.attendance} - {None}
    alternates = await people_by_id(session, sorted(each for each in wanted if each))
    seats = tuple(_seat(row, alternates, about.meeting) for row in rows)
    rule = about.meeting.quorum or about.settings.quorum
    voting = sum(each.is_voting for each in seats)
    return Roster(seats, seats_needed(rule, voting), rule)


async def attended(session: AsyncSession, about: About) -> Attended:
    """Who was there, for the minutes; nobody is compared with anybody."""
    roster = await roster_of(session, about)
    there = [each for each in roster.seats if each.was_present]
    others = [each for each in roster.seats if not each.was_present]
    excused = (Rsvp.NO, Rsvp.ALTERNATE)
    return Attended(
        present=tuple(each for each in there if each.sitter == each.member),
        by_alternate=tuple(each for each in there if each.sitter != each.member),
        apologies=tuple(each for each in others if each.rsvp in excused),
        absent=tuple(each for each in others if each.rsvp not in excused),
        needed=roster.needed,
        rule=roster.rule,
    )


async def own_said(
    session: AsyncSession, person_id: int, meetings: Sequence[Meeting]
) -> dict[int, OwnSaid]:
    """What somebody has said about those of some meetings in which they have a seat, by meeting."""
    rows = await own_rows_of(session, person_id, [each.pk for each in meetings])
    said = {
        row.meeting.pk: row.attendance
        for row in rows
        if row.attendance and is_said_of(row.attendance, row.meeting)
    }
    alternates = await people_by_id(
        session, [each.alternate_id for each in said.values() if each.alternate_id]
    )
    found = dict.fromkeys((row.meeting.pk for row in rows), OwnSaid())
    for meeting_id, kept in said.items():
        alternate = alternates.get(kept.alternate_id) if kept.alternate_id else None
        found[meeting_id] = OwnSaid(kept.rsvp, alternate.name if alternate else "")
    return found


async def meeting_told(session: AsyncSession, about: About) -> MeetingTold:
    """A meeting as anybody may read it: what names a restricted project is left out."""
    names = await restricted_names(session, about.meeting.workspace_id)
    secret = secrets_in(word for pair in names for word in pair)
    meeting = about.meeting
    return MeetingTold(
        meeting_id=meeting.pk,
        council=about.council.name,
        title=open_text(meeting.title, secret),
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        timezone=meeting.timezone,
        place=open_text(meeting.place, secret),
        is_cancelled=meeting.state is MeetingState.CANCELLED,
    )


def is_said_of(kept: Attendance, meeting: Meeting) -> bool:
    """Whether what a member has said holds for the meeting's time as it is now."""
    return kept.said_for in (None, meeting.starts_at)


def _seat(row: SeatRow, alternates: dict[int, Person], meeting: Meeting) -> Seat:
    kept = row.attendance
    if kept is None:
        return Seat(named(row.person), row.member.voting)
    is_said = is_said_of(kept, meeting)
    alternate = alternates.get(kept.alternate_id) if kept.alternate_id and is_said else None
    if alternate is not None and alternate.is_gone:
        alternate = None
    said = kept.rsvp if alternate or kept.rsvp is not Rsvp.ALTERNATE else Rsvp.NO
    return Seat(
        member=named(row.person),
        is_voting=row.member.voting,
        rsvp=said if is_said else Rsvp.NONE,
        alternate=named(alternate) if alternate else None,
        apology=kept.apology if is_said else "",
        has_opened=kept.opened_at is not None,
        is_present=kept.present_from is not None and kept.present_until is None,
        was_present=kept.present_from is not None,
    )


def named(person: Person) -> PersonName:
    """A person by the names that the room gives out."""
    return PersonName(
        person_id=person.pk, slack_id=person.slack_id, name=person.name, is_gone=person.is_gone
    )

"""Loads who sits on a council at a meeting."""

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.attendance.rules import seats_needed
from domain.meetings.attendance.values import Roster, Seat
from domain.portfolio.values import PersonName
from models.enums import Rsvp
from models.meetings.attendance import SeatRow, seat_rows_of
from models.portfolio import Person, people_by_id


async def roster_of(session: AsyncSession, about: About) -> Roster:
    """The members of the meeting's council with what is known of their coming."""
    rows = await seat_rows_of(session, about.council.pk, about.meeting.pk)
    rows = [row for row in rows if not row.person.is_gone]
    wanted = {row.attendance.alternate_id for row in rows if row.attendance} - {None}
    alternates = await people_by_id(session, sorted(each for each in wanted if each))
    seats = tuple(_seat(row, alternates) for row in rows)
    rule = about.meeting.quorum or about.settings.quorum
    voting = sum(each.is_voting for each in seats)
    return Roster(seats, seats_needed(rule, voting), rule)


def _seat(row: SeatRow, alternates: dict[int, Person]) -> Seat:
    kept = row.attendance
    if kept is None:
        return Seat(named(row.person), row.member.voting)
    alternate = alternates.get(kept.alternate_id) if kept.alternate_id else None
    return Seat(
        member=named(row.person),
        is_voting=row.member.voting,
        rsvp=kept.rsvp if alternate or kept.rsvp is not Rsvp.ALTERNATE else Rsvp.NO,
        alternate=named(alternate) if alternate else None,
        apology=kept.apology,
        has_opened=kept.opened_at is not None,
        is_present=kept.present_from is not None and kept.present_until is None,
        was_present=kept.present_from is not None,
    )


def named(person: Person) -> PersonName:
    """A person by the names that the room gives out."""
    return PersonName(
        person_id=person.pk, slack_id=person.slack_id, name=person.name, is_gone=person.is_gone
    )

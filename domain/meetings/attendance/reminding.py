"""Reminds members who have not said whether they come: each once, because the chair asks for it."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.attendance.loading import meeting_told, roster_of
from domain.meetings.attendance.messages import RsvpReminder
from domain.meetings.attendance.outcomes import Reminded
from domain.meetings.attendance.values import Roster, Seat
from models.enums import Rsvp

_SAID: Final = "they have said whether they come, or the meeting does not take place"


async def remind(
    session: AsyncSession, outbox: Outbox, about: About, by: int, now: datetime
) -> Reminded:
    """Remind the voting members who have not said.

    Args:
        session: a writing one.
        outbox: where it is said.
        about: the meeting, locked, before it begins.
        by: who asks for it: they know.
        now: this instant.
    """
    roster = await roster_of(session, about)
    unsaid = [
        each for each in roster.voting if each.rsvp is Rsvp.NONE and each.member.person_id != by
    ]
    standing = await outbox.standing(session, [_key(about, each) for each in unsaid])
    new = [each for each in unsaid if _key(about, each) not in standing]
    message = RsvpReminder(await meeting_told(session, about))
    await outbox.say_each(session, [_letter(about, each, message) for each in new], now)
    return Reminded(
        names=tuple(each.member.name for each in new),
        before=tuple(each.member.name for each in unsaid if each not in new),
    )


async def renew_reminders(
    session: AsyncSession, outbox: Outbox, about: About, roster: Roster, now: datetime
) -> None:
    """Bring reminders to what their readers have said since; what nobody has read is taken back."""
    keys = {_key(about, each): each for each in roster.voting}
    standing = await outbox.standing(session, list(keys))
    if not standing:
        return
    meeting = await meeting_told(session, about)
    for key, known in standing.items():
        seat = keys[key]
        is_over = seat.rsvp is not Rsvp.NONE or meeting.is_cancelled
        if is_over and not known.is_posted:
            await outbox.withdraw(session, key, _SAID)
        else:
            letter = _letter(about, seat, RsvpReminder(meeting, seat.rsvp))
            await outbox.say_each(session, [letter], now)


def _letter(about: About, seat: Seat, message: RsvpReminder) -> Letter:
    person_id = seat.member.person_id
    return Letter(message, Place.person(person_id), _key(about, seat), about.meeting.starts_at)


def _key(about: About, seat: Seat) -> str:
    return f"meeting:{about.meeting.pk}:rsvp:{seat.member.person_id}"

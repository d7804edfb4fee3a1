"""Whether enough come: looked at the working day before, and told to who can still change it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from domain.calendar.people import personal_times
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.attendance.loading import meeting_told, roster_of
from domain.meetings.attendance.messages import MeetingTold, QuorumWarning
from domain.meetings.attendance.rules import check_at
from domain.meetings.attendance.values import Roster
from domain.meetings.errands.values import Due, Errand
from models.delivery.rows import pmo_people
from models.enums import ErrandKind, Rsvp
from models.portfolio import people_by_id

_SAFE: Final = "enough come, or the meeting does not take place"


class QuorumCheck(Errand):
    """Warns who runs a meeting, if too few have said that they come."""

    kind = ErrandKind.QUORUM_CHECK

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        if about.meeting.started_at is not None:
            return None
        return Due(_check_at(about), until=about.meeting.starts_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await follow_quorum(session, self._outbox, about, now)


async def follow_quorum(
    session: AsyncSession,
    outbox: Outbox,
    about: About,
    now: datetime,
    *,
    is_reminded: bool = False,
) -> None:
    """Say that a quorum is at risk, and, where that is said, how it has gone on.

    From the check on it is also said when somebody changes their mind. The meeting is yet to begin.

    Args:
        session: the transaction of what has changed.
        outbox: where it is said.
        about: the meeting, locked.
        now: this instant.
        is_reminded: somebody has had reminded just now who has not said.
    """
    readers = await _readers(session, outbox, about, now)
    standing = await outbox.standing(session, list(readers))
    meeting, roster = await meeting_told(session, about), await roster_of(session, about)
    is_at_risk = roster.coming < roster.needed and not meeting.is_cancelled
    is_time = _check_at(about) <= now
    for key, place in readers.items():
        known = standing.get(key)
        if known is None and not (is_at_risk and is_time):
            continue
        if known is not None and not known.is_posted and not is_at_risk:
            await outbox.withdraw(session, key, _SAFE)
            continue
        before = known.message if known else None
        was_reminded = isinstance(before, QuorumWarning) and before.is_reminded
        told = _warning(meeting, roster, place.person_id)
        told = replace(told, is_reminded=is_reminded or was_reminded)
        over_at = about.meeting.starts_at
        await outbox.say(session, told, to=place, key=key, now=now, expires_at=over_at)


def _warning(meeting: MeetingTold, roster: Roster, reader_id: int | None) -> QuorumWarning:
    unsaid = [each.member for each in roster.voting if each.rsvp is Rsvp.NONE]
    return QuorumWarning(
        meeting=meeting,
        votes=roster.coming,
        needed=roster.needed,
        unsaid=tuple(each.name for each in unsaid if each.person_id != reader_id),
        apologies=tuple(each.member.name for each in roster.voting if each.rsvp is Rsvp.NO),
        is_reader_unsaid=any(each.person_id == reader_id for each in unsaid),
    )


async def _readers(
    session: AsyncSession, outbox: Outbox, about: About, now: datetime
) -> dict[str, Place]:
    """The chair; the PMO, where there is none who can read it before the meeting, by key."""
    key = f"meeting:{about.meeting.pk}:quorum"
    chair_id = about.council.chair_id
    if chair_id is not None:
        own = {f"{key}:{chair_id}": Place.person(chair_id)}
        # What the chair has is gone on with there, though it may be evening by now.
        if await outbox.standing(session, list(own)):
            return own
        if await _is_reached(session, about, chair_id, now):
            return own
    channel_id = about.configuration.pmo_channel_id
    if channel_id is not None:
        return {f"{key}:{channel_id}": Place.channel(channel_id)}
    people = await pmo_people(session, about.meeting.workspace_id)
    return {f"{key}:{each.pk}": Place.person(each.pk) for each in people}


async def _is_reached(session: AsyncSession, about: About, chair_id: int, now: datetime) -> bool:
    chair = (await people_by_id(session, [chair_id])).get(chair_id)
    if chair is None or chair.is_gone:
        return False
    workspace_id = about.meeting.workspace_id
    times = await personal_times(session, workspace_id, [chair_id], about.configuration)
    try:
        return times[chair_id].allowed_from(now) < about.meeting.starts_at
    except ValueError:  # no day worked within a year
        return False


def _check_at(about: About) -> datetime:
    meeting = about.meeting
    return check_at(meeting.starts_at, meeting.changed_at, about.zone, about.working)

"""Tells who is to open a meeting: the chair at its hour, others when the chair does not come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.access import everybodys_text
from domain.meetings.attendance.loading import roster_of
from domain.meetings.auditing import subject_of
from domain.meetings.sitting.messages import MeetingNotStarted, MeetingToOpen
from domain.meetings.sitting.table import times_of
from models.delivery.rows import pmo_people
from models.enums import MeetingState
from models.meetings.sitting import last_done
from models.portfolio import people_by_id

_SAID = MeetingToOpen | MeetingNotStarted


class Inviter:
    """Asks people to open a meeting, and tells them later that somebody has."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def ask_chair(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Ask whoever chairs to open the meeting; where nobody does, the PMO."""
        message = await self._to_open(session, about, is_late=False)
        for person_id in await self._chairs(session, about):
            await self._say(session, about, message, Place.person(person_id), now)

    async def ask_others(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Tell the PMO that nobody has opened it, and offer its chair to who has a vote."""
        message = await self._to_open(session, about, is_late=True)
        chairs = await self._chairs(session, about)
        roster = await roster_of(session, about)
        voters = {each.sitter.person_id for each in roster.voting}
        for person_id in sorted(voters - set(chairs)):
            await self._say(session, about, message, Place.person(person_id), now)
        told = MeetingNotStarted(
            message.meeting_id,
            message.title,
            message.starts_at,
            message.timezone,
            await self._chair(session, about),
        )
        for place in await self._office(session, about):
            await self._say(session, about, told, place, now)

    async def again(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Tell who was asked what became of the meeting: a voice of this topic."""
        meeting, times = about.meeting, times_of(about)
        known = await self._asked(session, about)
        standing = await self._outbox.standing(session, list(known))
        if not standing:
            return
        by, at = await self._opened(session, about) if meeting.started_at else ("", None)
        for key, each in standing.items():
            if isinstance(each.message, _SAID):
                message = replace(
                    each.message,
                    starts_at=meeting.starts_at,
                    opened_by=by,
                    opened_at=at,
                    is_cancelled=meeting.state is not MeetingState.PLANNED,
                    is_missed=at is None and now >= times.last_call,
                )
                await self._outbox.say(session, message, to=known[key], key=key, now=now)

    async def _say(
        self, session: AsyncSession, about: About, message: Message, place: Place, now: datetime
    ) -> None:
        key = _key(about, message.kind, place)
        await self._outbox.say(session, message, to=place, key=key, now=now)

    async def _to_open(
        self, session: AsyncSession, about: About, *, is_late: bool
    ) -> MeetingToOpen:
        meeting = about.meeting
        is_open = await everybodys_text(session, meeting.workspace_id)
        title = is_open(meeting.title) or about.council.name
        return MeetingToOpen(
            meeting.pk, title, meeting.starts_at, meeting.timezone, is_late=is_late
        )

    async def _chairs(self, session: AsyncSession, about: About) -> list[int]:
        """The chair and who stands in for them; without one, the people of the PMO."""
        chair_id = about.council.chair_id
        if chair_id is None:
            people = await pmo_people(session, about.meeting.workspace_id)
            return [each.pk for each in people]
        roster = await roster_of(session, about)
        own = [each.sitter for each in roster.seats if each.member.person_id == chair_id]
        return sorted({chair_id, *(each.person_id for each in own)})

    async def _chair(self, session: AsyncSession, about: About) -> str:
        chair_id = about.council.chair_id
        people = await people_by_id(session, [chair_id] if chair_id else [])
        return people[chair_id].name if chair_id in people else ""

    async def _office(self, session: AsyncSession, about: About) -> list[Place]:
        """Where the PMO reads: its channel, or its people."""
        if channel_id := about.configuration.pmo_channel_id:
            return [Place.channel(channel_id)]
        people = await pmo_people(session, about.meeting.workspace_id)
        return [Place.person(each.pk) for each in people]

    async def _asked(self, session: AsyncSession, about: About) -> Mapping[str, Place]:
        """Everybody who may have been asked, by the key of what was said."""
        roster = await roster_of(session, about)
        people = {*await self._chairs(session, about)}
        people |= {each.sitter.person_id for each in roster.voting}
        to_open = [Place.person(each) for each in sorted(people)]
        office = await self._office(session, about)
        return {
            _key(about, kind, place): place
            for kind, places in (
                (MeetingToOpen.kind, to_open),
                (MeetingNotStarted.kind, office),
            )
            for place in places
        }

    async def _opened(self, session: AsyncSession, about: About) -> tuple[str, datetime | None]:
        subject = subject_of(about.council, about.meeting)
        row = await last_done(session, about.meeting.workspace_id, subject, ["opened"])
        return (row.person.name if row and row.person else "", about.meeting.started_at)


def _key(about: About, kind: str, place: Place) -> str:
    return f"meeting:{about.meeting.pk}:{kind}:{place.name}"

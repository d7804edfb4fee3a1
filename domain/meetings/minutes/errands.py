"""What the clock does for minutes: drafts them, sees to it that they are posted and read."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from domain.delivery.messages import Place
from domain.meetings.about import About
from domain.meetings.errands.values import Due, Errand
from domain.meetings.minutes.keeping import Pen, draft
from domain.meetings.minutes.loading import EVERYBODY, kept_of, part_for
from domain.meetings.minutes.messages import MinutesMissing, MinutesWanted, ObjectionsOver
from domain.meetings.minutes.rules import NUDGED_AFTER, TOLD_AFTER, working_days_after
from domain.meetings.minutes.saying import MinutesSayer, minutes_key, runners
from models.delivery.rows import pmo_people
from models.enums import ErrandKind


class MinutesErrand(Errand):
    """An errand that says something of minutes."""

    def __init__(self, sayer: MinutesSayer) -> None:
        self._sayer = sayer


class DraftMinutes(MinutesErrand):
    """Drafts the minutes as soon as a meeting is closed; whoever led it gets them."""

    kind = ErrandKind.DRAFT_MINUTES

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        ended_at = about.meeting.ended_at
        return None if ended_at is None else Due(ended_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await draft(self._sayer, Pen(session, about, None, now))


class NudgeMinutes(MinutesErrand):
    """Reminds whoever led the meeting, once."""

    kind = ErrandKind.MINUTES_NUDGE

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        at = _after_end(about, NUDGED_AFTER)
        return None if at is None else Due(at, _after_end(about, TOLD_AFTER))

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        kept = await kept_of(session, about, now)
        message = MinutesWanted(
            meeting_id=about.meeting.pk,
            version=kept.standing.version if kept else 0,
            council=about.council.name,
            title=about.title,
            starts_at=about.meeting.starts_at,
            timezone=about.meeting.timezone,
        )
        for person in await runners(session, about):
            key = f"{minutes_key(about)}:nudge:{person.pk}"
            to, until = Place.person(person.pk), _after_end(about, TOLD_AFTER)
            await self._sayer.outbox.say(
                session, message, to=to, key=key, now=now, expires_at=until
            )


class TellOffice(MinutesErrand):
    """Tells the PMO when the reminder has not helped."""

    kind = ErrandKind.MINUTES_LATE

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        at = _after_end(about, TOLD_AFTER)
        return None if at is None else Due(at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        kept = await kept_of(session, about, now)
        if kept is None:
            return
        minutes = await part_for(session, about, kept.minutes, EVERYBODY)
        message = MinutesMissing(
            meeting_id=about.meeting.pk,
            council=about.council.name,
            title=minutes.title,
            starts_at=about.meeting.starts_at,
            timezone=about.meeting.timezone,
            chair=minutes.chair,
        )
        channel_id = about.configuration.pmo_channel_id
        office = await pmo_people(session, about.council.workspace_id)
        places = [Place.channel(channel_id)] if channel_id else [Place.person(p.pk) for p in office]
        for place in places:
            key = f"{minutes_key(about)}:late:{place.name}"
            await self._sayer.outbox.say(session, message, to=place, key=key, now=now)


class EndObjections(MinutesErrand):
    """Ends the time for objections; whoever led the meeting hears of those without an answer."""

    kind = ErrandKind.OBJECTIONS_END

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        until = about.meeting.objections_until
        return None if until is None else Due(until)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await self._sayer.say(session, about, now, is_news=True)
        kept = await kept_of(session, about, now)
        if kept is None or not kept.standing.open_objections:
            return
        message = ObjectionsOver(
            meeting_id=about.meeting.pk,
            council=about.council.name,
            title=about.title,
            starts_at=about.meeting.starts_at,
            timezone=about.meeting.timezone,
            objections=kept.standing.objections,
            open_objections=kept.standing.open_objections,
        )
        for person in await runners(session, about):
            key = f"{minutes_key(about)}:objections:{person.pk}"
            to = Place.person(person.pk)
            await self._sayer.outbox.say(session, message, to=to, key=key, now=now)


def _after_end(about: About, days: int) -> datetime | None:
    """So many working days after the end, while the minutes are not posted."""
    ended_at = about.meeting.ended_at
    if ended_at is None or about.meeting.minutes_posted_at is not None:
        return None
    return working_days_after(ended_at, days, about.working, about.zone)


def minutes_errands(sayer: MinutesSayer) -> Sequence[Errand]:
    """All of them."""
    kinds = (DraftMinutes, NudgeMinutes, TellOffice, EndObjections)
    return [each(sayer) for each in kinds]

"""What the clock does around a meeting's hour: has it opened, and closes it at last."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.access import everybodys_text
from domain.meetings.auditing import note
from domain.meetings.errands.values import Due, Errand
from domain.meetings.series.keeping import Act
from domain.meetings.sitting.inviting import Inviter
from domain.meetings.sitting.messages import MeetingClosedItself
from domain.meetings.sitting.opening import end
from domain.meetings.sitting.rules import CHAIR_IS_WAITED_FOR, closes_itself
from domain.meetings.sitting.table import times_of
from domain.meetings.voices import Voices
from models.enums import ErrandKind

ACTOR: Final = "the clock"
"""Who closes a meeting that nobody has closed, in the audit."""

ASKED_BEFORE: Final = timedelta(minutes=15)


class AskToOpen(Errand):
    """Gives the chair the button that opens the meeting, a quarter of an hour before."""

    kind = ErrandKind.START

    def __init__(self, inviter: Inviter) -> None:
        self._inviter = inviter

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        times = times_of(about)
        if times.started_at is not None:
            return None
        return Due(times.starts_at - ASKED_BEFORE, until=times.ends_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await self._inviter.ask_chair(session, about, now)


class AskOthersToOpen(Errand):
    """Offers the chair to others when the meeting has not been opened in time."""

    kind = ErrandKind.NOT_STARTED

    def __init__(self, inviter: Inviter) -> None:
        self._inviter = inviter

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        times = times_of(about)
        if times.started_at is not None:
            return None
        return Due(times.starts_at + CHAIR_IS_WAITED_FOR, until=times.ends_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await self._inviter.ask_others(session, about, now)


class CloseMeeting(Errand):
    """Closes a meeting that nobody closes, and tells who ran it.

    One that nobody has opened is only over: who was asked to open it reads that.
    """

    kind = ErrandKind.CLOSE

    def __init__(self, outbox: Outbox, voices: Voices) -> None:
        self._outbox = outbox
        self._voices = voices

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        times = times_of(about)
        if times.ended_at is not None:
            return None
        if times.started_at is None:
            return Due(times.last_call) if ErrandKind.START in done else None
        return Due(closes_itself(times))

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        meeting = about.meeting
        if meeting.started_at is None:
            await self._voices.again(session, about, now)
            return
        following = await end(session, about, now)
        note(session, about.council, meeting, Act(ACTOR, now), ("closed", "", ""))
        for changed in filter(None, (about, following)):
            await self._voices.again(session, changed, now)
        reader_id = meeting.chair_id or about.council.chair_id
        if reader_id is None:
            return
        is_open = await everybodys_text(session, meeting.workspace_id)
        message = MeetingClosedItself(
            meeting_id=meeting.pk,
            title=is_open(meeting.title) or about.council.name,
            at=now,
            timezone=meeting.timezone,
            hours=about.settings.hours_open,
        )
        key = f"meeting:{meeting.pk}:{message.kind}:{now:%Y%m%d%H%M}"
        await self._outbox.say(session, message, to=Place.person(reader_id), key=key, now=now)

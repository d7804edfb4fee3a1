"""What the clock does before a meeting: calls the members, nudges who has not read."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from domain.calendar.rules import parse_wall
from domain.meetings.about import About
from domain.meetings.errands.values import Due, Errand
from domain.meetings.pre_read.calling import Caller
from domain.meetings.pre_read.rules import call_at, nudge_at
from models.enums import ErrandKind


class CallErrand(Errand):
    """Freezes the status and calls the members; at once, where the hour was over before it."""

    kind = ErrandKind.PRE_READ

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        if about.meeting.started_at is not None:
            return None
        settings, starts_at = about.settings, about.meeting.starts_at
        days, wall = int(settings.pre_read.removesuffix("d")), parse_wall(settings.pre_read_at)
        return Due(call_at(starts_at, days, wall, about.zone, about.working), starts_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await self._caller.call(session, about, now)


class NudgeErrand(Errand):
    """Reminds, once, the members who have not opened the pack."""

    kind = ErrandKind.OPEN_NUDGE

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        meeting = about.meeting
        if meeting.frozen_at is None or meeting.started_at is not None:
            return None
        wall = parse_wall(about.settings.pre_read_at)
        at = nudge_at(meeting.starts_at, meeting.frozen_at, wall, about.zone, about.working)
        return None if at is None else Due(at, meeting.starts_at)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        await self._caller.nudge(session, about, now)

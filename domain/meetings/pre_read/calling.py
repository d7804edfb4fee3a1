"""Calls the members of a council to a meeting, once, and keeps what it has said up to date."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.agenda.building import refresh
from domain.meetings.auditing import note
from domain.meetings.pre_read.freezing import freeze
from domain.meetings.pre_read.saying import PACK, Calling
from domain.meetings.series.keeping import Act
from models.meetings import PreRead
from models.meetings import pre_read as store
from models.portfolio import project_rows_of

ACTOR: Final = "the pre-read's hour"
"""Who froze it, in the audit."""


class Caller:
    """The pre-read's hand: the clock's errands and the room's voices use it."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def call(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Freeze the status and call the members."""
        await refresh(session, about, now)
        await session.flush()
        pack = await freeze(session, about, now)
        meeting = about.meeting
        meeting.frozen_at = now
        session.add(
            PreRead(
                workspace_id=meeting.workspace_id,
                meeting_id=meeting.pk,
                channel_id=about.council.channel_id,
                called_for=meeting.starts_at,
                value=PACK.dump_python(pack, mode="json"),
            )
        )
        note(
            session,
            about.council,
            meeting,
            Act(ACTOR, now),
            ("status", "", "frozen, members called"),
        )
        await session.flush()
        calling = await self.calling(session, about, now)
        if calling is not None:
            await calling.say()

    async def say(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Say the call again, and what follows from it; nothing, where nobody was called yet."""
        calling = await self.calling(session, about, now)
        if calling is not None:
            await calling.say()

    async def nudge(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Remind whoever sits at the meeting and has not opened the pack."""
        calling = await self.calling(session, about, now)
        if calling is not None:
            await calling.nudge()

    async def calling(self, session: AsyncSession, about: About, now: datetime) -> Calling | None:
        """What was said before a meeting, in hand; None: nobody was called yet."""
        pre_read = await store.pre_read_of(session, about.meeting.pk)
        if pre_read is None:
            return None
        rows = await project_rows_of(session, about.meeting.workspace_id)
        return Calling(session, self._outbox, about, pre_read, rows, now)

"""A meeting that is opened and run, on a secretary's council."""

from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.values import Roster
from domain.meetings.sitting.service import SittingService
from domain.meetings.sitting.values import Opened
from models.meetings import Decision, Meeting
from tests.support.meeting import Secretary
from tests.support.portfolio import at

HOUR_OF_IT = at(3, 19, month=12)
"""When the first meeting begins."""


def past(minutes: int) -> datetime:
    """So many minutes after the hour of the first meeting."""
    return HOUR_OF_IT + timedelta(minutes=minutes)


async def _carry_nothing(session: AsyncSession, about: About, now: datetime) -> None:
    """Leave the agenda as it is."""


class Chamber:
    """Where the ITS Council meets: Carol chairs, Omar has a vote, Dana is of the PMO."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary = secretary
        self.world = secretary.world
        self.service = SittingService(
            self.world.database, self.world.workspace_id, secretary.voices, _carry_nothing
        )

    async def meeting(self) -> Meeting:
        """The first meeting, as it stands."""
        return await self.secretary.first()

    async def open(self, name: str = "carol", minutes: int = 0) -> Opened:
        """Let somebody open it, so many minutes after its hour."""
        number = (await self.meeting()).pk
        return await self.service.open(await self.world.viewer(name), number, past(minutes))

    async def close(self, name: str = "carol", minutes: int = 60) -> None:
        """Let somebody close it, as it stands."""
        meeting = await self.meeting()
        viewer = await self.world.viewer(name)
        await self.service.close(viewer, meeting.pk, meeting.revision, past(minutes))

    async def decisions(self) -> list[Decision]:
        """What is recorded."""
        async with self.world.database.reading() as session:
            found = await session.exec(select(Decision).order_by(col(Decision.number)))
            return list(found.all())

    async def roster(self) -> Roster:
        """Who sits there."""
        async with self.world.database.reading() as session:
            return await roster_of(session, await self.secretary.about())

"""Councils' meetings on a world's database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.delivery.messages import MessageCodec
from domain.delivery.service import Outbox
from domain.meetings.about import About, about_of
from domain.meetings.calendar_out.feeds import FeedService
from domain.meetings.errands.service import ErrandService
from domain.meetings.errands.values import Errand
from domain.meetings.planner import SeriesPlanner
from domain.meetings.service import MeetingsService
from domain.meetings.values import MeetingCard
from domain.meetings.voices import Voices
from models.delivery import Delivery
from models.meetings import Meeting
from models.portfolio import AuditEntry, CouncilMember
from tests.support.portfolio import ITS, World, at

NOON = at(25, 17)
"""A Wednesday, twelve o'clock in New York."""

CODEC = MessageCodec(MESSAGES)
PUBLIC_URL = "https://pmo.example.edu/"


class Secretary:
    """Keeps the meetings of the ITS Council: each first Thursday at two."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.outbox = Outbox(world.workspace_id, CODEC, Wake())
        at_home = (world.database, world.workspace_id)
        self.voices = Voices()
        self.planner = SeriesPlanner(*at_home, self.outbox, self.voices)
        self.service = MeetingsService(*at_home, self.outbox, self.voices)
        self.feeds = FeedService(*at_home, PUBLIC_URL)
        self.errands: list[Errand] = []
        self.clock = ErrandService(*at_home, self.errands)

    @classmethod
    async def opened(cls, world: World) -> "Secretary":
        made = cls(world)
        await made.configure()
        assert await made.planner.plan(NOON)
        return made

    async def configure(self, **meetings: Any) -> None:
        series = {"rule": "FREQ=MONTHLY;BYDAY=1TH", "at": "14:00", **meetings}
        council = {"name": ITS, "channel": "its", "members": ["carol@example.edu"]}
        await self.world.configure(councils=[{**council, "meetings": series}])

    async def seat(self, *names: str, voting: bool = True) -> None:
        """Seat people on the council, beside Carol, who chairs it, and Omar."""
        council_id = (await self.first()).council_id
        async with self.world.database.writing() as session:
            for name in names:
                viewer = await self.world.viewer(name)
                session.add(
                    CouncilMember(
                        workspace_id=self.world.workspace_id,
                        council_id=council_id,
                        person_id=viewer.person_id,
                        voting=voting,
                    )
                )

    async def first(self) -> Meeting:
        """The next meeting: the third of December at two, in New York."""
        async with self.world.database.reading() as session:
            found = await session.exec(select(Meeting).order_by(col(Meeting.starts_at)))
            return found.all()[0]

    async def about(self, meeting: Meeting | None = None) -> About:
        number = (meeting or await self.first()).pk
        async with self.world.database.reading() as session:
            found = await about_of(session, self.world.workspace_id, number)
        assert found
        return found

    async def run(self, now: datetime) -> None:
        """Let the clock do all that is due."""
        while await self.clock.run(now):
            pass

    async def cards(self, name: str = "carol", now: datetime = NOON) -> tuple[MeetingCard, ...]:
        found = await self.service.coming(await self.world.viewer(name), ITS, now)
        return found.councils[0].cards

    async def audit(self) -> Sequence[AuditEntry]:
        async with self.world.database.reading() as session:
            found = await session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
            return found.all()

    async def said(self) -> Sequence[Delivery]:
        async with self.world.database.reading() as session:
            return (await session.exec(select(Delivery))).all()

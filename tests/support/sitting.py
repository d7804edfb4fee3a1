"""A meeting that is opened and run, on a secretary's council."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import col, select
from typing_extensions import override

from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.service import AttendanceService
from domain.meetings.attendance.values import Roster
from domain.meetings.sitting.errands import AskOthersToOpen, AskToOpen, CloseMeeting
from domain.meetings.sitting.inviting import Inviter
from domain.meetings.sitting.messages import CardTold, LiveCard
from domain.meetings.sitting.service import SittingService
from domain.meetings.sitting.settlers import Settlers
from domain.meetings.sitting.telling import CardVoice
from domain.meetings.sitting.values import Opened
from models.enums import Purpose
from models.meetings import Decision, Meeting
from tests.support.agenda import Table
from tests.support.meeting import CODEC, NOON, Secretary
from tests.support.portfolio import at

R = TypeVar("R")
Act = Callable[..., Awaitable[R]]

HOUR_OF_IT = at(3, 19, month=12)
"""When the first meeting begins."""


def past(minutes: int) -> datetime:
    """So many minutes after the hour of the first meeting."""
    return HOUR_OF_IT + timedelta(minutes=minutes)


class Chamber:
    """Where the ITS Council meets: Carol chairs, Omar has a vote, Dana is of the PMO."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary = secretary
        self.world = secretary.world
        self.settlers = Settlers()
        outbox = secretary.outbox
        self.card = CardVoice(outbox)
        self.inviter = Inviter(outbox)
        for voice in (self.card.again, self.inviter.again):
            secretary.voices.add(voice)
        secretary.errands += [
            AskToOpen(self.inviter),
            AskOthersToOpen(self.inviter),
            CloseMeeting(outbox, secretary.voices),
        ]
        at_home = (self.world.database, self.world.workspace_id)
        self.service = SittingService(*at_home, outbox, secretary.voices, self.settlers)

    async def meeting(self) -> Meeting:
        """The first meeting, as it stands."""
        return await self.secretary.first()

    async def do(self, name: str, act: Act[R], *rest: Any, minutes: int = 5) -> R:
        """Let somebody press something on the first meeting."""
        number = (await self.meeting()).pk
        return await act(await self.world.viewer(name), number, *rest, past(minutes))

    async def step(self, name: str, act: Act[R], *rest: Any, minutes: int = 5) -> R:
        """The same, having seen how the meeting stands."""
        return await self.do(name, act, (await self.meeting()).revision, *rest, minutes=minutes)

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

    async def be_here(self, *names: str, minutes: int = 3) -> None:
        """Let members say that they are there."""
        at_home = (self.world.database, self.world.workspace_id)
        attendance = AttendanceService(*at_home, self.secretary.outbox, self.secretary.voices)
        for name in names:
            await self.do(name, attendance.here, minutes=minutes)

    async def channel_card(self) -> CardTold:
        """The card in the council's channel, as it was said last."""
        (row,) = [each for each in await self.secretary.said() if each.kind == LiveCard.kind]
        message = CODEC.decode(row.kind, row.value)
        assert isinstance(message, LiveCard)
        return message.card


class Hall(Chamber):
    """A chamber with an agenda: plans to discuss, a cloud to decide, news."""

    def __init__(self, secretary: Secretary) -> None:
        super().__init__(secretary)
        self.table = Table(secretary)
        self.items: dict[str, int] = {}

    @override
    async def open(self, name: str = "carol", minutes: int = 0) -> Opened:
        """Open it after its pack went out, so that the agenda is as it was written."""
        await self.table.change(Meeting, (await self.meeting()).pk, frozen_at=NOON)
        return await super().open(name, minutes)

    async def item(self, title: str, **facts: Any) -> int:
        place = len(self.items) + 1
        self.items[title] = await self.table.item(title, **{"position": place, **facts})
        return self.items[title]

    async def fill(self) -> None:
        await self.item("Plans")
        await self.item("Cloud", purpose=Purpose.DECIDE)
        await self.item("News", purpose=Purpose.INFORM, minutes=0)

    async def current(self) -> str:
        found = (await self.table.agenda()).current
        return found.title if found else ""

    async def next(self, name: str = "carol") -> str:
        await self.step(name, self.service.go_on)
        return await self.current()

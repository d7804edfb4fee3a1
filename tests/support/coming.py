"""Members of a council who say whether they come to its next meeting."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from domain.delivery.messages import Message
from domain.meetings.attendance.loading import attended, roster_of
from domain.meetings.attendance.outcomes import Come, Said
from domain.meetings.attendance.quorum import QuorumCheck
from domain.meetings.attendance.service import AttendanceService
from domain.meetings.attendance.values import Attended, Roster
from domain.meetings.attendance.voice import AttendanceVoice
from models.delivery import Delivery
from models.enums import DeliveryState, Rsvp
from models.meetings import Meeting
from tests.support.meeting import CODEC, NOON, Secretary


class Coming:
    """The seats of the next meeting: Carol, who chairs it, Omar, Ben and Li vote; Sam does not."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary = secretary
        self.world = secretary.world
        at_home = (self.world.database, self.world.workspace_id, secretary.outbox)
        self.service = AttendanceService(*at_home, secretary.voices)
        secretary.voices.add(AttendanceVoice(secretary.outbox).again)
        secretary.errands.append(QuorumCheck(secretary.outbox))

    @classmethod
    async def seated(cls, secretary: Secretary) -> "Coming":
        made = cls(secretary)
        await secretary.seat("ben", "li")
        await secretary.seat("sam", voting=False)
        return made

    async def number(self) -> int:
        return (await self.secretary.first()).pk

    async def says(self, name: str, rsvp: Rsvp, now: datetime = NOON) -> Said:
        viewer = await self.world.viewer(name)
        return await self.service.say(viewer, await self.number(), rsvp, now)

    async def sends(self, name: str, alternate: str, now: datetime = NOON) -> Said:
        viewer, other = await self.world.viewer(name), await self.world.viewer(alternate)
        return await self.service.send(viewer, await self.number(), other, now)

    async def comes(self, name: str, now: datetime) -> Come:
        return await self.service.here(await self.world.viewer(name), await self.number(), now)

    async def goes(self, name: str, now: datetime) -> Come:
        return await self.service.leave(await self.world.viewer(name), await self.number(), now)

    async def opens(self, now: datetime, chair: str = "carol") -> None:
        """Let the meeting begin."""
        async with self.world.database.writing() as session:
            meeting = await session.get_one(Meeting, await self.number())
            meeting.started_at, meeting.chair_id = now, self.world.id(chair)

    async def closes(self, now: datetime) -> None:
        async with self.world.database.writing() as session:
            (await session.get_one(Meeting, await self.number())).ended_at = now

    async def roster(self) -> Roster:
        about = await self.secretary.about()
        async with self.world.database.reading() as session:
            return await roster_of(session, about)

    async def attended(self) -> Attended:
        about = await self.secretary.about()
        async with self.world.database.reading() as session:
            return await attended(session, about)

    async def told(self, name: str) -> list[Message]:
        """What is told, or will be, to somebody; the newest value of each."""
        return [CODEC.decode(each.kind, each.value) for each in await self.rows(name)]

    async def rows(self, name: str = "") -> Sequence[Delivery]:
        async with self.world.database.reading() as session:
            rows = (await session.exec(select(Delivery).order_by("id"))).all()
        alive = [each for each in rows if each.state is not DeliveryState.EXPIRED]
        return [each for each in alive if not name or each.person_id == self.world.id(name)]

    async def post(self) -> None:
        """Let Slack take all that is said."""
        async with self.world.database.writing() as session:
            for row in (await session.exec(select(Delivery))).all():
                row.state, row.slack_ts = DeliveryState.SENT, f"{row.pk}.0"

"""Votes out of cycle of the ITS Council: opened, voted and closed with few words."""

from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import col, select

from domain.delivery.messages import Message
from domain.meetings.ballots.clock import BallotClock
from domain.meetings.ballots.messages import BallotPaper, BallotReminder, BallotResult
from domain.meetings.ballots.opening import OpeningService
from domain.meetings.ballots.service import BallotService
from domain.meetings.ballots.values import BallotWish, Opened, Outcomes, Pressed
from models.base import Row
from models.delivery import Delivery
from models.enums import DeliveryState
from models.meetings import Ballot, BallotTally, BallotVoter, Decision
from models.portfolio import AuditEntry
from tests.support.meeting import CODEC, NOON, Secretary
from tests.support.portfolio import ITS, at

R = TypeVar("R", bound=Row)

APPROVE, REJECT, ABSTAINS = 0, 1, 2

VOTERS = ("ben", "carol", "li", "omar", "sam")
"""Everybody with a vote, by name; Carol chairs."""

CLOSES = at(30, 22)
"""Monday the thirtieth, five o'clock in New York: three working days after `NOON`."""

WISH = BallotWish("Buy the licence?", "It costs 20,000.", "Approve\nReject", "2026-11-30")


class Poll:
    """One council, its rules about votes, and its services; ballots by their number."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary, self.world = secretary, secretary.world
        at_home = (self.world.database, self.world.workspace_id, secretary.outbox)
        self.opening = OpeningService(*at_home)
        self.service = BallotService(*at_home)
        self.clock = BallotClock(*at_home)

    @classmethod
    async def prepared(cls, secretary: Secretary, **terms: Any) -> "Poll":
        poll = cls(secretary)
        await secretary.seat("ben", "li", "sam")
        await secretary.configure(out_of_cycle=terms)
        return poll

    async def configure(self, **terms: Any) -> None:
        await self.secretary.configure(out_of_cycle=terms)

    async def open(self, who: str = "carol", wish: BallotWish = WISH, now: datetime = NOON) -> int:
        opened = await self.put(who, wish, now)
        assert opened.question == " ".join(wish.question.split())
        await self.post()
        return (await self.ballots())[-1].pk

    async def put(self, who: str, wish: BallotWish, now: datetime = NOON) -> Opened:
        viewer = await self.world.viewer(who)
        return await self.opening.open(viewer, self.world.council_id(ITS), wish, now)

    async def vote(
        self, ballot: int, who: str, option: int, now: datetime = NOON, of: str = ""
    ) -> Pressed:
        viewer = await self.world.viewer(who)
        member = self.world.id(of or who)
        return (await self.service.vote(viewer, ballot, member, option, now)).pressed

    async def votes(self, ballot: int, **options: int) -> None:
        for who, option in options.items():
            await self.vote(ballot, who, option)

    async def hand(self, ballot: int, who: str, to: str, now: datetime = NOON) -> Outcomes:
        viewer, delegate = await self.world.viewer(who), await self.world.viewer(to)
        return await self.service.hand(viewer, ballot, delegate, now)

    async def run(self, now: datetime) -> None:
        while await self.clock.tend(now):
            pass

    async def ballots(self) -> list[Ballot]:
        return await self._all(Ballot)

    async def voters(self) -> list[BallotVoter]:
        return await self._all(BallotVoter)

    async def tallies(self) -> dict[str, int]:
        return {each.choice: each.count for each in await self._all(BallotTally)}

    async def decisions(self) -> list[Decision]:
        return await self._all(Decision)

    async def audit(self, beginning: str = "ballot") -> list[AuditEntry]:
        found = await self._all(AuditEntry)
        return [each for each in found if each.subject.startswith(beginning)]

    async def ledger(self) -> list[Delivery]:
        found = await self._all(Delivery)
        return [each for each in found if each.key.startswith("ballot:")]

    async def told(self, key: str) -> Message:
        [row] = [each for each in await self.ledger() if each.key == key]
        return CODEC.decode(row.kind, row.value)

    async def paper(self, ballot: int, member: str, reader: str = "") -> BallotPaper:
        key = f"ballot:{ballot}:{self.world.id(member)}"
        found = await self.told(f"{key}:{self.world.id(reader)}" if reader else key)
        assert isinstance(found, BallotPaper)
        return found

    async def reminded(self) -> list[BallotReminder]:
        found = [CODEC.decode(each.kind, each.value) for each in await self.ledger()]
        return [each for each in found if isinstance(each, BallotReminder)]

    async def results(self) -> dict[str, BallotResult]:
        """Results, by the place that they were told to."""
        found = {each.place: CODEC.decode(each.kind, each.value) for each in await self.ledger()}
        return {place: each for place, each in found.items() if isinstance(each, BallotResult)}

    async def post(self) -> None:
        """Let all that was said stand in Slack."""
        async with self.world.database.writing() as session:
            for each in (await session.exec(select(Delivery))).all():
                each.state, each.slack_ts, each.posted_at = DeliveryState.SENT, "1.1", NOON

    async def _all(self, table: type[R]) -> list[R]:
        async with self.world.database.reading() as session:
            return list((await session.exec(select(table).order_by(col(table.id)))).all())

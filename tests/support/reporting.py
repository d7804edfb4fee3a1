"""The rooms `collecting` and `digests` at work: cycles played, answers given, the ledger read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import event
from sqlmodel import col, select

from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.collecting.answering.text.service import FreeTextService
from domain.collecting.cycles import CycleService
from domain.collecting.handover.service import HandoverService
from domain.collecting.messages import RequestItem, StatusRequestMessage
from domain.collecting.service import CollectingService
from domain.collecting.values import Receipt
from domain.delivery.messages import Message, MessageCodec
from domain.delivery.service import Outbox
from domain.digests.broad.service import BroadService
from domain.digests.following.service import FollowersService
from domain.digests.preview.keeping import PreviewKeeper
from domain.digests.preview.service import PreviewService
from domain.digests.service import DigestService
from domain.portfolio.following import FollowingService
from domain.portfolio.service import PortfolioService
from jobs.collecting import run as run_cycles
from jobs.digests import post_broad
from jobs.digests import preview as run_previews
from jobs.digests import run as run_digests
from models.base import Database
from models.collecting import Cycle, StatusReport, StatusRequest
from models.delivery import Delivery
from models.enums import RequestState
from models.portfolio import Project
from tests.support.portfolio import World

M = TypeVar("M", bound=Message)

CODEC = MessageCodec(MESSAGES)

GREEN = {"health": "Green", "done": "Tested the portal", "next": "Go live"}
YELLOW = {**GREEN, "health": "Yellow", "why": "The vendor is late\nby two weeks"}
RED = {
    **GREEN,
    "health": "Red",
    "why": "No funding",
    "path_to_green": "The council decides by Friday",
}


@dataclass(frozen=True)
class Said:
    """One thing in the ledger: its subject, where it goes, what it says, how often it changed."""

    key: str
    place: str
    revision: int
    message: Any


class Office:
    """Plays reporting cycles on a world's database, or on its own connections to it."""

    def __init__(self, world: World, database: Database | None = None) -> None:
        self.world = world
        self.database = database or world.database
        self.outbox = Outbox(world.workspace_id, CODEC, Wake())
        self.cycles = CycleService(self.database, world.workspace_id, self.outbox)
        self.collecting = CollectingService(self.database, world.workspace_id, self.outbox)
        self.handover = HandoverService(self.database, world.workspace_id, self.outbox)
        self.texts = FreeTextService(self.database, world.workspace_id, self.outbox)
        self.broad = BroadService(self.database, world.workspace_id, self.outbox)
        self.previews = PreviewKeeper(self.database, world.workspace_id, self.outbox)
        self.preview = PreviewService(self.database, world.workspace_id, self.outbox)
        self.digests = DigestService(self.database, world.workspace_id, self.outbox)
        portfolio = PortfolioService(self.database, world.workspace_id)
        self.following = FollowingService(self.database, world.workspace_id, portfolio)
        self.followers = FollowersService(self.database, world.workspace_id, self.outbox)

    async def tick(self, now: datetime) -> None:
        """What the clock's jobs do, until nothing is left to do."""
        preview = partial(run_previews, self.previews)
        jobs = (
            partial(run_cycles, self.cycles),
            preview,
            partial(run_digests, self.digests),
            preview,
            partial(post_broad, self.broad),
        )
        for job in jobs:
            for _turn in range(20):
                if not await job(now):
                    break
            else:
                message = f"{job.func.__module__} never comes to an end"
                raise AssertionError(message)

    async def ticks(self, *instants: datetime) -> None:
        """Several ticks, one after the other."""
        for now in instants:
            await self.tick(now)

    async def answer(
        self, code: str, now: datetime, raw: dict[str, str], by: str = "ana"
    ) -> Receipt:
        """Answer the newest request of a project that somebody was asked, or will be."""
        requests = await self.requests(code)
        asked = [each for each in requests if each.state is not RequestState.PENDING]
        request = (asked or requests)[-1]
        viewer = await self.world.viewer(by)
        receipt = await self.collecting.submit(viewer, request.pk, raw, now)
        assert isinstance(receipt, Receipt)
        return receipt

    async def requests(self, code: str | None = None) -> Sequence[StatusRequest]:
        """The requests, of one project or of all, by day and code."""
        statement = (
            select(StatusRequest)
            .join(Project, col(Project.id) == StatusRequest.project_id)
            .order_by(col(StatusRequest.opens_on), col(Project.code))
        )
        if code is not None:
            statement = statement.where(Project.code == code)
        async with self.database.reading() as session:
            return (await session.exec(statement)).all()

    async def request_id(self, code: str) -> int:
        """The number of a project's newest request."""
        return (await self.requests(code))[-1].pk

    async def states(self) -> list[str]:
        """The state of every request, by day and code."""
        return [each.state.value for each in await self.requests()]

    async def cycle_days(self) -> list[date]:
        """The nominal days of all cycles, in order."""
        async with self.database.reading() as session:
            return sorted(each.opens_on for each in (await session.exec(select(Cycle))).all())

    async def cycle(self) -> Cycle:
        """The one cycle there is."""
        async with self.database.reading() as session:
            return (await session.exec(select(Cycle))).one()

    async def reports(self) -> Sequence[StatusReport]:
        """Every version of every answer, oldest first."""
        async with self.database.reading() as session:
            found = await session.exec(select(StatusReport))
            return sorted(found.all(), key=lambda report: report.pk)

    async def said(self) -> list[Said]:
        """Everything in the ledger, in the order in which it was first said."""
        async with self.database.reading() as session:
            rows = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
        return [
            Said(row.key, row.place, row.revision, CODEC.decode(row.kind, row.value))
            for row in rows
        ]

    async def expiries(self) -> list[datetime | None]:
        """Until when each thing may still be said."""
        async with self.database.reading() as session:
            rows = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
        return [row.expires_at for row in rows]

    async def places(self) -> dict[str, str]:
        """Where each subject goes, by key."""
        return {each.key: each.place for each in await self.said()}

    async def messages(self, kind: type[M]) -> list[M]:
        """All messages of one kind."""
        return [each.message for each in await self.said() if isinstance(each.message, kind)]

    async def message(self, kind: type[M], key_part: str = "") -> M:
        """The one message of a kind whose key has a text in it."""
        found = [
            each.message
            for each in await self.said()
            if isinstance(each.message, kind) and key_part in each.key
        ]
        assert len(found) == 1, found
        one: M = found[0]
        return one

    async def asked_of(self, name: str) -> list[RequestItem]:
        """The items of the one request message that a person got."""
        message = await self.message(StatusRequestMessage, f"request:{self.world.id(name)}:")
        return list(message.items)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements that run inside."""
    seen: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", record)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", record)

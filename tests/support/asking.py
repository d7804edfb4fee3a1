"""The room `inquiries` at work: people ask and answer, the clock ticks, the ledger is read."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.answers.handing.service import HandingService
from domain.answers.handing.values import Handed
from domain.delivery.messages import MessageCodec
from domain.delivery.service import Outbox
from domain.inquiries.office_service import OfficeInquiryService
from domain.inquiries.service import InquiryService
from domain.inquiries.values import InquiryCard, Written
from models.base import Database
from models.delivery import Delivery
from models.delivery.rows import parts_of
from models.enums import DeliveryState
from models.inquiries import InquiryEntry
from tests.support.directory import FakeDirectory
from tests.support.portfolio import World, at

CODEC = MessageCodec(MESSAGES)

NOON = at(25, 17)
"""A Wednesday, noon in New York."""


class Desk:
    """People are called by their names, projects by their codes; the time is an argument."""

    def __init__(self, world: World, database: Database | None = None) -> None:
        self.world = world
        self.database = database or world.database
        self.outbox = Outbox(world.workspace_id, CODEC, Wake())
        self.service = InquiryService(self.database, world.workspace_id, self.outbox)
        self.directory = FakeDirectory()
        self.office = OfficeInquiryService(
            self.database, world.workspace_id, self.outbox, self.directory
        )
        self.handing = HandingService(self.database, self.outbox)
        self.projects: dict[str, int] = {}

    @classmethod
    async def opened(cls, world: World) -> "Desk":
        """With APOLLO: Ana's, with Ben as deputy and Sam as sponsor."""
        made = cls(world)
        await made.project("APOLLO", deputy="ben", sponsor="sam")
        return made

    async def project(self, code: str, **facts: Any) -> int:
        """One more project."""
        self.projects[code] = await self.world.project(code, **facts)
        return self.projects[code]

    async def ask(
        self, name: str, text: str, code: str = "APOLLO", *, now: datetime = NOON
    ) -> Written:
        """Ask about a project."""
        viewer = await self.world.viewer(name)
        return await self.service.ask(viewer, self.projects[code], text, now)

    async def ask_pmo(
        self,
        name: str,
        text: str,
        code: str = "",
        *,
        now: datetime = NOON,
        question_id: int = 0,
    ) -> Written:
        """Ask the PMO itself."""
        viewer = await self.world.viewer(name)
        return await self.handing.ask(viewer, Handed(text, code, question_id), now)

    async def ask_back(
        self, name: str, inquiry: Written, text: str, *, now: datetime = NOON
    ) -> Written:
        """Press *Ask back* and write."""
        viewer, card = await self.world.viewer(name), inquiry.card
        return await self.office.ask_back(viewer, card.inquiry_id, text, card.seen, now)

    async def pass_to(
        self, name: str, inquiry: Written, to: str, *, now: datetime = NOON
    ) -> InquiryCard:
        """Choose somebody below *Pass to*."""
        viewer = await self.world.viewer(name)
        return await self.office.pass_to(viewer, inquiry.card.inquiry_id, self.world.id(to), now)

    async def say(
        self,
        name: str,
        inquiry: Written,
        text: str,
        *,
        now: datetime = NOON,
        seen: int | None = None,
        in_thread: bool = False,
    ) -> Written:
        """Write into an inquiry, in a window that was opened when it stood as given."""
        viewer = await self.world.viewer(name)
        newest = inquiry.card.seen if seen is None else seen
        return await self.service.write(
            viewer, inquiry.card.inquiry_id, text, newest, now, in_thread=in_thread
        )

    async def pass_on(self, name: str, inquiry: Written, now: datetime = NOON) -> InquiryCard:
        """Press *Not for me*."""
        viewer = await self.world.viewer(name)
        return await self.service.pass_on(viewer, inquiry.card.inquiry_id, now)

    async def take_back(self, name: str, inquiry: Written, now: datetime = NOON) -> InquiryCard:
        """Take a question back."""
        viewer = await self.world.viewer(name)
        return await self.service.take_back(viewer, inquiry.card.inquiry_id, now)

    async def card(self, name: str, inquiry: Written) -> InquiryCard:
        """An inquiry as somebody reads it."""
        return await self.service.card(await self.world.viewer(name), inquiry.card.inquiry_id)

    async def tick(self, now: datetime) -> int:
        """Let the clock's job do all that is due; how often it found something."""
        for times in range(10):
            if not await self.service.tend(now):
                return times
        raise AssertionError("the job comes to no end")

    async def post(self, *keys: str, now: datetime = NOON) -> None:
        """Let some messages, or all, be posted."""
        async with self.database.writing() as session:
            statement = select(Delivery).where(col(Delivery.slack_ts).is_(None))
            rows = (await session.exec(statement)).all()
            for row in rows:
                is_meant = not keys or row.key in keys
                if is_meant and row.state in (DeliveryState.WAITING, DeliveryState.DUE):
                    row.state, row.slack_ts, row.posted_at = DeliveryState.SENT, str(row.pk), now
                    row.posted_revision = row.revision

    async def said(self) -> dict[str, Any]:
        """The messages in the ledger that are or will be read, by key, in their order."""
        async with self.database.reading() as session:
            rows = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
        return {
            row.key: CODEC.decode(row.kind, row.value)
            for row in rows
            if row.state is not DeliveryState.EXPIRED
        }

    async def delivery(self, key: str) -> Delivery:
        """The row of a message."""
        async with self.database.writing() as session:
            return (await parts_of(session, self.world.workspace_id, key))[0]

    async def record(self) -> list[tuple[str, str]]:
        """Everything that was said in all inquiries, in order."""
        async with self.database.reading() as session:
            found = await session.exec(select(InquiryEntry).order_by(col(InquiryEntry.id)))
            return [(each.step.value, each.text) for each in found.all()]

    def key(self, name: str, day: int = 25) -> str:
        """The key of the message of a day in November to who is asked."""
        return f"inquiries:{self.world.id(name)}:2026-11-{day}"

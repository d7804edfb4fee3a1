"""The room `delivery` on a bench: a ledger, a worker, a pretended Slack, a clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery import values
from domain.delivery.attention import Gatekeeper
from domain.delivery.messages import DeliveryProblem, EmptiedPart, Message, MessageCodec, Place
from domain.delivery.sending import DeliveryService, Render
from domain.delivery.service import Carrier, Outbox
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.ports import Messenger
from message_templates.kit import Document, Picture, Rendered, context, picture_block
from models.base import Database, after_commit
from models.delivery import Delivery
from models.delivery.rows import parts_of
from models.enums import Attention
from models.portfolio import Configuration, Person, configuration_of
from tests.support.clock import FakeClock
from tests.support.messenger import FakeMessenger

MOST_STEPS = 300

GENERAL = Place.channel("C1")


@dataclass(frozen=True)
class Note:
    """A message of the tests: as many Slack messages as it has texts."""

    kind: ClassVar[str] = "note"
    attention: ClassVar[Attention] = Attention.FREE

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Asked(Note):
    """A note that asks for something, as a request does."""

    kind: ClassVar[str] = "asked"
    attention: ClassVar[Attention] = Attention.REQUEST


@dataclass(frozen=True)
class Reminded(Note):
    """A note that reminds."""

    kind: ClassVar[str] = "reminded"
    attention: ClassVar[Attention] = Attention.REMINDER


@dataclass(frozen=True)
class Summed(Note):
    """A note that sums up, as a digest does."""

    kind: ClassVar[str] = "summed"
    attention: ClassVar[Attention] = Attention.DIGEST


def note(*texts: str) -> Note:
    """A note of one Slack message or more."""
    return Note(texts)


@dataclass(frozen=True)
class Drawn(Note):
    """A note that shows a picture, drawn from its only text."""

    kind: ClassVar[str] = "drawn"

    @property
    def rendered(self) -> Rendered:
        """With the picture in a block of its own."""
        (text,) = self.texts
        picture = Picture("note.png", f"PNG of {text}".encode(), f"shows {text}")
        return Rendered(text, [picture_block(picture, "Note")], (picture,))


@dataclass(frozen=True)
class Brought(Note):
    """A note that brings a document along for each of its texts but the first."""

    kind: ClassVar[str] = "brought"

    @property
    def rendered(self) -> Rendered:
        """With its first text as its own."""
        text, *inside = self.texts
        documents = [Document(f"{each}.txt", each.encode(), f"File {each}") for each in inside]
        return Rendered(text, [context(text)], documents=tuple(documents))


@dataclass(frozen=True)
class Looks:
    """A rendered message."""

    text: str
    blocks: Sequence[dict[str, Any]] = ()
    pictures: Sequence[Picture] = ()
    documents: Sequence[Document] = ()

    def with_files(self, _files: Mapping[str, str]) -> Self:
        """It has no files."""
        return self


def render(message: Message) -> Sequence[values.Rendered]:
    """What the messages of the tests look like."""
    match message:
        case Drawn() | Brought():
            return [message.rendered]
        case Note(texts):
            blocks = {"type": "section", "text": {"type": "plain_text", "text": "-"}}
            return [Looks(text, [blocks]) for text in texts]
        case DeliveryProblem():
            return [Looks(f"{message.what}: {message.cause}; {message.cure}")]
        case EmptiedPart():
            return [Looks("(continued above)")]
        case _:
            raise TypeError(message)


class Bench:
    """Says, lets time pass, and looks at what came of it."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        clock: FakeClock,
        messenger: Messenger | None = None,
    ) -> None:
        self.database = database
        self.workspace_id = workspace_id
        self.clock = clock
        self.slack = FakeMessenger()
        self.wakes = 0
        self.carried: list[set[str]] = []
        """In which conversations something became due, by transaction."""
        self.carrier: Carrier | None = None
        """Who carries, if the bench does not work by itself."""
        self.outbox = Outbox(
            workspace_id, MessageCodec([Note, Asked, Brought, Drawn, Reminded, Summed]), self
        )
        self.gatekeeper = Gatekeeper(database, self.outbox)
        self.service = self.worker(messenger or self.slack)

    def worker(self, messenger: Messenger, draw: Render = render) -> DeliveryService:
        """Another worker on the same ledger."""
        return DeliveryService(
            self.database, self.outbox, messenger, draw, self.clock, self.clock.sleep
        )

    async def carry(self, session: AsyncSession, places: Collection[str]) -> None:
        """Hear what is due: the bench is the carrier of its own outbox."""

        def count() -> None:
            self.wakes += 1
            self.carried.append(set(places))

        after_commit(session, count)
        if self.carrier is not None:
            await self.carrier.carry(session, places)

    async def say(
        self,
        text: str | Note,
        key: str,
        to: Place = GENERAL,
        expires_in: timedelta | None = None,
    ) -> None:
        """Say a note, in a transaction of its own."""
        message = note(text) if isinstance(text, str) else text
        now = self.clock.now()
        expires_at = now + expires_in if expires_in else None
        async with self.database.writing() as session:
            await self.outbox.say(session, message, to=to, key=key, now=now, expires_at=expires_at)

    async def run(self) -> int:
        """Let the gatekeeper and the worker do all that is due; how many steps of delivery."""
        for steps in range(MOST_STEPS):
            while await self.gatekeeper.admit(self.clock.now()):
                pass
            if not await self.service.deliver_next(self.clock.now()):
                return steps
        raise AssertionError(f"the worker comes to no end: it took {MOST_STEPS} steps")

    async def elapse(self, **duration: float) -> int:
        """Let time pass, then the worker work."""
        self.clock.advance(**duration)
        return await self.run()

    async def parts(self, key: str) -> Sequence[Delivery]:
        """The rows of a subject."""
        async with self.database.reading() as session:
            return await parts_of(session, self.workspace_id, key)

    async def row(self, key: str) -> Delivery:
        """The first row of a subject."""
        return (await self.parts(key))[0]

    async def change(self, key: str, **values: Any) -> None:
        """Change the first row of a subject behind everybody's back."""
        async with self.database.writing() as session:
            (row, *_) = await parts_of(session, self.workspace_id, key)
            for name, value in values.items():
                setattr(row, name, value)

    async def rows_of_kind(self, kind: str) -> Sequence[Delivery]:
        """Every row of one kind of message, oldest first."""
        async with self.database.reading() as session:
            found = await session.exec(select(Delivery).where(Delivery.kind == kind))
            return sorted(found.all(), key=lambda row: row.pk)

    async def configure(self, **document: Any) -> None:
        """Apply a configuration in place of the one before."""
        checked = WorkspaceConfiguration.model_validate(document)
        async with self.database.writing() as session:
            stored = await configuration_of(session, self.workspace_id) or Configuration(
                workspace_id=self.workspace_id, applied_at=self.clock.now(), document={}
            )
            stored.document = checked.model_dump(mode="json")
            session.add(stored)

    async def person(self, slack_id: str, **facts: Any) -> Place:
        """Somebody new, as a place to say things to."""
        async with self.database.writing() as session:
            person = Person(
                workspace_id=self.workspace_id,
                slack_id=slack_id,
                name=slack_id,
                **facts,
            )
            session.add(person)
            await session.flush()
            return Place.person(person.pk)

    def at(self, **since: float) -> datetime:
        """An instant as far ahead as that."""
        return self.clock.now() + timedelta(**since)

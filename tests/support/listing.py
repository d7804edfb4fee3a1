"""The lists of a project, kept with few words."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import col, select

from domain.logs.record import (
    Pen,
    answer_action,
    entries_of_owner,
    open_entries,
    take_from_report,
)
from domain.logs.rules import Wanted
from domain.logs.service import LogsService
from domain.logs.values import (
    ActionAnswer,
    Clash,
    Entry,
    EntryCard,
    ReportedItems,
    Saved,
    Shown,
)
from domain.portfolio.people import PeopleService
from domain.portfolio.service import PortfolioService
from models.enums import LogKind
from models.logs import LogChange, LogEntry, lock_list
from models.portfolio import Person
from tests.support.directory import FakeDirectory
from tests.support.portfolio import World

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)


class Registry:
    """Keeps the lists of a world's projects; people and projects are called by name and code."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.database = world.database
        self.projects: dict[str, int] = {}
        self.directory = FakeDirectory()
        """Slack, for people whom the record does not know."""
        people = PeopleService(world.database, world.workspace_id, self.directory)
        portfolio = PortfolioService(world.database, world.workspace_id)
        self.service = LogsService(world.database, world.workspace_id, portfolio, people)

    @classmethod
    async def opened(cls, world: World) -> "Registry":
        """With the project APOLLO: Ana's, with Ben as deputy and Sam as sponsor."""
        made = cls(world)
        await made.project("APOLLO", pm="ana", deputy="ben", sponsor="sam")
        return made

    async def project(self, code: str, **facts: Any) -> int:
        """One more project."""
        self.projects[code] = await self.world.project(code, **facts)
        return self.projects[code]

    async def add(
        self,
        kind: LogKind,
        title: str,
        *,
        code: str = "APOLLO",
        owner: str | None = None,
        **fields: Any,
    ) -> int:
        """Store an entry as Ana would; its number in the record."""
        async with self.database.writing() as session:
            project = await lock_list(session, self.projects[code])
            person = await session.get_one(Person, self.world.id(owner)) if owner else None
            wanted = Wanted(title, owner=person.slack_id if person else "", **fields)
            pen = Pen(session, await self.world.viewer("ana"), NOW)
            return (await pen.add(project, kind, wanted, person)).entry.pk

    async def open(self, *kinds: LogKind, code: str = "APOLLO", today: date = TODAY) -> list[Entry]:
        """The open entries of a project."""
        async with self.database.reading() as session:
            found = await open_entries(
                session,
                self.world.workspace_id,
                [self.projects[code]],
                kinds or tuple(LogKind),
                today,
            )
        return found.get(self.projects[code], [])

    async def owned(self, name: str, kinds: Collection[LogKind] = tuple(LogKind)) -> list[Entry]:
        """What somebody has in hand."""
        async with self.database.reading() as session:
            return await entries_of_owner(
                session, self.world.workspace_id, self.world.id(name), kinds, TODAY
            )

    async def answer(self, name: str, answer: ActionAnswer, now: datetime = NOW) -> Entry:
        """Say something about an action."""
        viewer = await self.world.viewer(name)
        async with self.database.writing() as session:
            return await answer_action(session, self.world.workspace_id, answer, viewer, now)

    async def report(self, *, now: datetime = NOW, **items: Any) -> None:
        """Let a status report say something of APOLLO's milestone or decision."""
        viewer = await self.world.viewer("ana")
        async with self.database.writing() as session:
            await take_from_report(
                session, self.projects["APOLLO"], ReportedItems(**items), viewer, now
            )

    async def save(self, name: str, entry_id: int, **raw: str) -> Saved | Clash:
        """Open an entry, change some fields and send it."""
        return await self.send(name, await self.shown(name, entry_id), **raw)

    async def shown(self, name: str, entry_id: int) -> EntryCard:
        """An entry as somebody opens it."""
        return await self.service.card(await self.world.viewer(name), entry_id, NOW)

    async def send(self, name: str, card: EntryCard, **raw: str) -> Saved | Clash:
        """Send the form of an entry, with some fields changed."""
        shown = Shown(card.entry.entry_id, card.entry.revision, card.seen)
        viewer = await self.world.viewer(name)
        return await self.service.change(viewer, shown, {**card.raw, **raw}, NOW)

    async def new(
        self, name: str, kind: LogKind, raw: Mapping[str, str], now: datetime = NOW
    ) -> Saved:
        """Send the form of a new entry of APOLLO."""
        viewer = await self.world.viewer(name)
        place = await self.service.blank(viewer, kind, "APOLLO")
        return await self.service.add(viewer, place, raw, now)

    async def fill(self, count: int) -> None:
        """Let APOLLO's lists have so many open entries more."""
        project = self.projects["APOLLO"]
        async with self.database.writing() as session:
            session.add_all(
                LogEntry(
                    workspace_id=self.world.workspace_id,
                    project_id=project,
                    kind=LogKind.ISSUE,
                    number=number,
                    title=f"Issue {number}",
                    opened_at=NOW,
                )
                for number in range(1, count + 1)
            )

    async def stored(self) -> list[LogEntry]:
        """Every entry there is, oldest first."""
        async with self.database.reading() as session:
            found = await session.exec(select(LogEntry).order_by(col(LogEntry.id)))
            return list(found.all())

    async def history(self) -> list[tuple[int, str, str, str]]:
        """Who changed which field from what to what, oldest first."""
        async with self.database.reading() as session:
            found = await session.exec(select(LogChange).order_by(col(LogChange.id)))
            return [(each.person_id or 0, each.field, each.old, each.new) for each in found.all()]

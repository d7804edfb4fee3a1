"""What is due for a council, stored with few words, and the agenda that comes of it."""

from datetime import date, datetime
from typing import Any

from sqlmodel import select

from domain.meetings.agenda.building import refresh
from domain.meetings.agenda.carrying import carry_on
from domain.meetings.agenda.loading import agenda_of
from domain.meetings.agenda.ordering import AgendaOrder
from domain.meetings.agenda.service import AgendaService
from domain.meetings.agenda.values import Agenda, Done, ItemWish
from models.collecting import Cycle, StatusReport, StatusRequest
from models.enums import Health, ItemState, LogKind, Purpose, RequestState
from models.logs import LogEntry
from models.meetings import AgendaItem, Meeting
from models.meetings.agenda import items_of_backlog, items_of_meeting
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, at


class Table:
    """The agendas of the ITS Council, and what they are built from."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary = secretary
        self.world = secretary.world
        self._cycles: dict[date, int] = {}
        self._numbers = 0
        parts = (self.world.database, self.world.workspace_id, secretary.outbox, secretary.voices)
        self.service = AgendaService(*parts)
        self.order = AgendaOrder(*parts)

    @property
    def council_id(self) -> int:
        return self.world.council_id(ITS)

    async def keep(self, kind: type[Any], /, **facts: Any) -> int:
        """Store a row of the workspace."""
        row = kind(workspace_id=self.world.workspace_id, **facts)
        async with self.world.database.writing() as session:
            session.add(row)
            await session.flush()
            number: int = row.pk
        return number

    async def report(self, project_id: int, day: int, health: Health, **facts: Any) -> None:
        """A report of a day of November."""
        request = await self._request(project_id, day, RequestState.ANSWERED)
        await self.keep(
            StatusReport,
            request_id=request,
            project_id=project_id,
            opens_on=date(2026, 11, day),
            author_id=self.world.id("ana"),
            submitted_at=at(day, 15),
            health=health,
            **facts,
        )

    async def miss(self, project_id: int, day: int, misses: int) -> None:
        """A cut-off that passed without a report, for the so-manieth time."""
        await self._request(project_id, day, RequestState.MISSED, misses)

    async def _request(
        self, project_id: int, day: int, state: RequestState, misses: int = 0
    ) -> int:
        on = date(2026, 11, day)
        if on not in self._cycles:
            self._cycles[on] = await self.keep(
                Cycle,
                council_id=self.council_id,
                occurrence_on=on,
                opens_on=on,
                cut_off_at=at(day, 20),
                digest_at=at(day, 21),
                timezone="America/New_York",
            )
        return await self.keep(
            StatusRequest,
            cycle_id=self._cycles[on],
            project_id=project_id,
            person_id=self.world.id("ana"),
            opens_on=on,
            asks_on=on,
            ask_at=at(day, 14),
            state=state,
            misses=misses,
        )

    async def entry(self, kind: LogKind, title: str, **facts: Any) -> int:
        """An open entry of a project's list, or of the council's."""
        self._numbers += 1
        facts = {"opened_at": at(2, 12), **facts}
        return await self.keep(LogEntry, kind=kind, number=self._numbers, title=title, **facts)

    async def item(self, title: str, **facts: Any) -> int:
        """An item that Omar has written for the first meeting, if nothing else is said."""
        facts = {
            "meeting_id": (await self.first()).pk,
            "purpose": Purpose.DISCUSS,
            "minutes": 10,
            "position": 99,
            "added_by_id": self.world.id("omar"),
            "added_at": at(20, 12),
            **facts,
        }
        return await self.keep(AgendaItem, council_id=self.council_id, title=title, **facts)

    async def change(self, row: type[Any], number: int, /, **facts: Any) -> None:
        """Change a row of the record."""
        async with self.world.database.writing() as session:
            found = await session.get_one(row, number)
            for name, value in facts.items():
                setattr(found, name, value)

    async def first(self) -> Meeting:
        """The next meeting: the third of December."""
        return await self._ahead(0)

    async def second(self) -> Meeting:
        """The meeting after the next one: the seventh of January."""
        return await self._ahead(1)

    async def _ahead(self, place: int) -> Meeting:
        card = (await self.secretary.cards())[place]
        async with self.world.database.reading() as session:
            return await session.get_one(Meeting, card.meeting_id)

    async def build(self, now: datetime = NOON, meeting: Meeting | None = None) -> bool:
        about = await self.secretary.about(meeting or await self.first())
        async with self.world.database.writing() as session:
            session.add(about.meeting)
            return await refresh(session, about, now)

    async def carry(self, now: datetime) -> None:
        about = await self.secretary.about(await self.first())
        async with self.world.database.writing() as session:
            session.add(about.meeting)
            await carry_on(session, about, now)

    async def agenda(self, meeting: Meeting | None = None) -> Agenda:
        about = await self.secretary.about(meeting or await self.first())
        async with self.world.database.reading() as session:
            return await agenda_of(session, about)

    async def titles(self, meeting: Meeting | None = None) -> list[str]:
        return [each.title for each in (await self.agenda(meeting)).items]

    async def add(self, name: str, title: str, now: datetime = NOON, **wish: Any) -> Done:
        """Let somebody send the window of a new item."""
        typed = ItemWish(title=title, **{"purpose": "discuss", "minutes": "10", **wish})
        viewer = await self.world.viewer(name)
        return await self.service.add(viewer, self.council_id, typed, None, now)

    async def number(self, title: str) -> int:
        """The number of an item of a title, wherever it is."""
        async with self.world.database.reading() as session:
            found = await session.exec(select(AgendaItem).where(AgendaItem.title == title))
            return found.one().pk

    async def told(self, name: str) -> list[Any]:
        """What somebody is told in direct messages."""
        return [
            self.secretary.outbox.codec.decode(each.kind, each.value)
            for each in await self.secretary.said()
            if each.person_id == self.world.id(name)
        ]

    async def sources(self, meeting: Meeting | None = None) -> list[str]:
        return [each.source or each.title for each in (await self.agenda(meeting)).items]

    async def backlog(self) -> list[str]:
        async with self.world.database.reading() as session:
            return [each.title for each in await items_of_backlog(session, self.council_id)]

    async def states(self, meeting: Meeting | None = None) -> dict[str, ItemState]:
        """All that was ever on an agenda, by title."""
        number = (meeting or await self.first()).pk
        async with self.world.database.reading() as session:
            return {each.title: each.state for each in await items_of_meeting(session, number)}

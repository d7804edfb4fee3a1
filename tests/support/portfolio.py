"""A workspace with people of every kind, councils and projects, stored with few words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from domain.portfolio.configuration import DEFAULT_PHASES, WorkspaceConfiguration
from domain.portfolio.values import Viewer
from models.base import Database
from models.calendar import Absence, PersonalCalendar, PortfolioDigest, ReportingCalendar
from models.enums import LeaveSource, Visibility
from models.portfolio import (
    Configuration,
    Council,
    CouncilMember,
    Person,
    Phase,
    Project,
    council_ids_of,
    replan,
)

NEW_YORK = "America/New_York"
ITS, STS = "ITS Council", "STS Council"
RESTRICTED = Visibility.RESTRICTED

WEEKLY: dict[str, Any] = {
    "every": "FREQ=WEEKLY;BYDAY=WE",
    "first": date(2026, 11, 4),
    "ask_at": time(9),
    "cut_off": "+2d 15:00",
    "digest": "+3d 08:00",
    "freeze": "+4d 12:00",
}
"""Asked on Wednesday, cut off on Friday, read on Monday, frozen on Tuesday."""

PEOPLE: dict[str, dict[str, Any]] = {
    "ana": {},  # the PM of nearly everything
    "ben": {},  # the deputy
    "carol": {},  # chairs the councils
    "dana": {"is_pmo": True},
    "erik": {"timezone": "Europe/Berlin"},  # an outsider: a full member without a role
    "gus": {"is_guest": True},
    "li": {"timezone": "Asia/Kolkata"},
    "omar": {},  # sits on the councils
    "sam": {},  # the sponsor
    "zoe": {"timezone": None},  # Slack knows no zone of hers
}


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """An instant of the year 2026 in UTC; New York is five hours behind in winter."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


class World:
    """One workspace; people, councils and projects are called by their name or code."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self.database = database
        self.workspace_id = workspace_id
        self._people: dict[str, int] = {}
        self._councils: dict[str, int] = {}
        self._phases: dict[str, int] = {}

    @classmethod
    async def stored(cls, database: Database, workspace_id: int, **configuration: Any) -> "World":
        """Everybody of `PEOPLE`, the default phases and the ITS Council with a weekly rhythm."""
        world = cls(database, workspace_id)
        async with database.writing() as session:
            everybody = {name: world._person(name, facts) for name, facts in PEOPLE.items()}
            phases = [
                Phase(workspace_id=workspace_id, name=each.name, position=place, asked=each.asked)
                for place, each in enumerate(DEFAULT_PHASES)
            ]
            session.add_all([*everybody.values(), *phases])
            await session.flush()
            world._people = {name: person.pk for name, person in everybody.items()}
            world._phases = {phase.name: phase.pk for phase in phases}
        await world.configure(**configuration)
        await world.council(ITS)
        return world

    def _person(self, name: str, facts: dict[str, Any]) -> Person:
        return Person(
            workspace_id=self.workspace_id,
            slack_id=f"U0{name.upper()}",
            email=f"{name}@example.edu",
            name=name.capitalize(),
            **{"timezone": NEW_YORK, **facts},
        )

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[AsyncSession]:
        """A transaction that planning hears of, as of whatever changes the record."""
        async with self.database.writing() as session:
            yield session
            await replan(session, self.workspace_id)

    async def configure(self, **document: Any) -> None:
        """Apply a configuration, checked as the real one is."""
        checked = WorkspaceConfiguration.model_validate({"timezone": NEW_YORK, **document})
        stored = Configuration(
            workspace_id=self.workspace_id,
            applied_at=at(1, 12),
            document=checked.model_dump(mode="json"),
        )
        async with self._changing() as session:
            for old in (await session.exec(select(Configuration))).all():
                await session.delete(old)
            await session.flush()
            session.add(stored)

    async def person(self, name: str, **facts: Any) -> int:
        """Somebody more."""
        person = self._person(name, facts)
        async with self._changing() as session:
            session.add(person)
        self._people[name] = person.pk
        return person.pk

    async def council(
        self,
        name: str,
        *,
        chair: str | None = "carol",
        members: tuple[str, ...] = ("carol", "omar"),
        rhythm: dict[str, Any] | None = None,
        timezone: str | None = None,
    ) -> int:
        """A council with its seats, and a weekly rhythm with what is changed in it."""
        word = name.split(maxsplit=1)[0].lower()
        async with self._changing() as session:
            council = Council(
                workspace_id=self.workspace_id,
                name=name,
                channel_id=f"C0{word.upper()}",
                channel_name=f"{word}-council",
                chair_id=self._people[chair] if chair else None,
                timezone=timezone,
            )
            session.add(council)
            await session.flush()
            owned: dict[str, Any] = {"workspace_id": self.workspace_id, "council_id": council.pk}
            session.add_all(
                [
                    ReportingCalendar(**owned, **WEEKLY | (rhythm or {})),
                    *(CouncilMember(**owned, person_id=self._people[each]) for each in members),
                ]
            )
        self._councils[name] = council.pk
        return council.pk

    async def digest(self, name: str = "Overview", **facts: Any) -> int:
        """A weekly digest across councils, on Mondays at ten in New York, next on 30 November."""
        given: dict[str, Any] = {
            "channel_id": "C0EXEC",
            "channel_name": "executives",
            "every": "FREQ=WEEKLY;BYDAY=MO",
            "first": date(2026, 11, 2),
            "at": time(10),
            "next_on": date(2026, 11, 30),
            "next_at": at(30, 15),
        }
        async with self._changing() as session:
            row = PortfolioDigest(workspace_id=self.workspace_id, name=name, **given | facts)
            session.add(row)
        return row.pk

    async def project(self, code: str, pm: str = "ana", **facts: Any) -> int:
        """A project in execution of the ITS Council; people, council and phase by their names."""
        given = {"name": f"Project {code.capitalize()}", "council": ITS, "phase": "execution"}
        project = Project(
            workspace_id=self.workspace_id,
            code=code,
            **self._by_number({**given, "pm": pm, **facts}),
        )
        async with self._changing() as session:
            session.add(project)
        return project.pk

    async def change(self, code: str, **facts: Any) -> None:
        """Change a project; people, council and phase by their names."""
        async with self._changing() as session:
            project = (await session.exec(select(Project).where(Project.code == code))).one()
            for name, value in self._by_number(facts).items():
                setattr(project, name, value)

    async def change_person(self, name: str, /, **facts: Any) -> None:
        """Change what is known about somebody."""
        async with self._changing() as session:
            person = await session.get_one(Person, self.id(name))
            for field, value in facts.items():
                setattr(person, field, value)

    async def leave(self, name: str, first: date, until: date) -> None:
        """Let somebody be on leave, and at no other time; `until` is the last day away."""
        absence = Absence(
            workspace_id=self.workspace_id,
            person_id=self.id(name),
            first=first,
            until=until,
            source=LeaveSource.PERSON,
            created_at=at(1, 12),
        )
        async with self._changing() as session:
            await session.exec(delete(Absence).where(col(Absence.person_id) == self.id(name)))
            session.add(absence)

    async def personal(self, name: str, **facts: Any) -> None:
        """Let somebody's working time differ from the workspace's."""
        async with self._changing() as session:
            session.add(
                PersonalCalendar(workspace_id=self.workspace_id, person_id=self.id(name), **facts)
            )

    async def change_council(self, name: str, **facts: Any) -> None:
        """Change a council's own row."""
        async with self._changing() as session:
            council = await session.get_one(Council, self._councils[name])
            for field, value in facts.items():
                setattr(council, field, value)

    async def seat(self, council: str, person: str) -> None:
        """Give somebody a seat on a council."""
        async with self._changing() as session:
            session.add(
                CouncilMember(
                    workspace_id=self.workspace_id,
                    council_id=self._councils[council],
                    person_id=self.id(person),
                )
            )

    async def change_calendar(self, council: str, **facts: Any) -> None:
        """Change a council's reporting rhythm."""
        async with self._changing() as session:
            found = await session.exec(self._calendar_of(council))
            calendar = found.one()
            for field, value in facts.items():
                setattr(calendar, field, value)

    def _calendar_of(self, council: str) -> SelectOfScalar[ReportingCalendar]:
        return select(ReportingCalendar).where(
            ReportingCalendar.council_id == self._councils[council]
        )

    async def drop_calendar(self, council: str) -> None:
        """Let a council ask for no reports any more."""
        async with self._changing() as session:
            found = await session.exec(self._calendar_of(council))
            await session.delete(found.one())

    def _by_number(self, facts: dict[str, Any]) -> dict[str, Any]:
        known = {
            "pm": self._people,
            "deputy": self._people,
            "sponsor": self._people,
            "council": self._councils,
            "phase": self._phases,
        }
        return {
            f"{name}_id" if name in known else name: known[name][value] if name in known else value
            for name, value in facts.items()
        }

    def id(self, name: str) -> int:
        """The number of a person."""
        return self._people[name]

    def council_id(self, name: str) -> int:
        """The number of a council."""
        return self._councils[name]

    async def viewer(self, name: str) -> Viewer:
        """Somebody who looks or acts."""
        async with self.database.reading() as session:
            person = await session.get_one(Person, self.id(name))
            return Viewer(
                person_id=person.pk,
                slack_id=person.slack_id,
                name=person.name,
                timezone=person.timezone or NEW_YORK,
                is_pmo=person.is_pmo,
                is_guest=person.is_guest,
                council_ids=await council_ids_of(session, person.pk),
                is_gone=person.is_gone,
            )

"""Tables of the room `portfolio`: workspaces, people, councils, projects, configuration, audit."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Index, UniqueConstraint, delete, func, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.base import EnumText, Row
from models.enums import Visibility


class Workspace(SQLModel, table=True):
    """One Slack team; every other row belongs to one."""

    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(unique=True)
    name: str
    timezone: str = "UTC"
    created_at: datetime
    plan_revision: int = 0
    """Rises with whatever can move an ask: `replan`."""
    planned_revision: int = 0
    """The plan revision that the planned requests follow."""


class Configuration(Row, table=True):
    """What `pmobot apply` was last given, checked and whole; rooms read their part of it."""

    __table_args__ = (UniqueConstraint("workspace_id"),)

    applied_at: datetime
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Phase(Row, table=True):
    """A step of a project's life; data, because other shops have other phases."""

    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: str
    position: int
    asked: bool = True


class Person(Row, table=True):
    """A Slack user known to the bot."""

    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    slack_id: str
    email: str | None = Field(default=None, index=True)
    name: str
    timezone: str | None = None
    is_pmo: bool = False
    is_guest: bool = False
    is_gone: bool = False
    dm_channel: str | None = None


class Council(Row, table=True):
    """A governance body and the channel where it reads."""

    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: str
    channel_id: str
    channel_name: str
    channel_is_private: bool = False
    chair_id: int | None = Field(default=None, foreign_key="person.id")
    timezone: str | None = None


class CouncilMember(Row, table=True):
    """A person's seat on a council."""

    __tablename__ = "council_member"
    __table_args__ = (UniqueConstraint("council_id", "person_id"),)

    council_id: int = Field(foreign_key="council.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    voting: bool = True


class Project(Row, table=True):
    """A project of the portfolio."""

    __table_args__ = (UniqueConstraint("workspace_id", "code"),)

    code: str
    name: str
    council_id: int = Field(foreign_key="council.id", index=True)
    phase_id: int = Field(foreign_key="phase.id")
    visibility: Visibility = Field(
        default=Visibility.OPEN, sa_column=Column(EnumText(Visibility), nullable=False)
    )
    pm_id: int = Field(foreign_key="person.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    sponsor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    start: date | None = None
    baseline_end: date | None = None
    forecast_end: date | None = None
    budget: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    description: str = ""
    hold_until: date | None = None
    """The last day on which it is on hold: nobody is asked for it up to then."""
    hold_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    left_pm_id: int | None = None
    """The PM of whom the PMO was told that they have left Slack: told once."""
    left_told_at: datetime | None = None
    notes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Extra columns of the portfolio file."""
    tags: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    """Words by which a programme is known, in order of the alphabet."""
    imported: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The file's own words at the last import: the file wins only where the file itself changed."""


class Follower(Row, table=True):
    """Somebody who follows a project, and which of its reports they were told of.

    Reports stand by their numbers; 0: there was none. What was told before the last message counts
    for as long as that one is not posted.
    """

    __table_args__ = (
        UniqueConstraint("person_id", "project_id"),
        Index("ix_follower_new", "workspace_id", "is_new"),
    )

    person_id: int = Field(foreign_key="person.id")
    project_id: int = Field(foreign_key="project.id", index=True)
    since: datetime
    is_new: bool = True
    """What there was to know when it began is not noted yet."""
    weekly_told: int = 0
    weekly_before: int = 0
    at_once_told: int = 0
    at_once_before: int = 0


class AuditEntry(Row, table=True):
    """Who changed what, when, from what, to what."""

    __tablename__ = "audit_entry"

    at: datetime
    actor: str
    """A Slack user id, or the command that did it."""
    subject: str
    """The kind and name of what was changed, such as `project APOLLO`."""
    field: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True)
class PersonFacts:
    """What Slack says about a person, as it is stored."""

    slack_id: str
    email: str | None
    name: str
    timezone: str | None
    is_guest: bool
    is_gone: bool


class ProjectRow(NamedTuple):
    """A project with the rows that nearly everybody needs beside it."""

    project: Project
    council: Council
    phase: Phase
    pm: Person


class FollowedProjectRow(NamedTuple):
    """A project that somebody follows, with its PM's name."""

    project: Project
    pm: str


_PERSON_KEY = ("workspace_id", "slack_id")
_MIRRORED = ("email", "name", "timezone", "is_guest", "is_gone")
_PLANNED_BY = ("timezone", "is_guest", "is_gone")
"""What of a person decides about whether and when they are asked."""
_IDS_AT_ONCE = 5_000
_PEOPLE_AT_ONCE = 500
"""Rows of one INSERT: SQLite takes at most 32,766 values in a statement."""


async def store_people(
    session: AsyncSession, workspace_id: int, people: Sequence[PersonFacts]
) -> None:
    """Insert people, or bring those that are known to what Slack says now."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    parts = [
        people[start : start + _PEOPLE_AT_ONCE] for start in range(0, len(people), _PEOPLE_AT_ONCE)
    ]
    if any([await _differ(session, workspace_id, some) for some in parts]):
        await replan(session, workspace_id)  # its lock comes first: `lock_planning`
    for some in parts:
        values = [{"workspace_id": workspace_id, "is_pmo": False, **asdict(one)} for one in some]
        statement = insert(Person).values(values)
        new = {name: statement.excluded[name] for name in _MIRRORED}
        await session.exec(statement.on_conflict_do_update(index_elements=_PERSON_KEY, set_=new))


async def _differ(session: AsyncSession, workspace_id: int, people: Sequence[PersonFacts]) -> bool:
    """Whether any of these people is stored with other facts that decide about their asks."""
    columns = [col(getattr(Person, name)) for name in ("slack_id", *_PLANNED_BY)]
    found = await session.exec(
        select(*columns).where(
            Person.workspace_id == workspace_id,
            col(Person.slack_id).in_([one.slack_id for one in people]),
        )
    )
    stored = {slack_id: tuple(facts) for slack_id, *facts in found.all()}
    return any(
        stored.get(one.slack_id, told) != told
        for one in people
        for told in [tuple(getattr(one, name) for name in _PLANNED_BY)]
    )


async def replan(session: AsyncSession, workspace_id: int) -> None:
    """Have the requests that are planned, and not asked yet, planned again.

    Whatever can move an ask calls it in its own transaction.
    """
    workspace = col(Workspace.id) == workspace_id
    revision = Workspace.plan_revision + 1
    await session.exec(update(Workspace).where(workspace).values(plan_revision=revision))


async def plan_revision(session: AsyncSession, workspace_id: int) -> int:
    """A number that rises whenever a project's visibility or council may have changed."""
    found = await session.exec(select(Workspace.plan_revision).where(Workspace.id == workspace_id))
    return found.one()


async def lock_planning(session: AsyncSession, workspace_id: int) -> Workspace:
    """Let one at a time plan or ask; the others wait for it, and then see what it did.

    First of all locks, as everybody does who raises the revision and locks something else.
    """
    statement = select(Workspace).where(Workspace.id == workspace_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.exec(locked)).one()


def _person_and_zone(workspace_id: int, slack_id: str) -> Select[Person, str]:
    return (
        select(Person, Workspace.timezone)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(Person.workspace_id == workspace_id, Person.slack_id == slack_id)
    )


async def person_and_zone(
    session: AsyncSession, workspace_id: int, slack_id: str
) -> tuple[Person, str] | None:
    """A person, if they are known, with the workspace's zone for those who have none."""
    return (await session.exec(_person_and_zone(workspace_id, slack_id))).first()


async def stored_person_and_zone(
    session: AsyncSession, workspace_id: int, slack_id: str
) -> tuple[Person, str]:
    """A person who has just been stored, with the workspace's zone."""
    return (await session.exec(_person_and_zone(workspace_id, slack_id))).one()


async def council_ids_of(session: AsyncSession, person_id: int) -> frozenset[int]:
    """The councils that a person chairs or has a seat on."""
    chaired = select(Council.id).where(Council.chair_id == person_id)
    seated = select(CouncilMember.council_id).where(CouncilMember.person_id == person_id)
    found = await session.exec(select(union(chaired, seated).subquery().c[0]))
    return frozenset(found.all())


async def people_of(session: AsyncSession, workspace_id: int) -> Sequence[Person]:
    """Everybody that the workspace knows."""
    found = await session.exec(select(Person).where(Person.workspace_id == workspace_id))
    return found.all()


async def people_by_slack_id(
    session: AsyncSession, workspace_id: int, slack_ids: Sequence[str]
) -> dict[str, Person]:
    """Those of some Slack ids whom the bot knows."""
    found: dict[str, Person] = {}
    for start in range(0, len(slack_ids), _IDS_AT_ONCE):
        some = await session.exec(
            select(Person).where(
                Person.workspace_id == workspace_id,
                col(Person.slack_id).in_(slack_ids[start : start + _IDS_AT_ONCE]),
            )
        )
        found |= {person.slack_id: person for person in some.all()}
    return found


async def people_by_id(session: AsyncSession, ids: Collection[int]) -> dict[int, Person]:
    """Some people, by their number."""
    found = await session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {person.pk: person for person in found.all()}


async def councils_of(session: AsyncSession, workspace_id: int) -> Sequence[Council]:
    """The councils, by name."""
    found = await session.exec(
        select(Council).where(Council.workspace_id == workspace_id).order_by(Council.name)
    )
    return found.all()


async def lock_council(session: AsyncSession, council_id: int) -> Council:
    """Let one at a time give numbers within a council: to decisions, to actions of its own.

    After the workspace and before meetings, ballots and projects.
    """
    statement = select(Council).where(Council.id == council_id)
    locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.exec(locked)).one()


async def council_members_of(session: AsyncSession, workspace_id: int) -> Sequence[CouncilMember]:
    """Every seat of every council."""
    found = await session.exec(
        select(CouncilMember).where(CouncilMember.workspace_id == workspace_id)
    )
    return found.all()


async def members_of_council(
    session: AsyncSession, council_id: int
) -> list[tuple[CouncilMember, Person]]:
    """Who sits on a council, by name; those who left Slack are left out."""
    found = await session.exec(
        select(CouncilMember, Person)
        .join(Person, col(Person.id) == CouncilMember.person_id)
        .where(CouncilMember.council_id == council_id, col(Person.is_gone).is_(False))
        .order_by(Person.name, col(Person.id))
    )
    return [(member, person) for member, person in found.all()]


async def phases_of(session: AsyncSession, workspace_id: int) -> Sequence[Phase]:
    """The phases, in their order."""
    found = await session.exec(
        select(Phase)
        .where(Phase.workspace_id == workspace_id)
        .order_by(col(Phase.position), col(Phase.id))
    )
    return found.all()


async def project_counts_by_phase(session: AsyncSession, workspace_id: int) -> dict[int, int]:
    """How many projects stand in each phase that has any."""
    found = await session.exec(
        select(Project.phase_id, func.count())
        .where(Project.workspace_id == workspace_id)
        .group_by(col(Project.phase_id))
    )
    return dict(found.all())


def _project_rows(workspace_id: int) -> Select[Project, Council, Phase, Person]:
    return (
        select(Project, Council, Phase, Person)
        .join(Council, col(Council.id) == Project.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(Person, col(Person.id) == Project.pm_id)
        .where(Project.workspace_id == workspace_id)
    )


async def project_rows_of(session: AsyncSession, workspace_id: int) -> list[ProjectRow]:
    """Every project, by code."""
    found = await session.exec(_project_rows(workspace_id).order_by(Project.code))
    return [ProjectRow(*row) for row in found.all()]


async def project_row(session: AsyncSession, workspace_id: int, code: str) -> ProjectRow | None:
    """The project of a code."""
    found = await session.exec(_project_rows(workspace_id).where(Project.code == code))
    row = found.first()
    return None if row is None else ProjectRow(*row)


async def project_row_by_id(
    session: AsyncSession, workspace_id: int, project_id: int
) -> ProjectRow | None:
    """The project of a number, as buttons carry it."""
    found = await session.exec(_project_rows(workspace_id).where(Project.id == project_id))
    row = found.first()
    return None if row is None else ProjectRow(*row)


async def projects_of(session: AsyncSession, workspace_id: int) -> Sequence[Project]:
    """Every project, by code, alone."""
    found = await session.exec(
        select(Project).where(Project.workspace_id == workspace_id).order_by(Project.code)
    )
    return found.all()


async def open_tags_of(session: AsyncSession, workspace_id: int) -> frozenset[str]:
    """Every tag of the projects that everybody may know of."""
    found = await session.exec(
        select(Project.tags).where(
            Project.workspace_id == workspace_id, Project.visibility == Visibility.OPEN
        )
    )
    return frozenset(tag for tags in found.all() for tag in tags)


async def configuration_of(session: AsyncSession, workspace_id: int) -> Configuration | None:
    """What was last applied, if anything was."""
    found = await session.exec(
        select(Configuration).where(Configuration.workspace_id == workspace_id)
    )
    return found.first()


async def workspaces(session: AsyncSession) -> Sequence[Workspace]:
    """Every workspace that was ever served from this database."""
    return (await session.exec(select(Workspace).order_by(col(Workspace.id)))).all()


async def ensure_workspace(session: AsyncSession, workspace: Workspace) -> int:
    """Store a workspace unless its team is known already; its number either way."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = workspace.model_dump(exclude={"id"})
    await session.exec(insert(Workspace).values(values).on_conflict_do_nothing())
    found = await session.exec(select(Workspace).where(Workspace.team_id == workspace.team_id))
    number = found.one().id
    if number is None:
        msg = "a stored workspace has a number"
        raise ValueError(msg)
    return number


async def add_follower(
    session: AsyncSession, workspace_id: int, person_id: int, project_id: int, now: datetime
) -> bool:
    """Let somebody follow a project; False if they do already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = Follower(workspace_id=workspace_id, person_id=person_id, project_id=project_id, since=now)
    statement = (
        insert(Follower)
        .values(row.model_dump(exclude={"id"}))
        .on_conflict_do_nothing(index_elements=["person_id", "project_id"])
        .returning(col(Follower.id))
    )
    return (await session.exec(statement)).first() is not None


async def remove_follower(session: AsyncSession, person_id: int, project_id: int) -> bool:
    """Let somebody follow a project no more; False if they did not."""
    statement = (
        delete(Follower)
        .where(col(Follower.person_id) == person_id, col(Follower.project_id) == project_id)
        .returning(col(Follower.id))
    )
    return (await session.exec(statement)).first() is not None


async def followed_by(session: AsyncSession, person_id: int) -> frozenset[int]:
    """The projects that somebody follows, by number."""
    found = await session.exec(select(Follower.project_id).where(Follower.person_id == person_id))
    return frozenset(found.all())


async def followed_projects(session: AsyncSession, person_id: int) -> list[FollowedProjectRow]:
    """The projects that somebody follows, by code."""
    found = await session.exec(
        select(Project, Person.name)
        .join(Follower, col(Follower.project_id) == Project.id)
        .join(Person, col(Person.id) == Project.pm_id)
        .where(Follower.person_id == person_id)
        .order_by(Project.code)
    )
    return [FollowedProjectRow(*row) for row in found.all()]


async def project_followers(session: AsyncSession, project_id: int) -> Sequence[str]:
    """The names of who follows a project; those who left Slack are left out."""
    found = await session.exec(
        select(Person.name)
        .join(Follower, col(Follower.person_id) == Person.id)
        .where(Follower.project_id == project_id, col(Person.is_gone).is_(False))
    )
    return found.all()

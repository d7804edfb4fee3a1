"""Tables of the room `calendar`: councils' rhythms, people's working time and their leave."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, ColumnElement, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import FollowersWish, LeaveSource, Unapproved
from models.portfolio import Council, Person, Phase, Project, replan

__all__ = [
    "Absence",
    "CouncilCalendar",
    "CoverRow",
    "DigestSubscription",
    "PersonalCalendar",
    "PersonalRows",
    "PersonalSettings",
    "PortfolioDigest",
    "ReportingCalendar",
    "absences_of",
    "absences_until",
    "council_calendars",
    "covers_of",
    "digest_subscribers",
    "file_absences_of",
    "personal_calendars_of",
    "personal_rows",
    "portfolio_digests",
    "replan",
    "subscriptions_of",
]

MANY = 10_000
"""From so many people on all are read: SQLite takes at most 32,766 values in a statement."""


class ReportingCalendar(Row, table=True):
    """A council's reporting rhythm, as wall time and rule; `domain.calendar.rules` reads it."""

    __tablename__ = "reporting_calendar"
    __table_args__ = (UniqueConstraint("council_id"),)

    council_id: int = Field(foreign_key="council.id")
    every: str
    """An iCalendar recurrence rule."""
    first: date
    ask_at: time
    remind_after: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    cut_off: str
    """`+2d 15:00`: working days after the ask day, and the wall time there."""
    digest: str
    freeze: str | None = None
    preview: str | None = None
    """When the PMO sees the draft of the digest; NULL: never."""
    unapproved: Unapproved = Field(
        default=Unapproved.POST,
        sa_column=Column(EnumText(Unapproved), nullable=False, server_default="post"),
    )
    before_days: int | None = None
    """`every` is the rule of the meetings, and this many working days before each is asked."""


class PortfolioDigest(Row, table=True):
    """The schedule of a digest across councils, or of a programme, and what it tells of."""

    __tablename__ = "portfolio_digest"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        Index("ix_portfolio_digest_next", "workspace_id", "next_at"),
    )

    name: str
    channel_id: str
    channel_name: str
    every: str
    """An iCalendar recurrence rule."""
    first: date
    at: time
    timezone: str | None = None
    """The zone of `at`; None: the workspace's."""
    council_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Whose projects it tells of; all councils' if none stands here."""
    tag: str | None = None
    """Only projects with this tag."""
    note: str | None = None
    """A line that stands in each issue."""
    is_stopped: bool = False
    """The configuration does not name it any more."""
    last_on: date | None = None
    """The rule's date that was dealt with last."""
    next_on: date | None = None
    """The rule's date that is expected next; None: there is none any more."""
    next_at: datetime | None = None
    """When that is due."""


class PersonalCalendar(Row, table=True):
    """How one person's working time differs from the workspace's; NULL: it does not."""

    __tablename__ = "personal_calendar"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: int = Field(foreign_key="person.id")
    weekdays: str | None = None
    """`MO,TU,WE,TH`."""
    hours_from: time | None = None
    hours_to: time | None = None
    country: str | None = None
    """Whose public holidays are theirs; ISO 3166."""
    subdivision: str | None = None


class PersonalSettings(Row, table=True):
    """What somebody has set for themselves in Slack; it goes before the file. NULL: not set."""

    __tablename__ = "personal_settings"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: int = Field(foreign_key="person.id")
    ask_at: time | None = None
    """The hour at which they are asked, in their own zone."""
    weekdays: str | None = None
    """Their working days: `MO,TU,WE,TH`."""
    followed: FollowersWish | None = Field(
        default=None, sa_column=Column(EnumText(FollowersWish), nullable=True)
    )
    """How they hear of the projects that they follow."""


class DigestSubscription(Row, table=True):
    """Somebody who gets the head of a council's digest as a direct message."""

    __tablename__ = "digest_subscription"
    __table_args__ = (UniqueConstraint("person_id", "council_id"),)

    person_id: int = Field(foreign_key="person.id")
    council_id: int = Field(foreign_key="council.id", index=True)


class Absence(Row, table=True):
    """A person's leave; the days are those of their own calendar."""

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_person_id_until", "person_id", "until"),)

    person_id: int = Field(foreign_key="person.id")
    first: date
    until: date
    """The last day away."""
    source: LeaveSource = Field(sa_column=Column(EnumText(LeaveSource), nullable=False))
    created_at: datetime


class CouncilCalendar(NamedTuple):
    """A council with its rhythm."""

    council: Council
    calendar: ReportingCalendar


async def council_calendars(session: AsyncSession, workspace_id: int) -> list[CouncilCalendar]:
    """Every council that has a reporting calendar, by name."""
    found = await session.exec(
        select(Council, ReportingCalendar)
        .join(ReportingCalendar, col(ReportingCalendar.council_id) == Council.id)
        .where(Council.workspace_id == workspace_id)
        .order_by(Council.name)
    )
    return [CouncilCalendar(*row) for row in found.all()]


async def portfolio_digests(
    session: AsyncSession, workspace_id: int, *, stopped_too: bool = False
) -> Sequence[PortfolioDigest]:
    """The digests across councils, by name."""
    statement = select(PortfolioDigest).where(PortfolioDigest.workspace_id == workspace_id)
    if not stopped_too:
        statement = statement.where(col(PortfolioDigest.is_stopped).is_(False))
    return (await session.exec(statement.order_by(PortfolioDigest.name))).all()


class PersonalRows(NamedTuple):
    """What is stored about the time of one person."""

    person_id: int
    timezone: str | None
    calendar: PersonalCalendar | None
    settings: PersonalSettings | None = None


async def personal_rows(
    session: AsyncSession, workspace_id: int, person_ids: Collection[int]
) -> list[PersonalRows]:
    """People's zones, and their own working time by the file and by their own settings."""
    found = await session.exec(
        select(Person.id, Person.timezone, PersonalCalendar, PersonalSettings)
        .join(PersonalCalendar, col(PersonalCalendar.person_id) == Person.id, isouter=True)
        .join(PersonalSettings, col(PersonalSettings.person_id) == Person.id, isouter=True)
        .where(Person.workspace_id == workspace_id, _among(col(Person.id), person_ids))
    )
    wanted = frozenset(person_ids)
    return [PersonalRows(*row) for row in found.all() if row[0] in wanted]


async def subscriptions_of(session: AsyncSession, person_id: int) -> Sequence[DigestSubscription]:
    """Whose digests somebody gets as direct messages."""
    found = await session.exec(
        select(DigestSubscription).where(DigestSubscription.person_id == person_id)
    )
    return found.all()


async def digest_subscribers(session: AsyncSession, council_id: int) -> list[int]:
    """The people who get a council's digest as a direct message, and may still read it.

    Any full member may read of open projects; not who has left, nor who became a guest.
    """
    found = await session.exec(
        select(Person)
        .join(DigestSubscription, col(DigestSubscription.person_id) == Person.id)
        .where(
            DigestSubscription.council_id == council_id,
            col(Person.is_gone).is_(False),
            col(Person.is_guest).is_(False),
        )
        .order_by(col(Person.id))
    )
    return [person.pk for person in found.all()]


async def absences_of(
    session: AsyncSession, workspace_id: int, person_ids: Collection[int]
) -> Sequence[Absence]:
    """People's leave, what is over included, by its first day."""
    found = await session.exec(
        select(Absence)
        .where(Absence.workspace_id == workspace_id, _among(col(Absence.person_id), person_ids))
        .order_by(col(Absence.first), col(Absence.id))
    )
    return found.all()


async def personal_calendars_of(
    session: AsyncSession, workspace_id: int
) -> Sequence[PersonalCalendar]:
    """Everybody's own working time."""
    found = await session.exec(
        select(PersonalCalendar).where(PersonalCalendar.workspace_id == workspace_id)
    )
    return found.all()


async def file_absences_of(session: AsyncSession, workspace_id: int) -> Sequence[Absence]:
    """The leave that the configuration file says."""
    found = await session.exec(
        select(Absence).where(
            Absence.workspace_id == workspace_id, Absence.source == LeaveSource.FILE
        )
    )
    return found.all()


async def status_absences_of(
    session: AsyncSession, workspace_id: int, person_ids: Collection[int]
) -> Sequence[Absence]:
    """The leave that people's Slack statuses say, by its first day."""
    found = await session.exec(
        select(Absence)
        .where(
            Absence.workspace_id == workspace_id,
            Absence.source == LeaveSource.STATUS,
            _among(col(Absence.person_id), person_ids),
        )
        .order_by(col(Absence.first), col(Absence.id))
    )
    return found.all()


async def absences_until(session: AsyncSession, person_id: int, day: date) -> Sequence[Absence]:
    """A person's leave that goes on until that day at least, by its first day."""
    found = await session.exec(
        select(Absence)
        .where(Absence.person_id == person_id, col(Absence.until) >= day)
        .order_by(col(Absence.first), col(Absence.until))
    )
    return found.all()


class CoverRow(NamedTuple):
    """A project that is asked for, and who stands in for its PM."""

    code: str
    deputy: str | None
    deputy_id: int | None


async def covers_of(session: AsyncSession, workspace_id: int, pm_id: int) -> list[CoverRow]:
    """The projects that a PM is asked for, with the deputy's name if there is one to be asked."""
    found = await session.exec(
        select(Project.code, Person.name, Person.id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(
            Person,
            (col(Person.id) == Project.deputy_id)
            & col(Person.is_gone).is_(False)
            & (col(Person.id) != Project.pm_id),
            isouter=True,
        )
        .where(
            Project.workspace_id == workspace_id,
            Project.pm_id == pm_id,
            col(Phase.asked).is_(True),
        )
        .order_by(Project.code)
    )
    return [CoverRow(*row) for row in found.all()]


def _among(column: Mapped[Any], numbers: Collection[int]) -> ColumnElement[bool]:
    return column.in_(numbers) if len(numbers) <= MANY else true()

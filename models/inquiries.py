"""Tables of the room `inquiries`: questions about a project, and what was said to each."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Index, and_, false, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import InquiryState, InquiryStep, Visibility
from models.portfolio import Person, Project


class Inquiry(Row, table=True):
    """A question that one person asks another about a project, until it is answered."""

    __table_args__ = (
        Index("ix_inquiry_state", "workspace_id", "state"),
        Index("ix_inquiry_project", "project_id"),
        Index("ix_inquiry_asked", "asked_id", "asks_on"),
        Index("ix_inquiry_asker", "asker_id", "told_on"),
        Index("ix_inquiry_office", "workspace_id", "office_on"),
    )

    project_id: int | None = Field(default=None, foreign_key="project.id")
    """NULL for what is about no project: only the PMO is asked that."""
    asker_id: int = Field(foreign_key="person.id")
    asked_id: int | None = Field(default=None, foreign_key="person.id")
    """Who is to answer it, as last decided; NULL: the PMO."""
    is_passed_on: bool = False
    """Who was asked has given it to the PMO: it stays there."""
    state: InquiryState = Field(
        default=InquiryState.OPEN, sa_column=Column(EnumText(InquiryState), nullable=False)
    )
    opened_at: datetime
    waiting_since: datetime
    """When its newest question came."""
    asks_on: date | None = None
    """The day, of who was asked, whose message has it."""
    office_on: date | None = None
    """The day whose message to the PMO has it; NULL: the PMO was not told of it."""
    told_on: date | None = None
    """The day whose message told its asker that nobody has answered."""
    remind_at: datetime | None = None
    """When who was asked is reminded; NULL: not (again)."""
    overdue_at: datetime | None = None
    """When its asker and the PMO are told that it is not answered; NULL: not (again)."""
    is_for_office: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """The PMO itself was asked: it stays theirs, whoever they let answer it."""
    channel_id: str | None = None
    """The PMO's channel, whose thread holds it; NULL: each of the PMO has it directly."""
    link: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Slack's link to that thread, once known and if who asked can read there."""
    asked_channel: str | None = None
    asked_ts: str | None = None
    """The thread in which the handbook was asked before, where others could read along."""


class InquiryEntry(Row, table=True):
    """One thing that was said in an inquiry; they are kept in their order."""

    __tablename__ = "inquiry_entry"

    inquiry_id: int = Field(foreign_key="inquiry.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id")
    """NULL: the bot itself."""
    at: datetime
    step: InquiryStep = Field(sa_column=Column(EnumText(InquiryStep), nullable=False))
    text: str = ""


class InquiryRow(NamedTuple):
    """An inquiry with the rows that nearly everybody needs beside it."""

    inquiry: Inquiry
    project: Project | None
    asker: Person
    asked: Person | None
    """None: the PMO."""
    pm: Person | None
    """None: it is about no project."""
    deputy: Person | None

    @property
    def code(self) -> str:
        """The project's; empty if there is none."""
        return self.project.code if self.project else ""

    @property
    def name(self) -> str:
        """The project's; empty if there is none."""
        return self.project.name if self.project else ""


class EntryRow(NamedTuple):
    """An entry, and who wrote it."""

    entry: InquiryEntry
    author: Person | None


async def _found(
    session: AsyncSession, workspace_id: int, *conditions: ColumnElement[bool]
) -> list[InquiryRow]:
    """The inquiries that meet some conditions, those that have waited longest first."""
    asker, asked, pm, deputy = (aliased(Person) for _each in range(4))
    statement = (
        select(Inquiry, Project, asker, asked, pm, deputy)  # type: ignore[call-overload]
        .outerjoin(Project, col(Project.id) == Inquiry.project_id)
        .join(asker, col(asker.id) == Inquiry.asker_id)
        .outerjoin(asked, col(asked.id) == Inquiry.asked_id)
        .outerjoin(pm, col(pm.id) == Project.pm_id)
        .outerjoin(deputy, col(deputy.id) == Project.deputy_id)
        .where(col(Inquiry.workspace_id) == workspace_id, *conditions)
        .order_by(col(Inquiry.waiting_since), col(Inquiry.id))
    )
    return [InquiryRow(*row) for row in (await session.exec(statement)).all()]


_IS_OPEN = col(Inquiry.state) == InquiryState.OPEN


async def inquiry_row(
    session: AsyncSession, workspace_id: int, inquiry_id: int
) -> InquiryRow | None:
    """One inquiry."""
    found = await _found(session, workspace_id, col(Inquiry.id) == inquiry_id)
    return found[0] if found else None


async def open_inquiry_rows(session: AsyncSession, workspace_id: int) -> list[InquiryRow]:
    """Everything that waits for an answer."""
    return await _found(session, workspace_id, _IS_OPEN)


async def inquiry_rows_of_project(
    session: AsyncSession, workspace_id: int, project_id: int
) -> list[InquiryRow]:
    """All that was ever asked about a project."""
    return await _found(session, workspace_id, col(Inquiry.project_id) == project_id)


async def inquiry_rows_of_person(
    session: AsyncSession, workspace_id: int, person_id: int
) -> list[InquiryRow]:
    """All that somebody has asked, and what waits in the projects that they answer for."""
    is_in_charge = or_(col(Project.pm_id) == person_id, col(Project.deputy_id) == person_id)
    answers_for = or_(
        and_(is_in_charge, col(Inquiry.is_for_office).is_(False)),
        col(Inquiry.asked_id) == person_id,
    )
    mine = or_(col(Inquiry.asker_id) == person_id, _IS_OPEN & answers_for)
    return await _found(session, workspace_id, mine)


async def inquiry_rows_of_asker(
    session: AsyncSession, workspace_id: int, asker_id: int, project_id: int
) -> list[InquiryRow]:
    """What somebody has asked a project's people, and waits for an answer."""
    return await _found(
        session,
        workspace_id,
        _IS_OPEN,
        col(Inquiry.asker_id) == asker_id,
        col(Inquiry.project_id) == project_id,
        col(Inquiry.is_for_office).is_(False),
    )


async def inquiry_rows_asked_of_office(
    session: AsyncSession, workspace_id: int, asker_id: int
) -> list[InquiryRow]:
    """What somebody has asked the PMO itself, and waits for an answer."""
    return await _found(
        session,
        workspace_id,
        _IS_OPEN,
        col(Inquiry.asker_id) == asker_id,
        col(Inquiry.is_for_office).is_(True),
    )


async def inquiry_rows_in_channel(session: AsyncSession, workspace_id: int) -> list[InquiryRow]:
    """What others than the PMO may read: in its channel, or in the thread of who asked."""
    is_read = or_(col(Inquiry.channel_id).is_not(None), col(Inquiry.asked_ts).is_not(None))
    return await _found(session, workspace_id, is_read)


async def inquiry_rows_of_nothing(
    session: AsyncSession, workspace_id: int, before: datetime
) -> list[InquiryRow]:
    """What is about no project, has waited since before an instant, and has words left."""
    with_words = select(col(InquiryEntry.inquiry_id)).where(
        col(InquiryEntry.text) != "", col(InquiryEntry.step) != InquiryStep.CLOSED
    )
    return await _found(
        session,
        workspace_id,
        col(Inquiry.project_id).is_(None),
        col(Inquiry.waiting_since) < before,
        col(Inquiry.id).in_(with_words),
    )


async def purge_entries(session: AsyncSession, inquiry_ids: Collection[int]) -> None:
    """Drop the words of some inquiries; who said something, and when, stays."""
    statement = update(InquiryEntry).where(col(InquiryEntry.inquiry_id).in_(inquiry_ids))
    await session.exec(statement.values(text=""))


async def restricted_projects(session: AsyncSession, workspace_id: int) -> list[Project]:
    """The projects that do not exist for everybody."""
    statement = select(Project).where(
        Project.workspace_id == workspace_id, Project.visibility == Visibility.RESTRICTED
    )
    return list((await session.exec(statement.order_by(col(Project.id)))).all())


async def inquiry_rows_waiting_for(
    session: AsyncSession, workspace_id: int, person_id: int
) -> list[InquiryRow]:
    """What somebody has been asked, and waits for an answer."""
    return await _found(session, workspace_id, _IS_OPEN, col(Inquiry.asked_id) == person_id)


async def inquiry_rows_asked_on(
    session: AsyncSession, workspace_id: int, person_id: int, day: date
) -> list[InquiryRow]:
    """What the message of a day to who was asked has in it."""
    return await _found(
        session,
        workspace_id,
        col(Inquiry.asked_id) == person_id,
        col(Inquiry.asks_on) == day,
    )


async def inquiry_rows_of_office(
    session: AsyncSession, workspace_id: int, day: date
) -> list[InquiryRow]:
    """What the message of a day to the PMO has in it."""
    return await _found(session, workspace_id, col(Inquiry.office_on) == day)


async def inquiry_rows_told_to_office(session: AsyncSession, workspace_id: int) -> list[InquiryRow]:
    """What the message of any day to the PMO has in it."""
    return await _found(session, workspace_id, col(Inquiry.office_on).is_not(None))


async def inquiry_rows_told_on(
    session: AsyncSession, workspace_id: int, asker_id: int, day: date
) -> list[InquiryRow]:
    """What the message of a day to an asker who waits has in it."""
    return await _found(
        session, workspace_id, col(Inquiry.asker_id) == asker_id, col(Inquiry.told_on) == day
    )


async def entries_of_inquiries(
    session: AsyncSession, inquiry_ids: Collection[int]
) -> dict[int, list[EntryRow]]:
    """What was said in some inquiries, each in its order."""
    statement = (
        select(InquiryEntry, Person)
        .outerjoin(Person, col(Person.id) == InquiryEntry.author_id)
        .where(col(InquiryEntry.inquiry_id).in_(inquiry_ids))
        .order_by(col(InquiryEntry.id))
    )
    found: dict[int, list[EntryRow]] = {each: [] for each in inquiry_ids}
    for row in (await session.exec(statement)).all():
        found[row[0].inquiry_id].append(EntryRow(*row))
    return found


async def count_inquiries(session: AsyncSession, project_id: int) -> dict[InquiryState, int]:
    """How many inquiries about a project stand where."""
    statement = (
        select(Inquiry.state, func.count())
        .where(Inquiry.project_id == project_id)
        .group_by(col(Inquiry.state))
    )
    found = (await session.exec(statement)).all()
    return {InquiryState(state): count for state, count in found}


async def project_with_people(
    session: AsyncSession, workspace_id: int, project_id: int
) -> tuple[Project, Person, Person | None] | None:
    """A project with its manager and deputy."""
    pm, deputy = aliased(Person), aliased(Person)
    statement = (
        select(Project, pm, deputy)
        .join(pm, col(pm.id) == Project.pm_id)
        .outerjoin(deputy, col(deputy.id) == Project.deputy_id)
        .where(Project.workspace_id == workspace_id, Project.id == project_id)
    )
    row = (await session.exec(statement)).first()
    return None if row is None else (row[0], row[1], row[2])

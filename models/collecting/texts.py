"""What somebody wrote in free text about a project, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import JSON, Column, Index, UniqueConstraint, delete
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.collecting.tables import RequestMove, StatusRequest
from models.delivery.tables import Delivery
from models.enums import RequestState, TextState
from models.portfolio import Phase, Project


class WrittenReport(Row, table=True):
    """What a free text says about one project, until its author confirms or discards it."""

    __tablename__ = "written_report"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key", "position"),
        Index("ix_written_report_request", "request_id", "state"),
        Index("ix_written_report_person", "person_id", "written_at"),
    )

    key: str
    """Of the message that tells what was understood; one message may have many."""
    position: int
    person_id: int = Field(foreign_key="person.id")
    """Who wrote it: nobody else may confirm it."""
    written_at: datetime
    request_id: int | None = Field(default=None, foreign_key="status_request.id")
    """What it answers; NULL as long as its author has not said which project is meant."""
    base_version: int = 0
    """The version of the answer when it was written; 0: there was none."""
    said: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """What the text says, by field of the form."""
    kept: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    """What stays from the answer before, by field."""
    state: TextState = Field(sa_column=Column(EnumText(TextState), nullable=False))


class ReportableProject(NamedTuple):
    """A project with what decides about whether it can be reported on."""

    project: Project
    phase: str
    is_asked: bool
    """Projects in its phase are asked for status."""


async def reportable_projects(session: AsyncSession, workspace_id: int) -> list[ReportableProject]:
    """All projects, by code, with whether they are asked for."""
    found = await session.exec(
        select(Project, Phase)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .where(Project.workspace_id == workspace_id)
        .order_by(Project.code)
    )
    return [ReportableProject(project, phase.name, phase.asked) for project, phase in found.all()]


async def written(
    session: AsyncSession, workspace_id: int, number: int, *, locked: bool = False
) -> WrittenReport | None:
    """One of them by its number; locked, if it is about to be changed."""
    statement = select(WrittenReport).where(
        WrittenReport.workspace_id == workspace_id, WrittenReport.id == number
    )
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).first()


async def written_under(
    session: AsyncSession, workspace_id: int, key: str
) -> Sequence[WrittenReport]:
    """All that one message tells of, in its order."""
    found = await session.exec(
        select(WrittenReport)
        .where(WrittenReport.workspace_id == workspace_id, WrittenReport.key == key)
        .order_by(col(WrittenReport.position))
    )
    return found.all()


async def open_written(session: AsyncSession, request_id: int) -> Sequence[WrittenReport]:
    """What waits for a word of its author about a request; locked."""
    found = await session.exec(
        select(WrittenReport)
        .where(WrittenReport.request_id == request_id, WrittenReport.state == TextState.OPEN)
        .order_by(col(WrittenReport.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def request_days(session: AsyncSession, person_id: int, since: date) -> set[date]:
    """The days for which somebody has a request message, moved requests included."""
    days: set[date] = set()
    for table in (StatusRequest, RequestMove):
        found = await session.exec(
            select(col(table.asks_on))
            .where(col(table.person_id) == person_id, col(table.asks_on) >= since)
            .distinct()
        )
        days |= set(found.all())
    return days


async def written_keys(session: AsyncSession, person_id: int, since: datetime) -> set[str]:
    """The messages that told somebody what was understood of a text."""
    found = await session.exec(
        select(WrittenReport.key)
        .where(WrittenReport.person_id == person_id, col(WrittenReport.written_at) >= since)
        .distinct()
    )
    return set(found.all())


async def purge_written(session: AsyncSession, workspace_id: int, before: datetime) -> int:
    """Forget all free texts that were written before an instant; how many they were."""
    removed = await session.exec(
        delete(WrittenReport).where(
            col(WrittenReport.workspace_id) == workspace_id,
            col(WrittenReport.written_at) < before,
        )
    )
    return removed.rowcount


async def key_posted_as(
    session: AsyncSession, workspace_id: int, keys: Collection[str], slack_ts: str
) -> str | None:
    """Which of some messages stands in Slack under a timestamp."""
    found = await session.exec(
        select(Delivery.key).where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.key).in_(sorted(keys)),
            Delivery.slack_ts == slack_ts,
        )
    )
    return found.first()


async def planned_ask(session: AsyncSession, project_id: int) -> datetime | None:
    """When a project is asked for next, as far as that is planned."""
    found = await session.exec(
        select(StatusRequest.ask_at)
        .where(StatusRequest.project_id == project_id, StatusRequest.state == RequestState.PENDING)
        .order_by(col(StatusRequest.ask_at))
        .limit(1)
    )
    return found.first()

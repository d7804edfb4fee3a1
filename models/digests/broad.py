"""Issues of portfolio digests as they were posted, and what they are composed from.

Every statement here is one for any number of projects.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, Column, ColumnElement, UniqueConstraint, true
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row
from models.calendar import PortfolioDigest
from models.collecting import Cycle, StatusReport, StatusRequest, is_newest_version
from models.digests.facts import EarlierReport
from models.digests.setbacks import is_not_put_off
from models.enums import Composing, CycleState, RequestState, Visibility
from models.portfolio import Council, Person, Phase, Project

_MANY: Final = 10_000
"""From so many projects on all are read: SQLite takes at most 32,766 values in a statement."""


class PortfolioIssue(Row, table=True):
    """One issue of a portfolio digest: frozen as it was posted, or why there was none."""

    __tablename__ = "portfolio_issue"
    __table_args__ = (UniqueConstraint("digest_id", "occurrence_on"),)

    digest_id: int = Field(foreign_key="portfolio_digest.id")
    occurrence_on: date
    """The rule's own date."""
    due_at: datetime
    composed_at: datetime | None = None
    """NULL: it was not composed."""
    reason: str = ""
    """Why it was not composed."""
    value: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The head message; what the replies said is in the ledger."""
    healths: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """What became of each project in it, by its number: a letter of the heat map."""
    report_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class BroadProject(NamedTuple):
    """An open project: the columns alone, for there may be thousands."""

    project_id: int
    code: str
    name: str
    council_id: int
    council: str
    pm: str
    is_asked: bool
    """Whether its phase is."""
    tags: list[str]


class KnownCycle(NamedTuple):
    """A cycle of any council: the columns alone."""

    cycle_id: int
    council_id: int
    opens_on: date
    state: CycleState
    cut_off_at: datetime
    timezone: str


class CountedRequest(NamedTuple):
    """What one project was asked in one cycle."""

    cycle_id: int
    project_id: int
    state: RequestState
    reason: str


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_tried = is_not_put_off(Composing.PORTFOLIO_DIGEST, col(PortfolioDigest.id), now)
    return col(PortfolioDigest.next_at) <= now, is_tried


async def is_portfolio_digest_due(session: AsyncSession, workspace_id: int, now: datetime) -> bool:
    """Whether a portfolio digest is due."""
    found = await session.exec(
        select(PortfolioDigest.id)
        .where(PortfolioDigest.workspace_id == workspace_id, *_is_due(now))
        .limit(1)
    )
    return found.first() is not None


async def due_portfolio_digest(
    session: AsyncSession, workspace_id: int, now: datetime
) -> PortfolioDigest | None:
    """The portfolio digest that has been due for longest; locked."""
    found = await session.exec(
        select(PortfolioDigest)
        .where(PortfolioDigest.workspace_id == workspace_id, *_is_due(now))
        .order_by(col(PortfolioDigest.next_at), col(PortfolioDigest.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.first()


async def posted_issues(
    session: AsyncSession, digest_id: int, limit: int
) -> Sequence[PortfolioIssue]:
    """The last issues of a digest that were composed, newest first."""
    found = await session.exec(
        select(PortfolioIssue)
        .where(PortfolioIssue.digest_id == digest_id, col(PortfolioIssue.composed_at).is_not(None))
        .order_by(col(PortfolioIssue.occurrence_on).desc())
        .limit(limit)
    )
    return found.all()


async def broad_projects(session: AsyncSession, workspace_id: int) -> list[BroadProject]:
    """Every project that everybody may know of, by code."""
    columns = (
        *(Project.id, Project.code, Project.name, Project.council_id, Council.name),
        *(Person.name, Phase.asked, Project.tags),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(Project)
        .join(Council, col(Council.id) == Project.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(Person, col(Person.id) == Project.pm_id)
        .where(Project.workspace_id == workspace_id, Project.visibility == Visibility.OPEN)
        .order_by(Project.code)
    )
    return [BroadProject(*row) for row in found.all()]


async def known_cycles(session: AsyncSession, workspace_id: int, since: date) -> list[KnownCycle]:
    """The cycles of all councils from a day on, newest first; not those that asked nobody."""
    columns = (
        *(Cycle.id, Cycle.council_id, Cycle.opens_on, Cycle.state),
        *(Cycle.cut_off_at, Cycle.timezone),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .where(
            Cycle.workspace_id == workspace_id,
            col(Cycle.opens_on) >= since,
            Cycle.state != CycleState.SKIPPED,
        )
        .order_by(col(Cycle.opens_on).desc(), col(Cycle.id).desc())
    )
    return [KnownCycle(*row) for row in found.all()]


async def counted_requests(
    session: AsyncSession, cycle_ids: Collection[int]
) -> list[CountedRequest]:
    """What was asked in some cycles."""
    columns: Any = (
        *(StatusRequest.cycle_id, StatusRequest.project_id),
        *(StatusRequest.state, StatusRequest.reason),
    )
    found = await session.exec(select(*columns).where(col(StatusRequest.cycle_id).in_(cycle_ids)))
    return [CountedRequest(*row) for row in found.all()]


async def counted_reports(
    session: AsyncSession, cycle_ids: Collection[int]
) -> dict[tuple[int, int], tuple[StatusReport, str]]:
    """The newest version of each open project's answer in some cycles, with its author's name.

    By cycle and project.
    """
    found = await session.exec(
        select(StatusRequest.cycle_id, StatusReport, Person.name)
        .join(StatusRequest, col(StatusRequest.id) == StatusReport.request_id)
        .join(Project, col(Project.id) == StatusReport.project_id)
        .join(Person, col(Person.id) == StatusReport.author_id)
        .where(
            col(StatusRequest.cycle_id).in_(cycle_ids),
            Project.visibility == Visibility.OPEN,
            is_newest_version(),
        )
    )
    return {
        (cycle_id, report.project_id): (report, author) for cycle_id, report, author in found.all()
    }


async def reports_since(
    session: AsyncSession, workspace_id: int, project_ids: Collection[int], since: date
) -> list[EarlierReport]:
    """The gist of the answers of some projects from a day on, newest first for each."""
    columns = (
        *(StatusReport.project_id, StatusReport.opens_on, StatusReport.health),
        *(StatusReport.milestone, StatusReport.milestone_forecast),
        *(StatusReport.phase, StatusReport.percent_complete),
    )
    among: ColumnElement[bool] = true()
    if len(project_ids) <= _MANY:
        among = col(StatusReport.project_id).in_(project_ids)
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .where(
            StatusReport.workspace_id == workspace_id,
            among,
            col(StatusReport.opens_on) >= since,
            is_newest_version(),
        )
        .order_by(col(StatusReport.project_id), col(StatusReport.opens_on).desc())
    )
    return [EarlierReport(*row) for row in found.all()]


class Hidden(NamedTuple):
    """A project of which not everybody may know."""

    project_id: int
    code: str
    council: str


async def hidden_projects(session: AsyncSession, workspace_id: int) -> list[Hidden]:
    """The restricted projects, also where they were open before."""
    found = await session.exec(
        select(col(Project.id), Project.code, Council.name)
        .join(Council, col(Council.id) == Project.council_id)
        .where(Project.workspace_id == workspace_id, Project.visibility == Visibility.RESTRICTED)
    )
    return [Hidden(number, code, council) for number, code, council in found.all() if number]


async def issues_of(
    session: AsyncSession, workspace_id: int, *, locked: bool
) -> Sequence[PortfolioIssue]:
    """All issues that were composed, oldest first; perhaps locked until the transaction ends."""
    statement = (
        select(PortfolioIssue)
        .where(
            PortfolioIssue.workspace_id == workspace_id,
            col(PortfolioIssue.composed_at).is_not(None),
        )
        .order_by(col(PortfolioIssue.id))
    )
    return (await session.exec(statement.with_for_update() if locked else statement)).all()


async def restricted_ids(session: AsyncSession, workspace_id: int) -> frozenset[int]:
    """The projects of which not everybody may know, also where they were open before."""
    found = await session.exec(
        select(col(Project.id)).where(
            Project.workspace_id == workspace_id, Project.visibility == Visibility.RESTRICTED
        )
    )
    return frozenset(number for number in found.all() if number is not None)

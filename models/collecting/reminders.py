"""The queries of reminding: the windows of requests, and who is to be reminded."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.calendar import ReportingCalendar
from models.collecting.requests import is_newest_asked
from models.collecting.tables import Cycle, StatusRequest
from models.enums import CycleState, RequestState
from models.portfolio import Council, Project

NO_STEPS: Final[Sequence[str]] = ()


class ReminderWindow(NamedTuple):
    """Until when a cycle's requests are reminded of, and at which steps."""

    cut_off_at: datetime
    steps: Sequence[str]
    """As the council's calendar writes them: `24h`, `80%`."""


class OpenRow(NamedTuple):
    """A request that was asked, with what a reminder tells of it."""

    request: StatusRequest
    project: Project
    council: str
    cycle: Cycle

    @property
    def cut_off_at(self) -> datetime:
        """Until when it can be answered in time."""
        return self.cycle.cut_off_at


async def reminder_windows(
    session: AsyncSession, cycle_ids: Collection[int]
) -> dict[int, ReminderWindow]:
    """The windows of cycles; one whose council has no calendar any more has no steps."""
    found = await session.exec(
        select(Cycle.id, Cycle.cut_off_at, ReportingCalendar.remind_after)
        .join(
            ReportingCalendar,
            col(ReportingCalendar.council_id) == Cycle.council_id,
            isouter=True,
        )
        .where(col(Cycle.id).in_(cycle_ids))
    )
    return {
        number: ReminderWindow(cut_off_at, steps or NO_STEPS)
        for number, cut_off_at, steps in found.all()
        if number is not None
    }


async def people_to_remind(
    session: AsyncSession, workspace_id: int, now: datetime, limit: int
) -> list[int]:
    """A batch of people with a reminder that is due before its cut-off."""
    found = await session.exec(
        reminders_due(workspace_id, now)
        .distinct()
        .order_by(col(StatusRequest.person_id))
        .limit(limit)
    )
    return list(found.all())


def reminders_due(workspace_id: Any, now: Any) -> SelectOfScalar[int]:
    """The people of the requests whose reminder is due before their cut-off."""
    return (
        select(StatusRequest.person_id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            col(StatusRequest.remind_at) <= now,
            *_waits(now),
        )
    )


async def open_rows_of_people(
    session: AsyncSession, workspace_id: int, person_ids: Collection[int], now: datetime
) -> list[OpenRow]:
    """All that some people are asked and have not answered yet, the newest of each project.

    Locked: an answer that comes meanwhile waits, and then finds the reminder.
    """
    found = await session.exec(
        select(StatusRequest, Project, Council.name, Cycle)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            col(StatusRequest.person_id).in_(person_ids),
            *_waits(now),
        )
        .order_by(col(StatusRequest.id))
        .with_for_update(of=StatusRequest)
        .execution_options(populate_existing=True)
    )
    return [OpenRow(*row) for row in found.all()]


async def rows_of_requests(session: AsyncSession, request_ids: Collection[int]) -> list[OpenRow]:
    """What a reminder tells of requests, whatever has become of them."""
    found = await session.exec(
        select(StatusRequest, Project, Council.name, Cycle)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .where(col(StatusRequest.id).in_(request_ids))
    )
    return [OpenRow(*row) for row in found.all()]


def _waits(now: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        col(StatusRequest.state) == RequestState.ASKED,
        col(Cycle.state) == CycleState.OPEN,
        col(Cycle.cut_off_at) > now,
        is_newest_asked(),
    )

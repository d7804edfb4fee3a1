"""Queries about requests whose people have changed: another PM, or one who has left Slack."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.tables import Cycle, StatusRequest
from models.enums import CycleState, RequestState
from models.portfolio import Council, Person, Phase, Project


class StrandedRequest(NamedTuple):
    """A request that waits for an answer from somebody who does not answer for its project."""

    request_id: int
    asked_name: str
    asked_is_gone: bool
    pm_id: int
    pm_is_gone: bool
    deputy_id: int | None
    deputy_is_gone: bool | None


class LeftProject(NamedTuple):
    """A project whose manager has left Slack."""

    project: Project
    council: Council
    manager: Person
    deputy: Person | None


async def stranded_requests(
    session: AsyncSession, workspace_id: int, now: datetime
) -> list[StrandedRequest]:
    """What was asked, and waits for somebody who has left or is neither PM nor deputy any more."""
    asked, pm, deputy = aliased(Person), aliased(Person), aliased(Person)
    is_deputy = col(StatusRequest.person_id) == Project.deputy_id
    columns = (
        *(StatusRequest.id, asked.name, asked.is_gone),
        *(pm.id, pm.is_gone, deputy.id, deputy.is_gone),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(StatusRequest)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(asked, col(asked.id) == StatusRequest.person_id)
        .join(pm, col(pm.id) == Project.pm_id)
        .outerjoin(deputy, col(deputy.id) == Project.deputy_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            StatusRequest.state == RequestState.ASKED,
            Cycle.state == CycleState.OPEN,
            col(Cycle.cut_off_at) > now,
            or_(
                col(asked.is_gone).is_(True),
                (col(StatusRequest.person_id) != Project.pm_id)
                & (col(Project.deputy_id).is_(None) | ~is_deputy),
            ),
        )
        .order_by(col(Cycle.id), col(StatusRequest.id))
    )
    return [StrandedRequest(*row) for row in found.all()]


async def left_projects(session: AsyncSession, workspace_id: int) -> list[LeftProject]:
    """The projects that are asked for and whose manager has left Slack, by code."""
    manager, deputy = aliased(Person), aliased(Person)
    found = await session.exec(
        select(Project, Council, manager, deputy)
        .join(Council, col(Council.id) == Project.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(manager, col(manager.id) == Project.pm_id)
        .outerjoin(deputy, col(deputy.id) == Project.deputy_id)
        .where(
            Project.workspace_id == workspace_id,
            col(Phase.asked).is_(True),
            col(manager.is_gone).is_(True),
        )
        .order_by(Project.code)
    )
    return [LeftProject(*row) for row in found.all()]


async def forget_returned(session: AsyncSession, workspace_id: int) -> None:
    """Forget whose leaving was told, where that person is back or not the PM any more."""
    is_gone = select(Person.id).where(Person.id == Project.pm_id, col(Person.is_gone).is_(True))
    await session.exec(
        update(Project)
        .where(
            col(Project.workspace_id) == workspace_id,
            col(Project.left_pm_id).is_not(None),
            (col(Project.left_pm_id) != Project.pm_id) | ~is_gone.exists(),
        )
        .values(left_pm_id=None, left_told_at=None)
    )

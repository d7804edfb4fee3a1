"""Which projects have come to their end."""

from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting import Cycle, StatusRequest
from models.enums import Visibility
from models.portfolio import Person, Phase, Project


class LeftRow(NamedTuple):
    """A project that was asked in a cycle and is in a phase that is not asked now."""

    project_id: int
    code: str
    name: str
    visibility: Visibility
    pm: str
    phase: str


async def left_projects(session: AsyncSession, cycle: Cycle, before: Cycle) -> list[LeftRow]:
    """The council's projects that the cycle before asked and this one did not, by code.

    Only those whose phase is not asked any more: one that has moved to another council goes on.
    """
    asked_now = select(StatusRequest.project_id).where(StatusRequest.cycle_id == cycle.pk)
    columns = (Project.id, Project.code, Project.name, Project.visibility, Person.name, Phase.name)
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .select_from(StatusRequest)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Person, col(Person.id) == Project.pm_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .where(
            StatusRequest.cycle_id == before.pk,
            Project.council_id == cycle.council_id,
            col(Phase.asked).is_(False),
            col(Project.id).not_in(asked_now),
        )
        .order_by(Project.code)
    )
    return [LeftRow(*row) for row in found.all()]


async def last_asked_phase(session: AsyncSession, workspace_id: int) -> str:
    """The phase that projects end with, among those that are asked; empty if none is."""
    found = await session.exec(
        select(Phase.name)
        .where(Phase.workspace_id == workspace_id, col(Phase.asked).is_(True))
        .order_by(col(Phase.position).desc())
        .limit(1)
    )
    return found.first() or ""

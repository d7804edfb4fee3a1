"""The queries of escalation: what was missed, and what became of the requests before."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.requests import RequestRow
from models.collecting.tables import Cycle, StatusRequest
from models.enums import RequestState
from models.portfolio import Council, Project


class Outcome(NamedTuple):
    """What became of a request."""

    request_id: int
    state: RequestState
    misses: int


async def outcomes_before(
    session: AsyncSession, request_ids: Collection[int]
) -> dict[int, Outcome]:
    """For each request, the one before it of its project that counts.

    Neither what nobody was asked counts, nor a miss that is nobody's: that has no number.
    """
    earlier, before = aliased(StatusRequest), aliased(StatusRequest)
    newest = (
        select(earlier.id)
        .where(
            earlier.project_id == StatusRequest.project_id,
            col(earlier.opens_on) < StatusRequest.opens_on,
            earlier.state != RequestState.EXCUSED,
            or_(col(earlier.state) != RequestState.MISSED, col(earlier.misses) > 0),
        )
        .order_by(col(earlier.opens_on).desc(), col(earlier.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await session.exec(
        select(StatusRequest.id, before.id, before.state, before.misses)
        .join(before, col(before.id) == newest)
        .where(col(StatusRequest.id).in_(request_ids))
    )
    return {number: Outcome(*outcome) for number, *outcome in found.all() if number is not None}


async def missed_rows(
    session: AsyncSession, workspace_id: int, cycle_ids: Collection[int]
) -> list[RequestRow]:
    """The requests of some cycles that were missed at the cut-off, by cycle and code."""
    found = await session.exec(
        select(StatusRequest, Project, Cycle, Council)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            col(StatusRequest.cycle_id).in_(cycle_ids),
            col(StatusRequest.misses) > 0,
        )
        .order_by(col(Cycle.id), Project.code)
    )
    return [RequestRow(*row) for row in found.all()]


async def projects_by_id(session: AsyncSession, ids: Collection[int]) -> dict[int, Project]:
    """Some projects, by their number."""
    found = await session.exec(select(Project).where(col(Project.id).in_(ids)))
    return {each.pk: each for each in found.all()}

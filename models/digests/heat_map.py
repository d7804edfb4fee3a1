"""What a heat map tells beside the answers: the cycles in which none came."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting import AWAITING, UNASKED, Cycle, StatusRequest
from models.enums import RequestState


class Unanswered(NamedTuple):
    """A request of an earlier cycle without an answer."""

    project_id: int
    opens_on: date
    state: RequestState
    reason: str


async def unanswered_requests(
    session: AsyncSession, cycle: Cycle, earlier: Collection[Cycle]
) -> list[Unanswered]:
    """The requests of earlier cycles that a cycle's projects have not answered."""
    columns = (
        StatusRequest.project_id,
        StatusRequest.opens_on,
        StatusRequest.state,
        StatusRequest.reason,
    )
    asked = select(StatusRequest.project_id).where(StatusRequest.cycle_id == cycle.pk)
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .where(
            col(StatusRequest.cycle_id).in_([each.pk for each in earlier]),
            col(StatusRequest.state).in_((*AWAITING, *UNASKED)),
            col(StatusRequest.project_id).in_(asked),
        )
        .order_by(col(StatusRequest.project_id), col(StatusRequest.opens_on))
    )
    return [Unanswered(*row) for row in found.all()]

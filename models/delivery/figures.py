"""How much is still to be said, for whoever watches the bot."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.delivery.tables import LIVE, Delivery
from models.enums import DeliveryState


@dataclass(frozen=True)
class Queue:
    """What is not said yet."""

    due: int
    """What should be on its way now."""
    waiting: int
    """What has to wait: for its reader's hours or budget, or until it is tried again."""
    oldest_due_at: datetime | None
    """Since when the oldest of what is due has been so."""


async def queue_of(session: AsyncSession, workspace_id: int, now: datetime) -> Queue:
    """The queue of all replicas, in one statement that reads nothing of what is said already."""
    is_due = col(Delivery.due_at) <= now
    unadmitted = select(func.count()).where(
        Delivery.workspace_id == workspace_id, _is_in(DeliveryState.WAITING)
    )
    statement = select(
        func.count(case((is_due, 1))),
        func.count(case((~is_due, 1))) + unadmitted.scalar_subquery(),
        func.min(case((is_due, col(Delivery.due_at)))),
    ).where(Delivery.workspace_id == workspace_id, _is_in(*LIVE))
    due, waiting, oldest = (await session.exec(statement)).one()
    return Queue(due, waiting, oldest)


def _is_in(*states: DeliveryState) -> ColumnElement[bool]:
    """Written out, for a bound value would not match the partial indexes."""
    values: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in states]
    if len(values) == 1:  # an index on `state = 'waiting'` does not serve `state IN ('waiting')`
        return col(Delivery.state) == values[0]
    return col(Delivery.state).in_(values)

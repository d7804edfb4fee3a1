"""When something can go on in a conversation, and where nobody has looked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.delivery.queue import front, is_takeable, joined, with_parent
from models.delivery.tables import Delivery
from models.enums import DeliveryState, DeliveryStep


@dataclass(frozen=True)
class Waiting:
    """A delivery that nothing else at its place has to go before, and what it waits for."""

    delivery_id: int
    step: DeliveryStep
    due_at: datetime
    ready_at: datetime
    """Its own time: it is due, or the lease of the worker that holds it runs out."""
    method_at: datetime | None
    """When Slack's limit for the method leaves the next slot; None if nobody used it yet."""
    lane_at: datetime | None
    """The same for the conversation."""


async def waiting_at(
    session: AsyncSession, workspace_id: int, conversation: str, now: datetime
) -> Sequence[Waiting]:
    """What waits in a conversation: at most one delivery of its own, and one of each thread."""
    read = joined()
    statement = front(
        select(Delivery, read.step, read.method.next_at, read.lane.next_at), read
    ).where(col(Delivery.conversation) == bindparam("conversation"))
    values = {"workspace_id": workspace_id, "now": now, "conversation": conversation}
    found = await session.exec(statement, params=values)
    return [
        Waiting(
            delivery_id=row.pk,
            step=DeliveryStep(step),
            due_at=row.due_at,
            ready_at=row.lease_until or row.due_at,
            method_at=method_at,
            lane_at=lane_at,
        )
        for row, step, method_at, lane_at in found
    ]


async def count_ahead(
    session: AsyncSession, workspace_id: int, waiting: Waiting, now: datetime
) -> int:
    """How many that are due longer want to use the same method."""
    read = joined()
    statement = with_parent(select(func.count()).select_from(Delivery), read).where(
        col(Delivery.state) == DeliveryState.DUE,
        read.step == bindparam("step"),
        tuple_(col(Delivery.due_at), col(Delivery.id))
        < tuple_(bindparam("due_at", waiting.due_at), bindparam("id", waiting.delivery_id)),
    )
    values = {"workspace_id": workspace_id, "now": now, "step": waiting.step.value}
    return (await session.exec(statement, params=values)).one()


async def unattended(session: AsyncSession, workspace_id: int, since: datetime) -> Sequence[str]:
    """The conversations where something could have gone on since then, but for Slack's limits."""
    read = joined()
    statement = front(select(Delivery.conversation), read).where(is_takeable()).distinct()
    values = {"workspace_id": workspace_id, "now": since}
    return (await session.exec(statement, params=values)).all()

"""What waits until its reader's hours and budget admit it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal_column, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.delivery.tables import Delivery
from models.enums import Attention, DeliveryState

_UNREAD = (DeliveryState.WAITING, DeliveryState.EXPIRED)
"""What was admitted once and still never reached its reader."""


class WaitingRow(NamedTuple):
    """Something that waits, without its message."""

    id: int
    person_id: int
    attention: Attention
    expires_at: datetime | None
    waited_for: str
    place: str


async def is_anybody_waiting(session: AsyncSession, workspace_id: int, now: datetime) -> bool:
    """Whether there is something to look at."""
    return bool((await session.exec(_readers(workspace_id, now, 1))).all())


async def readers(
    session: AsyncSession, workspace_id: int, now: datetime, most: int
) -> Sequence[int]:
    """The numbers of people for whom something is to be looked at, who wait longest first."""
    found = await session.exec(_readers(workspace_id, now, most))
    return [person_id for person_id in found.all() if person_id is not None]


def _readers(workspace_id: int, now: datetime, most: int) -> SelectOfScalar[int | None]:
    person_id = col(Delivery.person_id)
    return (
        select(person_id)
        .where(Delivery.workspace_id == workspace_id, _is_waiting(), Delivery.due_at <= now)
        .group_by(person_id)
        .order_by(func.min(Delivery.due_at), person_id)
        .limit(most)
    )


async def waiting_for(
    session: AsyncSession, workspace_id: int, people: Collection[int], now: datetime
) -> list[WaitingRow]:
    """All that is to be looked at for some people, locked; what somebody changes now is left."""
    columns = [col(getattr(Delivery, name)) for name in WaitingRow._fields]
    statement = (
        select(*columns)
        .where(
            Delivery.workspace_id == workspace_id,
            _is_waiting(),
            Delivery.due_at <= now,
            col(Delivery.person_id).in_(people),
        )
        .order_by(col(Delivery.id))
        .with_for_update(skip_locked=True)
    )
    return [WaitingRow(*found) for found in (await session.exec(statement)).all()]


async def admitted_since(
    session: AsyncSession, workspace_id: int, people: Collection[int], since: datetime
) -> list[tuple[int, datetime]]:
    """What was admitted to some people from an instant on: to whom, and when."""
    found = await session.exec(
        select(col(Delivery.person_id), col(Delivery.admitted_at)).where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.person_id).in_(people),
            col(Delivery.admitted_at) >= since,
            col(Delivery.state).not_in(_UNREAD),
        )
    )
    return [(person_id, at) for person_id, at in found.all() if person_id and at]


async def store_decisions(session: AsyncSession, decisions: Sequence[Mapping[str, Any]]) -> None:
    """Bring rows to new values, all with the same columns; `id` says which."""
    await session.exec(update(Delivery), params=decisions)


def _is_waiting() -> ColumnElement[bool]:
    """As the partial index says it: written out, for a bound value would not match it."""
    return col(Delivery.state) == literal_column(f"'{DeliveryState.WAITING}'")

"""Events that Slack has handed over: each is worked on once, and none is forgotten half-way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, delete, null, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row
from models.delivery.rows import insert_if_new


class InboxEvent(Row, table=True):
    """One event of Slack's Events API, by its id."""

    __tablename__ = "inbox_event"
    __table_args__ = (UniqueConstraint("workspace_id", "event_id"),)

    event_id: str
    body: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """As Slack sent it, until it is dealt with; nothing of it is kept then."""
    received_at: datetime = Field(index=True)
    taken_at: datetime
    """When somebody last began to deal with it."""
    tries: int = 1


async def take_in(
    session: AsyncSession, workspace_id: int, event_id: str, body: Mapping[str, Any], now: datetime
) -> bool:
    """Store an event; False if it was handed over before."""
    event = InboxEvent(
        workspace_id=workspace_id,
        event_id=event_id,
        body=dict(body),
        received_at=now,
        taken_at=now,
    )
    return await insert_if_new(session, event, ("workspace_id", "event_id"))


async def dealt_with(session: AsyncSession, workspace_id: int, event_id: str) -> None:
    """Forget what was in an event; that it came is kept, so that it is not dealt with again."""
    await session.exec(
        update(InboxEvent)
        .where(col(InboxEvent.workspace_id) == workspace_id, col(InboxEvent.event_id) == event_id)
        .values(body=null())
    )


async def left_behind(
    session: AsyncSession, workspace_id: int, before: datetime, now: datetime
) -> Sequence[InboxEvent]:
    """Take the events that somebody began with before an instant and never ended, oldest first."""
    statement = (
        select(InboxEvent)
        .where(
            InboxEvent.workspace_id == workspace_id,
            col(InboxEvent.body).is_not(None),
            InboxEvent.taken_at < before,
        )
        .order_by(col(InboxEvent.received_at), col(InboxEvent.id))
        .with_for_update(skip_locked=True)
    )
    found = (await session.exec(statement)).all()
    for each in found:
        each.taken_at = now
        each.tries += 1
    return found


async def purge(session: AsyncSession, workspace_id: int, before: datetime) -> None:
    """Forget the events that came before an instant."""
    await session.exec(
        delete(InboxEvent).where(
            col(InboxEvent.workspace_id) == workspace_id, col(InboxEvent.received_at) < before
        )
    )

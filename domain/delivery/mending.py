"""What was given up, shown to the PMO, tried again once its cause is mended, or dropped."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.errors import CannotMendError
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.delivery.values import Undelivered
from domain.errors import NotFoundError
from models.delivery import UNSAID, Delivery, rows
from models.delivery.rows import UnsaidRow
from models.enums import DeliveryState
from models.portfolio import AuditEntry

_DROPPED = "dropped"


async def failures(session: AsyncSession, workspace_id: int, now: datetime) -> list[Undelivered]:
    """Everything that was given up and is neither mended nor dropped, oldest first."""
    return [_undelivered(each, now) for each in await rows.unsaid(session, workspace_id)]


async def try_again_in(
    session: AsyncSession, outbox: Outbox, channel_id: str, now: datetime
) -> int:
    """Give what could not be said in a channel another chance; how many messages."""
    return await outbox.try_again(session, Place.channel(channel_id), now)


async def retry(
    session: AsyncSession, outbox: Outbox, delivery_id: int, actor: str, now: datetime
) -> None:
    """Give one thing that was given up another chance; arguments and errors as in the service."""
    row = await _given_up(session, outbox, delivery_id)
    if _is_over(row, now):
        raise CannotMendError(
            "Its time is over: nobody could use it any more. Drop it to take it off the list."
        )
    session.add(_audit(row, row.state, DeliveryState.DUE, actor, now))
    await outbox.revive(session, row, now)


async def drop(
    session: AsyncSession, outbox: Outbox, delivery_id: int, actor: str, now: datetime
) -> None:
    """Give one thing up for good; arguments and errors as in the service."""
    row = await _given_up(session, outbox, delivery_id)
    session.add(_audit(row, row.state, _DROPPED, actor, now))
    # What stands in Slack with an older text is said: its replies and its next text still come.
    row.state = DeliveryState.EXPIRED if row.slack_ts is None else DeliveryState.SENT
    row.reason = f"dropped by {actor}: {row.reason}"
    await outbox.carrier.carry(session, {row.conversation})


async def _given_up(session: AsyncSession, outbox: Outbox, delivery_id: int) -> Delivery:
    row = await rows.delivery(session, outbox.workspace_id, delivery_id)
    if row is None:
        raise NotFoundError("There is no such message.")
    if row.state not in UNSAID:
        raise CannotMendError(
            "It is not undelivered any more: it was delivered, tried again or dropped meanwhile. "
            "Look at the newest list."
        )
    return row


def _audit(row: Delivery, old: str, new: str, actor: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        workspace_id=row.workspace_id,
        at=now,
        actor=actor,
        subject=f"delivery {row.pk}",
        field="state",
        old=old,
        new=new,
    )


def _undelivered(found: UnsaidRow, now: datetime) -> Undelivered:
    row, person = found.delivery, found.person
    return Undelivered(
        delivery_id=row.pk,
        kind=row.kind,
        channel_id=None if person else row.channel_id or found.thread_channel_id,
        person_slack_id=person.slack_id if person else None,
        since=row.due_at,
        cause=row.reason,
        cure=row.cure,
        is_held=row.state is DeliveryState.HELD,
        is_edit=row.slack_ts is not None,
        is_over=_is_over(row, now),
    )


def _is_over(row: Delivery, now: datetime) -> bool:
    is_unseen = row.slack_ts is None and not row.is_uncertain
    return is_unseen and row.expires_at is not None and row.expires_at <= now

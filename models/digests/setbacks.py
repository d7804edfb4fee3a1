"""What could not be composed: how often, why, and when it is tried again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Integer, UniqueConstraint, delete, exists
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Mapped
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.calendar import PortfolioDigest
from models.collecting import Cycle
from models.enums import Composing
from models.portfolio import Council, Person

_OF_CYCLES: Final = (
    *(Composing.DIGEST, Composing.AMENDMENT),
    *(Composing.PREVIEW, Composing.RENEWAL),
)


class Setback(Row, table=True):
    """One thing whose composing raised: it is put off, so that what is due behind it goes on."""

    __table_args__ = (UniqueConstraint("work", "item_id"),)

    work: Composing = Field(sa_column=Column(EnumText(Composing), nullable=False))
    item_id: int = Field(sa_column=Column(Integer, nullable=False))
    """Of the cycle, of the portfolio digest, of the follower."""
    failures: int
    """In a row."""
    failed_at: datetime
    next_at: datetime
    """It is not tried before."""
    reason: str
    """What was raised where; nothing of what people have written."""


class SetbackRow(NamedTuple):
    """A setback and what it is of: cycle and council, or the portfolio digest, or the follower."""

    setback: Setback
    cycle: Cycle | None
    council: Council | None
    digest: PortfolioDigest | None
    person: Person | None


def is_not_put_off(
    work: Composing, item_id: Mapped[int | None] | Mapped[int], now: datetime
) -> ColumnElement[bool]:
    """The condition that something may be composed now, as far as earlier failures go."""
    return ~exists().where(
        col(Setback.work) == work, col(Setback.item_id) == item_id, col(Setback.next_at) > now
    )


def is_of_database(error: Exception) -> bool:
    """Whether the database failed, which is no fault of what was being composed."""
    return isinstance(error, (OperationalError, InterfaceError))


async def setback_of(session: AsyncSession, work: Composing, item_id: int) -> Setback:
    """How something that has a row failed so far, locked."""
    found = await session.exec(
        select(Setback).where(Setback.work == work, Setback.item_id == item_id).with_for_update()
    )
    return found.one()


async def forget_setbacks(
    session: AsyncSession, work: Composing, item_ids: Collection[int]
) -> None:
    """Something is composed after all, if this transaction ends well."""
    await session.exec(
        delete(Setback).where(col(Setback.work) == work, col(Setback.item_id).in_(item_ids))
    )


async def setbacks_since(
    session: AsyncSession, workspace_id: int, since: datetime
) -> Sequence[SetbackRow]:
    """What is to be tried again after an instant, longest failing first.

    What should have been tried before and was not is not due any more: somebody has taken it back.
    """
    is_follower = (col(Setback.work) == Composing.FOLLOWERS) & (col(Person.id) == Setback.item_id)
    is_broad = (col(Setback.work) == Composing.PORTFOLIO_DIGEST) & (
        col(PortfolioDigest.id) == Setback.item_id
    )
    statement = (
        select(Setback, Cycle, Council, PortfolioDigest, Person)  # type: ignore[call-overload]
        .outerjoin(Cycle, col(Setback.work).in_(_OF_CYCLES) & (col(Cycle.id) == Setback.item_id))
        .outerjoin(Council, col(Council.id) == Cycle.council_id)
        .outerjoin(PortfolioDigest, is_broad)
        .outerjoin(Person, is_follower)
        .where(Setback.workspace_id == workspace_id, col(Setback.next_at) > since)
        .order_by(col(Setback.failures).desc(), col(Setback.id))
    )
    return [SetbackRow(*row) for row in (await session.exec(statement)).all()]

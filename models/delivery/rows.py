"""Storing and finding rows of the ledger."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, null, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, load_only
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row
from models.delivery.tables import LIVE, OVER, UNSAID, Delivery
from models.enums import DeliveryState
from models.portfolio import Person

_SUBJECT_PART = ("workspace_id", "key", "part")
_KEYS_AT_ONCE = 5_000
"""Keys of one statement: SQLite takes at most 32,766 values in it."""


async def insert_if_new(session: AsyncSession, row: Row, unique: Sequence[str]) -> bool:
    """Store a row unless one with the same unique columns exists; tell whether it was stored."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(type(row))
        .values(row.model_dump(exclude={"id"}))
        .on_conflict_do_nothing(index_elements=unique)
        .returning(col(type(row).id))
    )
    return (await session.exec(statement)).first() is not None


async def insert_delivery(session: AsyncSession, delivery: Delivery) -> bool:
    """Store a part of a subject unless it exists; tell whether it was stored."""
    return await insert_if_new(session, delivery, _SUBJECT_PART)


async def insert_deliveries(session: AsyncSession, deliveries: Sequence[Delivery]) -> set[str]:
    """Store the first parts of subjects that do not exist yet, in order; gives their keys."""
    if not deliveries:
        return set()
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(Delivery)
        .on_conflict_do_nothing(index_elements=_SUBJECT_PART)
        .returning(col(Delivery.key))
    )
    values = [each.model_dump(exclude={"id"}) for each in deliveries]
    return set((await session.exec(statement, params=values)).scalars())


async def parts_of(session: AsyncSession, workspace_id: int, key: str) -> Sequence[Delivery]:
    """The parts of a subject in their order, locked until the transaction ends."""
    return (await parts_by_key(session, workspace_id, [key])).get(key, [])


async def parts_by_key(
    session: AsyncSession, workspace_id: int, keys: Collection[str]
) -> dict[str, list[Delivery]]:
    """The parts of subjects, each in their order, locked until the transaction ends."""
    found: dict[str, list[Delivery]] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        statement = (
            select(Delivery)
            .where(
                Delivery.workspace_id == workspace_id,
                col(Delivery.key).in_(wanted[start : start + _KEYS_AT_ONCE]),
            )
            .order_by(col(Delivery.key), col(Delivery.part))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for each in (await session.exec(statement)).all():
            found.setdefault(each.key, []).append(each)
    return found


async def first_part(session: AsyncSession, workspace_id: int, key: str) -> Delivery | None:
    """Where the first part of a subject stands, or None if it was never said.

    Without its message: every reply of a thread asks for its head, whose message may be large.
    """
    statement = (
        select(Delivery)
        .where(Delivery.workspace_id == workspace_id, Delivery.key == key, Delivery.part == 0)
        .options(
            load_only(
                Delivery.key,  # type: ignore[arg-type]
                Delivery.place_kind,  # type: ignore[arg-type]
                Delivery.place,  # type: ignore[arg-type]
                Delivery.channel_id,  # type: ignore[arg-type]
                Delivery.parent_key,  # type: ignore[arg-type]
                raiseload=True,
            )
        )
    )
    return (await session.exec(statement)).first()


async def unsaid_at(
    session: AsyncSession, workspace_id: int, conversation: str
) -> Sequence[Delivery]:
    """What was given up or is held in a conversation, threads included, locked."""
    statement = (
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            is_unsaid(),
            Delivery.conversation == conversation,
        )
        .order_by(col(Delivery.key), col(Delivery.part))  # as all who lock subjects
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).all()


class UnsaidRow(NamedTuple):
    """Something that was given up, with where it was for."""

    delivery: Delivery
    thread_channel_id: str | None
    """For a reply, the channel of its thread."""
    person: Person | None
    """Whose direct messages it is for."""


async def unsaid(session: AsyncSession, workspace_id: int) -> Sequence[UnsaidRow]:
    """Everything that was given up or is held, oldest first."""
    parent = aliased(Delivery)
    statement = (
        select(Delivery, parent.channel_id, Person)
        .outerjoin(
            parent,
            and_(
                col(parent.workspace_id) == Delivery.workspace_id,
                col(parent.key) == Delivery.parent_key,
                col(parent.part) == 0,
            ),
        )
        .outerjoin(Person, col(Person.id) == func.coalesce(parent.person_id, Delivery.person_id))
        .where(Delivery.workspace_id == workspace_id, is_unsaid())
        .order_by(col(Delivery.due_at), col(Delivery.id))
    )
    return [UnsaidRow(*found) for found in (await session.exec(statement)).all()]


def is_unsaid() -> ColumnElement[bool]:
    """As the partial index says it: written out, for a bound value would not match it."""
    states: BindParameter[list[str]] = bindparam(
        "unsaid", [state.value for state in UNSAID], expanding=True, literal_execute=True
    )
    return col(Delivery.state).in_(states)


class InSlack(NamedTuple):
    """Where a message is, as Slack knows it; what is not posted has less of it."""

    channel_id: str | None
    ts: str | None
    thread_ts: str | None


async def in_slack(session: AsyncSession, workspace_id: int, key: str) -> InSlack | None:
    """Where the first part of a subject is; None if it was never said."""
    statement = select(Delivery.channel_id, Delivery.slack_ts, Delivery.thread_ts).where(
        Delivery.workspace_id == workspace_id, Delivery.key == key, Delivery.part == 0
    )
    found = (await session.exec(statement)).first()
    return InSlack(*found) if found else None


async def delivery(session: AsyncSession, workspace_id: int, delivery_id: int) -> Delivery | None:
    """One row by its number, locked."""
    statement = (
        select(Delivery)
        .where(Delivery.workspace_id == workspace_id, Delivery.id == delivery_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def mark_told(
    session: AsyncSession, workspace_id: int, hit: Collection[int], key: str
) -> int:
    """Note under which notice the PMO hears of deliveries; how many it tells of by now."""
    await session.exec(update(Delivery).where(col(Delivery.id).in_(hit)).values(told_under=key))
    found = await session.exec(
        select(func.count()).where(
            Delivery.workspace_id == workspace_id, Delivery.told_under == key
        )
    )
    return found.one()


async def strip(
    session: AsyncSession, workspace_id: int, before: datetime, now: datetime, most: int
) -> int:
    """Drop the texts of what has been over since before an instant; how many rows they were of."""
    old = (
        select(Delivery.id)
        .where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.stripped_at).is_(None),
            Delivery.created_at < before,
            func.coalesce(Delivery.posted_at, Delivery.created_at) < before,
            col(Delivery.state).in_(OVER),
        )
        .order_by(col(Delivery.created_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    numbers = (await session.exec(old)).all()
    await session.exec(
        update(Delivery)
        .where(col(Delivery.id).in_(numbers))
        .values(
            value={},
            posted_text=None,
            posted_blocks=null(),
            pictures=null(),
            stripped_at=now,
        )
    )
    return len(numbers)


async def is_any_said_since(session: AsyncSession, workspace_id: int, since: datetime) -> bool:
    """Whether Slack has taken anything after an instant."""
    found = await session.exec(
        select(Delivery.id)
        .where(Delivery.workspace_id == workspace_id, col(Delivery.posted_at) > since)
        .limit(1)
    )
    return found.first() is not None


async def leased(session: AsyncSession, delivery_id: int, lease_owner: str) -> Delivery | None:
    """The row that a worker holds, locked; None if another has taken it over since."""
    statement = (
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.lease_owner == lease_owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def store_dm(session: AsyncSession, delivery: Delivery, channel_id: str | None) -> None:
    """Remember the direct messages that a delivery goes to, opened once; None forgets them."""
    await session.exec(
        update(Person).where(col(Person.id) == delivery.person_id).values(dm_channel=channel_id)
    )


async def pmo_people(session: AsyncSession, workspace_id: int) -> Sequence[Person]:
    """Those who hear of what could not be said."""
    statement = (
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            col(Person.is_pmo).is_(True),
            col(Person.is_gone).is_(False),
            col(Person.is_guest).is_(False),
        )
        .order_by(col(Person.id))
    )
    return (await session.exec(statement)).all()


async def next_due(session: AsyncSession, workspace_id: int) -> datetime | None:
    """When the earliest of all that is still to be said is looked at; None if nothing is."""
    found = await session.exec(
        select(func.min(Delivery.due_at)).where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.state).in_((*LIVE, DeliveryState.WAITING)),
        )
    )
    return found.one()

"""Tables of the room `delivery`: the ledger of everything said, the pacing clock, the inbox.

The queries find what can be said next, and lock it against every other worker.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    ColumnElement,
    ColumnExpressionArgument,
    Index,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import DeliveryState, PlaceKind
from models.portfolio import Person

LIVE = (DeliveryState.DUE, DeliveryState.SENDING)
"""What is still to be said; the followers at the same place wait for it."""

_LIVE = text("state IN ('due', 'sending')")


class Delivery(Row, table=True):
    """One Slack message: what is said, where, and how far it got.

    A subject (`key`) whose text outgrows one Slack message has several rows, numbered by `part`.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "key", "part"),
        Index(
            "ix_delivery_live",
            "workspace_id",
            "due_at",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_delivery_place",
            "workspace_id",
            "place",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    key: str
    """What, whom, when: `request:17:2026-11-25`. Never shown outside."""
    part: int = 0
    leader_id: int | None = Field(default=None, foreign_key="delivery.id")
    """For the further parts, the row of part 0: they follow right behind it."""
    opaque_id: str = Field(unique=True)
    """What Slack's message metadata carries: any app in the workspace can read that."""
    kind: str
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    revision: int = 1
    """Rises with each new value of the same subject."""

    place_kind: PlaceKind = Field(sa_column=Column(EnumText(PlaceKind), nullable=False))
    place: str
    """Orders are kept within a place: `channel:C1`, `person:7`, `thread:digest:3:2026-11-27`."""
    channel_id: str | None = None
    """Known from the start for a channel; for a person and a thread, once it is posted."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    parent_key: str | None = Field(default=None, index=True)
    """A thread reply waits until this subject's first part is posted."""

    state: DeliveryState = Field(
        default=DeliveryState.DUE, sa_column=Column(EnumText(DeliveryState), nullable=False)
    )
    due_at: datetime
    expires_at: datetime | None = None
    attempts: int = 0
    first_attempt_at: datetime | None = None
    """When a post was first tried: a look-up need not read further back."""
    attempted_revision: int = 0
    """What the last post carried: what is there, if a look-up finds it."""
    is_uncertain: bool = False
    """The last post may have been accepted: look it up before posting again."""
    lease_owner: str | None = None
    lease_until: datetime | None = None
    reason: str = ""
    """Why it failed, expired or is held, with the cure."""

    slack_ts: str | None = None
    posted_revision: int = 0
    posted_at: datetime | None = None
    posted_text: str | None = None
    posted_blocks: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON))
    created_at: datetime


class Gate(Row, table=True):
    """The pacing clock of one scope (a method, a channel): the next instant it may be used."""

    __table_args__ = (UniqueConstraint("workspace_id", "scope"),)

    scope: str
    next_at: datetime


class InboxEvent(Row, table=True):
    """An event that Slack has handed over: stored first, so that a retry is seen as one."""

    __tablename__ = "inbox_event"
    __table_args__ = (UniqueConstraint("workspace_id", "event_id"),)

    event_id: str
    received_at: datetime


class Step(StrEnum):
    """What a delivery needs next: one Slack method, which is also the scope of its pacing."""

    OPEN_DM = "conversations.open"
    LOOK_UP = "conversations.history"
    POST = "chat.postMessage"
    EDIT = "chat.update"
    EXPIRE = "expire"
    """No call at all: its time is over."""


@dataclass(frozen=True)
class Candidate:
    """A delivery that can go on now, with the rows that its next step needs."""

    delivery: Delivery
    parent: Delivery | None
    """What it is a reply to."""
    person: Person | None
    """Whose direct messages it goes to."""
    step: Step


def lane(root_place: str) -> str:
    """The pacing scope of one conversation: Slack takes about one post a second in each."""
    return f"{Step.POST} {root_place}"


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
    return await insert_if_new(session, delivery, ("workspace_id", "key", "part"))


async def parts_of(session: AsyncSession, workspace_id: int, key: str) -> Sequence[Delivery]:
    """The parts of a subject in their order, locked until the transaction ends."""
    statement = (
        select(Delivery)
        .where(Delivery.workspace_id == workspace_id, Delivery.key == key)
        .order_by(col(Delivery.part))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).all()


async def first_part(session: AsyncSession, workspace_id: int, key: str) -> Delivery | None:
    """The first part of a subject, or None if it was never said."""
    statement = select(Delivery).where(
        Delivery.workspace_id == workspace_id, Delivery.key == key, Delivery.part == 0
    )
    return (await session.exec(statement)).first()


async def unsaid_at(session: AsyncSession, workspace_id: int, place: str) -> Sequence[Delivery]:
    """What was given up or is held at a place and in the threads there, locked."""
    parent = aliased(Delivery)
    heads = select(parent.key).where(parent.workspace_id == workspace_id, parent.place == place)
    statement = (
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.state).in_((DeliveryState.FAILED, DeliveryState.HELD)),
            or_(col(Delivery.place) == place, col(Delivery.parent_key).in_(heads)),
        )
        .order_by(col(Delivery.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).all()


async def leased(session: AsyncSession, delivery_id: int, lease_owner: str) -> Delivery | None:
    """The row that a worker holds, locked; None if another has taken it over since."""
    statement = (
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.lease_owner == lease_owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def next_candidate(
    session: AsyncSession, workspace_id: int, now: datetime, horizon: datetime
) -> Candidate | None:
    """The delivery that is due longest, can go on now and is nobody else's; locked.

    At each place only the oldest live one can go on. A reply waits for the message that it is
    under. What Slack's limits would hold back beyond `horizon` is left alone; and what they hold
    back at all comes behind what they do not, so that one busy channel delays no other.
    """
    parent = aliased(Delivery)
    conversation, method = aliased(Gate), aliased(Gate)
    step = _next_step(parent, now)
    statement = (
        select(Delivery, parent, Person, step)
        .outerjoin(
            parent,
            and_(
                col(parent.workspace_id) == Delivery.workspace_id,
                col(parent.key) == Delivery.parent_key,
                col(parent.part) == 0,
            ),
        )
        .outerjoin(Person, col(Person.id) == func.coalesce(parent.person_id, Delivery.person_id))
        .outerjoin(method, _is_gate(method, workspace_id, step))
        .outerjoin(conversation, _is_gate(conversation, workspace_id, _lane_of(parent, step)))
        .where(
            Delivery.workspace_id == workspace_id,
            _is_live(Delivery),
            _is_takeable(now),
            or_(
                col(Delivery.parent_key).is_(None),
                col(parent.slack_ts).is_not(None),
                col(parent.state) == DeliveryState.EXPIRED,
            ),
            ~_has_an_elder(),
            func.coalesce(method.next_at <= horizon, literal(value=True)),
            func.coalesce(conversation.next_at <= horizon, literal(value=True)),
        )
        .order_by(
            case((col(conversation.next_at) > now, 1), else_=0),
            col(Delivery.due_at),
            col(Delivery.id),
        )
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = (await session.exec(statement)).first()
    if found is None:
        return None
    delivery, its_parent, person, its_step = found
    return Candidate(delivery, its_parent, person, Step(its_step))


def _is_takeable(now: datetime) -> ColumnElement[bool]:
    """Due, or left behind by a worker that died."""
    return or_(
        and_(col(Delivery.state) == DeliveryState.DUE, col(Delivery.due_at) <= now),
        and_(col(Delivery.state) == DeliveryState.SENDING, col(Delivery.lease_until) <= now),
    )


def _is_live(delivery: type[Delivery]) -> ColumnElement[bool]:
    """As the partial indexes say it: written out, for a bound value would not match them."""
    live: BindParameter[list[str]] = bindparam(
        "live", [state.value for state in LIVE], expanding=True, literal_execute=True
    )
    return col(delivery.state).in_(live)


def _has_an_elder() -> ColumnElement[bool]:
    """Whether something older is still to be said at the same place."""
    elder = aliased(Delivery)
    return exists().where(
        col(elder.workspace_id) == Delivery.workspace_id,
        col(elder.place) == Delivery.place,
        _is_live(elder),
        tuple_(*_turn(elder)) < tuple_(*_turn(Delivery)),
    )


def _turn(delivery: type[Delivery]) -> tuple[ColumnExpressionArgument[Any], ...]:
    """The order within a place: by age, the further parts of a subject right behind the first."""
    return func.coalesce(delivery.leader_id, delivery.id), col(delivery.part)


def _next_step(parent: type[Delivery], now: datetime) -> ColumnElement[str]:
    """What a delivery needs next; here alone, for the pacing of it decides what can be taken."""
    may_be_posted = or_(col(Delivery.is_uncertain), col(Delivery.state) == DeliveryState.SENDING)
    is_over = or_(col(Delivery.expires_at) <= now, col(parent.state) == DeliveryState.EXPIRED)
    has_no_dm = and_(col(Delivery.place_kind) == PlaceKind.PERSON, col(Person.dm_channel).is_(None))
    return case(
        (col(Delivery.slack_ts).is_not(None), Step.EDIT.value),
        (and_(is_over, ~may_be_posted), Step.EXPIRE.value),
        (has_no_dm, Step.OPEN_DM.value),
        (may_be_posted, Step.LOOK_UP.value),
        else_=Step.POST.value,
    )


def _lane_of(parent: type[Delivery], step: ColumnElement[str]) -> ColumnElement[str]:
    root_place = func.coalesce(parent.place, Delivery.place)
    return case((step == Step.POST.value, literal(lane("")) + root_place), else_=None)


def _is_gate(
    gate: type[Gate], workspace_id: int, scope: ColumnExpressionArgument[str]
) -> ColumnElement[bool]:
    return and_(col(gate.workspace_id) == workspace_id, col(gate.scope) == scope)


async def lock_gates(
    session: AsyncSession, workspace_id: int, scopes: Collection[str], now: datetime
) -> Sequence[Gate]:
    """The gates of some scopes, made where they are missing, locked until the transaction ends."""
    statement = (
        select(Gate)
        .where(Gate.workspace_id == workspace_id, col(Gate.scope).in_(scopes))
        .order_by(col(Gate.scope))  # everybody in the same order: no deadlock
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    gates = (await session.exec(statement)).all()
    missing = set(scopes) - {gate.scope for gate in gates}
    if not missing:
        return gates
    for scope in sorted(missing):
        gate = Gate(workspace_id=workspace_id, scope=scope, next_at=now)
        await insert_if_new(session, gate, ("workspace_id", "scope"))
    return (await session.exec(statement)).all()


async def store_dm(session: AsyncSession, person_id: int, channel_id: str) -> None:
    """Remember the direct messages with a person, so that they are opened once."""
    await session.exec(
        update(Person).where(col(Person.id) == person_id).values(dm_channel=channel_id)
    )


async def pmo_people(session: AsyncSession, workspace_id: int) -> Sequence[Person]:
    """Those who hear of what could not be said."""
    statement = (
        select(Person)
        .where(
            Person.workspace_id == workspace_id,
            col(Person.is_pmo).is_(True),
            col(Person.is_gone).is_(False),
        )
        .order_by(col(Person.id))
    )
    return (await session.exec(statement)).all()

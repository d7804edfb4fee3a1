"""Whose turn it is: what can be said next within Slack's limits, locked against other workers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ColumnExpressionArgument,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    tuple_,
)
from sqlalchemy import (
    Select as GenerativeSelect,
)
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.delivery.rows import insert_if_new
from models.delivery.tables import LIVE, Delivery, Gate
from models.enums import DeliveryState, DeliveryStep, PictureState, PlaceKind
from models.portfolio import Person

S = TypeVar("S", bound=GenerativeSelect[*tuple[Any, ...]])

_WORKSPACE: BindParameter[int] = bindparam("workspace_id")
_NOW: BindParameter[datetime] = bindparam("now")
_HORIZON: BindParameter[datetime] = bindparam("horizon")
_BELIEVABLE: BindParameter[datetime] = bindparam("believable")
_CONVERSATION: BindParameter[str] = bindparam("conversation")


@dataclass(frozen=True)
class Candidate:
    """A delivery that can go on now, with the rows that its next step needs."""

    delivery: Delivery
    parent: Delivery | None
    """What it is a reply to."""
    person: Person | None
    """Whose direct messages it goes to."""
    step: DeliveryStep


def lane(conversation: str) -> str:
    """The pacing scope of one conversation: Slack takes about one post a second in each."""
    return f"{DeliveryStep.POST} {conversation}"


async def next_candidate(
    session: AsyncSession,
    workspace_id: int,
    now: datetime,
    horizon: datetime,
    believable: datetime,
    conversation: str | None = None,
) -> Candidate | None:
    """The delivery that is due longest, can go on now and is nobody else's; locked.

    Of all, or of one conversation: what goes to that channel or person, and to threads there.

    At each place only the oldest live one can go on. A reply waits for the message that it is
    under. What Slack's limits would hold back beyond `horizon` is left alone, but for turns beyond
    `believable`, which were taken while a clock was wrong. What they hold back at all comes behind
    what they do not, so that one busy channel delays no other. What was admitted to its reader and
    is not posted for too long must be admitted anew.
    """
    values: dict[str, Any] = {
        "workspace_id": workspace_id,
        "now": now,
        "horizon": horizon,
        "believable": believable,
    }
    if conversation is None:
        statement = _candidates()
    else:
        statement = _candidates_at_one_conversation()
        values["conversation"] = conversation
    found = (await session.exec(statement, params=values)).first()
    if found is None:
        return None
    delivery, parent, person, step = found
    return Candidate(delivery, parent, person, DeliveryStep(step))


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


@dataclass(frozen=True)
class Joined:
    """What a delivery is read together with."""

    parent: type[Delivery]
    method: type[Gate]
    lane: type[Gate]
    step: ColumnElement[str]


def joined() -> Joined:
    """Fresh aliases for a statement."""
    parent = aliased(Delivery)
    return Joined(parent, aliased(Gate), aliased(Gate), _next_step(parent))


def front(statement: S, read: Joined) -> S:
    """Of all that is still to be said, what nothing else has to be said before.

    At each place the oldest, and under a message only once that is posted.
    """
    return (
        with_parent(statement, read)
        .outerjoin(read.method, _is_gate(read.method, read.step))
        .outerjoin(read.lane, _is_gate(read.lane, _lane_of(read.step)))
        .where(
            or_(
                col(Delivery.parent_key).is_(None),
                col(read.parent.slack_ts).is_not(None),
                col(read.parent.state) == DeliveryState.EXPIRED,
            ),
            ~_has_an_elder(),
        )
    )


def with_parent(statement: S, read: Joined) -> S:
    """All that is still to be said in the workspace, with what its next step depends on."""
    parent = read.parent
    return (
        statement.outerjoin(
            parent,
            and_(
                col(parent.workspace_id) == Delivery.workspace_id,
                col(parent.key) == Delivery.parent_key,
                col(parent.part) == 0,
            ),
        )
        .outerjoin(Person, col(Person.id) == func.coalesce(parent.person_id, Delivery.person_id))
        .where(col(Delivery.workspace_id) == _WORKSPACE, _is_live(Delivery))
    )


@cache
def _candidates() -> Select[Delivery, Delivery, Person, str]:
    """The statement, built once: building it takes longer than running it."""
    return _takeable(joined())


@cache
def _candidates_at_one_conversation() -> Select[Delivery, Delivery, Person, str]:
    read = joined()
    return _takeable(read).where(col(Delivery.conversation) == _CONVERSATION)


def _takeable(read: Joined) -> Select[Delivery, Delivery, Person, str]:
    return (
        front(select(Delivery, read.parent, Person, read.step), read)
        .where(
            is_takeable(),
            _is_open(read.method),
            _is_open(read.lane),
        )
        .order_by(
            case((col(read.lane.next_at) > _NOW, 1), else_=0),
            col(Delivery.due_at),
            col(Delivery.id),
        )
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _is_open(gate: type[Gate]) -> ColumnElement[bool]:
    """Whether a turn is near; one that is far beyond any pause was taken by a wrong clock."""
    return or_(
        col(gate.next_at).is_(None), col(gate.next_at) <= _HORIZON, col(gate.next_at) > _BELIEVABLE
    )


def is_takeable() -> ColumnElement[bool]:
    """Due, or left behind by a worker that died; it was due as well, and `due_at` has the index."""
    return and_(
        col(Delivery.due_at) <= _NOW,
        or_(col(Delivery.state) == DeliveryState.DUE, col(Delivery.lease_until) <= _NOW),
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


def _next_step(parent: type[Delivery]) -> ColumnElement[str]:
    """What a delivery needs next; here alone, for the pacing of it decides what can be taken."""
    may_be_posted = or_(col(Delivery.is_uncertain), col(Delivery.state) == DeliveryState.SENDING)
    is_over = or_(col(Delivery.expires_at) <= _NOW, col(parent.state) == DeliveryState.EXPIRED)
    is_stale = col(Delivery.admitted_until) <= _NOW
    has_no_dm = and_(col(Delivery.place_kind) == PlaceKind.PERSON, col(Person.dm_channel).is_(None))
    has_picture_due = col(Delivery.picture_state) == PictureState.DUE
    is_posted = col(Delivery.slack_ts).is_not(None)
    return case(
        (and_(is_posted, has_picture_due), DeliveryStep.UPLOAD.value),
        (is_posted, DeliveryStep.EDIT.value),
        (and_(is_over, ~may_be_posted), DeliveryStep.EXPIRE.value),
        (and_(is_stale, ~may_be_posted), DeliveryStep.ADMIT.value),
        # Nothing to look up: who found it due has not posted, nor has who died uploading it.
        (has_picture_due, DeliveryStep.UPLOAD.value),
        (has_no_dm, DeliveryStep.OPEN_DM.value),
        (may_be_posted, DeliveryStep.LOOK_UP.value),
        else_=DeliveryStep.POST.value,
    )


def _lane_of(step: ColumnElement[str]) -> ColumnElement[str]:
    scope = literal(lane("")) + col(Delivery.conversation)
    return case((step == DeliveryStep.POST.value, scope), else_=None)


def _is_gate(gate: type[Gate], scope: ColumnExpressionArgument[str]) -> ColumnElement[bool]:
    return and_(col(gate.workspace_id) == _WORKSPACE, col(gate.scope) == scope)

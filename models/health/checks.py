"""Tables of the room `health`: what Slack said when it was last asked, and when it is next."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    UniqueConstraint,
    and_,
    case,
    delete,
    func,
    or_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row
from models.collecting import (
    AWAITING,
    Cycle,
    StatusRequest,
    is_newest_asked,
)
from models.delivery import Delivery
from models.delivery.rows import insert_if_new
from models.delivery.tables import LIVE
from models.enums import CycleState, DeliveryState, RequestState
from models.portfolio import Council, Person, Project


class SlackCheck(Row, table=True):
    """The last time that Slack was asked about people, channels and the app itself."""

    __tablename__ = "slack_check"
    __table_args__ = (UniqueConstraint("workspace_id"),)

    next_at: datetime
    """When it is due again: moved on by whoever does it, so that one replica alone does."""
    done_at: datetime | None = None
    scopes: list[str] | None = Field(default=None, sa_column=Column(JSON))
    """What the app is granted; None as long as Slack has not told."""
    skew_seconds: float | None = None
    """How far the bot's clock was ahead of Slack's."""
    troubles: list[dict[str, str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    """What could not be found out: `subject`, `cause`, `cure` of each."""


class WatchedChannel(Row, table=True):
    """A channel that the bot posts to, as Slack described it last."""

    __tablename__ = "watched_channel"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)

    channel_id: str
    name: str
    is_found: bool
    """Whether Slack listed it: it does not list what is deleted, nor private ones without us."""
    is_private: bool = False
    is_archived: bool = False
    is_member: bool = False


@dataclass(frozen=True)
class CheckResult:
    """What one round of questions found out."""

    scopes: list[str] | None
    skew_seconds: float | None
    troubles: list[dict[str, str]]


class QueueNumbers(NamedTuple):
    """How much is still to be said."""

    due: int
    """What should be on its way now."""
    later: int
    """What waits for its hour, or for Slack."""
    oldest_due_at: datetime | None


class UnaskedRow(NamedTuple):
    """A request of a cycle that is not reported yet, and that says why it is not as planned."""

    request: StatusRequest
    project: Project
    council: Council
    manager: Person


class WantedRow(NamedTuple):
    """A request that waits for an answer."""

    request: StatusRequest
    project: Project
    cycle: Cycle


async def claim_check(
    session: AsyncSession, workspace_id: int, now: datetime, next_at: datetime
) -> bool:
    """Take the check if it is due, and put it off until `next_at`; tell whether it was taken."""
    first = SlackCheck(workspace_id=workspace_id, next_at=next_at)
    if await insert_if_new(session, first, ("workspace_id",)):
        return True
    taken = await session.exec(
        update(SlackCheck)
        .where(col(SlackCheck.workspace_id) == workspace_id, col(SlackCheck.next_at) <= now)
        .values(next_at=next_at)
    )
    return taken.rowcount > 0


async def slack_check_of(session: AsyncSession, workspace_id: int) -> SlackCheck | None:
    """The last check, or None if Slack was never asked."""
    found = await session.exec(select(SlackCheck).where(SlackCheck.workspace_id == workspace_id))
    return found.first()


async def store_check(
    session: AsyncSession, workspace_id: int, result: CheckResult, now: datetime, next_at: datetime
) -> None:
    """Write down what a check found out; what it could not find out keeps its last value."""
    await insert_if_new(
        session, SlackCheck(workspace_id=workspace_id, next_at=next_at), ("workspace_id",)
    )
    values: dict[str, Any] = {
        name: value for name, value in asdict(result).items() if value is not None
    }
    await session.exec(
        update(SlackCheck)
        .where(col(SlackCheck.workspace_id) == workspace_id)
        .values(done_at=now, next_at=next_at, **values)
    )


async def store_channels(
    session: AsyncSession, workspace_id: int, channels: Sequence[WatchedChannel]
) -> None:
    """Replace what is known of the channels that the bot posts to."""
    await session.exec(
        delete(WatchedChannel).where(col(WatchedChannel.workspace_id) == workspace_id)
    )
    session.add_all(channels)


async def watched_channels(session: AsyncSession, workspace_id: int) -> dict[str, WatchedChannel]:
    """The channels that were looked at, by id."""
    found = await session.exec(
        select(WatchedChannel).where(WatchedChannel.workspace_id == workspace_id)
    )
    return {channel.channel_id: channel for channel in found.all()}


async def queue_numbers(session: AsyncSession, workspace_id: int, now: datetime) -> QueueNumbers:
    """Count what is still to be said; a reply waits with the message that it is under."""
    parent = aliased(Delivery)
    is_due = and_(col(Delivery.due_at) <= now, col(Delivery.state).in_(LIVE))
    found = await session.exec(
        select(
            func.coalesce(func.sum(case((is_due, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_due, 0), else_=1)), 0),
            func.min(case((is_due, col(Delivery.due_at)), else_=None)),
        )
        .outerjoin(
            parent,
            and_(
                col(parent.workspace_id) == Delivery.workspace_id,
                col(parent.key) == Delivery.parent_key,
                col(parent.part) == 0,
            ),
        )
        .where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.state).in_((*LIVE, DeliveryState.WAITING)),
            or_(col(Delivery.parent_key).is_(None), col(parent.slack_ts).is_not(None)),
        )
    )
    return QueueNumbers(*found.one())


async def unasked_rows(session: AsyncSession, workspace_id: int) -> list[UnaskedRow]:
    """Requests with a reason on the record, in cycles whose digest is still to come."""
    found = await session.exec(
        select(StatusRequest, Project, Council, Person)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .join(Person, col(Person.id) == Project.pm_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            col(Cycle.state).in_((CycleState.OPEN, CycleState.CLOSED)),
            StatusRequest.reason != "",
        )
        .order_by(col(Council.name), col(StatusRequest.opens_on), col(Project.code))
    )
    return [UnaskedRow(*row) for row in found.all()]


async def wanted_of(session: AsyncSession, workspace_id: int, person_id: int) -> list[WantedRow]:
    """What waits for somebody: the newest request of each of their projects.

    What the deputy is asked is the deputy's, and the PM's no more.
    """
    found = await session.exec(
        select(StatusRequest, Project, Cycle)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            or_(
                and_(
                    col(Project.pm_id) == person_id,
                    col(Project.deputy_id).is_distinct_from(col(StatusRequest.person_id)),
                ),
                and_(
                    col(Project.deputy_id) == person_id, col(StatusRequest.person_id) == person_id
                ),
            ),
            col(StatusRequest.state).in_(AWAITING),
            is_newest_asked(),
        )
        .order_by(col(Cycle.cut_off_at), col(Project.code))
    )
    return [WantedRow(*row) for row in found.all()]


async def planned_asks(
    session: AsyncSession, workspace_id: int, person_id: int
) -> list[tuple[datetime, str]]:
    """When somebody is going to be asked, and by which councils, as far as that is planned."""
    found = await session.exec(
        select(StatusRequest.ask_at, Council.name)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            StatusRequest.workspace_id == workspace_id,
            StatusRequest.person_id == person_id,
            StatusRequest.state == RequestState.PENDING,
            Cycle.state == CycleState.OPEN,
        )
        .distinct()
    )
    return [(ask_at, council) for ask_at, council in found.all()]

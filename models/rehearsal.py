"""What the room `rehearsal` reads in a played copy: what was said, what was not, who was left out.

Every statement here is for a copy that holds one workspace alone.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendar import ReportingCalendar
from models.collecting import Cycle, StatusRequest
from models.delivery import Delivery
from models.digests import Digest
from models.enums import DeliveryState, RequestState
from models.portfolio import Council, Person, Phase, Project


class UnaskedRequest(NamedTuple):
    """A status request that nobody was asked."""

    request: StatusRequest
    cycle: Cycle
    project: Project
    council: Council


class LeftOut(NamedTuple):
    """A project that a cycle of its council does not ask."""

    project: Project
    council: Council
    phase: Phase


class ComposedDigest(NamedTuple):
    """A digest, with what it is of."""

    cycle: Cycle
    council: Council


async def newest_delivery_id(session: AsyncSession) -> int:
    """The number of the newest row of the ledger; 0 for an empty one."""
    return (await session.exec(select(func.max(Delivery.id)))).one() or 0


async def unposted(session: AsyncSession) -> dict[int, DeliveryState]:
    """Everything in the ledger that Slack does not show (yet), by number."""
    found = await session.exec(
        select(Delivery.id, Delivery.state).where(col(Delivery.slack_ts).is_(None))
    )
    return {number: DeliveryState(state) for number, state in found.all() if number is not None}


async def touched_deliveries(
    session: AsyncSession, newer_than: int, since: datetime
) -> Sequence[Delivery]:
    """The rows behind a number, those posted since and those not posted at all; oldest first."""
    found = await session.exec(
        select(Delivery)
        .where(
            or_(
                col(Delivery.id) > newer_than,
                col(Delivery.slack_ts).is_(None),
                col(Delivery.slack_ts) >= str(int(since.timestamp())),
            )
        )
        .order_by(col(Delivery.id))
    )
    return found.all()


async def reasons_of_requests(session: AsyncSession) -> dict[int, str]:
    """Why a request went to somebody else, or at another hour: by number, where there is a why."""
    found = await session.exec(
        select(StatusRequest.id, StatusRequest.reason).where(
            StatusRequest.reason != "", col(StatusRequest.asked_at).is_not(None)
        )
    )
    return {number: reason for number, reason in found.all() if number is not None}


async def unasked_requests(
    session: AsyncSession, begin: datetime, until: date
) -> list[UnaskedRequest]:
    """Requests that nobody was asked, of days up to one, in cycles that take answers at `begin`."""
    found = await session.exec(
        select(StatusRequest, Cycle, Project, Council)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            col(StatusRequest.asked_at).is_(None),
            col(StatusRequest.state).in_(
                [RequestState.PENDING, RequestState.MISSED, RequestState.EXCUSED]
            ),
            Cycle.cut_off_at > begin,
            StatusRequest.opens_on <= until,
        )
        .order_by(col(StatusRequest.ask_at), Project.code)
    )
    return [UnaskedRequest(*row) for row in found.all()]


async def left_out_projects(session: AsyncSession, begin: datetime, until: date) -> list[LeftOut]:
    """Projects that no cycle of their council asks that takes answers after `begin`, by code."""
    other = aliased(Cycle)
    is_asked = (
        select(StatusRequest.id)
        .join(other, col(other.id) == StatusRequest.cycle_id)
        .where(StatusRequest.project_id == Project.id, other.cut_off_at > begin)
        .exists()
    )
    found = await session.exec(
        select(Project, Council, Phase)
        .join(Council, col(Council.id) == Project.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .join(Cycle, col(Cycle.council_id) == Council.id)
        .where(Cycle.cut_off_at > begin, Cycle.opens_on <= until, ~is_asked)
        .distinct()
        .order_by(Council.name, Phase.name, Project.code)
    )
    return [LeftOut(*row) for row in found.all()]


async def projects_without_calendar(session: AsyncSession) -> list[LeftOut]:
    """Projects of councils that ask for no reports, though the phase is one that is asked."""
    has_calendar = (
        select(ReportingCalendar.id).where(ReportingCalendar.council_id == Council.id).exists()
    )
    found = await session.exec(
        select(Project, Council, Phase)
        .join(Council, col(Council.id) == Project.council_id)
        .join(Phase, col(Phase.id) == Project.phase_id)
        .where(~has_calendar, col(Phase.asked).is_(True))
        .order_by(Council.name, Project.code)
    )
    return [LeftOut(*row) for row in found.all()]


async def digests_composed_since(session: AsyncSession, begin: datetime) -> list[ComposedDigest]:
    """The digests that were composed at `begin` or later, oldest first."""
    found = await session.exec(
        select(Cycle, Council)
        .join(Digest, col(Digest.cycle_id) == Cycle.id)
        .join(Council, col(Council.id) == Digest.council_id)
        .where(Digest.composed_at >= begin)
        .order_by(col(Cycle.digest_at), Council.name)
    )
    return [ComposedDigest(*row) for row in found.all()]


async def everybody(session: AsyncSession) -> Sequence[Person]:
    """Everybody that is known."""
    return (await session.exec(select(Person).order_by(col(Person.id)))).all()


async def every_council(session: AsyncSession) -> Sequence[Council]:
    """Every council, by name."""
    return (await session.exec(select(Council).order_by(Council.name))).all()


async def has_projects(session: AsyncSession) -> bool:
    """Whether there is any project."""
    return (await session.exec(select(Project.id).limit(1))).first() is not None

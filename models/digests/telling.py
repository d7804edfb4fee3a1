"""What a digest has told to whom, and the digests that tell it to who may not know any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, case, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting import Cycle, StatusRequest
from models.digests.tables import ToldEnding
from models.enums import CycleState, Visibility
from models.portfolio import Project

Teller = type[StatusRequest] | type[ToldEnding]

_TELLERS: Final[tuple[Teller, ...]] = (StatusRequest, ToldEnding)
"""Where it is kept what a cycle's digest tells of: what was asked, and what has ended since."""


async def note_told(session: AsyncSession, cycle: Cycle) -> None:
    """Note which part of a cycle's digest tells of each project, by what holds now.

    Before the facts are read: a project that is restricted in between is then seen to be told
    wrongly and looked at again, instead of never.
    """
    for teller in _TELLERS:
        told = (
            select(
                case(
                    (col(Project.visibility) == Visibility.OPEN, Visibility.OPEN.value),
                    (col(Project.council_id) == cycle.council_id, Visibility.RESTRICTED.value),
                    else_=None,
                )
            )
            .where(Project.id == teller.project_id)
            .scalar_subquery()
        )
        await session.exec(
            update(teller)
            .where(col(teller.cycle_id) == cycle.pk)
            .values(told=told)
            .execution_options(synchronize_session=False)
        )


async def note_endings(session: AsyncSession, cycle: Cycle, told: Mapping[int, Visibility]) -> None:
    """Keep which projects a cycle's digest tells the end of, and to whom, if that is new."""
    found = await session.exec(select(ToldEnding.project_id).where(ToldEnding.cycle_id == cycle.pk))
    for project_id in told.keys() - set(found.all()):
        session.add(
            ToldEnding(
                workspace_id=cycle.workspace_id,
                cycle_id=cycle.pk,
                project_id=project_id,
                told=told[project_id],
            )
        )


async def told_in(session: AsyncSession, cycle: Cycle) -> dict[int, Visibility | None]:
    """Which part may tell of each project of a cycle's digest, as it was last noted."""
    noted: dict[int, Visibility | None] = {}
    for teller in _TELLERS:
        found = await session.exec(
            select(teller.project_id, teller.told).where(teller.cycle_id == cycle.pk)
        )
        noted |= {number: (Visibility(told) if told else None) for number, told in found.all()}
    return noted


async def cycles_telling_too_much(session: AsyncSession, workspace_id: int) -> Sequence[int]:
    """The cycles whose digest tells of a project in another part than it would today."""
    cycle_ids: set[int] = set()
    for teller in _TELLERS:
        is_hidden = and_(
            col(teller.told) == Visibility.OPEN,
            col(Project.visibility) == Visibility.RESTRICTED,
        )
        is_opened_or_gone = and_(
            col(teller.told) == Visibility.RESTRICTED,
            or_(
                col(Project.visibility) == Visibility.OPEN,
                col(Project.council_id) != Cycle.council_id,
            ),
        )
        found = await session.exec(
            select(col(Cycle.id))
            .join(teller, col(teller.cycle_id) == Cycle.id)
            .join(Project, col(Project.id) == teller.project_id)
            .where(
                Cycle.workspace_id == workspace_id,
                Cycle.state == CycleState.REPORTED,
                col(Cycle.late_answer_at).is_(None),
                or_(is_hidden, is_opened_or_gone),
            )
            .distinct()
        )
        cycle_ids |= {each for each in found.all() if each is not None}
    return sorted(cycle_ids)


async def mark_outdated(session: AsyncSession, cycle_ids: Sequence[int], now: datetime) -> None:
    """Have the digests of some cycles amended."""
    await session.exec(
        update(Cycle)
        .where(col(Cycle.id).in_(cycle_ids), col(Cycle.late_answer_at).is_(None))
        .values(late_answer_at=now)
    )


async def has_later_digest(session: AsyncSession, cycle: Cycle) -> bool:
    """Whether the council has read a newer digest since."""
    found = await session.exec(
        select(Cycle.id)
        .where(
            Cycle.council_id == cycle.council_id,
            Cycle.state == CycleState.REPORTED,
            col(Cycle.opens_on) > cycle.opens_on,
        )
        .limit(1)
    )
    return found.first() is not None

"""Drafts of digests that the PMO sees first: which are to be shown, renewed, told of."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, String, cast, exists, func, literal, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from models.collecting import Cycle, StatusReport, StatusRequest
from models.delivery import Delivery
from models.digests.facts import CycleCouncil
from models.digests.setbacks import is_not_put_off
from models.digests.tables import Digest, DigestPreview
from models.enums import Composing, CycleState, DeliveryState, Visibility
from models.portfolio import Council, Person, Project, Workspace


class PreviewRow(NamedTuple):
    """A draft with its cycle and council."""

    cycle: Cycle
    council: Council
    preview: DigestPreview


async def cycles_to_preview(
    session: AsyncSession, workspace_id: int, now: datetime, *, locked: bool = False
) -> list[CycleCouncil]:
    """Closed cycles whose draft is due and was not shown, oldest first; one of them."""
    is_shown = exists().where(col(DigestPreview.cycle_id) == Cycle.id)
    statement = (
        select(Cycle, Council)
        .join(Council, col(Council.id) == Cycle.council_id)
        .where(
            Cycle.workspace_id == workspace_id,
            Cycle.state == CycleState.CLOSED,
            col(Cycle.preview_at) <= now,
            ~is_shown,
            is_not_put_off(Composing.PREVIEW, col(Cycle.id), now),
        )
        .order_by(col(Cycle.preview_at), col(Cycle.id))
        .limit(1)
    )
    if locked:
        statement = statement.with_for_update(of=Cycle, skip_locked=True)
    return [CycleCouncil(*row) for row in (await session.exec(statement)).all()]


def preview_key(cycle_id: int) -> str:
    """The key of what is said in the PMO's channel; the other keys begin with it."""
    return f"preview:{cycle_id}"


def _report_count(cycle_id: Mapped[int | None] | int) -> ScalarSelect[int]:
    """How many versions of reports a cycle has."""
    return (
        select(func.count())
        .select_from(StatusReport)
        .join(StatusRequest, col(StatusRequest.id) == StatusReport.request_id)
        .where(col(StatusRequest.cycle_id) == cycle_id)
        .scalar_subquery()
    )


def _rows() -> Select[Cycle, Council, DigestPreview]:
    return (
        select(Cycle, Council, DigestPreview)
        .join(Council, col(Council.id) == Cycle.council_id)
        .join(DigestPreview, col(DigestPreview.cycle_id) == Cycle.id)
    )


async def previews_to_renew(
    session: AsyncSession, workspace_id: int, now: datetime, *, locked: bool = False
) -> list[PreviewRow]:
    """Drafts of which the PMO is to hear something new, oldest first; one of them.

    Answers came, the record or the note changed, its digest is posted or should be by now; or what
    was said of it could not be told: to nobody, or not in the channel.
    """
    somebody = exists().where(
        col(Person.workspace_id) == workspace_id,
        col(Person.is_pmo).is_(True),
        col(Person.is_gone).is_(False),
        col(Person.is_guest).is_(False),
    )
    refused = exists().where(
        col(Delivery.workspace_id) == workspace_id,
        col(Delivery.key) == literal(preview_key(0)[:-1]) + cast(Cycle.id, String),
        col(Delivery.part) == 0,
        col(Delivery.state) == DeliveryState.FAILED,
        col(Delivery.slack_ts).is_(None),
    )
    statement = (
        _rows()
        .join(Workspace, col(Workspace.id) == Cycle.workspace_id)
        .where(
            Cycle.workspace_id == workspace_id,
            col(DigestPreview.is_over).is_(False),
            is_not_put_off(Composing.RENEWAL, col(Cycle.id), now),
            or_(
                col(Cycle.state) == CycleState.REPORTED,
                col(DigestPreview.remind_at) <= now,
                col(DigestPreview.seen_reports) != _report_count(col(Cycle.id)),
                col(DigestPreview.seen_revision) != Workspace.plan_revision,
                col(DigestPreview.is_told).is_(False) & somebody,
                col(DigestPreview.channel_id).is_not(None) & refused,
            ),
        )
        .order_by(col(Cycle.digest_at), col(Cycle.id))
        .limit(1)
    )
    if locked:
        statement = statement.with_for_update(of=(Cycle, DigestPreview), skip_locked=True)
    return [PreviewRow(*row) for row in (await session.exec(statement)).all()]


async def preview_of(session: AsyncSession, cycle_id: int) -> DigestPreview | None:
    """The draft of a cycle's digest, as it is now, for whoever holds the cycle's row."""
    found = await session.exec(
        select(DigestPreview)
        .where(DigestPreview.cycle_id == cycle_id)
        .execution_options(populate_existing=True)
    )
    return found.first()


async def preview_row(
    session: AsyncSession, workspace_id: int, cycle_id: int, *, locked: bool = False
) -> PreviewRow | None:
    """A draft with its cycle and council; with `locked` nobody else decides or posts meanwhile."""
    if locked:
        held = select(Cycle.id).where(Cycle.id == cycle_id).with_for_update()
        await session.exec(held)
    found = await session.exec(
        _rows()
        .where(Cycle.workspace_id == workspace_id, Cycle.id == cycle_id)
        .execution_options(populate_existing=True)
    )
    row = found.first()
    return None if row is None else PreviewRow(*row)


async def reports_seen(session: AsyncSession, cycle_id: int) -> int:
    """How many versions of reports a cycle has now."""
    return (await session.exec(select(_report_count(cycle_id)))).one()


async def answers_since(
    session: AsyncSession, cycle_id: int, since: datetime, *, only_open: bool
) -> int:
    """How many projects of a cycle were reported on after an instant."""
    statement = (
        select(func.count(col(StatusReport.request_id).distinct()))
        .join(StatusRequest, col(StatusRequest.id) == StatusReport.request_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .where(StatusRequest.cycle_id == cycle_id, StatusReport.submitted_at > since)
    )
    if only_open:
        statement = statement.where(Project.visibility == Visibility.OPEN)
    return (await session.exec(statement)).one()


async def has_open_projects(session: AsyncSession, cycle_id: int) -> bool:
    """Whether a cycle has projects that its council's channel reads of."""
    found = await session.exec(
        select(StatusRequest.id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .where(StatusRequest.cycle_id == cycle_id, Project.visibility == Visibility.OPEN)
        .limit(1)
    )
    return found.first() is not None


async def posted_at(session: AsyncSession, cycle_id: int) -> datetime | None:
    """When a cycle's digest was posted, if it was."""
    found = await session.exec(select(Digest.composed_at).where(Digest.cycle_id == cycle_id))
    return found.first()


async def undecided_previews(session: AsyncSession, workspace_id: int) -> Sequence[PreviewRow]:
    """The drafts whose digests are not posted, and wait for somebody or are held; oldest first."""
    found = await session.exec(
        _rows()
        .where(
            Cycle.workspace_id == workspace_id,
            col(DigestPreview.is_over).is_(False),
            Cycle.state == CycleState.CLOSED,
            or_(
                col(DigestPreview.release_at).is_(None), col(DigestPreview.held_until).is_not(None)
            ),
        )
        .order_by(col(Cycle.digest_at), col(Cycle.id))
    )
    return [PreviewRow(*row) for row in found.all()]

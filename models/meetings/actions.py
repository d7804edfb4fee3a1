"""Actions that councils have given out: what their owners and chairs were told, and when next."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, Index, UniqueConstraint, func, or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.base import EnumText, Row
from models.digests.setbacks import is_not_put_off
from models.enums import ActionStep, Composing, LogKind
from models.logs import LogChange, LogEntry
from models.meetings.decisions import Decision, DecisionAction
from models.meetings.tables import Meeting


class ActionWatch(Row, table=True):
    """When the clock looks at an action next."""

    __tablename__ = "action_watch"
    __table_args__ = (Index("ix_action_watch_next_at", "workspace_id", "next_at"),)

    entry_id: int = Field(foreign_key="log_entry.id", unique=True)
    revision: int
    """Of the action, when it was looked at last: whatever changes it has it looked at again."""
    next_at: datetime | None = None
    awaits_close: bool = False
    """Its owner is told once the meeting is over in which it was given."""


class ActionTold(Row, table=True):
    """Somebody was told of an action for a reason, once; or it was left out."""

    __tablename__ = "action_told"
    __table_args__ = (
        UniqueConstraint("entry_id", "person_id", "step", "due_on"),
        Index("ix_action_told_key", "workspace_id", "key"),
    )

    entry_id: int = Field(foreign_key="log_entry.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    step: ActionStep = Field(sa_column=Column(EnumText(ActionStep), nullable=False))
    due_on: date
    """The date that held then: one that is moved is reminded of anew."""
    at: datetime
    key: str = ""
    """Under which it stands in the ledger, with the others of that message."""
    left_out: str = ""
    """Why it was not said."""


def _council_actions(workspace_id: int) -> SelectOfScalar[LogEntry]:
    return select(LogEntry).where(
        LogEntry.workspace_id == workspace_id,
        LogEntry.kind == LogKind.ACTION,
        col(LogEntry.council_id).is_not(None),
    )


def _stale(workspace_id: int, now: datetime) -> SelectOfScalar[LogEntry]:
    """The actions at which the clock has to look."""
    is_over = col(ActionWatch.awaits_close) & col(Meeting.ended_at).is_not(None)
    return (
        _council_actions(workspace_id)
        .outerjoin(ActionWatch, col(ActionWatch.entry_id) == LogEntry.id)
        .outerjoin(Meeting, col(Meeting.id) == LogEntry.meeting_id)
        .where(
            or_(
                col(ActionWatch.id).is_(None),
                col(ActionWatch.revision) != LogEntry.revision,
                col(ActionWatch.next_at) <= now,
                is_over,
            )
        )
    )


async def action_to_look_at(
    session: AsyncSession, workspace_id: int, now: datetime
) -> LogEntry | None:
    """The first action at which the clock has to look; None if it need not look at any."""
    found = await session.exec(
        _stale(workspace_id, now)
        .where(is_not_put_off(Composing.ACTION, col(LogEntry.id), now))
        .order_by(col(LogEntry.id))
        .limit(1)
    )
    return found.first()


async def stale_actions_of(
    session: AsyncSession, workspace_id: int, owner_id: int | None, now: datetime
) -> Sequence[LogEntry]:
    """The actions of one owner at which the clock has to look, locked."""
    found = await session.exec(
        _stale(workspace_id, now)
        .where(LogEntry.owner_id == owner_id)
        .order_by(col(LogEntry.id))
        .with_for_update(of=LogEntry, key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def watches_of(session: AsyncSession, entry_ids: Collection[int]) -> dict[int, ActionWatch]:
    """When the clock looks at some actions, by their numbers."""
    found = await session.exec(select(ActionWatch).where(col(ActionWatch.entry_id).in_(entry_ids)))
    return {each.entry_id: each for each in found.all()}


async def told_of(session: AsyncSession, entry_ids: Collection[int]) -> Sequence[ActionTold]:
    """All that anybody was told of some actions, oldest first."""
    found = await session.exec(
        select(ActionTold)
        .where(col(ActionTold.entry_id).in_(entry_ids))
        .order_by(col(ActionTold.id))
    )
    return found.all()


async def told_under(
    session: AsyncSession, workspace_id: int, keys: Collection[str]
) -> Sequence[ActionTold]:
    """Of which actions some messages tell, by their dates."""
    found = await session.exec(
        select(ActionTold)
        .where(ActionTold.workspace_id == workspace_id, col(ActionTold.key).in_(keys))
        .order_by(col(ActionTold.due_on), col(ActionTold.entry_id))
    )
    return found.all()


async def moves_of(session: AsyncSession, entry_ids: Collection[int]) -> dict[int, int]:
    """How often the dates of some entries were moved; those that never were are left out."""
    found = await session.exec(
        select(LogChange.entry_id, func.count())
        .where(col(LogChange.entry_id).in_(entry_ids), LogChange.field == "due_on")
        .group_by(col(LogChange.entry_id))
    )
    return dict(found.all())


class LinkRow(NamedTuple):
    """An action, and the decision that it comes of."""

    link: DecisionAction
    decision: Decision


async def decisions_behind(session: AsyncSession, entry_ids: Collection[int]) -> dict[int, LinkRow]:
    """What some actions come of, by their numbers; those that come of no decision are left out."""
    found = await session.exec(
        select(DecisionAction, Decision)
        .join(Decision, col(Decision.id) == DecisionAction.decision_id)
        .where(col(DecisionAction.log_entry_id).in_(entry_ids))
        .order_by(col(DecisionAction.id))
    )
    return {link.log_entry_id: LinkRow(link, decision) for link, decision in found.all()}


async def last_change_of(session: AsyncSession, entry_id: int, field: str) -> LogChange | None:
    """When a field of an entry changed last, and by whom; None if it never did."""
    found = await session.exec(
        select(LogChange)
        .where(LogChange.entry_id == entry_id, LogChange.field == field)
        .order_by(col(LogChange.id).desc())
        .limit(1)
    )
    return found.first()

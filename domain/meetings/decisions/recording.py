"""Records a decision of a council, and brings it back into its project."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.logs.record import Pen, entry_of
from domain.logs.rules import wanted_of
from domain.meetings.actions.giving import ActionWish, give_action
from domain.meetings.decisions.values import Condition, Decided
from domain.portfolio.values import Viewer
from models.enums import LogKind, LogState, Outcome
from models.logs import EntryRow, entry_row
from models.meetings import Decision, Meeting
from models.meetings.decisions import next_decision_number
from models.portfolio import AuditEntry, Council, lock_council

CLOCK: Final = "the clock"
"""Who did it, in the audit, where nobody pressed anything."""


async def record_decision(
    session: AsyncSession,
    council: Council,
    decided: Decided,
    by: Viewer | None,
    now: datetime,
    meeting: Meeting | None = None,
) -> Decision:
    """Record a decision: it gets the council's next number, and its conditions become actions.

    The decision needed that it is about is closed with it; one that is deferred stays open.

    Args:
        session: a writing one; a meeting, a ballot that it comes of is locked already.
        council: whose decision it is; locked here, if it is not yet.
        decided: what was decided.
        by: who records it; None: the clock, as when a vote ends.
        now: this instant.
        meeting: in which it was decided; None: out of cycle.
    """
    await lock_council(session, council.pk)
    row = await _needed(session, council.workspace_id, decided)
    decision = _decision(council, decided, by, now, meeting)
    decision.number = await next_decision_number(session, council.pk)
    decision.log_entry_id = row.entry.pk if row else None
    decision.needed_since = decided.needed_since or (_opened_on(row) if row else None)
    session.add(decision)
    await session.flush()
    for condition in decided.conditions:
        wish = _wish(condition, decided)
        await give_action(
            session, council, wish, by, now, meeting=meeting, decision=decision, is_condition=True
        )
    if row is not None:
        await _settle(session, row, decision, by, now)
    session.add(
        AuditEntry(
            workspace_id=council.workspace_id,
            at=now,
            actor=by.slack_id if by else CLOCK,
            subject=f"decision {council.name} D-{decision.number}",
            field="outcome",
            new=f"{decided.outcome} ({decided.method})",
        )
    )
    await session.flush()
    return decision


def _decision(
    council: Council, decided: Decided, by: Viewer | None, now: datetime, meeting: Meeting | None
) -> Decision:
    taken = (
        *("question", "outcome", "method", "chosen", "reason", "dissent", "interests"),
        *("votes_for", "votes_against", "abstained", "voted_by_name", "had_quorum"),
        *("project_id", "agenda_item_id", "ballot_id", "effective_on"),
    )
    return Decision(
        workspace_id=council.workspace_id,
        council_id=council.pk,
        number=0,
        meeting_id=meeting.pk if meeting else None,
        options=list(decided.options),
        conditions=[each.text for each in decided.conditions],
        decided_at=now,
        recorded_by_id=by.person_id if by else None,
        **{name: getattr(decided, name) for name in taken},
    )


def _wish(condition: Condition, decided: Decided) -> ActionWish:
    return ActionWish(
        title=condition.text,
        owner_id=condition.owner_id,
        due_on=condition.due_on,
        project_id=decided.project_id,
    )


async def _needed(session: AsyncSession, workspace_id: int, decided: Decided) -> EntryRow | None:
    """The decision needed that this one is about; read only, it is locked after its project."""
    if decided.log_entry_id is None:
        return None
    row = await entry_row(session, workspace_id, decided.log_entry_id)
    return row if row and row.entry.kind is LogKind.DECISION else None


def _opened_on(row: EntryRow) -> date:
    return row.entry.opened_at.astimezone(ZoneInfo(row.timezone)).date()


async def _settle(
    session: AsyncSession, row: EntryRow, decision: Decision, by: Viewer | None, now: datetime
) -> None:
    """Write into the project's list what was decided."""
    locked = await entry_row(session, row.entry.workspace_id, row.entry.pk, locked=True)
    if locked is None or locked.entry.state is not LogState.OPEN:
        return
    said = f"D-{decision.number}: {decision.outcome}"
    note = f"{said}. {decision.reason}".strip() if decision.reason else f"{said}."
    is_open = decision.outcome is Outcome.DEFERRED
    wanted = replace(
        wanted_of(entry_of(locked, date.min)),
        note=note,
        state=LogState.OPEN if is_open else LogState.DONE,
    )
    Pen(session, by, now).change(locked, wanted, locked.owner)

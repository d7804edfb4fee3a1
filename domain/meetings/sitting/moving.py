"""Moves a meeting on: the next item, one before, any other; consent items, what is parked."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError
from domain.meetings.about import About
from domain.meetings.access import everybodys_text
from domain.meetings.agenda.changing import PULLED_OUT, take_out
from domain.meetings.agenda.loading import agenda_of, seen_in
from domain.meetings.agenda.values import Agenda, Item
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.rules import may_decide, may_go_on
from domain.meetings.decisions.recording import record_decision
from domain.meetings.decisions.values import Decided
from domain.meetings.sitting.acting import act
from domain.meetings.sitting.rules import is_settled, item_before, next_item
from domain.meetings.sitting.settlers import Settlers
from domain.meetings.sitting.steps import (
    refuse_not_running,
    refuse_stale,
    refuse_who_does_not_lead,
)
from domain.meetings.sitting.table import Table
from domain.meetings.sitting.values import ParkingWish
from models.enums import ItemState, Method, Outcome, Purpose
from models.meetings import AgendaItem
from models.meetings.sitting import decided_items, decisions_of_meeting

_NOTHING_LEFT: Final = (
    "Nothing is left on the agenda. Close the meeting, or add an item; both are in the menu."
)
_NO_ITEM: Final = "No item is called up: press Next first, or choose one in the menu."
_NONE_BEFORE: Final = "No item has been dealt with yet."
_GONE: Final = "That item is not open any more: look at the agenda as it stands now."
_NO_VOTE: Final = "Only voting members, whoever chairs and the PMO pull an item out of the block."
_NO_CONSENT: Final = "No consent item is open any more."


async def agenda_seen(table: Table) -> Agenda:
    """The agenda, as far as it exists for the person."""
    return seen_in(await agenda_of(table.session, table.about), table.seen)


async def go_on(table: Table, revision: int) -> None:
    """Leave the current item, and call up the next.

    Raises:
        NotAllowedError: somebody was faster, nothing is left, or there is no quorum for it.
    """
    await check(table, revision)
    agenda = await agenda_seen(table)
    current = agenda.current
    following = next_item(agenda.items, current.item_id if current else None)
    if current is None and following is None:
        raise NotAllowedError(_NOTHING_LEFT)
    if following is not None:
        _refuse_without_quorum_at_all(table)
    await leave_item(table.session, table.about, table.now)
    await _step(table, "item", current, following)


async def go_back(table: Table, revision: int) -> None:
    """Call the item up again that was dealt with last; the current one waits.

    Raises:
        NotAllowedError: somebody was faster, or there is none.
    """
    await check(table, revision)
    agenda = await agenda_seen(table)
    before = item_before(agenda.items)
    if before is None:
        raise NotAllowedError(_NONE_BEFORE)
    await _interrupt(table)
    await _step(table, "item", agenda.current, before)


async def choose(table: Table, revision: int, item_id: int) -> None:
    """Call up any item; the current one is left as by *Next*.

    Raises:
        NotAllowedError: somebody was faster, or it is not open any more.
    """
    await check(table, revision)
    agenda = await agenda_seen(table)
    chosen = next((each for each in agenda.items if each.item_id == item_id), None)
    if chosen is None or chosen.state in (ItemState.CURRENT, ItemState.PARKED):
        raise NotAllowedError(_GONE)
    _refuse_without_quorum_at_all(table)
    await leave_item(table.session, table.about, table.now)
    await _step(table, "item", agenda.current, chosen)


async def park(table: Table, revision: int, parked: ParkingWish) -> None:
    """Leave the current item unsettled: for somebody to follow up, or for the next meeting.

    Raises:
        FieldErrors: the action can't be given out as it was typed.
        NotAllowedError: somebody was faster, no item is called up, or it is decided already.
    """
    await check(table, revision)
    agenda, current = await agenda_seen(table), await unsettled_item(table)
    row = await table.session.get_one(AgendaItem, current.item_id)
    row.ended_at, row.revision = table.now, row.revision + 1
    if parked.is_action:
        given = await act(table, parked.action)
        row.state = ItemState.DONE
        row.note = f"Parked as {given.ref}: {given.title} ({given.owner}, {given.due_on})"
        everybodys = await everybodys_text(table.session, row.workspace_id)
        if given.project != current.code and everybodys(given.project) != given.project:
            row.note = "Parked as an action."  # who reads of the item may not know of its project
    else:
        row.state, row.note = ItemState.PARKED, " ".join(parked.action.title.split())
    following = next_item(agenda.items, current.item_id)
    await _step(table, "parked", current, following, told=current)


async def current_item(table: Table) -> Item:
    """The item that is talked about now.

    Raises:
        NotAllowedError: none is called up.
    """
    current = (await agenda_seen(table)).current
    if current is None:
        raise NotAllowedError(_NO_ITEM)
    return current


async def unsettled_item(table: Table) -> Item:
    """The item that is talked about now, to be parked: the record says one thing of an item.

    What was deferred is not settled: it can be parked.

    Raises:
        NotAllowedError: none is called up, or it is decided already.
    """
    current = await current_item(table)
    made = [
        row.decision
        for row in await decisions_of_meeting(table.session, table.meeting.pk)
        if row.decision.agenda_item_id == current.item_id
    ]
    if made and made[-1].outcome is not Outcome.DEFERRED:
        last = made[-1]
        raise NotAllowedError(
            f"It is decided already: D-{last.number}, {last.outcome}. Press Next to leave it; what "
            "somebody is to do about it is recorded with Action."
        )
    return current


async def agree(
    table: Table, revision: int, item_ids: Collection[int], settlers: Settlers
) -> tuple[Item, ...]:
    """Agree to consent items, all that the person has seen together; what was agreed to.

    Raises:
        NotAllowedError: somebody was faster, or there is no quorum for it.
    """
    await check(table, revision)
    agenda = await agenda_seen(table)
    items = [each for each in agenda.consent if each.is_ahead and each.item_id in item_ids]
    if not items:
        raise NotAllowedError(_NO_CONSENT)
    if any(each.purpose is Purpose.DECIDE for each in items):
        refuse_deciding_without_quorum(table)
    for each in items:
        await _agree_to(table, each, settlers)
    table.audit("agreed", new=", ".join(each.label for each in items))
    table.meeting.revision += 1
    return tuple(items)


async def _agree_to(table: Table, item: Item, settlers: Settlers) -> None:
    row = await table.session.get_one(AgendaItem, item.item_id)
    row.state, row.ended_at, row.revision = ItemState.DONE, table.now, row.revision + 1
    if item.purpose is Purpose.DECIDE:
        decided = Decided(
            question=item.title,
            outcome=Outcome.APPROVED,
            method=Method.CONSENSUS,
            project_id=item.project_id,
            log_entry_id=item.log_entry_id,
            agenda_item_id=item.item_id,
            had_quorum=table.roster.has_quorum,
        )
        await record_decision(
            table.session,
            table.about.council,
            decided,
            table.viewer,
            table.now,
            meeting=table.meeting,
        )
    await settle(table, item, Outcome.APPROVED, settlers)


async def settle(table: Table, item: Item, outcome: Outcome, settlers: Settlers) -> None:
    """Do what an item stands for, once the council has agreed to it or decided about it."""
    await settlers.settle(
        table.session, table.about, item.source, outcome, by=table.viewer, now=table.now
    )


async def pull_out(table: Table, item_id: int) -> Item:
    """Take an item out of the consent block, to be dealt with by itself.

    Raises:
        NotAllowedError: the person has no vote, or it is agreed to already.
    """
    refuse_not_running(table)
    if not (table.standing.has_vote or table.standing.leads):
        raise NotAllowedError(_NO_VOTE)
    agenda = await agenda_seen(table)
    item = next((each for each in agenda.items if each.item_id == item_id), None)
    if item is None or not item.is_ahead:
        raise NotAllowedError(_GONE)
    if item.is_consent:
        take_out(await table.session.get_one(AgendaItem, item_id))
        table.audit(PULLED_OUT, new=item.label)
        table.meeting.revision += 1
    return item


async def leave_item(session: AsyncSession, about: About, now: datetime) -> None:
    """Leave the current item: it is done, unless it waits for a decision."""
    current = (await agenda_of(session, about)).current
    if current is None:
        return
    made = await decided_items(session, about.meeting.pk)
    row = await session.get_one(AgendaItem, current.item_id)
    is_done = is_settled(current, has_decision=current.item_id in made)
    row.state = ItemState.DONE if is_done else ItemState.OPEN
    row.ended_at, row.revision = now, row.revision + 1


async def _interrupt(table: Table) -> None:
    """Let the current item be open again."""
    current = (await agenda_of(table.session, table.about)).current
    if current is not None:
        row = await table.session.get_one(AgendaItem, current.item_id)
        row.state, row.revision = ItemState.OPEN, row.revision + 1


async def begin_first(table: Table) -> None:
    """Call up the first item of a meeting that has just been opened."""
    agenda = await agenda_seen(table)
    first = next_item(agenda.items, None)
    await table.session.flush()  # who opens it has just sat down
    roster = await roster_of(table.session, table.about)
    if first is not None and not may_go_on(roster, table.about.settings.without_quorum):
        await _begin(table, first)


async def _begin(table: Table, item: Item) -> None:
    row = await table.session.get_one(AgendaItem, item.item_id)
    row.state, row.is_consent = ItemState.CURRENT, False
    row.started_at, row.ended_at, row.revision = table.now, None, row.revision + 1


async def check(table: Table, revision: int) -> None:
    """Raise NotAllowedError for who does not lead, or presses what they have not seen."""
    refuse_who_does_not_lead(table)
    await refuse_stale(table, revision)


async def _step(
    table: Table,
    field: str,
    current: Item | None,
    following: Item | None,
    *,
    told: Item | None = None,
) -> None:
    if following is not None:
        await _begin(table, following)
    new = told or following
    table.audit(field, current.label if current else "", new.label if new else "")
    table.meeting.revision += 1


def _refuse_without_quorum_at_all(table: Table) -> None:
    if fault := may_go_on(table.roster, table.about.settings.without_quorum):
        raise NotAllowedError(fault)


def refuse_deciding_without_quorum(table: Table) -> None:
    """Raise NotAllowedError where too few are there to decide, and the rule says so."""
    if fault := may_decide(table.roster, table.about.settings.without_quorum):
        raise NotAllowedError(fault)

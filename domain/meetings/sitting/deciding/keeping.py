"""Records a decision that was typed, in a meeting that runs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from domain.errors import FieldErrors, NotAllowedError
from domain.meetings.agenda.values import Item
from domain.meetings.attendance.values import Roster
from domain.meetings.decisions.recording import record_decision
from domain.meetings.decisions.values import Condition, Decided
from domain.meetings.sitting.acting import known_people, project_of
from domain.meetings.sitting.deciding.rules import read_decision
from domain.meetings.sitting.moving import (
    agenda_seen,
    refuse_deciding_without_quorum,
    settle,
)
from domain.meetings.sitting.reading.values import (
    Known,
    ReadAction,
    ReadDecision,
    Typed,
)
from domain.meetings.sitting.settlers import Settlers
from domain.meetings.sitting.steps import refuse_not_running, refuse_who_does_not_lead
from domain.meetings.sitting.table import Table
from domain.meetings.sitting.values import Recorded
from domain.portfolio.values import PersonName
from models.meetings import Decision
from models.meetings.sitting import DecisionRow, decisions_of_meeting
from models.portfolio import Council, Project, people_by_id


async def decide_now(
    table: Table, item_id: int | None, typed: Typed, known_before: int, settlers: Settlers
) -> Recorded:
    """Record a decision of a meeting that runs.

    Args:
        table: the meeting, for who records.
        item_id: the item of the agenda that it is about; None: none.
        typed: as it was typed.
        known_before: how many decisions there were about the item when the window was opened.
        settlers: do what items stand for.

    Raises:
        FieldErrors: something typed is to be mended.
        NotAllowedError: there is no quorum, the meeting is over, or somebody was faster.
    """
    refuse_not_running(table)
    refuse_who_does_not_lead(table)
    refuse_deciding_without_quorum(table)
    await _refuse_second(table, item_id, typed, known_before)
    session, council, roster = table.session, table.about.council, table.roster
    agenda = await agenda_seen(table)
    item = next((each for each in agenda.items if each.item_id == item_id), None)
    on_agenda = [each.project_id for each in agenda.items]
    project = await project_of(session, council, table.seen, typed.project, on_agenda)
    people = await known_people(session, table.viewer, council)
    decided = replace(
        decided_of(typed, people, roster, roster.present, table.today),
        project_id=project.pk if project else None,
        had_quorum=roster.has_quorum,
        agenda_item_id=item.item_id if item else None,
        log_entry_id=_entry_of(item, project),
    )
    decision = await record_decision(
        session, council, decided, table.viewer, table.now, meeting=table.meeting
    )
    if item is not None:
        await settle(table, item, decision.outcome, settlers)
    told = recorded(council, decision, project)
    return replace(told, meeting=table.title, item=item.title if item else "")


def recorded(council: Council, decision: Decision, project: Project | None) -> Recorded:
    """What is told of a decision that is on the record."""
    return Recorded(
        ref=f"D-{decision.number}",
        question=decision.question,
        outcome=decision.outcome,
        council=council.name,
        conditions=len(decision.conditions),
        had_quorum=decision.had_quorum,
        project=project.code if project else "",
    )


def _entry_of(item: Item | None, project: Project | None) -> int | None:
    """The decision needed that an item is about; not if it was recorded for another project."""
    if item is None or (project.pk if project else None) != item.project_id:
        return None
    return item.log_entry_id


async def decisions_about(table: Table, item_id: int | None) -> list[DecisionRow]:
    """What a meeting has decided about an item already; without one, what belongs to none."""
    rows = await decisions_of_meeting(table.session, table.meeting.pk)
    return [each for each in rows if each.decision.agenda_item_id == item_id]


async def _refuse_second(
    table: Table, item_id: int | None, typed: Typed, known_before: int
) -> None:
    rows = await decisions_about(table, item_id)
    if item_id is None:  # several may be recorded side by side, unless it is the same one
        wanted = " ".join(typed.question.split()).casefold()
        rows = [each for each in rows if each.decision.question.casefold() == wanted]
        known_before = 0
    if len(rows) <= known_before:
        return
    last = rows[-1].decision
    people = await people_by_id(table.session, [last.recorded_by_id or 0])
    who = people[last.recorded_by_id].name if last.recorded_by_id in people else "Somebody"
    at = last.decided_at.astimezone(ZoneInfo(table.meeting.timezone))
    raise NotAllowedError(
        f"{who} has recorded D-{last.number} about it at {at:%H:%M}: {last.outcome}. Yours was not "
        "recorded, and what you have typed is still there. If both hold, press Decide anew."
    )


def decided_of(
    typed: Typed, people: Sequence[Known], roster: Roster, present: int, today: date
) -> Decided:
    """What was typed of a decision, but for where it belongs.

    Raises:
        FieldErrors: something is to be mended.
    """
    voters = [_voter(each.sitter) for each in roster.voting]
    found = read_decision(typed, people, voters, present, today)
    if not isinstance(found, ReadDecision):
        raise FieldErrors(found)
    votes = found.votes
    return Decided(
        question=found.question,
        outcome=found.outcome,
        method=found.method,
        options=found.options,
        chosen=found.chosen,
        reason=typed.reason.strip(),
        conditions=tuple(_condition(each) for each in found.conditions),
        votes_for=votes.votes_for if votes else None,
        votes_against=votes.votes_against if votes else None,
        abstained=votes.abstained if votes else None,
        voted_by_name=votes.by_name if votes else "",
        dissent=typed.dissent.strip(),
        interests=typed.interests.strip(),
        effective_on=found.effective_on,
    )


def _voter(person: PersonName) -> Known:
    return Known(person.person_id, person.slack_id, person.name)


def _condition(action: ReadAction) -> Condition:
    return Condition(action.title, action.owner.person_id, action.due_on)

"""Reads decisions as somebody may see them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.calendar.people import working_days, zone_of
from domain.meetings.access import Seen
from domain.meetings.logbook.rules import working_days_between
from domain.meetings.logbook.values import DecisionLine
from domain.portfolio.configuration import WorkspaceConfiguration
from models.meetings.decisions import DecisionRow


def may_read(seen: Seen, row: DecisionRow) -> bool:
    """Whether a decision exists for somebody: its council's do, its project does, its words may."""
    if row.project is not None and row.project.pk not in seen.projects:
        return False
    if row.council.pk not in {each.pk for each in seen.councils}:
        return False
    decision = row.decision
    said = (decision.question, decision.chosen, decision.reason, decision.dissent)
    lists = (*decision.options, *decision.conditions)
    return all(seen.open_text(text) == text for text in (*said, *lists, decision.interests))


def line_of(row: DecisionRow, configuration: WorkspaceConfiguration) -> DecisionLine:
    """A stored decision, as the room gives it out."""
    decision, council = row.decision, row.council
    zone = zone_of(council.timezone, configuration)
    decided_on = decision.decided_at.astimezone(zone).date()
    return DecisionLine(
        decision_id=decision.pk,
        revision=decision.revision,
        number=decision.number,
        council_id=council.pk,
        council=council.name,
        question=decision.question,
        outcome=decision.outcome,
        method=decision.method,
        decided_on=decided_on,
        code=row.project.code if row.project else "",
        options=tuple(decision.options),
        chosen=decision.chosen,
        reason=decision.reason,
        conditions=tuple(decision.conditions),
        votes=_votes(row),
        dissent=decision.dissent,
        interests=decision.interests,
        had_quorum=decision.had_quorum,
        needed_since=decision.needed_since,
        needed_ref=f"D-{row.needed.number}" if row.needed else "",
        latency=_latency(decision.needed_since, decided_on, configuration),
        effective_on=decision.effective_on,
        meeting_on=_day(row.meeting.starts_at, row.meeting.timezone) if row.meeting else None,
        is_corrected=decision.revision > 1,
    )


def _votes(row: DecisionRow) -> tuple[int, int, int] | None:
    decision = row.decision
    if decision.votes_for is None or decision.votes_against is None:
        return None
    return decision.votes_for, decision.votes_against, decision.abstained or 0


def _latency(
    since: date | None, decided_on: date, configuration: WorkspaceConfiguration
) -> int | None:
    if since is None:
        return None
    return working_days_between(since, decided_on, working_days(configuration))


def _day(instant: datetime, timezone: str) -> date:
    return instant.astimezone(ZoneInfo(timezone)).date()

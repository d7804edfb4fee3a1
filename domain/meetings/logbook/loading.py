"""Reads decisions as somebody may see them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days, zone_of
from domain.calendar.rules import at_wall
from domain.meetings.access import Seen
from domain.meetings.logbook.rules import working_days_between
from domain.meetings.logbook.values import DecisionLine
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models.enums import Visibility
from models.meetings.decisions import DecisionRow, decision_rows
from models.portfolio import Council


async def decisions_since(
    session: AsyncSession, council: Council, since: date, *, with_restricted: bool = False
) -> tuple[DecisionLine, ...]:
    """What a council has decided from a day on, oldest first: for its pack.

    Args:
        session: a reading or a writing one.
        council: whose decisions.
        since: the first day, in the council's zone.
        with_restricted: whether the readers may know of the council's restricted projects. Texts
            that name one are for who composes to keep away: `domain.meetings.access`.
    """
    configuration = await load_configuration(session, council.workspace_id)
    instant = at_wall(since, time(), zone_of(council.timezone, configuration))
    rows = await decision_rows(session, council.workspace_id, instant)
    own = [each for each in reversed(rows) if each.council.pk == council.pk]
    return tuple(line_of(each, configuration) for each in own if with_restricted or _is_open(each))


def _is_open(row: DecisionRow) -> bool:
    return row.project is None or row.project.visibility is Visibility.OPEN


def may_read(seen: Seen, row: DecisionRow) -> bool:
    """Whether a decision exists for somebody: its council's do, its project does, its words may."""
    if row.project is not None and row.project.pk not in seen.projects:
        return False
    if row.council.pk not in {each.pk for each in seen.councils}:
        return False
    decision = row.decision
    said = (decision.question, decision.reason, decision.dissent, *decision.conditions)
    return all(seen.open_text(text) == text for text in (*said, decision.interests))


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

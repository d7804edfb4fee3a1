"""Compares a report with the facts on the record: loads them, and lets the rules decide."""

from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days
from domain.calendar.rules import parse_zone
from domain.collecting.answering.claim_rules import ClaimFacts, Computed, compute, is_better
from domain.collecting.values import Answers
from domain.logs.record import open_entries
from domain.logs.values import Entry
from domain.portfolio.configuration import WorkspaceConfiguration
from models import collecting as store
from models.collecting import RequestRow
from models.enums import LogKind
from models.logs import closed_entry_rows

__all__ = ["Computed", "computed_for", "is_better"]

_KINDS: Final = (LogKind.MILESTONE, LogKind.RISK, LogKind.ACTION, LogKind.DECISION)


async def computed_for(
    session: AsyncSession,
    row: RequestRow,
    answers: Answers,
    now: datetime,
    configuration: WorkspaceConfiguration,
    *,
    is_press: bool = False,
) -> Computed:
    """The health that the facts come to, with this report, and why.

    Args:
        session: a reading one, or the one that is about to keep the report.
        row: the request that is answered; its council's zone says what day it is.
        answers: the report, checked.
        now: this instant.
        configuration: the thresholds, and the days on which people work.
        is_press: it is *No change*, which repeats by its nature and counts for no repetition.
    """
    thresholds = configuration.thresholds
    earlier = await store.written_before(
        session, row.project.pk, row.request.opens_on, thresholds.repetition - 1
    )
    today = now.astimezone(parse_zone(row.cycle.timezone)).date()
    lists = await _lists(session, row, today)
    facts = ClaimFacts(
        today=today,
        answers=answers,
        earlier=() if is_press else tuple(Answers.of(each) for each in earlier),
        settled=await _settled(session, row, answers),
        start=row.project.start,
        baseline_end=row.project.baseline_end,
        forecast_end=row.project.forecast_end,
        budget=row.project.budget,
        milestones=lists[LogKind.MILESTONE],
        risks=lists[LogKind.RISK],
        actions=lists[LogKind.ACTION],
        decisions=lists[LogKind.DECISION],
    )
    return compute(facts, thresholds, working_days(configuration))


async def _lists(
    session: AsyncSession, row: RequestRow, today: date
) -> dict[LogKind, tuple[Entry, ...]]:
    """What of the project's lists is open, by kind."""
    project_id = row.project.pk
    found = await open_entries(session, row.project.workspace_id, [project_id], _KINDS, today)
    entries = found.get(project_id, [])
    return {kind: tuple(each for each in entries if each.kind is kind) for kind in _KINDS}


async def _settled(
    session: AsyncSession, row: RequestRow, answers: Answers
) -> dict[LogKind, frozenset[str]]:
    """What of that which the report names is closed on the project's lists, by kind."""
    named = {LogKind.MILESTONE: answers.milestone, LogKind.DECISION: answers.decision}
    return {
        kind: frozenset(
            each.entry.title
            for each in await closed_entry_rows(
                session, row.project.workspace_id, row.project.pk, kind
            )
        )
        for kind, text in named.items()
        if text
    }

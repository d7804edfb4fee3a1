"""What a digest is made from, read from the record in a fixed number of statements."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.answering.keeping import read_report
from domain.collecting.history.rules import Difference, differences
from domain.collecting.values import Answers
from domain.digests.heat_map.rules import COLUMNS
from domain.digests.rules import newer_reports
from domain.digests.values import (
    Counts,
    CycleFacts,
    Gap,
    KeptFacts,
    LeftProject,
    OpenDecision,
    PastReport,
    ProjectInCycle,
    ReportFacts,
)
from models import digests as store
from models.collecting import Cycle, StatusReport, versions_in_cycle
from models.digests import AskedProject, EarlierReport, Unanswered, WaitingDecision
from models.enums import Health, Visibility
from models.portfolio import Council

MEMORY: Final = timedelta(days=3 * 366)
"""How far back the days in a colour are counted."""


async def changes_since(
    session: AsyncSession, facts: CycleFacts, told: Collection[int]
) -> dict[int, tuple[Difference, ...]]:
    """In what reports differ from the versions that a digest told, by project."""
    news = {
        each.project_id: each.report.report_id
        for each in newer_reports(told, facts)
        if each.report is not None
    }
    versions = await versions_in_cycle(session, facts.cycle_id, news) if news else ()
    old = {each.project_id: each for each in versions if each.pk in set(told)}
    newest = {each.project_id: each for each in versions if each.pk == news[each.project_id]}
    return {
        project_id: differences(read_report(report, ""), read_report(newest[project_id], ""))
        for project_id, report in old.items()
    }


async def facts_of(session: AsyncSession, cycle: Cycle, council: Council) -> CycleFacts:
    """Everything about a cycle that its digest tells, in a fixed number of statements."""
    asked = await store.asked_projects(session, cycle)
    reports = await store.cycle_reports(session, cycle.pk)
    past = past_by_project(await store.earlier_reports(session, cycle, cycle.opens_on - MEMORY))
    earlier = await store.cycles_before(session, cycle, cycle.opens_on - MEMORY)
    gaps = _gaps(await store.unanswered_requests(session, cycle, earlier[: COLUMNS - 1]))
    waiting = await store.waiting_decisions(session, cycle.workspace_id, cycle)
    decisions = decisions_by_project(waiting)
    previous = next(iter(earlier), None)
    counts = await store.health_counts(session, previous) if previous else []
    left = await store.left_projects(session, cycle, previous) if previous else []
    return CycleFacts(
        cycle_id=cycle.pk,
        council=council.name,
        opens_on=cycle.opens_on,
        cut_off_at=cycle.cut_off_at,
        digest_at=cycle.digest_at,
        timezone=cycle.timezone,
        projects=tuple(
            replace(
                _project(each, reports.get(each.project_id), past.get(each.project_id, ())),
                gaps=gaps.get(each.project_id, ()),
                decisions=decisions.get(each.project_id, ()),
            )
            for each in asked
        ),
        earlier_on=tuple(each.opens_on for each in earlier),
        previous=_counts(counts, Visibility.OPEN),
        previous_restricted=_counts(counts, Visibility.RESTRICTED),
        left=tuple(
            LeftProject(
                each.project_id,
                each.code,
                each.name,
                each.pm,
                each.phase,
                each.visibility is Visibility.RESTRICTED,
            )
            for each in left
        ),
        last_phase=await store.last_asked_phase(session, cycle.workspace_id),
    )


async def facts_as_told(
    session: AsyncSession, cycle: Cycle, kept: KeptFacts, as_of: datetime
) -> CycleFacts:
    """The facts that a version of a digest was composed from, whatever has changed since.

    Args:
        session: a transaction.
        cycle: the digest's cycle.
        kept: what the version keeps itself: names, states and reasons, and which reports.
        as_of: the instant that it speaks of; what earlier reports said is read as of then.
    """
    facts = kept.facts
    reports = await store.reports_told(session, cycle.pk, [each for each, _ in kept.reports])
    authors = dict(kept.reports)
    since = cycle.opens_on - MEMORY
    past = past_by_project(await store.earlier_reports(session, cycle, since, as_of))
    return replace(
        facts,
        projects=tuple(
            replace(
                each,
                report=report_facts(report, authors[report.pk]) if report else None,
                past=past.get(each.project_id, ()),
            )
            for each in facts.projects
            for report in [reports.get(each.project_id)]
        ),
    )


def past_by_project(reports: Iterable[EarlierReport]) -> dict[int, tuple[PastReport, ...]]:
    """Earlier answers, newest first, by project; they come by project."""
    return {
        project_id: tuple(
            PastReport(
                each.opens_on,
                each.health,
                each.milestone,
                each.milestone_forecast,
                each.phase,
                each.percent_complete,
            )
            for each in group
        )
        for project_id, group in groupby(reports, key=lambda report: report.project_id)
    }


def decisions_by_project(
    waiting: Iterable[WaitingDecision],
) -> dict[int, tuple[OpenDecision, ...]]:
    """Open decisions by project, by which they come."""
    return {
        project_id: tuple(OpenDecision(each.title, each.source, each.due_on) for each in group)
        for project_id, group in groupby(waiting, key=lambda decision: decision.project_id)
    }


def _gaps(requests: Iterable[Unanswered]) -> dict[int, tuple[Gap, ...]]:
    return {
        project_id: tuple(Gap(each.opens_on, each.state, each.reason) for each in group)
        for project_id, group in groupby(requests, key=lambda request: request.project_id)
    }


def _project(
    asked: AskedProject,
    answer: tuple[StatusReport, str] | None,
    past: tuple[PastReport, ...],
) -> ProjectInCycle:
    return ProjectInCycle(
        project_id=asked.project_id,
        code=asked.code,
        name=asked.name,
        pm=asked.pm,
        state=asked.state,
        reason=asked.reason,
        is_restricted=asked.visibility is Visibility.RESTRICTED,
        report=report_facts(*answer) if answer else None,
        past=past,
    )


def report_facts(stored: StatusReport, author: str) -> ReportFacts:
    """A stored answer, as the rules read it."""
    return ReportFacts(
        report_id=stored.pk,
        answers=Answers.of(stored),
        author=author,
        phase=stored.phase,
        submitted_at=stored.submitted_at,
        version=stored.version,
        computed=stored.computed,
        computed_why=tuple(stored.computed_why),
        claim_reason=stored.claim_reason,
        extra=tuple(stored.extra.items()),
        unchanged=stored.unchanged,
    )


def _counts(
    rows: list[tuple[Visibility, Health | None, int]], visibility: Visibility
) -> Counts | None:
    counted = dict.fromkeys(Health, 0)
    for of, health, number in rows:
        if of is visibility:
            counted[health or Health.GREY] += number
    total = {health.value: number for health, number in counted.items()}
    return Counts(**total) if any(total.values()) else None

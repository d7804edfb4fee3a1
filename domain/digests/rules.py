"""What goes where in a digest: exceptions first, nothing twice in the thread, nothing left out.

The order and the thresholds follow the PMO practice that executives ask for: decisions needed, red
oldest first, newly worse, long yellow, improved, milestones moved or due, missing, green.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from domain.collecting.answering.claim_rules import is_better
from domain.collecting.history.rules import Difference
from domain.collecting.values import LONG_FIELDS, Answers
from domain.digests.heat_map.loading import HeatMap
from domain.digests.heat_map.rules import council_grid, heat_maps_of
from domain.digests.messages import (
    ClosedLine,
    Composition,
    DecisionLine,
    DigestAddendum,
    DigestDetail,
    DigestHead,
    DigestLine,
    DigestMissing,
    DigestPage,
    MilestoneLine,
    MissingLine,
    NextDate,
    ReportText,
)
from domain.digests.values import (
    Counts,
    CycleFacts,
    LeftProject,
    PastReport,
    ProjectInCycle,
    ReportFacts,
)
from models.enums import Health, RequestState

LONG_YELLOW: Final = timedelta(days=28)
"""From then on a yellow project is an exception of its own."""

LATE: Final = timedelta(minutes=15)
"""From then on a digest says that it comes late."""

MILESTONES_WITHIN: Final = timedelta(days=30)

ALARM_ABOVE: Final = 0.3
"""The share of yellow and red among the rated from which on a portfolio is under stress; practice
of a portfolio office, told because a council sees the single projects first."""
ALARM_LEAST: Final = 5
"""Rated projects: of fewer, one alone would sound the alarm."""

MISSING_IN_HEAD: Final = 5
"""Of more that did not report, a reply of the thread lists all."""

FINISHED: Final = 100
"""Per cent."""

PAGE_CHARACTERS: Final = 10_500
"""Texts on one thread page, so that a page is one Slack message (about 12,000 with its labels)."""

_REPORT_OVERHEAD: Final = 400
_FIELD_OVERHEAD: Final = 40
"""Characters that headings and labels add to a report's own words, generously."""

_BULLETS: Final = re.compile(r"^([-*•\u2013](\s+|$))+")

_SEVERITY: Final = {Health.GREEN: 0, Health.YELLOW: 1, Health.RED: 2}


def severity(health: Health | None) -> int:
    """How bad a colour is; no colour comes last."""
    return _SEVERITY.get(health, -1) if health else -1


@dataclass(frozen=True)
class Layout:
    """Which reply of the thread tells of which project; kept, so that amending moves nothing."""

    details: tuple[int, ...] = ()
    """Project ids with a reply of their own."""
    pages: tuple[tuple[int, ...], ...] = ()
    heat_maps: tuple[HeatMap, ...] = ()
    """As they were said: what has not changed is not said again."""
    has_missing: bool = False
    """A reply lists what did not report."""


def compose(
    facts: CycleFacts,
    as_of: datetime,
    *,
    restricted: bool = False,
    kept: Layout | None = None,
    posted_at: datetime | None = None,
    changes: Mapping[int, tuple[Difference, ...]] | None = None,
) -> Composition:
    """Compose a digest for one audience: the open projects, or the restricted ones.

    Args:
        facts: the cycle's record.
        as_of: the instant that the digest speaks of.
        restricted: whether it is for those who may see the restricted projects.
        kept: the layout of the digest as posted, when it is amended.
        posted_at: when it was first composed, when it is amended.
        changes: by project, in what its report differs from the one that was posted first.
    """
    projects = [each for each in facts.projects if each.is_restricted == restricted]
    reported = [_Reported.of(each, facts, as_of, posted_at) for each in projects if each.report]
    layout = _layout(reported, kept or Layout())
    told = changes or {}
    texts = {
        each.project.project_id: each.text(told.get(each.project.project_id, ()))
        for each in reported
    }
    since = {each.project.project_id: each.since for each in reported}
    grid = council_grid(facts, projects, since, as_of, restricted=restricted)
    head = _head(facts, as_of, projects, reported, restricted=restricted, posted_at=posted_at)
    has_missing = len(head.missing) > MISSING_IN_HEAD or (kept is not None and kept.has_missing)
    return Composition(
        head=replace(head, has_missing_reply=has_missing),
        details=tuple(DigestDetail(texts[key]) for key in layout.details),
        pages=tuple(DigestPage(tuple(texts[key] for key in page)) for page in layout.pages),
        heat_maps=heat_maps_of(grid, kept.heat_maps if kept else ()),
        missing=DigestMissing(head.missing) if has_missing else None,
    )


def add_to(
    facts: CycleFacts,
    new: Iterable[ProjectInCycle],
    as_of: datetime,
    *,
    restricted: bool,
    posted_at: datetime | None = None,
    changes: Mapping[int, tuple[Difference, ...]] | None = None,
) -> DigestAddendum:
    """Compose the addendum that tells one audience of answers after the freeze.

    Args:
        facts: the cycle's record.
        new: the projects with an answer that was not told yet.
        as_of: the instant that the addendum speaks of.
        restricted: whether it is for those who may see the restricted projects.
        posted_at: when the digest was composed: what corrects it is marked.
        changes: by project, in what a correction differs from what was told.
    """
    told = changes or {}
    reported = [
        _Reported.of(each, facts, as_of, posted_at)
        for each in new
        if each.report and each.is_restricted == restricted
    ]
    return DigestAddendum(
        as_of=as_of,
        timezone=facts.timezone,
        lines=_lines(reported),
        reports=tuple(each.text(told.get(each.project.project_id, ())) for each in reported),
        council=facts.council,
        opens_on=facts.opens_on,
    )


def layout_of(composition: Composition) -> Layout:
    """The layout that a composition has."""
    return Layout(
        details=tuple(each.report.project_id for each in composition.details),
        pages=tuple(
            tuple(report.project_id for report in page.reports) for page in composition.pages
        ),
        heat_maps=composition.heat_maps,
        has_missing=composition.missing is not None,
    )


def is_alarming(counts: Counts) -> bool:
    """Whether so many of the rated projects are yellow or red that the portfolio is under stress.

    What is not rated says nothing either way.
    """
    troubled = counts.yellow + counts.red
    rated = counts.green + troubled
    return rated >= ALARM_LEAST and troubled > ALARM_ABOVE * rated


def count(projects: Iterable[tuple[RequestState, Health | None]]) -> Counts:
    """Count projects by health; excused and missing ones are grey."""
    healths = [health or Health.GREY for _state, health in projects]
    return Counts(**{health.value: healths.count(health) for health in Health})


@dataclass(frozen=True)
class _Reported:
    """A project with its answer, and what follows from its history."""

    project: ProjectInCycle
    answers: Answers
    previous: Health | None
    since: date
    days: int
    reports: int
    is_late: bool
    corrected_at: datetime | None
    reported_on: date
    """The day of the answer, where the council is: what has passed since, nobody could tell."""
    today: date
    """The day of the digest, there, too."""

    @classmethod
    def of(
        cls,
        project: ProjectInCycle,
        facts: CycleFacts,
        as_of: datetime,
        posted_at: datetime | None,
    ) -> "_Reported":
        report = project.report
        if report is None:
            msg = f"{project.code} has no report"
            raise ValueError(msg)
        unbroken = list(_unbroken(project.past, facts.earlier_on))
        same = list(takewhile(lambda each: each.health is report.answers.health, unbroken))
        since = min((each.opens_on for each in same), default=facts.opens_on)
        today = _local_day(as_of, facts)
        is_first_late = report.submitted_at > facts.cut_off_at and report.version == 1
        is_late = is_first_late or project.state is RequestState.LATE
        is_news = posted_at is not None and report.submitted_at > posted_at
        is_corrected = is_news and (report.version > 1 or not is_late)
        return cls(
            project=project,
            answers=report.answers,
            previous=unbroken[0].health if unbroken else None,
            since=since,
            days=(today - since).days,
            reports=len(same) + 1,
            is_late=is_late,
            corrected_at=report.submitted_at if is_corrected else None,
            reported_on=_local_day(report.submitted_at, facts),
            today=today,
        )

    @property
    def computed(self) -> Health | None:
        """What the facts come to, where the claim is better."""
        report = self.project.report
        told = report.computed if report else None
        return told if is_better(self.answers.health, told) else None

    @property
    def _is_added(self) -> bool:
        return self.is_late and self.corrected_at is None

    @property
    def is_worse(self) -> bool:
        return self._severity_change > 0

    @property
    def is_better(self) -> bool:
        return self._severity_change < 0

    @property
    def _severity_change(self) -> int:
        before, now = (
            _SEVERITY.get(self.previous or Health.GREY),
            _SEVERITY.get(self.answers.health),
        )
        return 0 if before is None or now is None else now - before

    def line(self) -> DigestLine:
        report = self.project.report
        return DigestLine(
            code=self.project.code,
            name=self.project.name,
            pm=self.project.pm,
            health=self.answers.health,
            rating=self.answers.rating,
            summary=first_line(self.answers.why or self.answers.done),
            previous=self.previous,
            since=self.since,
            days=self.days,
            path_to_green=first_line(self.answers.path_to_green),
            added_at=report.submitted_at if report and self._is_added else None,
            corrected_at=self.corrected_at,
            computed=self.computed,
            unchanged=report.unchanged if report else 0,
            reports=self.reports,
            next_date=_next_date(self.answers, self.today),
            claim_reason=first_line(report.claim_reason) if report and self.computed else "",
        )

    def text(self, changes: tuple[Difference, ...] = ()) -> ReportText:
        report = self.project.report
        if report is None:
            msg = f"{self.project.code} has no report"
            raise ValueError(msg)
        return ReportText(
            project_id=self.project.project_id,
            code=self.project.code,
            name=self.project.name,
            phase=report.phase,
            pm=self.project.pm,
            author=report.author,
            submitted_at=report.submitted_at,
            version=report.version,
            answers=self.answers,
            previous=self.previous,
            days=self.days,
            is_late=self.is_late,
            computed=report.computed,
            computed_why=report.computed_why,
            claim_reason=report.claim_reason,
            extra=report.extra,
            unchanged=report.unchanged,
            changes=changes,
            reports=self.reports,
        )


def _unbroken(past: Iterable[PastReport], days: Iterable[date]) -> Iterator[PastReport]:
    """The reports of the cycles just before, up to the first one in which nothing came."""
    for each, day in zip(past, days, strict=False):
        if each.opens_on != day:
            return
        yield each


def _head(
    facts: CycleFacts,
    as_of: datetime,
    projects: Sequence[ProjectInCycle],
    reported: Sequence[_Reported],
    *,
    restricted: bool,
    posted_at: datetime | None,
) -> DigestHead:
    worse, long_yellow, other_yellow = _yellows(reported)
    return DigestHead(
        council=facts.council,
        opens_on=facts.opens_on,
        as_of=as_of,
        timezone=facts.timezone,
        due=sum(_is_due(each) for each in projects),
        received=len(reported),
        counts=count((each.state, _health(each)) for each in projects),
        previous=facts.previous_restricted if restricted else facts.previous,
        decisions=_decisions(projects, reported),
        red=_lines(sorted(_of(reported, Health.RED), key=_oldest_first)),
        newly_worse=_lines(worse),
        long_yellow=_lines(sorted(long_yellow, key=_oldest_first)),
        other_yellow=_lines(other_yellow),
        improved=_lines(each for each in reported if each.is_better),
        milestones=_milestones(reported, facts),
        missing=tuple(
            _missing(each, facts, as_of)
            for each in sorted(projects, key=_last_known_worst_first)
            if each.report is None
        ),
        not_rated=_lines(_of(reported, Health.GREY)),
        green=_lines(_of(reported, Health.GREEN)),
        amended_at=as_of if posted_at is not None else None,
        is_restricted=restricted,
        due_at=_due_at(facts, posted_at or as_of),
        closed=_closed(reported, facts, restricted=restricted),
        previous_on=next(iter(facts.earlier_on), None),
    )


def _is_due(project: ProjectInCycle) -> bool:
    """Whether a report is owed: nobody was asked for an excused one, which stands with its reason.

    Counted among the grey it is never hidden; counted as owed it would blame somebody on leave.
    """
    return project.report is not None or project.state is not RequestState.EXCUSED


def _due_at(facts: CycleFacts, composed_at: datetime) -> datetime | None:
    """When the digest was due, if it was composed late: the bot did not run, or could not post."""
    if facts.digest_at is None or composed_at <= facts.digest_at + LATE:
        return None
    return facts.digest_at


def _health(project: ProjectInCycle) -> Health | None:
    return project.report.answers.health if project.report else None


def _of(reported: Iterable[_Reported], health: Health) -> list[_Reported]:
    return [each for each in reported if each.answers.health is health]


def _yellows(
    reported: Iterable[_Reported],
) -> tuple[list[_Reported], list[_Reported], list[_Reported]]:
    """The yellow projects: newly worse, yellow for long, and the others."""
    worse: list[_Reported] = []
    long_yellow: list[_Reported] = []
    others: list[_Reported] = []
    for each in _of(reported, Health.YELLOW):
        target = worse if each.is_worse else long_yellow if _is_long(each) else others
        target.append(each)
    return worse, long_yellow, others


def _lines(reported: Iterable[_Reported]) -> tuple[DigestLine, ...]:
    return tuple(each.line() for each in reported)


def _oldest_first(reported: _Reported) -> tuple[int, str]:
    return -reported.days, reported.project.code


def _is_long(reported: _Reported) -> bool:
    return reported.days >= LONG_YELLOW.days


def _decisions(
    projects: Iterable[ProjectInCycle], reported: Iterable[_Reported]
) -> tuple[DecisionLine, ...]:
    """What the reports ask for; of who has not reported, what is still open from before."""
    lines = [
        DecisionLine(
            code=project.code,
            name=project.name,
            pm=project.pm,
            decision=first_line(each.title),
            decision_from=each.source,
            decision_by=each.due_on,
            is_from_list=True,
        )
        for project in projects
        if project.report is None
        for each in project.decisions
    ]
    lines += [
        DecisionLine(
            code=each.project.code,
            name=each.project.name,
            pm=each.project.pm,
            decision=first_line(each.answers.decision),
            decision_from=each.answers.decision_from,
            decision_by=each.answers.decision_by,
        )
        for each in reported
        if each.answers.decision
    ]
    return tuple(sorted(lines, key=lambda line: (line.decision_by or date.max, line.code)))


def _next_date(answers: Answers, today: date) -> NextDate | None:
    """The next day that matters to a project; where all are over, the last one."""
    days = []
    forecast = answers.milestone_forecast or answers.milestone_baseline
    if answers.milestone and forecast and not answers.milestone_met:
        days.append(NextDate(forecast, answers.milestone))
    if answers.decision and answers.decision_by:
        days.append(NextDate(answers.decision_by))
    ahead = [each for each in days if each.on >= today]
    by_day = attrgetter("on")
    return min(ahead, key=by_day) if ahead else max(days, key=by_day, default=None)


def _closed(
    reported: Iterable[_Reported], facts: CycleFacts, *, restricted: bool
) -> tuple[ClosedLine, ...]:
    """What has come to its end since the last digest, by code."""
    finished = [
        _closed_line(each.project, facts.last_phase, is_reported=True)
        for each in reported
        if each.project.report and _has_just_finished(each.project, each.project.report, facts)
    ]
    left = [
        _closed_line(each, each.phase, is_reported=False)
        for each in facts.left
        if each.is_restricted == restricted
    ]
    return tuple(sorted([*finished, *left], key=lambda line: line.code))


def _closed_line(
    project: ProjectInCycle | LeftProject, phase: str, *, is_reported: bool
) -> ClosedLine:
    return ClosedLine(project.code, project.name, project.pm, phase, is_reported)


def _has_just_finished(project: ProjectInCycle, report: ReportFacts, facts: CycleFacts) -> bool:
    before = next(iter(project.past), None)
    return is_finished(report.phase, report.answers.percent_complete, facts.last_phase) and not (
        before and is_finished(before.phase, before.percent_complete, facts.last_phase)
    )


def is_finished(phase: str, percent: int | None, last_phase: str) -> bool:
    """Whether a report says that the project has come to its end."""
    return bool(last_phase) and phase == last_phase and (percent or 0) >= FINISHED


def _milestones(reported: Iterable[_Reported], facts: CycleFacts) -> tuple[MilestoneLine, ...]:
    lines = []
    for each in reported:
        forecast = each.answers.milestone_forecast or each.answers.milestone_baseline
        if not each.answers.milestone or forecast is None:
            continue
        line = MilestoneLine(
            code=each.project.code,
            milestone=each.answers.milestone,
            forecast=forecast,
            moved_from=_moved_from(each, forecast),
            is_met=each.answers.milestone_met,
            is_overdue=not each.answers.milestone_met and forecast < each.reported_on,
        )
        if _is_told(line, facts):
            lines.append(line)
    return tuple(sorted(lines, key=lambda line: (line.forecast, line.code)))


def _is_told(line: MilestoneLine, facts: CycleFacts) -> bool:
    """Whether a milestone is news: met since the last cycle, or moved, overdue or due soon."""
    if line.is_met:
        before = next(iter(facts.earlier_on), facts.opens_on - MILESTONES_WITHIN)
        return line.forecast >= before
    is_soon = facts.opens_on <= line.forecast <= facts.opens_on + MILESTONES_WITHIN
    return line.is_overdue or is_soon or line.moved_from is not None


def _moved_from(reported: _Reported, forecast: date) -> date | None:
    """The date that a milestone has moved away from since the last report, if it has."""
    before = next(
        (each for each in reported.project.past if each.milestone == reported.answers.milestone),
        None,
    )
    forecast_before = before.milestone_forecast if before else None
    reference = forecast_before or reported.answers.milestone_baseline
    return reference if reference is not None and reference != forecast else None


def _local_day(instant: datetime, facts: CycleFacts) -> date:
    return instant.astimezone(ZoneInfo(facts.timezone)).date()


def _last_known_worst_first(project: ProjectInCycle) -> tuple[int, str]:
    return -severity(project.past[0].health if project.past else None), project.code


def _missing(project: ProjectInCycle, facts: CycleFacts, as_of: datetime) -> MissingLine:
    last = project.past[0] if project.past else None
    return MissingLine(
        code=project.code,
        name=project.name,
        pm=project.pm,
        reason=project.reason,
        last_health=last.health if last else None,
        last_on=last.opens_on if last else None,
        days=(_local_day(as_of, facts) - last.opens_on).days if last else 0,
    )


def _layout(reported: Sequence[_Reported], kept: Layout) -> Layout:
    """Replies for the reports: what has one keeps it; what is new comes after, red ones first.

    Whatever the colour, what needs a decision has one, too.
    """
    present = {each.project.project_id: each for each in reported}
    needing = [
        each.project.project_id
        for health in (Health.RED, Health.YELLOW)
        for each in sorted(_of(reported, health), key=_oldest_first)
    ]
    needing += [each.project.project_id for each in reported if each.answers.decision]
    still = [key for key in kept.details if key in present]
    details = tuple(dict.fromkeys([*still, *needing]))
    told_alone = set(details)
    pages = [
        [key for key in page if key in present and key not in told_alone] for page in kept.pages
    ]
    placed = told_alone.union(*pages)
    for key, each in present.items():
        if key not in placed:
            _place(key, each, pages, present)
    return Layout(details, tuple(tuple(page) for page in pages))


def _place(
    key: int, reported: _Reported, pages: list[list[int]], present: dict[int, _Reported]
) -> None:
    """Put a report on the last page if it fits there, else on a new one."""
    weight = _weight(reported)
    together = weight + sum(_weight(present[other]) for other in pages[-1]) if pages else 0
    if pages and together <= PAGE_CHARACTERS:
        pages[-1].append(key)
    else:
        pages.append([key])


def _weight(reported: _Reported) -> int:
    """About how many characters a report takes in Slack."""
    texts = [getattr(reported.answers, each) for each in LONG_FIELDS]
    report = reported.project.report
    if report is not None and reported.computed is not None:
        texts += [*report.computed_why, report.claim_reason]
    if report is not None:
        texts += [part for pair in report.extra for part in pair]
    return _REPORT_OVERHEAD + sum(len(text) + _FIELD_OVERHEAD for text in texts if text)


def first_line(text: str) -> str:
    """The first line of a text with something in it, without its bullet."""
    for line in text.splitlines():
        if words := _BULLETS.sub("", line.strip(), count=1).strip():
            return words
    return ""


def is_outdated(
    posted: Layout,
    report_ids: Collection[int],
    facts: CycleFacts,
    *,
    restricted: bool,
    told: Collection[int] | None = None,
) -> bool:
    """Whether a posted digest lacks something of one audience's, or tells it too much.

    What changes for one audience must not touch what the other one reads: "amended" in a channel
    would tell that there is a restricted project.

    Args:
        posted: which replies there are.
        report_ids: the reports that were told.
        facts: the cycle's record.
        restricted: which audience's part it is.
        told: the projects that stand in it, with a report or without; None if that is not known.
    """
    mine = [each for each in facts.projects if each.is_restricted == restricted]
    if told is not None and set(told) != {each.project_id for each in mine}:
        return True
    reported = {each.project_id for each in mine if each.report}
    news = {each.project_id for each in newer_reports(report_ids, facts)}
    return {*posted.details}.union(*posted.pages) != reported or not news.isdisjoint(reported)


def newer_reports(report_ids: Collection[int], facts: CycleFacts) -> list[ProjectInCycle]:
    """The projects whose newest report is not among those that a digest was made from."""
    return [
        each
        for each in facts.projects
        if each.report is not None and each.report.report_id not in report_ids
    ]

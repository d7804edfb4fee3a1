"""What a portfolio digest is made from, read from the record in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.digests.broad.values import BroadFacts, ClosedProject, CouncilPart, EarlierIssue
from domain.digests.loading import MEMORY, decisions_by_project, past_by_project, report_facts
from domain.digests.rules import FINISHED
from domain.digests.values import CycleFacts, OpenDecision, PastReport, ProjectInCycle, ReportFacts
from domain.portfolio.digest_schedules import is_about
from models.calendar import PortfolioDigest
from models.digests import broad as store
from models.digests import last_asked_phase, waiting_decisions
from models.digests.broad import BroadProject, CountedRequest, KnownCycle
from models.enums import CycleState, Health, RequestState

NOT_ASKED: Final = "not asked in its council's last cycle"
NO_CYCLE: Final = "its council has asked nobody yet"


async def broad_facts(
    session: AsyncSession,
    digest: PortfolioDigest,
    earlier: Sequence[EarlierIssue],
    scope: Sequence[str],
    now: datetime,
    timezone: str,
) -> BroadFacts:
    """Everything that an issue tells: nine statements, for ten projects or ten thousand.

    Args:
        session: where it is read.
        digest: what it is about.
        earlier: the issues before that it is compared with, newest first.
        scope: the names of the councils that it is about; empty for all.
        now: this instant.
        timezone: in which its days are.
    """
    workspace_id, today = digest.workspace_id, now.astimezone(ZoneInfo(timezone)).date()
    projects = [
        each
        for each in await store.broad_projects(session, workspace_id)
        if is_about(digest, each.council_id, each.tags)
    ]
    asked = [each for each in projects if each.is_asked]
    cycles = _Cycles(await store.known_cycles(session, workspace_id, today - MEMORY))
    counting = cycles.counting()
    requests = await store.counted_requests(session, counting)
    reports = {
        key: report_facts(*answer)
        for key, answer in (await store.counted_reports(session, counting)).items()
    }
    chosen = dict(_chosen(requests, reports, cycles))
    told = {
        each.project_id: reports.get((chosen[each.project_id].cycle_id, each.project_id))
        for each in asked
        if each.project_id in chosen
    }
    wanted = [each.project_id for each in asked if _needs_past(told.get(each.project_id))]
    past = await store.reports_since(session, workspace_id, wanted, today - MEMORY)
    last_phase = await last_asked_phase(session, workspace_id)
    decisions = decisions_by_project(await waiting_decisions(session, workspace_id))
    view = _View(cycles, chosen, told, past_by_project(past), decisions, today, now, timezone)
    return BroadFacts(
        name=digest.name,
        timezone=timezone,
        councils=tuple(view.parts(asked)),
        closed=tuple(_closed(projects, earlier)),
        earlier=tuple(earlier),
        scope=tuple(scope),
        tag=digest.tag,
        note=digest.note,
        council_of={each.code: each.council for each in asked},
        last_phase=last_phase,
    )


def _closed(
    projects: Iterable[BroadProject], earlier: Sequence[EarlierIssue]
) -> Iterator[ClosedProject]:
    for each in projects:
        if earlier and each.project_id in earlier[0].cells and not each.is_asked:
            yield ClosedProject(each.project_id, each.code, each.name, each.council, each.pm)


def _needs_past(report: ReportFacts | None) -> bool:
    """Whether a project's past is told: since when it is as it is, or what was known last.

    Or whether it was finished before.
    """
    if report is None or report.answers.health in (Health.RED, Health.YELLOW):
        return True
    return (report.answers.percent_complete or 0) >= FINISHED


class _Cycles:
    """The councils' cycles: which of them count, and which came before one."""

    def __init__(self, known: Iterable[KnownCycle]) -> None:
        self.by_id = {each.cycle_id: each for each in known}
        self._of_council: dict[int, list[KnownCycle]] = defaultdict(list)
        for each in self.by_id.values():
            self._of_council[each.council_id].append(each)

    def counting(self) -> list[int]:
        """The last cycle of each council whose cut-off is over, and those that are open since."""
        return [each for council in self._of_council for each in self._counting_of(council)]

    def last_of(self, council_id: int) -> KnownCycle | None:
        """The last cycle of a council whose cut-off is over."""
        settled = (each for each in self._of_council[council_id] if _is_settled(each))
        return next(settled, None)

    def before(self, cycle: KnownCycle) -> tuple[date, ...]:
        """The nominal days of the cycles before one, newest first."""
        of_council = self._of_council[cycle.council_id]
        return tuple(each.opens_on for each in of_council if each.opens_on < cycle.opens_on)

    def _counting_of(self, council_id: int) -> Iterator[int]:
        for each in self._of_council[council_id]:
            yield each.cycle_id
            if _is_settled(each):
                return


def _is_settled(cycle: KnownCycle) -> bool:
    return cycle.state is not CycleState.OPEN


def _chosen(
    requests: Iterable[CountedRequest],
    reports: Mapping[tuple[int, int], ReportFacts],
    cycles: _Cycles,
) -> Iterator[tuple[int, CountedRequest]]:
    """The request that counts for each project: the newest that is answered, or is over."""
    counted = [
        each
        for each in requests
        if (each.cycle_id, each.project_id) in reports or _is_settled(cycles.by_id[each.cycle_id])
    ]
    # What comes last stays, in the dictionary that is made of it.
    for each in sorted(counted, key=lambda one: cycles.by_id[one.cycle_id].opens_on):
        yield each.project_id, each


@dataclass(frozen=True)
class _View:
    """All that was read, put together by council and cycle."""

    cycles: _Cycles
    chosen: Mapping[int, CountedRequest]
    told: Mapping[int, ReportFacts | None]
    past: Mapping[int, tuple[PastReport, ...]]
    decisions: Mapping[int, tuple[OpenDecision, ...]]
    today: date
    now: datetime
    timezone: str

    def parts(self, projects: Iterable[BroadProject]) -> Iterator[CouncilPart]:
        """The councils that have projects in it, by name."""
        of_council: dict[tuple[str, int], list[BroadProject]] = defaultdict(list)
        for each in projects:
            of_council[each.council, each.council_id].append(each)
        for name, council_id in sorted(of_council):
            yield CouncilPart(name, tuple(self._cycles_of(of_council[name, council_id])))

    def _cycles_of(self, projects: Iterable[BroadProject]) -> Iterator[CycleFacts]:
        in_cycle: dict[int, list[BroadProject]] = defaultdict(list)
        for each in projects:
            request = self.chosen.get(each.project_id)
            in_cycle[request.cycle_id if request else 0].append(each)
        for cycle_id in sorted(in_cycle, key=self._opens_on, reverse=True):
            yield self._facts(cycle_id, in_cycle[cycle_id])

    def _opens_on(self, cycle_id: int) -> date:
        return self.cycles.by_id[cycle_id].opens_on if cycle_id else date.min

    def _facts(self, cycle_id: int, projects: Sequence[BroadProject]) -> CycleFacts:
        council = projects[0].council
        cycle = self.cycles.by_id.get(cycle_id)
        opens_on = cycle.opens_on if cycle else self.today
        return CycleFacts(
            cycle_id=cycle_id,
            council=council,
            opens_on=opens_on,
            cut_off_at=cycle.cut_off_at if cycle else self.now,
            timezone=self.timezone,
            projects=tuple(self._project(each, opens_on) for each in projects),
            earlier_on=self.cycles.before(cycle) if cycle else (),
        )

    def _project(self, project: BroadProject, opens_on: date) -> ProjectInCycle:
        request = self.chosen.get(project.project_id)
        past = self.past.get(project.project_id, ())
        return ProjectInCycle(
            project_id=project.project_id,
            code=project.code,
            name=project.name,
            pm=project.pm,
            state=request.state if request else RequestState.EXCUSED,
            reason=request.reason if request else self._why_unasked(project),
            is_restricted=False,
            report=self.told.get(project.project_id),
            past=tuple(each for each in past if each.opens_on < opens_on),
            decisions=self.decisions.get(project.project_id, ()),
        )

    def _why_unasked(self, project: BroadProject) -> str:
        return NOT_ASKED if self.cycles.last_of(project.council_id) else NO_CYCLE

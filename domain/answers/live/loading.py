"""Reads from the record what a question asks for; of projects only what its asker may know."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.live.messages import ToldLine, ToldProject, ToldReport, ToldTime
from domain.answers.live.values import Known, Names
from domain.calendar.people import working_days, zone_of
from domain.calendar.rhythms import rhythm_of
from domain.calendar.rules import ask_days, cycle_times
from domain.logs.record import facts_of
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.rules import has_role, may_see
from domain.portfolio.values import PersonName, Viewer
from models import collecting as store
from models.calendar import CouncilCalendar, council_calendars
from models.collecting import Cycle, OpenRequest, StatusReport
from models.enums import CycleState, MeetingState, RequestState, Visibility
from models.meetings.queries import coming_meetings
from models.portfolio import (
    Council,
    Person,
    ProjectRow,
    councils_of,
    people_by_id,
    phases_of,
    project_rows_of,
)

AHEAD: Final = timedelta(days=100)
"""How far ahead a council's calendar is read: it may meet each quarter."""

_CYCLE: Final = timedelta(days=60)
"""How long a cycle may take from its ask day to its digest."""


@dataclass(frozen=True)
class Seen:
    """What of the portfolio exists for the asker."""

    rows: tuple[ProjectRow, ...]
    people: dict[int, Person]
    """All who have a role in these projects."""
    phases: tuple[str, ...]
    councils: tuple[Council, ...]
    """Those of the projects, and the asker's own."""

    def row(self, project_id: int) -> ProjectRow:
        """The project of a number."""
        return next(each for each in self.rows if each.project.pk == project_id)

    def names(
        self, viewer: Viewer, is_word: Callable[[str], bool], is_english: Callable[[str], bool]
    ) -> Names:
        """What a question may name."""
        return Names(
            projects=[_known(viewer, each) for each in self.rows],
            phases=self.phases,
            councils=[each.name for each in self.councils],
            people=[each.name for each in self.people.values()],
            is_word=is_word,
            is_english=is_english,
        )


async def load_seen(session: AsyncSession, workspace_id: int, viewer: Viewer) -> Seen:
    """The projects, people and councils that a question may be about."""
    everything = await project_rows_of(session, workspace_id)
    rows = [row for row in everything if may_see(viewer, facts_of(row.project))]
    ids = {one for row in rows for one in _roles(row) if one is not None}
    near = {row.project.council_id for row in rows} | (
        frozenset() if viewer.is_guest else viewer.council_ids
    )
    councils = await councils_of(session, workspace_id)
    return Seen(
        rows=tuple(rows),
        people=await people_by_id(session, ids),
        phases=tuple(each.name for each in await phases_of(session, workspace_id)),
        councils=tuple(each for each in councils if each.pk in near),
    )


async def load_lines(
    session: AsyncSession, workspace_id: int, rows: Iterable[ProjectRow], today: date
) -> list[ToldLine]:
    """Projects as a list tells of them, by code."""
    by_id = {row.project.pk: row for row in rows}
    reports = await store.last_reports(session, by_id.keys())
    waiting = await store.open_requests(session, workspace_id, by_id.keys())
    return [
        _line(row, reports.get(number), waiting.get(number), today) for number, row in by_id.items()
    ]


async def load_project(
    session: AsyncSession, row: ProjectRow, people: Mapping[int, Person], today: date
) -> ToldProject:
    """One project with its last report."""
    project = row.project
    report = (await store.last_reports(session, [project.pk])).get(project.pk)
    authors = await people_by_id(session, [report.author_id] if report else [])
    is_held = project.hold_until is not None and project.hold_until >= today
    return ToldProject(
        project_id=project.pk,
        code=project.code,
        name=project.name,
        council=row.council.name,
        phase=row.phase.name,
        pm=_person(row.pm),
        deputy=_person(people[project.deputy_id]) if project.deputy_id else None,
        sponsor=_person(people[project.sponsor_id]) if project.sponsor_id else None,
        start=project.start,
        baseline_end=project.baseline_end,
        forecast_end=project.forecast_end,
        budget=project.budget,
        hold_until=project.hold_until if is_held else None,
        hold_reason=project.hold_reason if is_held else "",
        report=_report(report, authors[report.author_id].name) if report else None,
    )


async def load_digest_times(
    session: AsyncSession,
    workspace_id: int,
    councils: Iterable[Council],
    configuration: WorkspaceConfiguration,
    now: datetime,
) -> list[ToldTime]:
    """When the digest of each council comes next; a council without a calendar is left out."""
    since = now.date() - _CYCLE
    cycles = await store.cycles_since(session, workspace_id, since)
    wanted = {each.pk for each in councils}
    told = []
    for each in await council_calendars(session, workspace_id):
        if each.council.pk in wanted:
            own = [cycle for cycle in cycles if cycle.council_id == each.council.pk]
            at = _planned(own, now) or _expected(each, configuration, now)
            if at is not None:
                is_held = each.calendar.preview is not None
                told.append(ToldTime(each.council.name, at=at, is_held=is_held))
    return told


async def load_meeting_times(
    session: AsyncSession, workspace_id: int, councils: Iterable[Council], now: datetime
) -> list[ToldTime]:
    """When each council meets next; a council that has no meeting planned is left out."""
    coming = await coming_meetings(session, workspace_id, now)
    told = []
    for council in councils:
        own = (each for each in coming if each.council_id == council.pk)
        first = next((each for each in own if each.state is MeetingState.PLANNED), None)
        told += [ToldTime(council.name, at=first.starts_at)] if first else []
    return told


def _known(viewer: Viewer, row: ProjectRow) -> Known:
    is_mine = has_role(viewer, facts_of(row.project))
    return Known(row.project.pk, row.project.code, row.project.name, is_mine)


def _roles(row: ProjectRow) -> tuple[int | None, ...]:
    return (row.project.pm_id, row.project.deputy_id, row.project.sponsor_id)


def _person(person: Person) -> PersonName:
    return PersonName(person.pk, person.slack_id, person.name, person.is_gone)


def _report(stored: StatusReport, author: str) -> ToldReport:
    return ToldReport(
        health=stored.health,
        rating=stored.rating,
        opens_on=stored.opens_on,
        author=author,
        why=stored.why,
        schedule=stored.schedule,
        computed=stored.computed,
        computed_why=tuple(stored.computed_why),
        budget=stored.budget,
        spent=stored.spent,
        cost_forecast=stored.cost_forecast,
    )


def _line(
    row: ProjectRow, report: StatusReport | None, waiting: OpenRequest | None, today: date
) -> ToldLine:
    project = row.project
    ends = (project.baseline_end, project.forecast_end)
    is_held = project.hold_until is not None and project.hold_until >= today
    costs = [one for one in (report.spent, report.cost_forecast) if one] if report else []
    return ToldLine(
        code=project.code,
        name=project.name,
        council=row.council.name,
        phase=row.phase.name,
        pm=row.pm.name,
        health=report.health if report else None,
        opens_on=report.opens_on if report else None,
        slip_days=(ends[1] - ends[0]).days if ends[0] and ends[1] else None,
        cut_off_at=waiting.cut_off_at if waiting and not is_held else None,
        is_missed=waiting is not None and waiting.state is RequestState.MISSED,
        hold_until=project.hold_until if is_held else None,
        is_restricted=project.visibility is Visibility.RESTRICTED,
        budget=project.budget,
        cost=max(costs, default=None),
    )


def _planned(cycles: Iterable[Cycle], now: datetime) -> datetime | None:
    """The next digest of the cycles that there are."""
    over = (CycleState.REPORTED, CycleState.SKIPPED)
    times = [each.digest_at for each in cycles if each.state not in over and each.digest_at > now]
    return min(times, default=None)


def _expected(
    own: CouncilCalendar, configuration: WorkspaceConfiguration, now: datetime
) -> datetime | None:
    """The next digest that a calendar gives."""
    rhythm, zone = rhythm_of(own.calendar), zone_of(own.council.timezone, configuration)
    working = working_days(configuration)
    today = now.astimezone(zone).date()
    for _occurrence, opens_on in ask_days(rhythm, working, today - _CYCLE, today + AHEAD):
        at = cycle_times(rhythm, opens_on, working, zone).digest_at
        if at > now:
            return at
    return None

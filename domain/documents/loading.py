"""What a template is filled from, read from the record in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_zone
from domain.collecting.answering.keeping import read_report
from domain.documents.values import (
    LOOKED_BACK,
    FiledCouncil,
    FiledDigest,
    FiledProject,
    MeetingSeries,
    PastReport,
    ProjectFile,
    ReportingRhythm,
    Seat,
)
from domain.logs.record import entry_of, facts_of
from domain.logs.values import Entry
from domain.portfolio.configuration import (
    ANY_FIRST_DAY,
    CouncilConfiguration,
    Meetings,
    WorkspaceConfiguration,
)
from domain.portfolio.configuring import load_configuration
from domain.portfolio.digest_schedules import is_about
from domain.portfolio.rules import may_see
from domain.portfolio.values import Viewer
from models.calendar import portfolio_digests
from models.collecting import StatusReport, reports_of_project
from models.enums import LogState, Visibility
from models.logs import entry_rows_of_project
from models.portfolio import (
    Council,
    Person,
    Project,
    ProjectRow,
    members_of_council,
    people_by_id,
    project_followers,
    project_row_by_id,
)


async def load_file(
    session: AsyncSession, workspace_id: int, viewer: Viewer, project_id: int, now: datetime
) -> ProjectFile | None:
    """All that the record knows of a project; None where there is none, or not for this person."""
    row = await project_row_by_id(session, workspace_id, project_id)
    if row is None or not may_see(viewer, facts_of(row.project)):
        return None
    today = now.astimezone(parse_zone(viewer.timezone)).date()
    configuration = await load_configuration(session, workspace_id)
    reports = await reports_of_project(session, project_id, LOOKED_BACK)
    named = await people_by_id(session, _named_by(row, reports))
    return ProjectFile(
        on=today,
        project=_project(row, named, today),
        council=await _council(session, row.council, named, configuration, now),
        report=read_report(reports[0], _name(named, reports[0].author_id)) if reports else None,
        entries=await _entries(session, workspace_id, project_id, today),
        past=tuple(_past(each, named) for each in reports),
        followers=tuple(sorted(await project_followers(session, project_id))),
        digests=await _digests(session, row.project, configuration.timezone),
    )


async def _digests(
    session: AsyncSession, project: Project, timezone: str
) -> tuple[FiledDigest, ...]:
    """The digests across councils that tell of it: they are posted to all, so of open ones only."""
    if project.visibility is not Visibility.OPEN:
        return ()
    return tuple(
        FiledDigest(
            name=each.name,
            channel=each.channel_name,
            rule=each.every,
            first=each.first,
            at=f"{each.at:%H:%M}",
            timezone=each.timezone or timezone,
        )
        for each in await portfolio_digests(session, project.workspace_id)
        if is_about(each, project.council_id, project.tags)
    )


def _named_by(row: ProjectRow, reports: Sequence[StatusReport]) -> set[int]:
    project, council = row.project, row.council
    named = {project.pm_id, project.deputy_id, project.sponsor_id, council.chair_id}
    return {one for one in named if one is not None} | {each.author_id for each in reports}


def _name(named: Mapping[int, Person], person_id: int | None) -> str:
    return "" if person_id is None else named[person_id].name


def _project(row: ProjectRow, named: Mapping[int, Person], today: date) -> FiledProject:
    project = row.project
    is_held = project.hold_until is not None and project.hold_until >= today
    return FiledProject(
        project_id=project.pk,
        code=project.code,
        name=project.name,
        phase=row.phase.name,
        visibility=project.visibility,
        pm=row.pm.name,
        deputy=_name(named, project.deputy_id),
        sponsor=_name(named, project.sponsor_id),
        start=project.start,
        baseline_end=project.baseline_end,
        forecast_end=project.forecast_end,
        budget=project.budget,
        description=project.description,
        tags=tuple(project.tags),
        notes=_notes(project),
        hold_until=project.hold_until if is_held else None,
        hold_reason=project.hold_reason if is_held else "",
    )


def _notes(project: Project) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(project.notes.items()))


async def _council(
    session: AsyncSession,
    council: Council,
    named: Mapping[int, Person],
    configuration: WorkspaceConfiguration,
    now: datetime,
) -> FiledCouncil:
    zone = council.timezone or configuration.timezone
    applied = next((each for each in configuration.councils if each.name == council.name), None)
    meetings = applied.meetings if applied else None
    today = now.astimezone(parse_zone(zone)).date()
    return FiledCouncil(
        name=council.name,
        channel=council.channel_name,
        timezone=zone,
        chair=_name(named, council.chair_id),
        seats=tuple(
            Seat(person.name, member.voting)
            for member, person in await members_of_council(session, council.pk)
        ),
        reporting=_reporting(applied) if applied else None,
        meetings=_meetings(meetings, today) if meetings else None,
    )


def _reporting(council: CouncilConfiguration) -> ReportingRhythm | None:
    reporting, meetings = council.reporting, council.meetings
    if reporting is None:
        return None
    is_before = reporting.days_before is not None and meetings is not None
    rule = meetings.rule if is_before and meetings else reporting.every
    first = meetings.first if is_before and meetings else reporting.first
    return ReportingRhythm(
        rule=rule or "",
        first=first or ANY_FIRST_DAY,
        ask_at=reporting.ask_at,
        cut_off=reporting.cut_off,
        digest=reporting.digest,
        days_before=reporting.days_before,
    )


def _meetings(meetings: Meetings, today: date) -> MeetingSeries:
    return MeetingSeries(
        rule=meetings.rule,
        first=meetings.first or ANY_FIRST_DAY,
        at=meetings.at,
        minutes=meetings.minutes,
        quorum=meetings.quorum,
        pre_read=meetings.pre_read,
        next_on=next(iter(meetings.recurrence.upcoming(today, 1)), None),
    )


async def _entries(
    session: AsyncSession, workspace_id: int, project_id: int, today: date
) -> tuple[Entry, ...]:
    rows = await entry_rows_of_project(session, workspace_id, project_id)
    entries = [entry_of(row, today) for row in rows]
    return tuple(sorted(entries, key=lambda each: each.state is not LogState.OPEN))


def _past(report: StatusReport, named: Mapping[int, Person]) -> PastReport:
    return PastReport(
        opens_on=report.opens_on,
        author=_name(named, report.author_id),
        health=report.health,
        rating=report.rating,
        milestone=report.milestone,
        milestone_forecast=report.milestone_forecast,
        percent_complete=report.percent_complete,
        spent=report.spent,
        cost_forecast=report.cost_forecast,
    )

"""Freezes what members read before a meeting, from the record as it stands."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.digests.loading import facts_of
from domain.digests.messages import Composition, MissingLine, ReportText
from domain.digests.rules import compose
from domain.digests.values import CycleFacts
from domain.logs.values import LETTERS
from domain.meetings.about import About
from domain.meetings.agenda.loading import agenda_of
from domain.meetings.agenda.values import Item
from domain.meetings.attendance.loading import roster_of
from domain.meetings.pre_read.rules import by_need
from domain.meetings.pre_read.values import (
    CallItem,
    Pack,
    PackAction,
    PackDecided,
    PackDecision,
    PackProject,
)
from models.enums import Health, LogKind
from models.meetings import pre_read as store
from models.meetings.pre_read import DecidedRow, WaitingRow
from models.portfolio import people_by_id


async def freeze(session: AsyncSession, about: About, now: datetime) -> Pack:
    """All that is read before a meeting, restricted projects and all, as it stands now."""
    meeting, council, zone = about.meeting, about.council, about.zone
    today = now.astimezone(zone).date()
    waiting = await store.waiting_rows(session, council.pk)
    decided = await store.decided_since(session, meeting)
    seats = (await roster_of(session, about)).seats
    chair = council.chair_id and (await people_by_id(session, [council.chair_id])).get(
        council.chair_id
    )
    digest_on, projects = await _status(session, about, now)
    return Pack(
        meeting_id=meeting.pk,
        council=council.name,
        title=about.title,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        timezone=meeting.timezone,
        place=meeting.place,
        chair=chair.name if chair else "",
        members=tuple((each.member.name, each.is_voting) for each in seats),
        as_of=now,
        on=today,
        agenda=tuple(told(each) for each in (await agenda_of(session, about)).items),
        digest_on=digest_on,
        projects=projects,
        decisions=tuple(
            _decision(each, zone) for each in waiting if each.entry.kind is LogKind.DECISION
        ),
        actions=tuple(_overdue(waiting, today)),
        decided=tuple(_decided(each, zone) for each in decided),
    )


def told(item: Item) -> CallItem:
    """An item of the agenda as it is told before the meeting."""
    return CallItem(
        title=item.title,
        purpose=item.purpose,
        minutes=item.minutes,
        owner=item.owner.name if item.owner else "",
        code=item.code,
        project_id=item.project_id,
        is_consent=item.is_consent,
        is_late=item.is_late,
    )


async def _status(
    session: AsyncSession, about: About, now: datetime
) -> tuple[date | None, tuple[PackProject, ...]]:
    """The projects as the council's newest digest would tell them now, late answers included."""
    cycle = await store.newest_told_cycle(session, about.council.pk)
    if cycle is None:
        return None, ()
    facts = await facts_of(session, cycle, about.council)
    parts = [compose(facts, now, restricted=each) for each in (False, True)]
    found = [project for part in parts for project in _projects(part, facts)]
    return cycle.opens_on, tuple(sorted(found, key=by_need))


def _projects(part: Composition, facts: CycleFacts) -> Iterator[PackProject]:
    by_code = {each.code: each for each in facts.projects}
    pages = (report for page in part.pages for report in page.reports)
    for report in (*(each.report for each in part.details), *pages):
        kept = by_code[report.code].report
        yield _reported(report, kept.report_id if kept else 0)
    for line in part.head.missing:
        yield _missing(line, by_code[line.code].project_id)


def _reported(report: ReportText, report_id: int) -> PackProject:
    answers = report.answers
    return PackProject(
        project_id=report.project_id,
        code=report.code,
        name=report.name,
        pm=report.pm,
        health=answers.health,
        days=report.days,
        why=answers.why or answers.done,
        path_to_green=answers.path_to_green,
        computed=report.computed,
        milestone=answers.milestone,
        milestone_on=answers.milestone_forecast,
        reported_at=report.submitted_at,
        report_id=report_id,
        version=report.version,
    )


def _missing(line: MissingLine, project_id: int) -> PackProject:
    return PackProject(
        project_id=project_id,
        code=line.code,
        name=line.name,
        pm=line.pm,
        health=Health.GREY,
        days=line.days,
        why=line.reason,
        last_health=line.last_health,
        last_on=line.last_on,
    )


def _decision(row: WaitingRow, zone: ZoneInfo) -> PackDecision:
    entry = row.entry
    return PackDecision(
        ref=f"{LETTERS[entry.kind]}-{entry.number}",
        code=row.project.code if row.project else "",
        project_id=entry.project_id,
        text=_whole(entry.title, entry.text),
        source=row.owner.name if row.owner else entry.owner_name,
        due_on=entry.due_on,
        opened_on=entry.opened_at.astimezone(zone).date(),
    )


def _whole(title: str, text: str) -> str:
    """A decision with all its words: a long one has only its beginning as its title."""
    return text if text.startswith(title.removesuffix("…")) else f"{title}\n{text}".strip()


def _overdue(rows: list[WaitingRow], today: date) -> Iterator[PackAction]:
    for entry, project, owner in rows:
        due_on = entry.due_on
        if entry.kind is LogKind.ACTION and due_on is not None and due_on < today:
            yield PackAction(
                ref=f"{LETTERS[entry.kind]}-{entry.number}",
                code=project.code if project else "",
                project_id=entry.project_id,
                title=entry.title,
                owner=owner.name if owner else entry.owner_name,
                due_on=due_on,
                first_due_on=entry.baseline_on if entry.baseline_on != due_on else None,
            )


def _decided(row: DecidedRow, zone: ZoneInfo) -> PackDecided:
    decision = row.decision
    return PackDecided(
        ref=f"D-{decision.number}",
        code=row.project.code if row.project else "",
        project_id=decision.project_id,
        question=decision.question,
        outcome=decision.outcome,
        chosen=decision.chosen,
        reason=decision.reason,
        on=decision.decided_at.astimezone(zone).date(),
    )

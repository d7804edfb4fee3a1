"""What followers are told from: who they are, what they follow, and what is known of it.

A fixed number of statements for any number of readers.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.collecting.access import facts_of
from domain.collecting.answering.claim_rules import is_better
from domain.collecting.asking.planning import day_words
from domain.digests.following.rules import Followed, Known
from domain.digests.rules import first_line
from domain.portfolio.configuring import load_configuration
from domain.portfolio.following import follower_entry
from domain.portfolio.rules import may_see
from domain.portfolio.values import Viewer
from models.collecting import StatusReport, last_reports
from models.digests import following as store
from models.digests.following import DecidedRow, FollowedRow
from models.enums import FollowersWish, RequestState
from models.portfolio import (
    Follower,
    Project,
    council_members_of,
    councils_of,
    people_by_id,
)

BOT = "pmobot"
"""Who is named in the audit where nobody did it: the record has changed."""


@dataclass(frozen=True)
class Reader:
    """Somebody who follows projects."""

    person_id: int
    own: PersonalTime
    wish: FollowersWish
    """Never, if there is nobody to be told or nothing to be told of."""
    follows: Sequence[tuple[Follower, Followed]]
    """By code; only what they may see."""


async def load_readers(
    session: AsyncSession, workspace_id: int, person_ids: Collection[int], now: datetime
) -> dict[int, Reader]:
    """Some people with what they follow; what they may not see any more is followed no more."""
    configuration = await load_configuration(session, workspace_id)
    times = await personal_times(session, workspace_id, person_ids, configuration)
    wishes = await store.wishes_of(session, person_ids)
    viewers = await _viewers(session, workspace_id, person_ids)
    rows = await _seen_rows(session, viewers, await store.followed_rows(session, person_ids), now)
    project_ids = {row.project.pk for row in rows}
    reports = await last_reports(session, project_ids)
    decided = await store.last_decided(session, project_ids)
    follows: dict[int, list[tuple[Follower, Followed]]] = defaultdict(list)
    for row in rows:
        number = row.project.pk
        told = _followed(row, reports.get(number), decided.get(number), now)
        follows[row.follower.person_id].append((row.follower, told))
    return {
        each: Reader(
            person_id=each,
            own=times[each],
            wish=wishes.get(each, FollowersWish.WEEKLY)
            if follows[each] and not viewers[each].is_gone
            else FollowersWish.NEVER,
            follows=follows[each],
        )
        for each in person_ids
    }


async def _seen_rows(
    session: AsyncSession,
    viewers: Mapping[int, Viewer],
    rows: Sequence[FollowedRow],
    now: datetime,
) -> list[FollowedRow]:
    """What its followers may see; the others follow it no more, except those who left Slack."""
    seen = []
    for row in rows:
        viewer = viewers[row.follower.person_id]
        if may_see(viewer, facts_of(row.project)):
            seen.append(row)
        elif not viewer.is_gone:  # who comes back finds what they followed
            project = row.project
            change = (viewer.slack_id, None)
            session.add(follower_entry(project.workspace_id, project.code, BOT, now, change))
            await session.delete(row.follower)
    return seen


async def _viewers(
    session: AsyncSession, workspace_id: int, person_ids: Collection[int]
) -> dict[int, Viewer]:
    seats: dict[int, set[int]] = defaultdict(set)
    for council in await councils_of(session, workspace_id):
        if council.chair_id is not None:
            seats[council.chair_id].add(council.pk)
    for seat in await council_members_of(session, workspace_id):
        seats[seat.person_id].add(seat.council_id)
    return {
        number: Viewer(
            person_id=number,
            slack_id=person.slack_id,
            name=person.name,
            timezone=person.timezone or "",
            is_pmo=person.is_pmo,
            is_guest=person.is_guest,
            council_ids=frozenset(seats[number]),
            is_gone=person.is_gone,
        )
        for number, person in (await people_by_id(session, person_ids)).items()
    }


def _followed(
    row: FollowedRow, report: StatusReport | None, decided: DecidedRow | None, now: datetime
) -> Followed:
    project = row.project
    newest = _known(report) if report else None
    return Followed(
        project_id=project.pk,
        code=project.code,
        name=project.name,
        pm=row.pm,
        newest=newest,
        gap=_gap(project, newest, decided, now),
    )


def _known(report: StatusReport) -> Known:
    is_claim = is_better(report.health, report.computed)
    return Known(
        report_id=report.pk,
        author_id=report.author_id,
        opens_on=report.opens_on,
        health=report.health,
        rating=report.rating,
        summary=first_line(report.why or report.done),
        path_to_green=first_line(report.path_to_green),
        computed=report.computed if is_claim else None,
    )


def _gap(project: Project, newest: Known | None, decided: DecidedRow | None, now: datetime) -> str:
    """Why there is no report that holds today."""
    today = now.date()
    if project.hold_until is not None and project.hold_until >= today:
        why = f": {project.hold_reason}" if project.hold_reason else ""
        return f"on hold until {day_words(project.hold_until, today)}{why}"
    is_newer = decided is not None and (newest is None or decided.opens_on > newest.opens_on)
    if decided and is_newer and decided.state in (RequestState.MISSED, RequestState.EXCUSED):
        return decided.reason or "no answer by the cut-off"
    return "" if newest else "no report yet"

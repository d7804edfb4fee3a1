"""What somebody finds on their App Home page about themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Final, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import WorkspaceTime, working_days, zone_of
from domain.calendar.rhythms import rhythm_of
from domain.calendar.rules import PersonalTime, ask_days, cycle_times
from domain.collecting.access import facts_of
from domain.collecting.standing.loading import day_in, unchanged_possible
from domain.health.settings import own_settings
from domain.health.values import (
    FollowedProject,
    NextAsk,
    OwnCouncil,
    OwnProject,
    OwnTime,
    Part,
    Past,
    Personal,
    RedProject,
    Wanted,
    part_of,
)
from domain.inquiries.reading import own_inquiries
from domain.logs.record import entries_of_owner
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import belongs_to_pmo, may_see
from domain.portfolio.values import Viewer
from models import health as store
from models.base import Database
from models.calendar import CouncilCalendar, council_calendars
from models.collecting import StatusReport, last_reports
from models.enums import LogKind, Visibility
from models.health import OwnProjectRow, PastRow, RedRow, WantedRow
from models.portfolio import (
    Council,
    FollowedProjectRow,
    councils_of,
    followed_projects,
    person_and_zone,
)

T = TypeVar("T")

AHEAD: Final = timedelta(days=100)
"""How far ahead the next ask is looked for: a council may meet each quarter."""

_DAY: Final = timedelta(days=1)

_FIRST: Final[Mapping[str, int]] = MappingProxyType({})
"""The first part of each list."""


PARTS: Final = {
    "due": 6,
    "projects": 10,
    "actions": 8,
    "questions": 6,
    "councils": 6,
    "followed": 8,
}
"""How many of each list a page shows."""

HISTORY: Final = 12
"""Cycles in a project's row of healths."""


class PersonalService:
    """Tells people who they are to the bot, what it wants of them, and by which clock."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def personal(
        self, viewer: Viewer, now: datetime, pages: Mapping[str, int] = _FIRST
    ) -> Personal:
        """What one person finds about themselves, in a constant number of statements.

        Args:
            viewer: who looks; of restricted projects they find what they may see.
            now: this instant.
            pages: which part of the lists in `PARTS` is shown, from 0 on.
        """
        me = viewer.person_id
        async with self._database.reading() as session:
            settings = await own_settings(session, self._workspace_id, viewer, now)
            configuration = await load_configuration(session, self._workspace_id)
            known = await person_and_zone(session, self._workspace_id, viewer.slack_id)
            mine = await store.projects_with_role(session, self._workspace_id, me)
            wanted = await self._wanted(session, me, now)
            next_ask = await self._planned(session, me) or _expected(
                await self._own_calendars(session, mine, me, is_paused=configuration.paused),
                configuration,
                settings.hours,
                now,
            )
            seats = await councils_of(session, self._workspace_id)
            councils = await self._councils(session, viewer, mine, pages)
            projects = await self._projects(session, mine, me, settings.today, pages)
            followed = await self._followed(session, viewer, pages)
            actions = await entries_of_owner(
                session, self._workspace_id, me, [LogKind.ACTION], settings.today
            )
            questions = await own_inquiries(session, self._workspace_id, viewer, now)
        return Personal(
            name=viewer.name,
            roles=_roles(viewer, mine, seats),
            wanted=_part("due", wanted, pages),
            next_ask=next_ask,
            time=_own_time(settings.hours, known[0].timezone if known else None, now),
            is_guest=viewer.is_guest,
            projects=projects,
            actions=_part("actions", actions, pages),
            questions=_part("questions", questions, pages),
            councils=councils,
            followed=followed,
            settings=None if viewer.is_guest else settings,
        )

    async def _wanted(self, session: AsyncSession, person_id: int, now: datetime) -> list[Wanted]:
        """What waits for somebody's answer; what is on hold does not."""
        rows = [
            row
            for row in await store.wanted_of(session, self._workspace_id, person_id)
            if not _is_on_hold(row, now)
        ]
        asked = [(row.request, row.cycle) for row in rows]
        unchanged = await unchanged_possible(session, self._workspace_id, asked, now)
        return [_wanted(row, unchanged, now) for row in rows]

    async def _projects(
        self,
        session: AsyncSession,
        mine: Sequence[OwnProjectRow],
        person_id: int,
        today: date,
        pages: Mapping[str, int],
    ) -> Part[OwnProject]:
        """A part of somebody's projects, each with its last cycles."""
        part = _part("projects", mine, pages)
        past: defaultdict[int, list[PastRow]] = defaultdict(list)
        ids = [each.project_id for each in part.shown]
        for row in await store.past_cycles(session, ids, HISTORY):
            past[row.project_id].append(row)
        return part.showing(
            _project(each, past[each.project_id], person_id, today) for each in part.shown
        )

    async def _councils(
        self,
        session: AsyncSession,
        viewer: Viewer,
        mine: Sequence[OwnProjectRow],
        pages: Mapping[str, int],
    ) -> Part[OwnCouncil]:
        """The councils that somebody reads of: their own, their sponsored projects'; the PMO all.

        A guest sees only the projects that they have a role in.
        """
        sponsored = {each.council_id for each in mine if each.sponsor_id == viewer.person_id}
        wanted = None if belongs_to_pmo(viewer) else viewer.council_ids | sponsored
        rows = await store.councils_with_digest(
            session, self._workspace_id, frozenset() if viewer.is_guest else wanted
        )
        part = _part("councils", rows, pages)
        red: defaultdict[int, list[RedProject]] = defaultdict(list)
        for row in await store.red_projects(session, [each.council_id for each in part.shown]):
            if may_see(viewer, facts_of(row.project)):
                red[row.project.council_id].append(_red(row))
        return part.showing(
            OwnCouncil(*each[1:], red=tuple(red[each.council_id])) for each in part.shown
        )

    async def _followed(
        self, session: AsyncSession, viewer: Viewer, pages: Mapping[str, int]
    ) -> Part[FollowedProject]:
        """A part of what somebody follows and may see, each with its newest report."""
        rows = await followed_projects(session, viewer.person_id)
        seen = [row for row in rows if may_see(viewer, facts_of(row.project))]
        part = _part("followed", seen, pages)
        reports = await last_reports(session, [row.project.pk for row in part.shown])
        return part.showing(_followed(row, reports.get(row.project.pk)) for row in part.shown)

    async def _planned(self, session: AsyncSession, person_id: int) -> NextAsk | None:
        """The next request that stands in the record already."""
        rows = await store.planned_asks(session, self._workspace_id, person_id)
        return _first(NextAsk(ask_at, (council,)) for ask_at, council in rows)

    async def _own_calendars(
        self,
        session: AsyncSession,
        mine: Sequence[OwnProjectRow],
        person_id: int,
        *,
        is_paused: bool,
    ) -> list[CouncilCalendar]:
        """The calendars of the councils that ask somebody for projects; none while paused."""
        if is_paused:
            return []
        asking = {each.council_id for each in mine if each.is_asked and each.pm_id == person_id}
        calendars = await council_calendars(session, self._workspace_id)
        return [each for each in calendars if each.council.pk in asking]


def _part(name: str, things: Sequence[T], pages: Mapping[str, int]) -> Part[T]:
    return part_of(things, pages.get(name, 0), PARTS[name])


def _project(
    row: OwnProjectRow, past: Sequence[PastRow], person_id: int, today: date
) -> OwnProject:
    newest = next((each for each in reversed(past) if each.health is not None), None)
    is_held = row.hold_until is not None and row.hold_until >= today
    return OwnProject(
        code=row.code,
        name=row.name,
        role=_role(row, person_id),
        past=tuple(Past(each.opens_on, each.state, each.health) for each in past),
        rating=(newest.rating if newest else None) or "",
        unchanged=(newest.unchanged if newest else None) or 0,
        hold_until=row.hold_until if is_held else None,
        hold_reason=row.hold_reason if is_held else "",
        is_restricted=row.visibility is Visibility.RESTRICTED,
    )


def _role(row: OwnProjectRow, person_id: int) -> str:
    if row.pm_id == person_id:
        return "PM"
    return "deputy" if row.deputy_id == person_id else "sponsor"


def _followed(row: FollowedProjectRow, newest: StatusReport | None) -> FollowedProject:
    return FollowedProject(
        project_id=row.project.pk,
        code=row.project.code,
        name=row.project.name,
        pm=row.pm,
        health=newest.health if newest else None,
        rating=newest.rating if newest else "",
        opens_on=newest.opens_on if newest else None,
    )


def _red(row: RedRow) -> RedProject:
    return RedProject(row.project.code, row.project.name, row.pm, row.opens_on)


def _expected(
    calendars: Iterable[CouncilCalendar],
    configuration: WorkspaceTime,
    own: PersonalTime,
    now: datetime,
) -> NextAsk | None:
    """When the calendars ask next, from tomorrow on: what is nearer is planned already.

    What somebody can't be asked before its cut-off is their deputy's, or nobody's.
    """
    working = working_days(configuration)
    tomorrow = now.astimezone(own.zone).date() + _DAY
    asks = []
    for council, calendar in calendars:
        rhythm, zone = rhythm_of(calendar), zone_of(council.timezone, configuration)
        for _occurrence, opens_on in ask_days(rhythm, working, tomorrow, tomorrow + AHEAD):
            cut_off_at = cycle_times(rhythm, opens_on, working, zone).cut_off_at
            at = own.asked_before(opens_on, calendar.ask_at, cut_off_at)
            if at < cut_off_at:
                asks.append(NextAsk(at, (council.name,)))
                break
    return _first(asks)


def _first(asks: Iterable[NextAsk]) -> NextAsk | None:
    """The earliest, with all councils that ask at the same time."""
    ordered = sorted(asks, key=attrgetter("at"))
    for at, group in groupby(ordered, key=attrgetter("at")):
        councils = dict.fromkeys(name for each in group for name in each.councils)
        return NextAsk(at, tuple(sorted(councils)))
    return None


def _roles(
    viewer: Viewer, mine: Sequence[OwnProjectRow], councils: Sequence[Council]
) -> dict[str, tuple[str, ...]]:
    """What somebody is, each with of what; a role that they do not have is left out."""
    me = viewer.person_id
    held = {
        "PM": [each.code for each in mine if each.pm_id == me],
        "deputy": [each.code for each in mine if each.deputy_id == me],
        "sponsor": [each.code for each in mine if each.sponsor_id == me],
        "chair": [each.name for each in councils if each.chair_id == me],
        "member": [
            each.name for each in councils if each.pk in viewer.council_ids and each.chair_id != me
        ],
    }
    roles = {role: tuple(of) for role, of in held.items() if of}
    return {"one of the PMO": (), **roles} if belongs_to_pmo(viewer) else roles


def _is_on_hold(row: WantedRow, now: datetime) -> bool:
    """Whether a project is on hold: then nothing is wanted, what was missed before neither."""
    until = row.project.hold_until
    return until is not None and until >= day_in(row.cycle, now)


def _wanted(row: WantedRow, unchanged: Collection[int], now: datetime) -> Wanted:
    return Wanted(
        request_id=row.request.pk,
        code=row.project.code,
        name=row.project.name,
        cut_off_at=row.cycle.cut_off_at,
        is_over=row.cycle.cut_off_at <= now,
        may_stay=row.request.pk in unchanged,
    )


def _own_time(own: PersonalTime, told: str | None, now: datetime) -> OwnTime:
    today = now.astimezone(own.zone).date()
    away = own.away_on(today)
    return OwnTime(
        zone=own.zone.key,
        is_workspace_zone=told != own.zone.key,
        weekdays=tuple(sorted(own.working.weekdays)),
        hours=own.hours,
        quiet=own.quiet,
        why_off=own.why_off(today) or "",
        away_until=away.until if away else None,
    )

"""What somebody finds on their App Home page about themselves."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import WorkspaceTime, personal_times, working_days, zone_of
from domain.calendar.rhythms import rhythm_of
from domain.calendar.rules import PersonalTime, ask_days, cycle_times
from domain.health.values import NextAsk, OwnTime, Personal, Wanted
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from models import health as store
from models.base import Database
from models.calendar import CouncilCalendar, council_calendars
from models.health import WantedRow
from models.portfolio import Council, ProjectRow, councils_of, person_and_zone, project_rows_of

AHEAD: Final = timedelta(days=100)
"""How far ahead the next ask is looked for: a council may meet each quarter."""

_DAY: Final = timedelta(days=1)


class PersonalService:
    """Tells people who they are to the bot, what it wants of them, and by which clock."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def personal(self, viewer: Viewer, now: datetime) -> Personal:
        """What one person finds about themselves; restricted projects only if they are theirs."""
        me = viewer.person_id
        async with self._database.reading() as session:
            configuration = await load_configuration(session, self._workspace_id)
            times = await personal_times(session, self._workspace_id, [me], configuration)
            known = await person_and_zone(session, self._workspace_id, viewer.slack_id)
            mine = [
                row
                for row in await project_rows_of(session, self._workspace_id)
                if me in (row.project.pm_id, row.project.deputy_id, row.project.sponsor_id)
            ]
            councils = await councils_of(session, self._workspace_id)
            wanted = await store.wanted_of(session, self._workspace_id, me)
            next_ask = await self._planned(session, me) or _expected(
                await self._own_calendars(session, mine, me, is_paused=configuration.paused),
                configuration,
                times[me],
                now,
            )
        return Personal(
            name=viewer.name,
            roles=_roles(viewer, mine, councils),
            wanted=tuple(_wanted(row, now) for row in wanted),
            next_ask=next_ask,
            time=_own_time(times[me], known[0].timezone if known else None, now),
            is_guest=viewer.is_guest,
        )

    async def _planned(self, session: AsyncSession, person_id: int) -> NextAsk | None:
        """The next request that stands in the record already."""
        rows = await store.planned_asks(session, self._workspace_id, person_id)
        return _first(NextAsk(ask_at, (council,)) for ask_at, council in rows)

    async def _own_calendars(
        self,
        session: AsyncSession,
        mine: Sequence[ProjectRow],
        person_id: int,
        *,
        is_paused: bool,
    ) -> list[CouncilCalendar]:
        """The calendars of the councils that ask somebody for projects; none while paused."""
        if is_paused:
            return []
        asking = {
            row.council.pk for row in mine if row.phase.asked and row.project.pm_id == person_id
        }
        calendars = await council_calendars(session, self._workspace_id)
        return [each for each in calendars if each.council.pk in asking]


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
    viewer: Viewer, mine: Sequence[ProjectRow], councils: Sequence[Council]
) -> dict[str, tuple[str, ...]]:
    """What somebody is, each with of what; a role that they do not have is left out."""
    me = viewer.person_id
    held = {
        "PM": [row.project.code for row in mine if row.project.pm_id == me],
        "deputy": [row.project.code for row in mine if row.project.deputy_id == me],
        "sponsor": [row.project.code for row in mine if row.project.sponsor_id == me],
        "chair": [each.name for each in councils if each.chair_id == me],
        "member": [
            each.name for each in councils if each.pk in viewer.council_ids and each.chair_id != me
        ],
    }
    roles = {role: tuple(of) for role, of in held.items() if of}
    return {"one of the PMO": (), **roles} if belongs_to_pmo(viewer) else roles


def _wanted(row: WantedRow, now: datetime) -> Wanted:
    return Wanted(
        request_id=row.request.pk,
        code=row.project.code,
        name=row.project.name,
        cut_off_at=row.cycle.cut_off_at,
        is_over=row.cycle.cut_off_at <= now,
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

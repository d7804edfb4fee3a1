"""The clock's side of the room: plans cycles, asks at the right hour, closes at the cut-off."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days, zone_of
from domain.calendar.rules import (
    Recurrence,
    Rhythm,
    WallOffset,
    ask_days,
    at_wall,
    cycle_times,
    parse_zone,
)
from domain.collecting.requests import say_requests
from domain.delivery.service import Outbox
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.base import Database
from models.calendar import CouncilCalendar, ReportingCalendar, council_calendars
from models.collecting import Cycle, StatusRequest
from models.enums import CycleState, RequestState

HORIZON: Final = timedelta(hours=26)
"""How far ahead cycles are planned: a day begins in the first zone 26 hours before the last."""

LOOK_BACK: Final = timedelta(days=62)
"""How far back an ask day is looked for after downtime; its cut-off must still lie ahead."""

ASK_BATCH: Final = 200
"""Requests that one transaction asks: it stays short, and other writers get their turn."""


NEVER_ASKED: Final = "not asked: the bot was not running at the hour"
"""Why a request was missed that nobody could answer; the digest says it."""


class CycleService:
    """Each call is one unit of work and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def plan(self, now: datetime) -> bool:
        """Open the cycles whose day has come anywhere, with a request for each project."""
        async with self._database.reading() as session:
            is_idle = not await self._new_cycles(session, now) and not await store.projects_to_ask(
                session, self._workspace_id, now
            )
        if is_idle:
            return False
        async with self._database.writing() as session:
            await store.lock_planning(session, self._workspace_id)
            session.add_all(await self._new_cycles(session, now))
            await session.flush()
            await self._add_requests(session, now)
        return True

    async def ask(self, now: datetime) -> bool:
        """Ask everybody whose hour has come: one message for all of a person's projects."""
        async with self._database.writing() as session:
            await self._readdress(session)
            due = await store.requests_to_ask(session, self._workspace_id, now, ASK_BATCH)
            if not due:
                return False
            people = {(each.person_id, each.asks_on) for each in due}
            for row in await store.request_rows_of(
                session, self._workspace_id, people, locked=True
            ):
                # All that the person owes for this day, even what another council asks later.
                if row.request.state is RequestState.PENDING:
                    row.request.state = RequestState.ASKED
                    row.request.asked_at = now
            await session.flush()
            await say_requests(session, self._workspace_id, self._outbox, people, now)
        return True

    async def close(self, now: datetime) -> bool:
        """Close the cycles whose cut-off has come; what is unanswered is missed."""
        async with self._database.writing() as session:
            cycles = await store.cycles_to_close(session, self._workspace_id, now)
            if not cycles:
                return False
            for cycle in cycles:
                cycle.state = CycleState.CLOSED
            unanswered = await store.unanswered_requests(session, [each.pk for each in cycles])
            asked = {
                (each.person_id, each.asks_on)
                for each in unanswered
                if each.state is RequestState.ASKED
            }
            for request in unanswered:
                if request.state is RequestState.PENDING:
                    request.reason = NEVER_ASKED
                request.state = RequestState.MISSED
            await session.flush()
            await say_requests(session, self._workspace_id, self._outbox, asked, now)
        return True

    async def _new_cycles(self, session: AsyncSession, now: datetime) -> list[Cycle]:
        since = (now - LOOK_BACK).date()
        configuration = await load_configuration(session, self._workspace_id)
        cycles = await store.cycles_since(session, self._workspace_id, since)
        known = {(each.council_id, each.occurrence_on) for each in cycles}
        return [
            cycle
            for each in await council_calendars(session, self._workspace_id)
            for cycle in _cycles(each, configuration, now)
            if (cycle.council_id, cycle.occurrence_on) not in known
        ]

    async def _add_requests(self, session: AsyncSession, now: datetime) -> None:
        configuration = await load_configuration(session, self._workspace_id)
        for new in await store.projects_to_ask(session, self._workspace_id, now):
            zone = zone_of(new.timezone, configuration)
            session.add(
                StatusRequest(
                    workspace_id=self._workspace_id,
                    cycle_id=new.cycle.pk,
                    project_id=new.project_id,
                    person_id=new.person_id,
                    opens_on=new.cycle.opens_on,
                    asks_on=new.cycle.opens_on,
                    ask_at=at_wall(new.cycle.opens_on, new.ask_at, zone),
                )
            )

    async def _readdress(self, session: AsyncSession) -> None:
        """Turn to whoever is the PM now, at the same wall time in their zone."""
        stale = await store.requests_of_former_managers(session, self._workspace_id)
        if not stale:
            return
        configuration = await load_configuration(session, self._workspace_id)
        for each in stale:
            wall = each.request.ask_at.astimezone(zone_of(each.former.timezone, configuration))
            zone = zone_of(each.manager.timezone, configuration)
            each.request.ask_at = at_wall(wall.date(), wall.time(), zone)
            each.request.person_id = each.manager.pk
        await session.flush()


def _cycles(
    council: CouncilCalendar, configuration: WorkspaceConfiguration, now: datetime
) -> Iterator[Cycle]:
    """The cycles of one council that are open or about to open, whether known or not."""
    zone_name = council.council.timezone or configuration.timezone
    working = working_days(configuration)
    rhythm = _rhythm(council.calendar)
    since, until = (now - LOOK_BACK).date(), (now + HORIZON).date()
    for _occurrence, day in ask_days(rhythm, working, since, until):
        times = cycle_times(rhythm, day, working, parse_zone(zone_name))
        if times.cut_off_at > now:
            yield Cycle(
                workspace_id=council.council.workspace_id,
                council_id=council.council.pk,
                occurrence_on=day,
                opens_on=day,
                cut_off_at=times.cut_off_at,
                digest_at=times.digest_at,
                freeze_at=times.freeze_at,
                timezone=zone_name,
            )


def _rhythm(calendar: ReportingCalendar) -> Rhythm:
    return Rhythm(
        recurrence=Recurrence(calendar.every, calendar.first),
        ask_at=calendar.ask_at,
        cut_off=WallOffset.parse(calendar.cut_off),
        digest=WallOffset.parse(calendar.digest),
        freeze=WallOffset.parse(calendar.freeze) if calendar.freeze else None,
        before_days=calendar.before_days,
    )

"""Brings what is planned and not asked yet to what the record says now, in few statements."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times, working_days
from domain.calendar.rhythms import rhythm_of
from domain.calendar.rules import (
    CycleTimes,
    PersonalTime,
    WorkingDays,
    ask_days,
    cycle_times,
    parse_zone,
)
from domain.collecting.asking.planning import (
    PAUSED,
    SLEPT_THROUGH,
    SUPERSEDED,
    Ask,
    Colleague,
    Standing,
    Window,
    asked_by,
    decide,
    excused,
    on_hold,
    slept_through,
)
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.calendar import CouncilCalendar, council_calendars
from models.collecting import Cycle, PlannedProject, StatusRequest, UnaskedRequest
from models.enums import CycleState, RequestState, Unapproved
from models.portfolio import lock_planning

HORIZON: Final = timedelta(hours=26)
"""How far ahead cycles are planned: a day begins in the first zone 26 hours before the last."""

LOOK_BACK: Final = timedelta(days=62)
"""How far back an ask day is looked for after downtime; its cut-off must still lie ahead."""


@dataclass(frozen=True)
class Occurrence:
    """A cycle as the calendar wants it."""

    council_id: int
    occurrence_on: date
    opens_on: date
    times: CycleTimes
    timezone: str
    unapproved: Unapproved = Unapproved.POST

    def fields(self) -> dict[str, Any]:
        """The columns that follow the calendar as long as nobody is asked."""
        return {
            "opens_on": self.opens_on,
            "cut_off_at": self.times.cut_off_at,
            "digest_at": self.times.digest_at,
            "freeze_at": self.times.freeze_at,
            "preview_at": self.times.preview_at,
            "unapproved": self.unapproved,
            "timezone": self.timezone,
        }


class Planner:
    """One pass over everything in its window, in one transaction, for one instant."""

    def __init__(self, session: AsyncSession, workspace_id: int, now: datetime) -> None:
        self._session = session
        self._workspace_id = workspace_id
        self._now = now
        self._configuration = WorkspaceConfiguration()
        self._calendars: dict[int, CouncilCalendar] = {}

    async def run(self) -> bool:
        """Plan; tell whether anything has changed by it."""
        here = (self._session, self._workspace_id)
        workspace = await lock_planning(*here)
        workspace.planned_revision = workspace.plan_revision
        self._configuration = await load_configuration(*here)
        calendars = await council_calendars(*here)
        self._calendars = {each.council.pk: each for each in calendars}
        wanted = {(each.council_id, each.occurrence_on): each for each in self._occurrences()}
        has_new = await self._open(wanted)
        cycles = {each.pk: each for each in await store.open_cycles(*here, self._now)}
        asked = await store.asked_days(*here, self._now)
        has_moved = await self._follow(wanted, cycles, {cycle_id for cycle_id, _, _ in asked})
        return await self._plan_requests(cycles, asked) or has_new or has_moved

    # --- cycles

    async def _open(self, wanted: Mapping[tuple[int, date], Occurrence]) -> bool:
        """Open the cycles that have come into sight; tell whether there are any."""
        since = (self._now - LOOK_BACK).date()
        known = await store.occurrences_since(self._session, self._workspace_id, since)
        new = [self._row(each) for key, each in wanted.items() if key not in known]
        await store.add_rows(self._session, Cycle, new)
        return bool(new)

    async def _follow(
        self,
        wanted: Mapping[tuple[int, date], Occurrence],
        cycles: dict[int, Cycle],
        begun: set[int],
    ) -> bool:
        """Move what nobody was asked in with its calendar, or take it back; tell whether any is."""
        gone, has_moved = set(), False
        for key, cycle in cycles.items():
            if key not in begun and _key(cycle) not in wanted:
                gone.add(key)
            elif key not in begun:
                has_moved = self._has_moved(cycle, wanted[_key(cycle)]) or has_moved
        for key in gone:
            del cycles[key]
        await self._session.flush()
        await store.remove_cycles(self._session, gone)
        return has_moved or bool(gone)

    def _has_moved(self, cycle: Cycle, wanted: Occurrence) -> bool:
        fields = wanted.fields()
        if all(getattr(cycle, name) == value for name, value in fields.items()):
            return False
        for name, value in fields.items():
            setattr(cycle, name, value)
        return True

    def _occurrences(self) -> Iterator[Occurrence]:
        """The cycles whose window is open or about to open; none while paused."""
        if self._configuration.paused:
            return
        working = working_days(self._configuration)
        first_days: dict[int, date] = {}
        until = (self._now + HORIZON).date()
        for each in self._calendars.values():
            timezone = each.council.timezone or self._configuration.timezone
            zone, rhythm = parse_zone(timezone), rhythm_of(each.calendar)
            length = rhythm.cut_off.days
            if length not in first_days:
                first_days[length] = self._first_day(working, length)
            for occurrence_on, opens_on in ask_days(rhythm, working, first_days[length], until):
                times = cycle_times(rhythm, opens_on, working, zone)
                if times.cut_off_at > self._now:
                    yield Occurrence(
                        council_id=each.council.pk,
                        occurrence_on=occurrence_on,
                        opens_on=opens_on,
                        times=times,
                        timezone=timezone,
                        unapproved=each.calendar.unapproved,
                    )

    def _first_day(self, working: WorkingDays, length: int) -> date:
        """The first ask day whose cut-off, so many working days later, may still lie ahead."""
        yesterday = (self._now - timedelta(days=1)).date()  # somewhere it still is
        return max((self._now - LOOK_BACK).date(), working.before(yesterday, length + 1))

    def _row(self, wanted: Occurrence) -> dict[str, Any]:
        return {
            "workspace_id": self._workspace_id,
            "council_id": wanted.council_id,
            "occurrence_on": wanted.occurrence_on,
            "state": CycleState.OPEN,
            "reason": "",
            **wanted.fields(),
        }

    # --- requests

    async def _plan_requests(
        self, cycles: Mapping[int, Cycle], asked: set[tuple[int, int, date]]
    ) -> bool:
        """Bring the requests that nobody was told of to what is decided about them now."""
        here = (self._session, self._workspace_id, self._now)
        projects = await store.planned_projects(*here)
        unasked = {each.id: each for each in await store.unasked_requests(*here)}
        office = _Office(await self._times(projects), self._windows(cycles), asked, self._now)
        changes = _Changes(self._workspace_id)
        for each in projects:
            if each.request_id is None or each.request_id in unasked:
                before = unasked.pop(each.request_id) if each.request_id is not None else None
                ask = office.decide(each, is_paused=self._configuration.paused)
                changes.note(cycles[each.cycle_id], each.project_id, before, ask)
        for gone in unasked.values():
            changes.take_back(gone)
        self._skip(cycles, changes, {cycle_id for cycle_id, _, _ in asked})
        return await changes.store(self._session)

    async def _times(self, projects: list[PlannedProject]) -> dict[int, PersonalTime]:
        people = {each.pm_id for each in projects}
        people |= {each.deputy_id for each in projects if each.deputy_id is not None}
        return await personal_times(self._session, self._workspace_id, people, self._configuration)

    def _windows(self, cycles: Mapping[int, Cycle]) -> dict[int, Window]:
        """When each cycle asks; a council without a calendar asks nobody any more."""
        return {
            key: Window(each.opens_on, council.calendar.ask_at, each.cut_off_at)
            for key, each in cycles.items()
            if (council := self._calendars.get(each.council_id)) is not None
        }

    def _skip(self, cycles: Mapping[int, Cycle], changes: "_Changes", begun: set[int]) -> None:
        """Close what was slept through, if a newer cycle of the council asks instead."""
        standings: dict[int, list[Standing]] = {}
        for key, cycle in cycles.items():
            standing = Standing(key, cycle.opens_on, key in begun, key in changes.late)
            standings.setdefault(cycle.council_id, []).append(standing)
        for of_council in standings.values():
            for key in slept_through(of_council):
                cycles[key].state = CycleState.SKIPPED
                cycles[key].reason = SLEPT_THROUGH
                changes.drop(key)


class _Office:
    """Who can be asked, and when each cycle asks; decides the same question once."""

    def __init__(
        self,
        times: Mapping[int, PersonalTime],
        windows: Mapping[int, Window],
        asked: Collection[tuple[int, int, date]],
        now: datetime,
    ) -> None:
        self._times = times
        self._windows = windows
        self._now = now
        self._asked_on: dict[int, set[date]] = {}
        for _cycle_id, person_id, day in asked:
            self._asked_on.setdefault(person_id, set()).add(day)
        self._decided: dict[tuple[int, int, int | None], Ask] = {}

    def decide(self, project: PlannedProject, *, is_paused: bool) -> Ask | None:
        """What becomes of a project in a cycle; None if its council asks no more."""
        window = self._windows.get(project.cycle_id)
        if window is None:
            return None
        if why := _why_nobody(project, window, is_paused=is_paused):
            return excused(window, self._colleague(project.pm_id), why)
        key = (project.cycle_id, project.pm_id, project.deputy_id)
        if key not in self._decided:
            pm = self._colleague(project.pm_id, is_gone=project.pm_is_gone)
            deputy = None
            if project.deputy_id is not None:
                is_gone = bool(project.deputy_is_gone)
                deputy = self._colleague(project.deputy_id, is_gone=is_gone)
            self._decided[key] = decide(window, pm, deputy, self._now)
        return self._decided[key]

    def _colleague(self, person_id: int, *, is_gone: bool = False) -> Colleague:
        asked_on = frozenset(self._asked_on.get(person_id, ()))
        return Colleague(person_id, self._times[person_id], is_gone, asked_on)


def _why_nobody(project: PlannedProject, window: Window, *, is_paused: bool) -> str:
    """Why nobody is to be asked, whoever could be; empty if somebody is."""
    if project.has_newer:
        return SUPERSEDED
    if project.asked_by is not None:
        return asked_by(project.asked_by)
    if is_paused:
        return PAUSED
    if project.hold_until is not None and project.hold_until >= window.opens_on:
        return on_hold(project.hold_until, project.hold_reason, window.opens_on)
    return ""


class _Changes:
    """What one pass changes about requests, so that it is stored with one statement of a kind."""

    def __init__(self, workspace_id: int) -> None:
        self._workspace_id = workspace_id
        self._new: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []
        self._gone: set[int] = set()
        self._unasked: dict[int, set[int]] = {}
        self.late: set[int] = set()
        """Cycles with requests that are asked although their hour has passed."""

    def note(
        self, cycle: Cycle, project_id: int, before: UnaskedRequest | None, ask: Ask | None
    ) -> None:
        """Note what was decided about a project in a cycle."""
        if before is not None:
            self._unasked.setdefault(cycle.pk, set()).add(before.id)
        if ask is None:
            if before is not None:
                self.take_back(before)
            return
        if ask.is_late:
            self.late.add(cycle.pk)
        fields = {
            "opens_on": cycle.opens_on,
            "person_id": ask.person_id,
            "asks_on": ask.asks_on,
            "ask_at": ask.ask_at,
            "state": RequestState.EXCUSED if ask.is_excused else RequestState.PENDING,
            "reason": ask.reason,
        }
        if before is None:
            owned = {"workspace_id": self._workspace_id, "cycle_id": cycle.pk}
            self._new.append({**owned, "project_id": project_id, **fields})
        elif any(getattr(before, name) != value for name, value in fields.items()):
            self._changed.append({"id": before.id, **fields})

    def take_back(self, request: UnaskedRequest) -> None:
        """Note that nobody is to be asked any more, and the request is gone."""
        self._gone.add(request.id)

    def drop(self, cycle_id: int) -> None:
        """Forget what was decided for a cycle that asks nobody, and take its requests back."""
        self._new = [each for each in self._new if each["cycle_id"] != cycle_id]
        self._gone |= self._unasked.get(cycle_id, set())

    async def store(self, session: AsyncSession) -> bool:
        """Store all of it; tell whether there was something."""
        changed = [each for each in self._changed if each["id"] not in self._gone]
        await store.remove_requests(session, self._gone)
        await store.change_rows(session, StatusRequest, changed)
        await store.add_rows(session, StatusRequest, self._new)
        return bool(self._new or changed or self._gone)


def _key(cycle: Cycle) -> tuple[int, date]:
    return cycle.council_id, cycle.occurrence_on

"""The clock's side: keeps the meetings of each council's series, a year ahead."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.calendar_out.posting import renew
from domain.meetings.series.keeping import Act, add, change, new_uid
from domain.meetings.series.loading import is_configured, series_of
from domain.meetings.series.rules import Plan, Slot, is_extra, plan
from domain.meetings.voices import Voices
from domain.portfolio.configuring import load_configuration
from models.base import Database
from models.enums import MeetingState
from models.meetings import Meeting
from models.meetings.queries import called_meetings, meetings_of, restricted_names
from models.portfolio import Council, councils_of, lock_planning, plan_revision

ACTOR: Final = "the series in the configuration"
"""Who did it, in the audit."""

_TOLD_FOR: Final = timedelta(days=30)
"""How long after a meeting what was said of it follows the record."""


class SeriesPlanner:
    """Looks when the configuration has changed and once an hour; writes only what differs."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, voices: Voices
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices
        self._seen: tuple[int, date, int] | None = None
        """Plan revision and hour at which nothing was left to do."""
        self._hidden: frozenset[tuple[str, str]] = frozenset()
        """What no posted calendar names."""

    async def plan(self, now: datetime) -> bool:
        """Bring the meetings ahead to what the series say; tell whether anything was to do."""
        async with self._database.reading() as session:
            revision = await plan_revision(session, self._workspace_id)
            seen = (revision, now.date(), now.hour)
            if seen == self._seen:
                return False
            found = await self._plans(session, now)
            hidden = frozenset(await restricted_names(session, self._workspace_id))
        is_any = bool(found) or hidden != self._hidden
        if is_any:
            async with self._database.writing() as session:
                await lock_planning(session, self._workspace_id)
                await self._follow(session, now)
                await self._renew_all(session, now)
        self._seen, self._hidden = seen, hidden
        return is_any

    async def _plans(
        self, session: AsyncSession, now: datetime
    ) -> list[tuple[Council, list[Meeting], Plan]]:
        """What has to change, by council; those without changes are left out."""
        configuration = await load_configuration(session, self._workspace_id)
        councils = [
            each
            for each in await councils_of(session, self._workspace_id)
            if is_configured(configuration, each)
        ]
        stored = await meetings_of(session, self._workspace_id, [each.pk for each in councils])
        found = []
        for council in councils:
            own = [each for each in stored if each.council_id == council.pk]
            planned = plan(own, series_of(configuration, council), now)
            if planned.is_any:
                found.append((council, own, planned))
        return found

    async def _follow(self, session: AsyncSession, now: datetime) -> None:
        for council, own, planned in await self._plans(session, now):
            self._apply(session, council, own, planned, now)

    async def _renew_all(self, session: AsyncSession, now: datetime) -> None:
        """Bring all that is posted up to date: also when a project has become restricted."""
        configuration = await load_configuration(session, self._workspace_id)
        councils = {each.pk: each for each in await councils_of(session, self._workspace_id)}
        for council in councils.values():
            await renew(session, self._outbox, configuration, council, Act(ACTOR, now))
        for meeting in await called_meetings(session, self._workspace_id, now - _TOLD_FOR):
            about = About(meeting, councils[meeting.council_id], configuration)
            await self._voices.again(session, about, now)

    def _apply(
        self,
        session: AsyncSession,
        council: Council,
        own: Sequence[Meeting],
        planned: Plan,
        now: datetime,
    ) -> None:
        act = Act(ACTOR, now)
        known = {each.occurrence: each for each in own}
        for name in planned.dropped:
            change(session, council, known[name], act, state=MeetingState.DROPPED)
        for slot in planned.changed:
            meeting = known[slot.occurrence.isoformat()]
            change(session, council, meeting, act, **_facts(slot))
        series_uid = next((each.uid for each in own if not is_extra(each.occurrence)), None)
        uid = series_uid or new_uid()
        for slot in planned.new:
            meeting = Meeting(
                workspace_id=self._workspace_id,
                council_id=council.pk,
                occurrence=slot.occurrence.isoformat(),
                uid=uid,
                # An exception is a change of the calendar; a day of the rule is none.
                sequence=0 if slot.is_as_ruled else 1,
                changed_at=now,
                **_facts(slot),
            )
            add(session, council, meeting, act)


def _facts(slot: Slot) -> dict[str, Any]:
    return {
        "starts_at": slot.starts_at,
        "minutes": slot.minutes,
        "timezone": slot.timezone,
        "state": slot.state,
        "reason": slot.reason,
    }

"""The clock's side of the room: plans cycles, asks at the right hour, closes at the cut-off."""

from datetime import date, datetime
from typing import Final

from domain.collecting.asking.items import is_on_hold
from domain.collecting.asking.planner import HORIZON, Planner
from domain.collecting.asking.planning import LATE, SUPERSEDED
from domain.collecting.asking.requests import say_requests
from domain.collecting.escalating.telling import count_misses, escalate
from domain.collecting.handover.service import follow_people
from domain.collecting.handover.standing_in import hand_on, stand_ins
from domain.collecting.reminding.reminders import remind_due, schedule_reminder
from domain.delivery.service import Outbox
from models import collecting as store
from models.base import Database
from models.enums import CycleState, RequestState
from models.portfolio import lock_planning

ASK_BATCH: Final = 200
"""Requests that one transaction asks: it stays short, and other writers get their turn."""


CLOSE_BATCH: Final = 50
"""Cycles that one transaction closes."""


class CycleService:
    """Each call is one unit of work and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._in_sight: date | None = None
        """The last day that this process has planned; None when it has just started."""

    async def is_due(self, now: datetime) -> bool:
        """Whether any of the other calls may find something to do: one statement for all."""
        if self._in_sight != (now + HORIZON).date():
            return True
        async with self._database.reading() as session:
            return await store.is_something_due(session, self._workspace_id, now)

    async def plan(self, now: datetime) -> bool:
        """Bring the coming day's cycles and requests to what the record says.

        What was asked of somebody who does not answer for the project any more moves to who does.

        Looks closer only if something was changed that can move an ask, if requests were not asked
        at their hour (the bot slept), or if another day has come into sight.
        """
        async with self._database.reading() as session:
            state = await store.planning_state(session, self._workspace_id, now, now - LATE)
        in_sight = (now + HORIZON).date()
        if self._in_sight == in_sight and not state.is_outdated and not state.is_overdue:
            return False
        async with self._database.writing() as session:
            has_changed = await Planner(session, self._workspace_id, now).run()
            has_moved = await follow_people(session, self._workspace_id, self._outbox, now)
        self._in_sight = in_sight
        return has_changed or has_moved

    async def ask(self, now: datetime) -> bool:
        """Ask everybody whose hour has come: one message for all of a person's projects of a day.

        Of several requests for one project that have become due together only the newest is asked.
        """
        async with self._database.reading() as session:
            if not await store.requests_to_ask(session, self._workspace_id, now, 1):
                return False
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            due = await store.requests_to_ask(session, self._workspace_id, now, ASK_BATCH)
            people = {(each.person_id, each.asks_on) for each in due}
            rows = await store.requests_of_days(session, self._workspace_id, people, now)
            for request, is_superseded in rows:
                # All that the person owes for this day, even what another council asks later.
                if is_superseded:
                    request.state, request.reason = RequestState.EXCUSED, SUPERSEDED
                else:
                    request.state, request.asked_at = RequestState.ASKED, now
            asked = [request for request, is_superseded in rows if not is_superseded]
            await schedule_reminder(session, asked, now)
            await session.flush()
            await say_requests(session, self._workspace_id, self._outbox, people, now)
        return bool(due)

    async def stand_in(self, now: datetime) -> bool:
        """Hand what was asked of somebody who has gone on leave to who stands in for them."""
        async with self._database.reading() as session:
            if not await stand_ins(session, self._workspace_id, now):
                return False
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            return await hand_on(session, self._workspace_id, self._outbox, now)

    async def resume(self, now: datetime) -> bool:
        """Ask again what a hold had excused, on the day after it, before the cut-off."""
        async with self._database.reading() as session:
            held = await store.rows_on_hold(session, self._workspace_id, now)
            if all(is_on_hold(row, now) for row in held):
                return False
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            held = await store.rows_on_hold(session, self._workspace_id, now, locked=True)
            over = [row.request for row in held if not is_on_hold(row, now)]
            for each in over:
                each.state, each.reason = RequestState.ASKED, ""
            await session.flush()
            await schedule_reminder(session, over, now)
            told = {(each.person_id, each.asks_on) for each in over}
            await say_requests(session, self._workspace_id, self._outbox, told, now)
        return bool(over)

    async def remind(self, now: datetime) -> bool:
        """Remind everybody whose reminder is due: one message for all that waits for them."""
        async with self._database.reading() as session:
            if not await store.people_to_remind(session, self._workspace_id, now, limit=1):
                return False
        async with self._database.writing() as session:
            return await remind_due(session, self._workspace_id, self._outbox, now)

    async def close(self, now: datetime) -> bool:
        """Close the cycles whose cut-off has come; what is unanswered is missed, and told of."""
        async with self._database.reading() as session:
            if not await store.cycles_to_close(session, self._workspace_id, now, limit=1):
                return False
        async with self._database.writing() as session:
            cycles = await store.cycles_to_close(
                session, self._workspace_id, now, limit=CLOSE_BATCH, locked=True
            )
            for cycle in cycles:
                cycle.state = CycleState.CLOSED
            unanswered = await store.unanswered_requests(session, [each.pk for each in cycles])
            asked = {
                (each.person_id, each.asks_on)
                for each in unanswered
                if each.state is RequestState.ASKED
            }
            by_number = {each.pk: each for each in cycles}
            await count_misses(session, self._workspace_id, unanswered, by_number)
            await session.flush()
            await say_requests(session, self._workspace_id, self._outbox, asked, now)
            await escalate(session, self._workspace_id, self._outbox, by_number, now)
        return bool(cycles)

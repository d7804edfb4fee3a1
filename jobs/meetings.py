"""The clock's side of meetings: keeps each series a year ahead, does what is due for a meeting."""

from datetime import datetime

from domain.meetings.actions.telling import ActionClock
from domain.meetings.ballots.clock import BallotClock
from domain.meetings.calendar_in.service import CalendarInService
from domain.meetings.errands.service import ErrandService
from domain.meetings.planner import SeriesPlanner


async def run(
    planner: SeriesPlanner, uploaded: CalendarInService, errands: ErrandService, now: datetime
) -> bool:
    """Bring the meetings ahead to what the series say, or do one errand; whether there was one."""
    return await planner.plan(now) or await uploaded.go_on(now) or await errands.run(now)


async def tell_actions(clock: ActionClock, now: datetime) -> bool:
    """Tell what is due of one person's actions; whether there was any."""
    return await clock.run(now)


async def ballots(clock: BallotClock, now: datetime) -> bool:
    """Remind of one vote out of cycle, or close one; tell whether there was one."""
    return await clock.tend(now)

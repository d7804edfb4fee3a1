"""The clock's side of meetings: keeps those of each series, a year ahead."""

from datetime import datetime

from domain.meetings.planner import SeriesPlanner


async def run(planner: SeriesPlanner, now: datetime) -> bool:
    """Bring the meetings ahead to what the series say; tell whether anything was to do."""
    return await planner.plan(now)

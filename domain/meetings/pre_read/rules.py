"""Pure decisions of the pre-read: when the call goes out, and when who has not read is nudged."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import WorkingDays, at_wall
from domain.meetings.pre_read.values import PackProject
from models.enums import Health

NUDGED_BEFORE: Final = 2
"""Working days before the meeting, as PMO practice has it."""

READING_TIME: Final = timedelta(hours=20)
"""Between call and nudge at least: who was called yesterday afternoon is not late yet."""

IN_CALL: Final = 20
"""Items that the call lists; a longer agenda stands in its thread as a whole."""

_AT_LEAST: Final = timedelta(hours=1)
"""Before a meeting at the latest, where the hour is one that comes after its beginning."""

_ORDER: Final = (Health.RED, Health.YELLOW, Health.GREY, Health.GREEN)


def call_at(
    starts_at: datetime, days: int, wall: time, zone: ZoneInfo, working: WorkingDays
) -> datetime:
    """When the status freezes and the call goes out.

    Args:
        starts_at: when the meeting begins.
        days: how many working days before it.
        wall: at which hour, in the council's zone.
        zone: the council's.
        working: the days on which people work.
    """
    local = starts_at.astimezone(zone).date()
    at = at_wall(_before(local, days, working), wall, zone)
    return min(at, starts_at - _AT_LEAST)


def nudge_at(
    starts_at: datetime, frozen_at: datetime, wall: time, zone: ZoneInfo, working: WorkingDays
) -> datetime | None:
    """When those who have not opened the pack are reminded; None: they were called just now."""
    at = call_at(starts_at, NUDGED_BEFORE, wall, zone, working)
    return at if at - frozen_at >= READING_TIME else None


def _before(day: date, days: int, working: WorkingDays) -> date:
    try:
        return working.before(day, days)
    except ValueError:  # closures without an end: by the calendar, rather than never
        return day - timedelta(days=days)


def by_need(project: PackProject) -> tuple[int, int, str]:
    """The key by which projects are told: who needs the council first, the longest at the top."""
    return _ORDER.index(project.health), -project.days, project.code

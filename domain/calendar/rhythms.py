"""A council's stored reporting calendar, as the rules read it."""

from domain.calendar.rules import Recurrence, Rhythm, WallOffset
from models.calendar import ReportingCalendar


def rhythm_of(calendar: ReportingCalendar) -> Rhythm:
    """The rhythm that a calendar describes."""
    return Rhythm(
        recurrence=Recurrence(calendar.every, calendar.first),
        ask_at=calendar.ask_at,
        cut_off=WallOffset.parse(calendar.cut_off),
        digest=WallOffset.parse(calendar.digest),
        freeze=WallOffset.parse(calendar.freeze) if calendar.freeze else None,
        preview=WallOffset.parse(calendar.preview) if calendar.preview else None,
        before_days=calendar.before_days,
    )

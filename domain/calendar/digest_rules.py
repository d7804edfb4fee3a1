"""When a portfolio digest is due, as pure decisions.

What is promised about it, whatever happens to the bot: an issue is known by its rule's own date and
is made once; after downtime only the newest that was missed is made up for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import Recurrence, WorkingDays, at_wall

_NEXT: Final = 10
"""So many dates are looked at for the first: what a holiday puts off may come after a Saturday."""

_LONGEST_SHIFT: Final = timedelta(days=31)
"""A rule's date may lie so long before the day on which it is told: a closure that ends it."""


@dataclass(frozen=True)
class DigestRhythm:
    """When a portfolio digest is posted."""

    recurrence: Recurrence
    at: time
    zone: ZoneInfo
    working: WorkingDays


@dataclass(frozen=True)
class DigestDay:
    """One date of the rule, which an issue is known by, and when that is due."""

    occurrence_on: date
    day: date
    """On which it is posted."""
    due_at: datetime


def days_from(rhythm: DigestRhythm, since: date) -> Iterator[DigestDay]:
    """The rule's dates from a day on, in order."""
    for occurrence_on in rhythm.recurrence.dates(since):
        day = told_on(occurrence_on, rhythm.working)
        yield DigestDay(occurrence_on, day, at_wall(day, rhythm.at, rhythm.zone))


def told_on(day: date, working: WorkingDays) -> date:
    """The day itself; where it is a holiday or a closure, the next that is worked.

    A rule may name a Saturday: then somebody reads on Saturdays.
    """
    if working.works(day) or day.weekday() not in working.weekdays:
        return day
    return working.after(day, 1)


def next_after(rhythm: DigestRhythm, now: datetime, last_on: date | None) -> DigestDay | None:
    """The first issue that is due after an instant; None if the rule has come to its end.

    Args:
        rhythm: when it is posted.
        now: that instant.
        last_on: the rule's date that was dealt with last: what lies before it is over.
    """
    local = now.astimezone(rhythm.zone).date()
    since = local - _LONGEST_SHIFT
    if last_on is not None:
        since = max(since, last_on + timedelta(days=1))
    ahead = (each for each in days_from(rhythm, since) if each.due_at > now)
    return min(islice(ahead, _NEXT), key=lambda each: each.due_at, default=None)


def due_by(rhythm: DigestRhythm, next_on: date, now: datetime) -> tuple[DigestDay, ...]:
    """What has become due, oldest first, from the date that was expected next.

    More than one where the bot did not run, or holidays put two on a day: the newest of them tells
    what the others would.
    """
    today = now.astimezone(rhythm.zone).date()
    begun = takewhile(lambda each: each.occurrence_on <= today, days_from(rhythm, next_on))
    return tuple(each for each in begun if each.due_at <= now)

"""Pure decisions of the series: which meetings there are to be, and what a changed rule moves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from domain.calendar.rules import Recurrence, WorkingDays, at_wall
from models.enums import MeetingState, OnHoliday

AHEAD: Final = timedelta(days=365)
MOST_AHEAD: Final = 30
"""Meetings of a council that are kept ahead, within `AHEAD`."""

LOOK_BACK: Final = timedelta(days=60)
"""A meeting may be moved by as much from its own day: what is older is over, and stays."""

LONGEST_TEXT: Final = 150
"""Characters of a title, a place or a reason."""
SHORTEST, LONGEST = 5, 1440
"""Minutes of a meeting, as in the configuration."""
FARTHEST: Final = timedelta(days=2 * 366)
"""A meeting that is planned by hand for later is a slip of the pen."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Series:
    """What the configuration says about a council's meetings, with what decides about days."""

    recurrence: Recurrence
    at: time
    minutes: int
    zone: ZoneInfo
    working: WorkingDays
    on_holiday: OnHoliday = OnHoliday.MOVE


@dataclass(frozen=True)
class Slot:
    """One meeting as the series has it."""

    occurrence: date
    """The rule's own date."""
    starts_at: datetime
    minutes: int
    timezone: str
    state: MeetingState = MeetingState.PLANNED
    reason: str = ""
    """Why it is not on its own day, or not at all."""

    @property
    def is_as_ruled(self) -> bool:
        """Whether the rule alone gives it."""
        return self.state is MeetingState.PLANNED and not self.reason


class KnownMeeting(Protocol):
    """A meeting as it is kept: what of it the rules look at."""

    occurrence: str
    starts_at: datetime
    minutes: int
    timezone: str
    state: MeetingState
    reason: str
    is_by_hand: bool
    started_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """What has to change so that the record follows the series."""

    new: tuple[Slot, ...] = ()
    changed: tuple[Slot, ...] = ()
    """Kept meetings that the rule has at another time, or has again."""
    dropped: tuple[str, ...] = ()
    """Occurrences that it has no more."""

    @property
    def is_any(self) -> bool:
        """Whether anything has to change."""
        return bool(self.new or self.changed or self.dropped)


class Beginning(Protocol):
    """What of a meeting decides whether its series, or its calendar file, may change it."""

    starts_at: datetime
    started_at: datetime | None
    is_by_hand: bool


def is_free(kept: Beginning, now: datetime) -> bool:
    """Whether a meeting follows its series: not once it has begun, before its hour or at it."""
    return kept.starts_at > now and kept.started_at is None and not kept.is_by_hand


def plan(stored: Iterable[KnownMeeting], series: Series | None, now: datetime) -> Plan:
    """Compare what is kept with the series; what has begun or was changed by hand stays.

    Args:
        stored: the council's meetings; extra ones are left alone.
        series: None where the configuration has none any more.
        now: this instant.
    """
    known = {each.occurrence: each for each in stored if not is_extra(each.occurrence)}
    free = {name: each for name, each in known.items() if is_free(each, now)}
    wanted = {} if series is None else _wanted(series, known, now)
    coming = [each for each in wanted.values() if each.starts_at > now]
    return Plan(
        new=tuple(each for each in coming if each.occurrence.isoformat() not in known),
        changed=tuple(
            each
            for each in coming
            if (kept := free.get(each.occurrence.isoformat())) and _differs(kept, each)
        ),
        dropped=tuple(
            name
            for name, each in free.items()
            if name not in wanted and each.state is not MeetingState.DROPPED
        ),
    )


_EXTRA: Final = "extra:"
_UPLOADED: Final = "ics:"


def is_extra(occurrence: str) -> bool:
    """Whether a meeting does not belong to the series of the configuration."""
    return occurrence.startswith((_EXTRA, _UPLOADED))


def is_uploaded(occurrence: str) -> bool:
    """Whether a meeting comes from a calendar file."""
    return occurrence.startswith(_UPLOADED)


def uploaded_name(source: str, instant: datetime) -> str:
    """What a meeting of a calendar file is known by, wherever the file moves it.

    Args:
        source: what the event's UID is known by.
        instant: when the event's own rule has it.
    """
    return f"{_UPLOADED}{source}:{instant.astimezone(UTC):%Y-%m-%dT%H:%M}"


def next_extra(occurrences: Iterable[str]) -> str:
    """The name of one more extra meeting: `extra:3`."""
    numbers = [int(each.removeprefix(_EXTRA)) for each in occurrences if each.startswith(_EXTRA)]
    return f"{_EXTRA}{max(numbers, default=0) + 1}"


def wall_skipped(day: date, wall: time, zone: ZoneInfo) -> bool:
    """Whether the clocks skip that time on that day, so that it takes place later."""
    return at_wall(day, wall, zone).astimezone(zone).time() != wall


def _wanted(series: Series, known: Mapping[str, KnownMeeting], now: datetime) -> dict[str, Slot]:
    """The meetings of the series by occurrence: those ahead, and what is kept beyond them."""
    today = now.astimezone(series.zone).date()
    latest = max([today + AHEAD, *map(date.fromisoformat, known)])
    found: dict[str, Slot] = {}
    count = 0
    days = list(series.recurrence.dates(today - LOOK_BACK, latest))
    for slot in _slots(series, days):
        is_ahead = slot.starts_at > now and slot.occurrence <= today + AHEAD and count < MOST_AHEAD
        if is_ahead or slot.occurrence.isoformat() in known:
            found[slot.occurrence.isoformat()] = slot
            count += slot.starts_at > now
    return found


def _slots(series: Series, days: Sequence[date]) -> Iterator[Slot]:
    ruled = set(days)
    for day in days:
        on, state, reason = _placed(series, day, ruled)
        yield Slot(
            occurrence=day,
            starts_at=at_wall(on, series.at, series.zone),
            minutes=series.minutes,
            timezone=series.zone.key,
            state=state,
            reason=reason,
        )


def _placed(series: Series, day: date, ruled: set[date]) -> tuple[date, MeetingState, str]:
    """The day on which a meeting takes place, and why that is not its own."""
    planned, cancelled = MeetingState.PLANNED, MeetingState.CANCELLED
    why = series.working.why_off(day)
    # A series of Sundays is meant so; a holiday or a closure is what nobody thinks of.
    if why is None or day.weekday() not in series.working.weekdays:
        return day, planned, ""
    match series.on_holiday:
        case OnHoliday.KEEP:
            return day, planned, ""
        case OnHoliday.CANCEL:
            return day, cancelled, why
        case OnHoliday.MOVE:
            on = series.working.after(day, 1)
            if on in ruled:
                return day, cancelled, f"{why}; the next meeting is on the next working day"
            return on, planned, why


def _differs(kept: KnownMeeting, slot: Slot) -> bool:
    as_kept = (kept.starts_at, kept.minutes, kept.timezone, kept.state, kept.reason)
    return as_kept != (slot.starts_at, slot.minutes, slot.timezone, slot.state, slot.reason)

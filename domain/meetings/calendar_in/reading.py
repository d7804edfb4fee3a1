"""Reads a calendar file (RFC 5545): the meetings ahead that are in it, or what is wrong with it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.errors import UnreadableError
from domain.meetings.calendar_in.values import Incoming, ReadCalendar
from domain.meetings.series.rules import (
    AHEAD,
    LONGEST,
    LONGEST_TEXT,
    MOST_AHEAD,
    SHORTEST,
    uploaded_name,
)

MOST_BYTES: Final = 512 * 1024
"""A series of ten years with each meeting changed has less."""

_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WITHIN_A_DAY: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_SHOWN: Final = 60
_ANOTHER: Final = "Export the calendar anew, and upload that."


def read_calendar(data: bytes, zone: ZoneInfo, now: datetime) -> ReadCalendar:
    """Read what a calendar file has ahead: twelve months, and thirty meetings at most.

    Takes as long as the file asks for, tenths of a second at most: call it in a thread.

    Args:
        data: the file.
        zone: in which times without a zone, or in one that nobody knows, count.
        now: this instant.

    Raises:
        UnreadableError: it is no calendar, or one that can't be taken; what to do is said.
    """
    import icalendar

    if len(data) > MOST_BYTES:
        raise UnreadableError(
            f"This file has {len(data) // 1024:,} KB; a calendar of one council has less than "
            f"{MOST_BYTES // 1024} KB. Export only the calendar of its meetings."
        )
    try:
        calendar = icalendar.Calendar.from_ical(data)
    except ValueError as error:
        raise UnreadableError(
            f"This is no calendar file that can be read ({_short(error)}). {_ANOTHER}"
        ) from error
    events = calendar.walk("VEVENT")
    if not events:
        raise UnreadableError(f"There is no event in this file. {_ANOTHER}")
    for event in events:
        _check(event)
    found = [_incoming(each, zone) for each in _occurrences(calendar, now)]
    timed = [each for each in found if each is not None]
    ahead = sorted(
        (e for e in timed if e.starts_at > now), key=lambda e: (e.starts_at, e.occurrence)
    )
    return ReadCalendar(tuple(ahead[:MOST_AHEAD]), tuple(_notes(events, found, zone)))


def _check(event: Any) -> None:
    """Refuse what no library can be asked to count out."""
    title = _text(event, "SUMMARY") or "without a title"
    for name, fault in event.errors:
        raise UnreadableError(
            f"The event “{title}”: its {name} can't be read ({fault}). {_ANOTHER}"
        )
    if event.get("DTSTART") is None or not event.get("UID"):
        missing = "UID" if event.get("DTSTART") else "DTSTART"
        raise UnreadableError(f"The event “{title}” has no {missing}. {_ANOTHER}")
    rules = event.get("RRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        often = [str(each).upper() for each in rule.get("FREQ", [])]
        if often and often[0] in _FREQUENCIES and not any(rule.get(each) for each in _WITHIN_A_DAY):
            continue
        raise UnreadableError(
            f"The event “{title}” is to be repeated by {rule.to_ical().decode()[:_SHOWN]}: "
            "a council meets once a day at most. Use a rule by days, weeks, months or years."
        )


def _occurrences(calendar: Any, now: datetime) -> list[Any]:
    import recurring_ical_events

    try:
        return list(recurring_ical_events.of(calendar).between(now, now + AHEAD))
    except Exception as error:
        raise UnreadableError(
            f"A rule or date of this file can't be read ({_short(error)}). {_ANOTHER}"
        ) from error


def _incoming(event: Any, zone: ZoneInfo) -> Incoming | None:
    """A meeting; None for what lasts whole days."""
    starts = event["DTSTART"].dt
    if not isinstance(starts, datetime):
        return None
    own = event["RECURRENCE-ID"].dt if event.get("RECURRENCE-ID") else starts
    own = own if isinstance(own, datetime) else starts
    source = sha256(str(event["UID"]).encode()).hexdigest()[:10]
    return Incoming(
        occurrence=uploaded_name(source, _instant(own, zone)),
        starts_at=_instant(starts, zone),
        minutes=_minutes(event, starts),
        title=_text(event, "SUMMARY"),
        place=_text(event, "LOCATION"),
        is_cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
    )


def _minutes(event: Any, starts: datetime) -> int:
    ends = event.get("DTEND")
    lasts = timedelta(hours=1)
    if ends is not None and isinstance(ends.dt, datetime):
        lasts = ends.dt - starts
    return max(SHORTEST, min(LONGEST, round(lasts / timedelta(minutes=1))))


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(UTC)


def _notes(events: Iterable[Any], found: list[Incoming | None], zone: ZoneInfo) -> list[str]:
    notes = []
    starts = [each["DTSTART"] for each in events]
    floating = {
        str(each.params.get("TZID", ""))
        for each in starts
        if isinstance(each.dt, datetime) and each.dt.tzinfo is None
    }
    for name in sorted(floating):
        what = f"The zone “{name}” is not known" if name else "Some times have no zone"
        notes.append(f"{what}: they are read as those of {zone.key}.")
    if None in found or any(not isinstance(each.dt, datetime) for each in starts):
        notes.append("Events of whole days are left out: a meeting has an hour.")
    if sum(each is not None for each in found) > MOST_AHEAD:
        notes.append(f"The next {MOST_AHEAD} meetings are kept; more follow as they take place.")
    return notes


def _text(event: Mapping[str, Any], name: str) -> str:
    """One line, as long as a title may be."""
    text = " ".join(str(event.get(name, "")).split())
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _short(error: Exception) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"

"""Pure decisions of calendars: what of a council's meetings is series, exception or by itself."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from domain.calendar.rules import at_wall
from domain.meetings.messages import CalendarEntry, CalendarSeries, CouncilCalendar
from domain.meetings.series.rules import KnownMeeting, Series, is_extra
from models.enums import MeetingState

_BOTH: Final = re.compile(r"(?:^|,)[+-]?\d")
"""A weekday with a number, such as 1TU."""


class KeptMeeting(KnownMeeting, Protocol):
    """A meeting as it is kept: what of it a calendar shows."""

    title: str
    place: str
    uid: str
    sequence: int
    changed_at: datetime


def calendar_of(
    council: str,
    meetings: Sequence[KeptMeeting],
    series: Series | None,
    hidden: Iterable[str] = (),
) -> CouncilCalendar | None:
    """The calendar of a council; None if it never had a meeting.

    Args:
        council: its name.
        meetings: all that it ever had.
        series: what the configuration says now.
        hidden: words that must not stand in it: codes and names of restricted projects.
    """
    if not meetings:
        return None
    secret = secrets_in(hidden)
    kept = [each for each in meetings if each.state is not MeetingState.DROPPED]
    own = {
        date.fromisoformat(each.occurrence): each for each in kept if not is_extra(each.occurrence)
    }
    days = _series_days(sorted(own), series)
    alone = [each for each in kept if each not in [own[day] for day in days]]
    return CouncilCalendar(
        council=council,
        changed_at=max(each.changed_at for each in meetings),
        sequence=sum(each.sequence for each in meetings),
        series=_series(council, series, [own[day] for day in days], secret) if series else None,
        singles=tuple(_entry(council, each, secret, is_single=True) for each in alone),
    )


def secrets_in(words: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any of these words in a text, capitals or not."""
    found = sorted({each for each in words if each}, key=len, reverse=True)
    if not found:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)", re.IGNORECASE)


def open_text(text: str, secret: re.Pattern[str] | None) -> str:
    """The text, or nothing if it names what not everybody may know of."""
    return "" if secret and secret.search(text) else text


def _series_days(own: Sequence[date], series: Series | None) -> list[date]:
    """The days, up to the last one kept, on which the record and the rule agree without a gap.

    What lies before them followed another rule, and stands by itself.
    """
    if series is None or not own:
        return []
    ruled = list(series.recurrence.dates(own[0], own[-1]))
    known = set(own)
    days: list[date] = []
    for day in reversed(ruled):
        if day not in known:
            break
        days.append(day)
    return days[::-1]


def _series(
    council: str,
    series: Series,
    meetings: Sequence[KeptMeeting],
    secret: re.Pattern[str] | None,
) -> CalendarSeries | None:
    if not meetings:
        return None
    days = [date.fromisoformat(each.occurrence) for each in meetings]
    changed = [
        _entry(council, each, secret)
        for day, each in zip(days, meetings, strict=True)
        if each.state is MeetingState.PLANNED and _differs(each, day, series)
    ]
    return CalendarSeries(
        rule=";".join(f"{name}={value}" for name, value in series.recurrence.parts.items()),
        first=days[0],
        at=series.at,
        minutes=series.minutes,
        timezone=series.zone.key,
        title=_title(council, ""),
        uid=meetings[0].uid,
        dates=tuple(days) if _is_read_otherwise(series) else (),
        left_out=tuple(
            day
            for day, each in zip(days, meetings, strict=True)
            if each.state is MeetingState.CANCELLED
        ),
        changed=tuple(changed),
    )


def _differs(meeting: KeptMeeting, day: date, series: Series) -> bool:
    as_ruled = (at_wall(day, series.at, series.zone), series.minutes)
    is_ruled = as_ruled == (meeting.starts_at, meeting.minutes)
    return not is_ruled or bool(meeting.title or meeting.place)


def _is_read_otherwise(series: Series) -> bool:
    """Whether a rule has weekdays with and without a number, which libraries read differently."""
    named = series.recurrence.parts.get("BYDAY", "")
    numbered = len(_BOTH.findall(named))
    return 0 < numbered < len(named.split(","))


def _entry(
    council: str,
    meeting: KeptMeeting,
    secret: re.Pattern[str] | None,
    *,
    is_single: bool = False,
) -> CalendarEntry:
    extra = is_extra(meeting.occurrence)
    occurrence = None if extra or is_single else date.fromisoformat(meeting.occurrence)
    own_uid = f"{meeting.occurrence}.{meeting.uid}" if is_single and not extra else meeting.uid
    return CalendarEntry(
        title=_title(council, open_text(meeting.title, secret)),
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        timezone=meeting.timezone,
        place=open_text(meeting.place, secret),
        reason=open_text(meeting.reason, secret),
        uid=own_uid,
        occurrence=occurrence,
        is_cancelled=meeting.state is MeetingState.CANCELLED,
    )


def _title(council: str, title: str) -> str:
    return title or f"{council} meeting"

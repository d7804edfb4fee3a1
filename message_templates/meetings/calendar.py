"""How a council's calendar comes to its channel: a short message with the file."""

import re
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import Recurrence
from domain.meetings.messages import CalendarEntry, CouncilCalendar
from message_templates import kit
from message_templates.calendar.recurrences import in_words
from message_templates.kit import Document, Rendered
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.calendar_file import calendar_file

_TEMPLATE: Final = "meetings/calendar"
_SHOWN: Final = 8
"""Exceptions that the message names, the last ones; the file has them all."""
_NAME: Final = 75
_TEXT: Final = 60
_RULE: Final = 150
_UNSAFE: Final = re.compile(r'[\\/<>:"|?*\x00-\x1f]')


def render_calendar(message: CouncilCalendar) -> list[Rendered]:
    """Render a council's calendar, with its file."""
    texts = load(_TEMPLATE)
    council = kit.shorten(message.council, _NAME)
    series = message.series
    lines = list(_exceptions(message))
    text = texts.part(
        "text",
        council=council,
        rule=kit.shorten(in_words(Recurrence(series.rule, series.first)), _RULE) if series else "",
        at=f"{series.at:%H:%M}" if series else "",
        zone=series.timezone if series else "",
        lines=len(lines),
    )
    shown = lines[-_SHOWN:]
    if left := len(lines) - len(shown):
        shown.append(texts.part("more", count=left))
    blocks = [*rich_text(Marked.lines([text, *shown])), kit.context(texts.part("renewed"))]
    title = plain(texts.part("file_title", council=council))
    name = _UNSAFE.sub("-", council).strip(". ") or "council"
    file = Document(f"{name}.ics", calendar_file(message.council, [message]), title)
    return [Rendered.of(texts.part("fallback", council=council), blocks, documents=(file,))]


def posted(council: str) -> Rendered:
    """Tell who pressed that it is posted."""
    text = load(_TEMPLATE).part("posted", council=kit.shorten(council, _NAME))
    return Rendered.of(text, rich_text(text))


def _exceptions(message: CouncilCalendar) -> Iterator[Marked]:
    """What is not as the rule has it, by its day."""
    texts = load(_TEMPLATE)
    found = [(each.starts_at, _single(each)) for each in message.singles]
    if (series := message.series) is not None:
        zone = ZoneInfo(series.timezone)
        found += [(each.starts_at, _changed(each, zone)) for each in series.changed]
        out = [(each, texts.part("cancelled", day=each)) for each in series.left_out]
        dated = [(when.astimezone(zone).date(), line) for when, line in found]
        yield from (line for _day, line in sorted([*dated, *out], key=lambda each: each[0]))
        return
    yield from (line for _when, line in sorted(found, key=lambda each: each[0]))


def _single(entry: CalendarEntry) -> Marked:
    return load(_TEMPLATE).part("single", entry=entry, **_texts(entry))


def _changed(entry: CalendarEntry, zone: ZoneInfo) -> Marked:
    is_moved = entry.starts_at.astimezone(zone).date() != entry.occurrence
    return load(_TEMPLATE).part("changed", entry=entry, is_moved=is_moved, **_texts(entry))


def _texts(entry: CalendarEntry) -> dict[str, str]:
    return {
        "title": kit.shorten(entry.title, _TEXT),
        "place": kit.shorten(entry.place, _TEXT),
        "reason": kit.shorten(entry.reason, _TEXT),
    }

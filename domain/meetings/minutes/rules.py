"""Pure decisions about minutes: what is due when, who reads what of them, what may be changed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from domain.calendar.rules import WorkingDays, at_wall
from domain.meetings.calendar_out.rules import open_text
from domain.meetings.minutes.values import (
    Addendum,
    MinutedAction,
    MinutedDecision,
    MinutedItem,
    Minutes,
    Wording,
)

ON_TIME: Final = timedelta(hours=48)
"""After the end of the meeting: minutes that come later help nobody to act (facts of PMOs: sent
within 48 hours)."""

NUDGED_AFTER: Final = 2
"""Working days after which the chair is reminded."""

TOLD_AFTER: Final = 3
"""Working days after which the PMO hears."""

_Tagged = TypeVar("_Tagged", MinutedAction, MinutedDecision, MinutedItem)


def working_days_after(
    instant: datetime, count: int, working: WorkingDays, zone: ZoneInfo
) -> datetime:
    """The same hour, so many working days later, as the clocks of a zone show it."""
    local = instant.astimezone(zone)
    return at_wall(working.after(local.date(), count), local.time(), zone)


def objections_end(
    posted_at: datetime, days: int, working: WorkingDays, zone: ZoneInfo
) -> datetime:
    """Until when minutes can be objected to: the end of the last of so many working days."""
    last = working.after(posted_at.astimezone(zone).date(), days)
    return at_wall(last + timedelta(days=1), time(0), zone)


def seen_part(
    minutes: Minutes, visible: Collection[int], secret: re.Pattern[str] | None
) -> Minutes:
    """What of the minutes somebody may read, who may see these projects.

    Args:
        minutes: all of them.
        visible: the projects that exist for the reader.
        secret: finds names and codes of those that don't; a text with one is left out.
    """

    def shown(lines: Iterable[_Tagged]) -> tuple[_Tagged, ...]:
        return tuple(
            each
            for each in lines
            if (each.project_id is None or each.project_id in visible)
            and _says_nothing(each, secret)
        )

    return replace(
        minutes,
        title=open_text(minutes.title, secret) or minutes.council,
        place=open_text(minutes.place, secret),
        summary=open_lines(minutes.summary, secret),
        items=tuple(
            replace(each, note=open_lines(each.note, secret), decisions=shown(each.decisions))
            for each in shown(minutes.items)
        ),
        decisions=shown(minutes.decisions),
        votes=shown(minutes.votes),
        actions=shown(minutes.actions),
        addenda=tuple(
            replace(each, text=text)
            for each in minutes.addenda
            if (text := open_lines(each.text, secret))
        ),
    )


def open_lines(text: str, secret: re.Pattern[str] | None) -> str:
    """A text of several paragraphs without those that name what not everybody may know of."""
    if not (secret and secret.search(text)):
        return text
    return "\n".join(line for line in text.split("\n") if not secret.search(line)).strip()


def _says_nothing(
    line: MinutedAction | MinutedDecision | MinutedItem, secret: re.Pattern[str] | None
) -> bool:
    match line:
        case MinutedItem():
            return bool(open_text(line.title, secret))
        case MinutedAction():
            return bool(open_text(f"{line.ref} {line.title}", secret))
        case MinutedDecision():
            said = (
                line.question,
                line.chosen,
                line.reason,
                *line.conditions,
                line.dissent,
                line.interests,
            )
            return bool(open_text("\n".join(said), secret))


def reworded(minutes: Minutes, wording: Wording) -> Minutes:
    """The minutes with other words of the chair; what was decided stays as it was recorded."""
    titles, notes = dict(wording.titles), dict(wording.notes)
    return replace(
        minutes,
        summary=minutes.summary if wording.summary is None else wording.summary.strip(),
        items=tuple(_reworded(each, titles, notes) for each in minutes.items),
    )


def _reworded(
    item: MinutedItem, titles: Mapping[int, str], notes: Mapping[int, str]
) -> MinutedItem:
    return replace(
        item,
        title=titles.get(item.item_id, item.title).strip() or item.title,
        note=notes.get(item.item_id, item.note).strip(),
    )


def redrafted(kept: Minutes, drafted: Minutes, first: Minutes) -> Minutes:
    """A new draft from the record that keeps what the chair has written.

    Args:
        kept: the newest version.
        drafted: what the record says now.
        first: what it said when the minutes were drafted first: what differs from it was written.
    """
    was = {each.item_id: each for each in first.items}
    now = [each for each in kept.items if each.item_id in was]
    return reworded(
        drafted,
        Wording(
            summary=kept.summary,
            titles=tuple((e.item_id, e.title) for e in now if e.title != was[e.item_id].title),
            notes=tuple((e.item_id, e.note) for e in now if e.note != was[e.item_id].note),
        ),
    )


def with_addendum(minutes: Minutes, addendum: Addendum) -> Minutes:
    """Approved minutes with a correction below them."""
    return replace(minutes, addenda=(*minutes.addenda, addendum))


def on_time(meetings: Sequence[tuple[datetime, datetime | None]]) -> tuple[int, int]:
    """How many meetings had their minutes on time, and how many there were.

    Args:
        meetings: when each ended, and when its minutes were posted; None: not at all, which counts
            as late.
    """
    timely = sum(posted is not None and posted - ended <= ON_TIME for ended, posted in meetings)
    return timely, len(meetings)

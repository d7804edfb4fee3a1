"""Pure decisions about minutes: what is due when, who reads what of them, what may be changed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import WorkingDays, at_wall
from domain.meetings.minutes.values import (
    LONGEST_NOTE,
    Addendum,
    MinutedAction,
    MinutedDecision,
    MinutedItem,
    Minutes,
    Wording,
)
from domain.meetings.rules import may_run
from domain.portfolio.values import Viewer

TEXT: Final = "text"
"""The field of a window with one text."""

ON_TIME: Final = timedelta(hours=48)
"""After the end of the meeting: minutes that come later help nobody to act (facts of PMOs: sent
within 48 hours)."""

NUDGED_AFTER: Final = 2
"""Working days after which the chair is reminded."""

TOLD_AFTER: Final = 3
"""Working days after which the PMO hears."""


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
    minutes: Minutes,
    visible: Collection[int],
    open_text: Callable[[str], str],
    *,
    with_refs: bool,
) -> Minutes:
    """What of the minutes somebody may read, who may see these projects.

    Args:
        minutes: all of them.
        visible: the projects that exist for the reader.
        open_text: gives a text, or nothing if it names a project that does not.
        with_refs: whether decisions and actions have their numbers. A missing number tells that
            there is something else: who may not see all projects of the council gets none.
    """

    def is_seen(line: MinutedAction | MinutedDecision | MinutedItem) -> bool:
        is_known = line.project_id is None or line.project_id in visible
        return is_known and bool(open_text("\n".join(_said(line))))

    def decisions(lines: Iterable[MinutedDecision]) -> tuple[MinutedDecision, ...]:
        return tuple(each for each in lines if is_seen(each))

    items = (
        replace(each, note=open_lines(each.note, open_text), decisions=decisions(each.decisions))
        for each in minutes.items
        if is_seen(each)
    )
    seen = replace(
        minutes,
        title=open_text(minutes.title) or minutes.council,
        place=open_text(minutes.place),
        summary=open_lines(minutes.summary, open_text),
        items=tuple(items),
        decisions=decisions(minutes.decisions),
        votes=decisions(minutes.votes),
        actions=tuple(each for each in minutes.actions if is_seen(each)),
        addenda=tuple(
            replace(each, text=text)
            for each in minutes.addenda
            if (text := open_lines(each.text, open_text))
        ),
    )
    return seen if with_refs else without_refs(seen)


def without_refs(minutes: Minutes) -> Minutes:
    """The minutes without the numbers of decisions and actions: as a channel reads them."""

    def bare(lines: Iterable[MinutedDecision]) -> tuple[MinutedDecision, ...]:
        return tuple(replace(each, ref="") for each in lines)

    return replace(
        minutes,
        items=tuple(replace(item, decisions=bare(item.decisions)) for item in minutes.items),
        decisions=bare(minutes.decisions),
        votes=bare(minutes.votes),
        actions=tuple(replace(each, ref="", decision="") for each in minutes.actions),
    )


def open_addendum(part: Minutes, addendum: Addendum) -> Addendum:
    """A correction as the readers of a part of the minutes have it: without text, if they don't."""
    found = (each for each in part.addenda if (each.at, each.by) == (addendum.at, addendum.by))
    return next(found, replace(addendum, text=""))


def open_lines(text: str, open_text: Callable[[str], str]) -> str:
    """A text of several lines without those that name what does not exist for the reader."""
    if not text or open_text(text):
        return text
    return "\n".join(line for line in text.split("\n") if open_text(line)).strip()


def _said(line: MinutedAction | MinutedDecision | MinutedItem) -> tuple[str, ...]:
    """The words of people in a line; a note is looked at line by line."""
    if isinstance(line, MinutedDecision):
        words = (line.question, line.chosen, line.reason, line.voted_by_name)
        return (*words, line.dissent, line.interests, *line.conditions)
    return (line.title,)


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


def may_write(viewer: Viewer, chair_id: int | None, led_by_id: int | None) -> bool:
    """Whether somebody writes and posts minutes: whoever led the meeting, the chair, the PMO."""
    return may_run(viewer, chair_id) or may_run(viewer, led_by_id)


def changed_wording(minutes: Minutes, typed: Wording) -> Wording:
    """What of the typed words differs from what the person was shown.

    What they were not shown stays as it is, also where a text has lines that they may not read.
    """
    titles = {each.item_id: each.title for each in minutes.items}
    notes = {each.item_id: each.note for each in minutes.items}
    summary = (typed.summary or "").strip()
    is_new = typed.summary is not None and summary != minutes.summary
    return Wording(
        summary=summary if is_new else None,
        titles=_differing(titles, typed.titles),
        notes=_differing(notes, typed.notes),
    )


def _differing(
    shown: Mapping[int, str], typed: Sequence[tuple[int, str]]
) -> tuple[tuple[int, str], ...]:
    return tuple(
        (number, text.strip())
        for number, text in typed
        if number in shown and text.strip() != shown[number]
    )


def wording_faults(wording: Wording) -> dict[str, str]:
    """What is wrong with typed words, by field: `summary`, `title:7`, `note:7`."""
    faults = {}
    for number, title in wording.titles:
        if not title.strip():
            faults[f"title:{number}"] = "An item needs a title: write one."
    texts = {"summary": wording.summary or ""}
    texts |= {f"note:{number}": note for number, note in wording.notes}
    for field, text in texts.items():
        if len(text) > LONGEST_NOTE:
            faults[field] = (
                f"This has {len(text):,} characters, {LONGEST_NOTE:,} are the most: shorten it, or "
                "link to a paper."
            )
    return faults


def text_faults(text: str) -> dict[str, str]:
    """What is wrong with an objection, an answer or a correction."""
    if not text.strip():
        return {TEXT: "Write what is to be said; an empty text says nothing."}
    return {}

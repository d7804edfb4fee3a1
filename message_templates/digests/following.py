"""What followers of projects read: one message for all of them, changes first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from domain.digests.following.messages import (
    FollowedChanges,
    FollowedGap,
    FollowedLine,
    FollowersDigest,
)
from message_templates import kit
from message_templates.digests.report import answered_health
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import MESSAGE_COST
from message_templates.markup import Marked, load, rich_text
from models.enums import Health

_TEMPLATE: Final = "digests/following"

_BUDGET: Final = MESSAGE_COST - 600
_CHANGES: Final = 0.6
"""The share of the room that changes have at most, where much is missing, too."""
_CODES: Final = 2_000
"""Characters for the codes of what is unchanged."""
_TOLD: Final = 5
"""Changes that a notification names; it counts the others."""

_LENGTHS: Final = {"code": 30, "name": 60, "pm": 40, "rating": 30, "reason": 160}
_PROSE: Final = {"summary": 220, "path_to_green": 160}
"""The most characters of a text in a line; `/project show` has all of them."""

T = TypeVar("T", FollowedLine, FollowedGap)


def render_weekly(message: FollowersDigest) -> list[Rendered]:
    """Tell all that somebody follows, once a week."""
    texts = load(_TEMPLATE)
    today = message.as_of.astimezone(ZoneInfo(message.timezone)).date()
    counts = {
        "changed": len(message.changed),
        "missing": len(message.missing),
        "unchanged": len(message.unchanged),
    }
    monday = today - timedelta(days=today.weekday())
    blocks = [
        kit.header(texts.part("headline", monday=monday)),
        *rich_text(texts.part("counts", **counts)),
    ]
    end = [*_unchanged(message.unchanged), _footer(message, sum(counts.values()))]
    room = _BUDGET - kit.cost([*blocks, *end])
    share = int(room * _CHANGES) if message.missing else room
    changed = _section("changed", message.changed, _change, share)
    missing = _section("missing", message.missing, _gap, room - kit.cost(changed))
    return [Rendered.of(_fallback(message.changed, counts), [*blocks, *changed, *missing, *end])]


def render_changes(message: FollowedChanges) -> list[Rendered]:
    """Tell of the projects whose health has changed just now."""
    count = len(message.changed)
    top = rich_text(load(_TEMPLATE).part("at_once", count=count))
    end = [_footer(message, count)]
    lines = _lines(message.changed, _change, _BUDGET - kit.cost([*top, *end]))
    fallback = _fallback(message.changed, {"missing": 0, "unchanged": 0})
    return [Rendered.of(fallback, [*top, *rich_text(Marked.lines(lines)), *end])]


def _section(part: str, lines: Sequence[T], write: Callable[[T], Marked], room: int) -> list[Block]:
    if not lines:
        return []
    title: Marked = load(_TEMPLATE).part(part, count=len(lines))
    room -= kit.cost(rich_text(title))
    return rich_text(Marked.lines([title, *_lines(lines, write, room)]))


def _lines(lines: Sequence[T], write: Callable[[T], Marked], room: int) -> list[Marked]:
    """As many lines as there is room for; the others are counted."""
    written: list[Marked] = []
    for line in lines:
        text = write(line)
        room -= kit.cost(rich_text(text)) + 1
        if room < 0 and written:
            break
        written.append(text)
    if left := len(lines) - len(written):
        written.append(load(_TEMPLATE).part("more", count=left))
    return written


def _change(line: FollowedLine) -> Marked:
    return load(_TEMPLATE).part(
        "change",
        line=_shortened(line),
        was=answered_health(line.previous) if line.previous else "",
        now=answered_health(line.health),
    )


def _gap(line: FollowedGap) -> Marked:
    last = answered_health(line.last_health) if line.last_health else ""
    return load(_TEMPLATE).part("gap", line=_shortened(line), last=last)


def _unchanged(lines: Sequence[FollowedLine]) -> list[Block]:
    """One line for all that is as it was, by health."""
    if not lines:
        return []
    texts = load(_TEMPLATE)
    room, shown = _CODES, []
    for line in lines:
        room -= len(kit.shorten(line.code, _LENGTHS["code"])) + 2
        if room < 0:
            break
        shown.append(line)
    groups = [
        texts.part(
            "group",
            health=answered_health(health),
            codes=[kit.shorten(each.code, _LENGTHS["code"]) for each in group],
        )
        for health, group in groupby(shown, key=_health)
    ]
    return rich_text(texts.part("unchanged", groups=groups, left=len(lines) - len(shown)))


def _health(line: FollowedLine) -> Health:
    return line.health


def _footer(message: FollowersDigest | FollowedChanges, count: int) -> Block:
    values = {"as_of": message.as_of, "zone": message.timezone, "is_one": count == 1}
    return kit.context(load(_TEMPLATE).part("footer", **values))


def _fallback(changed: Sequence[FollowedLine], counts: dict[str, int]) -> Marked:
    told = [
        load(_TEMPLATE).part(
            "told",
            code=kit.shorten(each.code, _LENGTHS["code"]),
            now=_word(each.health),
            was=_word(each.previous) if each.previous else "",
        )
        for each in changed[:_TOLD]
    ]
    return load(_TEMPLATE).part(
        "fallback",
        told=told,
        further=len(changed) - len(told),
        missing=counts["missing"],
        unchanged=counts["unchanged"],
    )


def _word(health: Health) -> str:
    return "not rated" if health is Health.GREY else health.value


def _shortened(line: Any) -> Any:
    limits = {name: most for name, most in (_LENGTHS | _PROSE).items() if hasattr(line, name)}
    short = {name: kit.shorten(getattr(line, name), most) for name, most in limits.items()}
    return replace(line, **{name: kit.turned_back(text) for name, text in short.items()})

"""The head message of a portfolio digest: one Slack message across all councils."""

from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.digests.broad.messages import BroadHead, BroadLine, BroadMissing, CouncilLine
from domain.digests.rules import ALARM_ABOVE, is_alarming
from domain.digests.values import Counts
from message_templates import kit
from message_templates.digests.report import answered_health, trend
from message_templates.digests.sections import Kind, Look, filled, nothing
from message_templates.digests.shortening import shortened
from message_templates.kit import HEALTH_SYMBOLS, Block, Rendered
from message_templates.kit.limits import MESSAGE_COST
from message_templates.markup import Marked, load, rich_text
from models.enums import Health

_TEMPLATE: Final = "digests/broad"

_BUDGET: Final = MESSAGE_COST - 500
_NAME: Final = 100
_NAMED_DECISION: Final = 120
"""Characters of the decision that a notification tells."""
_NAMED: Final = 10
"""Councils of the second line, and red projects of a notification."""

OLD_DAYS: Final = 14
"""From then on a line tells how old its report is: councils may report once a quarter."""


def render_broad(head: BroadHead) -> list[Rendered]:
    """Render the one message that an issue costs its channel."""
    name = kit.shorten(head.name, _NAME)
    today = head.as_of.astimezone(ZoneInfo(head.timezone)).date()
    top = _top(head, name)
    bottom = [kit.context(load(_TEMPLATE).part("footer", head=head))]
    look = Look(
        _TEMPLATE, titles={}, lines={"today": today, "this_year": today.year, "old": OLD_DAYS}
    )
    sections = filled(head, _KINDS, look, _BUDGET - kit.cost([*top, *bottom]))
    blocks = [*top, *(block for each in sections for block in each.blocks()), *bottom]
    return [Rendered.of(_fallback(head, name), blocks)]


def _top(head: BroadHead, name: str) -> list[Block]:
    texts = load(_TEMPLATE)
    day = head.as_of.astimezone(ZoneInfo(head.timezone)).date()
    blocks = [kit.header(texts.part("headline", name=name, day=day))]
    if head.due_at:
        blocks.append(kit.context(texts.part("late", head=head)))
    if head.tag or head.scope:
        scope = [kit.shorten(each, _NAME) for each in head.scope[:_NAMED]]
        more = len(head.scope) - len(scope)
        blocks.append(kit.context(texts.part("about", head=head, scope=scope, more_councils=more)))
    if head.note:
        blocks += kit.user_text(head.note)
    counted = list(_counted(head.counts, head.previous))
    has_changed = any(change for *_others, change in counted)
    counts = texts.part(
        "counts",
        head=head,
        counted=counted,
        since=head.previous_on if has_changed else None,
        this_year=day.year,
        **_alarm(head.counts),
    )
    return blocks + rich_text(counts)


def _alarm(counts: Counts) -> dict[str, int]:
    """The figures of the alarm; none is yellow or red if there is no alarm."""
    troubled = counts.yellow + counts.red
    return {
        "troubled": troubled if is_alarming(counts) else 0,
        "rated": troubled + counts.green,
        "alarm": round(100 * ALARM_ABOVE),
    }


def _counted(counts: Counts, previous: Counts | None) -> Iterator[tuple[str, int, str, int]]:
    """Each health with its projects, and how many more these are than last time."""
    for health in (Health.RED, Health.YELLOW, Health.GREEN, Health.GREY):
        count = getattr(counts, health.value)
        change = count - getattr(previous, health.value) if previous else 0
        if count or change:
            yield HEALTH_SYMBOLS[health], count, health.value, change


def _fallback(head: BroadHead, name: str) -> Marked:
    first = next(iter(head.decisions), None)
    red = [kit.shorten(each.code, _NAME) for each in head.red[:_NAMED]]
    return load(_TEMPLATE).part(
        "fallback",
        head=head,
        name=name,
        day=head.as_of.astimezone(ZoneInfo(head.timezone)).date(),
        totals=[
            f"{count} {word}" + (f" ({change:+d})" if change else "")
            for _symbol, count, word, change in _counted(head.counts, head.previous)
        ],
        decision=first and shortened(first, _NAMED_DECISION),
        further=len(head.decisions) - 1,
        red=red,
        more_red=len(head.red) - len(red),
    )


def _tally(line: CouncilLine) -> dict[str, object]:
    return {"counted": list(_counted(line.counts, None))}


def _trend(line: BroadLine) -> dict[str, object]:
    now = answered_health(line.health)
    since = trend(line.health, line.previous, line.days, line.reports)
    return {"now": now, "trend": since, "next": line.next_date}


def _move(line: BroadLine) -> dict[str, object]:
    return {
        "was": answered_health(line.previous) if line.previous else "",
        "now": answered_health(line.health),
    }


def _last_known(line: BroadMissing) -> dict[str, object]:
    return {"last": answered_health(line.last_health) if line.last_health else ""}


def _kind(name: str, share: float, write: Any, part: str, **others: Any) -> Kind:
    return Kind(name, share, write, part, **{"is_in_thread": False, **others})


_KINDS: Final = (
    _kind("councils", 0.2, _tally, "council", most_prose=0),
    _kind("decisions", 0.2, nothing, "decision"),
    _kind("red", 0.32, _trend, "red_line", is_in_thread=True),
    _kind("newly_worse", 0.12, _move, "moved"),
    _kind("improved", 0.06, _move, "moved", most_prose=110),
    _kind("missing", 0.07, _last_known, "silent", most_prose=0),
    _kind("not_rated", 0.03, _trend, "exception", most_prose=110),
)
"""In the order in which they stand, and in which they get what others leave over."""

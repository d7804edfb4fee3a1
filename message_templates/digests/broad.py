"""The head message of a portfolio digest: one Slack message across all councils."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.digests.broad.messages import BroadHead, BroadLine, BroadMissing, CouncilLine
from message_templates import kit
from message_templates.digests.counting import alarm, counted, tally
from message_templates.digests.report import answered_health, trend
from message_templates.digests.sections import Kind, Look, filled, nothing
from message_templates.digests.shortening import shortened
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import MESSAGE_COST
from message_templates.markup import Marked, load, rich_text

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
    if head.amended_at:
        blocks.append(kit.context(texts.part("updated", head=head)))
    if head.tag or head.scope:
        scope = [kit.shorten(each, _NAME) for each in head.scope[:_NAMED]]
        more = len(head.scope) - len(scope)
        blocks.append(kit.context(texts.part("about", head=head, scope=scope, more_councils=more)))
    if head.note:
        blocks += kit.user_text(head.note)
    by_health = list(counted(head.counts, head.previous))
    has_changed = any(change for *_others, change in by_health)
    counts = texts.part(
        "counts",
        head=head,
        counted=by_health,
        since=head.previous_on if has_changed else None,
        this_year=day.year,
        **alarm(head.counts),
    )
    return blocks + rich_text(counts)


def _fallback(head: BroadHead, name: str) -> Marked:
    first = next(iter(head.decisions), None)
    red = [kit.shorten(each.code, _NAME) for each in head.red[:_NAMED]]
    return load(_TEMPLATE).part(
        "fallback",
        head=head,
        name=name,
        day=head.as_of.astimezone(ZoneInfo(head.timezone)).date(),
        totals=list(tally(head)),
        decision=first and shortened(first, _NAMED_DECISION),
        further=len(head.decisions) - 1,
        red=red,
        more_red=len(head.red) - len(red),
    )


def _tally(line: CouncilLine) -> dict[str, object]:
    return {"counted": list(counted(line.counts, None))}


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

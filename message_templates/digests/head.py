"""The head message of a digest: one Slack message for any number of projects, exceptions first.

What does not fit is counted, never dropped in silence. Lines are written only while there is room
for them, so that ten thousand projects cost no more than a hundred.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.digests.messages import (
    DigestCopy,
    DigestHead,
    DigestLine,
    DigestRestated,
    MissingLine,
)
from domain.digests.rules import LONG_YELLOW, MILESTONES_WITHIN
from domain.digests.values import Counts
from message_templates import kit
from message_templates.digests.cover_note import cover_note
from message_templates.digests.report import answered_health, trend
from message_templates.kit import HEALTH_SYMBOLS, Block, Rendered
from message_templates.kit.limits import MESSAGE_COST
from message_templates.markup import Marked, load, rich_text
from models.enums import Health

_TEMPLATE: Final = "digests/head"

_BUDGET: Final = MESSAGE_COST - 500
_FRAME: Final = 150
"""Characters for a section's title, and for the line that counts what it leaves out."""

_COUNCIL: Final = 100
_NAMED_DECISION: Final = 120
"""Characters of the decision that a notification tells."""

_LENGTHS: Final = {
    "code": 30,
    "name": 60,
    "pm": 40,
    "rating": 30,
    "milestone": 100,
    "reason": 160,
    "decision_from": 60,
}
"""The most characters of a field in a line; the thread shows all of them."""

_PROSE: Final = ("summary", "path_to_green", "decision")
_SHORTEST_PROSE: Final = 70
_SENTENCE_ENDS: Final = (".", "!", "?")
_MORE: Final = " …"
_PROSE_TOGETHER: Final = 4_500
"""Characters for the prose of all lines: the more of them, the less each has to say."""


def render_head(head: DigestHead) -> list[Rendered]:
    """Render the one message that a digest costs its channel."""
    return _with_end(head, [])


def render_copy(copy: DigestCopy) -> list[Rendered]:
    """Render the same for somebody who has subscribed to it, ending with where the thread is."""
    where = {"channel_id": copy.channel_id, "channel_name": copy.channel_name}
    return _with_end(copy.head, [kit.context(load(_TEMPLATE).part("copied", **where))])


def render_restated(restated: DigestRestated) -> list[Rendered]:
    """Render it once more, ending with why: the posted one cannot be edited any more."""
    why = load(_TEMPLATE).part("restated", is_alone=restated.is_alone)
    return _with_end(restated.head, [kit.context(why)])


def _with_end(head: DigestHead, end: list[Block]) -> list[Rendered]:
    council = kit.shorten(head.council, _COUNCIL)
    top = _top(head, council)
    bottom = [kit.context(load(_TEMPLATE).part("footer", head=head)), *end]
    sections = _filled(head, _BUDGET - kit.cost([*top, *bottom]))
    blocks = [*top, *(block for each in sections for block in each.blocks()), *bottom]
    return [Rendered.of(_fallback(head, council), blocks)]


def _top(head: DigestHead, council: str) -> list[Block]:
    texts = load(_TEMPLATE)
    blocks = [kit.header(texts.part("headline", head=head, council=council))]
    if head.due_at:
        blocks.append(kit.context(texts.part("late", head=head)))
    if head.amended_at:
        blocks.append(kit.context(texts.part("updated", head=head)))
    if head.is_restricted:
        blocks += rich_text(texts.part("restricted", council=council))
    blocks += cover_note(head.note)
    return blocks + rich_text(texts.part("counts", head=head, counted=list(_counted(head))))


def _counted(head: DigestHead) -> Iterator[tuple[str, int, str, int]]:
    """Each health with its projects, and how many more these are than last time."""
    for health in (Health.RED, Health.YELLOW, Health.GREEN, Health.GREY):
        count = getattr(head.counts, health.value)
        change = count - getattr(head.previous, health.value) if head.previous else 0
        if count or change:
            yield HEALTH_SYMBOLS[health], count, health.value, change


def _fallback(head: DigestHead, council: str) -> Marked:
    tally = {
        **_colours(head.counts),
        "missing": len(head.missing),
        "not rated": len(head.not_rated),
    }
    first = next(iter(head.decisions), None)
    return load(_TEMPLATE).part(
        "fallback",
        head=head,
        council=council,
        tally=[f"{count} {word}" for word, count in tally.items() if count],
        decision=first and _shortened(first, _NAMED_DECISION),
        further=len(head.decisions) - 1,
    )


def _colours(counts: Counts) -> Mapping[str, int]:
    return {"red": counts.red, "yellow": counts.yellow, "green": counts.green}


# --- sections


@dataclass(frozen=True)
class _Kind:
    """A section of the head: named like the field of its lines and the part with its title."""

    name: str
    share: float
    """Of the room, before what others leave over is given out."""
    write: Callable[[Any], dict[str, object]]
    """What the part of a line needs beside the line itself."""
    part: str
    """The part that writes a line."""
    most_prose: int = 220
    """The most characters for each text of a line; 0 where a line has none."""
    between: int = 0
    """Characters that the part `inline` puts between lines; 0 where each is an item of a list."""
    is_in_thread: bool = True


def _trend(line: DigestLine) -> dict[str, object]:
    now = answered_health(line.health)
    return {"now": now, "trend": trend(line.health, line.previous, line.days)}


def _move(line: DigestLine) -> dict[str, object]:
    return {
        "was": answered_health(line.previous or Health.GREY),
        "now": answered_health(line.health),
    }


def _last_known(line: MissingLine) -> dict[str, object]:
    return {"last": answered_health(line.last_health) if line.last_health else ""}


def _nothing(_line: object) -> dict[str, object]:
    return {}


_KINDS: Final = (
    _Kind("decisions", 0.18, _nothing, "decision"),
    _Kind("red", 0.30, _trend, "exception"),
    _Kind("newly_worse", 0.12, _move, "moved"),
    _Kind("long_yellow", 0.08, _trend, "exception"),
    _Kind("other_yellow", 0.06, _trend, "exception", most_prose=110),
    _Kind("improved", 0.04, _move, "moved", most_prose=110),
    _Kind("milestones", 0.07, _nothing, "milestone", most_prose=0),
    _Kind("missing", 0.08, _last_known, "silent", most_prose=0, is_in_thread=False),
    _Kind("not_rated", 0.03, _trend, "exception", most_prose=110),
    _Kind("green", 0.04, _nothing, "fine", most_prose=0, between=2),
)
"""In the order in which they stand, and in which they get what others leave over."""


@dataclass
class _Section:
    """A section on its way: as many of its lines as there has been room for."""

    kind: _Kind
    head: DigestHead
    lines: Sequence[Any]
    prose: int
    """How long each text of a line may be, if its kind allows that."""
    written: list[Marked] = field(default_factory=list)

    def fill(self, room: int, most: int | None = None) -> int:
        """Write further lines, `most` in all, while they fit; tell how much they take."""
        used = 0
        for line in islice(self.lines, len(self.written), most):
            text = self._write(line)
            price = kit.cost(rich_text(text)) + self.kind.between
            if used + price > room:
                break
            used += price
            self.written.append(text)
        return used

    def blocks(self) -> list[Block]:
        """The title, the lines, and the number of those left out."""
        title = self._title()
        parts = [title, *self.written]
        if self.kind.between:
            parts = [load(_TEMPLATE).part("inline", title=title, items=self.written)]
        if left_out := len(self.lines) - len(self.written):
            in_thread = self.kind.is_in_thread
            parts.append(load(_TEMPLATE).part("more", count=left_out, in_thread=in_thread))
        return rich_text(Marked.lines(parts))

    def _title(self) -> Marked:
        return load(_TEMPLATE).part(
            self.kind.name,
            count=len(self.lines),
            is_rest=bool(self.head.newly_worse or self.head.long_yellow),
            long_days=LONG_YELLOW.days,
            due_days=MILESTONES_WITHIN.days,
        )

    def _write(self, line: Any) -> Marked:
        return load(_TEMPLATE).part(
            self.kind.part,
            line=_shortened(line, min(self.prose, self.kind.most_prose)),
            zone=self.head.timezone,
            this_year=self.head.opens_on.year,
            today=self.head.as_of.astimezone(ZoneInfo(self.head.timezone)).date(),
            **self.kind.write(line),
        )


def _filled(head: DigestHead, budget: int) -> list[_Section]:
    """Fill the sections: a line for each, then their shares, then in order what is left over."""
    lines = {kind: getattr(head, kind.name) for kind in _KINDS}
    with_prose = sum(len(lines[kind]) for kind in _KINDS if kind.most_prose)
    prose = max(_SHORTEST_PROSE, _PROSE_TOGETHER // max(with_prose, 1))
    sections = [_Section(kind, head, lines[kind], prose) for kind in _KINDS if lines[kind]]
    room = left = budget - _FRAME * len(sections)
    for section in sections:
        left -= section.fill(left, most=1)
    for section in sections:
        left -= section.fill(min(left, int(room * section.kind.share)))
    for section in sections:
        left -= section.fill(left)
    return sections


def _shortened(line: Any, prose: int) -> Any:
    """Shorten what is shown whole elsewhere."""
    short = {name: kit.shorten(text, _LENGTHS[name]) for name, text in _texts(line, _LENGTHS)}
    if prose:
        short |= {name: _gist(text, prose) for name, text in _texts(line, _PROSE)}
    return replace(line, **short)


def _texts(line: Any, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, getattr(line, name)) for name in names if hasattr(line, name))


def _gist(text: str, limit: int) -> str:
    """Shorten prose, to whole sentences where these are at least half of what fits."""
    if kit.slack_length(text) <= limit:
        return text
    start = kit.split_whole(text, limit - len(_MORE))[0].rstrip()
    return start + _MORE if start.endswith(_SENTENCE_ENDS) else kit.shorten(text, limit)

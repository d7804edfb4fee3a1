"""The head message of a digest: one Slack message for any number of projects, exceptions first.

What does not fit is counted, never dropped in silence. Lines are written only while there is room
for them, so that ten thousand projects cost no more than a hundred.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.digests.messages import (
    ClosedLine,
    DigestCopy,
    DigestHead,
    DigestLine,
    DigestRestated,
    MissingLine,
)
from domain.digests.rules import LONG_YELLOW, MILESTONES_WITHIN
from domain.digests.values import Counts
from message_templates import kit
from message_templates.digests.counting import alarm, counted, tally
from message_templates.digests.cover_note import cover_note
from message_templates.digests.report import answered_health, trend
from message_templates.digests.shortening import LENGTHS, shortened
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import MESSAGE_COST
from message_templates.markup import Marked, load, rich_text
from models.enums import Health

_TEMPLATE: Final = "digests/head"

_BUDGET: Final = MESSAGE_COST - 500
_BETWEEN: Final = 2
"""Characters between lines that share one."""
_FRAME: Final = 150
"""Characters for a section's title, and for the line that counts what it leaves out."""

_COUNCIL: Final = 100
_NAMED_DECISION: Final = 120
"""Characters of the decision that a notification tells."""
_NAMED_RED: Final = 12
"""Red projects that it names."""
_REASON: Final = 60
"""The most characters of the reason for a better claim: a longer one stands in the thread."""

_MOST_PROSE: Final = 220
"""The most characters of each text of a line."""
_SHORTEST_PROSE: Final = 70
_PROSE_FIRST: Final = 3_600
_PROSE_REST: Final = 1_600
"""Characters for the prose of what the council has to act on, and for that of all the rest: the
more lines, the less each has to say. The rest says nothing at all before it says too little."""
_ROOM_FOR_REST: Final = 2_600
"""Characters for what needs nobody outside a team. Decisions and red take what they need; around
them a head of any number of projects stays about as long as can be read in a few minutes."""
_BRIEF_ABOVE: Final = 5
"""Lines that have nothing to say stand in one, if there are more than these."""


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
    by_health = list(counted(head.counts, head.previous))
    has_changed = any(change for *_others, change in by_health)
    counts = texts.part(
        "counts",
        head=head,
        counted=by_health,
        since=head.previous_on if has_changed else None,
        this_year=head.opens_on.year,
        **_alarm(head),
    )
    return blocks + rich_text(counts)


def _alarm(head: DigestHead) -> dict[str, int]:
    """The figures of the alarm; the restricted part is no portfolio."""
    return alarm(Counts() if head.is_restricted else head.counts)


def _fallback(head: DigestHead, council: str) -> Marked:
    first = next(iter(head.decisions), None)
    red = [kit.shorten(line.code, LENGTHS["code"]) for line in head.red[:_NAMED_RED]]
    return load(_TEMPLATE).part(
        "fallback",
        head=head,
        council=council,
        tally=list(tally(head)),
        decision=first and shortened(first, _NAMED_DECISION),
        further=len(head.decisions) - 1,
        red=red,
        more_red=len(head.red) - len(red),
    )


# --- sections


@dataclass(frozen=True)
class _Kind:
    """A section of the head: named like the field of its lines and the part with its title."""

    name: str
    share: float
    """Of the room that it is given with others, before what others leave over is given out."""
    write: Callable[[Any], dict[str, object]]
    """What the part of a line needs beside the line itself."""
    part: str
    """The part that writes a line."""
    is_first: bool = False
    """The council has to act on it: it takes the room that it needs."""
    texts: int = 0
    """Texts of a line; 0 where it has none to be shortened."""
    most_prose: int = _MOST_PROSE
    brief: str = ""
    """The part that writes a line without its texts, where many share one."""
    is_brief: bool = False
    """Whether all lines always do."""
    is_in_thread: Callable[[DigestHead], bool] = bool
    """Whether what is left out is told there."""


def _trend(line: DigestLine) -> dict[str, object]:
    now = answered_health(line.health)
    since = trend(line.health, line.previous, line.days, line.reports)
    return {"now": now, "trend": since, "next": line.next_date, **_claim(line)}


def _move(line: DigestLine) -> dict[str, object]:
    return {
        "was": answered_health(line.previous or Health.GREY),
        "now": answered_health(line.health),
        **_claim(line),
    }


def _claim(line: DigestLine) -> dict[str, object]:
    is_short = kit.slack_length(line.claim_reason) <= _REASON
    return {"reason": line.claim_reason.removesuffix(".") if is_short else ""}


def _ending(line: DigestLine | ClosedLine) -> dict[str, object]:
    return {} if isinstance(line, ClosedLine) else _move(line)


def _lines_of(kind: "_Kind", head: DigestHead) -> Sequence[Any]:
    """The lines of a section: what has improved and what is closed share one."""
    lines: Sequence[Any] = getattr(head, kind.name)
    return [*head.closed, *lines] if kind.name == "improved" else lines


def _last_known(line: MissingLine) -> dict[str, object]:
    return {"last": answered_health(line.last_health) if line.last_health else ""}


def _nothing(_line: object) -> dict[str, object]:
    return {}


_KINDS: Final = (
    _Kind("decisions", 0.25, _nothing, "decision", is_first=True, texts=1),
    _Kind("red", 0.5, _trend, "red_line", is_first=True, texts=2),
    _Kind("newly_worse", 0.15, _move, "moved", is_first=True, texts=1),
    _Kind("long_yellow", 0.25, _trend, "exception", texts=2),
    _Kind("other_yellow", 0.15, _trend, "exception", texts=2, most_prose=110, brief="brief_yellow"),
    _Kind(
        "improved",
        0.1,
        _ending,
        "moved",
        texts=1,
        most_prose=110,
        brief="brief_move",
        is_in_thread=lambda head: not head.closed,
    ),
    _Kind("milestones", 0.15, _nothing, "milestone"),
    _Kind("missing", 0.2, _last_known, "silent", is_in_thread=lambda head: head.has_missing_reply),
    _Kind("not_rated", 0.05, _trend, "exception", texts=2, most_prose=110),
    _Kind("green", 0.1, _claim, "fine", brief="fine", is_brief=True),
)
"""In the order in which they stand, and in which they get what others leave over."""


@dataclass
class _Section:
    """A section on its way: as many of its lines as there has been room for."""

    kind: _Kind
    head: DigestHead
    lines: Sequence[Any]
    prose: int
    """How long each text of a line may be; 0: there is none."""
    written: list[Marked] = field(default_factory=list)

    @property
    def is_brief(self) -> bool:
        """Whether its lines stand in one."""
        has_nothing_to_say = not self.prose and len(self.lines) > _BRIEF_ABOVE
        return self.kind.is_brief or (bool(self.kind.brief) and has_nothing_to_say)

    def fill(self, room: int, most: int | None = None) -> int:
        """Write further lines, `most` in all, while they fit; tell how much they take."""
        used = 0
        for line in islice(self.lines, len(self.written), most):
            text = self._write(line)
            price = kit.cost(rich_text(text)) + (_BETWEEN if self.is_brief else 0)
            if used + price > room:
                break
            used += price
            self.written.append(text)
        return used

    def blocks(self) -> list[Block]:
        """The title, the lines, and the number of those left out."""
        title = self._title()
        parts = [title, *self.written]
        if self.is_brief:
            parts = [load(_TEMPLATE).part("inline", title=title, items=self.written)]
        if left_out := len(self.lines) - len(self.written):
            in_thread = self.kind.is_in_thread(self.head)
            parts.append(load(_TEMPLATE).part("more", count=left_out, in_thread=in_thread))
        return rich_text(Marked.lines(parts))

    def _title(self) -> Marked:
        return load(_TEMPLATE).part(
            self.kind.name,
            count=len(self.lines),
            is_rest=bool(self.head.newly_worse or self.head.long_yellow),
            long_days=LONG_YELLOW.days,
            due_days=MILESTONES_WITHIN.days,
            improved=self.head.improved,
            closed=self.head.closed,
        )

    def _write(self, line: Any) -> Marked:
        return load(_TEMPLATE).part(
            self._part(line),
            line=shortened(line, self.prose),
            zone=self.head.timezone,
            this_year=self.head.opens_on.year,
            today=self.head.as_of.astimezone(ZoneInfo(self.head.timezone)).date(),
            **self.kind.write(line),
        )

    def _part(self, line: Any) -> str:
        if isinstance(line, ClosedLine):
            return "brief_closed" if self.is_brief else "closed"
        return self.kind.brief if self.is_brief else self.kind.part


def _filled(head: DigestHead, budget: int) -> list[_Section]:
    """Fill the sections: a line for each, then their shares, then in order what is left over."""
    sections = _sections(head)
    first = [each for each in sections if each.kind.is_first]
    rest = [each for each in sections if not each.kind.is_first]
    left = budget - _FRAME * len(sections)
    for section in sections:
        left -= section.fill(left, most=1)
    for_rest = left_for_rest = min(left, _ROOM_FOR_REST)
    for section in rest:
        left_for_rest -= section.fill(min(left_for_rest, int(for_rest * section.kind.share)))
    for section in rest:
        left_for_rest -= section.fill(left_for_rest)
    room = left = left - for_rest + left_for_rest
    for section in first:
        left -= section.fill(min(left, int(room * section.kind.share)))
    for section in first:
        left -= section.fill(left)
    return sections


def _sections(head: DigestHead) -> list[_Section]:
    """The sections that have lines, still empty."""
    lines = {kind: _lines_of(kind, head) for kind in _KINDS}
    texts = {
        is_first: sum(len(lines[kind]) * kind.texts for kind in _KINDS if kind.is_first == is_first)
        for is_first in (True, False)
    }
    first = max(_SHORTEST_PROSE, _PROSE_FIRST // max(texts[True], 1))
    rest = _PROSE_REST // max(texts[False], 1)
    rest = rest if rest >= _SHORTEST_PROSE else 0
    return [
        _Section(kind, head, lines[kind], min(first if kind.is_first else rest, kind.most_prose))
        for kind in _KINDS
        if lines[kind]
    ]

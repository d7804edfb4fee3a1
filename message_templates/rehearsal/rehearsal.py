"""What would be said in the days ahead, and what would not."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from domain.rehearsal.values import About, Rehearsal, Sending, Unsent
from message_templates import kit
from message_templates.kit import Rendered
from message_templates.kit.limits import MESSAGE_COST
from message_templates.markup import Marked, load, plain, rich_text

_TEMPLATE: Final = "rehearsal/rehearsal"

MOST_MESSAGES: Final = 4
"""What Slack takes in answer to a command, less one for saying at once that it has begun."""

_MOST_CODES: Final = 20
"""Codes of one line."""

_BUDGET: Final = MESSAGE_COST - 1_500


def rehearsal_started(days: int) -> Rendered:
    """Say that a rehearsal has begun."""
    marked = load(_TEMPLATE).part("started", days=days)
    return Rendered.of(marked, rich_text(marked))


def rehearsal_messages(rehearsal: Rehearsal, days: int) -> list[Rendered]:
    """Show a rehearsal in few messages, what is not sent first; what does not fit is counted."""
    texts = load(_TEMPLATE)
    lines = list(_lines(rehearsal))
    messages, shown = _fill(lines)
    if shown < len(lines):
        messages[-1].append(texts.part("rest", count=len(lines) - shown, days=days))
    counts = {"sent": len(rehearsal.sendings), "unsent": len(rehearsal.unsent)}
    first, *others = messages
    blocks = [
        kit.header(texts.part("headline", days=days)),
        kit.context(texts.part("summary", **_span(rehearsal))),
        *rich_text(Marked.lines(first)),
    ]
    return [
        Rendered.of(texts.part("fallback", days=days, **counts), blocks),
        *(Rendered.of(texts.part("continued"), rich_text(Marked.lines(each))) for each in others),
    ]


def summary(rehearsal: Rehearsal) -> str:
    """What a rehearsal covers, and what it does not know, in words."""
    return plain(load(_TEMPLATE).part("summary", **_span(rehearsal)))


def nothing() -> str:
    """That there is nothing to say, in words."""
    return plain(load(_TEMPLATE).part("nothing"))


def when(at: datetime, zone: str) -> str:
    """An instant as a clock in that zone shows it."""
    return plain(load(_TEMPLATE).part("when", at=at, zone=zone))


def kind(about: About) -> str:
    """What kind of message it is, in words."""
    part = load(_TEMPLATE).part("kind", kind=about.kind, is_restricted=about.is_restricted)
    return plain(part)


def subject(about: About, most: int | None = None) -> str:
    """What it is about: `APOLLO, BOREAS (ITS Council)`; what is more than `most` is counted."""
    shown = about.projects[:most]
    left = len(about.projects) - len(shown)
    part = load(_TEMPLATE).part("subject", projects=shown, left=left, councils=about.councils)
    return plain(part)


def notes(sending: Sending) -> list[str]:
    """What else is to be told of a message."""
    further = sending.further
    thread = [plain(load(_TEMPLATE).part("further", count=further))] if further else []
    return [*sending.notes, *thread]


def _span(rehearsal: Rehearsal) -> dict[str, Any]:
    return {
        "begin": rehearsal.begin,
        "end": rehearsal.end,
        "zone": rehearsal.timezone,
        "is_paused": rehearsal.is_paused,
    }


def _lines(rehearsal: Rehearsal) -> Iterator[Marked]:
    texts = load(_TEMPLATE)
    if rehearsal.unsent:
        yield texts.part("unsent_title", count=len(rehearsal.unsent))
        yield from map(_unsent, rehearsal.unsent)
    if rehearsal.sendings:
        yield texts.part("sent_title", count=len(rehearsal.sendings))
        yield from map(_sending, rehearsal.sendings)
    else:
        yield texts.part("nothing")


def _sending(each: Sending) -> Marked:
    return load(_TEMPLATE).part(
        "sending",
        when=when(each.at, each.to.timezone),
        to=each.to,
        kind=kind(each.about),
        subject=subject(each.about, _MOST_CODES),
        notes=notes(each),
    )


def _unsent(each: Unsent) -> Marked:
    return load(_TEMPLATE).part(
        "unsent",
        when=when(each.at, each.to.timezone) if each.at and each.to else "",
        to=each.to,
        kind=kind(each.about),
        subject=subject(each.about, _MOST_CODES),
        why=each.why,
        is_problem=each.is_problem,
    )


def _fill(lines: Iterable[Marked]) -> tuple[list[list[Marked]], int]:
    """Fill as many messages as there may be, and tell how many lines they hold."""
    messages: list[list[Marked]] = [[]]
    room, shown = _BUDGET, 0
    for line in lines:
        room -= kit.cost(rich_text(line)) + 1
        if room < 0:
            if len(messages) == MOST_MESSAGES:
                break
            messages.append([])
            room = _BUDGET - kit.cost(rich_text(line)) - 1
        messages[-1].append(line)
        shown += 1
    return messages, shown

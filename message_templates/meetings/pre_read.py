"""The call to a meeting in the council's channel, and the nudge to who has not read."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.meetings.pre_read.messages import (
    CallAgenda,
    CallState,
    MeetingCall,
    Occasion,
    OpenNudge,
)
from domain.meetings.pre_read.rules import IN_CALL
from domain.meetings.pre_read.values import CallItem
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, rich_text
from message_templates.meetings.attendance import rsvp_blocks, seats_text

OPEN: Final = "pack_open"
"""The action of *Open the pack*; its value is the meeting's number."""

READ: Final = "pack_read"
"""The same for *I have read it*, which stands below somebody's copy."""

SEND: Final = "pack_send"
"""The same for *Send it to me too*."""

STOP: Final = "pack_stop"
"""The same for *Don't send me packs*."""

_TEMPLATE: Final = "meetings/pre_read"
_NAME: Final = 75
_TITLE: Final = 150
"""Characters of an item's title in the call; the thread has it whole."""
_PLACE: Final = 300


def render_call(message: MeetingCall) -> list[Rendered]:
    """Render the one message that a meeting costs its channel beforehand."""
    texts, occasion = load(_TEMPLATE), message.occasion
    values = occasion_values(occasion)
    is_ahead = occasion.state is CallState.AHEAD
    blocks = [kit.header(texts.part("header", **values)), *rich_text(texts.part("when", **values))]
    if is_ahead:
        blocks += rsvp_blocks(message.seats, occasion.meeting_id)
    elif occasion.state is CallState.OVER:
        blocks += rich_text(seats_text(message.seats))
    blocks += [kit.divider(), *rich_text(_agenda(message))]
    if occasion.state is not CallState.CANCELLED:
        blocks.append(kit.actions(open_button(occasion.meeting_id), _send(occasion.meeting_id)))
    footer = texts.part("footer", as_of=message.as_of, zone=occasion.timezone)
    fallback = texts.part("fallback_call", count=len(message.items), **values)
    return [Rendered.of(fallback, [*blocks, kit.context(footer)])]


def render_agenda(message: CallAgenda) -> list[Rendered]:
    """Render the whole agenda for the thread, over as many messages as it takes."""
    texts, count = load(_TEMPLATE), len(message.items)
    fallback = texts.part("fallback_agenda", count=count)
    if count <= IN_CALL:
        return [Rendered.of(fallback, [kit.context(texts.part("shown_above"))])]
    head = rich_text(texts.part("whole", count=count))
    sections = [rich_text(line) for line in _lines(message.items, whole=True)]
    return [Rendered.of(fallback, blocks) for blocks in kit.pack([head, *sections])]


def render_nudge(message: OpenNudge) -> list[Rendered]:
    """Render the reminder of a pack that somebody has not opened."""
    texts, occasion = load(_TEMPLATE), message.occasion
    values = {**occasion_values(occasion), "decisions": message.decisions}
    blocks = rich_text(texts.part("nudge", **values))
    if occasion.state is not CallState.CANCELLED:
        blocks.append(kit.actions(open_button(occasion.meeting_id)))
    return [Rendered.of(texts.part("fallback_nudge", **values), blocks)]


def open_button(meeting_id: int) -> Block:
    """The button that opens the pack, and by which it is known who has read it."""
    return kit.button(load(_TEMPLATE).part("open"), OPEN, value=str(meeting_id), style="primary")


def stop_button(meeting_id: int) -> Block:
    """The button that ends somebody's copies."""
    return kit.button(load(_TEMPLATE).part("stop"), STOP, value=str(meeting_id))


def read_button(meeting_id: int) -> Block:
    """The button by which it is known as well, for who has the pack before them."""
    return kit.button(load(_TEMPLATE).part("read"), READ, value=str(meeting_id), style="primary")


def occasion_values(occasion: Occasion) -> dict[str, Any]:
    """What texts need to tell when and where a meeting is."""
    return {
        "occasion": occasion,
        "title": kit.shorten(occasion.title, _NAME),
        "starts_at": occasion.starts_at,
        "zone": occasion.timezone,
        "place": kit.shorten(occasion.place, _PLACE),
        "reason": kit.shorten(occasion.reason, _PLACE),
        "is_cancelled": occasion.state is CallState.CANCELLED,
    }


def when_blocks(occasion: Occasion) -> list[Block]:
    """When and where a meeting is, and whether."""
    return rich_text(load(_TEMPLATE).part("when", **occasion_values(occasion)))


def _send(meeting_id: int) -> Block:
    return kit.button(load(_TEMPLATE).part("send"), SEND, value=str(meeting_id))


def _agenda(message: MeetingCall) -> Marked:
    texts, items = load(_TEMPLATE), message.items
    head = texts.part(
        "agenda",
        count=len(items),
        used=sum(each.minutes for each in items),
        length=message.occasion.minutes,
        council=message.occasion.council,
    )
    lines = [head, *_lines(items[:IN_CALL])]
    if left := len(items) - IN_CALL:
        lines += [texts.part("more", count=left)] if left > 0 else []
    return Marked.lines(lines)


def _lines(items: Sequence[CallItem], *, whole: bool = False) -> Iterator[Marked]:
    """The items by number; what is agreed by consent begins with saying so."""
    texts, was_consent = load(_TEMPLATE), False
    for number, item in enumerate(items, 1):
        if item.is_consent is not was_consent:
            yield texts.part("consent" if item.is_consent else "one_by_one")
        was_consent = item.is_consent
        title = item.title if whole else kit.shorten(item.title, _TITLE)
        owner = kit.shorten(item.owner, _NAME)
        yield texts.part("item", number=number, item=item, title=title, owner=owner)

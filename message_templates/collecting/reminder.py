"""The reminder: what still waits for somebody's answer, and until when, with the same buttons."""

from typing import Final

from domain.collecting.messages import Reminder, ReminderItem, WantedReminder
from message_templates import kit
from message_templates.collecting.request import NO_CHANGE, UPDATE
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text
from models.enums import RequestState

_TEMPLATE: Final = "collecting/reminder"

_SHOWN: Final = 20
"""Projects with a text and buttons of their own; Slack takes 50 blocks in a message."""

_NAME: Final = 100
_NAMED: Final = 5
"""Projects that a notification names."""


def render_reminder(message: Reminder) -> list[Rendered]:
    """Render the one reminder that a person gets for all that waits for them."""
    texts = load(_TEMPLATE)
    open_items = [item for item in message.items if _is_open(item)]
    late = [item.code for item in message.items if _is_late(item)][:_NAMED]
    is_wanted = isinstance(message, WantedReminder)
    may_stay = any(item.may_stay for item in open_items)
    intro = texts.part(
        "intro", open=len(open_items), late=len(late), is_wanted=is_wanted, may_stay=may_stay
    )
    blocks = rich_text(intro)
    for item in message.items[:_SHOWN]:
        blocks += _project(item, message.timezone)
    if left := message.items[_SHOWN:]:
        blocks += rich_text(texts.part("more", count=len(left)))
    fallback = texts.part(
        "fallback",
        open=[item.code for item in open_items[:_NAMED]],
        further=len(open_items[_NAMED:]),
        late=late,
        cut_off_at=min((item.cut_off_at for item in open_items), default=None),
        zone=message.timezone,
    )
    return [Rendered.of(fallback, blocks)]


def _project(item: ReminderItem, zone: str) -> list[Block]:
    texts = load(_TEMPLATE)
    name = kit.shorten(item.name, _NAME)
    section = kit.section(texts.part("project", item=item, name=name, zone=zone))
    is_wanted = _is_open(item) or _is_late(item)
    return [section, *([kit.actions(*_buttons(item))] if is_wanted else [])]


def _buttons(item: ReminderItem) -> list[Block]:
    texts, request = load(_TEMPLATE), str(item.request_id)
    update = kit.button(texts.part("update"), UPDATE, value=request, style="primary")
    no_change = kit.button(texts.part("no_change"), NO_CHANGE, value=request)
    return [update, *([no_change] if item.may_stay else [])]


def _is_open(item: ReminderItem) -> bool:
    return item.state is RequestState.ASKED and not item.is_handed_on


def _is_late(item: ReminderItem) -> bool:
    """Whether the cut-off has passed, and an answer is welcome all the same."""
    return item.state is RequestState.MISSED and not item.is_handed_on

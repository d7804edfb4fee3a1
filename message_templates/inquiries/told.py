"""What is told of inquiries: questions to who is asked, answers to who asks, the PMO's share."""

from collections.abc import Sequence
from typing import Final

from domain.inquiries.messages import (
    InquiryItem,
    InquiryNews,
    News,
    OfficeInquiries,
    OpenInquiries,
    UnansweredInquiries,
)
from domain.inquiries.values import InquiryCard, Role
from message_templates import kit
from message_templates.inquiries.window import (
    further_button,
    not_mine_button,
    open_button,
    reply_button,
)
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import TEXT
from message_templates.markup import load, rich_text
from models.enums import InquiryState

_TEMPLATE: Final = "inquiries/told"
_SHOWN: Final = 20
"""Inquiries of one message; the rest is counted."""
_ROOM: Final = 10_000
"""Characters that the items of a message may take, so that it stays one."""
_BESIDE: Final = 350
"""Of an item beside its question: names, buttons, what they ask first."""
_NAME: Final = 60


def render_open(message: OpenInquiries) -> list[Rendered]:
    """Render what somebody is asked: one message, however many there are."""
    return _render("open", message.items, has_newer=message.has_newer)


def render_office(message: OfficeInquiries) -> list[Rendered]:
    """Render what the PMO is to answer, or to see to."""
    return _render("office", message.items)


def render_unanswered(message: UnansweredInquiries) -> list[Rendered]:
    """Tell somebody that what they asked is not answered yet."""
    office = kit.shorten(", ".join(message.office), _NAME)
    return _render("unanswered", message.items, office=office)


def render_news(message: InquiryNews) -> list[Rendered]:
    """Tell somebody what was said to their question, with the question's words beside it."""
    texts = load(_TEMPLATE)
    told = message.told
    about = texts.part("about", message=message)
    names = {
        "name": kit.shorten(message.name, _NAME),
        "message": message,
        "news": told.value,
        "before": kit.shorten(message.before, _NAME) if message.before else "",
    }
    said = [] if told in (News.PASSED_ON, News.PASSED_TO) else kit.user_text(message.answer)
    label = "their_question" if told is News.REPLY else "your_question"
    question = [*rich_text(texts.part(label)), *kit.user_text(message.question)]
    sections = [
        [*rich_text(texts.part("news", **names)), *said],
        question,
        [*_stands(message), kit.actions(_next(message))],
    ]
    fallback = texts.part("news_fallback", about=about, **names)
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def _stands(message: InquiryNews) -> list[Block]:
    """Where what the PMO was asked can be read on."""
    if not message.is_for_office:
        return []
    texts = load(_TEMPLATE)
    if message.link:
        return [kit.context(texts.part("stands", link=message.link))]
    return [kit.context(texts.part("stands_on_record"))]


def _next(message: InquiryNews) -> Block:
    """The button for what its reader does next."""
    match message.told:
        case News.ASKED_BACK if not message.is_over:
            return reply_button(message.inquiry_id)
        case News.REPLY:
            return open_button(Role.ANSWERER, InquiryState.OPEN, message.inquiry_id)
        case _:
            return further_button(message.inquiry_id)


def _render(
    kind: str, items: Sequence[InquiryItem], *, has_newer: bool = False, office: str = ""
) -> list[Rendered]:
    texts = load(_TEMPLATE)
    waiting = [each for each in items if each.state is InquiryState.OPEN]
    values = {
        "count": len(waiting),
        "has_newer": has_newer,
        "first": waiting[0] if waiting else None,
        "question": waiting[0].question if waiting else "",
        "is_for_office": any(each.is_for_office for each in waiting),
    }
    # What waits stands first: it is never among those that are only counted.
    ordered = sorted(items, key=lambda each: each.state is not InquiryState.OPEN)
    shown = ordered[:_SHOWN]
    room = min(TEXT, _ROOM // max(len(shown), 1) - _BESIDE)
    blocks = rich_text(texts.part(f"{kind}_head", **values))
    for each in shown:
        blocks += _item(kind, each, room, office)
    if left := len(ordered) - len(shown):
        blocks += rich_text(texts.part("left", left=left))
    return [Rendered.of(texts.part(f"{kind}_fallback", **values), blocks)]


def _item(kind: str, item: InquiryItem, room: int, office: str) -> list[Block]:
    text = load(_TEMPLATE).part(
        "item",
        kind=kind,
        item=item,
        office=office,
        why=item.why.value if item.why else "",
        state=item.state.value,
        asker=kit.shorten(item.asker, _NAME),
        asked=kit.shorten(item.asked, _NAME) if item.asked else "",
        name=kit.shorten(item.name, _NAME),
        question=kit.shorten(item.question, room),
        answered_by=kit.shorten(item.answered_by, _NAME) if item.answered_by else "",
    )
    return [*rich_text(text), kit.actions(*_buttons(kind, item))]


def _buttons(kind: str, item: InquiryItem) -> list[Block]:
    if kind == "unanswered":
        return [further_button(item.inquiry_id)]
    buttons = [open_button(Role.ANSWERER, item.state, item.inquiry_id)]
    if kind == "open" and item.state is InquiryState.OPEN:
        buttons.append(not_mine_button(item.inquiry_id))
    return buttons


def passed_on(card: InquiryCard) -> Rendered:
    """Tell who passed an inquiry on where it is now."""
    text = load(_TEMPLATE).part("passed_on", card=card, is_open=card.state is InquiryState.OPEN)
    return Rendered.of(text, rich_text(text))

"""What comes after the pack: the question to the chair, and the answer to who wrote it."""

from typing import Final

from domain.meetings.agenda.messages import LateAnswer, LateItem, LateVerdict
from message_templates import kit
from message_templates.kit import Rendered
from message_templates.markup import load, rich_text
from message_templates.meetings.agenda import late_buttons

_TEMPLATE: Final = "meetings/agenda_late"
_NAME: Final = 60
_TITLE: Final = 300


def render_late_item(message: LateItem) -> list[Rendered]:
    """Ask the chair; once it is answered, say what was said."""
    texts, purposes = load(_TEMPLATE), load("meetings/agenda")
    names = {
        "message": message,
        "title": kit.shorten(message.title, _TITLE),
        "writer": kit.shorten(message.writer, _NAME),
        "by": kit.shorten(message.by, _NAME) if message.by else "",
        "purpose": purposes.part(message.purpose.value),
    }
    sections = [
        rich_text(texts.part("head", **names)),
        rich_text(texts.part("item", **names)),
        kit.user_text(message.text) if message.text else [],
    ]
    if message.verdict is LateVerdict.WAITS:
        sections.append([kit.actions(*late_buttons(message.item_id))])
    fallback = texts.part("fallback", **names)
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def render_late_answer(message: LateAnswer) -> list[Rendered]:
    """Tell who wrote an item what the chair has said."""
    texts = load(_TEMPLATE)
    names = {
        "message": message,
        "title": kit.shorten(message.title, _TITLE),
        "by": kit.shorten(message.by, _NAME),
    }
    fallback = texts.part("answer_fallback", **names)
    return [Rendered.of(fallback, rich_text(texts.part("answer", **names)))]

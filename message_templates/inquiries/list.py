"""`/project inquiries`: whole texts, in as many messages as they take; and the counts."""

from typing import Final

from domain.inquiries.values import InquiryCard, InquiryCounts, InquiryList, Role
from message_templates import kit
from message_templates.inquiries.window import headline, open_button, turns
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import HEADER
from message_templates.markup import load, plain, rich_text
from models.enums import InquiryState, InquiryStep

_TEMPLATE: Final = "inquiries/list"
_NAME: Final = 100
_QUESTION: Final = 200
"""Characters of a question on a page; its window has it whole."""


def inquiry_messages(found: InquiryList) -> list[Rendered]:
    """Show inquiries whole, those that wait first."""
    texts = load(_TEMPLATE)
    title = kit.shorten(plain(texts.part("title", found=found)), HEADER)
    waiting = sum(each.state is InquiryState.OPEN for each in found.cards)
    head: list[Block] = [kit.header(title)]
    if not found.cards:
        head += rich_text(texts.part("empty", found=found))
    packed = kit.pack([head, *map(_section, found.cards)])
    fallback = texts.part("fallback", title=title, waiting=waiting, total=len(found.cards))
    return [Rendered.of(fallback, blocks) for blocks in packed]


def _section(card: InquiryCard) -> list[Block]:
    button = open_button(card.role, card.state, card.inquiry_id)
    return [kit.divider(), *rich_text(headline(card)), *turns(card), kit.actions(button)]


def question_line(card: InquiryCard) -> Block:
    """Show an inquiry on somebody's page: its newest question, with a button that opens it."""
    said = [each for each in card.turns if each.step is InquiryStep.QUESTION]
    text = load(_TEMPLATE).part(
        "line",
        card=card,
        is_mine=card.role is Role.ASKER,
        state=card.state.value,
        name=kit.shorten(card.name, _NAME),
        question=kit.shorten(said[-1].text, _QUESTION) if said else "",
        at=said[-1].at if said else "",
    )
    return kit.section(text, accessory=open_button(card.role, card.state, card.inquiry_id))


def counts_blocks(counts: InquiryCounts, code: str) -> list[Block]:
    """A project's inquiries in numbers, with how to read them; nothing where there are none."""
    if not (counts.open or counts.answered):
        return []
    return rich_text(load(_TEMPLATE).part("counts", counts=counts, code=code))

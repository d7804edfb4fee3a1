"""The PMO's page of what the handbook leaves open, with what can be done about it."""

from typing import Final

from domain.answers.learning.messages import ListedGroup, QuestionsPage
from domain.health.values import Part
from message_templates.answers.learning import group_blocks
from message_templates.home.paging import heading, pager
from message_templates.kit import Block
from message_templates.markup import load, rich_text

PLACE: Final = "questions_open"
"""What the pages' state calls the part of this list."""

SIZE: Final = 8
"""Groups of one part: each takes up to four blocks of a hundred."""

_TEMPLATE: Final = "home/questions"


def questions_section(page: QuestionsPage, zone: str) -> list[Block]:
    """Tell the PMO which questions are open, and how many were answered."""
    texts = load(_TEMPLATE)
    parts = max(1, -(-page.total // SIZE))
    part: Part[ListedGroup] = Part(page.groups, page.number, parts, page.total)
    figures = texts.part("figures", figures=page.figures, proposals=page.proposals)
    return [
        *heading(texts.part("headline", count=page.total), part, SIZE),
        *rich_text(figures),
        *([] if page.groups else rich_text(texts.part("none"))),
        *(block for each in page.groups for block in group_blocks(each, zone)),
        *pager(PLACE, part, SIZE),
    ]

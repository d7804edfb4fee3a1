"""Handing a project over: the question whom to, what became of it, and what others are told."""

from typing import Final

from domain.collecting.handover.messages import ManagersLeft, ProjectHandedOver
from domain.collecting.handover.service import Handed, Offer
from message_templates import kit
from message_templates.kit import Rendered
from message_templates.kit.limits import CONFIRM_TITLE
from message_templates.markup import load, plain, rich_text

CHOOSE_PM: Final = "handover_choose"
"""The action of the menu of people; the project's code is in the id of its block."""

_TEMPLATE: Final = "collecting/handover"
_BLOCK: Final = "handover:"
_NAME: Final = 100
"""The most characters of a project's name in a list."""


def choose_pm(offer: Offer, note: str = "") -> Rendered:
    """Ask whom a project is handed to; the note says why, where somebody was named."""
    texts = load(_TEMPLATE)
    question = texts.part("choose", offer=offer, note=note)
    menu = kit.users_select(
        CHOOSE_PM,
        placeholder=texts.part("placeholder"),
        confirm=kit.confirm(
            kit.shorten(plain(texts.part("confirm_title", code=offer.code)), CONFIRM_TITLE),
            texts.part("confirm_text"),
            texts.part("confirm_yes"),
        ),
    )
    blocks = [*rich_text(question), kit.actions(menu, block_id=f"{_BLOCK}{offer.code}")]
    return Rendered.of(question, blocks)


def code_in(block_id: str) -> str:
    """The code of the project that a menu belongs to."""
    return block_id.removeprefix(_BLOCK)


def handed(outcome: Handed) -> Rendered:
    """Tell who handed it over what became of it."""
    text = load(_TEMPLATE).part("done", handed=outcome)
    return Rendered.of(text, rich_text(text))


def render_handed_over(message: ProjectHandedOver) -> list[Rendered]:
    """Tell somebody that a project is theirs now, or not any more."""
    texts = load(_TEMPLATE)
    text = texts.part("handed", message=message)
    return [Rendered.of(texts.part("handed_fallback", message=message), rich_text(text))]


def render_managers_left(message: ManagersLeft) -> list[Rendered]:
    """Tell the PMO which projects have lost their PM."""
    texts = load(_TEMPLATE)
    count = len(message.projects)
    head = rich_text(texts.part("left", count=count))
    lines = [
        rich_text(texts.part("project", project=each, name=kit.shorten(each.name, _NAME)))
        for each in message.projects
    ]
    fallback = texts.part("left_fallback", count=count)
    pages = kit.pack([head, *lines, rich_text(texts.part("cure"))])
    return [Rendered.of(fallback, blocks) for blocks in pages]

"""Short answers: a sentence in a message, or in a modal on top of a form."""

from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, plain, rich_text

_TEMPLATE = "notices"


def notice(text: str) -> Rendered:
    """A plain answer, whose words are shown as they are."""
    marked = load(_TEMPLATE).part("plain", text=text)
    return Rendered.of(marked, rich_text(marked))


def notice_view(text: str) -> Block:
    """The same in a modal."""
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part("plain", text=text))
    return kit.modal(texts.part("title"), blocks, close=texts.part("close"))


def unexpected(number: str) -> str:
    """What is said of an error that nobody foresaw."""
    return plain(load(_TEMPLATE).part("unexpected", number=number))


def old_button() -> Rendered:
    """The answer to a button that this version doesn't know."""
    marked: Marked = load(_TEMPLATE).part("old_button")
    return Rendered.of(marked, rich_text(marked))


def part_notice(part: str, **values: object) -> Rendered:
    """The end of a part of a long answer (`left`), or that there is no such part (`no_part`)."""
    marked = load(_TEMPLATE).part(part, **values)
    return Rendered.of(marked, rich_text(marked))

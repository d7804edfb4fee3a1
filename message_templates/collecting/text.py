"""What was understood of a free text, with a word of its author for each project."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.collecting.answering.text_messages import TextItem, TextRead
from domain.collecting.values import DIMENSIONS
from domain.portfolio.ratings import health_of
from message_templates import kit
from message_templates.collecting.request import words
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import OPTION_TEXT
from message_templates.markup import Marked, load, plain, rich_text
from models.enums import TextState

CONFIRM: Final = "text_confirm"
CONFIRM_ALL: Final = "text_confirm_all"
OPEN_FORM: Final = "text_form"
DISCARD: Final = "text_discard"
"""The actions of an item's buttons; their value is its number."""

CHOOSE: Final = "text_choose"
"""The action of the menu of projects that may be meant; its values are `NUMBER:REQUEST`."""

_TEMPLATE: Final = "collecting/text"
_FORM: Final = "collecting/form"


def render_text(message: TextRead) -> list[Rendered]:
    """Render it; only a text that no message could hold goes on in the thread."""
    texts = load(_TEMPLATE)
    named = [each for each in message.items if each.code]
    values = {
        "open": [each.code for each in named if each.state is TextState.OPEN],
        "said": [each.code for each in named],
        "asks": any(each.choices for each in message.items),
    }
    sections = [
        rich_text(texts.part("intro", **values)),
        *([*_item(each)] for each in message.items),
        *_rest(message),
    ]
    ready = [each for each in message.items if each.can_be_confirmed]
    if len(ready) > 1:
        label = texts.part("confirm_all", count=len(ready))
        sections.append([kit.actions(_button(label, CONFIRM_ALL, ready[0], is_main=True))])
    fallback = texts.part("fallback", **values)
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def _item(item: TextItem) -> Iterator[Block]:
    texts = load(_TEMPLATE)
    lines = [texts.part("item", item=item, health=words(item.health) if item.health else "")]
    if item.state is TextState.OPEN:
        lines += [
            texts.part("answer", label=_label(name), text=_words(name, text))
            for name, text in item.answers
        ]
        if item.kept:
            kept = [(_label(name), _words(name, text)) for name, text in item.kept]
            lines.append(texts.part("kept", kept=kept))
    said = [line for line in [*lines, texts.part("state", item=item)] if plain(line)]
    yield from rich_text(texts.part("card", lines=said))
    if item.choices:
        yield kit.actions(_choices(item), *_buttons(item))
    elif buttons := _buttons(item):
        yield kit.actions(*buttons)


def _label(name: str) -> str:
    """What the form calls an answer."""
    return plain(load(_FORM).part(name))


def _words(name: str, text: str) -> str:
    """A colour with its symbol; anything else as it was written."""
    return words(health_of(text)[0]) if name in DIMENSIONS else text


def _buttons(item: TextItem) -> list[Block]:
    texts = load(_TEMPLATE)
    discard = _button(texts.part("discard"), DISCARD, item)
    if item.state is TextState.ANSWERED and item.note:
        return [_button(texts.part("form"), OPEN_FORM, item)]
    if item.state is not TextState.OPEN:
        return []
    if not item.code:
        return [discard]
    if item.lacks:
        return [_button(texts.part("complete"), OPEN_FORM, item, is_main=True), discard]
    return [
        _button(texts.part("confirm"), CONFIRM, item, is_main=True),
        _button(texts.part("form"), OPEN_FORM, item),
        discard,
    ]


def _button(label: Marked, action: str, item: TextItem, *, is_main: bool = False) -> Block:
    return kit.button(label, action, value=str(item.number), style="primary" if is_main else None)


def _choices(item: TextItem) -> Block:
    options = [
        kit.option(
            kit.shorten(f"{each.code} {each.name}", OPTION_TEXT),
            f"{item.number}:{each.request_id}",
        )
        for each in item.choices
    ]
    return kit.static_select(CHOOSE, options, placeholder=load(_TEMPLATE).part("choose"))


def _rest(message: TextRead) -> Iterator[Sequence[Block]]:
    texts = load(_TEMPLATE)
    if message.refused:
        yield rich_text(texts.part("refused", refused=message.refused))
    if message.unclear:
        yield rich_text(texts.part("unclear", unclear=message.unclear))

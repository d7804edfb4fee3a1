"""How a filled template comes: a message that says what is left to fill, with the file."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from domain.documents.messages import FilledTemplate
from domain.documents.rules import Wish
from domain.documents.service import Filling
from domain.documents.values import Form
from domain.portfolio.values import ProjectLine
from message_templates import kit
from message_templates.documents.press import Press
from message_templates.kit import Block, Document, Rendered
from message_templates.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from message_templates.markup import load, plain, rich_text

FILL: Final = "template_fill"
"""The button below a template's answer; its value is the form."""

CALLBACK: Final = "template_fill_window"
"""The window in which somebody chooses the project."""

PROJECT: Final = "project"
"""The block and the field of the project in it."""

_TEMPLATE: Final = "documents/filled"
_NAMED: Final = 12
"""Blanks that the message names; all of them are marked in the file."""
_BLANK: Final = 80
_TROUBLE: Final = 600
_UNSAFE: Final = re.compile(r'[\\/<>:"|?*\x00-\x1f]')
_CODE: Final = 60


def render_filled(message: FilledTemplate, press: Press | None = None) -> list[Rendered]:
    """Render a filled template with its file; it is filled here."""
    pressed = (press or Press()).fill(message.form, message.facts)
    filled, code = pressed.filled, kit.shorten(message.facts.project.code, _CODE)
    blanks = list(Counter(filled.blanks).items()) if filled else []
    values = {
        "title": message.form.words,
        "code": code,
        "is_filled": filled is not None,
        "is_own": pressed.is_own,
        "trouble": kit.shorten(pressed.trouble, _TROUBLE),
        "blanks": [_counted(each, count) for each, count in blanks[:_NAMED]],
        "more": sum(count for _, count in blanks[_NAMED:]),
        "marks": len(filled.blanks) if filled else 0,
    }
    texts = load(_TEMPLATE)
    title = plain(texts.part("file_title", **values))
    name = _file_name(message.form, code)
    documents = (Document(name, filled.data, title),) if filled else ()
    blocks = rich_text(texts.part("text", **values))
    return [Rendered.of(texts.part("fallback", **values), blocks, documents=documents)]


def on_its_way(filling: Filling) -> Rendered:
    """Tell who asked that it comes."""
    code = kit.shorten(filling.code, _CODE)
    text = load(_TEMPLATE).part("on_its_way", title=filling.form.words, code=code)
    return Rendered.of(text, rich_text(text))


def no_file(title: str, code: str) -> Rendered:
    """Tell who asked for something that does not come as a file, and what does."""
    title = kit.shorten(title, _BLANK)
    forms = [each.words for each in Form]
    values = {"title": title, "code": kit.shorten(code, _CODE), "forms": forms}
    text = load(_TEMPLATE).part("no_file", **values)
    return Rendered.of(text, rich_text(text))


def on_its_way_view(filling: Filling) -> Block:
    """The same in the window."""
    texts = load(_TEMPLATE)
    blocks = on_its_way(filling).blocks
    return kit.modal(texts.part("window"), blocks, close=texts.part("close"))


def fill_button(form: Form) -> Block:
    """The button that lets somebody choose a project."""
    return kit.button(load(_TEMPLATE).part("button"), FILL, value=form.value)


def choosing_view(form: Form, projects: Sequence[ProjectLine]) -> Block:
    """The window in which somebody chooses a project of those that they may see."""
    texts = load(_TEMPLATE)
    window = partial(kit.modal, texts.part("window"), close=texts.part("close"))
    if not projects:
        return window(rich_text(texts.part("no_projects")))
    blocks = [*rich_text(texts.part("intro", title=form.words)), _choice(projects)]
    return window(
        blocks, submit=texts.part("send"), callback_id=CALLBACK, private_metadata=form.value
    )


def read_choosing(view: Mapping[str, Any]) -> Wish:
    """What somebody has chosen."""
    state = view["state"]["values"][PROJECT][PROJECT]
    code = state.get("value") or state["selected_option"]["value"]
    return Wish(Form(view["private_metadata"]), code, is_certain=True)


def _choice(projects: Sequence[ProjectLine]) -> Block:
    texts = load(_TEMPLATE)
    if len(projects) > SELECT_OPTIONS:
        field = kit.plain_text_input(PROJECT, max_length=_CODE)
        hint = texts.part("code_hint")
        return kit.input_block(texts.part("code"), field, block_id=PROJECT, hint=hint)
    options = [
        kit.option(kit.shorten(f"{each.code} {each.name}", OPTION_TEXT), each.code)
        for each in projects
    ]
    menu = kit.static_select(PROJECT, options)
    return kit.input_block(texts.part("which"), menu, block_id=PROJECT)


def _counted(blank: str, count: int) -> str:
    """What is left to fill, and in how many places: the names add up to what is said before."""
    name = kit.shorten(blank, _BLANK)
    return name if count == 1 else f"{name} ({count} times)"


def _file_name(form: Form, code: str) -> str:
    safe = _UNSAFE.sub("-", code).strip(". ") or "project"
    return f"{safe} {form.words}{form.file[len(form.value) :]}"

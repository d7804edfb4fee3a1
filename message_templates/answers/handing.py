"""Asking the PMO: the button, the window, and what becomes of it."""

from collections.abc import Mapping
from typing import Any, Final

from domain.answers.handing.service import PROJECT_FIELD
from domain.answers.handing.values import Handed, OfficeAsking
from domain.inquiries.rules import FIELD, LONGEST
from domain.inquiries.values import Role, Written
from message_templates import kit
from message_templates.inquiries import ASK_PMO
from message_templates.inquiries.window import open_button
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import OPTION_TEXT, SELECT_OPTIONS
from message_templates.markup import MessageText, load, rich_text
from models.enums import InquiryState

CALLBACK: Final = "ask_pmo"
"""The window that is sent."""

_TEMPLATE: Final = "answers/handing"
_NAMED: Final = 5
"""People of the PMO who are named; the others are counted."""
_NAME: Final = 60


def ask_pmo_button(question_id: int) -> Block:
    """Build the button that hands a question to the PMO; 0: none in particular."""
    return kit.button(load(_TEMPLATE).part("ask"), ASK_PMO, value=str(question_id))


def ask_pmo_view(asking: OfficeAsking) -> Block:
    """Build the window: it says who reads the question."""
    texts = load(_TEMPLATE)
    named = [kit.shorten(each, _NAME) for each in asking.office[:_NAMED]]
    more = len(asking.office) - len(named)
    text = texts.part("who_reads", asking=asking, office=", ".join(named), more=more)
    typed = kit.plain_text_input(FIELD, multiline=True, max_length=LONGEST, initial=asking.text)
    hint = texts.part("hint", longest=LONGEST)
    blocks = [
        *rich_text(text),
        kit.input_block(texts.part("question"), typed, block_id=FIELD, hint=hint),
        *([_project(texts, asking)] if asking.projects else []),
    ]
    return kit.modal(
        texts.part("title"),
        blocks,
        submit=texts.part("submit"),
        close=texts.part("cancel"),
        callback_id=CALLBACK,
        private_metadata=str(asking.question_id),
    )


def _project(texts: MessageText, asking: OfficeAsking) -> Block:
    """The field for the project: a menu, or its code where there are more than a menu holds."""
    hint = None
    if len(asking.projects) > SELECT_OPTIONS:
        hint = texts.part("project_hint")
        element = kit.plain_text_input(PROJECT_FIELD, initial=asking.code)
    else:
        options = [
            kit.option(kit.shorten(f"{each.code} · {each.name}", OPTION_TEXT), each.code)
            for each in asking.projects
        ]
        placeholder = texts.part("no_project")
        element = kit.static_select(
            PROJECT_FIELD, options, initial=asking.code or None, placeholder=placeholder
        )
    label = texts.part("project")
    return kit.input_block(label, element, block_id=PROJECT_FIELD, hint=hint, optional=True)


def read_ask_pmo(view: Mapping[str, Any]) -> Handed:
    """Read a submitted window."""
    values = view["state"]["values"]
    typed = next(iter(values[FIELD].values()))["value"] or ""
    chosen: dict[str, Any] = next(iter(values.get(PROJECT_FIELD, {}).values()), {})
    code = chosen.get("value") or (chosen.get("selected_option") or {}).get("value") or ""
    return Handed(typed, code, int(view["private_metadata"]))


def how_to_ask_pmo(command: str) -> Rendered:
    """Tell how the PMO is asked, with the button."""
    text = load(_TEMPLATE).part("how", command=command)
    return Rendered.of(text, [*rich_text(text), kit.actions(ask_pmo_button(0))])


def sent(written: Written) -> list[Rendered]:
    """Tell who has asked by the command what became of it."""
    texts, card = load(_TEMPLATE), written.card
    text = texts.part("sent", is_new=written.is_new)
    opener = kit.actions(open_button(Role.ASKER, InquiryState.OPEN, card.inquiry_id))
    sections = [
        [*rich_text(text), *kit.user_text(card.turns[-1].text)],
        [*rich_text(texts.part("sent_how")), opener],
    ]
    return [Rendered.of(text, blocks) for blocks in kit.pack(sections)]

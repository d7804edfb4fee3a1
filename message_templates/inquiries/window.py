"""The windows: ask, read what was said, answer or ask further; and reading them back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.inquiries.rules import FIELD, LONGEST, THREAD_FIELD
from domain.inquiries.values import Asking, InquiryCard, Role, Turn, Written
from message_templates import kit
from message_templates.inquiries import ASK_PM
from message_templates.kit import Block
from message_templates.markup import Marked, MessageText, load, rich_text
from models.enums import InquiryState, InquiryStep

CALLBACK: Final = "inquiry"
"""The windows that are sent."""

INQUIRY_OPEN: Final = "inquiry_open"
"""The action of the buttons that open an inquiry; their value is its number."""

TAKE_BACK: Final = "inquiry_take_back"
"""The action of the button with which an asker takes a question back; its value is the number."""

NOT_MINE: Final = "inquiry_not_mine"
"""The action of the button that passes an inquiry on to the PMO; its value is the number."""

ASK_BACK: Final = "inquiry_ask_back"
"""The action of the button with which who is to answer asks for more; its value is the number."""

_TEMPLATE: Final = "inquiries/window"
_NAME: Final = 100
_TURNS: Final = 10
"""The newest entries in a window; `/project inquiries CODE` shows all."""


@dataclass(frozen=True)
class WindowState:
    """What a window has to remember while it is open, in Slack's private metadata."""

    project_id: int = 0
    """Of a new question."""
    inquiry_id: int = 0
    seen: int = 0
    """The number of the newest entry that it shows."""
    is_from_home: bool = False
    """It was opened on the App Home page, which has to be brought up to date afterwards."""
    is_back: bool = False
    """What is written asks the asker for more."""

    def dump(self) -> str:
        """As Slack keeps it."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def load(cls, metadata: str) -> "WindowState":
        """As Slack gives it back."""
        return cls(**json.loads(metadata))


def ask_button(project_id: int) -> Block:
    """Build the button that asks a project's PM."""
    return kit.button(load(_TEMPLATE).part("ask"), ASK_PM, value=str(project_id))


def open_button(role: Role, state: InquiryState, inquiry_id: int) -> Block:
    """Build the button that opens an inquiry, called by what its presser can do there."""
    is_answer = role is Role.ANSWERER and state is InquiryState.OPEN
    label = load(_TEMPLATE).part("answer_button" if is_answer else "see_button")
    return kit.button(
        label, INQUIRY_OPEN, value=str(inquiry_id), style="primary" if is_answer else None
    )


def further_button(inquiry_id: int) -> Block:
    """Build the button with which an asker goes on asking."""
    return kit.button(load(_TEMPLATE).part("further"), INQUIRY_OPEN, value=str(inquiry_id))


def reply_button(inquiry_id: int) -> Block:
    """Build the button with which an asker replies to who asked back."""
    label = load(_TEMPLATE).part("reply_button")
    return kit.button(label, INQUIRY_OPEN, value=str(inquiry_id), style="primary")


def back_button(inquiry_id: int) -> Block:
    """Build the button with which who is to answer asks for more."""
    return kit.button(load(_TEMPLATE).part("back_button"), ASK_BACK, value=str(inquiry_id))


def ask_view(asking: Asking, *, is_from_home: bool = False) -> Block:
    """Build the window for a new question: it says who will read it."""
    texts = load(_TEMPLATE)
    names = {"code": asking.code, "name": kit.shorten(asking.name, _NAME)}
    why = asking.why.value if asking.why else ""
    text = texts.part("who_reads", asking=asking, why=why, **names)
    field = _field(texts, "question")
    state = WindowState(project_id=asking.project_id, is_from_home=is_from_home)
    return _form(texts.part("title_ask"), [*rich_text(text), field], state)


def inquiry_view(card: InquiryCard, *, is_from_home: bool = False) -> Block:
    """Build the window of an inquiry, with as much in it as the person may do."""
    texts = load(_TEMPLATE)
    blocks = _said(card)
    if card.role is Role.READER:
        return kit.modal(texts.part("title"), blocks, close=texts.part("close"))
    if card.role is Role.ANSWERER and not card.is_answer_sent:
        blocks += rich_text(texts.part("not_sent", asker=card.asker))
    blocks.append(_field(texts, _label(card)))
    if card.role is Role.ANSWERER and card.has_thread:
        blocks.append(_thread_box(texts))
    blocks += _ends(card)
    state = WindowState(inquiry_id=card.inquiry_id, seen=card.seen, is_from_home=is_from_home)
    return _form(texts.part("title"), blocks, state)


def back_view(card: InquiryCard) -> Block:
    """Build the window in which who is to answer asks for more."""
    texts = load(_TEMPLATE)
    state = WindowState(inquiry_id=card.inquiry_id, seen=card.seen, is_back=True)
    return _form(texts.part("title_back"), [*_said(card), _field(texts, "back_label")], state)


def late_view(card: InquiryCard, text: str, *, is_from_home: bool) -> Block:
    """Build the window anew for whose answer came second: with the first, and their own words."""
    texts = load(_TEMPLATE)
    field = _field(texts, _label(card), text)
    state = WindowState(inquiry_id=card.inquiry_id, seen=card.seen, is_from_home=is_from_home)
    blocks = [*_said(card), *rich_text(texts.part("late")), field]
    if card.has_thread:
        blocks.append(_thread_box(texts))
    return _form(texts.part("title"), blocks, state)


def closed_view(card: InquiryCard) -> Block:
    """Build the window of an inquiry that was just taken back or passed on."""
    return kit.modal(
        load(_TEMPLATE).part("title"), _said(card), close=load(_TEMPLATE).part("close")
    )


def written_view(written: Written) -> Block:
    """Build the confirmation that takes a window's place."""
    texts, card = load(_TEMPLATE), written.card
    text = texts.part(
        "written",
        card=card,
        is_new=written.is_new,
        is_answer=card.role is not Role.ASKER,
        is_back=card.role is not Role.ASKER and card.is_asked_back,
        is_reply=bool(card.turns) and card.turns[-1].step is InquiryStep.REPLY,
        name=kit.shorten(card.name, _NAME),
    )
    blocks = rich_text(text)
    if written.between:
        blocks += rich_text(texts.part("between"))
        blocks += _turns(texts, written.between)
    return kit.modal(texts.part("title_sent"), blocks, close=texts.part("close"))


def read_window(view: Mapping[str, Any]) -> tuple[WindowState, str]:
    """Read a submitted window: its state, and what was typed."""
    typed = view["state"]["values"][FIELD]
    return WindowState.load(view["private_metadata"]), next(iter(typed.values()))["value"] or ""


def wants_thread(view: Mapping[str, Any]) -> bool:
    """Whether an answer is to be posted where the handbook was asked, too."""
    boxes = view["state"]["values"].get(THREAD_FIELD, {})
    return any(each.get("selected_options") for each in boxes.values())


def headline(card: InquiryCard) -> Marked:
    """One inquiry in a line: its project, who asks whom, and where it stands."""
    return load(_TEMPLATE).part(
        "headline",
        card=card,
        name=kit.shorten(card.name, _NAME),
        state=card.state.value,
    )


def turns(card: InquiryCard) -> list[Block]:
    """All that was said in an inquiry."""
    return _turns(load(_TEMPLATE), card.turns)


def _said(card: InquiryCard) -> list[Block]:
    """An inquiry with its newest entries."""
    texts = load(_TEMPLATE)
    blocks = rich_text(headline(card))
    if left := len(card.turns[:-_TURNS]):
        blocks += rich_text(texts.part("earlier", left=left, code=card.code))
    return [*blocks, *_turns(texts, card.turns[-_TURNS:])]


def _turns(texts: MessageText, said: Iterable[Turn]) -> list[Block]:
    blocks: list[Block] = []
    for each in said:
        blocks += rich_text(texts.part("turn", turn=each, step=each.step.value))
        blocks += kit.user_text(each.text)
    return blocks


def _label(card: InquiryCard) -> str:
    if card.role is Role.ANSWERER:
        return "answer_label"
    return "reply_label" if card.is_asked_back else "further_label"


def _thread_box(texts: MessageText) -> Block:
    box = kit.checkboxes(THREAD_FIELD, [kit.option(texts.part("in_thread"), THREAD_FIELD)])
    label = texts.part("in_thread_label")
    return kit.input_block(label, box, block_id=THREAD_FIELD, optional=True)


def _field(texts: MessageText, label: str, text: str = "") -> Block:
    # Called by the label as well: Slack keeps what was typed in an action of the same name.
    element = kit.plain_text_input(
        f"{FIELD}_{label}", multiline=True, max_length=LONGEST, initial=text
    )
    hint = texts.part("hint", longest=LONGEST)
    return kit.input_block(texts.part(label), element, block_id=FIELD, hint=hint)


def _ends(card: InquiryCard) -> list[Block]:
    """What else the person can do with what waits: ask back, pass it on, take it back."""
    if card.state is not InquiryState.OPEN:
        return []
    if card.role is Role.ANSWERER:
        buttons = [back_button(card.inquiry_id)] if card.is_for_office else []
        if card.asked:
            buttons.append(not_mine_button(card.inquiry_id))
        return [kit.actions(*buttons)] if buttons else []
    label, value = load(_TEMPLATE).part("take_back"), str(card.inquiry_id)
    return [kit.actions(kit.button(label, TAKE_BACK, value=value))]


def not_mine_button(inquiry_id: int) -> Block:
    """Build the button that passes an inquiry on to the PMO; Slack asks first."""
    texts = load(_TEMPLATE)
    sure = kit.confirm(texts.part("sure"), texts.part("sure_text"), texts.part("not_mine"))
    return kit.button(texts.part("not_mine"), NOT_MINE, value=str(inquiry_id), confirm=sure)


def _form(title: Marked, blocks: list[Block], state: WindowState) -> Block:
    texts = load(_TEMPLATE)
    return kit.modal(
        title,
        blocks,
        submit=texts.part("submit"),
        close=texts.part("cancel"),
        callback_id=CALLBACK,
        private_metadata=state.dump(),
    )

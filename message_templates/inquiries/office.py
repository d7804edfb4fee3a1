"""How a question to the PMO looks: one message, what follows in its thread, and the answer."""

from typing import Final

from domain.inquiries.messages import AnswerInThread, OfficeMoved, OfficeQuestion, OfficeTurn
from domain.inquiries.values import InquiryCard, Role
from message_templates import kit
from message_templates.inquiries.window import back_button, open_button
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text
from models.enums import InquiryState, InquiryStep

CHOOSE_PERSON: Final = "inquiry_pass_to"
"""The action of the menu of people; the inquiry's number is in the id of its block."""

_TEMPLATE: Final = "inquiries/office"
_BLOCK: Final = "inquiry_office:"
_NAME: Final = 60
_QUOTED: Final = 500
"""Characters of the question above an answer in a thread where the question stands already."""

_WORDLESS: Final = (InquiryStep.PASSED_TO, InquiryStep.PASSED_ON)


def render_office_question(message: OfficeQuestion) -> list[Rendered]:
    """Render a question to the PMO, with where it stands and what can be done."""
    texts = load(_TEMPLATE)
    names = {
        "message": message,
        "state": message.state.value,
        "asker": _short(message.asker),
        "name": _short(message.name),
        "asked": _short(message.asked),
        "by": _short(message.by),
    }
    question = kit.user_text(message.question) or rich_text(texts.part("purged"))
    elements = kit.actions(*_elements(message), block_id=f"{_BLOCK}{message.inquiry_id}")
    sections = [
        [*rich_text(texts.part("head", **names)), *question],
        [*rich_text(texts.part("state", **names)), elements],
    ]
    fallback = texts.part("fallback", **names)
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def _elements(message: OfficeQuestion) -> list[Block]:
    is_open = message.state is InquiryState.OPEN
    opener = open_button(Role.ANSWERER, message.state, message.inquiry_id)
    if not is_open:
        return [opener]
    texts = load(_TEMPLATE)
    sure = kit.confirm(texts.part("sure"), texts.part("sure_text"), texts.part("yes"))
    people = kit.users_select(CHOOSE_PERSON, placeholder=texts.part("pass_to"), confirm=sure)
    return [opener, back_button(message.inquiry_id), people]


def inquiry_in(block_id: str) -> int:
    """The number of the inquiry that a menu belongs to."""
    return int(block_id.removeprefix(_BLOCK))


def passed_to(card: InquiryCard) -> Rendered:
    """Tell who passed a question on who has it now."""
    text = load(_TEMPLATE).part("passed", card=card)
    return Rendered.of(text, rich_text(text))


def render_office_turn(message: OfficeTurn) -> list[Rendered]:
    """Render what was said to a question, for its thread."""
    texts = load(_TEMPLATE)
    values = {"step": message.step.value, "author": _short(message.author), "text": message.text}
    said = [] if message.step in _WORDLESS or not message.text else kit.user_text(message.text)
    packed = kit.pack([rich_text(texts.part("turn", **values)), said])
    return [Rendered.of(texts.part("turn_fallback", **values), blocks) for blocks in packed]


def render_office_moved(message: OfficeMoved) -> list[Rendered]:
    """Render what is left where something must not be read any more."""
    text = load(_TEMPLATE).part("moved", is_answer=message.is_answer)
    return [Rendered.of(text, rich_text(text))]


def render_answer_in_thread(message: AnswerInThread) -> list[Rendered]:
    """Render an answer for those who have read the question."""
    texts, author = load(_TEMPLATE), _short(message.author)
    question = kit.shorten(message.question, _QUOTED)
    head = [
        *rich_text(texts.part("in_thread", author=author)),
        *rich_text(texts.part("in_thread_question", question=question)),
    ]
    packed = kit.pack([head, kit.user_text(message.answer)])
    fallback = texts.part("in_thread_fallback", author=author, message=message)
    return [Rendered.of(fallback, blocks) for blocks in packed]


def _short(name: str) -> str:
    return kit.shorten(name, _NAME)

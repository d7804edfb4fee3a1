"""How answers look: the section as written, what it cites, and what can be asked next."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from domain.answers.messages import (
    Answer,
    AskElsewhere,
    DidYouMean,
    DontKnow,
    Link,
    Politeness,
    QuestionsLeft,
    SharedAnswer,
    Shown,
)
from domain.answers.rules import links
from domain.answers.values import Choice, Rated
from domain.documents.rules import form_of_section
from message_templates import kit
from message_templates.answers.handing import ask_pmo_button
from message_templates.answers.markdown import rich_text_of, words_of
from message_templates.documents.filled import fill_button
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import BUTTON_TEXT, MESSAGE_TEXT
from message_templates.markup import Marked, load, rich_text

OPEN: Final = "answer_open"
"""The action of the buttons that show a section; `:` and a number make them different."""

HELPFUL: Final = "answer_helpful"
NOT_HELPFUL: Final = "answer_not_helpful"
"""Whether an answer helped; their value is the question's number."""

NONE_OF_THESE: Final = "answer_none"
"""Nothing that was offered is what was asked for; its value is the question's number."""

SHARE: Final = "answer_share"
"""Shows a section to the channel; its value is that of `OPEN`."""

_TEMPLATE: Final = "answers/answer"

_LEFT: Final = 10
"""Questions that are named as left; the others are counted."""
_QUOTED: Final = 150
"""Characters of each."""


def render_answer(message: Answer) -> list[Rendered]:
    """Render a section, with what can be done next."""
    texts = load(_TEMPLATE)
    question = str(message.question_id)
    choice = value_of(message.question_id, message.shown.section_id)
    buttons = []
    if message.question_id:  # not where the triage led here: then no question stands in the log
        buttons.append(kit.button(texts.part("helpful"), HELPFUL, value=question))
        buttons.append(kit.button(texts.part("not_helpful"), NOT_HELPFUL, value=question))
    if message.can_be_shared:
        buttons.append(kit.button(texts.part("share"), SHARE, value=choice))
    if form := form_of_section(message.shown.section_id):
        buttons.insert(0, fill_button(form))
    rows = [kit.actions(*buttons)] if buttons else []
    foot = [*openers(message.question_id, message.related), *rows]
    head = head_of(message.question, message.note, message.corrected)
    return section_messages(message.shown, _fallback(message.shown), head, foot)


def render_did_you_mean(message: DidYouMean) -> list[Rendered]:
    """Render what may be meant, one button each."""
    texts = load(_TEMPLATE)
    none = kit.button(texts.part("none"), NONE_OF_THESE, value=str(message.question_id))
    blocks = [
        *head_of(message.question, message.note, message.corrected),
        *rich_text(texts.part("did_you_mean")),
        *openers(message.question_id, message.links),
        kit.actions(none, ask_pmo_button(message.question_id)),
    ]
    titles = ", ".join(each.title for each in message.links)
    return [Rendered.of(texts.part("did_you_mean_fallback", titles=titles), blocks)]


def render_dont_know(message: DontKnow) -> list[Rendered]:
    """Render that there is no answer, and what there is."""
    texts = load(_TEMPLATE)
    blocks = [
        *head_of(message.question),
        *rich_text(texts.part("dont_know", message=message)),
        *_handing(message.question_id if message.is_told else 0),
    ]
    return [Rendered.of(texts.part("dont_know_fallback", message=message), blocks)]


def render_elsewhere(message: AskElsewhere) -> list[Rendered]:
    """Render whom to ask instead."""
    text = load(_TEMPLATE).part("elsewhere", message=message)
    handing = _handing(message.for_pmo)
    return [Rendered.of(text, [*head_of(message.question), *rich_text(text), *handing])]


def render_politeness(message: Politeness) -> list[Rendered]:
    """Render a short line."""
    text = load(_TEMPLATE).part(f"said_{message.courtesy}")
    return [Rendered.of(text, rich_text(text))]


def render_left(message: QuestionsLeft) -> list[Rendered]:
    """Render which questions have to be asked again."""
    texts, named = load(_TEMPLATE), message.left[:_LEFT]
    more = len(message.left) - len(named)
    quoted = [kit.shorten(each, _QUOTED) for each in named]
    text = texts.part("left", answered=message.answered, left=quoted, more=more)
    return [Rendered.of(text, rich_text(text))]


def render_shared(message: SharedAnswer) -> list[Rendered]:
    """Render a section that somebody shares."""
    texts = load(_TEMPLATE)
    head = rich_text(texts.part("shared", message=message))
    return section_messages(message.shown, texts.part("shared_fallback", message=message), head, [])


def rated(outcome: Rated) -> Rendered:
    """Tell what came of saying whether an answer helped."""
    texts = load(_TEMPLATE)
    if outcome.is_helpful:
        text = texts.part("thanks")
        return Rendered.of(text, rich_text(text))
    text = texts.part(
        "sorry", is_told=outcome.is_told, has_near=bool(outcome.near), topics=outcome.topics
    )
    near = openers(outcome.question_id, links(outcome.near))
    return Rendered.of(text, [*rich_text(text), *near, *_handing(outcome.question_id)])


def sharing() -> Rendered:
    """Tell who shares a section that it is on its way."""
    text = load(_TEMPLATE).part("sharing")
    return Rendered.of(text, rich_text(text))


def value_of(question_id: int, section_id: str) -> str:
    """What the button of a section carries."""
    return f"{question_id}:{section_id}"


def read_choice(value: str) -> Choice:
    """Read it back."""
    question_id, _, section_id = value.partition(":")
    return Choice(int(question_id), section_id)


def section_messages(
    shown: Shown, fallback: Marked, head: Iterable[Block], foot: Sequence[Block]
) -> list[Rendered]:
    """A section whole: in one message, or in as many as it takes."""
    packed = kit.pack([list(head), *cited_section(shown), list(foot)])
    return [Rendered.of(fallback, blocks) for blocks in packed]


def cited_section(shown: Shown) -> list[list[Block]]:
    """A section as written, with its title and its citation."""
    title = rich_text(load(_TEMPLATE).part("title", shown=shown))
    return [title, rich_text_of(shown.body), [kit.context(citation_of(shown))]]


def citation_of(shown: Shown) -> Marked:
    """Where a section stands, who keeps it and when it was reviewed."""
    return load(_TEMPLATE).part("citation", shown=shown, guidance=shown.guidance.value)


def _fallback(shown: Shown) -> Marked:
    words = kit.shorten(words_of(shown.body) or shown.title, MESSAGE_TEXT // 8)
    return load(_TEMPLATE).part("answer_fallback", shown=shown, words=words)


def head_of(question: str, note: str = "", corrected: str = "") -> list[Block]:
    """What stands above an answer: which question it is to, and how that was read."""
    texts = load(_TEMPLATE)
    parts: list[tuple[str, dict[str, Any]]] = [
        ("question", {"question": question}),
        ("note", {"note": note}),
        ("corrected", {"corrected": corrected}),
    ]
    return [
        block
        for name, values in parts
        if values[name]
        for block in rich_text(texts.part(name, **values))
    ]


def _handing(question_id: int) -> list[Block]:
    """How a question gets to a person, if it can."""
    return [kit.actions(ask_pmo_button(question_id))] if question_id else []


def openers(question_id: int, offered: Sequence[Link]) -> list[Block]:
    """The row of buttons that open sections."""
    buttons = [
        kit.button(
            kit.shorten(each.title, BUTTON_TEXT),
            f"{OPEN}:{number}",
            value=value_of(question_id, each.section_id),
        )
        for number, each in enumerate(offered)
    ]
    return [kit.actions(*buttons)] if buttons else []

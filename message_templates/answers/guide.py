"""How the triage looks, and what the messages tab suggests to ask."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from domain.answers.guiding.messages import (
    TriagePointer,
    TriageQuestion,
    TriageReview,
    TriageVerdict,
)
from domain.answers.guiding.rules import answered, back, dump
from domain.answers.guiding.values import (
    CHOICES,
    Lines,
    Offer,
    Outcome,
    Progress,
    Requests,
    Step,
    Subject,
)
from message_templates import kit
from message_templates.answers.answer import head_of, openers, section_messages
from message_templates.kit import Block, Rendered, Text
from message_templates.kit.limits import BUTTON_TEXT
from message_templates.markup import MessageText, load, plain, rich_text

TRIAGE: Final = "triage"
"""The action of the triage's buttons; `:` and a number make them different."""

TRIAGE_LINK: Final = "triage_link"
"""Buttons that lead out of Slack, which tells of the press all the same; `:` and a number."""

MOST_PROMPTS: Final = 4
"""As many as Slack shows."""

_TEMPLATE: Final = "answers/guide"
_PROMPT: Final = 150
"""Characters of a suggested prompt: a phase may have a long name."""


def render_question(message: TriageQuestion) -> list[Rendered]:
    """Render a question, with a button for each answer."""
    texts, progress, lines = load(_TEMPLATE), message.progress, message.lines
    subject = Subject(progress.at)
    said = _said(progress)
    buttons = [
        _button(
            texts.part(f"choice_{subject}_{choice}", lines=lines),
            answered(progress, subject, choice),
            choice,
            is_chosen=progress.answer(subject) == choice,
        )
        for choice in CHOICES[subject]
    ]
    before = back(progress)
    blocks = [
        *head_of(message.question),
        *rich_text(texts.part(f"ask_{subject}", lines=lines)),
        *([kit.context(texts.part("so_far", answers=said, lines=lines))] if said else []),
        kit.actions(*buttons),
        *([kit.actions(_button(texts.part("back"), before, "back"))] if before else []),
        *openers(0, message.links),
    ]
    return [Rendered.of(texts.part("ask_fallback"), blocks)]


def render_review(message: TriageReview) -> list[Rendered]:
    """Render the three answers as buttons that ask again."""
    texts, progress, lines = load(_TEMPLATE), message.progress, message.lines
    buttons = [
        _button(
            kit.shorten(
                plain(texts.part("change", subject=subject, choice=choice, lines=lines)),
                BUTTON_TEXT,
            ),
            replace(progress, at=Subject(subject)),
            subject,
        )
        for subject, choice in _said(progress)
    ]
    done = _button(texts.part("back"), replace(progress, at=Step.VERDICT), "back")
    blocks = [
        *rich_text(texts.part("review")),
        kit.actions(*buttons),
        kit.actions(done),
    ]
    return [Rendered.of(texts.part("review_fallback"), blocks)]


def render_verdict(message: TriageVerdict) -> list[Rendered]:
    """Render what it is, why, what the handbook says, and where to go on."""
    texts, verdict = load(_TEMPLATE), message.verdict
    outcome = verdict.outcome.value
    because = [each for each in _said(message.progress) if each[0] in verdict.because]
    doubt = verdict.is_in_doubt
    head = rich_text(
        texts.part(
            "outcome", outcome=outcome, answers=because, lines=message.lines, is_in_doubt=doubt
        )
    )
    if doubt:
        head += rich_text(texts.part("in_doubt", contacts=message.contacts))
    foot = [*_ways_on(message, texts), *openers(0, message.links)]
    fallback = texts.part("outcome_fallback", outcome=outcome, is_in_doubt=doubt)
    if message.clause is None:
        return [Rendered.of(fallback, [*head, *foot])]
    head += rich_text(texts.part("clause", lines=message.lines, is_other=_are_other(message.lines)))
    return section_messages(message.clause, fallback, head, foot)


def render_pointer(message: TriagePointer) -> list[Rendered]:
    """Render what the handbook says, and where it can lead on."""
    texts = load(_TEMPLATE)
    hint = kit.context(texts.part("pointer"))
    head = head_of(message.question)
    foot = [hint, *openers(message.question_id, message.related)]
    fallback = texts.part("pointer_fallback", title=message.shown.title)
    return section_messages(message.shown, fallback, head, foot)


def prompts(offer: Offer) -> list[dict[str, str]]:
    """What Slack suggests to ask, with the words that it then sends in the person's name."""
    texts = load(_TEMPLATE)
    asked = [
        *(
            [texts.part("prompt_due"), texts.part("prompt_exit", phase=offer.phase)]
            if offer.phase
            else []
        ),
        *([texts.part("prompt_missing")] if offer.is_pmo else []),
        texts.part("prompt_plan"),
        texts.part("prompt_triage"),
    ]
    words = [kit.shorten(plain(each), _PROMPT) for each in asked]
    return [{"title": each, "message": each} for each in words[:MOST_PROMPTS]]


def looking() -> str:
    """What stands beside the bot's name while it looks for an answer."""
    return plain(load(_TEMPLATE).part("looking"))


def _are_other(lines: Lines) -> bool:
    """Whether the PMO counts other hours than the bundled handbook names."""
    return (lines.small_hours, lines.project_hours) != (Lines().small_hours, Lines().project_hours)


def _ways_on(message: TriageVerdict, texts: MessageText) -> list[Block]:
    """What to do next: in the PMO's words, by its links, or by asking it."""
    outcome, requests = message.verdict.outcome, message.requests
    text = requests.text if outcome is Outcome.PROJECT else ""
    link = _link(outcome, requests, texts)
    needs_somebody = outcome is not Outcome.SMALL_WORK and not text and not link
    change = _button(texts.part("change_one"), replace(message.progress, at=Step.REVIEW), "change")
    said = [
        texts.part("advice", advice=message.advice)
        if message.advice
        else texts.part(f"advice_{outcome}", lines=message.lines),
        *([texts.part("request_text", text=text)] if text else []),
        *([texts.part("whom", contacts=message.contacts)] if needs_somebody else []),
    ]
    return [*(block for each in said for block in rich_text(each)), kit.actions(*link, change)]


def _link(outcome: Outcome, requests: Requests, texts: MessageText) -> list[Block]:
    """The button that leads to where it is asked for; small work is asked for nowhere."""
    ways = {
        Outcome.PROJECT: ("open_request", requests.link),
        Outcome.SERVICE_REQUEST: ("open_desk", requests.service_desk),
    }
    name, address = ways.get(outcome, ("", ""))
    return [kit.button(texts.part(name), f"{TRIAGE_LINK}:{name}", url=address)] if address else []


def _said(progress: Progress) -> Sequence[tuple[str, str]]:
    """What was answered so far, by question."""
    return [(each.value, given) for each in Subject if (given := progress.answer(each))]


def _button(text: Text, progress: Progress, name: str, *, is_chosen: bool = False) -> Block:
    style: Literal["primary"] | None = "primary" if is_chosen else None
    return kit.button(text, f"{TRIAGE}:{name}", value=dump(progress), style=style)

"""One status report with all its words, as paragraphs of rich text.

A digest may show thousands of reports: what few of them differ in comes from the template once and
is kept, and people's words go straight into blocks, where nothing formats them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Final

from domain.collecting.answering.claim_rules import is_better
from domain.collecting.values import DIMENSIONS, Answers
from message_templates.health import Grey, health_words
from message_templates.kit import Block, split_whole
from message_templates.kit.limits import TEXT
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.markup.filters import moment
from models.enums import Health

Paragraph = list[Block]
"""Elements of one rich text section."""

_TEMPLATE: Final = "digests/report"
_PIECE: Final = 2_800
"""A piece of a long text: with its label it stays below what a text of Slack's may have."""


def answered_health(health: Health) -> str:
    """Name the health of an answer: one without a colour is not rated, it is not missing."""
    return health_words(health, Grey.NOT_RATED)


def words(text: str, *, bold: bool = False) -> Block:
    """Show text literally."""
    element: Block = {"type": "text", "text": text}
    return {**element, "style": {"bold": True}} if bold else element


@lru_cache(maxsize=4_096)
def health_line(health: Health, rating: str) -> Paragraph:
    """Name a report's health, with the finer rating in brackets."""
    text = load(_TEMPLATE).part("health", health=answered_health(health), rating=rating)
    return _elements(text)


def trend(health: Health, previous: Health | None, days: int, reports: int = 0) -> str:
    """Tell what the health was before, where that differs, and how long it has been as it is."""
    was = answered_health(previous) if previous not in {None, health} else ""
    colour = "" if health is Health.GREY else health.value
    return _plain("trend", was=was, days=days if colour else 0, colour=colour, reports=reports)


def byline(
    author: str, at: datetime, version: int, *, is_late: bool, unchanged: int = 0
) -> Paragraph:
    """Tell who gave the report, when, and whether it is fresh, came late or was corrected."""
    instant = _instant(at.replace(second=0, microsecond=0))
    marks = _plain("marks", version=version, is_late=is_late, unchanged=unchanged)
    ending = [words(f" {marks}")] if marks else []
    return [words(f"{_plain('reported_by')} {author}, "), *instant, *ending]


@lru_cache(maxsize=4_096)
def _instant(at: datetime) -> Paragraph:
    return _elements(Marked.unseal(moment(at)))


def manager() -> str:
    """Give the word that stands before the name of a project manager."""
    return _plain("manager")


def claim_paragraphs(
    claimed: Health, computed: Health | None, why: Iterable[str], reason: str
) -> Iterator[Paragraph]:
    """Show what the facts say beside a claim that is better, and the reason that was given."""
    if computed is None or not is_better(claimed, computed):
        return
    told = words(f"{_plain('facts', computed=answered_health(computed))} ", bold=True)
    yield [told, *(words(piece) for piece in split_whole(" ".join(why), _PIECE) if piece)]
    label = _plain("reason", claimed=answered_health(claimed))
    yield [
        words(f"{label}: ", bold=True),
        *map(words, split_whole(reason or _plain("no_reason"), _PIECE)),
    ]


def answer_paragraphs(answers: Answers) -> Iterator[Paragraph]:
    """Show every answer that was given, whole and under its label."""
    dimensions = _dimensions(tuple(getattr(answers, name) for name in DIMENSIONS))
    if dimensions:
        yield dimensions
    for name in ("why", "done", "next"):
        yield from _field(name, getattr(answers, name))
    yield from _milestone(answers)
    for name in ("risks", "path_to_green"):
        yield from _field(name, getattr(answers, name))
    yield from _decision(answers)
    if figures := _figures(answers):
        yield [words(figures)]


def question_paragraphs(extra: Iterable[tuple[str, str]]) -> Iterator[Paragraph]:
    """Show what the phase asks in addition, with its answers."""
    for question, answer in extra:
        yield [words(f"{question} ", bold=True), words(answer)]


def as_blocks(paragraphs: Iterable[Paragraph]) -> list[Block]:
    """Put paragraphs under each other, into as few blocks of a handy size as hold them."""
    blocks: list[Block] = []
    room = 0
    for chunk in chain.from_iterable(map(_chunks, paragraphs)):
        length = _length(chunk)
        if length < room:
            blocks[-1]["elements"][0]["elements"] += [_LINE_BREAK, *chunk]
        else:
            section = {"type": "rich_text_section", "elements": list(chunk)}
            blocks.append({"type": "rich_text", "elements": [section]})
            room = TEXT
        room -= length + 1
    return blocks


def _chunks(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Take a paragraph apart that is too long for one block, between its elements.

    What begins a further chunk had no room beside the one before, so no line break comes between.
    """
    if _length(paragraph) <= TEXT:
        yield paragraph
        return
    chunk: Paragraph = []
    for element in paragraph:
        if chunk and _length([*chunk, element]) > TEXT:
            yield chunk
            chunk = []
        chunk.append(element)
    yield chunk


def _length(paragraph: Paragraph) -> int:
    return sum(len(element.get("text", "")) for element in paragraph)


_LINE_BREAK: Final = words("\n")


def _elements(marked: Marked) -> Paragraph:
    """Write marked text of one paragraph as elements."""
    return list(chain.from_iterable(part["elements"] for part in rich_text(marked)[0]["elements"]))


@lru_cache(maxsize=4_096)
def _plain(part: str, /, **values: object) -> str:
    return plain(load(_TEMPLATE).part(part, **values))


@lru_cache(maxsize=1_024)
def _dimensions(healths: tuple[Health | None, ...]) -> Paragraph:
    """Name the health of each rated dimension."""
    rated = [
        f"{_plain(name)} {answered_health(health)}"
        for name, health in zip(DIMENSIONS, healths, strict=True)
        if health is not None
    ]
    return [words(" · ".join(rated))] if rated else []


def _field(name: str, text: str, after: str = "") -> Iterator[Paragraph]:
    """Show a text whole, under its label and with what the template says after it."""
    label, more = _plain(name), [words(f" · {after}")] if after else []
    if text:
        is_long = "\n" in text.strip() or len(text) > _PIECE
        start = words(f"{label}:\n" if is_long else f"{label}: ", bold=True)
        yield [start, *map(words, split_whole(text, _PIECE)), *more]
    elif after:
        yield [words(f"{label}: ", bold=True), words(after)]


def _milestone(answers: Answers) -> Iterator[Paragraph]:
    has_dates = answers.milestone_baseline or answers.milestone_forecast or answers.milestone_met
    yield from _field("milestone", answers.milestone, _dates(answers) if has_dates else "")


def _dates(answers: Answers) -> str:
    return _plain(
        "dates",
        baseline=answers.milestone_baseline,
        forecast=answers.milestone_forecast,
        slip=answers.slip_days,
        is_met=answers.milestone_met,
    )


def _decision(answers: Answers) -> Iterator[Paragraph]:
    source, by = answers.decision_from, answers.decision_by
    decider = _plain("decider", source=source, by=by) if source or by else ""
    yield from _field("decision", answers.decision, decider)


def _figures(answers: Answers) -> str:
    amounts = {
        "spent": amount(answers.spent),
        "cost_forecast": amount(answers.cost_forecast),
        "percent_complete": amount(answers.percent_complete),
    }
    figures = [_plain(name, amount=text) for name, text in amounts.items() if text]
    return " · ".join(figures)


def amount(value: Decimal | int | None) -> str:
    """Write a number whole, with its thousands apart."""
    if value is None:
        return ""
    return f"{Decimal(value).normalize():,f}"

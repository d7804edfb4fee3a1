"""The parts of minutes in Slack: who was there, what was decided, what came of each item."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.meetings.minutes.values import (
    MinutedAction,
    MinutedDecision,
    MinutedItem,
    Minutes,
)
from message_templates import kit
from message_templates.documents.minutes_words import (
    how_words,
    item_words,
    lead_words,
    names_words,
    outcome_words,
    quorum_words,
)
from message_templates.kit import Block
from message_templates.markup import Marked, load, rich_text

TEMPLATE: Final = "meetings/minutes"
NAME: Final = 75
_QUESTION: Final = 200
"""Characters of a question in the list; the whole text stands below its item."""


def facts(minutes: Minutes) -> list[Block]:
    """When it was, and who was there."""
    texts = load(TEMPLATE)
    title = "" if minutes.title == minutes.council else kit.shorten(minutes.title, NAME)
    end = f"{minutes.ended_at.astimezone(minutes.zone):%H:%M}"
    lines = [
        texts.part("held", minutes=minutes, end=end, chair=minutes.chair, title=title),
        texts.part("present", names=names_words(minutes.present)),
        texts.part("quorum", minutes=minutes, words=quorum_words(minutes)),
    ]
    for name, people in (("apologies", minutes.apologies), ("absent", minutes.absent)):
        if people:
            lines.append(texts.part(name, names=names_words(people)))
    return rich_text(Marked.lines(lines))


def summary(minutes: Minutes) -> list[Block]:
    """What the chair says about the meeting as a whole."""
    if not minutes.summary:
        return []
    return [*rich_text(load(TEMPLATE).part("summary")), *kit.user_text(minutes.summary)]


def decision_list(minutes: Minutes, most: int) -> list[Block]:
    """What was decided, a line for each."""
    texts, lines = load(TEMPLATE), minutes.all_decisions
    shown = [_decision_line(each) for each in lines[:most]]
    if not lines:
        return rich_text(texts.part("no_decisions"))
    return rich_text(Marked.lines([texts.part("decisions"), *shown, *_more(len(lines), most)]))


def action_list(minutes: Minutes, most: int | None = None) -> list[Block]:
    """Who does what by when; all of them, unless a number is given."""
    texts, lines = load(TEMPLATE), minutes.actions
    most = len(lines) if most is None else most
    shown = [_action_line(each) for each in lines[:most]]
    if not lines:
        return []
    return rich_text(Marked.lines([texts.part("actions"), *shown, *_more(len(lines), most)]))


def next_meeting(minutes: Minutes) -> list[Block]:
    """When the council meets again."""
    if minutes.next_at is None:
        return []
    part = load(TEMPLATE).part("next", at=minutes.next_at, zone=minutes.timezone)
    return rich_text(part)


def sections(minutes: Minutes) -> Iterator[list[Block]]:
    """All of the minutes, in pieces that may stand in messages of their own."""
    texts = load(TEMPLATE)
    yield facts(minutes)
    yield summary(minutes)
    for number, item in enumerate(minutes.items, start=1):
        yield _item(number, item)
    yield from _decisions(texts.part("other_decisions"), minutes.decisions)
    yield from _decisions(texts.part("votes"), minutes.votes)
    yield action_list(minutes)
    yield next_meeting(minutes)
    if minutes.addenda:
        yield rich_text(texts.part("addenda"))
    for each in minutes.addenda:
        head = rich_text(texts.part("addendum", line=each, zone=minutes.timezone))
        yield [*head, *kit.user_text(each.text)]


def _item(number: int, item: MinutedItem) -> list[Block]:
    texts = load(TEMPLATE)
    words = item_words(item)
    blocks = rich_text(texts.part("item", number=number, title=item.title, words=words))
    if item.note:
        blocks += kit.user_text(item.note)
    for each in item.decisions:
        blocks += _decision(each, with_code=each.code != item.code)
    return blocks


def _decisions(head: Marked, lines: Sequence[MinutedDecision]) -> Iterator[list[Block]]:
    if lines:
        yield rich_text(head)
    for each in lines:
        yield _decision(each, with_code=True)


def _decision(line: MinutedDecision, *, with_code: bool) -> list[Block]:
    texts = load(TEMPLATE)
    told = {"outcome": outcome_words(line), "how": how_words(line)}
    parts = [
        texts.part("decided", line=line, with_code=with_code),
        texts.part("outcome", line=line, **told),
    ]
    wanted = (
        ("by_name", line.voted_by_name),
        ("reason", line.reason),
        ("dissent", line.dissent),
        ("interests", line.interests),
    )
    parts += [texts.part(name, line=line) for name, text in wanted if text]
    parts += [texts.part("condition", condition=each) for each in line.conditions]
    return rich_text(Marked.lines(parts))


def _decision_line(line: MinutedDecision) -> Marked:
    return load(TEMPLATE).part(
        "decision",
        line=line,
        question=lead_words(kit.shorten(line.question, _QUESTION)),
        outcome=outcome_words(line),
        chosen=kit.shorten(line.chosen, NAME),
        how=how_words(line),
    )


def _action_line(line: MinutedAction) -> Marked:
    texts = load(TEMPLATE)
    owner = line.owner or texts.part("nobody")
    return texts.part("action", line=line, owner=owner, title=line.title)


def _more(count: int, shown: int) -> Iterable[Marked]:
    return [load(TEMPLATE).part("more_lines", count=count - shown)] if count > shown else []

"""A project's history: each report in every version, and in what it differs from the one before.

People's words go straight into blocks, as in `message_templates.digests.report`: nothing formats
them. What has not changed is not said again.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from domain.collecting.answering.claim_rules import is_better
from domain.collecting.history.rules import Asked, Version
from domain.portfolio.values import ProjectCard
from message_templates import kit
from message_templates.digests.differences import difference_paragraphs
from message_templates.digests.report import (
    Paragraph,
    answered_health,
    as_blocks,
    byline,
    health_line,
    words,
)
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import BUTTON_VALUE, MESSAGE_COST, MODAL_BLOCKS
from message_templates.markup import load, plain, rich_text
from models.enums import ReportSource

HISTORY: Final = "report_history"
"""The action of the button that opens it; its value is the project's code."""

_TEMPLATE: Final = "collecting/history"
_CODE, _NAME = 30, 100
_VIEW_COST: Final = 3 * MESSAGE_COST
"""Characters in the modal: it is for a look back, the command shows all."""
_IN_VIEW: Final = 40
"""Requests in the modal, for the same reason."""


def history_messages(
    card: ProjectCard, asked: Sequence[Asked], beside: Sequence[Block] = ()
) -> list[Rendered]:
    """Show a project's history, newest first, in as many messages as it takes.

    Args:
        card: the project.
        asked: its requests with what was answered.
        beside: what else is on its record, said at the top.
    """
    texts = load(_TEMPLATE)
    names = {"code": kit.shorten(card.code, _CODE), "name": kit.shorten(card.name, _NAME)}
    first = [kit.header(texts.part("headline", **names)), *_summary(asked), *beside]
    packed = kit.pack([first, *map(_blocks, asked)], MESSAGE_COST - 200)
    return [
        Rendered.of(texts.part("fallback", again=number > 0, **names), blocks)
        for number, blocks in enumerate(packed)
    ]


def history_view(asked: Sequence[Asked], again: str) -> Block:
    """The same in a modal, as far as one holds it; `again` is what to type for all of it."""
    texts = load(_TEMPLATE)
    sections = [_summary(asked), *map(_blocks, asked[:_IN_VIEW])]
    shown, *others = kit.pack(sections, _VIEW_COST, MODAL_BLOCKS - 1)
    is_all = not others and len(asked) <= _IN_VIEW
    more = [] if is_all else [kit.context(texts.part("more", again=again))]
    return kit.modal(texts.part("title"), [*shown, *more], close=texts.part("close"))


def history_button(code: str) -> Block:
    """The button that opens the modal."""
    return kit.button(load(_TEMPLATE).part("button"), HISTORY, value=code[:BUTTON_VALUE])


def _summary(asked: Sequence[Asked]) -> list[Block]:
    reported = [each for each in asked if each.versions]
    versions = sum(len(each.versions) for each in reported)
    silent = len(asked) - len(reported)
    values = {"reports": len(reported), "versions": versions, "silent": silent}
    return rich_text(load(_TEMPLATE).part("summary", **values))


def _blocks(asked: Asked) -> list[Block]:
    return [kit.divider(), *as_blocks(_paragraphs(asked))]


def _paragraphs(asked: Asked) -> Iterator[Paragraph]:
    """One request: its day, its health and marks, then its versions, newest first."""
    title = words(_part("day", day=asked.opens_on), bold=True)
    if not asked.versions:
        yield [title, words(f" · {_part('silent', state=asked.state.value, reason=asked.reason)}")]
        return
    newest = asked.versions[0].report
    marks = "".join(f" · {mark}" for mark in _marks(asked))
    health = health_line(newest.answers.health, newest.answers.rating)
    yield [title, words(" · "), *health, *([words(marks)] if marks else [])]
    for version in asked.versions:
        yield from _version(version)


def _marks(asked: Asked) -> Iterator[str]:
    newest = asked.versions[0].report
    if asked.is_late:
        yield _part("late")
    if len(asked.versions) > 1:
        yield _part("corrected", count=len(asked.versions) - 1)
    if newest.unchanged:
        yield _part("unchanged", count=newest.unchanged)
    if newest.source is ReportSource.TEXT:
        yield _part("as_text")
    if newest.computed and is_better(newest.answers.health, newest.computed):
        yield _part("facts", computed=answered_health(newest.computed))


def _version(version: Version) -> Iterator[Paragraph]:
    report = version.report
    name = words(f"{_part('version', version=report.version)} ", bold=True)
    author = byline(report.author, report.submitted_at, 1, is_late=False)
    since = "" if version.is_first_report else _since(version)
    yield [name, *author, *([words(f" · {since}")] if since else [])]
    yield from difference_paragraphs(version.changes)
    if report.computed_why and is_better(report.answers.health, report.computed):
        yield [words(f"{_part('why')}: ", bold=True), words(" ".join(report.computed_why))]


def _since(version: Version) -> str:
    is_correction = version.report.version > 1
    return _part("since", is_correction=is_correction, is_same=not version.changes)


@lru_cache(maxsize=4_096)
def _part(part: str, /, **values: object) -> str:
    return plain(load(_TEMPLATE).part(part, **values))

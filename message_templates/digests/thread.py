"""The replies under a digest: every report with all its words, over several messages if need be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from domain.digests.messages import (
    DigestAddendum,
    DigestDetail,
    DigestLine,
    DigestMissing,
    DigestPage,
    MissingLine,
    ReportText,
)
from domain.digests.rules import first_line
from message_templates import kit
from message_templates.digests.differences import difference_paragraphs
from message_templates.digests.report import (
    Paragraph,
    answer_paragraphs,
    answered_health,
    as_blocks,
    byline,
    claim_paragraphs,
    health_line,
    manager,
    question_paragraphs,
    trend,
    words,
)
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import MESSAGE_BLOCKS, MESSAGE_COST
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.project_actions import project_actions

_TEMPLATE: Final = "digests/thread"
_HEAD: Final = "digests/head"
"""Where lines are written that the head may have no room for."""

_BUDGET: Final = MESSAGE_COST - 300
_MOST_BLOCKS: Final = MESSAGE_BLOCKS - 1
"""Room is left in each message for the line that says what it continues."""

_NAMED: Final = 12
"""Projects that a notification names; it counts the others."""

_PREVIEW: Final = 300
_CODE: Final = 80


def render_detail(message: DigestDetail) -> list[Rendered]:
    """Show the report of a project that needs attention, one block for each of its answers.

    Below it stands what its reader may do.
    """
    report = message.report
    answers = report.answers
    blocks = [block for each in _paragraphs(report) for block in as_blocks([each])]
    return _rendered(
        _spread([_Section(report.code, [*blocks, project_actions(report.project_id)])]),
        "detail",
        name=kit.shorten(report.name, _PREVIEW),
        health=answered_health(answers.health),
        summary=kit.shorten(first_line(answers.why or answers.done), _PREVIEW),
    )


def render_page(message: DigestPage) -> list[Rendered]:
    """Show several reports under each other."""
    if not message.reports:
        text = load(_TEMPLATE).part("emptied")
        return [Rendered.of(text, [kit.context(text)])]
    return _rendered(_spread(_sections(message.reports)), "page")


def render_missing(message: DigestMissing) -> list[Rendered]:
    """List all that did not report, and why."""
    if not message.lines:
        text = load(_TEMPLATE).part("all_in")
        return [Rendered.of(text, [kit.context(text)])]
    count = len(message.lines)
    lines = [load(_HEAD).part("missing", count=count), *map(missing_line, message.lines)]
    return _rendered(
        _spread([_Section("", rich_text(Marked.lines(lines)))]), "missing", count=count
    )


def missing_line(line: MissingLine) -> Marked:
    """Tell who did not report, why, and what is last known."""
    last = answered_health(line.last_health) if line.last_health else ""
    return load(_HEAD).part("silent", line=line, last=last)


def render_addendum(message: DigestAddendum) -> list[Rendered]:
    """Show answers that came after the digest was frozen: a list of them, then each in full."""
    intro = load(_TEMPLATE).part(
        "intro",
        count=len(message.reports),
        council=kit.shorten(message.council, _CODE),
        opens_on=message.opens_on,
    )
    lines = [_line(line, message.timezone) for line in message.lines]
    sections = [_Section("", rich_text(Marked.lines([intro, *lines])))]
    return _rendered(_spread([*sections, *_sections(message.reports)]), "addendum")


def _line(line: DigestLine, zone: str) -> Marked:
    health = answered_health(line.health)
    return load(_TEMPLATE).part("line", line=line, health=health, zone=zone)


def _paragraphs(report: ReportText) -> Iterator[Paragraph]:
    """Show a report: its head in two lines, its answers, and whose it is."""
    answers = report.answers
    since = trend(answers.health, report.previous, report.days, report.reports)
    about = [report.phase, f"{manager()} {kit.turned_back(report.pm)}", since]
    yield [
        *health_line(answers.health, answers.rating),
        words(" · "),
        words(report.code, bold=True),
        words(f" {report.name}\n{' · '.join(part for part in about if part)}"),
    ]
    yield from claim_paragraphs(
        answers.health, report.computed, report.computed_why, report.claim_reason
    )
    yield from answer_paragraphs(answers)
    yield from question_paragraphs(report.extra)
    yield byline(
        report.author,
        report.submitted_at,
        report.version,
        is_late=report.is_late,
        unchanged=report.unchanged,
    )
    if report.changes:
        yield [words(plain(load(_TEMPLATE).part("changed")), bold=True)]
        yield from difference_paragraphs(report.changes)


def _sections(reports: Iterable[ReportText]) -> Iterator["_Section"]:
    for report in reports:
        yield _Section(report.code, as_blocks(_paragraphs(report)))


# --- spreading over messages


@dataclass(frozen=True)
class _Section:
    """What stays in one message if it can."""

    code: str
    """The project that it tells of; empty for an introduction."""
    blocks: list[Block]


@dataclass(frozen=True)
class _Part:
    """One message in the making."""

    codes: list[str]
    blocks: list[Block]
    is_continued: bool = False


def _spread(sections: Iterable[_Section]) -> list[_Part]:
    """Fill messages with sections; `pack` is asked only for one that no message could hold.

    Costs are added up here because `pack` counts all that it has packed anew for each section.
    """
    parts: list[_Part] = []
    room = blocks_left = 0
    for section in sections:
        price, count = kit.cost(section.blocks), len(section.blocks) + 1
        if price <= room and count <= blocks_left:
            parts[-1].codes.append(section.code)
            parts[-1].blocks.extend([kit.divider(), *section.blocks])
        elif price <= _BUDGET:
            parts.append(_Part([section.code], list(section.blocks)))
            room, blocks_left = _BUDGET, _MOST_BLOCKS
        else:
            parts += _split(section)
            price, count = kit.cost(parts[-1].blocks), len(parts[-1].blocks)
            room, blocks_left = _BUDGET, _MOST_BLOCKS
        room -= price
        blocks_left -= count
    return parts


def _split(section: _Section) -> list[_Part]:
    packed = kit.pack([section.blocks], _BUDGET, _MOST_BLOCKS)
    return [
        _Part([section.code], blocks, is_continued=number > 0)
        for number, blocks in enumerate(packed)
    ]


def _rendered(parts: Iterable[_Part], opening: str, **values: object) -> list[Rendered]:
    """Finish the messages; `opening` is the template's part for the notification of a fresh one."""
    texts = load(_TEMPLATE)
    rendered = []
    for part in parts:
        codes = [kit.shorten(code, _CODE) for code in part.codes]
        if part.is_continued:
            again = plain(texts.part("again", code=codes[0]))
            text = texts.part("continued", again=again, **_named(codes[1:]))
            rendered.append(Rendered.of(text, [kit.context(again), *part.blocks]))
        else:
            text = texts.part(opening, **_named(codes), **values)
            rendered.append(Rendered.of(text, part.blocks))
    return rendered


def _named(codes: Iterable[str]) -> dict[str, object]:
    """The projects that a notification names, and the number of the others."""
    projects = [code for code in codes if code]
    return {"codes": projects[:_NAMED], "more": max(len(projects) - _NAMED, 0)}

"""Everything about one project: its facts, how it has been, its last report, and whom to ask."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from domain.collecting.values import ProjectStatus, Report
from domain.portfolio.values import PersonName, ProjectCard
from message_templates import kit
from message_templates.collecting.history import history_button
from message_templates.collecting.request import UPDATE
from message_templates.digests.report import (
    amount,
    answer_paragraphs,
    as_blocks,
    byline,
    claim_paragraphs,
    question_paragraphs,
    words,
)
from message_templates.inquiries.window import ask_button
from message_templates.kit import HEALTH_SYMBOLS, Block, Rendered
from message_templates.markup import load, rich_text
from message_templates.portfolio.projects import age_days, last_health
from models.enums import RequestState, Visibility

_TEMPLATE: Final = "portfolio/card"

_CODE, _NAME = 30, 100
_WORD: Final = 75
"""The most characters of a person, a phase or a council in the facts."""

_TAGS: Final = 300

_RECENT: Final = 8
"""How many of the last reports are shown as symbols."""

_ANSWERED: Final = frozenset({RequestState.ANSWERED, RequestState.UNCHANGED, RequestState.LATE})


def project_card(
    card: ProjectCard,
    status: ProjectStatus,
    now: datetime,
    zone: str,
    *,
    can_report: bool = False,
    counted: Sequence[Block] = (),
) -> list[Rendered]:
    """Show a project in one message, or in several where its texts outgrow one.

    Args:
        card: the project's own record.
        status: where its reporting stands.
        now: the present instant, for the age of the last report.
        zone: the IANA name of the reader's time zone.
        can_report: whether the reader may answer for the project, and gets a button for it.
        counted: its lists, and what was asked about it, in numbers.
    """
    texts = load(_TEMPLATE)
    names = {"code": kit.shorten(card.code, _CODE), "name": kit.shorten(card.name, _NAME)}
    health = {"health": last_health(status), "age": age_days(status, now)}
    first = [
        kit.header(texts.part("headline", **names)),
        *rich_text(
            texts.part("health", rating=_rating(status), history=_history(status), **health)
        ),
        *(_wanted(status, now, zone) if can_report else ()),
        *_facts(card),
        *counted,
    ]
    sections = [first, _about(card), _last(status.last), _look_back(card, status), _ask(card)]
    messages = kit.pack(sections)
    fallback = texts.part("fallback", **names, **health)
    again = texts.part("continued", code=names["code"])
    return [
        Rendered.of(again if number else fallback, blocks) for number, blocks in enumerate(messages)
    ]


def _rating(status: ProjectStatus) -> str:
    return status.last.answers.rating if status.last else ""


def _history(status: ProjectStatus) -> list[str]:
    recent = status.history[:_RECENT]
    return [HEALTH_SYMBOLS[health] for _opens_on, health in reversed(recent)]


def _wanted(status: ProjectStatus, now: datetime, zone: str) -> list[Block]:
    """The button to answer with, where an answer is open."""
    if status.open_request_id is None:
        return []
    texts = load(_TEMPLATE)
    text = texts.part(
        "wanted",
        is_answered=status.open_state in _ANSWERED,
        is_open=status.cut_off_at is not None and now < status.cut_off_at,
        cut_off_at=status.cut_off_at,
        zone=zone,
    )
    button = kit.button(
        texts.part("update"), UPDATE, value=str(status.open_request_id), style="primary"
    )
    return [kit.section(text, accessory=button)]


def _facts(card: ProjectCard) -> list[Block]:
    """The record's short facts, in two columns; what is not known is left out."""
    known: dict[str, Any] = {
        "pm": _short(card.pm),
        "deputy": _short(card.deputy),
        "sponsor": _short(card.sponsor),
        "council": kit.shorten(card.council, _WORD),
        "phase": kit.shorten(card.phase, _WORD),
        "start": card.start,
        "baseline_end": card.baseline_end,
        "forecast_end": card.forecast_end,
        "budget": amount(card.budget),
        "tags": kit.shorten(", ".join(card.tags), _TAGS),
        "restricted": card.visibility is Visibility.RESTRICTED,
    }
    texts = load(_TEMPLATE)
    fields = [
        texts.part(name, slip=_slip(card), **{name: value})
        for name, value in known.items()
        if value
    ]
    return [kit.section(fields=fields)]


def _short(person: PersonName | None) -> PersonName | None:
    return person and replace(person, name=kit.shorten(person.name, _WORD))


def _slip(card: ProjectCard) -> int | None:
    if card.baseline_end is None or card.forecast_end is None:
        return None
    return (card.forecast_end - card.baseline_end).days


def _about(card: ProjectCard) -> list[Block]:
    """The description and the notes, whole."""
    notes = ([words(f"{name}: ", bold=True), words(note)] for name, note in card.notes.items())
    return [*kit.user_text(card.description), *as_blocks(notes)]


def _last(report: Report | None) -> list[Block]:
    if report is None:
        return []
    title = rich_text(load(_TEMPLATE).part("last", opens_on=report.opens_on))
    return [kit.divider(), *title, *as_blocks(_paragraphs(report))]


def _paragraphs(report: Report) -> Iterator[list[Block]]:
    yield from claim_paragraphs(
        report.answers.health, report.computed, report.computed_why, report.claim_reason
    )
    yield from answer_paragraphs(report.answers)
    yield from question_paragraphs(report.extra.items())
    yield byline(
        report.author,
        report.submitted_at,
        report.version,
        is_late=False,
        unchanged=report.unchanged,
    )


def _look_back(card: ProjectCard, status: ProjectStatus) -> list[Block]:
    """The way to all reports, where there is one."""
    return [kit.actions(history_button(card.code))] if status.last else []


def _ask(card: ProjectCard) -> list[Block]:
    """Whom to ask: the PM and the deputy, else the sponsor, as far as they are still here."""
    here = [each for each in (card.pm, card.deputy, card.sponsor) if each and not each.is_gone]
    names = [kit.shorten(each.name, _WORD) for each in here[:2]]
    said = rich_text(load(_TEMPLATE).part("ask", people=names))
    return [*said, kit.actions(ask_button(card.project_id))]

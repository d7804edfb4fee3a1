"""The PMO's part of App Home about answers: who has answered, who has not and why, how fast."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from domain.health.reporting import COUNCILS, WATCHED
from domain.health.values import (
    Answer,
    CouncilResponse,
    CycleResponse,
    Part,
    ReportingPage,
    Watched,
    part_of,
)
from message_templates import kit
from message_templates.home.paging import heading, pager
from message_templates.home.state import BOT, CYCLE, QUESTIONS, REPORTING, TAB, TURN, YOU, HomeState
from message_templates.kit import Block
from message_templates.markup import load, rich_text
from models.enums import RequestState

_TEMPLATE: Final = "home/reporting"

_NAMED: Final = 6
"""Projects that a council's summary names of each kind; its cycle's own page lists all."""
_LINES: Final = 36
"""Projects that a page of a cycle lists."""
_TOGETHER: Final = 6
"""Lines of one block, whose text has its limit."""
_NAME, _PERSON, _REASON = 60, 40, 160

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


def tabs(state: HomeState, problems: int) -> list[Block]:
    """The PMO's pages, and a word about what hinders the bot."""
    texts = load(_TEMPLATE)
    titles = {
        YOU: texts.part("tab_you"),
        REPORTING: texts.part("tab_reporting"),
        QUESTIONS: texts.part("tab_questions"),
        BOT: texts.part("tab_bot", problems=problems),
    }
    buttons = [
        kit.button(
            title,
            f"{TURN}:{TAB}:{tab}",
            value=f"{TAB}={tab}",
            style="primary" if state.tab == tab else None,
        )
        for tab, title in titles.items()
    ]
    hint = rich_text(texts.part("problems", problems=problems)) if problems else []
    return [kit.actions(*buttons), *(hint if state.tab != BOT else ())]


def reporting_section(page: ReportingPage, state: HomeState) -> list[Block]:
    """Tell the PMO how the cycles are answered, or one of them in full."""
    if page.opened is not None:
        return _opened(page.opened, state.places.get("lines", 0))
    texts = load(_TEMPLATE)
    councils = [block for each in page.councils.shown for block in _council(each)]
    return [
        *heading(texts.part("headline"), page.councils, COUNCILS),
        *(councils or rich_text(texts.part("no_councils"))),
        *pager("councils_answered", page.councils, COUNCILS),
        *_watched(page.watched),
    ]


def _council(council: CouncilResponse) -> list[Block]:
    """A council's open cycle and its last one, each with the button that opens it."""
    texts, name = load(_TEMPLATE), kit.shorten(council.name, _NAME)
    if not council.cycles:
        return [kit.section(texts.part("council", name=name, each=None))]
    return [
        kit.section(
            texts.part("council", name=name, each=_summary(each), zone=each.timezone),
            accessory=kit.button(
                texts.part("all", opens_on=each.opens_on),
                f"{TURN}:{CYCLE}:{each.cycle_id}",
                value=f"{CYCLE}={each.cycle_id}",
            ),
        )
        for each in council.cycles
    ]


def _summary(cycle: CycleResponse) -> dict[str, Any]:
    response = cycle.response
    lists = {
        "Waiting": response.waiting,
        "Missed": response.missed,
        "Late": response.late,
        "Not asked": response.excused,
        "To be asked": response.to_ask,
    }
    return {
        "is_open": cycle.is_open,
        "opens_on": cycle.opens_on,
        "cut_off_at": cycle.cut_off_at,
        "score": _score(cycle),
        "median": _duration(response.median),
        "lists": [
            (f"{title} ({len(of)})", _names(of), len(of) - _NAMED)
            for title, of in lists.items()
            if of
        ],
    }


def _score(cycle: CycleResponse) -> dict[str, int | None]:
    response = cycle.response
    given, late = len(response.answered) + len(response.late), len(response.late)
    due = given + len(response.waiting) + len(response.missed)
    return {"rate": response.rate, "given": given, "due": due, "late": late}


def _names(answers: Sequence[Answer]) -> list[str]:
    return [f"{each.code} ({kit.shorten(each.asked, _PERSON)})" for each in answers[:_NAMED]]


def _opened(cycle: CycleResponse, number: int) -> list[Block]:
    """Every project of a cycle: what is missing first."""
    texts = load(_TEMPLATE)
    lines = part_of(list(_in_order(cycle)), number, _LINES)
    title = texts.part(
        "opened_headline", council=kit.shorten(cycle.council, _NAME), opens_on=cycle.opens_on
    )
    summary = texts.part(
        "opened",
        is_open=cycle.is_open,
        cut_off_at=cycle.cut_off_at,
        zone=cycle.timezone,
        of=_score(cycle),
        median=_duration(cycle.response.median),
    )
    back = kit.button(texts.part("back"), f"{TURN}:{CYCLE}:0", value=f"{CYCLE}=0")
    return [
        kit.actions(back),
        *heading(title, lines, _LINES),
        *rich_text(summary),
        *(_lines(lines) or rich_text(texts.part("nobody"))),
        *pager("lines", lines, _LINES),
    ]


def _in_order(cycle: CycleResponse) -> Iterator[Answer]:
    response = cycle.response
    for of in (
        response.missed,
        response.waiting,
        response.excused,
        response.to_ask,
        response.late,
        response.answered,
    ):
        yield from of


def _lines(part: Part[Answer]) -> list[Block]:
    lines = [(_shortened(each), _how(each)) for each in part.shown]
    return [
        kit.section(load(_TEMPLATE).part("lines", lines=lines[start : start + _TOGETHER]))
        for start in range(0, len(lines), _TOGETHER)
    ]


def _shortened(one: Answer) -> Answer:
    return replace(
        one,
        name=kit.shorten(one.name, _NAME),
        manager=kit.shorten(one.manager, _PERSON),
        asked=kit.shorten(one.asked, _PERSON),
        reason=kit.shorten(one.reason, _REASON),
    )


def _how(one: Answer) -> str:
    """How far an answer is, in words."""
    words = {
        RequestState.MISSED: "no answer by the cut-off",
        RequestState.ASKED: "waiting",
        RequestState.EXCUSED: "not asked",
        RequestState.PENDING: "to be asked",
        RequestState.UNCHANGED: "no change",
        RequestState.LATE: "answered late",
        RequestState.ANSWERED: "answered",
    }
    took = one.answered_at - one.asked_at if one.answered_at and one.asked_at else None
    after = f" after {_duration(took)}" if took is not None and took >= timedelta() else ""
    return words[one.state] + after


def _watched(watched: Part[Watched]) -> list[Block]:
    """Silent projects, those on hold, those whose PM has left."""
    texts = load(_TEMPLATE)
    if not watched.total:
        return rich_text(texts.part("none_watched"))
    return [
        *heading(texts.part("watched_headline", count=watched.total), watched, WATCHED),
        *(_one_watched(each) for each in watched.shown),
        *pager("watched", watched, WATCHED),
    ]


def _one_watched(one: Watched) -> Block:
    shown = replace(
        one,
        name=kit.shorten(one.name, _NAME),
        council=kit.shorten(one.council, _NAME),
        manager=kit.shorten(one.manager, _PERSON),
        deputy=kit.shorten(one.deputy, _PERSON) if one.deputy else "",
        hold_reason=kit.shorten(one.hold_reason, _REASON) if one.hold_reason else "",
    )
    return kit.section(load(_TEMPLATE).part("watched", one=shown))


def _duration(time: timedelta | None) -> str:
    """A time to answer: `5 min`, `2 h 10 min`, `3 days`."""
    if time is None:
        return ""
    if time < _HOUR:
        return f"{max(1, time // _MINUTE)} min"
    hours, minutes = divmod(time // _MINUTE, 60)
    if hours < 24:  # noqa: PLR2004 - of a day
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, rest = divmod(hours, 24)
    told = f"{days} day{'s' if days > 1 else ''}"
    return f"{told} {rest} h" if rest else told

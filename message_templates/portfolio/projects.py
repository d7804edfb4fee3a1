"""The list of projects that somebody may see, by council."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final

from domain.collecting.values import ProjectStatus
from domain.portfolio.values import ProjectLine
from message_templates import kit
from message_templates.health import Grey, health_words
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import HEADER, MESSAGE_BLOCKS, MESSAGE_COST
from message_templates.markup import Marked, load, rich_text
from models.enums import Health, RequestState

_TEMPLATE: Final = "portfolio/projects"

_BUDGET: Final = MESSAGE_COST - 1_000
_MOST_COUNCILS: Final = MESSAGE_BLOCKS - 2
"""Each has a block of its own; two are for the title and for the count of the rest."""

_CODE, _NAME, _WORD = 30, 70, 40
"""The most characters of a code, of a name, and of what else stands in a line."""


def project_list(
    lines: Sequence[ProjectLine],
    statuses: Mapping[int, ProjectStatus],
    now: datetime,
    title: str,
    *,
    shows_due: bool = False,
) -> Rendered:
    """List projects under their councils; what does not fit is counted.

    Args:
        lines: the projects, in the order in which those of a council stand.
        statuses: by project id; a project without one has no report.
        now: the present instant, for the age of the last reports.
        title: what this is a list of; people's words may stand in it.
        shows_due: whether to tell which reports are waited for, and until when.
    """
    texts = load(_TEMPLATE)
    short = kit.shorten(title, HEADER)
    tally = _tally(lines, statuses) if lines else []

    def write(line: ProjectLine) -> Marked:
        return _line(line, statuses.get(line.project_id, _NONE), now, shows_due=shows_due)

    councils, shown = _councils(lines, write)
    blocks = [kit.header(short), *councils]
    if not lines:
        blocks.append(kit.section(texts.part("empty")))
    elif left_out := len(lines) - shown:
        blocks.append(kit.context(texts.part("rest", count=left_out)))
    return Rendered.of(texts.part("fallback", title=short, tally=tally), blocks)


def last_health(status: ProjectStatus) -> str:
    """Name the health of a project's last report."""
    if status.last is None:
        return health_words(Health.GREY, Grey.NO_REPORT)
    return health_words(status.last.answers.health, Grey.NOT_RATED)


def age_days(status: ProjectStatus, now: datetime) -> int | None:
    """Count the whole days since the last report was given, if there is one."""
    return None if status.last is None else max((now - status.last.submitted_at).days, 0)


def _tally(lines: Iterable[ProjectLine], statuses: Mapping[int, ProjectStatus]) -> list[str]:
    healths = Counter(last_health(statuses.get(line.project_id, _NONE)) for line in lines)
    order = [health_words(health, grey) for health in _WORST_FIRST for grey in _GREYS]
    return [f"{healths[words]} {words}" for words in dict.fromkeys(order) if healths[words]]


_WAITED_FOR: Final = (RequestState.ASKED, RequestState.MISSED)
_NONE: Final = ProjectStatus()
_WORST_FIRST: Final = (Health.RED, Health.YELLOW, Health.GREEN, Health.GREY)
_GREYS: Final = (Grey.NOT_RATED, Grey.NO_REPORT)


def _councils(
    lines: Sequence[ProjectLine], write: Callable[[ProjectLine], Marked]
) -> tuple[list[Block], int]:
    """One block for each council as long as there is room, and how many projects they show."""
    by_council = groupby(sorted(lines, key=_council), _council)
    groups = [(council, list(group)) for council, group in by_council]
    blocks: list[Block] = []
    shown = 0
    for council, group in groups[:_MOST_COUNCILS]:
        heading = load(_TEMPLATE).part(
            "heading", council=kit.shorten(council, _NAME), count=len(group)
        )
        fitting = _fitting(map(write, group), _BUDGET - kit.cost([*blocks, *rich_text(heading)]))
        if fitting:
            blocks += rich_text(Marked.lines([heading, *fitting]))
        shown += len(fitting)
        if len(fitting) < len(group):
            break
    return blocks, shown


def _council(line: ProjectLine) -> str:
    return line.council


def _fitting(items: Iterable[Marked], room: int) -> list[Marked]:
    """Take items as long as there is room for them."""
    taken: list[Marked] = []
    for item in items:
        room -= kit.cost(rich_text(item)) + 1
        if room < 0:
            break
        taken.append(item)
    return taken


def _line(line: ProjectLine, status: ProjectStatus, now: datetime, *, shows_due: bool) -> Marked:
    short = replace(
        line,
        code=kit.shorten(line.code, _CODE),
        name=kit.shorten(line.name, _NAME),
        phase=kit.shorten(line.phase, _WORD),
        pm=replace(line.pm, name=kit.shorten(line.pm.name, _WORD)),
    )
    return load(_TEMPLATE).part(
        "line",
        line=short,
        health=last_health(status),
        rating=kit.shorten(status.last.answers.rating, _WORD) if status.last else "",
        age=age_days(status, now),
        due=status.cut_off_at if shows_due and status.open_state in _WAITED_FOR else None,
        is_overdue=status.cut_off_at is not None and status.cut_off_at <= now,
    )

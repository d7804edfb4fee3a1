"""What a heat map shows: which cycles, which projects in which order, on which page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Final

from domain.collecting.asking.planning import tells_hold
from domain.digests.heat_map.loading import Cell, HeatGrid, HeatMap, HeatRow
from domain.digests.values import CycleFacts, ProjectInCycle
from models.enums import Health, RequestState

COLUMNS: Final = 12
"""Cycles that a heat map shows, this one included; older ones are left out."""

ROWS: Final = 40
"""Projects on a page: what can still be read 400 pixels wide."""

_COLOURS: Final = {
    Health.GREEN: Cell.GREEN,
    Health.YELLOW: Cell.YELLOW,
    Health.RED: Cell.RED,
    Health.GREY: Cell.NOT_RATED,
}
_SEVERITY: Final = {Cell.GREEN: 0, Cell.YELLOW: 1, Cell.RED: 2}
_RANK: Final = {Cell.RED: 0, Cell.YELLOW: 1, Cell.GREEN: 3}
_GREY_RANK: Final = 2


def cell_of(health: Health | None, state: RequestState, reason: str = "") -> Cell:
    """What became of a project in a cycle that planned to ask it.

    Args:
        health: of its answer; None if there is none.
        state: of the request.
        reason: why nobody was asked.
    """
    if health is not None:
        return _COLOURS[health]
    if state is not RequestState.EXCUSED:
        return Cell.MISSING
    return Cell.ON_HOLD if tells_hold(reason) else Cell.NOT_ASKED


def council_grid(
    facts: CycleFacts,
    projects: Iterable[ProjectInCycle],
    since: Mapping[int, date],
    as_of: datetime,
    *,
    restricted: bool,
) -> HeatGrid:
    """The last cycles of a council, with the projects of one audience.

    Args:
        facts: the cycle's record.
        projects: the audience's.
        since: by project id, since when those that reported have their colour.
        as_of: the instant that the digest speaks of.
        restricted: whether it is for those who may see the restricted projects.
    """
    columns = (*reversed(facts.earlier_on[: COLUMNS - 1]), facts.opens_on)
    return HeatGrid(
        title=facts.council,
        columns=columns,
        rows=tuple(
            HeatRow(each.code, each.name, _cells(each, columns), since.get(each.project_id))
            for each in projects
        ),
        as_of=as_of,
        timezone=facts.timezone,
        is_restricted=restricted,
    )


def heat_maps_of(grid: HeatGrid, kept: Sequence[HeatMap] = ()) -> tuple[HeatMap, ...]:
    """Lay a grid out on pages, exceptions first.

    Without a single colour there is no picture: it would say nothing that a list of the missing
    ones does not say better.

    Args:
        grid: what is to be shown.
        kept: the pages as they were said before; what has not changed stays as it was, with its
            own "as of", and a page that is no longer needed is emptied.
    """
    shown = [replace(row, cells=row.cells[-COLUMNS:]) for row in grid.rows]
    has_colour = any(letter in _SEVERITY for row in shown for letter in row.cells)
    rows = sorted(shown, key=_exceptions_first) if has_colour else []
    pages = [tuple(rows[start : start + ROWS]) for start in range(0, len(rows), ROWS)]
    empty = [()] * (len(kept) - len(pages))
    maps = [
        HeatMap(
            title=grid.title,
            columns=grid.columns[-COLUMNS:],
            rows=page,
            as_of=grid.as_of,
            timezone=grid.timezone,
            page=number,
            pages=len(pages),
            is_restricted=grid.is_restricted,
            is_of_issues=grid.is_of_issues,
        )
        for number, page in enumerate([*pages, *empty], start=1)
    ]
    before = [*kept, *[None] * (len(maps) - len(kept))]
    return tuple(
        old if old is not None and replace(new, as_of=old.as_of) == old else new
        for old, new in zip(before, maps, strict=True)
    )


@dataclass(frozen=True)
class Moves:
    """What has changed from the last column but one to the newest; codes, in the rows' order."""

    worse: tuple[str, ...] = ()
    better: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    """Had an answer and have none now."""
    back: tuple[str, ...] = ()
    """Have an answer and had none, or were not there."""


def moves(rows: Iterable[HeatRow]) -> Moves:
    """Tell what has changed against the cycle before; nothing in the first cycle."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if len(row.cells) > 1 and (move := _move(*map(Cell, row.cells[-2:]))):
            found.setdefault(move, []).append(row.code)
    return Moves(**{name: tuple(codes) for name, codes in found.items()})


def _move(before: Cell, now: Cell) -> str:
    if before in _SEVERITY and now in _SEVERITY:
        change = _SEVERITY[now] - _SEVERITY[before]
        return "worse" if change > 0 else "better" if change < 0 else ""
    if _is_answer(before) == _is_answer(now):
        return ""
    return "back" if _is_answer(now) else "silent"


def _is_answer(cell: Cell) -> bool:
    return cell in _SEVERITY or cell is Cell.NOT_RATED


def _cells(project: ProjectInCycle, columns: Sequence[date]) -> str:
    known = dict(_earlier(project, columns[0]))
    health = project.report.answers.health if project.report else None
    known[columns[-1]] = cell_of(health, project.state, project.reason)
    return "".join(known.get(day, Cell.NOT_ASKED) for day in columns)


def _earlier(project: ProjectInCycle, since: date) -> Iterator[tuple[date, Cell]]:
    for gap in project.gaps:
        yield gap.opens_on, cell_of(None, gap.state, gap.reason)
    for report in takewhile(lambda each: each.opens_on >= since, project.past):
        yield report.opens_on, _COLOURS[report.health]


def _exceptions_first(row: HeatRow) -> tuple[int, date, str]:
    """Red, oldest first; then yellow, without a colour, green; by code among themselves."""
    is_red = row.newest is Cell.RED
    since = row.since if is_red and row.since else date.max
    return _RANK.get(row.newest, _GREY_RANK), since, row.code

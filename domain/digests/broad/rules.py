"""What goes where in a portfolio digest: the councils' own digests joined, exceptions first.

What a project is called, since when it has its colour, what it needs: all that comes from the rules
of a council's digest, so that an executive and a council never read two things. What has changed
is told against this digest's own last issue: that is what its readers know.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.digests.broad.messages import (
    BroadComposition,
    BroadDecision,
    BroadHead,
    BroadLine,
    BroadMissing,
    CouncilLine,
)
from domain.digests.broad.values import (
    HEALTHS,
    BroadFacts,
    ClosedProject,
    CouncilPart,
    EarlierIssue,
)
from domain.digests.heat_map.loading import Cell, HeatGrid, HeatRow
from domain.digests.heat_map.rules import COLUMNS, ROWS, cell_of, heat_maps_of
from domain.digests.messages import Composition, DigestHead, DigestLine
from domain.digests.rules import LATE, compose, is_finished, severity
from domain.digests.values import Counts, ProjectInCycle
from models.enums import Health

_SEVERITY: Final = {Health.GREEN: 0, Health.YELLOW: 1, Health.RED: 2}
_REPORTED: Final = (*("red", "newly_worse", "long_yellow", "other_yellow", "green", "not_rated"),)
"""The sections of a council's head in which each project with a report stands once."""


_SECTIONS: Final = (*("decisions", "red", "newly_worse", "improved", "missing", "not_rated"),)
"""Where a head of an issue names projects."""

MOST_PAGES: Final = 5
_MOST_ROWS: Final = MOST_PAGES * ROWS
"""Projects in the heat maps of an issue: five pictures are looked at, fifty are not."""

_WORST_FIRST: Final = tuple(map(Cell, "RY-?=.G"))


def compose_broad(facts: BroadFacts, as_of: datetime) -> BroadComposition:
    """Compose an issue from the record as it stands at an instant."""
    parts = [(part, [compose(cycle, as_of) for cycle in part.cycles]) for part in facts.councils]
    compositions = [each for _part, composed in parts for each in composed]
    heads = [each.head for each in compositions]
    lines = _Lines(facts, as_of)
    reported = lines.of(heads)
    red = tuple(sorted(_of(reported, Health.RED), key=_oldest_first))
    head = BroadHead(
        name=facts.name,
        as_of=as_of,
        timezone=facts.timezone,
        counts=_sum(each.counts for each in heads),
        previous=_counts(facts.last.healths) if facts.last else None,
        previous_on=_local_day(facts.last.as_of, facts) if facts.last else None,
        due=sum(each.due for each in heads),
        received=sum(each.received for each in heads),
        councils=tuple(_council(part, [each.head for each in own]) for part, own in parts),
        decisions=_decisions(heads, facts),
        red=red,
        newly_worse=tuple(each for each in _of(reported, Health.YELLOW) if _change(each) > 0),
        improved=lines.improved(reported),
        missing=_missing(heads, facts),
        not_rated=tuple(_of(reported, Health.GREY)),
        scope=facts.scope,
        tag=facts.tag,
        note=facts.note,
        due_at=facts.due_at if facts.due_at and as_of > facts.due_at + LATE else None,
    )
    grid = heat_grid(facts, red, as_of)
    maps = heat_maps_of(grid) if grid else ()
    return BroadComposition(head, _details(compositions, red), maps)


def cells_in(facts: BroadFacts) -> dict[int, Cell]:
    """What became of each project, as an issue keeps it."""
    return {each.project_id: _cell(each) for each in _projects(facts)}


def _cell(project: ProjectInCycle) -> Cell:
    health = project.report.answers.health if project.report else None
    return cell_of(health, project.state, project.reason)


def heat_grid(facts: BroadFacts, red: Iterable[BroadLine], as_of: datetime) -> HeatGrid | None:
    """The projects over the last issues of this digest; nothing in its first one.

    Councils report in rhythms of their own, so that no column of cycles would fit them all: what
    an issue told is the same day for everybody. Of many projects those that were green throughout
    are left out, and then the best ones.
    """
    if not facts.earlier:
        return None
    issues = facts.earlier[: COLUMNS - 1][::-1]
    since = {line.code: line.since for line in red}
    rows = [
        HeatRow(each.code, each.name, _row(each, issues), since.get(each.code))
        for each in _projects(facts)
    ]
    shown = rows if len(rows) <= ROWS else _worst(rows)
    return HeatGrid(
        title=facts.name if shown is rows else f"{facts.name}: not green throughout",
        columns=(*(_local_day(each.as_of, facts) for each in issues), _local_day(as_of, facts)),
        rows=tuple(shown),
        as_of=as_of,
        timezone=facts.timezone,
        is_of_issues=True,
    )


def _row(project: ProjectInCycle, issues: Iterable[EarlierIssue]) -> str:
    before = (each.cells.get(project.project_id, Cell.NOT_ASKED) for each in issues)
    return "".join((*before, _cell(project)))


def _worst(rows: Iterable[HeatRow]) -> list[HeatRow]:
    """The rows that tell something, as many as a few pictures hold: red, yellow, silent first."""
    telling = [each for each in rows if set(each.cells) - {Cell.GREEN, Cell.NOT_ASKED}]
    return sorted(telling, key=lambda row: (_WORST_FIRST.index(row.newest), row.code))[:_MOST_ROWS]


def _projects(facts: BroadFacts) -> Iterator[ProjectInCycle]:
    return (each for part in facts.councils for cycle in part.cycles for each in cycle.projects)


def is_same_scope(head: BroadHead, scope: Sequence[str], tag: str | None) -> bool:
    """Whether an issue told of the same councils and programme: else its counts compare nothing."""
    return tuple(head.scope) == tuple(scope) and head.tag == tag


@dataclass(frozen=True)
class _Lines:
    """Makes the lines of a portfolio digest from those of the councils' own."""

    facts: BroadFacts
    as_of: datetime

    def of(self, heads: Iterable[DigestHead]) -> tuple[BroadLine, ...]:
        """A line for each project with a report, by code."""
        ages = dict(self._ages())
        before = self.facts.last.healths if self.facts.last else {}
        ids = {each.code: each.project_id for each in _projects(self.facts)}
        lines = (
            self._line(line, ages[line.code], before.get(ids[line.code]))
            for head in heads
            for section in _REPORTED
            for line in getattr(head, section)
        )
        return tuple(sorted(lines, key=lambda line: line.code))

    def improved(self, reported: Iterable[BroadLine]) -> tuple[BroadLine, ...]:
        """What has improved since the last issue, and what has come to its end since."""
        finished = {each.code for each in _projects(self.facts) if self._has_finished(each)}
        before = self.facts.last.healths if self.facts.last else {}
        return (
            *(
                replace(each, is_closed=each.code in finished)
                for each in reported
                if each.code in finished or _change(each) < 0
            ),
            *(_closed(each, before.get(each.project_id)) for each in self.facts.closed),
        )

    def _has_finished(self, project: ProjectInCycle) -> bool:
        """Whether a project was reported as finished since the last issue."""
        if project.report is None or self.facts.last is None:
            return False
        told_on = _local_day(self.facts.last.as_of, self.facts)
        told = next((each for each in project.past if each.opens_on <= told_on), None)
        answers, last_phase = project.report.answers, self.facts.last_phase
        is_over = is_finished(project.report.phase, answers.percent_complete, last_phase)
        return (
            is_over
            and project.report.submitted_at > self.facts.last.as_of
            and not (told and is_finished(told.phase, told.percent_complete, last_phase))
        )

    def _line(self, line: DigestLine, age: int, before: Health | None) -> BroadLine:
        told = _values(line) | {"previous": before, "added_at": None, "corrected_at": None}
        return BroadLine(**told, council=self.facts.council_of.get(line.code, ""), age=age)

    def _ages(self) -> Iterator[tuple[str, int]]:
        today = _local_day(self.as_of, self.facts)
        for each in _projects(self.facts):
            if each.report:
                reported_on = _local_day(each.report.submitted_at, self.facts)
                yield each.code, max((today - reported_on).days, 0)


def _closed(project: ClosedProject, before: Health | None) -> BroadLine:
    return BroadLine(
        code=project.code,
        name=project.name,
        pm=project.pm,
        health=Health.GREY,
        previous=before,
        council=project.council,
        is_closed=True,
    )


def _values(line: object) -> dict[str, Any]:
    """The fields of a line, as they are: `asdict` would copy what is within."""
    return {each.name: getattr(line, each.name) for each in fields(line)}  # type: ignore[arg-type]


def _local_day(instant: datetime, facts: BroadFacts) -> date:
    return instant.astimezone(ZoneInfo(facts.timezone)).date()


def _of(lines: Iterable[BroadLine], health: Health) -> list[BroadLine]:
    return [each for each in lines if each.health is health]


def _oldest_first(line: BroadLine) -> tuple[int, str]:
    return -line.days, line.code


def _change(line: BroadLine) -> int:
    """How much worse a project is than in the last issue; 0 where one of the two is grey."""
    before, now = _SEVERITY.get(line.previous or Health.GREY), _SEVERITY.get(line.health)
    return 0 if before is None or now is None else now - before


def _sum(counts: Iterable[Counts]) -> Counts:
    listed = list(counts)
    total = {each.value: sum(getattr(one, each.value) for one in listed) for each in Health}
    return Counts(**total)


def _counts(healths: Mapping[int, Health]) -> Counts:
    told = list(healths.values())
    return Counts(**{each.value: told.count(each) for each in Health})


def _council(part: CouncilPart, heads: Sequence[DigestHead]) -> CouncilLine:
    days = [each.opens_on for each in part.cycles if each.cycle_id]
    return CouncilLine(
        council=part.name,
        opens_on=max(days, default=None),
        due=sum(each.due for each in heads),
        received=sum(each.received for each in heads),
        counts=_sum(each.counts for each in heads),
    )


def _decisions(heads: Iterable[DigestHead], facts: BroadFacts) -> tuple[BroadDecision, ...]:
    lines = [
        BroadDecision(**_values(line), council=facts.council_of.get(line.code, ""))
        for head in heads
        for line in head.decisions
    ]
    return tuple(sorted(lines, key=lambda line: (line.decision_by or date.max, line.code)))


def _missing(heads: Iterable[DigestHead], facts: BroadFacts) -> tuple[BroadMissing, ...]:
    lines = [
        BroadMissing(**_values(line), council=facts.council_of.get(line.code, ""))
        for head in heads
        for line in head.missing
    ]
    return tuple(sorted(lines, key=lambda line: (-severity(line.last_health), line.code)))


def _details(compositions: Iterable[Composition], red: Iterable[BroadLine]) -> tuple[Any, ...]:
    """A reply for each red project, in the order in which the head names them."""
    details = {
        each.report.code: each
        for composition in compositions
        for each in composition.details
        if each.report.answers.health is Health.RED
    }
    return tuple(details[line.code] for line in red if line.code in details)


@dataclass(frozen=True)
class Cut:
    """A project that is taken out of an issue, for not everybody may know of it any more."""

    code: str
    council: str
    cell: Cell | None
    """What became of it; None: it was only told as closed."""


def codes_in(value: Mapping[str, Any]) -> set[str]:
    """The projects that a head, as it is kept, names."""
    return {line["code"] for section in _SECTIONS for line in value.get(section, ())}


def cut_head(head: BroadHead, cuts: Sequence[Cut], now: datetime) -> BroadHead:
    """A head without some projects: neither named nor counted, and compared with nothing."""
    gone = {each.code for each in cuts}
    cells = [each.cell for each in cuts if each.cell]
    sections = {
        name: tuple(line for line in getattr(head, name) if line.code not in gone)
        for name in _SECTIONS
    }
    return replace(
        head,
        counts=_less(head.counts, cells),
        previous=None,
        previous_on=None,
        due=head.due - _owed(cells),
        received=head.received - _received(cells),
        councils=_cut_councils(head.councils, cuts),
        amended_at=now,
        **sections,  # type: ignore[arg-type]
    )


def _cut_councils(lines: Sequence[CouncilLine], cuts: Sequence[Cut]) -> tuple[CouncilLine, ...]:
    """The councils without what is cut; none at all, if one of it has moved since."""
    of_council = {
        line.council: [each.cell for each in cuts if each.cell and each.council == line.council]
        for line in lines
    }
    if any(each.cell and each.council not in of_council for each in cuts):
        return ()
    left = (_cut_council(line, of_council[line.council]) for line in lines)
    return tuple(line for line in left if line.counts != Counts())


def _cut_council(line: CouncilLine, cells: Sequence[Cell]) -> CouncilLine:
    return replace(
        line,
        due=line.due - _owed(cells),
        received=line.received - _received(cells),
        counts=_less(line.counts, cells),
    )


def _less(counts: Counts, cells: Sequence[Cell]) -> Counts:
    gone = [HEALTHS.get(cell, Health.GREY) for cell in cells]
    return Counts(**{each.value: getattr(counts, each.value) - gone.count(each) for each in Health})


def _owed(cells: Iterable[Cell]) -> int:
    return sum(cell not in {Cell.ON_HOLD, Cell.NOT_ASKED} for cell in cells)


def _received(cells: Iterable[Cell]) -> int:
    return sum(cell in HEALTHS or cell is Cell.NOT_RATED for cell in cells)


def without(issue: EarlierIssue, hidden: Iterable[int]) -> EarlierIssue:
    """An issue without the projects of which not everybody may know any more."""
    gone = set(hidden)
    kept = {number: cell for number, cell in issue.cells.items() if number not in gone}
    return replace(issue, cells=kept)

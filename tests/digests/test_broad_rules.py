"""What a portfolio digest tells: the councils' own sections joined, against its last issue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.digests.broad.messages import BroadHead
from domain.digests.broad.rules import (
    cells_in,
    compose_broad,
    heat_grid,
    is_same_scope,
    without,
)
from domain.digests.broad.values import BroadFacts, ClosedProject, CouncilPart, EarlierIssue
from domain.digests.heat_map.loading import Cell
from domain.digests.heat_map.rules import ROWS
from domain.digests.values import Counts, ProjectInCycle
from message_templates.rendering import render
from models.enums import Health, RequestState
from tests.support.digesting import DIGEST_AT, OPENS_ON, WEEK, facts, past_of, project

ITS, STS = "ITS Council", "STS Council"
AS_OF = DIGEST_AT + timedelta(hours=2)
LAST = AS_OF - 4 * WEEK

RED: dict[str, Any] = {"why": "No funding", "path_to_green": "Ask"}


def broad(
    councils: Mapping[str, list[ProjectInCycle]],
    *earlier: Mapping[str, str],
    **others: Any,
) -> BroadFacts:
    """Facts of some councils; what issues before told as letters by code, newest first."""
    ids = {each.code: each.project_id for of in councils.values() for each in of}
    ids |= {each.code: each.project_id for each in others.get("closed", ())}
    return BroadFacts(
        name="Overview",
        timezone="America/New_York",
        councils=tuple(
            CouncilPart(name, (replace(facts(*projects), council=name),))
            for name, projects in councils.items()
        ),
        earlier=tuple(
            EarlierIssue(LAST - 4 * WEEK * ago, {ids[code]: Cell(at) for code, at in told.items()})
            for ago, told in enumerate(earlier)
        ),
        council_of={each.code: name for name, of in councils.items() for each in of},
        **others,
    )


def head_of(told: BroadFacts, as_of: datetime = AS_OF) -> BroadHead:
    return compose_broad(told, as_of).head


def test_red_projects_of_all_councils_stand_oldest_first_each_with_a_reply() -> None:
    composed = compose_broad(
        broad(
            {
                ITS: [project("NEW", Health.RED, **RED), project("FINE", Health.GREEN)],
                STS: [project("OLD", Health.RED, past=past_of("rrg"), **RED)],
            }
        ),
        AS_OF,
    )
    assert [(each.code, each.council, each.days) for each in composed.head.red] == [
        ("OLD", STS, 19),
        ("NEW", ITS, 5),
    ]
    assert [each.report.code for each in composed.details] == ["OLD", "NEW"]


def test_decisions_of_all_councils_stand_by_their_day() -> None:
    head = head_of(
        broad(
            {
                ITS: [project("A1", Health.GREEN, decision="Later?")],
                STS: [project("B1", Health.GREEN, decision="Now?", decision_by=OPENS_ON)],
            }
        )
    )
    assert [(each.code, each.council) for each in head.decisions] == [("B1", STS), ("A1", ITS)]


@pytest.mark.parametrize(
    ("before", "now", "section"),
    [
        ("G", Health.YELLOW, "newly_worse"),
        ("G", Health.RED, "red"),
        ("Y", Health.RED, "red"),
        ("Y", Health.YELLOW, None),
        ("R", Health.YELLOW, "improved"),
        ("Y", Health.GREEN, "improved"),
        ("-", Health.YELLOW, None),  # nothing was known: no change is claimed over a gap
        ("?", Health.GREEN, None),
        ("G", Health.GREEN, None),
    ],
)
def test_what_has_changed_is_told_against_the_last_issue(
    before: str, now: Health, section: str | None
) -> None:
    # The cycle before was another colour: that is not what this digest's readers have read.
    told = {ITS: [project("A1", now, past=past_of("y"), **RED)]}
    head = head_of(broad(told, {"A1": before}))
    places = [name for name in ("red", "newly_worse", "improved") if getattr(head, name)]
    assert places == ([section] if section else [])
    if section:
        (line,) = getattr(head, section)
        assert line.previous == {"G": Health.GREEN, "Y": Health.YELLOW, "R": Health.RED}[before]


def test_the_first_issue_compares_nothing() -> None:
    head = head_of(broad({ITS: [project("A1", Health.YELLOW, past=past_of("g"), **RED)]}))
    assert (head.previous, head.previous_on, head.newly_worse) == (None, None, ())


def test_every_project_with_a_report_is_counted_in_its_council_once() -> None:
    projects = [
        project("A1", Health.GREEN),
        project("A2", Health.YELLOW, past=past_of("g"), why="x"),
        project("A3", Health.YELLOW, past=past_of("yyyyyy"), why="x"),
        project("A4", Health.YELLOW, why="x"),
        project("A5", Health.RED, **RED),
        project("A6", Health.GREY),
        project("A7"),
        project("A8", state=RequestState.EXCUSED),
    ]
    told = broad({ITS: projects}, dict.fromkeys([each.code for each in projects], "G"))
    head = head_of(told)
    assert head.counts == Counts(green=1, yellow=3, red=1, grey=3)
    assert (head.received, head.due) == (6, 7)
    (line,) = head.councils
    assert (line.counts, line.received, line.due, line.opens_on) == (head.counts, 6, 7, OPENS_ON)
    assert len(head.newly_worse) + len(head.red) == 4
    assert {each.code for each in head.not_rated} == {"A6"}
    assert [each.code for each in head.missing] == ["A7", "A8"]
    assert "".join(cells_in(told).values()) == "GYYYR?-."


def test_a_project_that_left_the_phases_that_are_asked_is_closed_and_counted_no_more() -> None:
    closed = ClosedProject(99, "DONE", "Project DONE", ITS, "Ana")
    head = head_of(broad({ITS: [project("A1", Health.GREEN)]}, {"DONE": "Y"}, closed=(closed,)))
    assert [(each.code, each.is_closed, each.previous) for each in head.improved] == [
        ("DONE", True, Health.YELLOW)
    ]
    assert (head.counts, head.previous) == (Counts(green=1), Counts(yellow=1))


@pytest.mark.parametrize(
    ("before", "is_told"), [((), True), ((95,), True), ((100,), False), ((100, 95), False)]
)
def test_a_project_reported_as_finished_since_the_last_issue_is_closed_once(
    before: tuple[int, ...],
    is_told: bool,  # noqa: FBT001 - a table
) -> None:
    past = [
        replace(each, opens_on=OPENS_ON - WEEK * (4 + ago), phase="closeout", percent_complete=done)
        for ago, (each, done) in enumerate(zip(past_of("gg"), before, strict=False), start=1)
    ]
    over = project("OVER", Health.GREEN, past=past, percent_complete=100)
    assert over.report
    over = replace(over, report=replace(over.report, phase="closeout"))
    head = head_of(broad({ITS: [over]}, {"OVER": "Y"}, last_phase="closeout"))
    assert [(each.code, each.is_closed) for each in head.improved] == [("OVER", is_told)]


def test_what_is_restricted_by_now_is_taken_out_of_the_issues_before() -> None:
    issue = EarlierIssue(LAST, {1: Cell.RED, 2: Cell.GREEN})
    assert without(issue, {1, 7}).cells == {2: Cell.GREEN}


def test_another_scope_compares_nothing() -> None:
    head = head_of(broad({ITS: [project("A1", Health.GREEN)]}, scope=(ITS,), tag="erp"))
    assert is_same_scope(head, [ITS], "erp")
    assert not is_same_scope(head, [], "erp")
    assert not is_same_scope(head, [ITS], None)


@pytest.mark.parametrize(("minutes", "is_late"), [(15, False), (16, True)])
def test_an_issue_is_late_from_a_quarter_of_an_hour_on(minutes: int, is_late: bool) -> None:  # noqa: FBT001 - a table
    due_at = AS_OF - timedelta(minutes=minutes)
    head = head_of(broad({ITS: [project("A1", Health.GREEN)]}, due_at=due_at))
    assert head.due_at == (due_at if is_late else None)


def test_the_heat_map_shows_the_last_issues_and_there_is_none_in_the_first() -> None:
    councils = {ITS: [project("A1", Health.RED, **RED), project("A2", Health.GREEN)]}
    first = broad(councils)
    assert heat_grid(first, (), AS_OF) is None
    assert compose_broad(first, AS_OF).heat_maps == ()
    told = broad(councils, {"A1": "Y", "A2": "-"}, {"A2": "G"})
    (picture,) = compose_broad(told, AS_OF).heat_maps
    assert "3 issues, 5 Oct to 30 Nov 2026" in render(picture)[0].text
    assert picture.columns == (date(2026, 10, 5), date(2026, 11, 2), date(2026, 11, 30))
    assert [(each.code, each.cells) for each in picture.rows] == [("A1", ".YR"), ("A2", "G-G")]


def test_of_many_projects_the_heat_map_shows_those_that_were_not_green_throughout() -> None:
    green = [project(f"G{number:03}", Health.GREEN) for number in range(ROWS)]
    amber = [project(f"Y{number:03}", Health.YELLOW, why="x") for number in range(6 * ROWS)]
    red = project("RED", Health.RED, **RED)
    told = broad({ITS: [*green, *amber, red]}, {"G001": "R"})
    pictures = compose_broad(told, AS_OF).heat_maps
    assert len(pictures) == 5
    assert pictures[0].title == "Overview: not green throughout"
    assert pictures[0].rows[0].code == "RED"
    few = broad({ITS: [*green, red]}, {"G001": "R"})
    (picture,) = compose_broad(few, AS_OF).heat_maps
    assert [each.code for each in picture.rows] == ["RED", "G001"]

"""What stands in which section of a digest's head, and in which order."""

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.digests.messages import ClosedLine, DigestHead, NextDate
from domain.digests.rules import compose, count, first_line, is_alarming
from domain.digests.values import Counts, LeftProject, OpenDecision, PastReport, ProjectInCycle
from models.enums import Health, RequestState
from tests.support.digesting import (
    COLOURS,
    CUT_OFF,
    DIGEST_AT,
    OPENS_ON,
    WEEK,
    facts,
    past_of,
    project,
)

GREEN, YELLOW, RED, GREY = Health.GREEN, Health.YELLOW, Health.RED, Health.GREY


def _head(*projects: ProjectInCycle, **others: Any) -> DigestHead:
    return compose(facts(*projects), DIGEST_AT, **others).head


def _codes(lines: Iterable[Any]) -> list[str]:
    return [line.code for line in lines]


@pytest.mark.parametrize(
    ("health", "past", "sections"),
    [
        pytest.param(GREEN, "g", {"green"}, id="green as ever"),
        pytest.param(GREEN, "", {"green"}, id="green at first"),
        pytest.param(GREEN, "y", {"green", "improved"}, id="green again"),
        pytest.param(GREEN, ".y", {"green"}, id="green after a gap"),
        pytest.param(YELLOW, "g", {"newly_worse"}, id="yellow now"),
        pytest.param(YELLOW, "y", {"other_yellow"}, id="yellow still"),
        pytest.param(YELLOW, "", {"other_yellow"}, id="yellow at first"),
        pytest.param(YELLOW, ".g", {"other_yellow"}, id="yellow after a gap"),
        pytest.param(YELLOW, "yyyy", {"long_yellow"}, id="yellow for long"),
        pytest.param(YELLOW, "r", {"other_yellow", "improved"}, id="no longer red"),
        pytest.param(YELLOW, "-", {"other_yellow"}, id="yellow after not rated"),
        pytest.param(RED, "g", {"red"}, id="red now"),
        pytest.param(RED, "rrrrrr", {"red"}, id="red for long"),
        pytest.param(GREY, "g", {"not_rated"}, id="a text without a colour"),
        pytest.param(None, "g", {"missing"}, id="no report"),
    ],
)
def test_a_project_stands_where_its_colour_and_history_put_it(
    health: Health | None, past: str, sections: set[str]
) -> None:
    head = _head(project("A", health, past=past_of(past)))
    assert {name for name in SECTIONS if getattr(head, name)} == sections


SECTIONS = (
    "red",
    "newly_worse",
    "long_yellow",
    "other_yellow",
    "improved",
    "missing",
    "not_rated",
    "green",
)


def test_yellow_becomes_long_after_exactly_four_weeks() -> None:
    tried = project("A", YELLOW, past=past_of("yyy"))
    since = OPENS_ON - 3 * WEEK
    for days, section in ((27, "other_yellow"), (28, "long_yellow")):
        as_of = datetime.combine(since + timedelta(days=days), DIGEST_AT.timetz())
        head = compose(facts(tried), as_of).head
        assert _codes(getattr(head, section)) == ["A"]
        assert getattr(head, section)[0].days == days


def test_red_stands_oldest_first_and_then_by_code() -> None:
    head = _head(
        project("A", RED, past=past_of("g")),
        project("B", RED, past=past_of("rr")),
        project("C", RED, past=past_of("r")),
        project("D", RED, past=past_of("y")),
    )
    assert _codes(head.red) == ["B", "C", "A", "D"]
    assert [line.days for line in head.red] == [19, 12, 5, 5]


def test_long_yellow_stands_oldest_first_and_the_others_by_code() -> None:
    head = _head(
        project("D", YELLOW, past=past_of("yyyyy")),
        project("E", YELLOW, past=past_of("yyyyyy")),
        project("B", YELLOW, past=past_of("y")),
        project("A", YELLOW, past=past_of("yy")),
        project("Z", GREEN),
        project("C", GREEN),
    )
    assert _codes(head.long_yellow) == ["E", "D"]
    assert _codes(head.other_yellow) == ["A", "B"]
    assert _codes(head.green) == ["C", "Z"]


@pytest.mark.parametrize(
    ("past", "since_weeks_ago", "previous"),
    [
        pytest.param("rrg", 2, RED, id="a run"),
        pytest.param("grr", 0, GREEN, id="a new run"),
        pytest.param("", 0, None, id="the first report"),
        pytest.param(".rr", 0, None, id="a gap: no arrow, and the count begins anew"),
        pytest.param("r.r", 1, RED, id="a gap further back ends the run"),
    ],
)
def test_days_and_reports_in_a_colour_are_counted_from_the_first_report_of_the_run(
    past: str, since_weeks_ago: int, previous: Health | None
) -> None:
    composed = compose(facts(project("A", RED, past=past_of(past))), DIGEST_AT)
    line = composed.head.red[0]
    assert line.reports == composed.details[0].report.reports == since_weeks_ago + 1
    assert line.since == OPENS_ON - WEEK * since_weeks_ago
    assert line.days == 5 + 7 * since_weeks_ago
    assert line.previous is previous


def test_days_are_those_of_the_councils_calendar() -> None:
    late_evening = datetime.fromisoformat("2026-11-30T23:30:00+00:00")
    in_new_york = compose(facts(project("A", RED)), late_evening).head
    in_kolkata = compose(facts(project("A", RED), timezone="Asia/Kolkata"), late_evening).head
    assert (in_new_york.red[0].days, in_kolkata.red[0].days) == (5, 6)


def test_decisions_stand_soonest_first_and_undated_ones_last() -> None:
    head = _head(
        project("A", GREEN, decision="Whenever"),
        project("B", RED, decision="- Fund it\nor stop it", decision_from="ITS"),
        project("C", GREEN, decision="Later", decision_by=date(2026, 12, 24)),
        project("D", YELLOW, decision="Soon", decision_by=date(2026, 12, 1)),
        project("E", GREEN),
    )
    assert _codes(head.decisions) == ["D", "C", "A", "B"]
    assert (head.decisions[3].decision, head.decisions[3].decision_from) == ("Fund it", "ITS")


ANSWERED_ON = date(2026, 11, 26)
SOON, FAR, FARTHER = date(2026, 12, 10), date(2027, 3, 3), date(2027, 3, 17)


@pytest.mark.parametrize(
    ("baseline", "forecast", "past", "line"),
    [
        pytest.param(None, SOON, "", (SOON, None), id="due soon"),
        pytest.param(SOON, None, "", (SOON, None), id="due soon by its baseline"),
        pytest.param(None, OPENS_ON, "", (OPENS_ON, None), id="due today"),
        pytest.param(None, OPENS_ON + timedelta(30), "", (date(2026, 12, 25), None), id="in 30"),
        pytest.param(None, OPENS_ON + timedelta(31), "", None, id="in 31 days"),
        pytest.param(None, OPENS_ON - timedelta(1), "", (date(2026, 11, 24), None), id="overdue"),
        pytest.param(None, FAR, "", None, id="far ahead"),
        pytest.param(None, None, "", None, id="no date"),
        pytest.param(FAR, FARTHER, "", (FARTHER, FAR), id="moved from its baseline"),
        pytest.param(FAR, FARTHER, [FARTHER], None, id="moved before: told already"),
        pytest.param(FAR, FARTHER, [FAR], (FARTHER, FAR), id="moved since the last report"),
        pytest.param(FAR, FAR, [FARTHER], (FAR, FARTHER), id="moved back"),
        pytest.param(FAR, FARTHER, [None], (FARTHER, FAR), id="dated for the first time, moved"),
        pytest.param(FAR, FAR, [None], None, id="dated for the first time, not moved"),
    ],
)
def test_milestones_that_moved_or_are_due_soon_are_told(
    baseline: date | None,
    forecast: date | None,
    past: Iterable[date | None],
    line: tuple[date, date | None] | None,
) -> None:
    earlier = [each for day in past for each in past_of("g", "Go-live", day)]
    head = _head(
        project(
            "A",
            GREEN,
            past=earlier,
            milestone="Go-live",
            milestone_baseline=baseline,
            milestone_forecast=forecast,
        )
    )
    assert [(each.forecast, each.moved_from) for each in head.milestones] == (
        [line] if line else []
    )


@pytest.mark.parametrize(
    ("forecast", "is_met", "told"),
    [
        pytest.param(OPENS_ON - WEEK, True, [(True, False)], id="met on the last ask day"),
        pytest.param(OPENS_ON - timedelta(8), True, [], id="met before: told already"),
        pytest.param(ANSWERED_ON - timedelta(1), False, [(False, True)], id="over when reported"),
        pytest.param(ANSWERED_ON, False, [(False, False)], id="over since it was reported"),
    ],
)
def test_a_milestone_is_told_once_as_met_and_until_then_as_overdue(
    forecast: date, told: list[tuple[bool, bool]], *, is_met: bool
) -> None:
    answers: dict[str, Any] = {"milestone": "Go-live", "milestone_forecast": forecast}
    answers["milestone_met"] = is_met
    head = _head(project("A", GREEN, **answers))
    assert [(each.is_met, each.is_overdue) for each in head.milestones] == told


PAST, DECISION_DAY = OPENS_ON - timedelta(3), date(2026, 12, 4)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, None, id="none"),
        pytest.param(
            {"milestone": "Go", "milestone_forecast": SOON, "milestone_baseline": PAST},
            NextDate(SOON, "Go"),
            id="the milestone's forecast",
        ),
        pytest.param(
            {"milestone": "Go", "milestone_baseline": SOON}, NextDate(SOON, "Go"), id="its baseline"
        ),
        pytest.param(
            {"milestone": "Go", "milestone_forecast": SOON, "milestone_met": True}, None, id="met"
        ),
        pytest.param(
            {"milestone": "Go", "milestone_forecast": SOON, "decision": "?"}
            | {"decision_by": DECISION_DAY},
            NextDate(DECISION_DAY),
            id="a decision before it",
        ),
        pytest.param(
            {"milestone": "Go", "milestone_forecast": SOON, "decision": "?", "decision_by": PAST},
            NextDate(SOON, "Go"),
            id="what is ahead comes before what is over",
        ),
        pytest.param({"decision": "?", "decision_by": PAST}, NextDate(PAST), id="all is over"),
        pytest.param({"decision_by": DECISION_DAY}, None, id="a day of no decision"),
    ],
)
def test_a_red_line_names_the_next_date(answers: dict[str, Any], expected: NextDate | None) -> None:
    assert _head(project("A", RED, **answers)).red[0].next_date == expected


@pytest.mark.parametrize(
    ("phase", "percent", "before", "closed"),
    [
        pytest.param("closeout", 100, [], True, id="finished"),
        pytest.param("closeout", 99, [], False, id="nearly"),
        pytest.param("closeout", None, [], False, id="nobody said how far"),
        pytest.param("execution", 100, [], False, id="not the last phase"),
        pytest.param("closeout", 100, [("execution", 100)], True, id="finished before its end"),
        pytest.param("closeout", 100, [("closeout", 80)], True, id="finished now"),
        pytest.param("closeout", 100, [("closeout", 100)], False, id="told already"),
    ],
)
def test_a_project_is_closed_once_it_reports_the_last_phase_as_finished(
    phase: str, percent: int | None, before: list[tuple[str, int]], *, closed: bool
) -> None:
    past = [PastReport(OPENS_ON - WEEK, GREEN, "", None, *each) for each in before]
    finished = project("A", GREEN, past=past, percent_complete=percent)
    assert finished.report is not None
    finished = dataclasses.replace(
        finished, report=dataclasses.replace(finished.report, phase=phase)
    )
    head = compose(facts(finished, last_phase="closeout"), DIGEST_AT).head
    expected = ClosedLine("A", "Project A", "Ana", "closeout", is_reported=True)
    assert head.closed == ((expected,) if closed else ())
    assert _codes(head.green) == ["A"]


def test_what_left_the_phases_that_are_asked_is_told_to_its_own_audience() -> None:
    left = (
        LeftProject(7, "B", "Lifts", "Omar", "operations", is_restricted=False),
        LeftProject(8, "V", "Vault", "Omar", "operations", is_restricted=True),
    )
    gone = facts(project("A", GREEN), project("W", is_restricted=True), left=left)
    assert compose(gone, DIGEST_AT).head.closed == (
        ClosedLine("B", "Lifts", "Omar", "operations", is_reported=False),
    )
    assert _codes(compose(gone, DIGEST_AT, restricted=True).head.closed) == ["V"]
    assert compose(gone.without([7]), DIGEST_AT).head.closed == ()


@pytest.mark.parametrize(
    ("counts", "is_alarm"),
    [
        (Counts(green=7, yellow=2, red=1), False),  # exactly 30 %
        (Counts(green=6, yellow=2, red=1), True),
        (Counts(green=6, yellow=2, red=1, grey=90), True),
        (Counts(yellow=2, red=2), False),  # four are no portfolio
        (Counts(yellow=3, red=2), True),
        (Counts(green=5), False),
        (Counts(grey=20), False),
    ],
)
def test_a_portfolio_is_under_stress_when_more_than_30_percent_of_the_rated_are_in_trouble(
    counts: Counts, *, is_alarm: bool
) -> None:
    assert is_alarming(counts) is is_alarm


def test_another_milestone_has_not_moved() -> None:
    head = _head(
        project(
            "A",
            GREEN,
            past=past_of("g", "Design done", SOON),
            milestone="Go-live",
            milestone_forecast=FAR,
        )
    )
    assert head.milestones == ()


def test_milestones_stand_in_the_order_of_their_dates() -> None:
    def due(code: str, day: date) -> ProjectInCycle:
        return project(code, GREEN, milestone="M", milestone_forecast=day)

    later = SOON + timedelta(days=1)
    head = _head(due("A", later), due("C", SOON), due("B", SOON))
    assert _codes(head.milestones) == ["B", "C", "A"]


def test_a_missing_project_tells_what_is_last_known_and_how_old_that_is_when_it_is_read() -> None:
    head = _head(project("A", past=past_of(".y")), project("B"))
    known, unknown = head.missing
    assert (known.code, known.last_health, known.last_on) == ("A", YELLOW, OPENS_ON - 2 * WEEK)
    assert known.days == 14 + 5
    assert (unknown.last_health, unknown.last_on, unknown.days) == (None, None, 0)


def test_of_the_missing_those_that_were_worst_come_first() -> None:
    pasts = {"A": "g", "B": "y", "C": "", "D": "r", "E": "r"}
    head = _head(*(project(code, past=past_of(past)) for code, past in pasts.items()))
    assert _codes(head.missing) == ["D", "E", "B", "A", "C"]


def test_an_open_decision_is_told_of_who_is_silent_and_left_to_the_report_of_who_is_not() -> None:
    waiting = (OpenDecision("Fund it\nor not", "the CIO", SOON), OpenDecision("Go?", "", None))
    silent = dataclasses.replace(project("A"), decisions=waiting)
    speaks = dataclasses.replace(project("B", GREEN, decision="Stop?"), decisions=waiting)
    lines = [
        (each.code, each.decision, each.decision_by, each.is_from_list)
        for each in _head(silent, speaks).decisions
    ]
    assert lines == [
        ("A", "Fund it", SOON, True),
        ("A", "Go?", None, True),
        ("B", "Stop?", None, False),
    ]


def test_counts_have_every_project_once_and_call_grey_what_has_no_colour() -> None:
    head = _head(
        project("A", GREEN),
        project("B", GREEN),
        project("C", YELLOW),
        project("D", RED),
        project("E", GREY),
        project("F"),
        project("G", state=RequestState.EXCUSED),
    )
    assert head.counts == Counts(green=2, yellow=1, red=1, grey=3)
    assert (head.due, head.received) == (6, 5)  # nobody was asked for G


@pytest.mark.parametrize(
    ("healths", "counts"),
    [
        ([], Counts()),
        ([None], Counts(grey=1)),
        ([GREY], Counts(grey=1)),
        ([GREEN, RED, RED, YELLOW, None], Counts(green=1, yellow=1, red=2, grey=1)),
    ],
)
def test_projects_are_counted_by_health(healths: list[Health | None], counts: Counts) -> None:
    assert count((RequestState.ANSWERED, health) for health in healths) == counts


def test_open_and_restricted_projects_never_stand_in_one_head() -> None:
    mixed = facts(
        project("A", GREEN),
        project("V", RED, is_restricted=True, decision="Hush"),
        project("W", is_restricted=True),
        previous=Counts(green=1),
        previous_restricted=Counts(red=2),
    )
    channel = compose(mixed, DIGEST_AT)
    private = compose(mixed, DIGEST_AT, restricted=True)
    assert (channel.head.due, channel.head.counts) == (1, Counts(green=1))
    assert channel.head.previous == Counts(green=1)
    assert "V" not in str([channel.head.decisions, channel.head.red, channel.details])
    assert (private.head.due, private.head.counts) == (2, Counts(red=1, grey=1))
    assert private.head.previous == Counts(red=2)
    assert (channel.head.is_restricted, private.head.is_restricted) == (False, True)


def test_a_late_answer_is_marked_and_so_is_its_second_version_before_the_digest() -> None:
    at_once = CUT_OFF + timedelta(seconds=1)
    late: dict[str, Any] = {"state": RequestState.LATE, "report": {"submitted_at": at_once}}
    second: dict[str, Any] = {
        "state": RequestState.LATE,
        "report": {"submitted_at": at_once, "version": 2},
    }
    composed = compose(
        facts(project("A", GREEN), project("B", RED, **late), project("C", RED, **second)),
        DIGEST_AT,
    )
    assert composed.head.green[0].added_at is None
    assert [line.added_at for line in composed.head.red] == [at_once, at_once]
    assert [line.corrected_at for line in composed.head.red] == [None, None]
    assert all(detail.report.is_late for detail in composed.details)


def test_a_correction_is_marked_only_when_it_came_after_the_digest() -> None:
    after = DIGEST_AT + timedelta(hours=2)
    corrected = project("A", RED, report={"submitted_at": after, "version": 2})
    earlier = project("B", RED, report={"version": 2})
    amended = compose(
        facts(corrected, earlier), after + timedelta(minutes=1), posted_at=DIGEST_AT
    ).head
    assert [line.corrected_at for line in amended.red] == [after, None]
    assert [line.added_at for line in amended.red] == [None, None]
    assert amended.amended_at == after + timedelta(minutes=1)


def test_a_correction_of_a_late_answer_is_marked_as_that() -> None:
    after = DIGEST_AT + timedelta(hours=2)
    twice = project("A", RED, state=RequestState.LATE, report={"submitted_at": after, "version": 2})
    line = compose(facts(twice), after, posted_at=DIGEST_AT).head.red[0]
    assert (line.added_at, line.corrected_at) == (None, after)


def test_a_first_digest_is_not_amended() -> None:
    assert _head(project("A", RED)).amended_at is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("One line", "One line"),
        ("First\nSecond", "First"),
        ("\n \n  Third line  \nmore", "Third line"),
        ("- A bullet\n- Another", "A bullet"),
        ("• A bullet", "A bullet"),
        ("* A bullet", "A bullet"),
        ("– A bullet", "A bullet"),  # noqa: RUF001 - people type such dashes
        ("-\n- Something", "Something"),
        ("- - Twice", "Twice"),
        ("-5 % of the budget", "-5 % of the budget"),
        ("*Bold* statement", "*Bold* statement"),
        ("Cost - too high", "Cost - too high"),
        ("\r\nWindows\r\n", "Windows"),
    ],
)
def test_the_first_line_of_a_text_is_the_first_with_something_in_it(text: str, line: str) -> None:
    assert first_line(text) == line


@given(text=st.text(max_size=60))
def test_a_first_line_is_one_line_of_the_text(text: str) -> None:
    line = first_line(text)
    assert line == line.strip()
    assert line in text
    assert len(line.splitlines()) <= 1


HISTORIES = st.text("gyr-.", max_size=6)


@st.composite
def _projects(draw: st.DrawFn) -> list[ProjectInCycle]:
    codes = draw(st.lists(st.text("ABC", min_size=1, max_size=3), unique=True, max_size=8))
    return [
        project(
            code,
            draw(st.sampled_from([*COLOURS.values(), None])),
            past=past_of(draw(HISTORIES)),
            is_restricted=draw(st.booleans()),
            decision=draw(st.sampled_from(["", "Decide"])),
        )
        for code in codes
    ]


@given(projects=_projects(), restricted=st.booleans())
def test_every_project_stands_in_the_head_of_its_audience_and_in_one_section_of_its_colour(
    projects: list[ProjectInCycle], *, restricted: bool
) -> None:
    head = compose(facts(*projects), DIGEST_AT, restricted=restricted).head
    mine = [each.code for each in projects if each.is_restricted == restricted]
    standing = [
        code for name in SECTIONS if name != "improved" for code in _codes(getattr(head, name))
    ]
    assert sorted(standing) == sorted(mine)
    assert {*_codes(head.decisions), *_codes(head.improved)} <= set(mine)
    assert head.due == len(mine) == sum(dataclasses.astuple(head.counts))


@given(projects=_projects(), restricted=st.booleans())
def test_composing_twice_gives_the_same(
    projects: list[ProjectInCycle], *, restricted: bool
) -> None:
    once = compose(facts(*projects), DIGEST_AT, restricted=restricted)
    assert once == compose(facts(*projects), DIGEST_AT, restricted=restricted)


def test_a_claim_that_is_better_than_the_facts_carries_both() -> None:
    computed: dict[str, Any] = {
        "computed": YELLOW,
        "computed_why": ("It is late.",),
        "claim_reason": "I know\nbetter",
    }
    head = _head(
        project("A", GREEN, report=computed),
        project("B", RED, report=computed),
        project("C", GREEN),
    )
    marked = [(each.code, each.computed, each.claim_reason) for each in (*head.green, *head.red)]
    assert marked == [("A", YELLOW, "I know"), ("C", None, ""), ("B", None, "")]

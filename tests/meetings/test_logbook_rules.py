"""What is looked for in the decision log, what fits, and how councils' figures are counted."""

from datetime import date, timedelta

import pytest

from domain.calendar.rules import WorkingDays
from domain.errors import UnreadableError
from domain.meetings.logbook.rules import (
    Named,
    Task,
    closure,
    fits,
    latency,
    read_asked,
    wording_faults,
    working_days_between,
)
from domain.meetings.logbook.values import Asked, Closure, Latency
from models.enums import LogState

TODAY = date(2026, 11, 25)
SINCE = TODAY - timedelta(days=365)
COUNCILS = [Named(1, "ITS"), Named(2, "ITS Council"), Named(3, "Data Board")]
SAID = ("Sign the vendor's contract?", "", "D-12")
PROJECTS = [Named(7, "APOLLO")]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked("")),
        ("its council", Asked("its council", "", 2, None, "ITS Council")),
        ("ITS Council vendor", Asked("ITS Council vendor", "vendor", 2, None, "ITS Council")),
        ("apollo", Asked("apollo", "", None, 7, "APOLLO")),
        ("apollos", Asked("apollos", "apollos")),
        ("data b", Asked("data b", "", 3, None, "Data Board")),
        ("it", Asked("it", "it")),
        (
            "vendor since 2026-09-01",
            Asked("vendor since 2026-09-01", "vendor", since=date(2026, 9, 1)),
        ),
        ("since 2026-09-01", Asked("since 2026-09-01", "", since=date(2026, 9, 1))),
    ],
)
def test_what_is_typed_names_a_council_a_project_words_and_a_day(text: str, asked: Asked) -> None:
    assert read_asked(text, COUNCILS, PROJECTS) == asked


def test_a_day_that_is_none_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(UnreadableError, match="2026-09-01"):
        read_asked("since yesterday", COUNCILS, PROJECTS)


@pytest.mark.parametrize("words", ["", "vendor", "vendors contracts", "SIGNING contract", "D-12"])
def test_all_words_have_to_occur_in_any_of_their_forms(words: str) -> None:
    assert fits(words, SAID)


@pytest.mark.parametrize("words", ["vendor budget", "D-1", "designing"])
def test_one_word_that_does_not_occur_is_enough_to_leave_a_decision_out(words: str) -> None:
    assert not fits(words, SAID)


@pytest.mark.parametrize(("since", "days"), [(25, 0), (24, 1), (20, 3), (18, 5), (26, 0)])
def test_only_working_days_are_counted(since: int, days: int) -> None:
    assert working_days_between(date(2026, 11, since), TODAY, WorkingDays()) == days


@pytest.mark.parametrize(
    ("taken", "waiting", "found"),
    [
        ([], [], Latency(0, 0)),
        ([None, None], [11], Latency(0, 2, waiting=1, waiting_long=1)),
        ([3], [10, 11], Latency(1, 0, 3, 3, 2, 1)),
        ([1, 2, None, 8], [], Latency(3, 1, 2, 8)),
        ([*range(1, 11)], [], Latency(10, 0, 5.5, 9)),
    ],
)
def test_what_is_not_known_is_counted_as_that_and_never_as_nothing(
    taken: list[int | None], waiting: list[int], found: Latency
) -> None:
    assert latency(taken, waiting) == found


def task(due: int | None, closed: int | None = None, first: int | None = None) -> Task:
    """An action by days from today."""

    def on(days: int | None) -> date | None:
        return None if days is None else TODAY + timedelta(days=days)

    state = LogState.OPEN if closed is None else LogState.DONE
    return Task(state, on(due), on(due if first is None else first), on(closed))


@pytest.mark.parametrize(
    ("tasks", "found"),
    [
        ([], Closure(0, 0, 0, 0, 0, 0)),
        ([task(0), task(5)], Closure(0, 0, 0, 0, 0, 0)),
        ([task(5, closed=-1)], Closure(1, 1, 0, 0, 0, 0)),
        ([task(-5, closed=-5), task(-5, closed=-4)], Closure(2, 1, 1, 0, 0, 0)),
        ([task(-3), task(-4), task(-10, first=-20)], Closure(3, 0, 0, 0, 1, 3, 4, 10)),
        ([task(-400)], Closure(0, 0, 0, 0, 0, 1, 400, 400)),
        ([task(None)], Closure(0, 0, 0, 1, 0, 0)),
        ([Task(LogState.CANCELLED, TODAY, TODAY, TODAY)], Closure(0, 0, 0, 0, 0, 0)),
    ],
)
def test_actions_count_when_their_date_is_over_or_they_are_done(
    tasks: list[Task], found: Closure
) -> None:
    assert closure(tasks, SINCE, TODAY) == found


def test_a_wording_needs_its_question_and_fits_a_field() -> None:
    good = {"question": "Go?", "reason": "", "dissent": "", "interests": ""}
    assert wording_faults(good) == {}
    assert list(wording_faults({**good, "question": " "})) == ["question"]
    assert "3,001" in wording_faults({**good, "reason": "x" * 3_001})["reason"]

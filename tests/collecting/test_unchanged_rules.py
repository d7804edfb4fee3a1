"""When one press is an answer: each reason in a table, and what holds whatever was reported."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collecting.standing.rules import MOST_IN_A_ROW, Matter, Standing, why_not
from domain.collecting.values import Answers
from models.enums import Health

TODAY, CUT_OFF = date(2026, 11, 25), date(2026, 11, 27)
GREEN = Answers(health=Health.GREEN, done="Tested", next="Go live")


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def standing(last: Answers | None = GREEN, **others: Any) -> Standing:
    return Standing(last, **others)


def green(**others: Any) -> Answers:
    return Answers(health=Health.GREEN, **others)


@pytest.mark.parametrize(
    "given_",
    [
        standing(),
        standing(unchanged=1),
        standing(actions=(Matter("A-1", "Sign", None), Matter("A-2", "Send", day(3)))),
        standing(milestones=(Matter("M-1", "Go-live", day(0)),)),
        standing(green(milestone="UAT", milestone_forecast=day(0))),
        standing(
            green(milestone="UAT", milestone_forecast=day(-9)),
            milestones=(Matter("M-1", "uat", day(5)),),  # the list knows a newer date
        ),
    ],
)
def test_a_green_report_with_nothing_waiting_can_hold_on(given_: Standing) -> None:
    assert why_not(given_, TODAY, CUT_OFF) == ()


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        (standing(None), "There is no report yet that could hold on."),
        (standing(unchanged=2), "It was “no change” twice in a row: a few fresh words, please."),
        (
            standing(Answers(health=Health.YELLOW)),
            "The last report was yellow: please say where it stands now.",
        ),
        (
            standing(Answers(health=Health.RED)),
            "The last report was red: please say where it stands now.",
        ),
        (
            standing(Answers(health=Health.GREY)),
            "The last report was not rated: please say where it stands now.",
        ),
        (
            standing(green(decision="Fund it")),
            "The last report asks for a decision: say whether it was made, or clear that field.",
        ),
        (
            standing(actions=(Matter("A-1", "Sign", CUT_OFF),)),
            "A-1 “Sign” waits for an answer: it is due by the cut-off.",
        ),
        (
            standing(actions=tuple(Matter(f"A-{n}", "x", day(-9)) for n in range(1, 6))),
            "A-1 “x”, A-2 “x”, A-3 “x”, 2 more wait for an answer: they are due by the cut-off.",
        ),
        (
            standing(milestones=(Matter("M-1", "Go-live", day(-1)),)),
            "M-1 “Go-live”: Its day has passed. Was it reached, or when will it be?",
        ),
        (
            standing(green(milestone="UAT", milestone_forecast=day(-1))),
            "“UAT”: Its day has passed. Was it reached, or when will it be?",
        ),
    ],
)
def test_each_reason_is_one_friendly_sentence(given_: Standing, reason: str) -> None:
    assert why_not(given_, TODAY, CUT_OFF) == (reason,)


def test_all_reasons_are_told_at_once() -> None:
    worst = standing(
        Answers(health=Health.RED, decision="Fund it"),
        unchanged=2,
        actions=(Matter("A-1", "Sign", TODAY),),
        milestones=(Matter("M-1", "Go-live", day(-1)),),
    )
    assert len(why_not(worst, TODAY, CUT_OFF)) == 5


# --- whatever the history

HEALTHS = st.sampled_from(Health)
DATES = st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31))
ANSWERS = st.builds(
    Answers, health=HEALTHS, decision=st.sampled_from(["", "Fund it"]), milestone_forecast=DATES
)
MATTERS = st.lists(st.builds(Matter, st.just("A-1"), st.just("x"), DATES), max_size=4).map(tuple)
PRESS = st.just(None)
"""In a history: *No change* was pressed; anything else is a fresh report."""


@given(st.lists(PRESS | ANSWERS, max_size=40))
def test_whatever_was_reported_no_more_than_two_in_a_row_hold_on(
    history: list[Answers | None],
) -> None:
    last: Answers | None = None
    unchanged, run = 0, 0
    for each in history:
        if each is not None:
            last, unchanged, run = each, 0, 0
        elif not why_not(Standing(last, unchanged), TODAY, CUT_OFF):
            unchanged, run = unchanged + 1, run + 1
        assert run <= MOST_IN_A_ROW


@given(ANSWERS, st.integers(0, 5), MATTERS, MATTERS)
def test_what_holds_on_was_green_and_nothing_waited(
    last: Answers, unchanged: int, actions: tuple[Matter, ...], milestones: tuple[Matter, ...]
) -> None:
    if why_not(Standing(last, unchanged, actions, milestones), TODAY, CUT_OFF):
        return
    assert last.health is Health.GREEN
    assert not last.decision
    assert unchanged < MOST_IN_A_ROW
    assert all(each.due_on is None or each.due_on > CUT_OFF for each in actions)
    assert all(each.due_on is None or each.due_on >= TODAY for each in milestones)


@given(ANSWERS, st.integers(0, 5), MATTERS, MATTERS)
def test_more_that_waits_never_makes_a_press_an_answer(
    last: Answers, unchanged: int, actions: tuple[Matter, ...], milestones: tuple[Matter, ...]
) -> None:
    less = why_not(Standing(last, unchanged), TODAY, CUT_OFF)
    more = why_not(Standing(last, unchanged, actions, milestones), TODAY, CUT_OFF)
    assert bool(more) or not less

"""Claim against facts: one table for each kind of fact."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import WorkingDays
from domain.collecting.answering.claim_rules import ClaimFacts, Computed, compute, is_better
from domain.collecting.values import Answers
from domain.portfolio.configuration import Thresholds
from models.enums import Health, LogKind

GREEN, YELLOW, RED, GREY = Health.GREEN, Health.YELLOW, Health.RED, Health.GREY

TODAY = date(2026, 11, 25)
FINE = Answers(health=GREEN, done="Tested", next="Go live")
YEAR: dict[str, Any] = {"start": date(2026, 1, 1), "baseline_end": date(2026, 12, 31)}
"""A project of 364 days, which ends after today."""


@dataclass(frozen=True)
class Entry:
    """An open entry of a list."""

    ref: str = "M-1"
    title: str = "Go live"
    due_on: date | None = None
    baseline_on: date | None = None
    score: int | None = None


def computed(thresholds: dict[str, Any] | None = None, **facts: Any) -> Computed:
    """What facts come to, with the default thresholds or others."""
    known = ClaimFacts(**{"today": TODAY, "answers": FINE, **facts})
    return compute(known, Thresholds.model_validate(thresholds or {}), WorkingDays())


def day(text: str) -> date:
    return date.fromisoformat(text)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_without_facts_there_is_nothing_to_compute_from() -> None:
    assert computed() == Computed(None, ())


# --- schedule


@pytest.mark.parametrize(
    ("forecast", "health", "words"),
    [
        ("2026-12-31", GREEN, ""),
        ("2026-11-30", GREEN, ""),
        ("2027-01-18", GREEN, ""),  # 18 of 364 days: 4.9 %
        ("2027-01-19", YELLOW, "19 Jan 2027 is 19 days (5.3 %) past the baseline."),
        ("2027-02-05", YELLOW, "5 Feb 2027 is 36 days (9.9 %) past the baseline."),
        ("2027-02-06", RED, "6 Feb 2027 is 37 days (10.2 %) past the baseline."),
        ("2029-12-31", RED, "31 Dec 2029 is 1,096 days (301.1 %) past the baseline."),
    ],
)
def test_the_forecast_end_is_judged_in_per_cent_of_the_planned_time(
    forecast: str, health: Health, words: str
) -> None:
    why = (f"The forecast end {words}",) if words else ()
    assert computed(**YEAR, forecast_end=day(forecast)) == Computed(health, why)


@pytest.mark.parametrize(
    ("forecast", "health", "words"),
    [
        ("2026-12-04", GREEN, ""),
        ("2026-12-09", GREEN, ""),  # Friday to Wednesday: 3 working days
        ("2026-12-10", YELLOW, "10 Dec 2026 is 4 working days past the baseline."),
        ("2026-12-14", YELLOW, "14 Dec 2026 is 6 working days past the baseline."),
        ("2026-12-15", RED, "15 Dec 2026 is 7 working days past the baseline."),
    ],
)
def test_a_short_project_is_judged_in_working_days(
    forecast: str, health: Health, words: str
) -> None:
    short: dict[str, Any] = {"start": day("2026-11-02"), "baseline_end": day("2026-12-04")}
    why = (f"The forecast end {words}",) if words else ()
    assert computed(**short, forecast_end=day(forecast)) == Computed(health, why)


def test_closures_and_holidays_are_no_delay_of_a_short_project() -> None:
    facts = ClaimFacts(
        today=TODAY,
        answers=FINE,
        start=day("2026-12-01"),
        baseline_end=day("2026-12-23"),
        forecast_end=day("2027-01-04"),
    )
    closed = WorkingDays("US", closures={day("2026-12-24"), day("2026-12-28")})
    # Left over are 29 to 31 December and 4 January: Christmas and New Year are holidays.
    assert compute(facts, Thresholds(), closed).why == (
        "The forecast end 4 Jan 2027 is 4 working days past the baseline.",
    )


@pytest.mark.parametrize(
    "length", [{"start": None}, {"start": day("2026-12-31")}, {"start": day("2027-03-01")}]
)
def test_a_long_delay_of_a_project_of_unknown_length_is_yellow_and_never_red(
    length: dict[str, Any],
) -> None:
    facts = YEAR | length
    assert computed(**facts, forecast_end=day("2027-01-05")).health is GREEN
    assert computed(**facts, forecast_end=day("2029-12-31")) == Computed(
        YELLOW, ("The forecast end 31 Dec 2029 is 1,096 days past the baseline.",)
    )


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (
            {"forecast_end": ago(3)},
            "The forecast end 22 Nov 2026 passed 3 days ago, and the project still reports.",
        ),
        (
            {"baseline_end": ago(1)},
            "The planned end 24 Nov 2026 passed 1 day ago, and the project still reports.",
        ),
    ],
)
def test_an_end_that_passed_unnoticed_is_yellow(ends: dict[str, Any], why: str) -> None:
    assert computed(**ends) == Computed(YELLOW, (why,))


@pytest.mark.parametrize(
    "ends",
    [
        {"baseline_end": TODAY},
        {"forecast_end": TODAY},
        {"start": ago(300)},
        {"baseline_end": TODAY + timedelta(days=9)},
    ],
)
def test_one_date_alone_that_still_lies_ahead_says_nothing(ends: dict[str, Any]) -> None:
    assert computed(**ends) == Computed(None, ())


def test_dates_do_not_care_for_the_change_to_winter_time() -> None:
    # 1 November 2026 has 25 hours in New York; the dates know nothing of it.
    facts: dict[str, Any] = {"start": day("2026-10-01"), "baseline_end": day("2026-10-30")}
    late = computed(**facts, forecast_end=day("2026-11-27"), today=day("2026-10-20"))
    assert late.why == ("The forecast end 27 Nov 2026 is 20 working days past the baseline.",)


# --- money


@pytest.mark.parametrize(
    ("budget", "forecast", "spent", "health", "why"),
    [
        ("500000", "500000", None, GREEN, None),
        ("500000", "1", None, GREEN, None),
        ("500000", "525000", None, GREEN, None),
        (
            "500000",
            "525000.01",
            None,
            YELLOW,
            (
                "The forecast at completion 525,000.01 is 25,000.01 (5.1 %) over the budget of "
                "500,000."
            ),
        ),
        (
            "500000",
            "550000.00",
            None,
            YELLOW,
            "The forecast at completion 550,000 is 50,000 (10 %) over the budget of 500,000.",
        ),
        (
            "500000",
            "550000.01",
            None,
            RED,
            (
                "The forecast at completion 550,000.01 is 50,000.01 (10.1 %) over the budget of "
                "500,000."
            ),
        ),
        ("500000", None, "499999", None, None),
        (
            "500000",
            None,
            "540000",
            YELLOW,
            "What is spent, 540,000, is 40,000 (8 %) over the budget of 500,000.",
        ),
        (
            "500000",
            "500000",
            "600000",
            RED,
            "What is spent, 600,000, is 100,000 (20 %) over the budget of 500,000.",
        ),
        ("0", "0", None, GREEN, None),
        (
            "0",
            "0.01",
            None,
            RED,
            "The forecast at completion 0.01 stands against a budget of 0.",
        ),
        ("0", None, "5", RED, "What is spent, 5, stands against a budget of 0."),
        (None, "9000", "9000", None, None),
        ("500000", None, None, None, None),
        (
            "0.01",
            "99999999999999.99",
            None,
            RED,
            (
                "The forecast at completion 99,999,999,999,999.99 is 99,999,999,999,999.98 "
                "(999,999,999,999,999,800 %) over the budget of 0.01."
            ),
        ),
    ],
)
def test_money_is_judged_against_the_budget(
    budget: str | None,
    forecast: str | None,
    spent: str | None,
    health: Health | None,
    why: str | None,
) -> None:
    answers = replace(
        FINE,
        cost_forecast=Decimal(forecast) if forecast else None,
        spent=Decimal(spent) if spent else None,
    )
    told = computed(answers=answers, budget=Decimal(budget) if budget else None)
    assert told == Computed(health, (why,) if why else ())


# --- milestones


def test_an_open_milestone_that_lies_ahead_is_fine() -> None:
    assert computed(milestones=[Entry(due_on=TODAY)]) == Computed(GREEN, ())


@pytest.mark.parametrize(
    ("days", "health", "since"),
    [
        (1, YELLOW, "24 Nov 2026, 1 day ago"),
        (29, YELLOW, "27 Oct 2026, 29 days ago"),
        (30, RED, "26 Oct 2026, 30 days ago"),
    ],
)
def test_an_overdue_milestone_is_yellow_and_later_red(
    days: int, health: Health, since: str
) -> None:
    assert computed(milestones=[Entry(due_on=ago(days))]) == Computed(
        health, (f"Milestone M-1 “Go live” was due {since}.",)
    )


def test_of_several_overdue_milestones_the_oldest_is_named_and_the_others_counted() -> None:
    milestones = [Entry(due_on=ago(2)), Entry("M-2", "UAT", ago(9)), Entry("M-3", "Pilot", ago(0))]
    assert computed(milestones=milestones).why == (
        "2 milestones are overdue; the oldest, M-2 “UAT”, was due 16 Nov 2026, 9 days ago.",
    )


def test_the_reports_own_milestone_is_overdue_too() -> None:
    answers = replace(FINE, milestone="Go live", milestone_forecast=ago(2))
    assert computed(answers=answers).why == (
        "Milestone “Go live” was due 23 Nov 2026, 2 days ago.",
    )
    answers = replace(FINE, milestone="Go live", milestone_baseline=ago(1))
    assert computed(answers=answers).why == ("Milestone “Go live” was due 24 Nov 2026, 1 day ago.",)


def test_what_the_report_says_of_a_milestone_counts_more_than_the_list() -> None:
    answers = replace(FINE, milestone=" go  LIVE", milestone_forecast=TODAY)
    assert computed(answers=answers, milestones=[Entry(due_on=ago(5))]) == Computed(GREEN, ())


def test_a_milestone_is_judged_by_the_length_of_the_project() -> None:
    slipped = Entry(due_on=day("2027-01-06"), baseline_on=day("2026-12-01"))
    assert computed(milestones=[slipped], **YEAR) == Computed(
        YELLOW,
        ("Milestone M-1 “Go live” is forecast for 6 Jan 2027, 36 days (9.9 %) past its baseline.",),
    )
    worse = replace(slipped, ref="M-2", due_on=day("2027-01-07"))
    told = computed(milestones=[slipped, worse], **YEAR)
    assert told.health is RED
    assert "".join(told.why) == (
        "2 milestones slip; the worst, M-2 “Go live”, is forecast for 7 Jan 2027, "
        "37 days (10.2 %) past its baseline."
    )


def test_a_milestone_that_comes_earlier_has_not_slipped() -> None:
    early = Entry(due_on=day("2026-12-01"), baseline_on=day("2027-02-01"))
    assert computed(milestones=[early], **YEAR) == Computed(GREEN, ())


def test_a_milestone_without_a_date_says_nothing() -> None:
    assert computed(milestones=[Entry()]) == Computed(None, ())
    assert computed(answers=replace(FINE, milestone="Go live")) == Computed(None, ())


def test_what_is_closed_on_the_lists_is_over_though_the_report_still_names_it() -> None:
    answers = replace(FINE, milestone="Go live", milestone_forecast=ago(2), decision="Pay?\nNow")
    assert len(computed(answers=answers).why) == 2
    settled = {LogKind.MILESTONE: ["go  live"], LogKind.DECISION: ["pay?"]}
    assert computed(answers=answers, settled=settled) == Computed(None, ())
    again: dict[str, Any] = {"settled": settled, "milestones": [Entry(due_on=ago(5))]}
    assert len(computed(answers=replace(answers, decision=""), **again).why) == 1


# --- risks, actions, decisions


@pytest.mark.parametrize(
    ("scores", "health", "why"),
    [
        ([None], None, None),
        ([1, 12], GREEN, None),
        ([12, 15], YELLOW, "Risk R-2 “Vendor” is open with a score of 15."),
        ([20], RED, "Risk R-1 “Vendor” is open with a score of 20."),
        (
            [15, 25, 16],
            RED,
            "3 risks are high; the worst, R-2 “Vendor”, is open with a score of 25.",
        ),
    ],
)
def test_open_risks_count_from_a_score_on(
    scores: list[int | None], health: Health | None, why: str | None
) -> None:
    risks = [
        Entry(f"R-{number}", "Vendor", score=score) for number, score in enumerate(scores, start=1)
    ]
    assert computed(risks=risks) == Computed(health, (why,) if why else ())


def test_an_overdue_action_is_yellow() -> None:
    actions = [Entry("A-1", "Sign", ago(0)), Entry("A-2", "Call", ago(4)), Entry("A-3", "Ask")]
    assert computed(actions=actions[::2]) == Computed(None, ())
    assert computed(actions=actions) == Computed(
        YELLOW, ("Action A-2 “Call” was due 21 Nov 2026, 4 days ago.",)
    )


def test_a_decision_that_is_needed_is_yellow_somebody_else_must_act() -> None:
    answers = replace(FINE, decision="Approve\nthe budget")
    assert computed(answers=answers) == Computed(
        YELLOW, ("A decision is needed: “Approve the budget”.",)
    )
    answers = replace(answers, decision_from="the council", decision_by=day("2026-12-03"))
    assert computed(answers=answers).why == (
        "A decision is needed from the council, by 3 Dec 2026: “Approve the budget”.",
    )


def test_a_decision_of_the_list_counts_once_it_is_overdue() -> None:
    assert computed(decisions=[Entry("D-1", "Which vendor", TODAY)]) == Computed(None, ())
    assert computed(decisions=[Entry("D-1", "Which vendor", ago(1))]) == Computed(
        YELLOW, ("Decision D-1 “Which vendor” was due 24 Nov 2026, 1 day ago.",)
    )


# --- the report against itself


@pytest.mark.parametrize(
    ("rated", "health", "why"),
    [
        ({"schedule": GREEN, "budget": GREEN}, GREEN, None),
        ({"schedule": GREEN, "budget": RED}, RED, "The report itself calls budget red."),
        ({"scope": YELLOW}, YELLOW, "The report itself calls scope yellow."),
        (
            {"schedule": RED, "scope": RED, "budget": YELLOW, "resources": RED},
            RED,
            "The report itself calls schedule, scope and resources red.",
        ),
        ({"scope": GREY}, None, None),
    ],
)
def test_a_project_is_no_better_than_its_worst_dimension(
    rated: dict[str, Any], health: Health | None, why: str | None
) -> None:
    told = computed(answers=replace(FINE, **rated))
    assert told == Computed(health, (why,) if why else ())


@pytest.mark.parametrize(
    ("earlier", "why"),
    [
        ([FINE], None),
        ([FINE, FINE], "“Done since the last report” and “Planned next” say the same in 3 "),
        ([replace(FINE, done=" tested ", next="x"), FINE], "“Done since the last report” says the"),
        (
            [replace(FINE, done="Built"), FINE],
            "“Planned next” says the same in 3 reports in a row.",
        ),
        ([FINE, replace(FINE, done="Built", next="Test"), FINE, FINE], None),
        (
            [FINE, FINE, replace(FINE, done="Built", next="Test")],
            "“Done since the last report” and “Planned next” say the same in 3 reports in a row.",
        ),
    ],
)
def test_the_same_words_three_times_are_yellow(earlier: list[Answers], why: str | None) -> None:
    told = computed(earlier=earlier)
    assert told.health is (YELLOW if why else None)
    assert "".join(told.why).startswith(why or "")


def test_nothing_said_three_times_is_no_repetition() -> None:
    silent = Answers(health=GREEN)
    assert computed(answers=silent, earlier=[silent, silent]) == Computed(None, ())


# --- all together


def test_the_worst_finding_counts_and_is_told_first() -> None:
    told = computed(
        actions=[Entry("A-1", "Sign", ago(1))],
        risks=[Entry("R-1", "Vendor", score=25)],
        **YEAR,
        forecast_end=YEAR["baseline_end"],
    )
    assert told.health is RED
    assert [text.split()[0] for text in told.why] == ["Risk", "Action"]


@pytest.mark.parametrize(
    ("thresholds", "health"),
    [
        ({"risk": {"yellow": 4, "red": 8}}, RED),
        ({"risk": {"yellow": 5, "red": 12}}, YELLOW),
        ({"risk": {"yellow": 26, "red": 27}}, GREEN),
    ],
)
def test_thresholds_are_configuration(thresholds: dict[str, Any], health: Health) -> None:
    assert computed(thresholds, risks=[Entry("R-1", "Vendor", score=9)]).health is health


def test_a_long_title_is_quoted_in_few_words() -> None:
    [text] = computed(actions=[Entry("A-1", "word " * 60, ago(1))]).why
    assert text.startswith("Action A-1 “word word")
    assert "…” was due" in text
    assert len(text) < 150


@pytest.mark.parametrize(
    ("claimed", "told", "better"),
    [
        (GREEN, YELLOW, True),
        (GREEN, RED, True),
        (YELLOW, RED, True),
        (GREEN, GREEN, False),
        (YELLOW, GREEN, False),
        (RED, GREEN, False),
        (GREY, RED, False),
        (GREEN, None, False),
        (GREEN, GREY, False),
    ],
)
def test_a_claim_is_better_only_where_both_have_a_colour(
    claimed: Health,
    told: Health | None,
    better: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_better(claimed, told) is better


days = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
money = st.none() | st.decimals(0, Decimal("99999999999999.99"), places=2)
healths = st.none() | st.sampled_from(list(Health))


@given(
    ends=st.tuples(days, days, days),
    figures=st.tuples(money, money, money),
    rated=st.tuples(healths, healths),
    due=st.lists(days, max_size=3),
)
def test_whatever_is_known_a_colour_worse_than_green_comes_with_a_sentence(
    ends: tuple[date | None, ...],
    figures: tuple[Decimal | None, ...],
    rated: tuple[Health | None, ...],
    due: list[date | None],
) -> None:
    start, baseline, forecast = ends
    budget, spent, cost = figures
    told = computed(
        answers=replace(FINE, spent=spent, cost_forecast=cost, schedule=rated[0], budget=rated[1]),
        start=start,
        baseline_end=baseline,
        forecast_end=forecast,
        budget=budget,
        milestones=[
            Entry(f"M-{place}", f"m{place}", one, baseline) for place, one in enumerate(due)
        ],
        actions=[Entry(f"A-{place}", due_on=one) for place, one in enumerate(due)],
    )
    assert told.health is not GREY
    assert bool(told.why) is (told.health in (YELLOW, RED))
    assert all(text.endswith(".") and "\n" not in text for text in told.why)

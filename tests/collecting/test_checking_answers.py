"""The status form's answers: what is read of them, and what is told about each mistake."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collecting.rules import LONGEST_LINE, LONGEST_TEXT, check_answers, state_after_answer
from domain.collecting.values import LONG_FIELDS, Answers
from domain.errors import FieldErrors
from domain.portfolio.configuration import FORM_FIELDS
from models.enums import Health, ReportSource, RequestState

REQUIRED = ("health", "done", "next")
GOOD = {"health": "Green", "done": "Tested", "next": "Go live"}
YELLOW = {**GOOD, "health": "Yellow", "why": "Late"}
RED = {**YELLOW, "health": "Red", "path_to_green": "Ana calls the vendor by Friday"}


def _errors(raw: dict[str, str], required: tuple[str, ...] = REQUIRED) -> dict[str, str]:
    with pytest.raises(FieldErrors) as error:
        check_answers(raw, required)
    return error.value.errors


def test_a_short_answer_is_read() -> None:
    assert check_answers(GOOD, REQUIRED) == Answers(
        health=Health.GREEN, done="Tested", next="Go live"
    )


def test_a_full_answer_is_read() -> None:
    answers = check_answers(
        RED
        | {
            "health": "Amber/Red",
            "schedule": "red",
            "budget": "Green",
            "scope": "amber",
            "resources": "",
            "milestone": "Go-live",
            "milestone_baseline": "2027-03-03",
            "milestone_forecast": "2027-03-17",
            "risks": "The vendor leaves",
            "decision": "Fund two weeks more",
            "decision_from": "ITS Council",
            "decision_by": "2026-12-10",
            "spent": "1,250,000.50",
            "cost_forecast": "2000000",
            "percent_complete": "60",
        },
        REQUIRED,
    )
    assert answers == Answers(
        health=Health.YELLOW,
        rating="Amber/Red",
        why="Late",
        schedule=Health.RED,
        budget=Health.GREEN,
        scope=Health.YELLOW,
        resources=None,
        done="Tested",
        next="Go live",
        milestone="Go-live",
        milestone_baseline=date(2027, 3, 3),
        milestone_forecast=date(2027, 3, 17),
        risks="The vendor leaves",
        path_to_green="Ana calls the vendor by Friday",
        decision="Fund two weeks more",
        decision_from="ITS Council",
        decision_by=date(2026, 12, 10),
        spent=Decimal("1250000.50"),
        cost_forecast=Decimal(2_000_000),
        percent_complete=60,
    )
    assert answers.slip_days == 14


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"health": ""}, "health", "Overall health is needed."),
        ({"health": "purple"}, "health", "'purple' is not a rating; it needs green"),
        ({"done": " \n "}, "done", "Done since the last report is needed."),
        ({"next": ""}, "next", "Planned next is needed."),
        ({"health": "Amber"}, "why", "Say why it is yellow: the first line goes into the digest."),
        ({"schedule": "late"}, "schedule", "'late' is not a rating"),
        ({"resources": "grey"}, "resources", "'grey' is not a rating"),
        ({"done": "x" * 12_001}, "done", "12,001 characters, and 12,000 fit here"),
        ({"milestone": "x" * 201}, "milestone", "201 characters, and 200 fit here"),
        (
            {"decision": "Yes or no", "decision_from": "x" * 201},
            "decision_from",
            "201 characters, and 200 fit here",
        ),
        (
            {"milestone": "Go-live", "milestone_forecast": "03/17/2027"},
            "milestone_forecast",
            "'03/17/2027' is not a date; write it as 2026-11-25.",
        ),
        (
            {"milestone": "Go-live", "milestone_baseline": "2027-02-30"},
            "milestone_baseline",
            "'2027-02-30' is not a date",
        ),
        (
            {"milestone_forecast": "2027-03-17"},
            "milestone",
            "Name the milestone that the dates belong to, or clear them.",
        ),
        ({"decision_from": "ITS"}, "decision", "Say what has to be decided, or clear from whom"),
        ({"decision_by": "2026-12-10"}, "decision", "Say what has to be decided"),
        ({"decision": "x", "decision_by": "soon"}, "decision_by", "'soon' is not a date"),
        ({"spent": "-1"}, "spent", "An amount is between 0 and 99,999,999,999,999.99."),
        ({"spent": "100000000000000"}, "spent", "An amount is between 0 and"),
        ({"spent": "a lot"}, "spent", "'a lot' is not an amount; write it as 1250000"),
        ({"spent": "NaN"}, "spent", "'NaN' is not an amount; write it as 1250000"),
        ({"cost_forecast": "Infinity"}, "cost_forecast", "'Infinity' is not an amount"),
        ({"cost_forecast": "1,5"}, "cost_forecast", "'1,5' is not an amount"),
        ({"cost_forecast": "1.234,56"}, "cost_forecast", "'1.234,56' is not an amount"),
        ({"cost_forecast": "12.345"}, "cost_forecast", "'12.345' is not an amount"),
        ({"percent_complete": "101"}, "percent_complete", "is not a whole number from 0 to 100."),
        ({"percent_complete": "-1"}, "percent_complete", "is not a whole number from 0 to 100."),
        ({"percent_complete": "50.5"}, "percent_complete", "is not a whole number from 0 to 100."),
        ({"percent_complete": "half"}, "percent_complete", "'half' is not a whole number"),
    ],
)
def test_each_mistake_is_told_at_its_field(change: dict[str, str], field: str, text: str) -> None:
    errors = _errors(GOOD | change)
    assert errors.keys() == {field}
    assert text in errors[field]


def test_red_needs_a_reason_and_a_path_to_green() -> None:
    errors = _errors(GOOD | {"health": "Red"})
    assert errors == {
        "why": "Say why it is red: the first line goes into the digest.",
        "path_to_green": "Red needs a path to green: who does what by when.",
    }


def test_all_mistakes_are_told_at_once() -> None:
    assert _errors({"spent": "x", "milestone_forecast": "y"}).keys() == {
        "health",
        "done",
        "next",
        "spent",
        "milestone_forecast",
    }


@pytest.mark.parametrize("field", FORM_FIELDS)
def test_every_field_that_may_be_required_is_asked_for_by_its_name_on_the_form(field: str) -> None:
    errors = _errors({}, (field,))
    assert errors[field].endswith(" is needed.")
    assert errors[field][0].isupper()
    assert "_" not in errors[field]


@pytest.mark.parametrize(
    ("field", "text"),
    [("health", "purple"), ("percent_complete", "half"), ("spent", "x"), ("schedule", "late")],
)
def test_what_is_wrong_is_not_called_missing(field: str, text: str) -> None:
    assert f"'{text}' is not" in _errors(GOOD | {field: text}, (field,))[field]


def test_required_fields_that_are_given_are_not_missed() -> None:
    full = RED | {
        **dict.fromkeys(("schedule", "budget", "scope", "resources"), "Green"),
        **dict.fromkeys(("milestone", "risks", "decision"), "Something"),
        **dict.fromkeys(("spent", "cost_forecast", "percent_complete"), "0"),
    }
    assert check_answers(full, FORM_FIELDS).percent_complete == 0


@pytest.mark.parametrize("field", LONG_FIELDS)
@given(text=st.text(st.characters(codec="utf-8"), max_size=200), bulk=st.integers(0, 3))
def test_a_long_text_is_kept_whole(field: str, text: str, bulk: int) -> None:
    whole = f"a{text}" + "lorem ipsum\n" * bulk * 300 + "z"
    answers = check_answers(RED | {field: whole, "decision": whole}, REQUIRED)
    assert getattr(answers, field) == whole


def test_the_longest_texts_fit() -> None:
    raw = RED | {"done": "x" * LONGEST_TEXT, "milestone": "y" * LONGEST_LINE}
    answers = check_answers(raw, REQUIRED)
    assert (len(answers.done), len(answers.milestone)) == (LONGEST_TEXT, LONGEST_LINE)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("0", "0"), ("1,000", "1000"), ("1,234,567.8", "1234567.8"), ("99999999999999.99", None)],
)
def test_an_amount_is_read(raw: str, value: str | None) -> None:
    assert check_answers(GOOD | {"spent": raw}, REQUIRED).spent == Decimal(value or raw)


@pytest.mark.parametrize(
    ("raw", "value"), [("0", 0), ("100", 100), ("60.0", 60), ("60 %", 60), ("", None)]
)
def test_per_cent_complete_is_read(raw: str, value: int | None) -> None:
    assert check_answers(GOOD | {"percent_complete": raw}, REQUIRED).percent_complete == value


@given(
    raw=st.dictionaries(
        st.sampled_from([*FORM_FIELDS, "milestone_forecast", "decision_by", "decision_from"]),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(["red", "Amber", "2027-03-17", "1e400000", "12", "1_0", "٣"]),
        ),
    )
)
def test_whatever_is_typed_gives_answers_or_mistakes_by_field(raw: dict[str, str]) -> None:
    outcome = _outcome(raw)
    if isinstance(outcome, Answers):
        assert outcome.done
        assert outcome.health is not Health.GREY
    else:
        assert outcome.keys() <= {*FORM_FIELDS, *raw}
        assert all(outcome.values())


def _outcome(raw: dict[str, str]) -> Answers | dict[str, str]:
    try:
        return check_answers(raw, REQUIRED)
    except FieldErrors as error:
        return error.errors


IN_TIME, LATE_BY = timedelta(0), timedelta(microseconds=1)
FORM, NO_CHANGE = ReportSource.FORM, ReportSource.NO_CHANGE


@pytest.mark.parametrize(
    ("before", "source", "late_by", "state"),
    [
        (RequestState.ASKED, FORM, timedelta(seconds=-1), RequestState.ANSWERED),
        (RequestState.ASKED, FORM, IN_TIME, RequestState.ANSWERED),
        (RequestState.ASKED, FORM, LATE_BY, RequestState.LATE),
        (RequestState.MISSED, FORM, LATE_BY, RequestState.LATE),
        (RequestState.EXCUSED, FORM, IN_TIME, RequestState.ANSWERED),
        (RequestState.ASKED, NO_CHANGE, IN_TIME, RequestState.UNCHANGED),
        (RequestState.ASKED, NO_CHANGE, LATE_BY, RequestState.LATE),
        (RequestState.UNCHANGED, FORM, IN_TIME, RequestState.ANSWERED),
        (RequestState.UNCHANGED, FORM, LATE_BY, RequestState.ANSWERED),
        (RequestState.ANSWERED, FORM, LATE_BY, RequestState.ANSWERED),
        (RequestState.LATE, FORM, LATE_BY, RequestState.LATE),
    ],
)
def test_an_answer_is_late_after_the_cut_off_and_not_at_it_and_a_correction_is_never(
    before: RequestState, source: ReportSource, late_by: timedelta, state: RequestState
) -> None:
    cut_off = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
    assert state_after_answer(before, source, cut_off + late_by, cut_off) is state


@pytest.mark.parametrize(
    ("baseline", "forecast", "days"),
    [
        (date(2027, 3, 3), date(2027, 3, 17), 14),
        (date(2027, 3, 17), date(2027, 3, 3), -14),
        (None, date(2027, 3, 17), None),
        (date(2027, 3, 3), None, None),
    ],
)
def test_the_slip_is_computed(
    baseline: date | None, forecast: date | None, days: int | None
) -> None:
    answers = Answers(milestone_baseline=baseline, milestone_forecast=forecast)
    assert answers.slip_days == days

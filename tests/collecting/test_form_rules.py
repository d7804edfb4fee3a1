"""What the form asks, what it lacks, and what has happened while it was open: pure, in tables."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collecting.answering.form.rules import (
    MOST_PROMISES,
    Asked,
    changes_in_words,
    check_form,
    is_asked,
    news_since,
    next_after,
    promised_lines,
    promises_of,
    question_field,
)
from domain.collecting.values import Answers, Basis, Promise
from domain.errors import FieldErrors
from domain.logs.values import Entry
from models.enums import Health, LogKind

TODAY, CUT_OFF = date(2026, 11, 25), date(2026, 11, 27)
GOOD = {"health": "Green", "done": "Tested", "next": "Go live"}
ASKED = Asked(
    required=("health", "done", "next"),
    scale=("Green", "Light green", "Yellow", "Red"),
    today=TODAY,
    cut_off_on=CUT_OFF,
)
DUE = Entry(7, LogKind.ACTION, 1, "Call the vendor", due_on=CUT_OFF, revision=3)
LATER = replace(DUE, entry_id=8, number=2, due_on=date(2026, 11, 28))


def errors(raw: dict[str, str], asked: Asked = ASKED) -> dict[str, str]:
    with pytest.raises(FieldErrors) as error:
        check_form(raw, asked)
    return error.value.errors


@pytest.mark.parametrize(
    ("name", "health", "required", "text", "shown"),
    [
        ("why", Health.GREEN, (), "", False),
        ("why", Health.GREY, (), "", False),
        ("why", Health.GREEN, (), "typed", True),
        ("why", Health.GREEN, ("why",), "", True),
        ("why", Health.YELLOW, (), "", True),
        ("path_to_green", Health.GREEN, (), "typed", False),
        ("path_to_green", Health.GREEN, ("path_to_green",), "", True),
        ("path_to_green", Health.RED, (), "", True),
        ("done", Health.GREEN, (), "", True),
    ],
)
def test_the_colour_decides_which_fields_are_asked(
    name: str, health: Health, required: tuple[str, ...], text: str, *, shown: bool
) -> None:
    assert is_asked(name, health, required, text) is shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("Go live", ("Go live",)),
        ("- Go live\n* Pay\n\n1. Train\n(2) Rest\n[ ] Sign", None),
        ("  • Zürich 🚀 \n\N{EN DASH} then", ("Zürich 🚀", "then")),
        ("-5 % cost", ("-5 % cost",)),
        ("\n".join(f"- {number}" for number in range(30)), tuple(map(str, range(10)))),
    ],
)
def test_promises_are_the_first_lines_without_their_bullets(
    text: str, lines: tuple[str, ...] | None
) -> None:
    assert promised_lines(text) == (lines or (() if not text else promised_lines(text)))
    if lines is None:
        assert promised_lines(text) == ("Go live", "Pay", "Train", "Rest", "Sign")


@given(st.text())
def test_any_text_promises_a_few_lines_that_stand_in_it(text: str) -> None:
    lines = promised_lines(text)
    assert len(lines) <= MOST_PROMISES
    assert all(line and line in text for line in lines)


@pytest.mark.parametrize(
    ("text", "outcomes", "planned"),
    [
        ("- Sign\n- Pay", ("", ""), "- Sign\n- Pay"),
        ("- Sign\n- Pay", ("done", ""), "- Pay"),
        ("- Sign\n- Pay", ("done", "done"), ""),
        ("- Sign\n- Pay", ("not_done", "moved"), "- Sign\n- Pay"),
        ("My own words", ("done", "moved"), "My own words\nPay"),
        ("", ("not_done", ""), "Sign"),
    ],
)
def test_what_is_done_goes_from_next_and_what_is_not_comes_back(
    text: str, outcomes: tuple[str, str], planned: str
) -> None:
    promises = [Promise("Sign", outcomes[0]), Promise("Pay", outcomes[1])]
    assert next_after(text, promises) == planned
    assert next_after(planned, promises) == planned


def test_done_may_be_empty_where_a_promise_is_done() -> None:
    asked = replace(ASKED, promised=("Sign", "Pay"))
    checked = check_form({**GOOD, "done": "", "promise:0": "done"}, asked)
    assert checked.answers.done == "Sign"
    assert checked.promises == (Promise("Sign", "done"), Promise("Pay", ""))
    assert errors({**GOOD, "done": "", "promise:0": "moved"}, asked).keys() == {"done"}


def test_promises_that_nobody_spoke_of_are_not_kept() -> None:
    assert check_form(GOOD, replace(ASKED, promised=("Sign",))).promises == ()
    known = (Promise("Sign", "moved"),)
    assert promises_of(("Sign",), {}, known) == known
    assert promises_of(("Sign",), {"promise:0": ""}, known) == (Promise("Sign", ""),)


def test_a_rating_that_goes_down_says_why_also_within_a_colour() -> None:
    asked = replace(ASKED, before=Answers(health=Health.GREEN))
    told = errors({**GOOD, "health": "Light green"}, asked)
    assert told == {
        "why": "It goes from Green to Light green: say why. The first line goes into the digest."
    }
    assert check_form({**GOOD, "health": "Light green", "why": "Late"}, asked).answers.why == "Late"
    better = replace(ASKED, before=Answers(health=Health.YELLOW))
    assert check_form(GOOD, better).answers.health is Health.GREEN


@pytest.mark.parametrize(
    ("typed", "field", "text"),
    [
        ({"action:7:3": ""}, "action:7:3", "A-1 is due: say what became of it."),
        ({"action:7:3": "moved"}, "action:7:3", "Give the day to which it moved."),
        (
            {"action:7:3": "moved", "action_due:7": ""},
            "action_due:7",
            "Give the day to which it moved.",
        ),
        (
            {"action:7:3": "moved", "action_due:7": "2026-11-24"},
            "action_due:7",
            "2026-11-24 is in the past: give a day to come.",
        ),
        ({"action:7:3": "cancelled"}, "action:7:3", "Say why it falls away."),
        (
            {"action:7:3": "cancelled", "action_note:7": "x" * 3_001},
            "action_note:7",
            "At most 3,000 characters fit here.",
        ),
        ({"action:7:2": "done"}, "action:7:3", "A-1 has changed since you opened the form"),
    ],
)
def test_what_the_answer_to_an_action_lacks_is_told_at_its_field(
    typed: dict[str, str], field: str, text: str
) -> None:
    told = errors(GOOD | typed, replace(ASKED, actions=(DUE, LATER)))
    assert told.keys() == {field}
    assert text in told[field]


@pytest.mark.parametrize("typed", [{}, {"action:7:3": "open"}, {"action:8:3": ""}])
def test_an_action_that_is_open_needs_a_word_and_one_that_is_not_due_needs_none(
    typed: dict[str, str],
) -> None:
    assert check_form(GOOD | typed, replace(ASKED, actions=(DUE, LATER))).actions == ()


def test_a_correction_need_not_say_again_what_became_of_an_action() -> None:
    asked = replace(ASKED, actions=(DUE,), version=1)
    assert check_form({**GOOD, "action:7:3": ""}, asked).actions == ()


def test_answers_to_actions_are_read() -> None:
    raw = {
        **GOOD,
        "action:7:3": "moved",
        "action_due:7": "2026-12-04",
        "action:8:3": "cancelled",
        "action_note:8": " Not wanted ",
    }
    moved, cancelled = check_form(raw, replace(ASKED, actions=(DUE, LATER))).actions
    assert (moved.outcome, moved.due_on, moved.revision) == ("moved", date(2026, 12, 4), 3)
    assert (cancelled.outcome, cancelled.note) == ("cancelled", "Not wanted")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"milestone_forecast": "2026-11-24"}, "milestone_forecast"),
        ({"milestone_forecast": "2026-11-26", "milestone_met": "met"}, "milestone_forecast"),
        ({"decision": "Fund it", "decision_by": "2026-11-24"}, "decision_by"),
        ({"milestone": "", "milestone_met": "met"}, "milestone"),
        ({"percent_complete": "abc"}, "percent_complete"),
        ({"percent_complete": "140"}, "percent_complete"),
        ({"claim_reason": "x" * 3_001}, "claim_reason"),
    ],
)
def test_dates_and_numbers_that_cannot_be_are_told_at_their_field(
    typed: dict[str, str], field: str
) -> None:
    assert errors({**GOOD, "milestone": "Go-live", **typed}).keys() == {field}


def test_a_milestone_that_is_met_has_its_day_behind_it_and_a_baseline_may_be_past() -> None:
    dates = {"milestone_baseline": "2026-06-01", "milestone_forecast": "2026-11-24"}
    answers = check_form({**GOOD, "milestone": "M", **dates, "milestone_met": "met"}, ASKED).answers
    assert (answers.milestone_met, answers.slip_days) == (True, 176)


def test_answers_to_the_phases_questions_are_kept_by_question() -> None:
    asked = replace(ASKED, questions=("Accepted?", "Archived?"))
    raw = {**GOOD, question_field("Accepted?"): " Yes ", question_field("Archived?"): ""}
    assert check_form(raw, asked).extra == {"Accepted?": "Yes"}
    long = {**GOOD, question_field("Accepted?"): "x" * 201}
    assert errors(long, asked).keys() == {question_field("Accepted?")}


def test_what_has_changed_since_a_form_was_opened_is_told() -> None:
    opened = Basis(1, "execution", 1, "Ana")
    now = Basis(2, "closeout", 2, "Ben", is_restricted=True, newest_on="2026-12-02")
    assert news_since(opened, replace(opened, version=2)) == ()
    assert news_since(opened, now) == (
        "Ben is its PM now.",
        "Its phase is closeout now; it was execution.",
        "It is restricted now: no channel shows it.",
        (
            "The next period has begun, of 2 Dec: what you send here is kept as a late answer to"
            " the one before."
        ),
    )


def test_changes_are_told_in_words_and_long_texts_by_their_name() -> None:
    before = Answers(health=Health.YELLOW, next="a" * 100, percent_complete=40)
    after = replace(before, health=Health.GREEN, next="b" * 100, percent_complete=None)
    told = changes_in_words(before, after)
    assert told == "health Yellow → Green, next changed, percent complete 40 → empty"
    assert changes_in_words(before, before) == ""

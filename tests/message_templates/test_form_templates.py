"""How the form looks with all that it may have to ask, within Slack's limits."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.collecting.answering.form.rules import action_field, promise_field, question_field
from domain.collecting.rules import LONGEST_TEXT
from domain.collecting.values import (
    DIMENSIONS,
    LONG_FIELDS,
    Answers,
    Basis,
    Claim,
    Draft,
    Promise,
    Readers,
    Receipt,
    Report,
    StatusForm,
)
from domain.logs.values import Entry
from domain.portfolio.values import PersonName
from message_templates.collecting.form import form_view, opening_state, read_form
from message_templates.collecting.form_state import FormState
from message_templates.collecting.receipt import receipt_view
from message_templates.kit import Block
from models.enums import DraftSource, Health, LogKind, RequestState
from sandbox.blockkit import check_view
from sandbox.inputs import initial_values
from sandbox.limits import VIEW_BYTES
from tests.support.scene import words

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
NASTY = "<!channel> <@U1> *bold* _it_ `c` {{ 7 * 7 }} {% raw %} \u202eabc\u202c 🚀 &amp;"
READERS = Readers("ITS Council", "C0ITS", "its-council", datetime(2026, 11, 30, 13, 0, tzinfo=UTC))


def entry(kind: LogKind, number: int, **others: Any) -> Entry:
    given: dict[str, Any] = {
        "title": f"Title {number}",
        "owner": PersonName(number, f"U{number}", "Ana"),
        "due_on": date(2026, 11, 20 + number % 10),
    }
    return Entry(number, kind, number, **{**given, **others})


def form(answers: Answers | None = None, **others: Any) -> StatusForm:
    last = Report(answers, "Ana", NOW, date(2026, 11, 11)) if answers else None
    given: dict[str, Any] = {
        "request_id": 7,
        "code": "APOLLO",
        "name": "Apollo",
        "phase": "execution",
        "phases": ("planning", "execution", "closeout"),
        "council": "ITS Council",
        "opens_on": date(2026, 11, 25),
        "cut_off_at": datetime(2026, 11, 27, 20, 0, tzinfo=UTC),
        "is_late": False,
        "scale": ("Green", "Yellow", "Red"),
        "required": ("health", "done", "next"),
        "readers": READERS,
        "prefilled": answers or Answers(),
        "last": last,
        "has_budget": True,
        "today": date(2026, 11, 25),
        "questions": {"closeout": ("Accepted?", "Archived?")},
    }
    return StatusForm(**{**given, **others})


def full(text: str, **others: Any) -> StatusForm:
    """A form with ten promises, twenty actions, eight risks and six long texts."""
    texts: dict[str, Any] = dict.fromkeys(LONG_FIELDS, text[:LONGEST_TEXT].strip())
    answers = Answers(health=Health.RED, milestone="Go-live", **texts)
    actions = tuple(entry(LogKind.ACTION, number, title="A" * 200) for number in range(1, 21))
    return form(
        answers,
        name="N" * 100,
        phase="closeout",
        promises=tuple(Promise(f"{number} {'p' * 3_000}", "") for number in range(10)),
        actions=actions,
        must_answer=frozenset(each.entry_id for each in actions),
        risks=tuple(entry(LogKind.RISK, number, title="R" * 200) for number in range(1, 30)),
        milestones=tuple(entry(LogKind.MILESTONE, number) for number in range(1, 70)),
        questions={"closeout": tuple(f"{number} {'q' * 190}?" for number in range(6))},
        basis=Basis(3, "closeout", 1, "P" * 80, is_restricted=True, newest_on="2026-12-02"),
        note="n" * 3_000,
        draft=Draft({}, DraftSource.TYPING, NOW, 3),
        is_late=True,
        **others,
    )


def ids(view: Block) -> list[str]:
    return [each["block_id"] for each in view["blocks"] if "block_id" in each]


def element_of(view: Block, block_id: str) -> Block:
    found = next(each for each in view["blocks"] if each.get("block_id") == block_id)
    element: Block = found.get("element") or found["accessory"]
    return element


def read(view: Block) -> dict[str, str]:
    """What Slack hands back of a form that is sent as it is."""
    _state, raw = read_form(
        {
            "private_metadata": view["private_metadata"],
            "state": {"values": initial_values(view["blocks"])},
        }
    )
    return raw


TEXTS = {
    "words": "The vendor is late. " * 600,
    "three bytes a letter": "プロジェクト " * 2_000,
    "what is escaped": "R&D <now> " * 1_200,
    "no blank at all": "x" * LONGEST_TEXT,
}


@pytest.mark.parametrize("claim", [None, Claim(Health.GREEN, Health.RED, ("f" * 400,) * 6)])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_form_with_everything_in_it_fits_slacks_limits_and_comes_back_whole(
    text: str, claim: Claim | None
) -> None:
    given = full(text, claim=claim)
    view = form_view(given)
    assert check_view(view) == []
    assert len(json.dumps(view, ensure_ascii=False).encode()) <= VIEW_BYTES
    raw = read(view)
    assert {name: raw[name] for name in LONG_FIELDS} == {
        name: getattr(given.prefilled, name) for name in LONG_FIELDS
    }
    assert {action_field(each) for each in given.actions} <= raw.keys()
    if text.isascii():  # otherwise there is no room left for what need not be answered
        assert {promise_field(number) for number in range(10)} <= raw.keys()


def test_a_form_without_room_leaves_out_risks_and_promises_before_due_actions() -> None:
    view = form_view(full("🚀" * LONGEST_TEXT))
    assert check_view(view) == []
    assert action_field(full("").actions[0]) in ids(view)


def test_people_who_do_not_rate_can_take_their_choice_back() -> None:
    assert [each["value"] for each in element_of(form_view(form()), "health")["options"]] == [
        "Green",
        "Yellow",
        "Red",
    ]
    view = form_view(form(Answers(health=Health.RED), required=("done",)))
    assert element_of(view, "health")["options"][-1]["value"] == "-"
    for name in DIMENSIONS:
        assert element_of(view, name)["options"][-1]["value"] == "-"
    raw = read(form_view(form(required=()), typed={"health": "-", "schedule": "-"}))
    assert (raw["health"], raw["schedule"]) == ("", "")


def test_a_scale_of_ten_words_beside_not_rated_becomes_a_menu() -> None:
    scale = tuple(f"Green {number}" for number in range(10))
    assert element_of(form_view(form(scale=scale)), "health")["type"] == "radio_buttons"
    assert element_of(form_view(form(scale=scale, required=())), "health")["type"] == (
        "static_select"
    )


@pytest.mark.parametrize(
    ("chosen", "field"), [("moved", "action_due:1"), ("cancelled", "action_note:1")]
)
def test_an_answer_to_an_action_brings_the_field_that_it_calls_for(chosen: str, field: str) -> None:
    given = form(actions=(entry(LogKind.ACTION, 1),))
    assert field not in ids(form_view(given))
    assert field in ids(form_view(given, typed={"action:1:1": chosen}))


def test_the_phase_that_is_chosen_decides_which_questions_are_asked() -> None:
    asked = {question_field(each) for each in ("Accepted?", "Archived?")}
    assert not asked & set(ids(form_view(form())))
    assert asked <= set(ids(form_view(form(), typed={"phase": "closeout"})))
    assert asked <= set(ids(form_view(form(phase="closeout"))))


def test_the_open_risks_and_issues_are_shown_with_the_rest_counted() -> None:
    risks = tuple(entry(LogKind.RISK, number) for number in range(1, 12))
    view = form_view(form(risks=risks))
    said = words(view["blocks"])
    assert "*R-8* Title 8 · Ana" in said
    assert "R-9" not in said
    assert "3 more: `/project risks APOLLO`" in said
    assert "Add a risk" in said
    opened = [
        each["accessory"]["value"]
        for each in view["blocks"]
        if each.get("accessory", {}).get("action_id") == "log_open"
    ]
    assert opened == [str(number) for number in range(1, 9)]


def test_a_draft_stands_over_the_last_report_and_is_told() -> None:
    draft = Draft({"why": "Typed", "health": "Red"}, DraftSource.TYPING, NOW)
    given = form(Answers(health=Health.GREEN, done="Reported"), draft=draft)
    view = form_view(given)
    assert "Your draft of" in words(view["blocks"])
    assert read(view)["why"] == "Typed"
    assert read(view)["done"] == "Reported"
    fresh = replace(opening_state(given), draft_at="").filled_anew()
    anew = form_view(replace(given, draft=None), fresh)
    assert "Your draft of" not in words(anew["blocks"])
    assert element_of(anew, "done")["action_id"] == "done.1"


def test_a_draft_of_free_text_that_no_field_takes_does_not_break_the_form() -> None:
    typed = {"spent": "a lot", "decision_by": "soon", "milestone": "m" * 500, "health": "purple"}
    view = form_view(form(draft=Draft(typed, DraftSource.TEXT, NOW)))
    assert check_view(view) == []
    assert read(view)["milestone"] == "m" * 500


def test_the_state_of_a_form_survives_slacks_keeping_with_what_it_was_opened_on() -> None:
    state = opening_state(form(basis=Basis(2, "closeout", 5, "Ana"), note="Why"))
    state = state.with_room("done").filled_anew("next")
    assert FormState.load(state.dump()) == state


def test_a_form_that_was_open_over_an_update_of_the_bot_is_read() -> None:
    old = '{"request":7,"fields":{},"seams":{},"phase":"planning"}'
    assert FormState.load(old) == FormState(7, phase="planning")


def test_a_phase_that_changed_while_the_form_was_open_is_not_changed_back() -> None:
    state = opening_state(form()).on(Basis(phase="closeout"))
    assert (state.phase, state.action_id("phase")) == ("closeout", "phase.1")
    assert opening_state(form()).on(Basis(phase="execution")).action_id("phase") == "phase"


@pytest.mark.parametrize(
    "others",
    [
        {"note": NASTY},
        {"news": (NASTY,)},
        {"claim": Claim(Health.GREEN, Health.RED, (NASTY,))},
        {"actions": (entry(LogKind.ACTION, 1, title=NASTY),)},
        {"risks": (entry(LogKind.RISK, 1, title=NASTY),)},
        {"milestones": (entry(LogKind.MILESTONE, 1, title=NASTY),)},
        {"promises": (Promise(NASTY, ""),)},
        {"questions": {"execution": (NASTY,)}},
    ],
)
def test_what_people_wrote_pings_nobody_in_the_form(others: Mapping[str, Any]) -> None:
    view = form_view(form(**others))
    assert check_view(view) == []
    marked = [json.dumps(each) for each in _mrkdwn(view)]
    assert not [each for each in marked if "<!channel>" in each or "<@U1>" in each]
    assert "49" not in words(view["blocks"])
    assert "7 * 7" in json.dumps(view)


def _mrkdwn(value: Any) -> list[Any]:
    """All texts in which Slack looks for markup."""
    if isinstance(value, list):
        return [each for one in value for each in _mrkdwn(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") == "mrkdwn" else []
    return [*own, *(each for one in value.values() for each in _mrkdwn(one))]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"slip_days": 14}, "Milestone Go-live: +14 d against its baseline."),
        ({"slip_days": -3}, "Milestone Go-live: -3 d against its baseline."),
        ({"slip_days": 0}, "Milestone Go-live: as planned against its baseline."),
        ({"slip_days": 14, "milestone_met": True}, "Milestone Go-live: met, +14 d."),
    ],
)
def test_the_receipt_tells_the_slip_of_the_milestone(others: dict[str, Any], said: str) -> None:
    receipt = Receipt(
        "APOLLO", "Apollo", Health.GREEN, "", RequestState.ANSWERED, 1, READERS, "Go-live"
    )
    assert said in words(receipt_view(replace(receipt, **others), NOW)["blocks"])

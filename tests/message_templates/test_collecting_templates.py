"""Asking, as Slack gets it: the request message, the form and back, the receipt."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.collecting.messages import (
    DueMilestone,
    RequestItem,
    RequestReaders,
    StatusRequestMessage,
)
from domain.collecting.rules import (
    LARGEST_AMOUNT,
    LONGEST_LINE,
    LONGEST_TEXT,
    check_answers,
)
from domain.collecting.values import (
    DIMENSIONS,
    LONG_FIELDS,
    Answers,
    Readers,
    Receipt,
    Report,
    StatusForm,
)
from domain.portfolio.ratings import health_of
from message_templates.collecting.form import (
    MORE_ROOM,
    FormState,
    form_view,
    read_form,
)
from message_templates.collecting.receipt import receipt_view
from message_templates.collecting.request import CHOOSE, UPDATE, more_choice, render_request
from message_templates.kit import Block
from models.enums import Health, RequestState
from sandbox.blockkit import check_blocks, check_view
from sandbox.inputs import client_errors, initial_values, interactive_elements, typed_state
from sandbox.workspace import View

DAY = date(2026, 11, 25)
CUT_OFF = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
DIGEST = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
ANSWERED = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
NASTY = "<!channel> & *bold* `code` _low_ <https://evil.example|here> :fire: "
"""What people type and paste; all of it is to be shown as it is."""

# --- the request message


def item(number: int, **others: Any) -> RequestItem:
    given: dict[str, Any] = {
        "code": f"P{number:03}",
        "name": f"Project {number}",
        "council": "ITS Council",
        "state": RequestState.ASKED,
        "last_health": None,
        "last_on": None,
        "promised": "",
    }
    return RequestItem(request_id=number, **{**given, **others})


def crowded(number: int) -> RequestItem:
    """An unanswered project with all its words at their longest."""
    return item(
        number,
        code=f"{NASTY}P{number:03}"[-30:],
        name=(f"{number} {NASTY}" * 9)[:200],
        last_health=Health.RED,
        last_on=date(2026, 11, 11),
        promised=NASTY * 180,
        handed_to=NASTY,
        state=RequestState.MISSED,
    )


def crowded_and_answered(number: int) -> RequestItem:
    return replace(
        crowded(number),
        state=RequestState.LATE,
        health=Health.YELLOW,
        rating="Amber/Red " * 7,
        summary=NASTY * 180,
        answered_at=ANSWERED,
        author=NASTY,
        version=2,
    )


def readers(number: int = 1) -> RequestReaders:
    return RequestReaders(f"Council {number}", f"C0COUNCIL{number}", "a-council", CUT_OFF, DIGEST)


def request(*items: RequestItem, councils: int = 1) -> StatusRequestMessage:
    return StatusRequestMessage(DAY, items, tuple(readers(each) for each in range(councils)))


def shown(value: Any) -> str:
    """All the words in blocks."""
    if isinstance(value, dict):
        return "\n".join(shown(each) for name, each in value.items() if name != "type")
    if isinstance(value, list):
        return "\n".join(shown(each) for each in value)
    return value if isinstance(value, str) else ""


def reachable(blocks: Sequence[Block]) -> list[str]:
    """The requests that can be opened, by button or by menu."""
    elements = [element for block in blocks for element in interactive_elements(block)]
    buttons = [each["value"] for each in elements if each["action_id"] == UPDATE]
    menus = [each for each in elements if each["action_id"].startswith(f"{CHOOSE}:")]
    return [*buttons, *(option["value"] for menu in menus for option in menu["options"])]


@pytest.mark.parametrize("make", [item, crowded, crowded_and_answered])
@pytest.mark.parametrize("count", [1, 20, 21, 60, 300])
def test_every_project_of_a_request_can_be_answered_within_slacks_limits(
    count: int, make: Any
) -> None:
    rendered = render_request(request(*(make(number) for number in range(1, count + 1))))
    for each in rendered:
        assert check_blocks(each.blocks, "message") == []
    wanted = [str(number) for number in range(1, count + 1)]
    assert [each for one in rendered for each in reachable(one.blocks)] == wanted


@pytest.mark.parametrize("count", [1, 5, 20, 60])
def test_a_request_of_usual_size_is_one_message(count: int) -> None:
    assert len(render_request(request(*(item(number) for number in range(count))))) == 1


def test_a_request_names_every_council_that_reads_it() -> None:
    (rendered,) = render_request(request(item(1), councils=25))
    assert check_blocks(rendered.blocks, "message") == []
    words = shown(rendered.blocks)
    assert all(f"*Council {number}*" in words for number in range(25))


def test_a_request_tells_its_projects_in_the_notification() -> None:
    (rendered,) = render_request(request(item(1), item(2)))
    assert rendered.text == "Status needed for P001, P002"


def test_a_request_shows_what_was_said_and_promised_last_time() -> None:
    last = item(1, last_health=Health.YELLOW, last_on=date(2026, 11, 11), promised="Go live")
    words = shown(render_request(request(last))[0].blocks)
    assert "Last time: 🔶 Yellow, 11 Nov" in words
    assert "Planned then:\nGo live" in words


def test_a_request_shows_milestones_actions_and_what_was_promised_each_on_its_line() -> None:
    due = DueMilestone("UAT", date(2026, 11, 20), is_overdue=True)
    later = DueMilestone("Go-live", date(2026, 12, 10))
    given = item(1, promised="Go live", milestones=(due, later), open_actions=2, overdue_actions=1)
    words = shown(render_request(request(given))[0].blocks)
    assert "Go live\nDue: UAT *20 Nov, overdue* · Go-live 10 Dec\n2 open actions, *1 over" in words


@pytest.mark.parametrize(
    ("changes", "buttons"),
    [
        ({"may_stay": True}, ["Update", "No change"]),
        ({}, ["Update"]),
        ({"health": Health.GREEN, "answered_at": ANSWERED}, ["Correct"]),
        ({"hold_until": DAY}, ["Resume"]),
        ({"handed_to": "Ben", "handed_at": ANSWERED}, ["Update"]),
    ],
)
def test_a_project_has_the_buttons_that_make_sense(
    changes: dict[str, Any], buttons: list[str]
) -> None:
    assert rows(render_request(request(item(1, **changes)))[0].blocks) == [buttons]


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, ["snooze", "hold", "not_mine"]),
        ({"deputy": "Ben"}, ["snooze", "deputy", "hold", "not_mine"]),
        ({"deputy": "Ben", "state": RequestState.MISSED}, ["deputy", "hold", "not_mine"]),
        ({"is_disowned": True}, ["snooze", "hold"]),
        (
            {
                "deputy": "Ben",
                "health": Health.GREEN,
                "answered_at": ANSWERED,
                "state": RequestState.ANSWERED,
            },
            ["hold", "not_mine"],
        ),
    ],
)
def test_the_menu_offers_what_makes_sense_where_the_answer_stands(
    changes: dict[str, Any], offered: list[str]
) -> None:
    blocks = render_request(request(item(1, **changes)))[0].blocks
    (menu,) = (
        element
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "overflow"
    )
    assert [more_choice(each["value"]) for each in menu["options"]] == [
        (name, item(1).request_id) for name in offered
    ]


def test_who_may_not_answer_any_more_gets_no_button() -> None:
    gone = item(1, handed_to="Ben", may_answer=False)
    assert rows(render_request(request(gone))[0].blocks) == []


def test_what_was_handed_over_is_told_without_stray_marks_or_empty_lines() -> None:
    handed = {"handed_to": "Ben", "handed_at": ANSWERED}
    answer = {"health": Health.GREEN, "answered_at": ANSWERED, "author": "Ben", "version": 1}
    for changes in ({}, answer):
        gone = item(1, **handed, **changes)
        blocks = render_request(request(gone))[0].blocks
        text = next(shown(each) for each in blocks if "*P001*" in shown(each))
        *_others, last = text.splitlines()
        assert "" not in text.splitlines()
        assert last.startswith("Handed to Ben, ")
        assert last.endswith(">.")


def test_a_first_request_says_that_there_is_no_report_yet() -> None:
    assert "No report yet" in shown(render_request(request(item(1)))[0].blocks)


def test_an_answered_project_shows_its_answer_and_a_button_to_correct_it() -> None:
    answer: dict[str, Any] = {
        "state": RequestState.ANSWERED,
        "health": Health.RED,
        "summary": "No funding",
        "answered_at": ANSWERED,
        "author": "Ben",
        "version": 1,
    }
    (rendered,) = render_request(request(item(1, **answer), item(2)))
    words = shown(rendered.blocks)
    assert "1 of 2 done." in words
    assert "🟥 Red: No funding" in words
    assert "Answered by Ben" in words
    assert [each[0] for each in rows(rendered.blocks)] == ["Correct", "Update"]
    assert rendered.text == "Status still needed for P002"


def test_what_is_on_hold_or_handed_over_is_not_counted_as_done() -> None:
    answered = item(1, health=Health.GREEN, answered_at=ANSWERED, author="Ana")
    others = [item(2, hold_until=DAY), item(3, handed_to="Ben", handed_at=ANSWERED)]
    (rendered,) = render_request(request(answered, *others, item(4), item(5)))
    assert "1 of 3 done." in shown(rendered.blocks)
    (rendered,) = render_request(request(answered, *others))
    assert "All 1 project done." in shown(rendered.blocks)
    (rendered,) = render_request(request(*others))
    assert "Nothing of this waits for your answer now." in shown(rendered.blocks)
    assert rendered.text == "Nothing of 25 Nov waits for your answer now"


def rows(blocks: Sequence[Block]) -> list[list[str]]:
    """The words on the buttons of each project."""
    return [
        [each["text"]["text"] for each in block["elements"] if each["type"] == "button"]
        for block in blocks
        if block["type"] == "actions"
    ]


def test_a_fully_answered_request_says_thank_you() -> None:
    answer: dict[str, Any] = {"health": Health.GREEN, "answered_at": ANSWERED, "author": "Ana"}
    (rendered,) = render_request(request(item(1, **answer), item(2, **answer)))
    assert rendered.text == "Thank you: all 2 projects of 25 Nov done"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": RequestState.MISSED}, "Your answer is still welcome"),
        ({"handed_to": "Ben"}, "Ben answers for this project now."),
        (
            {"in_place_of": "Ana", "reason": "on leave until 4 Dec: deputy asked"},
            "You are asked in Ana's place (on leave until 4 Dec: deputy asked).",
        ),
        (
            {"reason": "asked a day later: company closure"},
            "Why today: asked a day later: company closure.",
        ),
        (
            {
                "state": RequestState.LATE,
                "health": Health.GREEN,
                "answered_at": ANSWERED,
                "author": "Ana",
            },
            "Answered after the cut-off by Ana",
        ),
        (
            {"health": Health.GREEN, "answered_at": ANSWERED, "author": "Ana", "version": 2},
            "Corrected by Ana",
        ),
        (
            {"health": Health.GREY, "answered_at": ANSWERED, "author": "Ana"},
            "⚪ Not rated",
        ),
        (
            {
                "health": Health.YELLOW,
                "rating": "Amber/Green",
                "answered_at": ANSWERED,
                "author": "Ana",
            },
            "🔶 Yellow (Amber/Green)",
        ),
    ],
)
def test_a_project_tells_where_its_answer_stands(changes: dict[str, Any], words: str) -> None:
    assert words in shown(render_request(request(item(1, **changes)))[0].blocks)


def test_what_people_wrote_pings_nobody_and_makes_no_link() -> None:
    given = item(1, name=NASTY, last_health=Health.RED, last_on=DAY, promised=NASTY)
    (rendered,) = render_request(request(given))
    words = shown(rendered.blocks) + rendered.text
    assert "<!channel>" not in words
    assert "<https" not in words


# --- the form

FULL = Answers(
    health=Health.RED,
    why="No funding",
    schedule=Health.YELLOW,
    budget=Health.RED,
    scope=Health.GREEN,
    resources=Health.GREEN,
    done="Tested the portal",
    next="Go live",
    milestone="Go-live",
    milestone_baseline=date(2026, 12, 1),
    milestone_forecast=date(2027, 1, 15),
    risks="If the vendor fails, then we wait",
    path_to_green="The council decides by Friday",
    decision="Fund the second phase?",
    decision_from="Carol",
    decision_by=date(2026, 12, 3),
    spent=Decimal("125000.50"),
    cost_forecast=Decimal(500000),
    percent_complete=40,
)


def form(answers: Answers | None = None, **others: Any) -> StatusForm:
    last = Report(answers, "Ana", ANSWERED, date(2026, 11, 11)) if answers else None
    given: dict[str, Any] = {
        "request_id": 7,
        "code": "APOLLO",
        "name": "Apollo",
        "phase": "execution",
        "phases": ("planning", "execution", "closeout"),
        "council": "ITS Council",
        "opens_on": DAY,
        "cut_off_at": CUT_OFF,
        "is_late": False,
        "scale": ("Green", "Yellow", "Red"),
        "required": ("health", "done", "next"),
        "readers": Readers("ITS Council", "C0ITS", "its-council", DIGEST),
        "prefilled": answers or Answers(),
        "last": last,
        "has_budget": True,
    }
    return StatusForm(**{**given, **others})


def opened(view: Block, values: Mapping[str, Any] | None = None) -> View:
    """The form as a client holds it: untouched, or with values typed into it by block."""
    assert check_view(view) == []
    held = View("V1", "modal", "U1", view, "h")
    held.state = typed_state(view["blocks"], dict(values or {}))
    return held


def submitted(view: Block, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What Slack sends when a form is submitted."""
    held = opened(view, values)
    assert client_errors(held) == {}
    state: dict[str, Any] = initial_values(view["blocks"])
    for block_id, actions in held.state.items():
        state[block_id].update(actions)
    return {"private_metadata": view["private_metadata"], "state": {"values": state}}


def kept(answers: Answers, **others: Any) -> Answers:
    """The answers after somebody has opened the form and sent it as it was."""
    _state, raw = read_form(submitted(form_view(form(answers, **others))))
    return check_answers(raw, ())


def test_a_prefilled_form_sent_as_it_was_gives_the_same_answers() -> None:
    assert kept(FULL) == FULL


def test_an_empty_form_shows_no_health_as_chosen() -> None:
    assert "initial_option" not in element_of(form_view(form()), "health")


def test_a_report_that_was_not_rated_shows_no_health_as_chosen() -> None:
    not_rated = replace(FULL, health=Health.GREY)
    assert "initial_option" not in element_of(form_view(form(not_rated)), "health")


def element_of(view: Block, block_id: str) -> Block:
    found: Block = next(each for each in view["blocks"] if each.get("block_id") == block_id)
    element: Block = found.get("element") or found["accessory"]
    return element


def ids(view: Block) -> list[str]:
    return [each["block_id"] for each in view["blocks"] if "block_id" in each]


def test_a_project_without_a_budget_is_asked_for_no_money() -> None:
    assert not {"spent", "cost_forecast"} & set(ids(form_view(form(FULL, has_budget=False))))
    assert {"spent", "cost_forecast"} < set(ids(form_view(form(FULL))))


def test_what_is_required_is_the_workspaces_choice() -> None:
    view = form_view(form(required=("health", "risks")))
    required = {
        each["block_id"]
        for each in view["blocks"]
        if each["type"] == "input" and not each["optional"]
    }
    assert required == {"health", "risks"}


def test_every_answer_has_a_field_of_its_own() -> None:
    asked = {each.name for each in fields(Answers)} - {"rating"}
    assert asked | {"phase"} == set(ids(form_view(form(FULL)))) - {MORE_ROOM}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "*ITS Council* reads it in"),
        ({"is_late": True}, "marked as late or corrected"),
        (
            {"readers": Readers("ITS Council", "C0ITS", "its-council", DIGEST, is_restricted=True)},
            "No channel shows it.",
        ),
    ],
)
def test_the_form_says_who_will_read_it(changes: dict[str, Any], words: str) -> None:
    assert words in told(form_view(form(**changes)))


def told(view: Block) -> str:
    """The words of a view, runs of rich text in bold between asterisks."""

    def run(value: Any) -> str:
        if isinstance(value, list):
            return "".join(run(each) for each in value)
        if not isinstance(value, dict):
            return ""
        if value.get("type") == "text":
            mark = "*" if value.get("style", {}).get("bold") else ""
            return f"{mark}{value['text']}{mark}"
        return "".join(run(each) for each in value.values())

    return run(view["blocks"])


def test_a_correction_is_told_from_a_first_answer() -> None:
    first = form_view(form(FULL))
    again = form_view(form(FULL, last=Report(FULL, "Ana", ANSWERED, DAY)))
    assert first["submit"]["text"] == "Send"
    assert "Prefilled from the report of 11 Nov by Ana." in told(first)
    assert again["submit"]["text"] == "Save correction"
    assert "Prefilled from this period's answer by Ana." in told(again)


_WORDY: dict[str, Any] = {
    **dict.fromkeys(LONG_FIELDS, ("word & line\n" * 1_000).strip()),
    **dict.fromkeys(DIMENSIONS, Health.YELLOW),
}

WIDE = Answers(
    health=Health.YELLOW,
    rating="Yellow" + "&" * 69,
    **_WORDY,
    milestone="M" * LONGEST_LINE,
    milestone_baseline=date.max,
    milestone_forecast=date(1900, 1, 1),
    decision_from="&" * LONGEST_LINE,
    decision_by=DAY,
    spent=LARGEST_AMOUNT,
    cost_forecast=LARGEST_AMOUNT,
    percent_complete=100,
)


def test_a_form_with_everything_at_its_limit_opens_and_keeps_it_all() -> None:
    others: dict[str, Any] = {
        "code": "&" * 30,
        "name": NASTY * 3,
        "phase": "&" * 75,
        "phases": (*(f"phase {number}" for number in range(99)), "&" * 75),
        "council": "C" * 75,
        "scale": (*(f"Green {number}" for number in range(9)), WIDE.rating),
        "is_late": True,
        "readers": Readers("C" * 75, "C0ITS", "c" * 80, DIGEST),
    }
    assert kept(WIDE, **others) == WIDE


@pytest.mark.parametrize("scale", [("Green", "Amber/Green", "Amber", "Amber/Red", "Red")])
@pytest.mark.parametrize("word", ["Green", "Amber/Green", "Amber", "Amber/Red", "Red"])
def test_a_finer_scale_comes_back_as_it_was_chosen(scale: tuple[str, ...], word: str) -> None:
    health, rating = health_of(word)
    way_back = "" if health is Health.GREEN else FULL.path_to_green
    chosen = replace(FULL, health=health, rating=rating, path_to_green=way_back)
    assert kept(chosen, scale=scale) == chosen


LONG_TEXTS = {
    "words": "The vendor is late. " * 600,
    "no blank at all": "x" * LONGEST_TEXT,
    "a line a sentence": "- done with a thing\n" * 600,
    "paragraphs": ("p" * 1_600 + "\n\n") * 7,
    "what is escaped": "R&D <now> " * 1_200,
    "emoji": "🚀" * LONGEST_TEXT,
    "accents": "e\u0301" * (LONGEST_TEXT // 2),
    "joined emoji": "👩\u200d🚀 " * 3_000,
    "only three fields' worth": "y" * 9_000,
    "one more than a field": "z" * 3_001,
    "a gap at the seam": "a" * 2_999 + "\n\n  " + "b" * 3_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS.keys())
def test_a_long_text_comes_back_exactly(text: str) -> None:
    text = text[:LONGEST_TEXT].strip()
    assert kept(replace(FULL, done=text)).done == text


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS.keys())
def test_six_long_texts_fit_one_form(text: str) -> None:
    texts: dict[str, Any] = dict.fromkeys(LONG_FIELDS, text[:LONGEST_TEXT].strip())
    answers = replace(FULL, **texts)
    assert kept(answers) == answers


TYPED = st.text(
    st.one_of(st.sampled_from("   \n\n\t&<>-*e🚀"), st.characters(exclude_categories=["Cs", "Cc"])),
    min_size=1,
    max_size=80,
)


@given(TYPED, TYPED, st.integers(0, LONGEST_TEXT))
@settings(max_examples=25, deadline=None)
def test_any_text_comes_back_exactly(unit: str, other: str, at: int) -> None:
    many = unit * (LONGEST_TEXT // len(unit) + 1)
    text = (many[:at] + other + many[at:])[:LONGEST_TEXT].strip()
    if any(len(gap) > 8 for gap in _gaps(text)):
        return
    assert kept(replace(FULL, why=text or "x", risks=text)).risks == text


def _gaps(text: str) -> list[str]:
    gaps = [""]
    for character in text:
        if character.isspace():
            gaps[-1] += character
        elif gaps[-1]:
            gaps.append("")
    return gaps


def test_a_huge_gap_of_blanks_costs_only_blanks() -> None:
    text = "a" * 2_000 + "\n" * 3_000 + "b" * 2_000 + " " * 4_000 + "c"
    got = kept(replace(FULL, done=text)).done
    assert got.split() == text.split()


def test_more_room_adds_a_field_and_keeps_those_that_are_there() -> None:
    state = FormState(7).with_room("done")
    view = form_view(form(FULL), state)
    assert [each for each in ids(view) if each.startswith("done")] == ["done", "done~2"]
    assert element_of(view, "done")["initial_value"] == "Tested the portal"
    assert "initial_value" not in element_of(view, "done~2")


def test_what_is_typed_into_two_fields_is_one_text_with_a_line_between() -> None:
    view = form_view(form(FULL), FormState(7).with_room("done"))
    _state, raw = read_form(submitted(view, {"done": "First  ", "done~2": "  Second"}))
    assert raw["done"] == "First\nSecond"


def test_a_first_field_that_was_emptied_leaves_no_line() -> None:
    view = form_view(form(), FormState(7).with_room("risks"))
    values = {"health": "Green", "done": "x", "next": "y", "risks~2": "Second"}
    _state, raw = read_form(submitted(view, values))
    assert raw["risks"] == "Second"


def test_what_is_typed_over_a_long_text_takes_its_place() -> None:
    view = form_view(form(replace(FULL, done="x" * 6_000)))
    _state, raw = read_form(submitted(view, {"done": "Short now", "done~2": None}))
    assert raw["done"] == "Short now"


def test_there_is_room_for_as_much_as_an_answer_may_have() -> None:
    state = FormState(7)
    for _press in range(9):
        state = state.with_room("done")
    view = form_view(form(), state)
    rooms = [each for each in ids(view) if each.partition("~")[0] == "done"]
    assert len(rooms) * 3_000 >= LONGEST_TEXT
    assert len(rooms) < 9
    offered = [each["value"] for each in element_of(view, MORE_ROOM)["options"]]
    assert "done" not in offered
    values = {"health": "Green", "next": "y", **dict.fromkeys(rooms, "w" * 3_000)}
    _state, raw = read_form(submitted(view, values))
    assert raw["done"].replace("\n", "") == "w" * 3_000 * len(rooms)


def test_a_form_with_all_the_room_there_is_still_opens() -> None:
    state = FormState(7)
    for name in LONG_FIELDS * 9:
        state = state.with_room(name)
    view = form_view(form(FULL), state)
    assert MORE_ROOM not in ids(view)
    assert check_view(view) == []


def test_the_state_of_a_form_survives_slacks_keeping() -> None:
    state = FormState(7, {"done": 2}, {"done": ["\n"]}, "planning")
    assert FormState.load(state.dump()) == state


def test_the_form_remembers_no_word_that_was_typed() -> None:
    view = form_view(form(replace(FULL, done="secret " * 900)))
    assert "secret" not in view["private_metadata"]
    assert json.loads(view["private_metadata"])["request"] == 7


def test_a_phase_left_as_it_was_is_not_said_and_another_one_is() -> None:
    view = form_view(form(FULL))
    _state, untouched = read_form(submitted(view, {}))
    _state, changed = read_form(submitted(view, {"phase": "closeout"}))
    assert "phase" not in untouched
    assert changed["phase"] == "closeout"


# --- the receipt


def receipt(**others: Any) -> Receipt:
    given: dict[str, Any] = {
        "code": "APOLLO",
        "name": "Apollo",
        "health": Health.RED,
        "rating": "",
        "state": RequestState.ANSWERED,
        "version": 1,
        "readers": Readers("ITS Council", "C0ITS", "its-council", DIGEST),
    }
    return Receipt(**{**given, **others})


BEFORE, AFTER = ANSWERED, datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
RESTRICTED = Readers("ITS Council", "C0ITS", "its-council", DIGEST, is_restricted=True)


@pytest.mark.parametrize(
    ("changes", "now", "words"),
    [
        ({}, BEFORE, "*APOLLO* Apollo: 🟥 Red"),
        ({}, BEFORE, "*ITS Council* reads it in"),
        ({"rating": "Amber/Red", "health": Health.YELLOW}, BEFORE, "🔶 Yellow (Amber/Red)"),
        ({"version": 3}, BEFORE, "version 3"),
        ({"state": RequestState.LATE}, BEFORE, "the digest will tell of it, and marks it as late"),
        ({"state": RequestState.LATE}, AFTER, "the digest is amended, and marks it as late"),
        ({"readers": RESTRICTED}, BEFORE, "No channel shows it."),
        ({"health": Health.GREY}, BEFORE, "⚪ Not rated"),
    ],
)
def test_the_receipt_says_what_was_saved_and_who_reads_it(
    changes: dict[str, Any], now: datetime, words: str
) -> None:
    view = receipt_view(receipt(**changes), now)
    assert check_view(view) == []
    assert words in told(view)


def test_the_receipt_promises_no_hour_that_is_past() -> None:
    def dates(now: datetime) -> int:
        return json.dumps(receipt_view(receipt(), now)).count('"type": "date"')

    assert (dates(BEFORE), dates(AFTER)) == (1, 0)

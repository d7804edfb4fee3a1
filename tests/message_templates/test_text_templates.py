"""What was understood of a free text, and what others are told of a hand-over, as Slack gets it."""

from dataclasses import replace

import pytest

from domain.collecting.answering.text_messages import TextChoice, TextItem, TextRead
from domain.collecting.handover.messages import (
    ManagerlessProject,
    ManagersLeft,
    ProjectHandedOver,
)
from domain.collecting.handover.service import Handed, Offer
from domain.portfolio.values import PersonName
from message_templates.collecting.handover import (
    choose_pm,
    code_in,
    handed,
    render_handed_over,
    render_managers_left,
)
from message_templates.collecting.text import render_text
from message_templates.kit import Rendered
from models.enums import Health, TextState
from sandbox.inputs import interactive_elements
from tests.support.looks import assert_slack_takes, lines_of, shown

NASTY = "<!channel> & *bold* `code` _low_ {{ 7 * 7 }} <https://evil.example|here> שלום :fire:"
"""What people type and paste; all of it is to be shown as it is."""

ITEM = TextItem(
    number=7,
    code="APOLLO",
    name="Student Portal",
    health=Health.GREEN,
    rating="",
    answers=(("done", "UAT finished"), ("next", "go-live"), ("budget", "red")),
)


def pressable(message: Rendered) -> list[tuple[str, str]]:
    """The words on the buttons of a message, each with its value."""
    return [
        (element["text"]["text"], element["value"])
        for block in message.blocks
        for element in interactive_elements(block)
        if element["type"] == "button"
    ]


def one(read: TextRead) -> Rendered:
    (message,) = render_text(read)
    assert_slack_takes([message])
    return message


def test_a_text_is_told_back_with_a_word_to_say_about_it() -> None:
    message = one(TextRead((ITEM,), unclear=("Zeus: red",)))
    assert lines_of(message) == [
        "This is what I understood. Nothing is reported before you confirm it.",
        "APOLLO Student Portal · 🟢 Green",
        "Done since the last report: UAT finished",
        "Planned next: go-live",
        "Budget: 🟥 Red",
        "ConfirmOpen in the formDiscard",
        "Not understood, and in no report:",
        "“Zeus: red”",
    ]
    assert pressable(message) == [("Confirm", "7"), ("Open in the form", "7"), ("Discard", "7")]
    assert message.text == "Understood: APOLLO. Please confirm."


def test_what_lacks_something_says_so_and_offers_the_form_alone() -> None:
    message = one(TextRead((replace(ITEM, lacks=("Planned next is needed.",)),)))
    assert "Not complete yet. Planned next is needed." in shown(list(message.blocks))
    assert pressable(message) == [("Complete in the form", "7"), ("Discard", "7")]


def test_several_that_are_complete_can_be_confirmed_at_once() -> None:
    other = replace(ITEM, number=8, code="BOREAS")
    message = one(TextRead((ITEM, other)))
    assert pressable(message)[-1] == ("Confirm all 2", "7")
    assert ("Confirm all 2", "7") not in pressable(one(TextRead((ITEM,))))


@pytest.mark.parametrize(
    ("state", "note", "told", "labels"),
    [
        (TextState.KEPT, "", "Reported.", []),
        (TextState.DISCARDED, "", "Discarded: nothing of it is reported.", []),
        (TextState.REPLACED, "", "You have written more about it since: see below.", []),
        (TextState.ANSWERED, "", "Answered in another way meanwhile.", []),
        (
            TextState.ANSWERED,
            "Ben has answered for APOLLO meanwhile.",
            "Ben has answered for APOLLO meanwhile. Nothing of this text was reported.",
            ["Open in the form"],
        ),
    ],
)
def test_what_became_of_it_takes_the_place_of_the_buttons(
    state: TextState, note: str, told: str, labels: list[str]
) -> None:
    message = one(TextRead((replace(ITEM, state=state, note=note),)))
    assert told in shown(list(message.blocks))
    assert [label for label, _value in pressable(message)] == labels


def test_what_stays_and_what_is_late_is_said() -> None:
    kept = replace(ITEM, kept=(("milestone", "Go-live"), ("risks", "rain")), is_late=True)
    text = shown(list(one(TextRead((kept,))).blocks))
    assert "As before: Next milestone: Go-live · Risks and issues: rain" in text
    assert "The cut-off has passed" in text
    figures = (("schedule", "yellow"), ("spent", "1250000.50"), ("percent_complete", "40"))
    text = shown(list(one(TextRead((replace(ITEM, kept=figures),))).blocks))
    assert "Schedule: 🔶 Yellow · Spent so far: 1250000.50 · Per cent complete: 40" in text
    corrected = shown(list(one(TextRead((replace(ITEM, version=2),))).blocks))
    assert "A correction of version 2" in corrected


def test_which_project_is_meant_is_asked_with_a_menu() -> None:
    choices = (TextChoice(31, "A", "x" * 200), TextChoice(32, "B", "Two"))
    message = one(TextRead((replace(ITEM, code="", name="", choices=choices),)))
    (menu,) = [
        element
        for block in message.blocks
        for element in interactive_elements(block)
        if element["type"] == "static_select"
    ]
    assert [each["value"] for each in menu["options"]] == ["7:31", "7:32"]
    assert [label for label, _value in pressable(message)] == ["Discard"]
    assert message.text == "Which project do you mean?"
    assert "Nothing is reported before you confirm it." in lines_of(message)[0]


def test_what_is_refused_only_is_told_as_that() -> None:
    message = one(TextRead((), refused=("Only the PM of DELTA can report on it.",)))
    assert lines_of(message) == [
        "Nothing of this is reported.",
        "Only the PM of DELTA can report on it.",
    ]
    assert message.text == "I can't report what you wrote"


def test_peoples_words_are_shown_as_they_are() -> None:
    item = replace(ITEM, name=NASTY, answers=(("done", NASTY),), kept=(("risks", NASTY),))
    message = one(TextRead((item,), refused=(NASTY,), unclear=(NASTY,)))
    assert shown(list(message.blocks)).count(NASTY) == 5


def test_a_long_text_is_shown_whole_and_thirty_projects_go_on_in_the_thread() -> None:
    long = " ".join(f"w{number}" for number in range(4_000))
    items = tuple(replace(ITEM, number=each, code=f"P{each}") for each in range(30))
    messages = render_text(TextRead((replace(ITEM, answers=(("done", long),)), *items)))
    assert_slack_takes(messages)
    text = "".join(shown(list(each.blocks)) for each in messages)
    assert "w3999" in text
    assert all(f"P{each} " in text for each in range(30))


# --- hand-over


def test_whom_a_project_goes_to_is_chosen_and_confirmed() -> None:
    message = choose_pm(Offer("APOLLO", NASTY, "Ana"), "I know nobody called “x”.")
    assert_slack_takes([message])
    assert "I know nobody called “x”." in lines_of(message)
    (block,) = [each for each in message.blocks if each["type"] == "actions"]
    (menu,) = block["elements"]
    assert (menu["type"], code_in(block["block_id"])) == ("users_select", "APOLLO")
    assert menu["confirm"]["title"]["text"] == "Hand APOLLO over?"


def test_what_became_of_a_hand_over_is_told() -> None:
    pm = PersonName(1, "U1", "Ben")
    text = shown(list(handed(Handed("APOLLO", "Portal", pm, True, True)).blocks))  # noqa: FBT003
    assert "Ben is the PM now." in text
    assert "The open request is theirs" in text
    assert "Ben was the deputy: there is none now." in text
    plain = shown(list(handed(Handed("APOLLO", "Portal", pm, False, False)).blocks))  # noqa: FBT003
    assert plain.endswith("APOLLO Portal: Ben is the PM now.")


def test_both_are_told_of_a_hand_over() -> None:
    new = ProjectHandedOver("APOLLO", NASTY, is_yours=True, other_name="Ana", actor_name="Dana")
    (message,) = render_handed_over(new)
    assert_slack_takes([message])
    assert message.text == "APOLLO: you are the PM now"
    assert NASTY in shown(list(message.blocks))
    (old,) = render_handed_over(replace(new, is_yours=False, other_name="Ben"))
    assert old.text == "APOLLO: Ben is the PM now"


def test_the_pmo_reads_of_all_managers_who_left_in_one_message() -> None:
    some = [ManagerlessProject(f"P{each}", "x" * 300, "Ana", "Ben") for each in range(120)]
    alone = ManagerlessProject("ALONE", "Portal", "Ana", "")
    messages = render_managers_left(ManagersLeft((*some, alone)))
    assert_slack_takes(messages)
    text = "".join(shown(list(each.blocks)) for each in messages)
    assert "121 projects have lost the PM, who left Slack." in text
    assert "There is no deputy, so nobody is asked." in text
    assert text.count("Ben, the deputy, is asked instead.") == 120
    (single,) = render_managers_left(ManagersLeft((alone,)))
    assert single.text == "1 project has lost the PM, who left Slack"

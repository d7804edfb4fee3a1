"""How the PMO's list, what owners are asked and the windows look; people's words are data."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.answers.learning.messages import (
    AskedMost,
    AssignedQuestions,
    ListedGroup,
    QuestionsPage,
    QuestionWeekList,
    SectionNews,
)
from domain.answers.learning.values import (
    AliasForm,
    Figures,
    GroupRef,
    Near,
    OwnerForm,
    Proposed,
    Standing,
    Trouble,
)
from domain.delivery.messages import Message, MessageCodec
from message_templates import kit
from message_templates.answers.learning import (
    WindowState,
    alias_view,
    done_view,
    owner_view,
    proposed_view,
    read_alias,
    told,
    told_view,
)
from message_templates.home.questions import questions_section
from message_templates.rendering import render
from models.enums import GroupState
from sandbox.blockkit import check_view
from sandbox.inputs import interactive_elements
from tests.support import looks
from tests.support.looks import assert_slack_takes

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
HOSTILE = "<!channel> *a* {{ 7 * 7 }} {% if x %} :tada: <@U0LI> `x` &amp; 😀"
NEAR = Near("template:communications-plan#fields", "What goes into it")
STATE = WindowState(GroupRef(7, 2), is_from_home=True)

GROUP = ListedGroup(
    group_id=7,
    acts=2,
    texts=("who pays for coffee?", "coffee?"),
    more_texts=3,
    count=6,
    askers=("Li", "Erik", "Omar", "Sam", "Zoe", "Gus"),
    newest_at=NOON,
    troubles=((Trouble.UNANSWERED, 5), (Trouble.CHOSEN, 1)),
    near=NEAR,
    chosen=True,
    unknown=("coffee",),
    standing=Standing(),
)
WEEK = QuestionWeekList(
    since=NOON,
    as_of=NOON,
    timezone="America/New_York",
    questions=6,
    groups=(GROUP,),
    more=3,
    older=1,
    sections=SectionNews((AskedMost("Risk", 4),), ("Old one",), 3, 12),
)
ASSIGNED = AssignedQuestions(7, 3, "Dana", ("who pays for coffee?",), 2, NEAR)


def standing(state: GroupState, **facts: Any) -> Standing:
    return Standing(state, NOON, **{"by": "Dana", "owner": "Ben", **facts})


def words_of(message: Message) -> str:
    (rendered,) = render(message)
    assert_slack_takes([rendered])
    return looks.shown(rendered.blocks)


def buttons_of(blocks: list[dict[str, Any]]) -> list[str]:
    return [
        each["text"]["text"]
        for block in blocks
        for each in interactive_elements(block)
        if each["type"] == "button"
    ]


def test_the_week_is_one_message_with_all_that_is_known_of_a_group() -> None:
    (rendered,) = render(WEEK)
    assert_slack_takes([rendered])
    told = looks.shown(rendered.blocks)
    for each in (
        "6 questions since Wed 25 Nov 12:00 that the handbook has no good answer to",
        "6 questions · Li, Erik, Omar, Sam, Zoe and 1 more · last",
        "who pays for coffee?",
        "… and 3 in other words.",
        "No answer (5) · one of several was chosen · the handbook never says: coffee",
        "Nearest: What goes into it (template:communications-plan#fields), which askers chose",
        "… and 3 more: open my Home tab",
        "1 older group of questions is open",
        "Asked most: Risk (4)",
        "Not reviewed for half a year (3): Old one and 2 more",
        "12 sections were shown to nobody for 90 days.",
    ):
        assert each in told
    assert buttons_of(rendered.blocks) == ["Add as alias", "Assign to the owner", "Nothing to do"]
    assert rendered.text == "The handbook's week: 6 questions without a good answer"


@pytest.mark.parametrize(
    ("how", "told", "is_open"),
    [
        (standing(GroupState.ASSIGNED), "With Ben since", True),
        (standing(GroupState.RETURNED, by="Ben"), "Ben says that it is not theirs", True),
        (standing(GroupState.DONE, by="Ben", note="Wrote it"), "Ben has seen to it", False),
        (standing(GroupState.CLOSED), "Dana has closed it", False),
        (standing(GroupState.NAMED), "A proposed alias stands in the handbook since", False),
        (standing(GroupState.CLOSED, again=3), "Again, 3 times since Dana closed it", True),
        (standing(GroupState.DONE, again=1), "Again, 1 time since Dana had seen to it", True),
        (standing(GroupState.NAMED, again=1), "since an alias was added for it", True),
    ],
)
def test_a_group_tells_what_was_done_about_it(how: Standing, told: str, is_open: bool) -> None:  # noqa: FBT001
    group = replace(GROUP, standing=how, proposed=("coffee money",))
    shown = words_of(replace(WEEK, groups=(group,)))
    assert told in shown
    assert ("coffee money" in shown) is is_open
    (rendered,) = render(replace(WEEK, groups=(group,)))
    assert bool(buttons_of(rendered.blocks)) is is_open


@pytest.mark.parametrize(
    ("message", "told", "buttons"),
    [
        (ASSIGNED, "Dana asks you to see to 3 questions", ["Done", "Not mine"]),
        (replace(ASSIGNED, by="Dana"), "Dana has asked somebody else since", []),
        (replace(ASSIGNED, state=GroupState.DONE, note="Wrote it"), "thank you. Wrote it", []),
        (replace(ASSIGNED, state=GroupState.DONE, by="Dana"), "Dana has seen to it", []),
        (replace(ASSIGNED, state=GroupState.RETURNED), "You have given it back", []),
        (replace(ASSIGNED, state=GroupState.CLOSED, by="Dana"), "Dana has closed it", []),
        (
            replace(ASSIGNED, near=None, more_texts=0),
            "see to 1 question that",
            ["Done", "Not mine"],
        ),
    ],
)
def test_an_owner_reads_what_is_asked_and_what_became_of_it(
    message: AssignedQuestions, told: str, buttons: list[str]
) -> None:
    assert told in words_of(message)
    assert buttons_of(render(message)[0].blocks) == buttons


@pytest.mark.parametrize(
    "message",
    [
        WEEK,
        replace(WEEK, questions=0, groups=(replace(GROUP, texts=(), near=None),) * 10, more=0),
        replace(WEEK, sections=SectionNews(), older=0),
        ASSIGNED,
        replace(ASSIGNED, assigner=HOSTILE, texts=(HOSTILE,), near=Near("a:b#c", HOSTILE)),
        replace(
            WEEK,
            groups=(
                replace(
                    GROUP,
                    texts=(HOSTILE * 20,) * 3,
                    askers=(HOSTILE,),
                    unknown=(HOSTILE,) * 9,
                    standing=standing(GroupState.DONE, note=HOSTILE * 20, by=HOSTILE),
                ),
            )
            * 10,
        ),
    ],
)
def test_it_survives_the_ledger_and_what_people_write_is_data(message: Message) -> None:
    codec = MessageCodec([type(message)])
    assert codec.decode(message.kind, codec.encode(message)) == message
    (rendered,) = render(message)
    assert_slack_takes([rendered])
    assert "<!channel>" not in rendered.text
    assert "49" not in looks.shown(rendered.blocks)


def test_what_one_message_has_no_room_for_is_counted() -> None:
    long = replace(
        GROUP, texts=("why? " * 40,) * 3, unknown=("x" * 60,) * 8, proposed=("y" * 80,) * 8
    )
    (rendered,) = render(replace(WEEK, groups=(long,) * 10))
    assert_slack_takes([rendered])
    shown = buttons_of(rendered.blocks).count("Nothing to do")
    assert 2 < shown < 10
    assert f"… and {3 + 10 - shown} more" in looks.shown(rendered.blocks)


def test_the_windows_say_what_they_do_and_are_read_back() -> None:
    form = AliasForm(7, "coffee", (HOSTILE,), (NEAR, Near("a:" + "b" * 80 + "#c", "Too long")))
    window = alias_view(form, STATE)
    assert not check_view(window)
    assert WindowState.load(window) == STATE
    (menu,) = (each for each in window["blocks"] if each.get("block_id") == "near")
    assert [each["value"] for each in menu["element"]["options"]] == [NEAR.section_id]
    values: dict[str, Any] = {
        "phrase": {"phrase": {"value": "coffee money"}},
        "near": {"near": {"selected_option": {"value": NEAR.section_id}}},
        "section": {"section": {"value": None}},
    }
    assert read_alias({"state": {"values": values}}) == ("coffee money", NEAR.section_id)
    values["section"]["section"]["value"] = " a:b#c "
    assert read_alias({"state": {"values": values}}) == ("coffee money", "a:b#c")
    assert not check_view(alias_view(replace(form, sections=()), STATE))
    assert not check_view(done_view(STATE))
    for form_ in (
        OwnerForm(GroupRef(7, 2), HOSTILE, NEAR.section_id, "PMO"),
        OwnerForm(GroupRef(7, 2), "", "", ""),
        OwnerForm(GroupRef(7, 2), "q", "a:b#c", "Ben", why="Ben may not see it."),
    ):
        assert not check_view(owner_view(form_, STATE))


@pytest.mark.parametrize(
    ("facts", "told_"),
    [
        ({"written_to": "own/proposals.yaml"}, "It is written to own/proposals.yaml"),
        ({"trouble": "own: Read-only file system"}, "could not be written into the PMO's folder"),
        ({}, "lists it, ready to be pasted"),
        ({"is_new": False}, "was proposed for What goes into it already: by Dana"),
    ],
)
def test_a_proposal_says_where_it_is_kept(facts: dict[str, Any], told_: str) -> None:
    one = Proposed(
        3, "coffee", NEAR.section_id, NEAR.title, "a.md", 12, "Dana", date(2026, 11, 25), **facts
    )
    view = proposed_view(one)
    assert not check_view(view)
    assert told_ in looks.shown(view["blocks"])


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (GroupState.ASSIGNED, "Ben is asked"),
        (GroupState.CLOSED, "It is closed"),
        (GroupState.RETURNED, "The PMO has it again"),
        (GroupState.DONE, "Thank you"),
    ],
)
def test_who_presses_is_told_what_came_of_it(state: GroupState, text: str) -> None:
    group = replace(GROUP, standing=standing(state))
    assert text in looks.shown(told(group).blocks)
    assert not check_view(told_view(group))


def test_the_page_has_figures_and_a_part_of_the_groups_and_fits() -> None:
    page = QuestionsPage((GROUP,) * 8, 1, 30, Figures(30, 8, 1, 1, 5, 2), 2)
    blocks = questions_section(page, "America/New_York")
    shown = looks.shown(blocks)
    assert "the handbook answered 80 % at once (8 answered, 1 not sure, 1 unknown)" in shown
    assert "9 to 16 of 30" in shown
    assert "2 proposed aliases are not in the handbook yet" in shown
    assert not check_view(kit.home(blocks))
    empty = looks.shown(questions_section(QuestionsPage((), 0, 0, Figures(30), 0), "UTC"))
    assert "Nothing is open" in empty
    assert "nothing was asked of the handbook" in empty

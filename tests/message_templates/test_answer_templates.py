"""How answers look: Markdown becomes Slack's rich text, and people's words are data."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.answers.handbook.reading import read_handbook
from domain.answers.messages import (
    Answer,
    AskElsewhere,
    DidYouMean,
    DontKnow,
    Link,
    Politeness,
    QuestionsLeft,
    SharedAnswer,
    Shown,
)
from domain.answers.rules import related, shown
from domain.answers.values import Choice, Guidance, Rated, Section
from domain.delivery.messages import Message, MessageCodec
from message_templates.answers.answer import rated, read_choice, sharing, value_of
from message_templates.answers.markdown import rich_text_of, words_of
from message_templates.rendering import render
from sandbox.inputs import interactive_elements
from tests.support import looks
from tests.support.looks import assert_slack_takes

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
HOSTILE = "<!channel> *a* {{ 7 * 7 }} {% if x %} :tada: <@U0LI> `x` &amp; 😀"

SHOWN = Shown(
    section_id="template:communications-plan#fields",
    title="What goes into a communications plan",
    body="For each piece of *information*:\n\n- who\n- when\n",
    guidance=Guidance.GENERAL,
    source="PMO handbook, Templates",
    url="",
    owner="PMO",
    reviewed=date(2026, 11, 22),
    is_stale=False,
)
ANSWER = Answer(
    question_id=7,
    shown=SHOWN,
    related=(Link("template:communications-plan#when", "When it is made"),),
    question="whats in the comms plan",
    corrected="communications plan",
    can_be_shared=True,
)
EVERY: list[Message] = [
    ANSWER,
    DidYouMean(7, ANSWER.related, "q", "corrected", "Das Handbuch ist auf Englisch."),
    DontKnow("q", ("phases", "terms"), "/project", ("caffeine",), is_told=True),
    AskElsewhere("Ask HR about leave.", "who approves my leave"),
    SharedAnswer(SHOWN, "U0ERIK", "Erik"),
    QuestionsLeft(5, ("<!channel> who?",) * 12),
    Politeness("hello"),
]


@pytest.mark.parametrize("courtesy", ["hello", "thanks", "ok", "no", "bye", "huh"])
def test_a_greeting_is_returned_in_a_line(courtesy: str) -> None:
    (message,) = render(Politeness(courtesy))
    assert 0 < len(message.text) < 130
    assert "\n" not in message.text


def test_what_was_too_much_is_named_and_the_rest_of_it_counted() -> None:
    (message,) = render(QuestionsLeft(5, tuple(f"what is {each}?" for each in range(12))))
    assert message.text.startswith("I answered 5 questions")
    assert "what is 9?" in message.text
    assert "what is 10?" not in message.text
    assert message.text.endswith("and 2 more")


def styles_of(markdown: str) -> list[tuple[str, str]]:
    """Each run of a text, with its styles."""
    found: list[tuple[str, str]] = []

    def walk(value: dict[str, Any]) -> None:
        for each in value.get("elements", []):
            if "text" in each:
                found.append((each["text"], "+".join(each.get("style", {}))))
            walk(each)

    for block in rich_text_of(markdown):
        walk(block)
    return found


@pytest.mark.parametrize(
    ("markdown", "runs"),
    [
        ("plain", [("plain", "")]),
        ("one\ntwo", [("one", ""), (" ", ""), ("two", "")]),
        ("one\n\ntwo", [("one", ""), ("\n\n", ""), ("two", "")]),
        ("**b**`d`~~e~~", [("b", "bold"), ("d", "code"), ("e", "strike")]),
        ("**a *b***", [("a ", "bold"), ("b", "bold+italic")]),
        ("## Head\nbody", [("Head", "bold"), ("\n\n", ""), ("body", "")]),
        ("[here](https://x.example/a)", [("here", "")]),
        ("[there](roles.md#pm)", [("there", "")]),
        ("<b>not HTML</b> & <!channel>", [("<b>not HTML</b> & <!channel>", "")]),
        ("*not closed _nor this", [("*not closed _nor this", "")]),
        ("```\n{{ x }}\n```", [("{{ x }}", "")]),
        ("> quoted\n>\n> more", [("quoted", ""), ("\n", ""), ("more", "")]),
    ],
)
def test_markdown_is_parsed_and_nothing_is_lost(markdown: str, runs: list[tuple[str, str]]) -> None:
    assert styles_of(markdown) == runs


def test_lists_keep_their_numbers_and_depth() -> None:
    (block,) = rich_text_of("Do:\n\n3. one\n   - deep\n4. two\n\nThen")
    kinds = [
        (each["type"], each.get("style"), each.get("indent", 0), each.get("offset", 0))
        for each in block["elements"]
    ]
    assert kinds == [
        ("rich_text_section", None, 0, 0),
        ("rich_text_list", "ordered", 0, 2),
        ("rich_text_list", "bullet", 1, 0),
        ("rich_text_list", "ordered", 0, 3),
        ("rich_text_section", None, 0, 0),
    ]


def test_a_narrow_table_keeps_its_columns_and_a_wide_one_becomes_a_list() -> None:
    (narrow,) = rich_text_of("| work | who |\n|---|---|\n| plan | PM |\n| money | sponsor |")
    assert looks.shown([narrow]) == "work   who\n----------\nplan   PM\nmoney  sponsor"
    (wide,) = rich_text_of(f"| work | who |\n|---|---|\n| plan | {'PM ' * 30}|")
    assert wide["elements"][0]["type"] == "rich_text_list"
    assert looks.shown([wide]).startswith("work: plan\nwho: PM PM")


def test_nothing_makes_no_block() -> None:
    assert rich_text_of("\n\n") == []
    assert words_of("a *b*\n\n- c") == "a b c"


BUNDLED = read_handbook([Path(__file__).parents[2] / "knowledge"]).handbook


def test_every_bundled_section_fits_into_one_message_with_all_its_words() -> None:
    for section in BUNDLED.sections.values():
        own = shown(section, NOON.date())
        offered = related(section, BUNDLED)
        message = Answer(1, own, offered, question="x" * 500, can_be_shared=True)
        (rendered,) = render(message)
        assert_slack_takes([rendered])
        told = "".join(looks.shown(rendered.blocks).split())
        for word in words_of(section.body).split():
            assert word in told, section.id


def test_a_section_longer_than_a_message_comes_in_several() -> None:
    body = "\n\n".join(["word " * 400] * 10)
    messages = render(replace(ANSWER, shown=replace(SHOWN, body=body)))
    assert len(messages) > 1
    assert_slack_takes(messages)
    assert sum(looks.shown(each.blocks).count("word") for each in messages) == 4_000


def test_an_answer_cites_its_source_and_offers_what_is_near() -> None:
    (rendered,) = render(ANSWER)
    told = looks.shown(rendered.blocks)
    assert (
        "PMO handbook, Templates · template:communications-plan#fields · reviewed 22 Nov 2026"
        " · kept by PMO · general guidance"
    ) in told
    assert "Showing results for communications plan" in told
    labels = [
        each["text"]["text"] for block in rendered.blocks for each in interactive_elements(block)
    ]
    assert labels == [
        "When it is made",
        "Fill it in for a project",
        "Helpful",
        "Not helpful",
        "Share here",
    ]
    stale = replace(SHOWN, is_stale=True, guidance=Guidance.POLICY, url="https://x.example/t")
    (rendered,) = render(replace(ANSWER, shown=stale, can_be_shared=False))
    told = looks.shown(rendered.blocks)
    assert "PMO policy" in told
    assert "Nobody has reviewed this for half a year: ask PMO whether it still holds." in told
    assert "<https://x.example/t|PMO handbook, Templates>" in told
    assert "Share here" not in told


def test_whether_it_helped_is_only_asked_of_a_question() -> None:
    (rendered,) = render(replace(ANSWER, question_id=0, can_be_shared=True))
    assert_slack_takes([rendered])
    told = looks.shown(rendered.blocks)
    assert ("Share here" in told, "elpful" in told) == (True, False)


def test_what_the_handbook_does_not_know_is_said_with_what_it_does() -> None:
    unknown = DontKnow("q", ("phases", "terms"), "/project", ("caffeine",), is_told=True)
    (told,) = render(replace(unknown, list_on=date(2026, 11, 30)))
    assert told.text.startswith("I don't know; it is on the PMO's list of Mon 30 Nov 2026.")
    assert "The PMO reads of it." in looks.shown(render(unknown)[0].blocks)
    assert "says nothing of: caffeine" in looks.shown(told.blocks)
    assert "phases, terms" in looks.shown(told.blocks)
    (untold,) = render(DontKnow("q", ("phases",), "/project", may_be_report=True))
    assert "nobody is set up as the PMO" in looks.shown(untold.blocks)
    assert "If that was a report" in looks.shown(untold.blocks)
    (which,) = render(DontKnow("", ("raid log",), "/project"))
    assert which.text.startswith("Which one? I can tell about: raid log")


def test_whether_it_helped_is_thanked_for_and_leads_on() -> None:
    section = Section("glossary:risk#meaning", "Risk", "A risk.", "risk")
    assert (
        rated(Rated(7, is_helpful=True, is_told=False, near=(), topics=())).text
        == "Thanks for telling me."
    )
    near = rated(Rated(7, is_helpful=False, is_told=True, near=(section,), topics=("terms",)))
    assert "the PMO reads that this did not help" in looks.shown(near.blocks)
    button, ask = [each for block in near.blocks for each in interactive_elements(block)]
    assert read_choice(button["value"]) == Choice(7, "glossary:risk#meaning")
    assert (ask["text"]["text"], ask["value"]) == ("Ask the PMO", "7")
    far = rated(Rated(7, is_helpful=False, is_told=False, near=(), topics=("terms",)))
    assert "I can tell about: terms" in looks.shown(far.blocks)
    assert_slack_takes([near, far, sharing()])


def test_the_value_of_a_button_is_read_back_whatever_the_section_is_called() -> None:
    assert read_choice(value_of(3, "a:b#c:d")) == Choice(3, "a:b#c:d")


@pytest.mark.parametrize("message", EVERY, ids=lambda each: each.kind)
def test_it_survives_the_ledger_and_slack_takes_it(message: Message) -> None:
    codec = MessageCodec([type(message)])
    assert codec.decode(message.kind, codec.encode(message)) == message
    assert_slack_takes(render(message))


@pytest.mark.parametrize(
    "message",
    [
        replace(ANSWER, shown=replace(SHOWN, title=HOSTILE, body=HOSTILE, source=HOSTILE)),
        replace(ANSWER, question=HOSTILE, corrected=HOSTILE),
        DontKnow(HOSTILE, (HOSTILE,), "/project", (HOSTILE,)),
    ],
    ids=["section", "question", "unknown"],
)
def test_what_people_write_is_data(message: Message) -> None:
    (rendered,) = render(message)
    assert_slack_takes([rendered])
    assert "<!channel>" not in rendered.text
    assert "{{ 7 * 7 }}" in looks.shown(rendered.blocks)

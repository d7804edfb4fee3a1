"""How questions about projects look: what Slack takes, and that people's words are data."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.delivery.messages import MessageCodec
from domain.inquiries.messages import (
    InquiryItem,
    InquiryNews,
    OfficeInquiries,
    OpenInquiries,
    UnansweredInquiries,
)
from domain.inquiries.values import (
    Asking,
    InquiryCard,
    InquiryCounts,
    InquiryList,
    Role,
    Turn,
    Why,
    Written,
)
from message_templates.inquiries.list import counts_blocks, inquiry_messages
from message_templates.inquiries.told import passed_on
from message_templates.inquiries.window import (
    WindowState,
    ask_view,
    closed_view,
    inquiry_view,
    read_window,
    written_view,
)
from message_templates.kit import Block
from message_templates.rendering import render
from models.enums import InquiryState, InquiryStep
from sandbox.blockkit import check_view
from sandbox.inputs import interactive_elements
from tests.support.looks import assert_slack_takes, shown

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
HOSTILE = "<!channel> *a* {{ 7 * 7 }} {% if x %} :tada: <@U0LI> `x` &amp; 😀"

ITEM = InquiryItem(
    inquiry_id=7,
    code="APOLLO",
    name="Student Portal",
    asker="Erik",
    asked="Ana",
    asked_at=NOON,
    question="When do you go live?",
    earlier=0,
    state=InquiryState.OPEN,
)
CARD = InquiryCard(
    inquiry_id=7,
    code="APOLLO",
    name="Student Portal",
    asker="Erik",
    asked="Ana",
    state=InquiryState.OPEN,
    turns=(Turn("Erik", NOON, InquiryStep.QUESTION, "When do you go live?"),),
    role=Role.ANSWERER,
    seen=11,
)
ANSWERED = replace(
    CARD,
    state=InquiryState.ANSWERED,
    turns=(*CARD.turns, Turn("Ana", NOON, InquiryStep.ANSWER, "In May.")),
)
ASKING = Asking(3, "APOLLO", "Student Portal", pm="Ana", asked="Ana")


def buttons(blocks: list[Block]) -> list[str]:
    """The words on all buttons, in order."""
    return [
        each["text"]["text"]
        for block in blocks
        for each in interactive_elements(block)
        if each["type"] == "button"
    ]


def text_of(view: Block) -> str:
    """The text of a window that Slack takes."""
    assert not check_view(view)
    return shown(view["blocks"])


def test_who_is_asked_reads_who_asks_what_and_can_answer_or_pass_it_on() -> None:
    (message,) = render(OpenInquiries((ITEM,)))
    assert_slack_takes([message])
    assert message.text == "Erik asks about APOLLO: When do you go live?"
    assert "A question about your project waits for your answer." in shown(message.blocks)
    assert "APOLLO Student Portal · Erik asks, " in shown(message.blocks)
    assert buttons(message.blocks)[:2] == ["Answer", "Not for me"]


@pytest.mark.parametrize(
    ("item", "words", "labels"),
    [
        (replace(ITEM, is_reminder=True), "It still waits.", ["Answer", "Not for me"]),
        (replace(ITEM, earlier=2), "After 2 earlier entries:", ["Answer", "Not for me"]),
        (
            replace(ITEM, state=InquiryState.ANSWERED, answered_by="Ben"),
            "Answered by Ben.",
            ["Open"],
        ),
        (
            replace(ITEM, state=InquiryState.CLOSED),
            "Closed: nobody waits for an answer any more.",
            ["Open"],
        ),
    ],
)
def test_an_item_says_where_it_stands(item: InquiryItem, words: str, labels: list[str]) -> None:
    (message,) = render(OpenInquiries((item,)))
    assert_slack_takes([message])
    assert words in shown(message.blocks)
    assert buttons(message.blocks) == labels


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (OpenInquiries((), has_newer=True), "stands in my newer message below"),
        (OpenInquiries(()), "Nothing of this waits for you any more."),
        (OpenInquiries((ITEM, ITEM)), "2 questions about your projects wait for your answer."),
        (OfficeInquiries(()), "Nothing of this waits for the PMO any more."),
        (OfficeInquiries((replace(ITEM, why=Why.PASSED_ON),)), "Passed on to the PMO"),
        (OfficeInquiries((replace(ITEM, why=Why.NOBODY, asked=""),)), "Neither the PM nor"),
        (OfficeInquiries((replace(ITEM, why=Why.OVERDUE),)), "Not answered for days: Ana has it."),
        (UnansweredInquiries((ITEM,)), "1 question of yours is not answered yet. I have told"),
        (UnansweredInquiries((replace(ITEM, asked=""),)), "you asked the PMO"),
        (UnansweredInquiries((ITEM, ITEM)), "2 questions of yours are not answered yet."),
        (UnansweredInquiries(()), "Nothing of this waits for an answer any more."),
        (InquiryNews(7, "APOLLO", "Portal", "When?", "Ana", "In May."), "Ana answered your"),
        (InquiryNews(7, "APOLLO", "Portal", "When?", "Ana", ""), "Ana passed your question on"),
    ],
)
def test_each_reader_is_told_in_words(message: Any, text: str) -> None:
    rendered = render(
        MessageCodec([type(message)]).decode(
            message.kind, MessageCodec([type(message)]).encode(message)
        )
    )
    assert_slack_takes(rendered)
    assert text in "".join(shown(each.blocks) for each in rendered)


@pytest.mark.parametrize("kind", [OpenInquiries, OfficeInquiries, UnansweredInquiries])
@pytest.mark.parametrize("count", [1, 2, 5, 20, 300])
def test_any_number_of_long_questions_is_one_message(kind: type[Any], count: int) -> None:
    long = replace(
        ITEM,
        question="<&> " * 750,
        name="<&>" * 500,
        asker="😀" * 200,
        asked="&" * 300,
        earlier=999,
        why=Why.OVERDUE,
        is_reminder=True,
    )
    (message,) = render(kind((long,) * count))
    assert_slack_takes([message])
    if count > 20:
        assert f"… and {count - 20} more: /project inquiries" in shown(message.blocks)
    waiting = replace(ITEM, code="LATE")
    done = replace(ITEM, state=InquiryState.ANSWERED, code="DONE")
    (message,) = render(kind((*(done,) * count, waiting)))
    assert "LATE" in shown(message.blocks), "what waits is never among what is only counted"


def test_peoples_words_are_data_everywhere() -> None:
    item = replace(ITEM, question=HOSTILE, asker=HOSTILE, name=HOSTILE, why=Why.OVERDUE)
    news = InquiryNews(7, "APOLLO", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    turn = Turn(HOSTILE, NOON, InquiryStep.QUESTION, HOSTILE)
    card = replace(CARD, name=HOSTILE, asker=HOSTILE, asked=HOSTILE, turns=(turn,))
    messages = [
        *render(OpenInquiries((item,))),
        *render(OfficeInquiries((item,))),
        *render(UnansweredInquiries((item,))),
        *render(news),
        *inquiry_messages(InquiryList((card,), "APOLLO", HOSTILE)),
        passed_on(card),
    ]
    assert_slack_takes(messages)
    for message in messages:
        assert "<!channel>" not in message.text
        assert HOSTILE[:40] in shown(message.blocks)
        assert not any(block["type"] == "section" for block in message.blocks)
    assert HOSTILE in text_of(inquiry_view(card))


def test_a_long_question_and_a_long_answer_are_told_whole() -> None:
    question, answer = "q" * 3_000, "<" * 3_000
    rendered = render(InquiryNews(7, "APOLLO", "Portal", question, "Ana", answer))
    assert_slack_takes(rendered)
    told = "".join(shown(each.blocks) for each in rendered)
    assert question in told
    assert answer in told


@pytest.mark.parametrize(
    ("asking", "text"),
    [
        (ASKING, "Ana, the PM, gets your question, in their working hours."),
        (replace(ASKING, asked="Ben", why=Why.PM_AWAY), "Ana, the PM, is away: Ben, the deputy"),
        (replace(ASKING, asked="Ben", why=Why.PM_GONE), "Ana, the PM, has left Slack: Ben"),
        (replace(ASKING, asked="", why=Why.NOBODY), "the PMO gets your question"),
        (replace(ASKING, waiting=1), "1 question of yours about it waits for an answer already"),
        (replace(ASKING, waiting=2), "2 questions of yours about it wait for an answer already"),
    ],
)
def test_the_window_says_who_gets_the_question_and_who_can_read_it(
    asking: Asking, text: str
) -> None:
    told = text_of(ask_view(asking))
    assert text in told
    assert "whoever else may see the project can read them there" in told


def test_a_window_is_read_back_as_it_was_sent() -> None:
    view = inquiry_view(CARD, is_from_home=True)
    assert not check_view(view)
    element = next(each["element"] for each in view["blocks"] if each["type"] == "input")
    values: dict[str, Any] = {"text": {element["action_id"]: {"value": "In May."}}}
    state, text = read_window({**view, "state": {"values": values}})
    assert state == WindowState(inquiry_id=7, seen=11, is_from_home=True)
    assert text == "In May."
    values["text"][element["action_id"]]["value"] = None
    assert read_window({**view, "state": {"values": values}})[1] == ""


@pytest.mark.parametrize(
    ("card", "labels", "is_form"),
    [
        (CARD, ["Not for me"], True),
        (replace(CARD, asked=""), [], True),
        (ANSWERED, [], True),
        (replace(CARD, role=Role.ASKER), ["Take the question back"], True),
        (replace(ANSWERED, role=Role.ASKER), [], True),
        (replace(CARD, role=Role.READER), [], False),
    ],
)
def test_a_window_has_what_its_reader_may_do(
    card: InquiryCard, labels: list[str], *, is_form: bool
) -> None:
    view = inquiry_view(card)
    assert not check_view(view)
    assert buttons(view["blocks"]) == labels
    assert ("submit" in view) is is_form
    assert "submit" not in closed_view(card)


def test_the_newest_entries_stand_in_a_window_and_the_rest_is_counted() -> None:
    turns = tuple(
        Turn("Erik", NOON, InquiryStep.QUESTION, f"<Number {number}> {'&' * 2_980}")
        for number in range(13)
    )
    told = text_of(inquiry_view(replace(CARD, turns=turns)))
    assert "3 earlier entries: /project inquiries APOLLO shows all." in told
    assert "<Number 2>" not in told
    assert "<Number 3>" in told
    listed = inquiry_messages(InquiryList((replace(CARD, turns=turns),)))
    assert_slack_takes(listed)
    assert all(
        f"<Number {number}>" in shown([each.blocks for each in listed]) for number in range(13)
    )


def test_who_answers_what_its_asker_may_not_read_is_told_before_and_after() -> None:
    card = replace(CARD, is_answer_sent=False)
    assert "what you write stays on the record, and is not sent" in text_of(inquiry_view(card))
    assert "so it was not sent" in text_of(written_view(Written(card)))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (Written(ANSWERED), "Erik gets your answer as a direct message."),
        (Written(replace(CARD, role=Role.ASKER)), "Ana gets your question about APOLLO"),
        (Written(replace(CARD, role=Role.ASKER, asked="")), "The PMO gets your question"),
        (Written(CARD, is_new=False), "That was said already, and nothing new was kept."),
        (Written(ANSWERED, between=ANSWERED.turns[1:]), "While you were writing:Ana answered"),
    ],
)
def test_what_was_sent_is_confirmed_with_what_others_said_meanwhile(
    written: Written, text: str
) -> None:
    assert text in text_of(written_view(written))


def test_each_step_of_an_inquiry_is_told_in_words() -> None:
    steps = (
        Turn("Ana", NOON, InquiryStep.PASSED_ON, ""),
        Turn("", NOON, InquiryStep.CLOSED, "Erik has left Slack."),
    )
    card = replace(CARD, state=InquiryState.CLOSED, asked="", turns=(*ANSWERED.turns, *steps))
    told = text_of(inquiry_view(card))
    for words in ("Erik asks the PMO · closed", "Erik asked", "Ana answered", "Erik has left"):
        assert words in told
    assert "Ana passed it on to the PMO" in told
    assert "is settled" in shown(passed_on(card).blocks)


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (InquiryCounts(2, 5), "Questions about it: 2 open, 5 answered · /project inquiries APOLLO"),
        (InquiryCounts(0, 1), "Questions about it: 1 answered · /project inquiries APOLLO"),
        (InquiryCounts(), ""),
    ],
)
def test_a_project_tells_what_was_asked_about_it_in_numbers(
    counts: InquiryCounts, text: str
) -> None:
    assert shown(counts_blocks(counts, "APOLLO")) == text


def test_nothing_asked_is_said_with_how_to_ask() -> None:
    (nobody,) = inquiry_messages(InquiryList((), "APOLLO", "Portal"))
    (mine,) = inquiry_messages(InquiryList(()))
    assert_slack_takes([nobody, mine])
    assert "Nobody has asked about it yet." in shown(nobody.blocks)
    assert "Ask the PM stands under a project" in shown(mine.blocks)
    (some,) = inquiry_messages(InquiryList((CARD, ANSWERED), "APOLLO", "Portal"))
    assert some.text == "Questions about APOLLO · Portal: 1 open of 2"
    assert buttons(some.blocks) == ["Answer", "Open"]

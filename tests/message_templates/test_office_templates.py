"""How questions to the PMO look: what Slack takes, that words are data, and each step in words."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.answers.handing.values import Choosable, Handed, OfficeAsking
from domain.answers.messages import AskElsewhere, DidYouMean, DontKnow, Link
from domain.delivery.messages import MessageCodec
from domain.inquiries.messages import (
    AnswerInThread,
    InquiryItem,
    InquiryNews,
    News,
    OfficeInquiries,
    OfficeMoved,
    OfficeQuestion,
    OfficeTurn,
    OpenInquiries,
    UnansweredInquiries,
)
from domain.inquiries.values import InquiryCard, InquiryList, Role, Turn, Why, Written
from message_templates.answers.handing import ask_pmo_view, how_to_ask_pmo, read_ask_pmo, sent
from message_templates.inquiries.list import inquiry_messages, question_line
from message_templates.inquiries.office import inquiry_in, passed_to
from message_templates.inquiries.told import passed_on
from message_templates.inquiries.window import (
    WindowState,
    back_view,
    inquiry_view,
    late_view,
    read_window,
    wants_thread,
    written_view,
)
from message_templates.kit import Block
from message_templates.rendering import render
from models.enums import InquiryState, InquiryStep
from sandbox.blockkit import check_view
from sandbox.inputs import interactive_elements
from tests.support.looks import assert_slack_takes, shown

NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
HOSTILE = "<!channel> *a* {{ 7 * 7 }} <@U0LI> `x` &amp; 😀"

QUESTION = OfficeQuestion(7, "", "", "Erik", NOON, "Who signs?", InquiryState.OPEN)
ITEM = InquiryItem(
    7, "", "", "Erik", "", NOON, "Who signs?", 0, InquiryState.OPEN, is_for_office=True
)
CARD = InquiryCard(
    7,
    "",
    "",
    "Erik",
    "",
    InquiryState.OPEN,
    (Turn("Erik", NOON, InquiryStep.QUESTION, "Who signs?"),),
    Role.ANSWERER,
    seen=11,
    is_for_office=True,
)
NEWS = InquiryNews(7, "", "", "Who signs?", "Dana", "The sponsor.", is_for_office=True)
ASKING = OfficeAsking(
    3, "Who signs?", (Choosable("APOLLO", "Portal"),), "", ("Dana",), has_channel=True
)


def labels(blocks: list[Block]) -> list[str]:
    """The words on all buttons, in order."""
    found = [each for block in blocks for each in interactive_elements(block)]
    return [each["text"]["text"] for each in found if each["type"] == "button"]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (QUESTION, "Erik asks the PMO:Who signs?⏳"),
        (replace(QUESTION, code="APOLLO", name="Portal"), "asks the PMO about APOLLO Portal:"),
        (replace(QUESTION, asked="Li"), "Li has it; it waits since"),
        (replace(QUESTION, is_asked_back=True, by="Dana", at=NOON), "Waits for Erik: Dana asked"),
        (replace(QUESTION, state=InquiryState.ANSWERED, by="Dana", at=NOON), "Answered by Dana, "),
        (replace(QUESTION, state=InquiryState.CLOSED, reason="Taken back."), "Closed: Taken back."),
        (replace(QUESTION, question=""), "older than they are kept"),
        (OfficeTurn("Dana", NOON, InquiryStep.ANSWER, "The sponsor."), "Dana answered:The"),
        (OfficeTurn("Dana", NOON, InquiryStep.ASKED_BACK, "Which?"), "Dana asked back:Which?"),
        (OfficeTurn("Erik", NOON, InquiryStep.REPLY, "That."), "Erik replied:That."),
        (OfficeTurn("Erik", NOON, InquiryStep.QUESTION, "And?"), "Erik asked further:And?"),
        (OfficeTurn("Dana", NOON, InquiryStep.PASSED_TO, "Li"), "Dana passed it on to Li."),
        (OfficeTurn("Li", NOON, InquiryStep.PASSED_ON, ""), "Li gave it back to the PMO."),
        (OfficeMoved(), "It goes on with each of the PMO directly."),
        (OfficeMoved(is_answer=True), "Who asked has it directly."),
        (AnswerInThread("Who?", "Dana", "The sponsor."), "Dana of the PMO answers:Who?The sponsor"),
        (NEWS, "Dana answered your question to the PMO:The sponsor."),
        (replace(NEWS, code="APOLLO", name="Portal"), "your question about APOLLO Portal:"),
        (replace(NEWS, before="Li"), "Li had answered it before: this comes on top."),
        (replace(NEWS, link="https://x.example/p1"), "Where it stands in Slack"),
        (replace(NEWS, answer="Li", news=News.PASSED_TO), "passed your question on to Li. You get"),
        (replace(NEWS, answer="", news=News.PASSED_ON), "passed your question on to the PMO. You"),
        (replace(NEWS, news=News.ASKED_BACK), "Dana asks back about your question. The PMO waits"),
        (replace(NEWS, author="Erik", news=News.REPLY), "Erik replied to what you asked back:"),
        (OpenInquiries((ITEM,)), "A question waits for your answer."),
        (OpenInquiries((ITEM, ITEM)), "2 questions wait for your answer."),
        (OpenInquiries((ITEM,)), "The PMO asks you to answer it."),
        (OfficeInquiries((replace(ITEM, why=Why.ASKED),)), "The PMO was asked a working day ago"),
        (UnansweredInquiries((ITEM,), ("Dana", "Li")), "If it can't wait, write to Dana, Li."),
        (UnansweredInquiries((replace(ITEM, asked="Li"),)), "and has not answered: Li has it."),
    ],
)
def test_each_reader_is_told_in_words(message: Any, text: str) -> None:
    codec = MessageCodec([type(message)])
    rendered = render(codec.decode(message.kind, codec.encode(message)))
    assert_slack_takes(rendered)
    assert text.replace("⏳", "") in "".join(shown(each.blocks) for each in rendered)
    assert "  " not in rendered[0].text


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (QUESTION, ["Answer", "Ask back"]),
        (replace(QUESTION, state=InquiryState.ANSWERED), ["Open"]),
        (NEWS, ["Ask further"]),
        (replace(NEWS, news=News.ASKED_BACK), ["Reply"]),
        (replace(NEWS, news=News.ASKED_BACK, is_over=True), ["Ask further"]),
        (replace(NEWS, news=News.REPLY), ["Answer"]),
        (DontKnow("x", (), "/project", is_told=True, question_id=3), ["Ask the PMO"]),
        (DontKnow("x", (), "/project", question_id=3), []),
        (DidYouMean(3, (Link("a:b#c", "A"),)), ["A", "None of these", "Ask the PMO"]),
        (AskElsewhere("Ask somebody else."), []),
        (AskElsewhere("In English, please.", for_pmo=3), ["Ask the PMO"]),
    ],
)
def test_each_reader_has_the_buttons_for_what_they_can_do(message: Any, words: list[str]) -> None:
    (rendered,) = render(message)
    assert labels(rendered.blocks) == words


def test_a_question_is_passed_on_by_a_menu_that_knows_it() -> None:
    (rendered,) = render(QUESTION)
    (block,) = [each for each in rendered.blocks if each["type"] == "actions"]
    assert inquiry_in(block["block_id"]) == 7
    assert block["elements"][-1]["type"] == "users_select"
    assert "Li has Erik's question now" in shown(passed_to(replace(CARD, asked="Li")).blocks)
    assert "The PMO has Erik's question now" in shown(passed_on(CARD).blocks)


def test_peoples_words_are_data_and_long_ones_are_whole() -> None:
    long = "<&>" * 1_000
    messages = [
        *render(replace(QUESTION, asker=HOSTILE, question=long, code="APOLLO", name=HOSTILE * 9)),
        *render(OfficeTurn(HOSTILE, NOON, InquiryStep.ANSWER, long)),
        *render(OfficeTurn(HOSTILE, NOON, InquiryStep.PASSED_TO, HOSTILE)),
        *render(AnswerInThread(long, HOSTILE, long)),
        *render(replace(NEWS, question=long, author=HOSTILE, answer=long, news=News.REPLY)),
        *sent(Written(replace(CARD, turns=(Turn("Erik", NOON, InquiryStep.QUESTION, long),)))),
    ]
    assert_slack_takes(messages)
    for message in messages:
        assert "<!channel>" not in message.text
    told = [each.blocks for each in messages]
    assert shown(told).count(long) == 6


@pytest.mark.parametrize(
    ("asking", "texts"),
    [
        (ASKING, ["Dana. You get the answer", "It stands in the PMO's channel; if it names"]),
        (replace(ASKING, has_channel=False), ["Each of them gets it directly."]),
        (replace(ASKING, office=("D",) * 7, waiting=1), ["and 2 others", "1 question of yours to"]),
        (replace(ASKING, waiting=2), ["2 questions of yours to the PMO wait"]),
    ],
)
def test_the_window_says_who_reads_the_question(asking: OfficeAsking, texts: list[str]) -> None:
    view = ask_pmo_view(asking)
    assert not check_view(view)
    for text in texts:
        assert text in shown(view["blocks"])


def sent_view(asking: OfficeAsking, project: dict[str, Any]) -> Handed:
    """What is read of the window once it is sent."""
    values = {"text": {"text": {"value": " Who? "}}, "project": {"project": project}}
    return read_ask_pmo({**ask_pmo_view(asking), "state": {"values": values}})


def test_a_project_is_chosen_from_a_menu_or_typed_where_there_are_more_than_it_holds() -> None:
    chosen = {"selected_option": {"value": "APOLLO"}}
    assert sent_view(ASKING, chosen) == Handed(" Who? ", "APOLLO", 3)
    assert sent_view(ASKING, {"selected_option": None}) == Handed(" Who? ", "", 3)
    many = tuple(Choosable(f"P{number}", "<&>" * 40) for number in range(101))
    assert sent_view(replace(ASKING, projects=many), {"value": "P7"}).code == "P7"
    for projects in (many, many[:100], ()):
        view = ask_pmo_view(replace(ASKING, projects=projects, code="P7" if projects else ""))
        assert not check_view(view)
    values = {"text": {"text": {"value": None}}}
    assert read_ask_pmo({**view, "state": {"values": values}}) == Handed("", "", 3)


@pytest.mark.parametrize(
    ("view", "texts"),
    [
        (inquiry_view(CARD), ["Erik asks the PMO · waits for an answer", "Ask back"]),
        (inquiry_view(replace(CARD, asked="Li")), ["the PMO; Li has it", "Not for me"]),
        (inquiry_view(replace(CARD, has_thread=True)), ["Erik asked"]),
        (
            inquiry_view(replace(CARD, role=Role.ASKER, is_asked_back=True)),
            ["waits for Erik", "Take the question back"],
        ),
        (back_view(CARD), ["Who signs?"]),
        (
            late_view(replace(CARD, has_thread=True), "Me too.", is_from_home=False),
            ["Somebody else's answer came first"],
        ),
        (written_view(Written(CARD)), ["Erik gets your answer as a direct message."]),
        (written_view(Written(replace(CARD, is_asked_back=True))), ["Erik gets your question as"]),
        (
            written_view(Written(replace(CARD, role=Role.ASKER))),
            ["The PMO gets your question. You", "/project inquiries lists"],
        ),
        (
            written_view(
                Written(
                    replace(
                        CARD,
                        role=Role.ASKER,
                        turns=(*CARD.turns, Turn("Erik", NOON, InquiryStep.REPLY, "That.")),
                    )
                )
            ),
            ["Your reply is on its way."],
        ),
        (
            written_view(Written(replace(CARD, is_answer_sent=False))),
            ["Your answer is on the record. Erik can't read of it any more"],
        ),
    ],
)
def test_a_window_shows_where_it_stands_and_what_can_be_done(view: Block, texts: list[str]) -> None:
    assert not check_view(view)
    for text in texts:
        assert text in shown(view["blocks"])


def test_what_was_written_second_is_kept_in_the_window_and_can_be_sent() -> None:
    view = late_view(CARD, "Me too.", is_from_home=True)
    (field,) = [each["element"] for each in view["blocks"] if each["type"] == "input"]
    assert field["initial_value"] == "Me too."
    values = {"text": {field["action_id"]: {"value": "Me too."}}}
    sent_back = {**view, "state": {"values": values}}
    assert read_window(sent_back) == (
        WindowState(inquiry_id=7, seen=11, is_from_home=True),
        "Me too.",
    )
    assert not wants_thread(sent_back)
    ticked = {**values, "in_thread": {"in_thread": {"selected_options": [{"value": "x"}]}}}
    assert wants_thread({**view, "state": {"values": ticked}})


def test_what_is_about_no_project_is_listed_without_one() -> None:
    steps = (
        Turn("Dana", NOON, InquiryStep.ASKED_BACK, "Which?"),
        Turn("Erik", NOON, InquiryStep.REPLY, "That."),
        Turn("Dana", NOON, InquiryStep.PASSED_TO, "Li"),
    )
    card = replace(CARD, turns=(*CARD.turns, *steps), asked="Li")
    (listed,) = inquiry_messages(InquiryList((card,)))
    assert_slack_takes([listed])
    for words in ("Dana asked back", "Erik replied", "Dana passed it on", "Li has it"):
        assert words in shown(listed.blocks)
    line = shown(question_line(replace(CARD, role=Role.ASKER, is_asked_back=True)))
    assert line.startswith("you asked the PMO")
    assert "waits for your reply" in line
    assert labels(how_to_ask_pmo("/project").blocks) == ["Ask the PMO"]
    assert "has this question already" in shown(
        [each.blocks for each in sent(Written(CARD, is_new=False))]
    )

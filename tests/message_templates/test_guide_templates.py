"""How the triage looks, and what the messages tab suggests to ask."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from bot.factory import MESSAGES
from domain.answers.guiding.messages import (
    TriagePointer,
    TriageQuestion,
    TriageReview,
    TriageVerdict,
)
from domain.answers.guiding.rules import decide
from domain.answers.guiding.values import (
    CHOICES,
    Contact,
    Lines,
    Offer,
    Progress,
    Requests,
    Step,
    Subject,
)
from domain.answers.messages import Link, Shown
from domain.answers.values import Guidance
from domain.delivery.messages import Message, MessageCodec
from message_templates.answers.guide import looking, prompts
from message_templates.rendering import render
from sandbox.inputs import interactive_elements
from tests.support import looks
from tests.support.looks import assert_slack_takes

HOSTILE = "<!channel> *a* {{ 7 * 7 }} <@U0LI> `x` &amp;"
LINES = Lines(money=HOSTILE)
LINKS = (Link("process:project-request#how", "How to start a project"),)
CLAUSE = Shown(
    section_id="process:what-is-a-project#size",
    title="From which size on",
    body=HOSTILE,
    guidance=Guidance.POLICY,
    source="PMO handbook",
    url="",
    owner="PMO",
    reviewed=date(2026, 11, 22),
    is_stale=False,
)
SET_UP = Requests("https://x.example/a", HOSTILE, "https://desk.example/")


def verdict(*answers: str, **more: Any) -> TriageVerdict:
    result, effort, reach = answers
    progress = Progress(Step.VERDICT, (result, effort, reach))
    values = {"clause": CLAUSE, "advice": "", "requests": Requests(), **more}
    return TriageVerdict(progress, LINES, decide(progress, LINES), **values)


def text_of(message: Message) -> str:
    return "".join(looks.shown(each.blocks) for each in render(message))


def buttons_of(message: Message) -> dict[str, dict[str, Any]]:
    return {
        element["text"]["text"]: element
        for each in render(message)
        for block in each.blocks
        for element in interactive_elements(block)
    }


def test_slack_takes_each_question_and_each_outcome() -> None:
    for subject in Subject:
        changing = Progress(subject, ("repeat", "days", "both"))
        assert_slack_takes(render(TriageQuestion(changing, LINES, LINKS, "q")))
    for result, effort, reach in product(*CHOICES.values()):
        done = Progress(Step.REVIEW, (result, effort, reach))
        assert_slack_takes(render(TriageReview(done, LINES)))
        assert_slack_takes(render(verdict(result, effort, reach)))
    assert_slack_takes(render(TriagePointer(CLAUSE, LINKS, question=HOSTILE)))


def test_what_goes_through_the_ledger_comes_back_the_same() -> None:
    codec = MessageCodec(MESSAGES)
    for message in (
        TriageQuestion(Progress(Subject.REACH, ("new", "days", "")), LINES, LINKS, "q"),
        TriagePointer(CLAUSE, LINKS),
    ):
        assert codec.decode(message.kind, codec.encode(message)) == message


def test_a_question_says_what_was_answered_and_marks_the_choice_that_stands() -> None:
    message = TriageQuestion(Progress(Subject.EFFORT, ("new", "days", "one")), Lines())
    assert "So far: something new · up to 80 hours · one unit" in text_of(message)
    buttons = buttons_of(message)
    assert [name for name, each in buttons.items() if each.get("style")] == ["Up to 80 hours"]
    assert buttons["Over 80 hours"]["value"] == "verdict|new|more|one"
    assert buttons["Back"]["value"] == "review|new|days|one"


def test_a_verdict_names_the_answers_that_decide_and_the_clause() -> None:
    told = text_of(verdict("new", "more", "one"))
    assert "You said: something new; over 80 hours." in told
    assert "process:what-is-a-project#size · reviewed 22 Nov 2026" in told
    assert "Whom to ask: your PMO" in told
    assert "the PMO counts" not in text_of(replace(verdict("new", "more", "one"), lines=Lines()))
    other = replace(verdict("new", "more", "one"), lines=Lines(project_hours=100))
    assert "here the PMO counts 8 and 100 hours, whatever figures it names" in text_of(other)
    without = text_of(replace(verdict("new", "more", "one"), clause=None))
    assert "The handbook says" not in without


def test_what_the_pmo_set_up_leads_on() -> None:
    project = verdict("new", "more", "one", requests=SET_UP, advice=HOSTILE)
    assert buttons_of(project)["Write a project request"]["url"] == SET_UP.link
    assert "Whom to ask" not in text_of(project)
    assert text_of(project).count(HOSTILE) == 2
    by_text = verdict("new", "more", "one", requests=Requests(text="Ask Li."))
    assert "Whom to ask" not in text_of(by_text)
    service = verdict("new", "hours", "one", requests=SET_UP)
    assert buttons_of(service)["Go to the service desk"]["url"] == SET_UP.service_desk
    assert "Whom to ask" in text_of(verdict("new", "hours", "one"))
    small = verdict("new", "days", "one", requests=SET_UP)
    assert list(buttons_of(small)) == ["Change an answer"]


def test_who_was_not_sure_is_told_whom_to_ask() -> None:
    contacts = (Contact("U0DANA", "Dana"), Contact("U0LI", "Li"))
    (message,) = render(verdict("new", "unsure", "one", contacts=contacts))
    assert "Perhaps small work: you weren't sure of everything" in looks.shown(message.blocks)
    assert message.text.startswith("Perhaps small work")
    assert all(each.slack_id in str(message.blocks) for each in contacts)


@pytest.mark.parametrize(
    ("decided_by", "told"),
    [
        (("hours", "units", "money"), "it grows over 80 hours, or takes a second unit, or needs 5"),
        (("hours",), "it grows over 80 hours, ask"),
        (("units",), "it takes a second unit, ask"),
        (("money",), "it needs 5 or more, ask"),
    ],
)
def test_small_work_is_told_what_would_make_it_a_project(
    decided_by: tuple[str, ...], told: str
) -> None:
    message = verdict("new", "days", "one")
    assert told in text_of(replace(message, lines=Lines(money="5", decided_by=decided_by)))


@pytest.mark.parametrize(
    ("offer", "titles"),
    [
        (Offer(), ["What goes into a communications plan?", "Is this a project?"]),
        (
            Offer("planning", is_pmo=True),
            [
                "What is due for me?",
                "What are the exit criteria for planning?",
                "Which reports are missing?",
                "What goes into a communications plan?",
            ],
        ),
    ],
)
def test_people_are_offered_what_fits_them(offer: Offer, titles: list[str]) -> None:
    assert [each["title"] for each in prompts(offer)] == titles
    assert [each["message"] for each in prompts(offer)] == titles


def test_the_status_reads_on_from_the_name() -> None:
    assert looking() == "is looking into the handbook …"

"""The triage's rules: who is heard, what three answers come to, what buttons carry."""

from itertools import product

import pytest

from domain.answers.guiding.intents import Intent, intent_of
from domain.answers.guiding.rules import answered, back, decide, dump, load
from domain.answers.guiding.values import (
    CHOICES,
    Lines,
    Outcome,
    Progress,
    Step,
    Subject,
)

IS_IT = (
    "is this a project?",
    "is my cake a project?",
    "is it a project",
    "is this a project or a service request?",
    "Hi! Is this a project or just small work?",
    "We need 30 new laptops, is this a project?",
    "We want to move the archive. Is that a project?",
    "do I need a project for this?",
    "do we need a project for that",
    "does this need a project?",
    "do we need a project for the new CRM?",
    "do I need a project to buy laptops?",
    "should this be a project?",
    "would this be a project?",
    "does it count as a project?",
    "is what we want to do a project?",
    "is my idea a project",
    "project or not?",
    "is a project needed for this?",
    "is it a project or a ticket?",
    "do I need to start a project for this?",
    "is this already a project?",
    "does this qualify as a project?",
)
START = (
    "how do I start a project?",
    "How can we start a new project?",
    "how to start a project",
    "where do I start a project?",
    "how do you start a project here?",
    "I have an idea",
    "I have an idea!",
    "I have a project idea: an app for parking",
    "We have an idea for an app. It finds a free desk.",
    "We have a project idea about parking",
    "I have an idea for a parking app",
    "We've got an idea for a new project",
    "i've a new idea",
    "my team has an idea for a project",
    "new project",
    "new project please",
    "New idea",
    "project idea",
    "I want to start a project",
    "I'd like to propose a project",
    "we would like to start a new project",
    "start a new project",
    "how do I get a project started",
    "hello, how do i propose a new project?",
    "what are the first steps to start a project?",
    "how does one request a project?",
)
OTHERS = (
    "what is a project?",
    "project or operations?",
    "what is a project charter?",
    "what is a project request",
    "how do I start the planning phase?",
    "what goes into a project request",
    "who approves a new project?",
    "how do I start a project charter?",
    "how do I start a project meeting?",
    "how do I start a status report",
    "is this project late?",
    "is Apollo a project?",
    "is this a project risk?",
    "is this a project charter?",
    "do I need a project charter for this?",
    "do I need a project manager?",
    "new project manager",
    "new project request form",
    "when does the project start?",
    "what is a project idea?",
    "I have an idea for the kickoff agenda",
    "I have an idea. What goes into a business case?",
    "how do I close a project?",
    "how do I request a change",
    "what is the start date of a project",
    "how do we start execution",
    "start of the project",
    "is a project request needed for small work?",
    "who starts a project?",
    "what counts as a project?",
    "from which size on is it a project?",
    "is it a program or a portfolio?",
    "the project is late",
    "project",
    "APOLLO: green, new project plan is done",
    "how do I start",
    "where do I find the project plan",
    "what is the difference between a project and a program?",
    "is this a change request?",
    "no idea",
    "thanks",
)
"""Questions to the handbook, to the record, reports and thanks."""


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        *((each, Intent.IS_IT) for each in IS_IT),
        *((each, Intent.START) for each in START),
        *((each, None) for each in (*OTHERS, "", "?!")),
    ],
)
def test_who_has_an_idea_is_heard_and_nobody_else(said: str, intent: Intent | None) -> None:
    assert intent_of(said) is intent


def done(result: str, effort: str, reach: str) -> Progress:
    return Progress(Step.VERDICT, (result, effort, reach))


@pytest.mark.parametrize(
    ("answers", "outcome", "because", "is_in_doubt"),
    [
        (("new", "more", "one"), Outcome.PROJECT, "result effort", False),
        (("new", "more", "both"), Outcome.PROJECT, "result effort reach", False),
        (("new", "hours", "units"), Outcome.PROJECT, "result reach", False),
        (("new", "unsure", "money"), Outcome.PROJECT, "result reach", False),
        (("unsure", "more", "one"), Outcome.PROJECT, "effort", True),
        (("new", "days", "one"), Outcome.SMALL_WORK, "effort reach", False),
        (("new", "unsure", "one"), Outcome.SMALL_WORK, "effort reach", True),
        (("new", "hours", "one"), Outcome.SERVICE_REQUEST, "effort reach", False),
        (("unsure", "hours", "one"), Outcome.SERVICE_REQUEST, "effort reach", False),
        (("repeat", "more", "both"), Outcome.SMALL_WORK, "result", False),
        (("repeat", "hours", "one"), Outcome.SERVICE_REQUEST, "result effort reach", False),
    ],
)
def test_three_answers_decide(
    answers: tuple[str, str, str], outcome: Outcome, because: str, *, is_in_doubt: bool
) -> None:
    verdict = decide(done(*answers), Lines())
    assert (verdict.outcome, verdict.is_in_doubt) == (outcome, is_in_doubt)
    assert verdict.because == tuple(map(Subject, because.split()))


@pytest.mark.parametrize(
    ("decided_by", "answers", "outcome"),
    [
        (("hours",), ("new", "days", "both"), Outcome.SMALL_WORK),
        (("units",), ("new", "more", "money"), Outcome.SMALL_WORK),
        (("units",), ("new", "days", "both"), Outcome.PROJECT),
        (("money",), ("new", "days", "both"), Outcome.PROJECT),
        (("money",), ("new", "days", "units"), Outcome.SMALL_WORK),
    ],
)
def test_the_pmo_says_what_makes_a_project(
    decided_by: tuple[str, ...], answers: tuple[str, str, str], outcome: Outcome
) -> None:
    assert decide(done(*answers), Lines(decided_by=decided_by)).outcome is outcome


def test_every_way_through_ends_in_a_verdict_and_survives_the_button() -> None:
    ways = [Progress()]
    for subject in Subject:
        ways = [answered(each, subject, choice) for each in ways for choice in CHOICES[subject]]
        assert [load(dump(each)) for each in ways] == ways
    assert {each.at for each in ways} == {Step.VERDICT}
    assert len(ways) == len(list(product(*CHOICES.values())))


def test_a_way_back_drops_the_answer_before_and_a_change_keeps_all_others() -> None:
    second = answered(Progress(), Subject.RESULT, "new")
    third = answered(second, Subject.EFFORT, "days")
    assert back(third) == second
    assert back(second) == Progress()
    assert back(Progress()) is None
    changing = Progress(Subject.RESULT, ("new", "days", "one"))
    assert back(changing) == Progress(Step.REVIEW, ("new", "days", "one"))
    assert answered(changing, Subject.RESULT, "repeat") == done("repeat", "days", "one")


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "verdict",
        "verdict|new||",
        "review|new|days|",
        "verdict|new|days|everywhere",
        "effort|||",
        "effort|new|days|",
        "reach||days|",
        "elsewhere|new|days|one",
        "verdict|new|days|one|more",
        "result|new||",
    ],
)
def test_what_no_button_of_ours_carries_is_refused(carried: str) -> None:
    assert load(carried) is None

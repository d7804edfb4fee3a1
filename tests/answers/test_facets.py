"""What of a thing a question asks for, by the words that it is asked with."""

import pytest

from domain.answers.finding.facets import PLAIN, asked_for, is_order


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("exit criteria for planning", "exit-criteria"),
        ("when is planning done", "exit-criteria"),
        ("how do we get out of execution", "exit-criteria"),
        ("entry criteria of execution", "entry-criteria"),
        ("when can we start planning", "entry-criteria"),
        ("what comes out of initiation", "deliverables"),
        ("who approves the plan at the planning gate", "gate"),
        ("which forms for closeout", "templates"),
        ("who is involved in planning", "roles"),
        ("duties of a sponsor", "tasks"),
        ("what is the role of the sponsor", "what"),
        ("what goes into a charter", "fields"),
        ("what should i write in the minutes", "fields"),
        ("columns of the raid log", "fields"),
        ("who writes the charter", "owner"),
        ("who has to sign the acceptance", "owner"),
        ("closeout report who", "owner"),
        ("whose job is the agenda", "owner"),
        ("when do i send the agenda", "when"),
        ("how often do we review risks", "when"),
        ("charter deadline", "when"),
        ("how is decision latency measured", "definition"),
        ("how do i escalate", "steps"),
        ("what is a raid log", "meaning"),
        ("why do we need a charter", "purpose"),
    ],
)
def test_it_is_told_what_of_a_thing_is_asked_for(question: str, facet: str) -> None:
    asked = asked_for(question)
    assert asked.fits.get(facet) == 1


@pytest.mark.parametrize("question", ["raid log", "charter", "change control board"])
def test_a_bare_name_asks_for_what_the_thing_is(question: str) -> None:
    asked = asked_for(question)
    assert (asked.fits, asked.is_strong) == (PLAIN, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("approve my change", True),
        ("please close this project", True),
        ("can you delete all reports", True),
        ("approve cr 17 for me", True),
        ("make me the sponsor", True),
        ("close a project", False),
        ("how do i approve a change", False),
        ("who can approve my change", False),
        ("update my status", False),
        ("send me the charter template", False),
        ("send all members a message", True),
    ],
)
def test_an_order_is_told_from_a_question(text: str, *, expected: bool) -> None:
    assert is_order(text) is expected

"""What is typed of days, people, actions, votes and decisions is read, or told how to mend it."""

from datetime import date

import pytest

from domain.meetings.sitting.deciding.rules import read_decision, read_line
from domain.meetings.sitting.reading.rules import (
    find_person,
    named_before,
    read_action,
    read_conditions,
    read_day,
    read_options,
    read_votes,
)
from domain.meetings.sitting.reading.values import Known, ReadDecision, Typed, Votes

TODAY = date(2026, 12, 3)
"""A Thursday."""
OMAR = Known(1, "U0OMAR", "Omar Diaz", "omar@example.edu", is_me=True)
BEN = Known(2, "U0BEN", "Ben Weber", "ben@example.edu")
BENITA = Known(3, "U0BEA", "Ben Alvarez", "bea@example.edu")
KNOWN = [OMAR, BEN, BENITA]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("Friday", date(2026, 12, 4)),
        ("next fri", date(2026, 12, 4)),
        ("thursday", date(2026, 12, 10)),
        ("Wed", date(2026, 12, 9)),
        ("today", TODAY),
        ("tomorrow", date(2026, 12, 4)),
        ("in 3 days", date(2026, 12, 6)),
        ("in 2 weeks", date(2026, 12, 17)),
        ("in 3 months", date(2027, 3, 3)),
        ("4 Dec", date(2026, 12, 4)),
        ("4th of month", None),
        ("Dec 31st", date(2026, 12, 31)),
        ("1 March", date(2027, 3, 1)),
        ("29 Feb", date(2028, 2, 29)),
        ("5 sept 2027", date(2027, 9, 5)),
        ("31 June", None),
        ("4 Marble", None),
        ("fr", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_or_told_how_to_write_it(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(ValueError, match="no day that I can read: write it as 2026-12-04"):
            read_day(text, TODAY)
    else:
        assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@omar", OMAR),
        ("Omar Diaz", OMAR),
        ("me", OMAR),
        ("<@U0BEN|ben>", BEN),
        ("bea@example.edu", BENITA),
        ("ben weber", BEN),
    ],
)
def test_a_person_is_found_by_what_means_nobody_else(text: str, who: Known) -> None:
    assert find_person(text, KNOWN) == who


@pytest.mark.parametrize(
    ("text", "cause"),
    [("Ben", "may be several: Ben Alvarez"), ("Omarr Diaz", "Did you mean Omar Diaz"), ("X", "X")],
)
def test_nobody_is_guessed(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        find_person(text, KNOWN)


def test_an_action_is_read_with_its_project() -> None:
    read = read_action("@omar by Friday: Write the plan: all of it [apollo]", KNOWN, TODAY)
    assert (read.title, read.owner, read.due_on, read.code) == (
        "Write the plan: all of it",
        OMAR,
        date(2026, 12, 4),
        "APOLLO",
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Write the plan", "Say who, by when and what"),
        ("@omar by soon: Write", "no day"),
        ("@omar by Friday: [APOLLO]", "what is to be done"),
        ("@nobody by Friday: Write", "I know nobody"),
    ],
)
def test_an_action_that_cannot_be_read_is_told_how(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        read_action(text, KNOWN, TODAY)
    with pytest.raises(ValueError, match=f"Line 2: .*{cause}"):
        read_conditions(f"@omar by Friday: Check\n\n{text}", KNOWN, TODAY)


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ("5 for, 1 against, 2 abstained", Votes(5, 1, 2)),
        ("2 against, 1 in favour", Votes(1, 2, 0)),
        ("5-1-2", Votes(5, 1, 2)),
        ("3:0", Votes(3, 0, 0)),
        (
            "for: Omar and Ben Weber; against: bea@example.edu",
            Votes(2, 1, 0, "For: Omar Diaz, Ben Weber. Against: Ben Alvarez."),
        ),
        (" ", None),
    ],
)
def test_votes_are_read_as_counts_or_names(text: str, votes: Votes | None) -> None:
    assert read_votes(text, KNOWN, 8) == votes


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("9 for", "9 votes, and 8 with a vote are here"),
        ("for: Carol", "'Carol' has no vote here: Omar Diaz, Ben Weber, Ben Alvarez have"),
        ("for: Omar, me", "Omar Diaz stands there twice"),
        ("many", "'many' is no count of votes"),
        ("5 perhaps", "is no count of votes"),
    ],
)
def test_votes_that_cannot_be_are_told(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        read_votes(text, KNOWN, 8)


def test_options_have_one_star_and_each_stands_once() -> None:
    assert read_options("Buy\n* Build\n") == (("Buy", "Build"), "Build")
    assert read_options("") == ((), "")
    for text in ("*a\n*b", "a\nA"):
        with pytest.raises(ValueError, match=r"one option|write each once"):
            read_options(text)


def decided(**typed: str) -> ReadDecision | dict[str, str]:
    given = {"question": "Cloud?", "outcome": "approved", "method": "consensus", **typed}
    return read_decision(Typed(**given), KNOWN, KNOWN, 3, TODAY)


CONDITION = "@omar by Friday: Check"


@pytest.mark.parametrize(
    ("typed", "field", "cause"),
    [
        ({"question": " "}, "question", "Say what was decided"),
        ({"question": "x" * 301}, "question", "up to 300"),
        ({"method": "vote"}, "votes", "how the vote came out"),
        ({"method": "vote", "votes": "1 for, 2 against"}, "votes", "do not approve it"),
        ({"votes": "2 for, 1 against"}, "votes", "are no consensus: choose “By vote”"),
        ({"outcome": "rejected", "votes": "1-2-0"}, "votes", "are no consensus"),
        ({"outcome": "conditional"}, "conditions", "under which conditions"),
        ({"conditions": CONDITION}, "conditions", "belong to an approval with conditions"),
        (
            {"outcome": "conditional", "conditions": f"{CONDITION} [EOS]"},
            "conditions",
            "the project of its decision",
        ),
        (
            {"outcome": "conditional", "conditions": "\n".join([CONDITION] * 11)},
            "conditions",
            "Keep to 10",
        ),
        ({"options": "\n".join(map(str, range(21)))}, "options", "Keep to 20"),
        ({"effective_on": "soon"}, "effective_on", "no day"),
        ({"reason": "x" * 3_001}, "reason", "3,001 characters"),
    ],
)
def test_a_decision_that_does_not_hold_together_is_told_by_field(
    typed: dict[str, str], field: str, cause: str
) -> None:
    faults = decided(**typed)
    assert isinstance(faults, dict)
    assert list(faults) == [field]
    assert cause in faults[field]


def test_what_all_are_for_or_against_is_a_consensus_with_votes() -> None:
    for typed in ({"votes": "3-0-0"}, {"votes": "0-3-0", "outcome": "rejected"}):
        assert isinstance(decided(**typed), ReadDecision)


def test_a_tie_can_approve_for_the_chair_decides_it() -> None:
    read = decided(method="vote", votes="1-1-1", options="Buy\n*Build", effective_on="2027-01-01")
    assert isinstance(read, ReadDecision)
    assert (read.votes, read.chosen, read.effective_on) == (
        Votes(1, 1, 1),
        "Build",
        date(2027, 1, 1),
    )


def test_a_decision_of_one_line_is_read() -> None:
    typed = read_line(
        "Budget: move to the cloud [apollo]: approved, 5 for, 1 against; because it is cheaper; "
        "dissent Ben; option Stay; option *Move; from 1 March"
    )
    assert typed == Typed(
        question="Budget: move to the cloud",
        outcome="approved",
        method="vote",
        votes="5 for, 1 against",
        project="APOLLO",
        reason="it is cheaper",
        dissent="Ben",
        options="Stay\n*Move",
        effective_on="1 March",
    )
    assert read_line("Stop it: rejected, by the chair").method == "chair"
    assert read_line("Stop it: No").method == "consensus"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Approved", "Say what was decided and how"),
        ("Stop it: perhaps", "'perhaps' is no outcome"),
        ("Stop it: yes; maybe later", "I can't place 'maybe later'"),
        ("Stop it: yes; because a; because b", "comes twice"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_how(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        read_line(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ITS Council: Stop it: yes", (1, "Stop it: yes")),
        ("sts: Stop it: yes", (2, "Stop it: yes")),
        ("Stop it: yes", (None, "Stop it: yes")),
        ("no colon", (None, "no colon")),
    ],
)
def test_a_council_may_stand_before_it(text: str, found: tuple[int | None, str]) -> None:
    assert named_before(text, {"ITS Council": 1, "STS Council": 2}) == found

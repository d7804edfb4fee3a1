"""What can be voted on, until when, and who has won."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.calendar.rules import WorkingDays
from domain.meetings.ballots.rules import (
    CLOSES_ON,
    OPTIONS,
    QUESTION,
    SECRECY,
    TEXT,
    Box,
    Opening,
    by_name,
    in_words,
    outcome_of,
    read_opening,
    remind_at,
    result_of,
    why_not_handed,
)
from domain.meetings.ballots.values import ABSTAIN
from domain.portfolio.configuration import OutOfCycle
from models.enums import Outcome, SecretVotes, Verdict
from tests.meetings.test_series_rules import NEW_YORK
from tests.support.balloting import CLOSES, WISH
from tests.support.meeting import NOON
from tests.support.portfolio import at

TERMS = OutOfCycle()
HOLIDAYS = WorkingDays(country="US")


@pytest.mark.parametrize(
    ("wrong", "field", "text"),
    [
        ({"question": "  "}, QUESTION, "Write what is to be decided"),
        ({"question": "x" * 201}, QUESTION, "longer than 200"),
        ({"text": "x" * 4_001}, TEXT, "longer than 4,000"),
        ({"options": "Yes"}, OPTIONS, "from 2 to 8"),
        ({"options": "\n".join("abcdefghi")}, OPTIONS, "from 2 to 8"),
        ({"options": f"Yes\n{'x' * 61}"}, OPTIONS, "60 characters"),
        ({"options": "Yes\nABSTAIN"}, OPTIONS, "always abstain"),
        ({"options": "Yes\nyes"}, OPTIONS, "stands there twice"),
        ({"closes_on": "soon"}, CLOSES_ON, "2026-12-24"),
        ({"closes_on": "2026-11-27"}, CLOSES_ON, "the first day is 2026-12-01"),
        ({"closes_on": "2026-12-25"}, CLOSES_ON, "public holiday (Christmas Day)"),
        ({"closes_on": "2027-03-01"}, CLOSES_ON, "check the date"),
        ({"is_secret": True}, SECRECY, "votes openly"),
    ],
)
def test_what_cannot_be_voted_on_is_told_at_its_field(
    wrong: dict[str, Any], field: str, text: str
) -> None:
    wish = replace(WISH, **{"closes_on": "2026-12-01", **wrong})
    faults = read_opening(wish, TERMS, HOLIDAYS, NEW_YORK, NOON)
    assert not isinstance(faults, Opening)
    assert list(faults) == [field]
    assert text in faults[field]


@pytest.mark.parametrize(
    ("secret", "wished", "is_secret"),
    [
        (SecretVotes.NEVER, False, False),
        (SecretVotes.ALLOWED, False, False),
        (SecretVotes.ALLOWED, True, True),
        (SecretVotes.ALWAYS, False, True),
    ],
)
def test_the_configuration_says_whether_a_vote_is_secret(
    secret: SecretVotes, *, wished: bool, is_secret: bool
) -> None:
    wish = replace(WISH, is_secret=wished, options="")
    terms = OutOfCycle(secret=secret)
    opening = read_opening(wish, terms, WorkingDays(), NEW_YORK, NOON)
    assert opening == Opening(
        WISH.question, WISH.text, ("Approve", "Reject"), is_secret=is_secret, closes_at=CLOSES
    )


@pytest.mark.parametrize(
    ("opened", "closes", "before", "expected"),
    [
        (NOON, CLOSES, "1d", at(27, 14)),
        (at(24, 17), at(1, 22, month=12), "2d", at(27, 14)),
        (NOON, CLOSES, "0d", at(30, 14)),
        (NOON, CLOSES, "3d", None),
        (NOON, at(30, 13), "0d", None),
    ],
    ids=[
        "the day before",
        "over a holiday",
        "on the last day",
        "on the first day",
        "after its end",
    ],
)
def test_who_has_not_voted_is_reminded_in_the_morning_of_a_working_day(
    opened: datetime, closes: datetime, before: str, expected: datetime | None
) -> None:
    working = HOLIDAYS if before == "2d" else WorkingDays()
    terms = OutOfCycle(remind_before=before)
    assert remind_at(opened, closes, terms, working, NEW_YORK) == expected


YES, NO = "Approve", "Reject"
_SPLIT = {YES: ("Carol", "Omar"), NO: ("Ben",), ABSTAIN: ("Li",)}


@pytest.mark.parametrize(
    ("votes", "seats", "rule", "verdict", "chosen"),
    [
        (_SPLIT, 5, "majority", Verdict.DECIDED, YES),
        ({YES: ("A",), NO: ("B", "C")}, 5, "majority", Verdict.DECIDED, NO),
        ({YES: ("A", "B"), NO: ("C", "D")}, 5, "majority", Verdict.NO_MAJORITY, ""),
        ({ABSTAIN: ("A", "B", "C")}, 5, "majority", Verdict.NO_MAJORITY, ""),
        ({YES: ("A", "B")}, 5, "majority", Verdict.NO_QUORUM, ""),
        ({YES: ("A", "B"), ABSTAIN: ("C",)}, 5, "majority", Verdict.DECIDED, YES),
        ({YES: ("A", "B", "C", "D")}, 5, "all", Verdict.NO_QUORUM, ""),
        ({YES: ("A", "B")}, 5, "2", Verdict.DECIDED, YES),
        ({}, 0, "majority", Verdict.NO_QUORUM, ""),
    ],
)
def test_more_than_half_of_the_votes_wins_if_enough_have_voted(
    votes: dict[str, tuple[str, ...]], seats: int, rule: str, verdict: Verdict, chosen: str
) -> None:
    box = Box(votes, cast=sum(map(len, votes.values())), seats=seats)
    result = result_of([YES, NO], box, rule)
    assert (result.verdict, result.chosen) == (verdict, chosen)
    assert (result.outcome is not None) == bool(chosen)


def test_an_open_result_says_who_voted_what_and_counts_for_and_against() -> None:
    result = result_of([YES, NO], Box(_SPLIT, cast=4, seats=5), "majority")
    assert by_name(result) == "Approve: Carol, Omar. Reject: Ben. Abstained: Li."
    assert in_words(result) == "Approve: 4 of 5 voted: Approve 2, Reject 1, 1 abstained."
    assert (result.votes_for, result.votes_against, result.dissent) == (2, 1, ("Ben",))
    rejected = result_of([YES, NO], Box({YES: ("A",), NO: ("B", "C")}, 3, 5), "majority")
    assert (rejected.votes_for, rejected.votes_against) == (1, 2)
    assert rejected.outcome is Outcome.REJECTED


def test_two_secret_votes_are_told_apart_nowhere() -> None:
    result = result_of([YES, NO], Box({YES: 1, NO: 1}, 2, 3, is_secret=True), "1")
    assert (result.verdict, result.shares, result.cast) == (Verdict.NO_QUORUM, (), 2)
    assert in_words(result) == "Not decided, for 3 had to vote: 2 of 3 voted."
    by_two = result_of([YES, NO], Box({YES: 2, NO: 1}, 3, 5, is_secret=True, hands=2), "1")
    assert (by_two.shares, by_two.verdict) == ((), Verdict.NO_QUORUM)
    told = result_of([YES, NO], Box({YES: 2, NO: 1}, 3, 5, is_secret=True), "1")
    assert (told.verdict, by_name(told)) == (Verdict.DECIDED, "")
    tie = result_of([YES, NO], Box({YES: 2, NO: 2}, 4, 5, is_secret=True), "majority")
    assert in_words(tie).startswith("Not decided, for no option has more than half")


@pytest.mark.parametrize(
    ("option", "outcome"),
    [
        ("Approve", Outcome.APPROVED),
        ("Vendor B", Outcome.APPROVED),
        ("NO", Outcome.REJECTED),
        ("Defer", Outcome.DEFERRED),
    ],
)
def test_an_option_says_what_it_means_for_the_question(option: str, outcome: Outcome) -> None:
    assert outcome_of(option) is outcome


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, None),
        ({"is_member": True}, None),
        ({"is_member": True, "is_outsider": True}, None),
        ({"is_self": True}, "That is you"),
        ({"is_member": True, "has_handed_on": True}, "handed their own vote on"),
        ({"is_outsider": True}, "They cannot vote on this"),
    ],
)
def test_a_vote_goes_to_somebody_who_can_cast_it(facts: dict[str, bool], text: str | None) -> None:
    given = {"is_self": False, "is_member": False, "has_handed_on": False, "is_outsider": False}
    why = why_not_handed(**given | facts)
    assert (why is None) if text is None else (why is not None and text in why)


def test_a_window_has_a_working_day_at_least() -> None:
    assert OutOfCycle(window="0d").days == 1

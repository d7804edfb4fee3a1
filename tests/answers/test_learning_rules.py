"""Which questions ask the same, what the week's list has, how an alias is put: tables."""

from dataclasses import replace
from datetime import date

import pytest

from domain.answers.learning.rules import (
    Sorter,
    biggest_first,
    in_handbook,
    is_of_week,
    phrase_of,
    stems_of,
    trouble_of,
    why_no_alias,
)
from domain.answers.learning.values import Group, Listed, Standing, Trouble
from domain.answers.values import Handbook, Section
from models.enums import GroupState
from tests.support.portfolio import at

SINCE = at(23, 14)

RISK = Section(
    "glossary:risk#meaning", "Risk", "", "risk", ("risks",), reviewed=date(2026, 11, 1), line=7
)
ISSUE = Section("glossary:issue#meaning", "Issue", "", "issue", ("issues",))
BOOK = Handbook({each.id: each for each in (RISK, ISSUE)})


def listed(day: int, trouble: Trouble = Trouble.UNANSWERED) -> Listed:
    return Listed("who pays?", "", "Erik", at(day, 12), trouble)


def group(*days: int, state: GroupState = GroupState.OPEN, ended: int = 0, again: int = 0) -> Group:
    standing = Standing(state, at(ended, 12) if ended else None, again=again)
    return Group(len(days), 0, tuple(map(listed, days)), standing)


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("who pays for coffee?", "Who is paying for the coffees", True),
        ("who pays for coffee?", "does the coffee get paid by somebody", False),
        ("who pays for coffee?", "who pays for tea?", False),
        ("comms plan owner", "who is the owner of a comms plan", True),
        ("how?", "how?", True),  # no word says anything: the same words
        ("how?", "why?", False),
    ],
)
def test_questions_with_the_same_stems_ask_the_same(first: str, second: str, is_same: bool) -> None:  # noqa: FBT001
    sorter = Sorter([(7, stems_of(first)), (9, stems_of(first))])
    assert sorter.group_of(stems_of(second)) == (7 if is_same else None)


@pytest.mark.parametrize(
    ("band", "helpful", "trouble"),
    [
        ("unknown", None, Trouble.UNANSWERED),
        ("answer", False, Trouble.UNHELPFUL),
        ("unsure", False, Trouble.NONE_FIT),
        ("unsure", None, Trouble.CHOSEN),
    ],
)
def test_why_a_question_is_on_the_list(band: str, helpful: bool | None, trouble: Trouble) -> None:  # noqa: FBT001
    assert trouble_of(band, helpful=helpful) is trouble


@pytest.mark.parametrize(
    ("of", "is_there"),
    [
        (group(24), True),
        (group(23), False),  # told the week before, and not asked again
        (group(20, state=GroupState.ASSIGNED, ended=21), True),  # somebody has it still
        (group(20, state=GroupState.RETURNED, ended=24), True),
        (group(20, state=GroupState.RETURNED, ended=21), False),
        (group(24, state=GroupState.CLOSED, ended=25), False),
        (group(20, 25, state=GroupState.DONE, ended=24, again=1), True),
    ],
)
def test_a_list_has_what_was_asked_given_back_or_is_with_somebody(
    of: Group,
    is_there: bool,  # noqa: FBT001
) -> None:
    assert is_of_week(of, SINCE) is is_there


def test_the_biggest_group_stands_first_then_the_newest() -> None:
    small, big, newer = group(24), group(20, 21), group(25)
    assert biggest_first([small, newer, big]) == [big, newer, small]


@pytest.mark.parametrize(
    ("texts", "phrase"),
    [
        (["What goes into the comms matrix?", "tell me of the comms sheet"], "comms sheet"),
        (["how?", "who is it"], ""),
        (["Hello! who approves the *Charter* of a project"], "approves the  charter  of a project"),
    ],
)
def test_a_phrase_is_the_shortest_question_without_what_says_nothing(
    texts: list[str], phrase: str
) -> None:
    assert " ".join(phrase_of(texts).split()) == " ".join(phrase.split())


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("peril", ""),
        ("??", "Write the words"),
        ("x" * 81, "80 characters at most"),
        ("Risks", "so it is found by it"),
        ("ISSUE", "can't mean two things"),
    ],
)
def test_an_alias_is_refused_with_where_it_stands(phrase: str, why: str) -> None:
    assert why in why_no_alias(phrase, RISK, BOOK)
    assert bool(why) == bool(why_no_alias(phrase, RISK, BOOK))


def test_a_proposal_is_taken_once_its_thing_has_the_name() -> None:
    with_alias = replace(RISK, aliases=("risks", "Peril"))
    book = Handbook({each.id: each for each in (with_alias, ISSUE)})
    assert in_handbook("peril", RISK.id, book)
    assert not in_handbook("peril", ISSUE.id, book)
    assert not in_handbook("peril", "gone:x#y", book)
    assert not in_handbook("peril", RISK.id, BOOK)

"""Pure decisions about decisions: whether one that was typed can be recorded as it is."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeVar

from domain.logs.rules import LONGEST_TEXT
from domain.meetings.sitting.reading.rules import (
    read_conditions,
    read_day,
    read_options,
    read_votes,
    split_code,
)
from domain.meetings.sitting.reading.values import Known, ReadAction, ReadDecision, Typed, Votes
from models.enums import Method, Outcome

QUESTION, OPTIONS, OUTCOME, METHOD, VOTES = "question", "options", "outcome", "method", "votes"
DISSENT, INTERESTS, REASON, CONDITIONS = "dissent", "interests", "reason", "conditions"
EFFECTIVE = "effective_on"
"""The fields of the window of a decision, beside `project`."""

HOW_DECISION: Final = (
    "/project decide COUNCIL: Move to the cloud [APOLLO]: approved, 5 for, 1 against; because it "
    "is cheaper"
)
"""How a decision is written in one line."""

LONGEST_QUESTION: Final = 300
MOST_CONDITIONS: Final = 10
MOST_OPTIONS: Final = 20

_OUTCOMES: Final = {
    Outcome.APPROVED: ("approved", "approve", "agreed", "accepted", "yes"),
    Outcome.REJECTED: ("rejected", "reject", "declined", "refused", "no"),
    Outcome.DEFERRED: ("deferred", "defer", "postponed"),
    Outcome.CONDITIONAL: ("conditional", "conditionally approved", "approved conditionally"),
}
_METHODS: Final = {
    Method.CONSENSUS: ("by consensus", "consensus", "unanimous", "unanimously"),
    Method.VOTE: ("by vote", "vote"),
    Method.CHAIR: ("by the chair", "chair"),
}
_CLAUSES: Final = (
    (REASON, re.compile(r"(?:because|reason:?)\s+", re.IGNORECASE)),
    (DISSENT, re.compile(r"dissent(?:ing)?:?\s+", re.IGNORECASE)),
    (INTERESTS, re.compile(r"interests?:?\s+", re.IGNORECASE)),
    (CONDITIONS, re.compile(r"(?:condition|if):?\s+", re.IGNORECASE)),
    (EFFECTIVE, re.compile(r"(?:from|effective)\s+", re.IGNORECASE)),
    (OPTIONS, re.compile(r"option:?\s+", re.IGNORECASE)),
)
_SEVERAL: Final = frozenset({CONDITIONS, OPTIONS})
_ECHOED: Final = 40

T = TypeVar("T")


def read_decision(
    typed: Typed, known: Sequence[Known], voters: Sequence[Known], present: int, today: date
) -> ReadDecision | dict[str, str]:
    """Read a decision: as it can be recorded, or what is to be mended, by field.

    Args:
        typed: as it was typed.
        known: who may own a condition.
        voters: who has a vote here.
        present: how many votes are here.
        today: in the council's zone.
    """
    reader = _Reader()
    no_options: tuple[tuple[str, ...], str] = ((), "")
    no_conditions: tuple[ReadAction, ...] = ()
    options, chosen = reader.read(OPTIONS, lambda: read_options(typed.options), no_options)
    votes = reader.read(VOTES, lambda: read_votes(typed.votes, voters, present), None)
    conditions = reader.read(
        CONDITIONS, lambda: read_conditions(typed.conditions, known, today), no_conditions
    )
    effective_on = reader.read(
        EFFECTIVE, lambda: read_day(typed.effective_on, today) if typed.effective_on else None, None
    )
    read = ReadDecision(
        question=" ".join(typed.question.split()),
        outcome=Outcome(typed.outcome),
        method=Method(typed.method),
        options=options,
        chosen=chosen,
        votes=votes,
        conditions=conditions,
        effective_on=effective_on,
    )
    faults = _lengths(typed, read) | _contradictions(read, typed) | reader.faults
    return faults or read


class _Reader:
    """Reads fields, and collects what can't be read."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}

    def read(self, field: str, how: Callable[[], T], otherwise: T) -> T:
        try:
            return how()
        except ValueError as error:
            self.faults[field] = f"{error}."
            return otherwise


def _lengths(typed: Typed, read: ReadDecision) -> dict[str, str]:
    faults = {
        field: f"{len(text):,} characters, and {LONGEST_TEXT:,} fit here: keep the essence, and "
        "link to a document with the rest."
        for field, text in (
            (REASON, typed.reason),
            (DISSENT, typed.dissent),
            (INTERESTS, typed.interests),
        )
        if len(text) > LONGEST_TEXT
    }
    if not read.question or len(read.question) > LONGEST_QUESTION:
        faults[QUESTION] = f"Say what was decided, in up to {LONGEST_QUESTION} characters."
    if len(read.options) > MOST_OPTIONS:
        faults[OPTIONS] = f"Keep to {MOST_OPTIONS} options."
    if len(read.conditions) > MOST_CONDITIONS:
        faults[CONDITIONS] = f"Keep to {MOST_CONDITIONS} conditions: put the rest into actions."
    return faults


def _contradictions(read: ReadDecision, typed: Typed) -> dict[str, str]:
    faults = {}
    is_conditional = read.outcome is Outcome.CONDITIONAL
    if is_conditional and not typed.conditions.strip():
        faults[CONDITIONS] = (
            "Approved under which conditions? One a line, each with who and by when: "
            "@omar by Friday: Check the contract."
        )
    if read.conditions and not is_conditional:
        faults[CONDITIONS] = (
            "Conditions belong to an approval with conditions: choose that as the outcome, or "
            "record them as actions."
        )
    if any(each.code not in ("", typed.project.strip().upper()) for each in read.conditions):
        faults[CONDITIONS] = (
            "A condition belongs to the project of its decision: leave out the code, or record an "
            "action for the other project."
        )
    if read.method is Method.VOTE and not typed.votes.strip():
        faults[VOTES] = "Say how the vote came out, such as “5 for, 1 against, 2 abstained”."
    if read.votes and (fault := _outvoted(read, read.votes)):
        faults[VOTES] = fault
    return faults


def _outvoted(read: ReadDecision, votes: Votes) -> str:
    """Why the votes can't have come to the outcome; a tie may: the chair's vote decides it."""
    more, less, outcome = votes.votes_for, votes.votes_against, read.outcome
    # What all are against is rejected by consensus, too.
    others = min(more, less) if outcome is Outcome.REJECTED else less
    if read.method is Method.CONSENSUS and others:
        return (
            f"{more} for and {less} against are no consensus: choose “By vote” as how it was "
            "decided, or correct the votes."
        )
    if outcome in (Outcome.APPROVED, Outcome.CONDITIONAL) and more < less:
        return f"{more} for and {less} against do not approve it: check votes and outcome."
    return ""


def read_line(text: str) -> Typed:
    """Read a decision of one line.

    Raises:
        ValueError: with the cure.
    """
    head, *clauses = [each.strip() for each in text.split(";")]
    question, colon, result = head.rpartition(":")
    if not colon or not question.strip():
        msg = f"Say what was decided and how: {HOW_DECISION}"
        raise ValueError(msg)
    outcome, method, votes = _result(result)
    named, code = split_code(question)
    return Typed(named, outcome, method, votes=votes, project=code, **_clauses(clauses))


def _result(text: str) -> tuple[str, str, str]:
    """Outcome, method and votes of `approved, 5 for, 1 against`."""
    first, *rest = [each.strip() for each in text.split(",")]
    outcome = _meant(first, _OUTCOMES)
    if outcome is None:
        msg = (
            f"'{first[:_ECHOED]}' is no outcome: write approved, rejected, deferred or "
            "conditional behind the last colon"
        )
        raise ValueError(msg)
    methods = [each for each in rest if _meant(each, _METHODS)]
    votes = ", ".join(each for each in rest if each not in methods and each)
    usual = Method.VOTE if votes else Method.CONSENSUS
    method = _meant(methods[0], _METHODS) if methods else usual
    return outcome, str(method), votes


def _meant(text: str, words: dict[T, tuple[str, ...]]) -> T | None:
    wanted = text.casefold().strip(" .")
    return next((meaning for meaning, known in words.items() if wanted in known), None)


def _clauses(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        if not text:
            continue
        field, said = _clause(text)
        if field in found and field not in _SEVERAL:
            msg = f"'{text[:_ECHOED]}' comes twice: say each once"
            raise ValueError(msg)
        found[field] = f"{found[field]}\n{said}" if field in found else said
    return found


def _clause(text: str) -> tuple[str, str]:
    for field, words in _CLAUSES:
        if found := words.match(text):
            return field, text[found.end() :].strip()
    msg = (
        f"I can't place '{text[:_ECHOED]}'. After a semicolon comes because, dissent, interest, "
        "condition, option or from"
    )
    raise ValueError(msg)

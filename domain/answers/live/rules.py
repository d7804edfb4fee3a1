"""Takes a question for one about the record, or leaves it to the handbook."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from domain.answers.live.grammar import (
    NAMED,
    Compiled,
    exact,
    general,
    is_about_portfolio,
    maybe,
    normal,
    order_in,
)
from domain.answers.live.naming import is_name, meant_by, named_in, person_of
from domain.answers.live.values import OWN_COUNCIL, Intent, Known, Names, Reading

_LONGEST: Final = 200
"""Characters of a question about the record: a longer one is a story."""

_TWICE: Final = re.compile(rf"{NAMED}(?:[\s,·(-]+{NAMED}\)?)+")
_PAST: Final = re.compile(r"\b(?:last|previous) (?:week|month|time|cycle)\b", re.IGNORECASE)
"""What is told of reports is what is missing now."""
_COLOURS: Final = {"amber": "yellow", "gray": "grey"}
_LATE: Final = frozenset({"late", "delayed", "behind", "behind schedule", "overdue"})
_ON_TRACK: Final = frozenset({"on track", "on time", "on schedule"})
_OWN: Final = frozenset({OWN_COUNCIL, "our council", "my councils", "our councils"})
_TROUBLE: Final = frozenset({"not green", "not on track", "in trouble", "at risk"})


def read_question(question: str, names: Names) -> Reading | None:
    """What a question asks of the record; None: it is not about that.

    A project that the asker must not know of is not among the names: so nothing of it can be
    found, nor offered.
    """
    text = normal(question)
    if not text or len(text) > _LONGEST:
        return None
    named, known = _with_known(text, names.projects)
    order = order_in(named)
    if order:
        return _about(Reading(Intent.ORDER, order), known)
    reading = (
        _general(text, names)
        or (_exact(named, known, names) if known else None)
        or _open(question, text, names)
    )
    if reading is None:
        return Reading(Intent.UNTOLD) if not known and is_about_portfolio(text) else None
    is_past = reading.intent is Intent.MISSING and _PAST.search(question)
    return Reading(Intent.UNTOLD, "past") if is_past else reading


def _with_known(text: str, projects: Iterable[Known]) -> tuple[str, tuple[Known, ...]]:
    """A text with a known project's name replaced, and the projects of that name.

    Where two projects are named, nothing is replaced: what is asked compares them.
    """
    meant: tuple[Known, ...] = ()
    for start, end, found in named_in(text, projects):
        if not meant:
            meant = found
        name = text[start:end]
        if set(found) & set(meant):
            text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", NAMED, text)
    return _TWICE.sub(NAMED, text), meant


def _about(reading: Reading, known: Sequence[Known]) -> Reading:
    if not known:
        return reading
    said = known[0].code if len(known) == 1 else known[0].name
    return replace(reading, projects=tuple(each.project_id for each in known), said=said)


def _general(text: str, names: Names) -> Reading | None:
    for each in general():
        match = each.regex.fullmatch(text)
        reading = match and _detailed(each, match, names)
        if reading:
            return reading
    return None


def _exact(text: str, known: Sequence[Known], names: Names) -> Reading | None:
    for each in exact():
        match = each.regex.fullmatch(text)
        if match and NAMED in match[0]:
            reading = _detailed(each, match, names)
            return reading and _about(reading, known)
    return None


def _open(question: str, text: str, names: Names) -> Reading | None:
    """A question about something that may be a project."""
    for each in maybe():
        match = each.regex.fullmatch(text)
        if match is None:
            continue
        said = _as_written(match["p"], question)
        meant = meant_by(said, names)
        if not meant.projects and not is_name(said, names):
            continue
        reading = _detailed(each, match, names)
        if reading is None:
            continue
        told = replace(reading, said=said, projects=tuple(p.project_id for p in meant.projects))
        if len(meant.projects) == 1 and not meant.is_exact:
            return replace(told, corrected=meant.projects[0].code)
        return told
    return None


def _as_written(said: str, question: str) -> str:
    """What was said, with its capitals."""
    found = re.search(re.escape(said), question.replace("\u2019", "'"), re.IGNORECASE)
    return found[0] if found else said


def _detailed(compiled: Compiled, match: re.Match[str], names: Names) -> Reading | None:
    """The reading of a pattern that fits; None: what it says in detail makes no sense here."""
    reading = Reading(compiled.pattern.intent, compiled.pattern.detail)
    found = match.groupdict()
    if found.get("phase") and found["phase"] not in _small(names.phases):
        return None
    if reading.intent is Intent.OF_PERSON:
        return _of_person(found["person"], names)
    if reading.intent is Intent.PROJECTS and not reading.detail:
        return _of_state(found.get("state") or "", found.get("council") or "", names)
    council = _council(found.get("council") or found.get("body") or "", names.councils)
    return None if council is None else replace(reading, detail=reading.detail or council)


def _of_person(said: str, names: Names) -> Reading | None:
    if said in ("i", "me"):
        return Reading(Intent.MY_PROJECTS)
    person = person_of(said, names.people)
    return Reading(Intent.OF_PERSON, person) if person else None


def _of_state(state: str, council: str, names: Names) -> Reading | None:
    """Which projects are asked for: `health:red`, `late`, `phase:planning`, `council:ITS`..."""
    if state.startswith("in ") and state not in _TROUBLE:
        inside = re.sub(r"^in (?:the )?|(?: phase)$", "", state)
        if inside in _small(names.phases):
            return Reading(Intent.PROJECTS, f"phase:{inside}")
        state, council = "", f"{inside} {council}".strip()
    meant = OWN_COUNCIL if council in _OWN else _council(council, names.councils)
    if meant is None:
        return None
    if meant and not state and meant != OWN_COUNCIL:
        return Reading(Intent.PROJECTS, f"council:{meant}")
    return Reading(Intent.PROJECTS, _state(state), council=meant)


def _state(state: str) -> str:
    for name, words in (("late", _LATE), ("on_track", _ON_TRACK), ("not_green", _TROUBLE)):
        if state in words:
            return name
    if state.startswith("without"):
        return "unreported"
    if state.startswith("over "):
        return "over_budget"
    if state in ("on hold", "restricted"):
        return state.replace(" ", "_")
    return f"health:{_COLOURS.get(state, state)}" if state else ""


def _council(said: str, councils: Iterable[str]) -> str | None:
    """The council that is named; empty: none is; None: one that nobody here knows."""
    name = re.sub(r"^the ", "", said.strip())
    if name in _OWN or name in (
        "",
        "council",
        "board",
        "governance",
        "committee",
        "steering",
        "steerco",
    ):
        return ""
    for each in councils:
        if name in (each.casefold(), each.casefold().removesuffix(" council")):
            return each
    return None


def _small(words: Iterable[str]) -> frozenset[str]:
    return frozenset(each.casefold() for each in words)

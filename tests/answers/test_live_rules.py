"""Which questions are about the record, and what they ask of it; and which are the handbook's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.answers.live.rules import read_question
from domain.answers.live.values import Known, Names, Reading
from tests.support.handbook import bundled

DATA = Path(__file__).parents[1] / "data"

PROJECTS = {
    "APOLLO": Known(1, "APOLLO", "Student Portal", is_mine=True),
    "BOREALIS": Known(2, "BOREALIS", "Learning Records"),
    "DELTA": Known(3, "DELTA", "Data Warehouse"),
    "ERP-1": Known(4, "ERP-1", "ERP Finance"),
    "ERP-2": Known(5, "ERP-2", "ERP Payroll"),
}


def handbook_knows(word: str) -> bool:
    return not bundled().finder.find(word).unknown


NAMES = Names(
    projects=tuple(PROJECTS.values()),
    phases=("qualification", "initiation", "planning", "execution", "closeout"),
    councils=("ITS Council", "STS Council"),
    people=("Ana Ruiz", "Ben Hall", "Sam Field"),
    is_word=handbook_knows,
    is_english=bundled().finder.is_english,
)


def questions(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def told(reading: Reading | None) -> dict[str, str]:
    """A reading in the words of the file of questions."""
    if reading is None:
        return {}
    codes = [code for code, each in PROJECTS.items() if each.project_id in reading.projects]
    found = {"intent": reading.intent.value, "detail": reading.detail, "project": " ".join(codes)}
    return {name: value for name, value in found.items() if value}


def test_each_question_of_the_file_is_taken_for_what_it_asks() -> None:
    """All in one: a table of its own would cost more than the reading."""
    wrong = []
    for each in questions("questions_live.jsonl"):
        expected = {name: each[name] for name in ("intent", "detail", "project") if name in each}
        if (found := told(read_question(each["q"], NAMES))) != expected:
            wrong.append((each["q"], found, expected))
    assert wrong == []


def test_no_question_to_the_handbook_is_taken_for_one_about_the_record() -> None:
    """Orders are refused either way."""
    asked = [each["q"] for each in questions("questions.jsonl") if "live" not in each["expect"]]
    readings = {each: found for each in asked if (found := read_question(each, NAMES))}
    taken = {each: told(found) for each, found in readings.items()}
    assert {each: found for each, found in taken.items() if found["intent"] != "order"} == {}

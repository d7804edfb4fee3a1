"""How well the bundled handbook answers questions that nobody mended it by.

The file of unseen questions is changed for a clearly wrong expectation alone, never because
something misses it: then it would measure no more than the file that everybody sees.
"""

import asyncio

import pytest

from benchmarks.answer_scores import (
    FRESH,
    LOOKED_AT,
    MORE,
    SEEN,
    UNSEEN,
    Kind,
    Scores,
    read_questions,
    scores_of,
)
from benchmarks.answers import finder_ask
from bot.knowledge import folders
from domain.answers.library import Library, Loaded

FIRST = 0.80
"""The least share with a right section first."""
AMONG_THREE = 0.92
"""The least share with one among those that are shown."""
REFUSABLE = 0.05
"""The largest share of answers to what the handbook says nothing about."""


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The bundled handbook."""
    return asyncio.run(Library(folders(None)).loaded())


@pytest.fixture(scope="module")
def scores(loaded: Loaded) -> Scores:
    """The unseen questions, asked once."""
    return scores_of(finder_ask(loaded.finder), read_questions(UNSEEN))


def test_a_right_section_is_found(scores: Scores) -> None:
    """First, or at least among those that a reader is shown."""
    assert scores.hit(1).value >= FIRST
    assert scores.hit(LOOKED_AT).value >= AMONG_THREE


def test_what_the_handbook_does_not_say_is_not_answered(scores: Scores) -> None:
    """Leave, salaries, injected orders, the weather."""
    assert scores.refusable_answered.value <= REFUSABLE


def test_questions_expect_sections_of_the_handbook_and_are_in_one_file_alone(
    loaded: Loaded,
) -> None:
    """A renamed section would make the measure wrong, a question in two files flatter it."""
    files = [read_questions(name) for name in (SEEN, MORE, UNSEEN, FRESH)]
    expected = {each for questions in files for question in questions for each in question.expect}
    assert expected <= loaded.handbook.sections.keys()
    texts = [question.text.lower() for questions in files for question in questions]
    assert len(texts) == len(set(texts))
    for questions in files:
        assert {each.kind for each in questions} == set(Kind)

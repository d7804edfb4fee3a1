"""How well questions are answered: what is asked, what counts as right, and the shares of it.

A question is a line of `tests/data/questions*.jsonl`: its text, the ids of the sections that a fair
reader accepts, and its kind. None are accepted for what the handbook must not answer. `parts` tells
the sides of a comparison, and what each of several questions in one message asks for.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from random import Random
from statistics import mean
from time import thread_time
from typing import Final

from benchmarks.common import ROOT

SEEN: Final = "questions.jsonl"
"""Those that the answers may be mended by."""
MORE: Final = "questions_more.jsonl"
"""Further ones to mend by, of the hard kinds and written without a look at the handbook's words."""
UNSEEN: Final = "questions_unseen.jsonl"
"""Those that nobody looks at while mending."""
FRESH: Final = "questions_fresh.jsonl"
"""Drawn by lot from what was written with `MORE`, and asked at the end alone, for its figures."""

RESAMPLES: Final = 2_000
CERTAIN: Final = 1.96
"""Standard deviations on either side that hold 95 %."""
LOOKED_AT: Final = 3
"""How many suggestions a reader is shown."""


class Kind(StrEnum):
    """How somebody asks."""

    PLAIN = "plain"
    TERSE = "terse"
    TYPO = "typo"
    SYNONYM = "synonym"
    ABBREVIATION = "abbreviation"
    SCENARIO = "scenario"
    COMPARISON = "comparison"
    SEVERAL = "several"
    LANGUAGE = "language"
    TRAP = "trap"
    INJECTION = "injection"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Question:
    """What is asked, and what may answer it."""

    text: str
    kind: Kind
    expect: frozenset[str]
    parts: Sequence[frozenset[str]] = ()

    @property
    def in_scope(self) -> bool:
        """Whether the handbook answers it, in its own language."""
        return bool(self.expect) and self.kind is not Kind.LANGUAGE

    @property
    def must_be_refused(self) -> bool:
        """Whether no section may be given as the answer."""
        return not self.expect


@dataclass(frozen=True)
class Reply:
    """What is shown for one question: the ids of sections, best first."""

    band: str
    ids: Sequence[str]
    answers: bool
    """Whether the first of them is given as the answer, not just suggested."""
    foreign: bool = False
    """Whether it says that the question is in another language than the handbook."""


Ask = Callable[[str], Sequence[Reply]]
"""Answers a message, with a reply for each question in it."""


@dataclass(frozen=True)
class Outcome:
    """How one question fared."""

    question: Question
    replies: Sequence[Reply]
    seconds: float
    """Of the processor."""

    @property
    def rank(self) -> int:
        """The place of the first right section, 0 if there is none; of several, the worst place."""
        if self.question.kind is not Kind.SEVERAL:
            return self._place(self.question.expect)
        places = [self._place(part) for part in self.question.parts]
        return max(places) if all(places) else 0

    @property
    def both_sides(self) -> bool:
        """Whether what is shown holds a section for every part."""
        places = [self._place(part) for part in self.question.parts]
        return all(0 < place <= LOOKED_AT for place in places)

    @property
    def answered(self) -> bool:
        """Whether any section was given as an answer."""
        return any(reply.answers for reply in self.replies)

    @property
    def wrong(self) -> bool:
        """Whether a section was given as the answer that is none."""
        expected = self.question.expect
        return any(each.answers and each.ids[0] not in expected for each in self.replies)

    def _place(self, right: frozenset[str]) -> int:
        places = [
            place
            for reply in self.replies
            for place, each in enumerate(reply.ids, start=1)
            if each in right
        ]
        return min(places, default=0)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """0 to 1; of nothing, 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % (Wilson): it holds for none of a few, too."""
        if not self.of:
            return 0.0, 1.0
        square = CERTAIN**2 / self.of
        middle = self.value + square / 2
        spread = CERTAIN * sqrt(self.value * (1 - self.value) / self.of + square / (4 * self.of))
        low, high = (middle - spread) / (1 + square), (middle + spread) / (1 + square)
        return max(low, 0.0), min(high, 1.0)


@dataclass(frozen=True)
class Scores:
    """How a file of questions fared."""

    outcomes: Sequence[Outcome]

    @property
    def in_scope(self) -> Sequence[Outcome]:
        """What the handbook answers."""
        return [each for each in self.outcomes if each.question.in_scope]

    def hit(self, places: int, *kinds: Kind) -> Share:
        """How often a right section is among the first so many; of all kinds if none is named."""
        asked = [each for each in self.in_scope if not kinds or each.question.kind in kinds]
        return _share(asked, lambda each: 0 < each.rank <= places)

    @property
    def answered_rightly(self) -> Share:
        """How often nothing but right sections was given, as answers and not as suggestions."""
        return _share(
            self.in_scope, lambda each: each.rank == 1 and each.answered and not each.wrong
        )

    @property
    def reciprocal_ranks(self) -> Sequence[float]:
        """One over the place of the right section, for each question."""
        return [1 / each.rank if each.rank else 0.0 for each in self.in_scope]

    @property
    def wrong(self) -> Share:
        """Of all questions, those to which a wrong section was given as the answer."""
        return _share(self.outcomes, lambda each: each.wrong)

    @property
    def refusable_answered(self) -> Share:
        """Of what must not be answered, what was."""
        asked = [each for each in self.outcomes if each.question.must_be_refused]
        return _share(asked, lambda each: each.answered)

    @property
    def both_sides(self) -> Share:
        """Comparisons that show a section for each side."""
        asked = [
            each
            for each in self.outcomes
            if each.question.kind is Kind.COMPARISON and each.question.parts
        ]
        return _share(asked, lambda each: each.both_sides)

    @property
    def recognised(self) -> Share:
        """Of the questions in other languages, those that were told to be so."""
        return _share(self._foreign, lambda each: all(reply.foreign for reply in each.replies))

    @property
    def mistaken_for_foreign(self) -> Share:
        """Of the questions in the handbook's language, those that were told to be in another."""
        asked = [each for each in self.outcomes if each.question.kind is not Kind.LANGUAGE]
        return _share(asked, lambda each: any(reply.foreign for reply in each.replies))

    def found_from_afar(self, places: int) -> Share:
        """Of the questions in other languages, those with a right section among the first."""
        return _share(self._foreign, lambda each: 0 < each.rank <= places)

    @property
    def _foreign(self) -> Sequence[Outcome]:
        return [each for each in self.outcomes if each.question.kind is Kind.LANGUAGE]

    def bands(self) -> Mapping[Kind, Counter[str]]:
        """How often each kind got each band, by its first reply."""
        table: dict[Kind, Counter[str]] = {kind: Counter() for kind in Kind}
        for each in self.outcomes:
            table[each.question.kind][each.replies[0].band if each.replies else "none"] += 1
        return table


def read_questions(name: str) -> Sequence[Question]:
    """The questions of a file."""
    lines = (ROOT / "tests" / "data" / name).read_text(encoding="utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines]


def scores_of(ask: Ask, questions: Sequence[Question]) -> Scores:
    """Ask them all, one by one."""
    return Scores([_outcome(ask, each) for each in questions])


def resampled(values: Sequence[float]) -> tuple[float, float]:
    """Where the mean lies with 95 %: by drawing as many of the values anew, again and again."""
    draw = Random(1)  # noqa: S311 - the same interval in every run
    means = sorted(mean(draw.choices(values, k=len(values))) for _turn in range(RESAMPLES))
    return means[RESAMPLES // 40], means[-RESAMPLES // 40]


def _question(line: Mapping[str, object]) -> Question:
    return Question(
        text=str(line["q"]),
        kind=Kind(str(line["kind"])),
        expect=_ids(line["expect"]),
        parts=[_ids(part) for part in _list(line.get("parts", []))],
    )


def _ids(value: object) -> frozenset[str]:
    return frozenset(str(each) for each in _list(value))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        text = f"{value!r} is no list of section ids"
        raise TypeError(text)
    return value


def _outcome(ask: Ask, question: Question) -> Outcome:
    began = thread_time()
    replies = ask(question.text)
    return Outcome(question, replies, thread_time() - began)


def _share(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> Share:
    return Share(sum(map(holds, outcomes)), len(outcomes))

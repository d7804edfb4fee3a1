"""Ranks the sections of the handbook by how much of a question each covers.

A question's words weigh by how rare they are in the handbook; one that it doesn't know weighs as
the rarest. So the share that a section covers, from 0 to 1, can be compared between questions: it
tells how sure an answer is. Which section comes first tells also how often each says the words.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain, pairwise
from typing import Final

from domain.answers.finding.facets import Asked
from domain.answers.finding.often import Often, Said
from domain.answers.finding.terms import FAINT, telling
from domain.answers.values import Handbook, Section

IN_NAME: Final = 1.0
IN_SIBLING: Final = 0.9
"""A word of what the whole thing is called, `communications plan` for its facet `owner`."""

IN_TEXT: Final = 0.55
NEARLY: Final = 0.50
"""What a word counts for one that is near to it in meaning."""

FOR_PAIR: Final = 0.30
"""Where two words stand side by side as in a name; in the text it is half of that."""

FOR_WHOLE_NAME: Final = 0.30
FOR_LIKENESS: Final = 0.25
FOR_OFTEN: Final = 0.40
"""Where it says the words most often, as full-text search counts; 0.3 to 0.5 order alike."""

FOR_FACET: Final = 0.25
FOR_TITLE: Final = 0.10
FOR_ALIAS: Final = 0.07
"""Where the question is nothing but a title or an alias."""

FOR_PHASE: Final = 0.05
FOR_KIND: Final = 0.02
OF_NAME: Final = 0.15
"""What a whole name counts in the confidence."""

OF_FAINT: Final = 1.0
"""How rare a silent word counts where names are compared."""

_KINDS: Final = ("glossary", "template", "phase", "role", "status", "governance")
"""Which comes first of two that fit equally well."""

MAIN_FACETS: Final = frozenset(("purpose", "what", "meaning", "definition", "rule", "how", "list"))
"""The facets that tell what a thing is: their names are the names of the thing."""

_LOOKED_AT: Final = 60
_NEAREST: Final = 20
"""Of the sections that come nearest in meaning, so many are looked at, too."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What is looked up."""

    row: Row
    """Its stems, in their order."""
    asked: Asked
    cues: frozenset[str] = frozenset()
    """Those of the stems that told what is asked for."""
    phase: str | None = None
    faded: Mapping[str, float] = field(default_factory=dict)
    """Stems that count less, 0 to 1: what is told before the question itself."""
    alike: Mapping[str, float] = field(default_factory=dict)
    """By section id, how near it comes in meaning, 0 to 1; empty where no model tells."""

    def weight(self, stem: str) -> float:
        """How much a stem counts."""
        return self.faded.get(stem, 1.0)


@dataclass(frozen=True)
class Ranked:
    """A section, and how well it fits."""

    section: Section
    rank: float
    confidence: float
    """The share of the question that it covers, and what a whole name adds, 0 to 1; that something
    near is said is no proof of what is meant. If a model tells its meaning, that is half of it."""
    likely: float
    """The same, with what is near and without a whole name."""
    in_name: Row
    in_text: Row
    fits: bool
    """Whether it is what of the thing was asked for."""


@dataclass(frozen=True)
class _Name:
    """A title or an alias."""

    row: Row
    stems: Row
    """Each once, always in one order: so that sums are the same in each process."""
    rarity: float
    """Of all of it."""
    telling: float
    """Of what tells what it is about."""


@dataclass(frozen=True)
class _Asked:
    """A question, as each section is compared with it."""

    question: Question
    total: float
    """How much all of its stems tell."""
    rarity: float
    """The same with its silent words."""
    meant: Mapping[str, float]
    """Its stems and those near to them, with what they count."""
    said: Mapping[str, Mapping[int, float]]
    """By stem and section, how plainly it is said."""
    most: float
    """The share of it that the best section covers: a story has much that none does."""
    pairs: Sequence[tuple[Row, float]]
    """Its neighbouring stems, with the share of it that they are."""
    often: Mapping[int, float]
    """By section, how often it says them, as a share of the most, 0 to 1."""


class Index:
    """The stems of all sections."""

    def __init__(
        self,
        handbook: Handbook,
        names: Mapping[str, Sequence[Row]],
        texts: Mapping[str, Row],
        near: Mapping[str, Collection[str]],
    ) -> None:
        """Take by section id the stems of its names and of its text, and which stems are near."""
        self._sections = list(handbook.sections.values())
        self._places = {each.id: place for place, each in enumerate(self._sections)}
        self._weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
        things = _names_of_things(handbook, names)
        for place, section in enumerate(self._sections):
            self._put(texts[section.id], place, IN_TEXT)
            self._put(chain.from_iterable(things[section.entity]), place, IN_SIBLING)
            self._put(chain.from_iterable(names[section.id]), place, IN_NAME)
        self._pairs = [
            (frozenset(chain.from_iterable(map(_pairs, names[key]))), frozenset(_pairs(texts[key])))
            for key in handbook.sections
        ]
        self._often = Often([Said(names[key], texts[key]) for key in handbook.sections])
        self._most = math.log(1 + len(self._sections))
        self._rarity = {
            stem: math.log(1 + len(self._sections) / len(places))
            for stem, places in self._weights.items()
        }
        self._near = {
            stem: [each for each in others if each in self._rarity] for stem, others in near.items()
        }
        self._places_near: dict[str, Mapping[int, float]] = {}
        self._names = {key: [self._name(each) for each in found] for key, found in names.items()}
        self._things = {key: [self._name(each) for each in found] for key, found in things.items()}

    def knows(self, stem: str) -> bool:
        """Whether any section says it, or what is near to it."""
        return stem in self._rarity or bool(self._near.get(stem))

    def rarity(self, stem: str) -> float:
        """How much a stem tells."""
        if stem.startswith(FAINT):
            return OF_FAINT
        if (known := self._rarity.get(stem)) is not None:
            return known
        return max((self._rarity[each] for each in self._near.get(stem, ())), default=self._most)

    def ranked(self, question: Question, kind: str = "") -> Sequence[Ranked]:
        """The sections that fit, best first; of one kind only, if it is given."""
        stems = tuple(dict.fromkeys(telling(question.row)))
        total = sum(self.rarity(stem) * question.weight(stem) for stem in stems)
        if not total:
            return []
        covered = self._covered(stems, question, {stem: self._said(stem) for stem in stems})
        said = {stem: self._weights.get(stem, {}) for stem in stems}
        surely = self._covered(stems, question, said)
        places = (each for each in covered if not kind or self._sections[each].kind == kind)
        best = sorted(places, key=lambda place: (-covered[place], place))[:_LOOKED_AT]
        best += sorted(self._nearest(question).difference(best))
        most = max((covered.get(each, 0.0) for each in best), default=0.0) / total
        row = dict.fromkeys(question.row)
        rarity = sum(self.rarity(stem) * question.weight(stem) for stem in row)
        pairs = [
            (pair, (self.rarity(pair[0]) + self.rarity(pair[1])) / 2 / total)
            for pair in _pairs(question.row)
        ]
        meant = self._meant(question)
        # Squared: else a rare word that is told outdoes a common one that is asked for.
        often = self._often.shares({stem: question.weight(stem) ** 2 for stem in row})
        asked = _Asked(question, total, rarity, meant, said, min(1.0, most), pairs, often)
        found = [
            self._judged(each, covered.get(each, 0.0) / total, surely.get(each, 0.0) / total, asked)
            for each in best
        ]
        return sorted(found, key=lambda each: (-each.rank, self._places[each.section.id]))

    def _nearest(self, question: Question) -> set[int]:
        """The sections that come nearest in meaning, whatever words they say."""
        alike = question.alike
        return {self._places[each] for each in nlargest(_NEAREST, alike, key=alike.__getitem__)}

    def _meant(self, question: Question) -> Mapping[str, float]:
        """The stems of a question and those near to them, with what they count."""
        own = {stem: question.weight(stem) for stem in question.row}
        near = {
            each: NEARLY * weight
            for stem, weight in own.items()
            for each in self._near.get(stem, ())
        }
        return near | own

    def _put(self, stems: Iterable[str], place: int, weight: float) -> None:
        for stem in telling(stems):
            self._weights[stem][place] = weight

    def _name(self, row: Row) -> _Name:
        stems = tuple(dict.fromkeys(row))
        return _Name(row, stems, self._sum(stems), self._sum(telling(stems)))

    def _sum(self, stems: Iterable[str]) -> float:
        return sum(map(self.rarity, stems))

    def _covered(
        self, stems: Row, question: Question, said: Mapping[str, Mapping[int, float]]
    ) -> Mapping[int, float]:
        covered: defaultdict[int, float] = defaultdict(float)
        for stem in stems:
            rarity = self.rarity(stem) * question.weight(stem)
            for place, weight in said[stem].items():
                covered[place] += rarity * weight
        for stem in question.cues.intersection(stems):
            rarity = self.rarity(stem) * question.weight(stem)
            for place in list(covered):
                fit = question.asked.fits.get(self._sections[place].facet, 0.0)
                covered[place] += rarity * max(fit - said[stem].get(place, 0.0), 0.0)
        return covered

    def _said(self, stem: str) -> Mapping[int, float]:
        """By section, how plainly it says a stem, or so much less what is near to it."""
        own = self._weights.get(stem, {})
        if not self._near.get(stem):
            return own
        near = self._said_near(stem)
        found = {place: NEARLY * weight for place, weight in near.items()}
        for place, weight in own.items():
            found[place] = max(found.get(place, 0.0), weight)
        return found

    def _said_near(self, stem: str) -> Mapping[int, float]:
        if (known := self._places_near.get(stem)) is not None:
            return known
        found: dict[int, float] = {}
        for each in self._near[stem]:
            for place, weight in self._weights[each].items():
                found[place] = max(found.get(place, 0.0), weight)
        self._places_near[stem] = found
        return found

    def _judged(self, place: int, covered: float, surely: float, asked: _Asked) -> Ranked:
        section, question = self._sections[place], asked.question
        whole, full, likeness = self._named(section, asked)
        fit = question.asked.fits.get(section.facet, 0.0)
        order = _KINDS.index(section.kind) if section.kind in _KINDS else len(_KINDS)
        alike = question.alike.get(section.id)
        rank = (
            _with_meaning(covered + FOR_WHOLE_NAME * whole + FOR_LIKENESS * likeness, alike)
            + FOR_FACET * fit * asked.most
            + FOR_PAIR * self._paired(place, asked)
            + FOR_OFTEN * asked.often.get(place, 0.0)
            + (0.0 if question.asked.is_strong else self._exact(section, question.row))
            + FOR_PHASE * (question.phase is not None and section.phase == question.phase)
            - FOR_KIND * order / len(_KINDS)
        )
        weights = {stem: said.get(place, 0.0) for stem, said in asked.said.items()}
        return Ranked(
            section=section,
            rank=rank,
            likely=_with_meaning(min(1.0, covered), alike),
            confidence=_with_meaning(min(1.0, surely * (1 - OF_NAME) + OF_NAME * full), alike),
            in_name=tuple(stem for stem, weight in weights.items() if weight > IN_TEXT),
            in_text=tuple(stem for stem, weight in weights.items() if 0 < weight <= IN_TEXT),
            fits=bool(question.asked.names) and fit > 0,
        )

    def _paired(self, place: int, asked: _Asked) -> float:
        """The share of the question that stands in the section side by side, too."""
        named, written = self._pairs[place]
        return sum(
            tells * (1.0 if pair in named else 0.5)
            for pair, tells in asked.pairs
            if pair in named or pair in written
        )

    def _exact(self, section: Section, row: Row) -> float:
        title, *aliases = (each.row for each in self._names[section.id])
        return FOR_TITLE if title == row else FOR_ALIAS if row in aliases else 0.0

    def _named(self, section: Section, asked: _Asked) -> tuple[float, float, float]:
        """Its share that is mostly a name, that is wholly one, and how like one it is, 0 to 1."""
        whole = full = likeness = 0.0
        for names, weight in (
            (self._names[section.id], IN_NAME),
            (self._things.get(section.entity, ()), IN_SIBLING),
        ):
            for name in names:
                common = [stem for stem in name.stems if stem in asked.meant]
                if not common:
                    continue
                found = sum(self.rarity(stem) * asked.meant[stem] for stem in common)
                likeness = max(likeness, weight * 2 * found / (name.rarity + asked.rarity))
                share = found / name.rarity
                if len(common) > 1 or len(name.stems) == 1:
                    whole = max(whole, weight * name.telling * share**2 / asked.total)
                if all(stem in asked.question.row for stem in name.stems):
                    full = max(full, weight * name.telling / asked.total)
        return min(whole, 1.0), min(full, 1.0), likeness


def _pairs(row: Row) -> Sequence[Row]:
    """The stems that stand side by side, silent words left out."""
    stems = telling(row)
    return list(pairwise(stems))


def _with_meaning(by_words: float, alike: float | None) -> float:
    """What words tell, or where a model tells more, the mean of both."""
    return by_words if alike is None else (by_words + alike) / 2


def _names_of_things(
    handbook: Handbook, names: Mapping[str, Sequence[Row]]
) -> Mapping[str, Sequence[Row]]:
    """By entity, the names of those facets that tell what it is."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for section in handbook.sections.values():
        if section.facet in MAIN_FACETS:
            found[section.entity] += names[section.id]
    return found


def stands_in(row: Row, phrase: Row) -> bool:
    """Whether a phrase stands in a row of words, all of it and in its order."""
    length = len(phrase)
    return any(row[first : first + length] == phrase for first in range(len(row) - length + 1))

"""Finds the sections of the handbook that answer a question, and says how sure it is.

Words are mended, brought to one form, and looked up; what of the question a section covers is its
score. No model is needed; where there is one, how near a section is in meaning counts for half.
Nothing is guessed or made up: the same question always finds the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, compress
from operator import attrgetter
from typing import Final

from domain.answers.finding.asking import asking
from domain.answers.finding.facets import asked_for, is_order
from domain.answers.finding.languages import (
    ENGLISH,
    OTHER,
    SENTENCES,
    SMALL_WORDS,
    bare,
    language_of,
)
from domain.answers.finding.meaning import Meanings
from domain.answers.finding.ranking import Index, Question, Ranked, Row, stands_in
from domain.answers.finding.spelling import Speller, counted
from domain.answers.finding.terms import (
    MAX_TERMS,
    SILENT,
    Stems,
    Token,
    cleaned,
    says_something,
    telling,
    tokens,
    words,
)
from domain.answers.handbook.wording import OffTopic, Wording
from domain.answers.values import Handbook, Section

ANSWER_FROM: Final = 0.53
UNSURE_FROM: Final = 0.18
ANSWER_WITH_MEANING: Final = 0.575
UNSURE_WITH_MEANING: Final = 0.28
"""The same where a model tells how near a section is: even what is far from all is near to some.

Of 118 seen questions that nobody should answer it answered 3 at 0.5, and 1 at 0.575, as words do.
"""
MOST_HITS: Final = 5

TOLD: Final = 0.5
"""What a word counts that is told before the question and not asked in it."""

NO_ORDERS: Final = (
    "Here questions are answered and nothing is done. To have something done, use its command or"
    " its button; to learn how, begin with `how do I`."
)

_COMPARING: Final = tuple(
    re.compile(pattern)
    for pattern in (
        (
            r"\b(?:differences?|distinction|differ|distinguish|compare|choose)\b(?: is there)?"
            r"(?: between)? (?P<a>.+?) (?:and|from|with|to|vs|versus|or) (?P<b>.+)"
        ),
        r"how (?:is|are|does|do) (?P<a>.+?) (?:different|differ) (?:from|to|than) (?P<b>.+)",
        r"(?P<a>.+?) (?:vs|versus|compared (?:to|with)) (?P<b>.+)",
        r"(?P<a>.+?) or (?:is it |just |rather )?(?P<b>.+)",
    )
)
_OR: Final = 3
"""The place of the last pattern: an `or` compares in a short question only."""

_SHORT: Final = 9
_PATTERNS_LOOK_AT: Final = 1_000
"""Characters: what is asked for stands near the beginning, and a pattern may go back and forth."""


class Band(StrEnum):
    """What to do with what was found."""

    ANSWER = "answer"
    UNSURE = "unsure"
    UNKNOWN = "unknown"
    EMPTY = "empty"
    """There is no word in it that could be looked up."""
    OTHER_LANGUAGE = "other_language"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True)
class Hit:
    """A section that was found."""

    section: Section
    score: float
    """How much of the question it covers, 0 to 1."""
    why: tuple[str, ...]
    """What tells for it and against it, as short sentences."""


@dataclass(frozen=True)
class Finding:
    """What was found for a question."""

    band: Band
    hits: tuple[Hit, ...] = ()
    """Best first."""
    corrected: str = ""
    """The question as it was read; empty if nothing in it was corrected."""
    unknown: tuple[str, ...] = ()
    """Its words that the handbook never says."""
    language: str = ENGLISH
    pointer: str = ""
    """Whom to ask instead, or in the question's language that the handbook is in English."""


@dataclass(frozen=True)
class _Read:
    """A question, word by word."""

    words: Sequence[str]
    """In the handbook's own words."""
    text: str
    """The same as a text, where what is asked for is looked for."""
    corrected: str = ""
    language: str = ENGLISH
    sentence: str = ""
    """The sentence of the text that asks."""
    clause: str = ""
    """The part of that which does."""
    told: frozenset[str] = frozenset()
    """Stems of what is told before the question and not in it."""
    whole: str = ""
    """All of it, as its asker would have written it without mistakes; if foreign, translated."""


class Finder:
    """Looks things up in one state of the handbook; belongs to one thread."""

    meanings: Meanings | None = None
    """Tells how near a section is in meaning; without it words alone tell."""

    def __init__(
        self, handbook: Handbook, english: Mapping[str, int], wording: Wording | None = None
    ) -> None:
        """Take the handbook, English words with how often each is used, and what means the same."""
        self._handbook = handbook
        self._wording = wording or Wording()
        self._stems = Stems()
        self._same = self._phrases(self._wording.same.items())
        self._foreign = {
            code: self._translations(known) for code, known in self._wording.languages.items()
        }
        self._topics = [
            (topic, self._rows(topic.words), self._rows(topic.unless))
            for topic in self._wording.off_topic
        ]
        names = {each.id: self._names(each) for each in handbook.sections.values()}
        self._titles = [
            self._looked_up(cleaned(name))
            for each in handbook.sections.values()
            for name in (each.title, *each.aliases)
        ]
        texts = {each.id: self._looked_up(each.body) for each in handbook.sections.values()}
        self._index = Index(
            handbook,
            {key: [self._stems.row(name) for name in found] for key, found in names.items()},
            {key: self._stems.row(text) for key, text in texts.items()},
            self._neighbours(),
        )
        self._english = english
        self._speller = Speller(counted(self._vocabulary()), english)
        self._spellers: dict[str, Speller] = {}

    def find(self, question: str, boost_phase: str | None = None) -> Finding:
        """Look a question up; sections of a project's phase come first of those that fit alike."""
        read = self._read(cleaned(question))
        if not read.words:
            return Finding(Band.EMPTY, language=read.language)
        if is_order(read.text):
            return Finding(Band.OFF_TOPIC, corrected=read.corrected, pointer=NO_ORDERS)
        found = self._off_topic(read) or self._compared(read) or self._found(read, boost_phase)
        return self._in_language(replace(found, corrected=read.corrected, language=read.language))

    def is_english(self, word: str) -> bool:
        """Whether a word in small letters is an ordinary one, so hardly a name."""
        return word in self._english

    def nearest(self, question: str, count: int = MOST_HITS) -> Sequence[Section]:
        """The sections that come nearest to a question, however far they are."""
        read = self._read(cleaned(question))
        row = self._row(read.words)
        if not telling(row):
            return []
        ranked = self._index.ranked(self._with_meaning(self._question(read, row, None), read))
        return [each.section for each in ranked[:count]]

    def named(self, kind: str, name: str) -> Finding:
        """Look up a thing of a kind by its name: `phase`, `template`, `glossary`."""
        read = self._read(cleaned(name))
        found = self._by_name(kind, read)
        if found.band in (Band.ANSWER, Band.EMPTY):
            return found
        again = self._read(cleaned(name), self._names_speller(kind))
        if len(set(again.words) - set(read.words)) > 1:
            return found
        mended = self._by_name(kind, again)
        return mended if mended.band is Band.ANSWER else found

    def _by_name(self, kind: str, read: _Read) -> Finding:
        row = self._row(read.words)
        if not telling(row):
            return Finding(Band.EMPTY)
        found = self._finding(self._index.ranked(self._question(read, row, None), kind), read.words)
        return replace(found, corrected=read.corrected, language=read.language)

    def _names_speller(self, kind: str) -> Speller:
        """Knows the names of a kind alone: whoever asks for a name means one that there is."""
        if kind not in self._spellers:
            sections = [each for each in self._handbook.sections.values() if each.kind == kind]
            names = [words(" ".join((each.title, *each.aliases))) for each in sections]
            self._spellers[kind] = Speller(counted([*names, SILENT]), {})
        return self._spellers[kind]

    # Reading

    def _read(self, text: str, speller: Speller | None = None) -> _Read:
        found = tokens(text)[: 4 * MAX_TERMS]
        folded = [each.folded for each in found]
        apart = words(text[: 40 * MAX_TERMS].replace("'", " "))
        language = language_of(apart, text)
        if language not in (ENGLISH, OTHER):
            translated = self._translated(apart, language)
            same = self._in_own_words(translated)
            return _Read(same, " ".join(same), language=language, whole=" ".join(same))
        mended = (speller or self._speller).mended(found)
        corrected = _with(text, found, mended) if mended else ""
        meant = [mended.get(place, each).split() for place, each in enumerate(folded)]
        sentence, clause = ([span.holds(each.start) for each in found] for span in asking(text))
        asked = self._in_own_words(_kept(meant, sentence))
        told = self._in_own_words(_kept(meant, [not each for each in sentence]))
        return _Read(
            [*told, *asked],
            " ".join(chain.from_iterable(meant))[:_PATTERNS_LOOK_AT],
            corrected,
            language,
            " ".join(_kept(meant, sentence))[:_PATTERNS_LOOK_AT],
            " ".join(_kept(meant, clause))[:_PATTERNS_LOOK_AT],
            frozenset(map(self._stems.stem, told)).difference(map(self._stems.stem, asked)),
            corrected or text,
        )

    def _translated(self, said: Sequence[str], language: str) -> Sequence[str]:
        plain = [bare(each) for each in said]
        known = _replaced(plain, plain, self._foreign.get(language, {}))
        small = SMALL_WORDS[language] - SMALL_WORDS[ENGLISH]
        return [word for word in known if word not in small]

    def _in_own_words(self, folded: Sequence[str]) -> Sequence[str]:
        return _replaced(folded, [self._stems.stem(each) for each in folded], self._same)

    def _row(self, folded: Iterable[str]) -> Row:
        return self._stems.row(folded)[:MAX_TERMS] if folded else ()

    def _looked_up(self, text: str) -> Sequence[str]:
        return self._in_own_words(words(text))

    def _names(self, section: Section) -> Sequence[Sequence[str]]:
        plain = [section.title, *section.aliases, section.slug.replace("-", " ")]
        return [self._looked_up(cleaned(each)) for each in plain]

    def _phrases(self, meant: Iterable[tuple[str, Sequence[str]]]) -> Mapping[Row, Sequence[str]]:
        return {
            tuple(self._stems.stem(word) for word in words(each)): words(name)
            for name, others in meant
            for each in others
        }

    def _neighbours(self) -> Mapping[str, AbstractSet[str]]:
        """By stem, those of the words that are near to it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for group in self._wording.near:
            stems = {self._stems.stem(word) for each in group for word in self._looked_up(each)}
            for stem in stems:
                found[stem] |= stems - {stem}
        return found

    def _translations(self, known: Mapping[str, str]) -> Mapping[Row, Sequence[str]]:
        return {tuple(map(bare, words(each))): words(english) for each, english in known.items()}

    def _rows(self, phrases: Iterable[str]) -> Sequence[Row]:
        return [self._stemmed(self._looked_up(each)) for each in phrases]

    def _vocabulary(self) -> Iterable[Sequence[str]]:
        for section in self._handbook.sections.values():
            yield words(" ".join((section.title, *section.aliases, section.body)))
        for name, others in self._wording.same.items():
            yield words(" ".join((name, *others)))
        for group in self._wording.near:
            yield words(" ".join(group))
        for topic in self._wording.off_topic:
            yield words(" ".join((*topic.words, *topic.unless)))
        yield tuple(SILENT)

    # Finding

    def _off_topic(self, read: _Read) -> Finding | None:
        row = self._stemmed(read.words)
        for topic, said, unless in self._topics:
            there = [each for each in said if stands_in(row, each)]
            is_about_projects = any(stands_in(row, each) for each in unless)
            if there and not is_about_projects and not self._is_named(read, there):
                return _pointing(topic)
        return None

    def _is_named(self, read: _Read, said: Sequence[Row]) -> bool:
        """Whether a title or an alias has what is off topic elsewhere, and is said whole."""
        asked = self._stems.row(read.words)
        for name in self._titles:
            whole = self._stemmed(name)
            if any(stands_in(whole, each) for each in said):
                own = self._stems.row(name)
                if own and stands_in(asked, own):
                    return True
        return False

    def _stemmed(self, said: Iterable[str]) -> Row:
        return tuple(map(self._stems.stem, said))

    def _compared(self, read: _Read) -> Finding | None:
        for place, pattern in enumerate(_COMPARING):
            match = pattern.search(read.text)
            if match is None:
                continue
            sides = [self._side(match[side]) for side in ("a", "b")]
            both = [side for side in sides if side is not None]
            is_short = len(read.words) <= _SHORT or place != _OR
            if len(both) == len(sides) and is_short and _are_two(both):
                return _together(both)
        return None

    def _side(self, text: str) -> Finding | None:
        own = self._looked_up(text)
        row = self._row(own)
        if not telling(row):
            return None
        ranked = self._index.ranked(Question(row, asked_for("what is it")))
        found = self._finding(ranked, own)
        return found if found.hits else None

    def _found(self, read: _Read, phase: str | None) -> Finding:
        row = self._row(read.words)
        if not telling(row):
            return Finding(Band.EMPTY)
        question = self._with_meaning(self._question(read, row, phase), read)
        ranked = self._index.ranked(question)
        return self._finding(ranked, read.words, by_words=not question.alike)

    def _with_meaning(self, question: Question, read: _Read) -> Question:
        if self.meanings is None:
            return question
        return replace(question, alike=self.meanings.alike(read.whole))

    def _question(self, read: _Read, row: Row, phase: str | None) -> Question:
        asked = next(
            filter(attrgetter("is_strong"), map(asked_for, (read.clause, read.sentence))), None
        )
        if asked is None:
            says = any(map(says_something, read.sentence.split()))
            asked = asked_for(read.sentence if says else read.text)
        return Question(
            row, asked, frozenset(self._row(asked.cues)), phase, dict.fromkeys(read.told, TOLD)
        )

    def _finding(
        self, ranked: Sequence[Ranked], said: Sequence[str], *, by_words: bool = True
    ) -> Finding:
        by_stem = {self._stems.stem(word): word for word in said if says_something(word)}
        unknown = tuple(word for stem, word in by_stem.items() if not self._index.knows(stem))
        hits = tuple(_hit(each, by_stem, unknown) for each in ranked[:MOST_HITS])
        band = Band.UNKNOWN
        if hits:
            band = _band(hits[0].score, ranked[0].likely, by_words=by_words)
        return Finding(band, hits if band is not Band.UNKNOWN else (), unknown=unknown)

    def _in_language(self, found: Finding) -> Finding:
        if found.language == ENGLISH or found.band is Band.OFF_TOPIC:
            return found
        said = replace(found, pointer=SENTENCES[found.language])
        return said if found.hits else replace(said, band=Band.OTHER_LANGUAGE)


def _band(sure: float, likely: float = 0.0, *, by_words: bool = True) -> Band:
    if sure >= (ANSWER_FROM if by_words else ANSWER_WITH_MEANING):
        return Band.ANSWER
    unsure_from = UNSURE_FROM if by_words else UNSURE_WITH_MEANING
    return Band.UNSURE if max(sure, likely) >= unsure_from else Band.UNKNOWN


def _hit(ranked: Ranked, by_stem: Mapping[str, str], unknown: Sequence[str]) -> Hit:
    told = (
        ("its name says", [by_stem[each] for each in ranked.in_name if each in by_stem]),
        ("its text says", [by_stem[each] for each in ranked.in_text if each in by_stem]),
        ("the handbook never says", unknown),
    )
    why = [f"{what}: {', '.join(found)}" for what, found in told if found]
    if ranked.fits:
        why.append(f"asked for: {ranked.section.facet}")
    return Hit(ranked.section, round(ranked.confidence, 3), tuple(why))


def _together(sides: Sequence[Finding]) -> Finding:
    """One finding for both sides of a comparison: the best of each first."""
    firsts = [side.hits[0] for side in sides]
    rest = [hit for side in sides for hit in side.hits[1:]]
    hits: dict[str, Hit] = {}
    for hit in firsts + rest:
        hits.setdefault(hit.section.id, hit)
    unknown = tuple(each for side in sides for each in side.unknown)
    return Finding(
        _band(min(hit.score for hit in firsts)), tuple(hits.values())[:MOST_HITS], unknown=unknown
    )


def _are_two(sides: Sequence[Finding]) -> bool:
    """Whether both sides are known, and are not one thing."""
    things = {side.hits[0].section.entity for side in sides}
    return len(things) > 1 and all(side.band is Band.ANSWER for side in sides)


def _pointing(topic: OffTopic) -> Finding:
    return Finding(Band.OFF_TOPIC, pointer=topic.ask)


def _kept(meant: Iterable[Sequence[str]], which: Iterable[bool]) -> Sequence[str]:
    return [word for each in compress(meant, which) for word in each]


def _with(text: str, found: Sequence[Token], mended: Mapping[int, str]) -> str:
    """A text with words replaced."""
    parts: list[str] = []
    end = 0
    for place, meant in sorted(mended.items()):
        parts += [text[end : found[place].start], meant]
        end = found[place].end
    return "".join([*parts, text[end:]])


def _replaced(
    said: Sequence[str], compared: Sequence[str], meanings: Mapping[Row, Sequence[str]]
) -> Sequence[str]:
    """Words with the longest phrases that are known replaced by what they mean."""
    longest = max(map(len, meanings), default=0)
    result: list[str] = []
    place = 0
    while place < len(said):
        lengths = range(min(longest, len(said) - place), 0, -1)
        sizes = (each for each in lengths if tuple(compared[place : place + each]) in meanings)
        size = next(sizes, 0)
        result += meanings[tuple(compared[place : place + size])] if size else [said[place]]
        place += size or 1
    return result

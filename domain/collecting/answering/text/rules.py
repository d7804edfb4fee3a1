"""Reads status reports out of free text, by fixed rules: no word of it is ever lost.

Each word ends up in an answer of a report, among what was heard (names, colours, markers such as
"next:"), or among what is unclear, which the person is told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.collecting.answering.text.words import (
    DENIALS,
    DIMENSIONS,
    EVERYDAY,
    FILLERS,
    FINISHED,
    GREEN,
    GREETINGS,
    JOINING,
    LETTERS,
    MARKERS,
    NOT_A_COLOUR,
    RED,
    SOFTENERS,
    YELLOW,
    Gap,
    Marker,
    Needs,
    Phrases,
    Tokens,
    phrase,
    phrases,
)
from domain.portfolio.ratings import health_of
from models.enums import Health

SHORTEST_ALIAS: Final = 4
"""Letters of a word of a project's name that may stand for the name."""

LONGEST_NAME: Final = 200
"""Characters of a milestone's name, as in the form."""

_LISTED: Final = frozenset(["why", "done", "next", "risks", "path_to_green", "decision"])
"""Answers that may have several lines."""

_UNKNOWN_WORDS: Final = 4
"""Words that the name of an unknown project may have."""

_NO_ALIAS: Final = frozenset(
    ["project", "programme", "program", "with", "from", "into", "phase", "system"]
)

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH: Final = r"(?P<month>[a-z]{3,9})\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?:,?\s+(?P<year>\d{4}))?"
_BEFORE_DATE: Final = r"(?:^|[\s:(-]+)(?:(?:on|by|at|in|is|now)\s+)?"
_DATES: Final = tuple(
    re.compile(rf"{_BEFORE_DATE}{each}\)?\Z", re.IGNORECASE)
    for each in (
        r"(?P<iso>\d{4}-\d{2}-\d{2})",
        rf"{_DAY}\.?\s+{_MONTH}{_YEAR}",
        rf"{_MONTH}\s+{_DAY}{_YEAR}",
    )
)
_PERCENT: Final = re.compile(
    r"(?:at\s+)?(\d|[1-9]\d|100)\s?(?:%|per\s?cent)(?:\s+(?:complete|completed|done|finished))?",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(r"[^\n;.!?]*\?")


@dataclass(frozen=True)
class Named:
    """A project, as a text may name it."""

    project_id: int
    code: str
    name: str
    has_aliases: bool = True
    """Words of its name mean it too: only among somebody's own projects is that clear enough."""


@dataclass(frozen=True)
class TextReport:
    """What a text says about one project."""

    projects: tuple[int, ...]
    """The projects that it may mean: several, if its name does not tell them apart."""
    rating: str
    """The scale's word for the health; empty if none was understood."""
    fields: Mapping[str, str]
    """The other answers, as the form's fields would have them."""
    quote: str
    """What was written."""


@dataclass(frozen=True)
class TextReading:
    """All that was read in a text."""

    reports: tuple[TextReport, ...] = ()
    unclear: tuple[str, ...] = ()
    """What was not understood, as it was written."""
    heard: tuple[str, ...] = ()
    """Names, colours, markers and greetings: understood, and in no answer."""


def read_text(
    text: str,
    known: Sequence[Named],
    scale: Sequence[str],
    today: date,
    implied: Sequence[int] = (),
    *,
    is_reply: bool = False,
) -> TextReading:
    """Read a text.

    Args:
        text: as it was written, without Slack's escapes.
        known: the projects that it may name.
        scale: the words for the health, best first.
        today: dates without a year lie on it or after.
        implied: the projects that are meant where none is named.
        is_reply: it answers a request, so that it is about status even without a colour.

    Returns:
        No reports, if it is not about status: a greeting, a question.
    """
    tokens = Tokens(text)
    return _Reader(tokens, _Lexicon.of(known, scale), today, tuple(implied)).read(is_reply=is_reply)


@dataclass(frozen=True)
class _Lexicon:
    """What names and colours are called."""

    names: Phrases[tuple[int, ...]]
    """Codes and full names."""
    aliases: Phrases[tuple[int, ...]]
    """Words of names."""
    ratings: Phrases[str]

    @classmethod
    def of(cls, known: Sequence[Named], scale: Sequence[str]) -> "_Lexicon":
        names: dict[tuple[str, ...], tuple[int, ...]] = {}
        for each in known:
            names[phrase(each.code)] = (each.project_id,)
        for each in known:
            full = phrase(each.name)
            is_code = full in names and names[full] != (each.project_id,)
            if full and not is_code:
                names[full] = tuple(dict.fromkeys([*names.get(full, ()), each.project_id]))
        aliases: dict[tuple[str, ...], tuple[int, ...]] = {}
        for each in known:
            for alias in _aliases(each):
                aliases[alias] = tuple(dict.fromkeys([*aliases.get(alias, ()), each.project_id]))
        names.pop((), None)
        return cls(Phrases(names), Phrases(aliases), Phrases(_ratings(scale)))


def _aliases(project: Named) -> Iterator[tuple[str, ...]]:
    """The words that may stand for a name: its beginning, or one telling word of it."""
    words = phrase(project.name)
    if not project.has_aliases:
        return
    for end in range(2, len(words)):
        yield words[:end]
    for word in words:
        if len(word) >= SHORTEST_ALIAS and word not in _NO_ALIAS:
            yield (word,)


def _ratings(scale: Sequence[str]) -> dict[tuple[str, ...], str]:
    """Every spelling of a rating, with the scale's word for it."""
    words = {Health.GREEN: "Green", Health.YELLOW: "Yellow", Health.RED: "Red"}
    for word in reversed(scale):
        health, rating = health_of(word)
        if not rating:
            words[health] = word
    spelled = {
        **phrases(GREEN, words[Health.GREEN]),
        **phrases(YELLOW, words[Health.YELLOW]),
        **phrases(RED, words[Health.RED]),
    }
    return spelled | {phrase(word): word for word in scale if phrase(word)}


@dataclass(frozen=True)
class _Head:
    """How a report begins: the projects, and perhaps their health."""

    start: int
    end: int
    projects: tuple[tuple[int, ...], ...]
    """Each of them with all that it may mean."""
    rating: str = ""


@dataclass
class _Part:
    """What has been read of one report so far."""

    rating: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    ratings: list[tuple[str, str]] = field(default_factory=list)
    """Colours that stand for themselves, with how they are written."""


class _Reader:
    """Reads one text."""

    def __init__(
        self, tokens: Tokens, lexicon: _Lexicon, today: date, implied: tuple[int, ...]
    ) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._today = today
        self._implied = implied
        self._unclear: list[str] = []
        self._heard: list[str] = []

    def read(self, *, is_reply: bool) -> TextReading:
        """Read it whole."""
        heads = list(self._heads())
        named = [each for each in heads if each.projects]
        opening = self._implied_head(heads, is_reply=is_reply)
        if opening is not None:
            heads = [opening, *heads]
            named = [opening, *named]
        if not named or self._is_question(named[0].start):
            return TextReading()
        starts = [each.start for each in heads]
        self._skip(0, starts[0])
        reports = [
            report
            for head, end in zip(heads, [*starts[1:], len(self._tokens)], strict=True)
            for report in self._reports(head, end)
        ]
        is_about_status = is_reply or any(each.rating for each in reports)
        if not is_about_status:
            return TextReading()
        return TextReading(_merged(reports), tuple(self._unclear), tuple(self._heard))

    # --- where reports begin

    def _heads(self) -> Iterator[_Head]:
        index, is_open, is_later = 0, True, False
        while index < len(self._tokens):
            is_open = is_open or self._tokens.gaps[index] >= Gap.SOFT
            head = self._head(index, is_clause=is_open) or self._unknown(index, is_later=is_later)
            if head is not None:
                yield head
            is_later = is_later or head is not None or self._spelled(index) is not None
            index, is_open = (index + 1, False) if head is None else (head.end, True)

    def _head(self, index: int, *, is_clause: bool) -> _Head | None:
        """The head of a report that begins with this word, or with the colour before its name."""
        is_joined = self._tokens.folded(index) in JOINING
        if not is_clause and not is_joined:
            return None
        first = index + 1 if is_joined else index
        before = self._rating(first)
        name_at = self._after_leading(before[1]) if before else first
        group = self._names(name_at)
        if group is None or (before and self._tokens.gaps[before[1]] >= Gap.SOFT):
            return None
        projects, end, is_strong = group
        rating, after = (before[0], end) if before else self._rated(end)
        if rating or (is_clause and is_strong and self._is_headline(index, end)):
            return _Head(index, after, projects, rating)
        return None

    def _after_leading(self, index: int) -> int:
        """Behind a colour that comes before its project: "green for Apollo"."""
        return index + 1 if self._tokens.folded(index) in ("for", "on") else index

    def _is_headline(self, index: int, end: int) -> bool:
        """Whether a name opens something of its own, although no colour follows it."""
        is_first = self._tokens.gaps[index] is Gap.HARD
        parted = self._tokens.gaps[end] is Gap.COLON or "\n" in self._tokens.between(end)
        is_dashed = bool(re.search(r"\s[-\u2013\u2014]+\s", self._tokens.between(end)))
        return index == 0 or (is_first and (parted or is_dashed))

    def _names(self, index: int) -> tuple[tuple[tuple[int, ...], ...], int, bool] | None:
        """The projects that are named from a word on, and whether each by its code or full name."""
        found: list[tuple[int, ...]] = []
        is_strong, end = True, index
        while (one := self._name(index)) is not None:
            projects, end, is_exact = one
            same = tuple(each for each in projects if found and each in found[-1])
            found[len(found) - bool(same) :] = [same or projects]  # code and name of one project
            is_strong = is_strong and (is_exact or bool(same))
            if self._tokens.gaps[end] in (Gap.HARD, Gap.COLON):
                break
            index = end + 1 if self._tokens.folded(end) in JOINING else end
        return (tuple(found), end, is_strong) if found else None

    def _name(self, index: int) -> tuple[tuple[int, ...], int, bool] | None:
        if index >= len(self._tokens):
            return None
        exact = self._lexicon.names.at(self._tokens, index)
        alias = self._lexicon.aliases.at(self._tokens, index)
        if exact is not None and (alias is None or alias[1] <= exact[1]):
            return *exact, True
        return None if alias is None else (*alias, False)

    def _rated(self, index: int) -> tuple[str, int]:
        """The health that follows a name, and where it ends; empty if none does."""
        start = index
        while self._tokens.folded(index) in FILLERS and self._is_clause_open(start, index):
            index += 1
        is_parted = "\n" in self._tokens.between(index) and index > start
        found = None if is_parted else self._rating(index)
        return found or ("", start)

    def _is_clause_open(self, start: int, index: int) -> bool:
        return index == start or self._tokens.gaps[index] < Gap.SOFT

    def _unknown(self, index: int, *, is_later: bool) -> _Head | None:
        """Something with a colour that has the looks of a project, and is none of those known."""
        if self._tokens.gaps[index] < Gap.SOFT:
            return None
        for end in (self._name_end(index), self._proper_end(index, is_later=is_later)):
            rating, after = self._rated(end) if end else ("", 0)
            if end and rating and not self._is_word_of_ours(index, end):
                return _Head(index, after, ())
        return None

    def _name_end(self, index: int) -> int | None:
        """Where something ends that may be a project's name, for a colon follows."""
        for end in range(index + 1, min(index + _UNKNOWN_WORDS, len(self._tokens) - 1) + 1):
            if self._tokens.gaps[end] >= Gap.COLON:
                return end if self._tokens.gaps[end] is Gap.COLON else None
        return None

    def _proper_end(self, index: int, *, is_later: bool) -> int | None:
        """Where something ends that looks like a name, for a colour follows its capitals.

        A text's first statement may well begin with such a word and go on: only behind another
        one is that a sign that something else is meant.
        """
        if not self._is_statement(index, is_later=is_later):
            return None
        for end in range(index + 1, min(index + _UNKNOWN_WORDS, len(self._tokens) - 1) + 1):
            if not self._is_proper(index, end - 1) or self._tokens.gaps[end] is not Gap.NONE:
                return None
            if (found := self._rating(end)) is not None:
                is_short = end == index + 1 and not self._is_followed(found[1])
                return end if is_later or is_short else None
        return None

    def _is_statement(self, index: int, *, is_later: bool) -> bool:
        """Whether something new begins with a word that may be a name, also behind a full stop."""
        is_sentence = is_later and bool(re.search(r"[.!]", self._tokens.between(index)))
        is_name = self._tokens.folded(index) not in EVERYDAY
        return is_name and (self._tokens.gaps[index] is Gap.HARD or is_sentence)

    def _is_proper(self, first: int, index: int) -> bool:
        """Whether a word looks like one of a name: with a capital, or a number behind others."""
        start = self._tokens.words[index].text[:1]
        is_number = start.isdigit() and index > first
        return (start.isupper() or is_number) and self._name(index) is None

    def _is_word_of_ours(self, index: int, end: int) -> bool:
        """Whether words have a meaning here, so that they are nobody's name."""
        ours = FILLERS | GREETINGS | DENIALS | JOINING | DIMENSIONS.keys()
        is_known = any(self._tokens.folded(each) in ours for each in range(index, end))
        marker = MARKERS.at(self._tokens, index)
        return is_known or marker is not None or self._spelled(index) is not None

    def _is_followed(self, index: int) -> bool:
        """Whether the clause goes on behind a colour."""
        return self._tokens.gaps[index] is Gap.NONE

    def _implied_head(self, heads: Sequence[_Head], *, is_reply: bool) -> _Head | None:
        """The head of a report that names no project, where one is meant all the same."""
        if any(each.projects for each in heads):
            return None
        start = 0
        while self._is_greeting(start):
            start = self._tokens.clause_end(start, len(self._tokens))
        rating, end = self._rated(start)
        is_clear = bool(rating) and not self._is_followed(end)
        is_taken = bool(heads) and heads[0].start <= start
        if (
            is_taken
            or not self._implied
            or not (is_clear or (is_reply and self._says_something(start)))
        ):
            return None
        return _Head(start, end, (self._implied,), rating)

    def _is_greeting(self, start: int) -> bool:
        if start >= len(self._tokens):
            return False
        end = self._tokens.clause_end(start, len(self._tokens))
        return all(self._tokens.folded(each) in GREETINGS for each in range(start, end))

    def _says_something(self, start: int) -> bool:
        """Whether a reply without a colour can be meant as a report: not a mere "thanks"."""
        rest = range(start, len(self._tokens))
        has_marker = any(MARKERS.at(self._tokens, each) for each in rest)
        return has_marker or any(self._spelled(each) for each in rest) or len(rest) > 2  # noqa: PLR2004 - "will do"

    def _is_question(self, start: int) -> bool:
        return bool(_QUESTION.match(self._tokens.text, self._tokens.words[start].start))

    # --- colours

    def _rating(self, index: int) -> tuple[str, int] | None:
        """The health that begins with a word, and where it ends."""
        found = self._spelled(index)
        if found is None or self._is_denied(index):
            return None
        rating, end = found
        is_other = self._tokens.folded(end) in NOT_A_COLOUR and self._is_followed(end)
        if is_other:
            return None
        return self._turned_to(end) or (rating, end)

    def _spelled(self, index: int) -> tuple[str, int] | None:
        if index >= len(self._tokens):
            return None
        return self._lexicon.ratings.at(self._tokens, index) or self._letter(index)

    def _letter(self, index: int) -> tuple[str, int] | None:
        """`R` for red: only as a word that is parted from both of its neighbours."""
        word = self._tokens.words[index].text
        is_parted = Gap.NONE not in (self._tokens.gaps[index], self._tokens.gaps[index + 1])
        if word not in LETTERS or not is_parted:
            return None
        found = self._lexicon.ratings.at(Tokens(LETTERS[word]), 0)
        return (found[0], index + 1) if found else None

    def _turned_to(self, end: int) -> tuple[str, int] | None:
        """The colour that another one turned to: "yellow to green"."""
        has_arrow = bool(re.search(r"->|→|=>", self._tokens.between(end)))
        after = end + 1 if self._tokens.folded(end) == "to" else end
        return self._spelled(after) if has_arrow or after > end else None

    def _is_denied(self, index: int) -> bool:
        before = index - 1
        while self._is_tight(before) and self._tokens.folded(before) in SOFTENERS:
            before -= 1
        return self._is_tight(before) and self._tokens.folded(before) in DENIALS

    def _is_tight(self, before: int) -> bool:
        """Whether the word behind this one belongs to the same clause."""
        return before >= 0 and self._tokens.gaps[before + 1] is Gap.NONE

    # --- what reports say

    def _skip(self, start: int, end: int) -> None:
        """Note what belongs to no report."""
        while start < end:
            stop = self._tokens.clause_end(start, end)
            target = self._heard if self._is_greeting(start) else self._unclear
            target.append(self._tokens.slice(start, stop))
            start = stop

    def _reports(self, head: _Head, end: int) -> Iterator[TextReport]:
        quote = self._tokens.slice(head.start, end)
        if not head.projects:
            self._unclear.append(quote)
            return
        self._heard.append(self._tokens.slice(head.start, head.end))
        part = self._part(head, end)
        for projects in head.projects:
            yield TextReport(projects, part.rating, dict(part.fields), quote)

    def _part(self, head: _Head, end: int) -> _Part:
        part = _Part(rating=head.rating)
        body = _Body(self._tokens, self._today)
        start = head.end
        while start < end:
            stop = self._tokens.clause_end(start, end)
            self._clause(part, body, start, stop)
            start = stop
        self._settle_rating(part)
        part.fields.update(body.fields(part.rating))
        self._heard += body.heard
        return part

    def _clause(self, part: _Part, body: "_Body", start: int, stop: int) -> None:
        words = self._tokens.slice(start, stop)
        if self._is_greeting(start) and self._tokens.clause_end(start, stop) == stop:
            self._heard.append(words)
        elif (dimension := self._dimension(start, stop)) is not None:
            part.fields[dimension[0]] = dimension[1]
            self._heard.append(words)
        elif (rating := self._alone(start, stop)) is not None:
            part.ratings.append((rating, words))
        elif self._is_denied_alone(start, stop):
            self._unclear.append(words)
        else:
            body.take(start, stop)

    def _alone(self, start: int, stop: int) -> str | None:
        """The colour of a clause that has nothing else in it."""
        while start < stop and self._tokens.folded(start) in FILLERS | JOINING:
            start += 1
        found = self._rating(start) if start < stop else None
        if found is None or found[1] > stop:
            return None
        rest = range(found[1], stop)
        return found[0] if all(self._tokens.folded(each) in FILLERS for each in rest) else None

    def _is_denied_alone(self, start: int, stop: int) -> bool:
        """Whether a clause says no more than which colour it is not: "not green"."""
        ours = FILLERS | DENIALS | SOFTENERS | JOINING
        while start < stop and self._tokens.folded(start) in ours:
            start += 1
        found = self._spelled(start) if start < stop else None
        return found is not None and found[1] == stop and self._is_denied(start)

    def _dimension(self, start: int, stop: int) -> tuple[str, str] | None:
        """A colour of one side of the project: "budget: green"."""
        name = DIMENSIONS.get(self._tokens.folded(start))
        if name is None:
            return None
        rating, end = self._rated(start + 1)
        return (name, health_of(rating)[0].value) if rating and end == stop else None

    def _settle_rating(self, part: _Part) -> None:
        """Take a colour that stands for itself; if they contradict each other, take none."""
        said = {part.rating} | {rating for rating, _words in part.ratings} - {""}
        said.discard("")
        words = [words for _rating, words in part.ratings]
        if len(said) > 1:
            self._unclear += [part.rating, *words] if part.rating else words
            part.rating = ""
        else:
            self._heard += words
            part.rating = next(iter(said), "")


class _Body:
    """Gives each clause of a report to an answer."""

    def __init__(self, tokens: Tokens, today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._spans: list[tuple[str, int, int]] = []
        """Answer (empty: what fits the colour), first word, end."""
        self._read: dict[str, str] = {}
        self._current = ""
        self._is_firm = False
        """Whether a colon has opened the present answer: then it goes on to the next marker."""
        self.heard: list[str] = []

    def take(self, start: int, stop: int) -> None:
        """Take one clause."""
        marker = self._marker(start)
        if marker is not None:
            start = self._open(marker[0], start, marker[1])
        elif not self._is_firm and self._is_finished(start, stop):
            self._current = "done"
        if start >= stop:
            return
        if self._current == "milestone":
            self._take_milestone(start, stop)
        elif not self._take_percent(start, stop):
            self._spans.append((self._current, start, stop))

    def fields(self, rating: str) -> dict[str, str]:
        """The answers; what has no marker tells why it is not green, or else what was done."""
        is_green = not rating or health_of(rating)[0] is Health.GREEN
        groups: list[tuple[str, int, int]] = []
        for name, start, stop in self._spans:
            target = name or ("done" if is_green else "why")
            goes_on = bool(groups) and groups[-1][0] == target and groups[-1][2] == start
            first = groups.pop()[1] if goes_on else start
            groups.append((target, first, stop))
        found: dict[str, str] = {}
        for target, first, stop in groups:
            text = self._tokens.slice(first, stop)
            found[target] = f"{found[target]}\n{text}" if target in found else text
        return found | self._read

    def _marker(self, start: int) -> tuple[Marker, int] | None:
        """The marker that a clause begins with, and where it ends."""
        found = MARKERS.at(self._tokens, start)
        if found is None or (found[0].needs is Needs.COLON and not self._has_colon(found[1])):
            return None
        return found

    def _has_colon(self, end: int) -> bool:
        """Whether a marker is parted from its text: by a colon, a dash, or a new line."""
        between = self._tokens.between(end)
        is_parted = bool(re.search(r"\n|\s[-\u2013\u2014]+\s", between)) and end < len(self._tokens)
        return self._tokens.gaps[end] is Gap.COLON or (":" in between) or is_parted

    def _open(self, marker: Marker, start: int, end: int) -> int:
        """Open the answer that a marker names; where its text begins."""
        self._current, self._is_firm = marker.field, self._has_colon(end)
        if self._is_firm or marker.needs is Needs.NOTHING:
            self.heard.append(self._tokens.slice(start, end))
            return end
        return start

    def _is_finished(self, start: int, stop: int) -> bool:
        return any(self._tokens.folded(each) in FINISHED for each in range(start, stop))

    def _take_percent(self, start: int, stop: int) -> bool:
        words = self._tokens.slice(start, stop)
        found = _PERCENT.fullmatch(words)
        if found is None or "percent_complete" in self._read:
            return False
        self._read["percent_complete"] = found[1]
        self.heard.append(words)
        return True

    def _take_milestone(self, start: int, stop: int) -> None:
        """One line, with its date if it ends with one; what follows is about something else."""
        words = self._tokens.slice(start, stop)
        name, day, written = _dated(words, self._today)
        if "milestone" in self._read or len(name) > LONGEST_NAME:
            self._spans.append(("next", start, stop))
        else:
            self._read["milestone"] = name
            if day is not None:
                self._read["milestone_forecast"] = day.isoformat()
                self.heard.append(written)
        self._current, self._is_firm = "", False


def _dated(words: str, today: date) -> tuple[str, date | None, str]:
    """A milestone's name, the date at its end, and how that is written; without: None, empty."""
    for pattern in _DATES:
        found = pattern.search(words)
        day = _day_of(found, today) if found else None
        if found and day is not None and words[: found.start()].strip():
            return words[: found.start()].strip(" ,:-("), day, found[0]
    return words, None, ""


def _day_of(found: re.Match[str], today: date) -> date | None:
    """The day that a date means; without a year, the next such day."""
    parts = found.groupdict()
    try:
        if parts.get("iso"):
            return date.fromisoformat(parts["iso"])
        month = _month(parts["month"])
        if parts["year"]:
            return date(int(parts["year"]), month, int(parts["day"]))
        return _next(today, month, int(parts["day"]))
    except ValueError:
        return None


def _month(word: str) -> int:
    """The number of a month, by its name or the first letters of it.

    Raises:
        ValueError: there is no such month.
    """
    for number, each in enumerate(_MONTHS, 1):
        if each.startswith(word.casefold()) or word.casefold() == "sept" == each[:4]:
            return number
    raise ValueError


def _next(today: date, month: int, day: int) -> date:
    """The next such day: 29 February may be years away."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError


def _merged(reports: Iterable[TextReport]) -> tuple[TextReport, ...]:
    """One report for each project: what is said of it in two places belongs together."""
    found: dict[tuple[int, ...], TextReport] = {}
    for each in reports:
        before = found.get(each.projects)
        found[each.projects] = each if before is None else _together(before, each)
    return tuple(found.values())


def _together(one: TextReport, other: TextReport) -> TextReport:
    """Two texts about one project; the later colour counts, because it was said last."""
    fields = {**one.fields, **other.fields}
    for name in one.fields.keys() & other.fields.keys() & _LISTED:
        fields[name] = f"{one.fields[name]}\n{other.fields[name]}"
    if "milestone" in one.fields and "milestone" in other.fields:
        fields["next"] = "\n".join(filter(None, [one.fields["milestone"], fields.get("next")]))
    return TextReport(
        one.projects, other.rating or one.rating, fields, f"{one.quote}\n{other.quote}"
    )

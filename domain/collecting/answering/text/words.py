"""The words that free text is read by, and a text as a row of words with what stands between."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final, Generic, TypeVar

V = TypeVar("V")


class Gap(IntEnum):
    """What stands between two words, by how much it parts them."""

    NONE = 0
    COLON = 1
    """A name and what is said of it: `:`, `=`, an arrow."""
    SOFT = 2
    """Two clauses: a comma, the end of a sentence, a dash."""
    HARD = 3
    """Two things: a semicolon, a new line, a bullet."""


_TOKEN: Final = re.compile(
    r":[a-z0-9][a-z0-9_+'-]*:"  # an emoji, as Slack writes it
    r"|[^\W_]+(?:[_'\u2019][^\W_]+)*"
    # an emoji itself, among other signs that are no separators:
    r"|[^\w\s,;:.!?…•|()\[\]{}\"“”\u2018\u2019'*~`<>=→\u2013\u2014/&+%$€£@#\\-]"
)
_HARD: Final = re.compile(r"[;\n\r\u2028\u2029•|]")
_SOFT: Final = re.compile(r"[,.!?…]+(?=\s)|\s[-\u2013\u2014]+\s|^,$")
_COLON: Final = re.compile(r"[:=→]|->")
_OPENING: Final = re.compile(r"[^\s,;:=→|•]*\Z")
_CLOSING: Final = re.compile(r"[^\s,;:=→|•]*")


@dataclass(frozen=True)
class Token:
    """One word, or one emoji."""

    start: int
    end: int
    text: str

    @cached_property
    def folded(self) -> str:
        """As it is looked up: without capitals, curled apostrophes, or an emoji's colons."""
        return self.text.casefold().replace("\u2019", "'").strip(":")


class Tokens:
    """A text as a row of words; nothing of it but separators lies outside of its slices."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [Token(*each.span(), each[0]) for each in _TOKEN.finditer(text)]
        self.gaps = [self._gap(index) for index in range(len(self.words) + 1)]

    def __len__(self) -> int:
        return len(self.words)

    def folded(self, index: int) -> str:
        """A word as it is looked up; empty beyond the end."""
        return self.words[index].folded if 0 <= index < len(self) else ""

    def between(self, index: int) -> str:
        """What stands before a word."""
        start = self.words[index - 1].end if index else 0
        end = self.words[index].start if index < len(self) else len(self.text)
        return self.text[start:end]

    def slice(self, first: int, end: int) -> str:
        """The text from one word up to another, with the signs that cling to it."""
        if first >= end:
            return ""
        before, after = self.between(first), self.between(end)
        opening, closing = _OPENING.search(before), _CLOSING.match(after)
        start = self.words[first].start - (len(opening[0]) if opening else 0)
        stop = self.words[end - 1].end + (len(closing[0]) if closing else 0)
        return self.text[max(start, 0) : stop].strip().strip("*_~`").strip()

    def clause_end(self, first: int, end: int) -> int:
        """Where the clause that begins with a word ends."""
        following = range(first + 1, end)
        return next((each for each in following if self.gaps[each] >= Gap.SOFT), end)

    def _gap(self, index: int) -> Gap:
        if index in (0, len(self.words)):
            return Gap.HARD
        between = self.between(index)
        if _HARD.search(between):
            return Gap.HARD
        if _SOFT.search(between) and not self._is_in_number(index, between):
            return Gap.SOFT
        return Gap.COLON if _COLON.search(between) else Gap.NONE

    def _is_in_number(self, index: int, between: str) -> bool:
        before, after = self.words[index - 1].text, self.words[index].text
        return between == "," and before[-1].isdigit() and after[0].isdigit()


class Phrases(Generic[V]):
    """Finds in a row of words the longest phrase that it knows."""

    def __init__(self, meanings: Mapping[tuple[str, ...], V]) -> None:
        self._meanings = meanings
        self._longest = max(map(len, meanings), default=0)

    def at(self, tokens: Tokens, index: int) -> tuple[V, int] | None:
        """What the phrase that begins with a word means, and where it ends; None without one."""
        for length in range(min(self._longest, len(tokens) - index), 0, -1):
            words = tuple(tokens.folded(each) for each in range(index, index + length))
            inner = tokens.gaps[index + 1 : index + length]
            if words in self._meanings and max(inner, default=Gap.NONE) is Gap.NONE:
                return self._meanings[words], index + length
        return None


def phrase(text: str) -> tuple[str, ...]:
    """A phrase as it is looked up."""
    return tuple(each.folded for each in Tokens(text).words)


def phrases(texts: Iterable[str], meaning: V) -> dict[tuple[str, ...], V]:
    """Phrases that all mean the same."""
    return {phrase(text): meaning for text in texts}


GREEN: Final = (
    *("green", "on track", "ontrack"),
    *("🟢", "🟩", "💚", "large_green_circle", "green_circle", "large_green_square", "green_heart"),
)
YELLOW: Final = (
    *("yellow", "amber", "orange", "at risk"),
    *("🟡", "🟨", "💛", "large_yellow_circle", "large_yellow_square", "yellow_heart"),
    *("🟠", "🟧", "🧡", "large_orange_circle", "large_orange_square", "orange_heart"),
    *("🔶", "🔸", "large_orange_diamond", "small_orange_diamond"),
)
RED: Final = (
    *("red", "off track", "offtrack"),
    *("🔴", "🟥", "red_circle", "large_red_circle", "large_red_square"),
)
LETTERS: Final = {"G": "Green", "A": "Yellow", "Y": "Yellow", "R": "Red"}

DENIALS: Final = frozenset(
    [
        "not",
        "no",
        "never",
        "isn't",
        "isnt",
        "aren't",
        "arent",
        "wasn't",
        "wasnt",
        "won't",
        "nearly",
        "almost",
        "hardly",
        "barely",
        "was",
        "were",
        "previously",
        "formerly",
    ]
)
"""Before a colour they say that it is not that, or not any more."""

SOFTENERS: Final = frozenset(
    ["yet", "quite", "really", "fully", "all", "longer", "entirely", "so", "that"]
)
"""May stand between a denial and its colour."""

NOT_A_COLOUR: Final = frozenset(
    [
        "light",
        "lights",
        "tape",
        "team",
        "flag",
        "flags",
        "book",
        "field",
        "button",
        "zone",
        "list",
        "line",
        "alert",
        "hat",
        "carpet",
        "it",
    ]
)
"""After a colour they make something else of it: a green light, red tape."""

FILLERS: Final = frozenset(
    [
        "is",
        "are",
        "it's",
        "status",
        "health",
        "overall",
        "rag",
        "now",
        "still",
        "remains",
        "remain",
        "stays",
        "stay",
        "we",
        "we're",
        "currently",
        "project",
        "the",
        "rating",
        "colour",
        "color",
        "today",
        "looks",
        "again",
        "turned",
        "went",
        "from",
        "reported",
        "rated",
    ]
)
"""May stand around a colour, and add nothing."""

GREETINGS: Final = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "dear",
        "good",
        "morning",
        "afternoon",
        "evening",
        "all",
        "team",
        "everyone",
        "everybody",
        "thanks",
        "thank",
        "you",
        "cheers",
        "regards",
        "status",
        "update",
        "report",
        "fyi",
        "here",
        "my",
        "the",
        "please",
    ]
)
"""A clause of nothing else says nothing about a project."""

EVERYDAY: Final = frozenset(
    [
        *("i", "it", "this", "that", "these", "those", "they", "they're", "he", "she", "who"),
        *("our", "its", "their", "his", "her", "i'm", "that's", "there", "which", "a", "an"),
        *("everything", "nothing", "something", "anything", "everyone", "nobody", "somebody"),
        *("then", "so", "also", "yet", "just", "only", "even", "mostly", "partly", "fully"),
        *("probably", "likely", "maybe", "perhaps", "possibly", "hopefully", "soon", "possible"),
        *("already", "finally", "currently", "presently", "therefore", "hence", "otherwise"),
        *("very", "quite", "really", "rather", "both", "some", "most", "many", "more", "other"),
        *("yesterday", "tomorrow", "tonight", "since", "until", "if", "when", "as", "for", "on"),
        *("to", "in", "at", "by", "with", "of", "or", "before", "after", "back", "due"),
        *("will", "would", "could", "should", "may", "might", "can", "be", "been", "has", "have"),
        *("had", "got", "get", "goes", "going", "gone", "turning", "turn", "turns", "moved"),
        *("stayed", "staying", "remaining", "became", "becomes", "set", "keep", "kept", "keeping"),
        *("phase", "phases", "sprint", "release", "stage", "wave", "workstream", "stream", "step"),
        *("part", "quality", "delivery", "testing", "vendor", "situation", "trend", "outlook"),
        *("programme", "program", "indicator", "light", "traffic", "colours", "colors"),
    ]
)
"""Before a colour they name no project, even where a sentence's beginning gives them a capital."""

JOINING: Final = frozenset(["and", "but", "while", "whereas", "&"])

FINISHED: Final = frozenset(
    [
        "finished",
        "completed",
        "complete",
        "done",
        "delivered",
        "signed",
        "closed",
        "shipped",
        "launched",
        "passed",
        "approved",
        "deployed",
        "achieved",
        "started",
        "held",
        "tested",
    ]
)
"""A clause with one of these tells what was done."""

DIMENSIONS: Final = {
    **dict.fromkeys(["schedule", "time", "timeline"], "schedule"),
    **dict.fromkeys(["budget", "cost", "costs", "money"], "budget"),
    "scope": "scope",
    **dict.fromkeys(["resources", "resource", "people", "staffing"], "resources"),
}


class Needs(IntEnum):
    """When a marker's words are taken for one."""

    NOTHING = 0
    """Always; the words themselves are not a part of the answer."""
    CLAUSE = 1
    """Always; without a colon or dash behind them the words belong to the answer."""
    COLON = 2
    """Only with a colon or dash behind them."""


@dataclass(frozen=True)
class Marker:
    """Words that tell which answer follows."""

    field: str
    needs: Needs


def _markers(field: str, needs: Needs, *texts: str) -> dict[tuple[str, ...], Marker]:
    return phrases(texts, Marker(field, needs))


_TIMES: Final = [
    "week",
    "month",
    "day",
    "days",
    "weeks",
    "months",
    "quarter",
    "sprint",
    "year",
    "time",
    "phase",
    "release",
]
_DAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

MARKERS: Final = Phrases(
    {
        **_markers("done", Needs.CLAUSE, "done", "finished", "completed", "achieved", "delivered"),
        **_markers("done", Needs.COLON, "progress", "complete", "accomplished", "last period"),
        **_markers("done", Needs.COLON, "since last report", "since the last report", "last week"),
        **_markers("next", Needs.NOTHING, "next", "next up", "up next", "next step", "next steps"),
        **_markers("next", Needs.NOTHING, "planned next", "coming up", "upcoming"),
        **_markers("next", Needs.CLAUSE, "planned", *(f"next {each}" for each in _TIMES + _DAYS)),
        **_markers("next", Needs.COLON, "plan", "plans", "to do", "todo"),
        **_markers("risks", Needs.CLAUSE, "risk", "risks", "issue", "issues", "new risk"),
        **_markers("risks", Needs.COLON, "concern", "concerns", "risks and issues"),
        **_markers("why", Needs.NOTHING, "because", "because of", "due to"),
        **_markers("why", Needs.CLAUSE, "blocker", "blockers", "blocked", "blocked by"),
        **_markers("why", Needs.COLON, "why", "reason", "cause", "problem", "problems", "comment"),
        **_markers("path_to_green", Needs.NOTHING, "path to green", "way to green"),
        **_markers("path_to_green", Needs.CLAUSE, "back to green"),
        **_markers("path_to_green", Needs.COLON, "path", "ptg", "recovery", "recovery plan"),
        **_markers("path_to_green", Needs.COLON, "mitigation", "way back", "get well plan"),
        **_markers("decision", Needs.CLAUSE, "decision needed", "decision required"),
        **_markers("decision", Needs.CLAUSE, "need a decision", "needs a decision", "need help"),
        **_markers("decision", Needs.CLAUSE, "need decision", "needs help", "help needed"),
        **_markers("decision", Needs.COLON, "decision", "decisions", "help", "ask", "escalation"),
        **_markers("milestone", Needs.NOTHING, "milestone", "next milestone"),
        **_markers("milestone", Needs.COLON, "milestones", "next milestones"),
    }
)

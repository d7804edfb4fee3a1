"""What is looked up of a text: its words without markup, as stems, without those that say nothing.

A stem is what forms of a word share, `communic` of *communications* and *communicate*.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from snowballstemmer import stemmer  # type: ignore[import-untyped] # it has no types

MAX_CHARACTERS: Final = 12_000
"""What of a message is read; Slack takes no longer ones from a person."""

MAX_TERMS: Final = 60
"""How many words of a question count: a longer one is a story, and costs time."""

_CACHED: Final = 20_000
_LONGEST_WORD: Final = 40

_LINK: Final = re.compile(r"<(?:https?|mailto|tel)[^>|]*(?:\|([^>]*))?>")
_MENTION: Final = re.compile(r"<[@#!][^>]*>")
_EMOJI: Final = re.compile(r"(?<!\w):[a-z0-9][a-z0-9_+'-]*:(?!\w)")
_MARKS: Final = re.compile(r"[*_~`]+")
_GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b"
    r"(?:,? (?:all|team|there|everybody|everyone|folks|bot)\b)*[\s,.!:-]*",
    re.IGNORECASE,
)
_SPELLED: Final = re.compile(r"\b[a-z](?:[/.&][a-z]){2,}\b", re.IGNORECASE)
"""An abbreviation with signs between its letters: `R/A/G`, `R.A.I.D`."""
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_SHORTENED: Final = re.compile(r"'(s|re|ve|ll|d|m)$")
_BRITISH: Final = re.compile(r"is(e|ed|es|er|ing|ation|ations)$")
_OUR: Final = re.compile(r"(?<=..)our")

_SILENT_WORDS: Final = (
    # articles, pronouns, helpers
    "a an the this that these those there here it its he she they them their his her him we us"
    " our ours you your yours i me my mine myself am is are was were be been being do does did"
    " doing done have has had having can could may might must shall should will would cannot"
    " dont doesnt didnt cant couldnt wont isnt arent im ive id youre theyre lets ought let"
    # joints
    " and or but if then than so as of at by for from in into on onto to with within about"
    " over under up down out off no not nor very too also just only even still yet already"
    " again else while because since until till per via upon during between among both each"
    " every any some all such same other another own few more most much many both either"
    # questions
    " what whats which who whos whom whose when where why how wheres hows whys"
    # what is said around a question
    " please pls plz thanks thank thx ty hi hello hey dear ok okay yes sorry tell show send give"
    " explain describe list know want wanna need needs needed like would get gets got getting"
    " got gotta go goes going find help anyone someone somebody anybody everybody"
    " something anything thing things stuff question questions ask asking answer wondering"
    " wonder quick quickly really actually exactly basically simply maybe perhaps kindly"
    " actual say says said mean means meaning meant definition define defined explanation"
    " understand put puts use uses used using way ways kind sort type make makes made making"
    " take takes look looks looking come comes lot bit etc eg ie e.g. vs versus u ur r"
    " bot pmobot today now currently right away good morning afternoon evening"
    " supposed actually gonna one ones s t day days every info information details detail"
    " want wants wanted exist exists existing expect expects expected although though however"
    " possible possibly usually always never ever often sometimes yesterday"
    " tomorrow later soon really two three four five six seven eight nine ten thinks think"
    " thought believe seem seems become becomes became come came going keep keeps keeping"
    " try tries trying let lets stuff bring brings certain certainly probably especially"
    " around behave behaves allowed able properly correctly great"
    " old times tell told telling hear heard whole thing"
    " talk write writes writing written wrote"
    " actually works does purpose why reason guys guy"
)
SILENT: Final = frozenset(_SILENT_WORDS.split())
"""Words that say nothing of what a question is about."""


@dataclass(frozen=True)
class Token:
    """One word as it stands in a text."""

    start: int
    end: int
    text: str

    @property
    def folded(self) -> str:
        """As it is looked up."""
        return fold(self.text)


def fold(word: str) -> str:
    """A word without capitals and without what an apostrophe shortens."""
    return _SHORTENED.sub("", word.casefold()).replace("'", "")


def cleaned(text: str) -> str:
    """A message as its reader sees it: without mentions, emoji and marks, and not without end."""
    plain = text[:MAX_CHARACTERS].replace("\u2019", "'").replace("\u2018", "'")
    plain = _LINK.sub(lambda link: link[1] or " ", plain)
    plain = _EMOJI.sub(" ", _MENTION.sub(" ", plain))
    for written, meant in _ENTITIES:
        plain = plain.replace(written, meant)
    plain = _SPELLED.sub(lambda short: re.sub(r"\W", "", short[0]), plain)
    plain = _MARKS.sub(" ", unicodedata.normalize("NFC", plain))
    lines = (re.sub(r"\s+", " ", line).strip() for line in plain.splitlines())
    return _GREETING.sub("", "\n".join(line for line in lines if line))


def tokens(text: str) -> Sequence[Token]:
    """The words of a cleaned text."""
    return [Token(*each.span(), each[0]) for each in WORD.finditer(text)]


def words(text: str) -> Sequence[str]:
    """The words of a cleaned text as they are looked up."""
    return [each.folded for each in tokens(text)]


_JOINTS = (
    "a an the of for to in on at by and or my our your me i we you it its is are was be do does did"
    " can may should must what whats who whos which when where why how with from into about this"
    " that there please s"
)
FAINT: Final = "~"
"""Stands before a silent word, where it is kept to tell names apart."""

JOINTS: Final = frozenset(_JOINTS.split())
"""Words that a name may have or lack and stays the same name."""


class Stems:
    """Turns words into stems, and remembers them."""

    def __init__(self) -> None:
        self._stemmer = stemmer("english")
        self._known: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of a folded word; British and American spellings share one."""
        if (known := self._known.get(word)) is not None:
            return known
        short = word[:_LONGEST_WORD]
        stem = str(self._stemmer.stemWord(_OUR.sub("or", _BRITISH.sub(r"iz\1", short))))
        if len(self._known) < _CACHED:
            self._known[word] = stem
        return stem

    def row(self, folded: Iterable[str]) -> tuple[str, ...]:
        """The stems of all words but joints, in their order; silent ones are marked as such."""
        return tuple(
            self.stem(word) if says_something(word) else FAINT + word
            for word in folded
            if word not in JOINTS
        )


def telling(row: Iterable[str]) -> tuple[str, ...]:
    """The stems of a row that tell what it is about."""
    return tuple(stem for stem in row if not stem.startswith(FAINT))


def says_something(word: str) -> bool:
    """Whether a folded word can tell one section from another."""
    return word not in SILENT and not word.isdigit()

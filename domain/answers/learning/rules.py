"""Which questions ask the same, which the week's list has, and how an alias is put."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from domain.answers.finding.finder import Band, Finding
from domain.answers.finding.terms import Stems, cleaned, says_something, tokens, words
from domain.answers.learning.values import Group, Listed, Trouble
from domain.answers.values import Handbook, Section
from models.enums import GroupState

ALIKE: Final = 0.6
"""Two questions ask the same if they share this much of their stems (Dice's coefficient)."""

LONGEST_ALIAS: Final = 80
"""Characters that the handbook's files take."""

OFFERED: Final = 10
"""Sections that the window for an alias offers."""

PHRASE: Final = "phrase"
SECTION: Final = "section"
OWNER: Final = "owner"
"""Fields of the windows, by which what needs mending is named."""

_STEMS: Final = Stems()

StemSet = frozenset[str]


def stems_of(text: str) -> StemSet:
    """What a question asks about; of one that says nothing, its words as they are.

    >>> sorted(stems_of("Who pays for the coffees?"))
    ['coffe', 'pay']
    """
    said = words(cleaned(text))
    stems = frozenset(_STEMS.stem(each) for each in said if says_something(each))
    return stems or frozenset({" ".join(said) or text})


def likeness(one: StemSet, other: StemSet) -> float:
    """How much of their stems two questions share, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))


class Sorter:
    """Finds the group of a question: that of the question which is most like it."""

    def __init__(self, known: Iterable[tuple[int, StemSet]]) -> None:
        """Take the stems of questions whose group is known."""
        self._by_stem: defaultdict[str, set[tuple[int, StemSet]]] = defaultdict(set)
        for group_id, stems in known:
            self.add(group_id, stems)

    def add(self, group_id: int, stems: StemSet) -> None:
        """Take one more."""
        for each in stems:
            self._by_stem[each].add((group_id, stems))

    def group_of(self, stems: StemSet) -> int | None:
        """The group, the oldest of several; None if no question is alike."""
        others = set[tuple[int, StemSet]]().union(*(self._by_stem.get(each, ()) for each in stems))
        found = [(likeness(stems, theirs), -group_id) for group_id, theirs in others]
        best, group_id = max(found, default=(0.0, 0))
        return -group_id if best >= ALIKE else None


def trouble_of(band: str, *, helpful: bool | None) -> Trouble:
    """Why a question is on the list, by how sure its answer was and what was said of it."""
    if band == Band.UNKNOWN:
        return Trouble.UNANSWERED
    if helpful is False:
        return Trouble.NONE_FIT if band == Band.UNSURE else Trouble.UNHELPFUL
    return Trouble.CHOSEN


def is_of_week(group: Group, since: datetime) -> bool:
    """Whether a list that begins at an instant has a group: asked, given back, or assigned."""
    standing = group.standing
    if not standing.is_open:
        return False
    is_back = standing.state is GroupState.RETURNED
    newest = max(group.newest_at, standing.at) if is_back and standing.at else group.newest_at
    return standing.state is GroupState.ASSIGNED or newest > since


def biggest_first(groups: Iterable[Group]) -> list[Group]:
    """Groups in the order of a list."""
    return sorted(groups, key=lambda each: (-len(each.asked), -each.newest_at.timestamp()))


def troubles_of(asked: Iterable[Listed]) -> tuple[tuple[Trouble, int], ...]:
    """How often there was which trouble, in a fixed order."""
    counts = Counter(each.trouble for each in asked)
    return tuple((each, counts[each]) for each in Trouble if counts[each])


def chosen_of(group: Group) -> Sequence[str]:
    """The ids of sections that askers chose, most often first."""
    counts = Counter(each.chosen_id for each in group.asked[::-1] if each.chosen_id)
    return [each for each, _count in counts.most_common()]


def phrase_of(texts: Iterable[str]) -> str:
    """What an alias may be: the shortest question, from its first word that says something on.

    >>> phrase_of(["What goes into the comms matrix?", "please tell me about the comms sheet"])
    'comms sheet'
    """
    phrases = [_telling_part(each) for each in texts]
    return min((each for each in phrases if each), key=lambda each: (len(each), each), default="")


def _telling_part(text: str) -> str:
    plain = cleaned(text)
    said = [each for each in tokens(plain) if says_something(each.folded)]
    if not said:
        return ""
    return plain[said[0].start : said[-1].end].casefold()[:LONGEST_ALIAS].strip()


def phrase_key(phrase: str) -> str:
    """What makes two phrases the same."""
    return " ".join(phrase.split()).casefold()


def user_of(phrase: str, handbook: Handbook) -> Section | None:
    """The section that has a phrase as its title or alias already."""
    wanted = phrase_key(phrase)
    for each in handbook.sections.values():
        if wanted in map(phrase_key, (each.title, *each.aliases)):
            return each
    return None


def why_no_alias(phrase: str, section: Section, handbook: Handbook) -> str:
    """Why a section can't have a phrase as its alias, with the cure; empty if it can."""
    if not any(map(str.isalnum, phrase)):
        return "Write the words by which people ask, such as: comms plan"
    if len(phrase) > LONGEST_ALIAS:
        return f"An alias has {LONGEST_ALIAS} characters at most: leave out what says little."
    user = user_of(phrase, handbook)
    if user is None:
        return ""
    where = f"{user.id} ({user.file}, line {user.line})"
    if user.entity == section.entity:
        return f"It is a name of {where} already, so it is found by it: nothing is to be added."
    return f"It is a name of {where}, and can't mean two things: take more words."


def in_handbook(phrase: str, section_id: str, handbook: Handbook) -> bool:
    """Whether a proposed alias stands in the handbook by now, at the section or its thing."""
    section, user = handbook.sections.get(section_id), user_of(phrase, handbook)
    return section is not None and user is not None and user.entity == section.entity


def answers_rightly(found: Finding, expected: Collection[str]) -> bool:
    """Whether the first section that is shown is one of those expected; or none, where none is."""
    if not expected:
        return found.band is not Band.ANSWER
    return found.band is Band.ANSWER and found.hits[0].section.id in expected

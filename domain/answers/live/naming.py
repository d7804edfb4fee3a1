"""Which project a question means by a name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from domain.answers.live.values import Known, Names

LIKENESS: Final = 0.8
"""How like a name has to be to one that is known, 0 to 1."""

_MOST_WORDS: Final = 6
"""Words of a name that is not known: what is longer is a description."""

_SHORTEST: Final = 4
"""Letters of a word of a name that may stand for the name, unless it is all capitals."""

_WORD: Final = re.compile(r"[\w&.-]*\w")
_AROUND: Final = re.compile(
    r"^(?:(?:the|our|this) )*(?:(?:project|programme|program) )?(?:called )?"
    r"|(?:'s?)?(?: (?:project|programme|program|one))?(?:'s?)?$",
    re.IGNORECASE,
)
_MINE: Final = re.compile(r"(?:my|our) (?:own )?(?:project|programme|program)s?", re.IGNORECASE)

_NO_NAME: Final = frozenset(
    re.findall(
        r"\w+",
        "a an any my our your his her its their this that these those it they he she we you i each"
        " every some all no one most many something someone somebody everything there here project"
        " projects programme program portfolio pm pmo sponsor council team person people what which"
        " who when where why how if not is are was be to and or",
    )
)
"""Words that make no name where they stand first."""

_JOINTS: Final = frozenset({"and", "or", "versus", "vs"})
"""Words between two names."""


@dataclass(frozen=True)
class Meant:
    """What a name may mean."""

    projects: tuple[Known, ...]
    is_exact: bool = True
    """It stands in the record as it was said."""


def named_in(text: str, projects: Iterable[Known]) -> list[tuple[int, int, tuple[Known, ...]]]:
    """Where codes and whole names stand in a text in small letters, longest first."""
    by_name: dict[str, list[Known]] = {}
    for each in projects:
        for name in dict.fromkeys((each.code.casefold(), each.name.casefold())):
            by_name.setdefault(name, []).append(each)
    there = (each for each in by_name if each and each in text)
    found = ((name, _whole(name, text)) for name in sorted(there, key=len, reverse=True))
    return [(*match.span(), tuple(by_name[name])) for name, match in found if match]


def bare_name(said: str) -> str:
    """A name without what stands around one, as in `the Apollo project`."""
    return _AROUND.sub("", said.strip()).strip()


def meant_by(said: str, names: Names) -> Meant:
    """The projects that a name may mean: as it is written, in part, or nearly.

    One word that the handbook uses too means a project in part only where it has a capital.
    """
    projects = names.projects
    if _MINE.fullmatch(said.strip()):
        return Meant(tuple(each for each in projects if each.is_mine))
    bare = bare_name(said)
    name, words = bare.casefold(), _WORD.findall(bare)
    whole = [each for each in projects if name in (each.code.casefold(), each.name.casefold())]
    if whole or not words:
        return Meant(tuple(whole))
    is_common = len(words) == 1 and bare[0].islower() and names.is_word(name)
    part = [] if is_common else [each for each in projects if _is_part(words, each)]
    if part:
        return Meant(tuple(part))
    likeness = {each: _likeness(name, each, is_common=is_common) for each in projects}
    best = max(likeness.values(), default=0)
    near = [each for each in projects if likeness[each] == best >= LIKENESS]
    return Meant(tuple(near), is_exact=False)


def is_name(said: str, names: Names) -> bool:
    """Whether something that is not known is said as a name: `Zephyr`, and no `late project`.

    It is called a project; or it has capitals, or is one word without an article that is no
    ordinary one, and is not one of the handbook's words.
    """
    bare = bare_name(said)
    words = _WORD.findall(bare)
    small = [each.casefold() for each in words]
    if not words or len(words) > _MOST_WORDS or _NO_NAME & {small[0]} or _JOINTS & {*small}:
        return False
    known = {each.casefold() for each in (*names.phases, *names.councils)}
    if {bare.casefold(), small[0]} & known or named_in(bare.casefold(), names.projects):
        return False
    if all(each[0].isupper() or each[0].isdigit() for each in (words[0], words[-1])):
        return len(words) > 1 or not names.is_word(small[0])
    is_called = re.search(r"\bproject\b", said, re.IGNORECASE) is not None
    is_alone = len(words) == 1 and bare.casefold() == said.strip().casefold()
    is_alone = is_alone and not names.is_english(bare)
    return (is_called or is_alone) and not any(map(names.is_word, small))


def person_of(said: str, people: Iterable[str]) -> str:
    """The one person whose name is said, whole or the first of it; empty: nobody, or several."""
    name = said.strip().casefold()
    everybody = list(dict.fromkeys(people))
    whole = [each for each in everybody if each.casefold() == name]
    first = whole or [each for each in everybody if each.casefold().split(" ")[0] == name]
    return first[0] if len(first) == 1 else ""


def _whole(name: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)


def _is_part(said: Sequence[str], project: Known) -> bool:
    """Whether all words stand in a project's name or code, one of them long enough to mean it."""
    words = [each.casefold() for each in said]
    own = {
        way
        for each in _WORD.findall(f"{project.code} {project.name}".casefold())
        for way in (each, each.replace("-", ""), each.rstrip("0123456789-"))
    }
    is_telling = any(
        (len(each) >= _SHORTEST or each.isupper()) and each.casefold() not in _NO_NAME
        for each in said
    )
    return is_telling and all(each in own for each in words)


def _likeness(name: str, project: Known, *, is_common: bool) -> float:
    """How like a name is to that of a project, or to one word of it, 0 to 1."""
    compared = {project.code.casefold(), project.name.casefold()}
    if " " not in name and not is_common:
        compared |= {
            each for each in _WORD.findall(project.name.casefold()) if len(each) >= _SHORTEST
        }
    return max(DamerauLevenshtein.normalized_similarity(name, each) for each in compared)

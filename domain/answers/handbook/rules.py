"""What a good handbook keeps to, so that each section can be found and can be trusted."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.answers.values import Handbook, Section

MOST_WORDS: Final = 200
"""What is longer is not read in Slack: it is two sections."""

LEAST_WORDS: Final = 12
FEWEST_ALIASES: Final = 2

KINDS: Final = frozenset(
    ("phase", "template", "role", "governance", "process", "status", "meeting", "kpi", "glossary")
)


@dataclass(frozen=True)
class Flaw:
    """Something to mend in a section."""

    section: Section
    text: str
    """The cause and the cure."""
    is_error: bool = True
    """False: it can be found and read all the same."""


def flaws(handbook: Handbook, today: date) -> list[Flaw]:
    """Everything to mend, in the order of the files; reviews are counted to `today`."""
    sections = list(handbook.sections.values())
    phases = sorted({each.slug for each in sections if each.kind == "phase"})
    alone = [flaw for each in sections for flaw in _alone(each, handbook, phases, today)]
    return alone + list(_shared_names(sections))


def _alone(
    section: Section, handbook: Handbook, phases: Collection[str], today: date
) -> Iterator[Flaw]:
    words = len(section.body.split())
    known = ", ".join(sorted(KINDS))
    checks: Sequence[tuple[bool, str]] = (
        (section.kind not in KINDS, f"'{section.kind}' is no kind; one of {known}"),
        (words < LEAST_WORDS, f"has {words} words; say enough to help, at least {LEAST_WORDS}"),
        (words > MOST_WORDS, f"has {words} words; make two sections of it, {MOST_WORDS} at most"),
        (
            len(section.aliases) < FEWEST_ALIASES,
            f"give it at least {FEWEST_ALIASES} aliases: what people call it",
        ),
        (
            section.phase is not None and section.phase not in phases,
            f"there is no phase '{section.phase}'; one of {', '.join(phases)}",
        ),
        (not section.source, "name its source, which every answer cites: `source: ...`"),
        (section.reviewed > today, f"was reviewed in the future ({section.reviewed})"),
    )
    yield from (Flaw(section, text) for is_wrong, text in checks if is_wrong)
    for each in section.see:
        if each not in handbook.sections:
            yield Flaw(section, f"`see` names {each}, which there is not")
    if section.is_stale(today):
        text = f"was last reviewed on {section.reviewed}; read it again and set `reviewed`"
        yield Flaw(section, text, is_error=False)


def _shared_names(sections: Sequence[Section]) -> Iterator[Flaw]:
    yield from _shared(sections, lambda each: (each.title,), "title")
    yield from _shared(sections, lambda each: each.aliases, "alias")


def _shared(
    sections: Sequence[Section], names_of: Callable[[Section], tuple[str, ...]], what: str
) -> Iterator[Flaw]:
    """Names that two entities have: who asks by one could mean either."""
    users: defaultdict[str, list[Section]] = defaultdict(list)
    for section in sections:
        for name in names_of(section):
            users[name.casefold()].append(section)
    for name, using in users.items():
        for each in using[1:]:
            if each.entity != using[0].entity:
                text = f"the {what} '{name}' is also that of {using[0].id}; keep it at one of them"
                yield Flaw(each, text)

"""What is kept of a question, and which sections are offered beside an answer."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2s
from typing import Final

from domain.answers.messages import Link, Shown
from domain.answers.values import Handbook, Section

KEPT: Final = timedelta(days=180)
"""How long the words of a question are kept."""

LONGEST: Final = 500
"""Characters of a question that are read and kept: what is longer is no question."""

OFFERED: Final = 3
"""Sections of a "did you mean"."""

_RELATED: Final = 5
"""Buttons below an answer."""

_SIBLINGS: Final = 3
"""Of these, for other facets of the same thing, as long as there is something else."""

_MASKED: Final = re.compile(r"<?(?:mailto:)?[^\s<>@|]+@[^\s<>@|]+\.[^\s<>@|]+>?|(?<![\w@])@[\w.-]+")
"""Addresses of people, and what mentions them."""

_ASKING: Final = re.compile(
    r"\W*(?:what|who|whom|whose|when|where|which|why|how|can|could|may|must|should|do|does|is|are"
    r"|tell|show|explain|define)\b",
    re.IGNORECASE,
)

_KIND_NAMES: Final = {
    "phase": "phases",
    "template": "templates",
    "role": "roles",
    "governance": "governance",
    "process": "processes",
    "status": "status and health",
    "meeting": "meetings",
    "kpi": "figures",
    "glossary": "terms",
}


def masked(text: str) -> str:
    """A text without who is named in it.

    >>> masked("can @erik or ana@example.edu approve it?")
    'can @… or @… approve it?'
    """
    return _MASKED.sub("@…", text)


def one_line(question: str) -> str:
    """A question as it is kept: on one line; what is too long for a question is left out."""
    return " ".join(question.split())[:LONGEST]


def asks(text: str) -> bool:
    """Whether a text is put as a question; else it may as well be a report, or thanks."""
    return "?" in text or _ASKING.match(text) is not None


def version_of(handbook: Handbook) -> str:
    """A short name for the state of the handbook: another one once a section has changed."""
    digest = blake2s(digest_size=6)
    for each in handbook.sections.values():
        digest.update(repr(each).encode())
    return digest.hexdigest()


def topics_of(handbook: Handbook, kind: str = "") -> tuple[str, ...]:
    """What the handbook is about: its kinds of things, or the things of one kind."""
    sections = handbook.sections.values()
    if kind:
        names = (each.slug.replace("-", " ") for each in sections if each.kind == kind)
        return tuple(dict.fromkeys(names))
    present = {each.kind for each in sections}
    own = sorted(present - _KIND_NAMES.keys())
    return tuple([name for known, name in _KIND_NAMES.items() if known in present] + own)


def shown(section: Section, today: date) -> Shown:
    """A section with all that an answer cites."""
    return Shown(
        section_id=section.id,
        title=section.title,
        body=section.body,
        guidance=section.guidance,
        source=section.source,
        url=section.url,
        owner=section.owner,
        reviewed=section.reviewed,
        is_stale=section.is_stale(today),
    )


def related(section: Section, handbook: Handbook, near: Iterable[Section] = ()) -> tuple[Link, ...]:
    """What is offered below a section: the rest of its thing, what came near, what it names."""
    siblings = handbook.siblings(section)
    other = next((each for each in near if each.entity != section.entity), section)
    named = [handbook.sections[each] for each in section.see if each in handbook.sections]
    ordered = [*siblings[:_SIBLINGS], other, *named, *siblings]
    others = {each.id: each for each in ordered}
    others.pop(section.id, None)
    return links(list(others.values())[:_RELATED])


def links(sections: Sequence[Section]) -> tuple[Link, ...]:
    """Buttons for sections."""
    return tuple(Link(each.id, each.title) for each in sections)

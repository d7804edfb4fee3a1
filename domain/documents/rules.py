"""Pure decisions of the room: which template somebody means, and of which project."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.documents.values import Form

NAMES: Final[Mapping[str, Form]] = {
    "status report": Form.STATUS_REPORT,
    "project status report": Form.STATUS_REPORT,
    "highlight report": Form.STATUS_REPORT,
    "project charter": Form.PROJECT_CHARTER,
    "charter": Form.PROJECT_CHARTER,
    "communications plan": Form.COMMUNICATIONS_PLAN,
    "communication plan": Form.COMMUNICATIONS_PLAN,
    "comms plan": Form.COMMUNICATIONS_PLAN,
    "comm plan": Form.COMMUNICATIONS_PLAN,
    "raid log": Form.RAID_LOG,
    "raid": Form.RAID_LOG,
    "change request": Form.CHANGE_REQUEST,
    "change form": Form.CHANGE_REQUEST,
    "meeting agenda": Form.MEETING_AGENDA,
    "agenda": Form.MEETING_AGENDA,
    "meeting minutes": Form.MEETING_MINUTES,
    "minutes": Form.MEETING_MINUTES,
    "closeout": Form.CLOSEOUT_REPORT,
    "closure": Form.CLOSEOUT_REPORT,
    "closeout report": Form.CLOSEOUT_REPORT,
    "close-out report": Form.CLOSEOUT_REPORT,
    "closure report": Form.CLOSEOUT_REPORT,
    "final report": Form.CLOSEOUT_REPORT,
}
"""What the templates are called; hyphens, blanks and capitals do not count."""

_FACETS: Final = frozenset(
    (
        "fields",
        "field",
        "content",
        "contents",
        "structure",
        "sections",
        "purpose",
        "owner",
        "when",
        "who",
        "what",
        "why",
        "how",
        "example",
        "examples",
        "sample",
        "template",
        "templates",
        "use",
        "used",
        "form",
        "document",
        "log",
        "plan",
        "report",
        "word",
        "excel",
    )
)
"""Words that ask the handbook about a template, and are no project's code."""

_FILLERS: Final = ("for", "of", "project", "template", "the")
"""What may stand between a template and a project."""

_CALLING: Final = frozenset({"for", "project"})
"""Those of them that stand before nothing else."""

_OTHER: Final = 2
"""Words at least: what it is called, and the code."""

_GAPS: Final = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class Wish:
    """A template that somebody wants to be filled."""

    form: Form
    project: str
    """What they call the project."""
    is_certain: bool
    """Nothing but a project can be meant; else it may as well be a question to the handbook.

    `charter APOLLO`, `charter for apollo` or `charter for Student Portal`, and not
    `charter approval`.
    """


def read_wish(text: str) -> Wish | None:
    """What `status report for APOLLO` asks for; None where no project is named."""
    words = text.rstrip("?! ").split()
    if form_of(text) is not None:
        return None
    for count in range(len(words) - 1, 0, -1):
        form = form_of(" ".join(words[:count]))
        if form is not None:
            return _wish(form, words[count:])
    glued = _GAPS.split(" ".join(words))
    return _glued(glued) if len(words) == 1 else None


def form_of(name: str) -> Form | None:
    """The template of a name."""
    return _BY_KEY.get(_key(name))


def form_of_section(section_id: str) -> Form | None:
    """The template that a section of the handbook is about: `template:status-report#fields`."""
    kind, _, rest = section_id.partition(":")
    slug = rest.partition("#")[0]
    return Form(slug) if kind == "template" and slug in _SLUGS else None


def _wish(form: Form, named: list[str]) -> Wish | None:
    rest = named
    while rest and rest[0].casefold() in _FILLERS:
        rest = rest[1:]
    if not rest or rest[0].casefold() in _FACETS:
        return None
    is_called = bool(_CALLING & {each.casefold() for each in named})
    is_small = any(each.isalpha() and each.islower() for each in rest)
    is_certain = not is_small or is_called if len(rest) == 1 else is_called and not is_small
    return Wish(form, " ".join(rest), is_certain=is_certain)


def read_other(text: str) -> tuple[str, str] | None:
    """What may be a template that is no file, and a code: `business case APOLLO`."""
    words = text.rstrip("?! ").split()
    if len(words) < _OTHER or words[-1] != words[-1].upper():
        return None
    named = words[:-1]
    if any(form_of(" ".join(named[:count])) for count in range(1, len(named) + 1)):
        return None
    while named and named[-1].casefold() in _FILLERS:
        named = named[:-1]
    return (" ".join(named), words[-1]) if named else None


def _glued(parts: list[str]) -> Wish | None:
    """`status-report-APOLLO`, all in one word."""
    for count in range(len(parts) - 1, 0, -1):
        form = form_of(" ".join(parts[:count]))
        if form is not None:
            return _wish(form, ["-".join(parts[count:])])
    return None


def _key(name: str) -> str:
    return _GAPS.sub("", name).casefold()


_SLUGS: Final = frozenset(Form)
_BY_KEY: Final = {_key(name): form for name, form in NAMES.items()}

"""Pure decisions of the room: who is asked, who may do what, and when somebody hears again."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.calendar.rules import PersonalTime, at_wall
from domain.errors import FieldErrors
from domain.inquiries.values import Role, Why
from domain.portfolio.rules import belongs_to_pmo, may_report, may_see
from domain.portfolio.values import ProjectFacts, Viewer

FIELD: Final = "text"
"""What the one field of the room's windows is called."""

THREAD_FIELD: Final = "in_thread"
"""What the box is called that posts an answer where the handbook was asked, too."""

LONGEST: Final = 3_000
"""Characters of a question or an answer: what one field of Slack's forms holds."""

MOST_OPEN: Final = 10
"""Questions of one person about one project that wait at once; more are no conversation."""

REMIND_AFTER: Final = 2
"""Working days after which who was asked is reminded, once."""

TELL_AFTER: Final = 1
"""The same where the question came into a message that stood already: Slack notifies nobody of an
edit."""

OVERDUE_AFTER: Final = 5
"""Working days after which the asker and the PMO are told that there is no answer."""

OFFICE_REMIND_AFTER: Final = 1
"""Working days after which the PMO is reminded of what it was asked itself, once."""

OFFICE_OVERDUE_AFTER: Final = 3
"""Working days after which who asked the PMO is told that there is no answer."""

KEPT: Final = timedelta(days=180)
"""How long the words of what is about no project are kept: as long as questions to the handbook."""

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Asked:
    """What decides about who may do what with an inquiry, beside its project."""

    asker_id: int
    is_for_office: bool = False
    """The PMO itself was asked."""
    asked_id: int | None = None
    """Who has it; None: the PMO."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked."""

    person_id: int
    is_gone: bool = False
    """They have left Slack."""
    is_away: bool = False
    """They are on leave today."""


def whom_to_ask(
    pm: Candidate, deputy: Candidate | None, asker_id: int, asked_id: int | None = None
) -> int | None:
    """Who is to answer a question about a project; None: the PMO.

    The PM; the deputy, while the PM is on leave or where they have left. Who has it keeps it for as
    long as they are there and answer for the project, so that it does not go to and fro.

    Args:
        pm: the project's manager.
        deputy: who stands in for them, if there is somebody.
        asker_id: who asks: nobody is asked by themselves.
        asked_id: who has it now.
    """
    both = [each for each in (pm, deputy) if each is not None]
    here = [each for each in both if not each.is_gone and each.person_id != asker_id]
    able = [each for each in here if not each.is_away] or here
    for each in able:
        if each.person_id == asked_id:
            return asked_id
    return able[0].person_id if able else None


def why_not_pm(pm: Candidate, asked_id: int | None) -> Why | None:
    """Why somebody else than the PM is asked; None if it is the PM."""
    if asked_id is None:
        return Why.NOBODY
    if asked_id == pm.person_id:
        return None
    return Why.PM_GONE if pm.is_gone else Why.PM_AWAY


def role_of(viewer: Viewer, project: ProjectFacts | None, inquiry: Asked) -> Role | None:
    """What somebody may do with an inquiry; None: for them there is none.

    What is about no project is nobody's but of who asked, who is asked and the PMO.
    """
    if viewer.is_gone or (project is not None and not may_see(viewer, project)):
        return None
    if viewer.person_id == inquiry.asker_id:
        return Role.ASKER
    if belongs_to_pmo(viewer) or (inquiry.is_for_office and viewer.person_id == inquiry.asked_id):
        return Role.ANSWERER
    if project is None:
        return None
    return Role.ANSWERER if may_report(viewer, project) else Role.READER


def why_over(asker: Viewer, project: ProjectFacts | None, *, is_for_office: bool = False) -> str:
    """Why nobody waits for an answer any more; empty if somebody does."""
    if asker.is_gone:
        return f"{asker.name} has left Slack."
    if project is None:
        return ""
    if not may_see(asker, project):
        return f"{asker.name} may not see the project any more."
    if asker.person_id == project.pm_id and not is_for_office:
        return f"{asker.name} is the PM of the project now."
    return ""


def names_in(text: str, names: Iterable[str]) -> frozenset[str]:
    """Which of some projects' codes or names a text has in it, however they are written.

    Signs, blanks, capitals and invisible characters make no difference; parts of words are none.

    >>> sorted(names_in("Is hr 2 in the Mergers?", ["HR-2", "Merger"]))
    ['HR-2']
    """
    words = _words(text)
    wanted: dict[str, set[str]] = {}
    for each in names:
        wanted.setdefault("".join(_words(each)), set()).add(each)
    wanted.pop("", None)
    longest = max(map(len, wanted), default=0)
    found: set[str] = set()
    for start in range(len(words)):
        joined = ""
        for word in words[start:]:
            joined += word
            if len(joined) > longest:
                break
            found |= wanted.get(joined, set())
    return frozenset(found)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    return _WORD.findall(visible.casefold())


def due_at(own: PersonalTime, now: datetime, days: int) -> datetime:
    """When so many of somebody's working days are over, counted from when they could read it.

    Args:
        own: their time.
        now: this instant.
        days: how many working days.
    """
    try:
        first = own.allowed_from(now).astimezone(own.zone)
        day = own.working.after(first.date(), days)
        return own.allowed_from(at_wall(day, first.time(), own.zone))
    except ValueError:  # a calendar without a working day
        return now + timedelta(days=days)


def check_text(text: str, what: str) -> str:
    """What somebody has typed, without the blank space around it.

    Args:
        text: as typed.
        what: what it is called: "question", "answer".

    Raises:
        FieldErrors: there is nothing, or too much.
    """
    typed = text.strip()
    if not typed:
        raise FieldErrors({FIELD: f"Write your {what}; nothing was sent."})
    if len(typed) > LONGEST:
        raise FieldErrors(
            {
                FIELD: f"{len(typed):,} characters, and {LONGEST:,} fit here: keep the essence, "
                "and link to a document with the rest, or send a second part afterwards."
            }
        )
    return typed


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same but for blanks and capitals: a form was sent twice."""
    return one.casefold().split() == other.casefold().split()

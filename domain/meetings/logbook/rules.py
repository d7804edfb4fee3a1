"""Pure decisions of the log: what somebody looks for, what fits, and the figures of a council."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from statistics import median
from typing import Final

from snowballstemmer import stemmer  # type: ignore[import-untyped] # it has no types

from domain.calendar.rules import WorkingDays, parse_day
from domain.errors import UnreadableError
from domain.meetings.logbook.values import Asked, Closure, Latency
from models.enums import LogState

LONG_DAYS: Final = 10
"""Working days after which a decision that is needed is late."""

LONGEST_TEXT: Final = 3_000
"""Characters of a text of a decision: what one field of Slack's forms holds."""

PERIOD: Final = timedelta(days=365)
"""What the figures look back on."""

_SHARE: Final = 0.9
_WORD: Final = re.compile(r"[^\W_]+(?:-\d+)?")
_SINCE: Final = re.compile(r"(?P<rest>.*?)(?:^|\s+)since\s+(?P<day>\S+)", re.IGNORECASE)
_CACHED: Final = 4_000
_STEMMER: Final = stemmer("english")


@dataclass(frozen=True)
class Named:
    """A council or a project, as it can be typed."""

    number: int
    name: str


def read_asked(text: str, councils: Iterable[Named], projects: Iterable[Named]) -> Asked:
    """Read what somebody looks for: `ITS Council vendor since 2026-09-01`.

    Args:
        text: as it was typed.
        councils: those that exist for them.
        projects: the codes of those that exist for them.

    Raises:
        UnreadableError: the date is none.
    """
    found = _SINCE.fullmatch(text.strip())
    rest, since = (found["rest"].strip(), _day(found["day"])) if found else (text.strip(), None)
    known = sorted(councils, key=lambda each: -len(each.name))
    for council in known:
        if (words := _behind(rest, council.name)) is not None:
            asked = Asked(text, words, council_id=council.number, scope=council.name)
            break
    else:
        asked = _of_project(text, rest, projects) or _of_beginning(text, rest, known)
    return replace(asked, since=since)


def _of_project(text: str, rest: str, projects: Iterable[Named]) -> Asked | None:
    for project in projects:
        if (words := _behind(rest, project.name)) is not None:
            return Asked(text, words, project_id=project.number, scope=project.name)
    return None


def _of_beginning(text: str, rest: str, councils: Iterable[Named]) -> Asked:
    """All that was typed as the beginning of one council's name; else as words to look for."""
    begun = [each for each in councils if each.name.casefold().startswith(rest.casefold())]
    if not rest or len(begun) != 1:
        return Asked(text, rest)
    return Asked(text, "", council_id=begun[0].number, scope=begun[0].name)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        msg = f"{error}. For example: `/project decisions since 2026-09-01`."
        raise UnreadableError(msg) from error


def _behind(text: str, name: str) -> str | None:
    """What stands behind a name at the beginning of a text; None if it does not begin so."""
    head, tail = text[: len(name)], text[len(name) :]
    is_named = head.casefold() == name.casefold() and (not tail or tail[0].isspace())
    return tail.strip() if is_named else None


def fits(words: str, texts: Iterable[str]) -> bool:
    """Whether all words occur in the texts, in any of their forms."""
    wanted = stems(words)
    return not wanted or wanted <= frozenset().union(*map(stems, texts))


@lru_cache(maxsize=_CACHED)
def stems(text: str) -> frozenset[str]:
    """The words of a text, as what their forms share."""
    words: list[str] = _STEMMER.stemWords([each.casefold() for each in _WORD.findall(text)])
    return frozenset(words)


def working_days_between(since: date, until: date, working: WorkingDays) -> int:
    """How many working days lie after one day, up to another; 0 on the same day."""
    days = (since + timedelta(days=each) for each in range(1, (until - since).days + 1))
    return sum(working.works(day) for day in days)


def latency(taken: Sequence[int | None], waiting: Sequence[int]) -> Latency:
    """How long a council takes to decide.

    Args:
        taken: working days to each decision; None: nobody has said since when it was needed.
        waiting: for how many working days each of those that are needed has waited.
    """
    timed = sorted(each for each in taken if each is not None)
    return Latency(
        timed=len(timed),
        untimed=len(taken) - len(timed),
        median=median(timed) if timed else None,
        p90=timed[ceil(_SHARE * len(timed)) - 1] if timed else None,
        waiting=len(waiting),
        waiting_long=sum(each > LONG_DAYS for each in waiting),
    )


@dataclass(frozen=True)
class Task:
    """What the figures need of an action."""

    state: LogState
    due_on: date | None
    first_due_on: date | None
    closed_on: date | None


def closure(tasks: Collection[Task], since: date, today: date) -> Closure:
    """What becomes of a council's actions that came due within a time.

    Args:
        tasks: all that it has given out.
        since: the first day of the time.
        today: its last day; what is due today and open still has its day.
    """
    counted = [each for each in tasks if each.state is not LogState.CANCELLED]
    dated = [(each, each.due_on) for each in counted if each.due_on is not None]
    due = [(each, on) for each, on in dated if since <= on and _has_come(each, on, today)]
    done = [(each.closed_on or on, on) for each, on in due if each.state is LogState.DONE]
    overdue = sorted(
        (today - on).days for each, on in dated if each.state is LogState.OPEN and on < today
    )
    return Closure(
        due=len(due),
        in_time=sum(closed <= on for closed, on in done),
        late=sum(closed > on for closed, on in done),
        undated=len(counted) - len(dated),
        moved=sum(each.first_due_on not in (None, on) for each, on in due),
        overdue=len(overdue),
        overdue_median=median(overdue) if overdue else None,
        overdue_most=overdue[-1] if overdue else None,
    )


def _has_come(task: Task, due_on: date, today: date) -> bool:
    """Whether an action counts: its date is over, or it is done already."""
    return due_on < today or task.state is LogState.DONE


def wording_faults(wording: dict[str, str]) -> dict[str, str]:
    """What is to be mended in a new wording, by field."""
    faults = {
        name: f"{len(text):,} characters, and {LONGEST_TEXT:,} fit here."
        for name, text in wording.items()
        if len(text) > LONGEST_TEXT
    }
    if not wording.get("question", "as it is").strip():
        faults["question"] = "Say what was decided about."
    return faults

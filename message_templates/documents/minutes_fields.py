"""The fields that the template of a council's minutes can name, and what both files tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from domain.collecting.answering.claim_rules import day_words
from domain.meetings.minutes.values import (
    MinutedAction,
    MinutedDecision,
    MinutedItem,
    Minutes,
    Standing,
)
from message_templates.documents.fields import Field, Group, Missing
from message_templates.documents.minutes_words import (
    how_words,
    item_words,
    lead_words,
    names_words,
    outcome_words,
    quorum_words,
    state_words,
)

_field: Final = partial(Field, missing=Missing.DASH)
"""Minutes go out by themselves: nothing in them is left for somebody to fill."""


@dataclass(frozen=True)
class MinutesFacts:
    """What the files of minutes tell."""

    minutes: Minutes
    standing: Standing
    is_restricted: bool = False
    """It tells of projects of which not everybody may know."""

    @property
    def on(self) -> date:
        """The day on which this version was written."""
        return self.standing.written_at.astimezone(self.minutes.zone).date()

    @property
    def items(self) -> Iterator["ItemLine"]:
        """The items with the numbers that people call them by."""
        for number, item in enumerate(self.minutes.items, start=1):
            yield ItemLine(number, item)


@dataclass(frozen=True)
class ItemLine:
    """An item as the files tell it."""

    number: int
    item: MinutedItem

    @property
    def decided(self) -> str:
        """What was decided on it, a line for each."""
        lines = (decision_words(each) for each in self.item.decisions)
        return "\n".join(lines)


def decision_words(line: MinutedDecision) -> str:
    """A decision in one line: `D-3 Do we buy the lidar? Approved with conditions (2 for, ...)`."""
    chosen = f": {line.chosen}" if line.chosen else ""
    said = f"{lead_words(line.question)} {outcome_words(line)}{chosen} ({how_words(line)})"
    return f"{line.ref} {said}".strip()


def more_words(line: MinutedDecision) -> str:
    """What else there is to say of a decision, a line for each."""
    found = (
        ("Why", line.reason),
        ("Votes", line.voted_by_name),
        *(("Condition", each) for each in line.conditions),
        ("Dissent", line.dissent),
        ("Declared interest", line.interests),
        ("Counts from", day_words(line.effective_on) if line.effective_on else ""),
    )
    return "\n".join(f"{label}: {text}" for label, text in found if text)


def origin_words(line: MinutedAction) -> str:
    """The decision that an action comes of."""
    if not line.is_condition:
        return line.decision
    return f"condition of {line.decision}" if line.decision else "condition"


def local_words(minutes: Minutes, at: datetime) -> str:
    """An instant as the clocks of the council show it."""
    return f"{at.astimezone(minutes.zone):%Y-%m-%d %H:%M}"


def _of(name: str) -> Callable[[Any], Any]:
    return lambda source: getattr(source, name)


def _minutes(name: str) -> Callable[[MinutesFacts], Any]:
    return lambda facts: getattr(facts.minutes, name)


def _held(facts: MinutesFacts) -> str:
    minutes = facts.minutes
    began, ended = (
        f"{each.astimezone(minutes.zone):%H:%M}" for each in (minutes.began_at, minutes.ended_at)
    )
    return f"{began} to {ended} ({minutes.timezone})"


def _next(facts: MinutesFacts) -> str:
    at = facts.minutes.next_at
    return f"{local_words(facts.minutes, at)} ({facts.minutes.timezone})" if at else ""


_MEETING: Final = (
    _field("title", "title of the meeting", _minutes("title")),
    _field("council", "council", _minutes("council")),
    _field(
        "day", "day", lambda facts: facts.minutes.began_at.astimezone(facts.minutes.zone).date()
    ),
    _field("time", "from when to when, with the zone", _held),
    _field("place", "place or link", _minutes("place")),
    _field("chair", "who led it", _minutes("chair")),
    _field("present", "who was there", lambda facts: names_words(facts.minutes.present)),
    _field(
        "apologies", "who excused themselves", lambda facts: names_words(facts.minutes.apologies)
    ),
    _field("absent", "who else was not there", lambda facts: names_words(facts.minutes.absent)),
    _field("quorum", "voting seats taken and needed", lambda facts: quorum_words(facts.minutes)),
    _field("summary", "summary, whole", _minutes("summary")),
    _field("next", "next meeting", _next),
    _field("state", "version and state", lambda facts: state_words(facts.minutes, facts.standing)),
    _field(
        "restricted",
        "`restricted` where it tells of restricted projects, else nothing",
        lambda facts: "restricted" if facts.is_restricted else "",
    ),
)

_DECISION: Final = (
    _field("ref", "number, such as D-12; not in what everybody reads", _of("ref")),
    _field("project", "code of its project", _of("code")),
    _field("question", "question, whole", _of("question")),
    _field("outcome", "outcome", outcome_words),
    _field("how", "votes, or how else", how_words),
    _field("chosen", "option that was chosen", _of("chosen")),
    _field("more", "reason, conditions, dissent, interests: a line for each", more_words),
    _field("effective", "from when it counts", _of("effective_on")),
)

MINUTES_GROUPS: Final = (
    Group("meeting", "the meeting", _MEETING, lambda facts: facts),
    Group(
        "items",
        "items of the agenda",
        (
            _field("number", "number", _of("number")),
            _field("title", "title", lambda line: line.item.title),
            _field(
                "what",
                "purpose, project, owner, and where it was left",
                lambda line: item_words(line.item),
            ),
            _field("note", "what was said, whole", lambda line: line.item.note),
            _field("decided", "what was decided on it, a line for each", _of("decided")),
        ),
        _of("items"),
        is_list=True,
    ),
    Group(
        "decisions",
        "what was decided in the meeting",
        _DECISION,
        lambda facts: facts.minutes.all_decisions,
        is_list=True,
    ),
    Group(
        "votes",
        "what was decided out of cycle, and noted",
        _DECISION,
        lambda facts: facts.minutes.votes,
        is_list=True,
    ),
    Group(
        "actions",
        "actions that were given out",
        (
            _field("ref", "number, such as A-3; not in what everybody reads", _of("ref")),
            _field("project", "code of its project", _of("code")),
            _field("title", "title", _of("title")),
            _field("owner", "owner", _of("owner")),
            _field("due", "due date", _of("due_on")),
            _field("origin", "decision that it comes of", origin_words),
        ),
        lambda facts: facts.minutes.actions,
        is_list=True,
    ),
    Group(
        "addenda",
        "corrections after the approval",
        (
            _field("text", "text, whole", _of("text")),
            _field("by", "who wrote it", _of("by")),
            _field("at", "day", lambda line: line.at.date()),
        ),
        lambda facts: facts.minutes.addenda,
        is_list=True,
    ),
)

"""Pure decisions about actions: when who is told of one, and what may become of it.

What the bot promises about telling (each point has its test):

- The owner is told once that an action is theirs: when the meeting is over, else within minutes.
- They are reminded three working days before its date, on it, and two working days after; on the
  first day from then on that they work. What that day has passed without is left out, and what the
  next reminder says anyway.
- A date that is moved is reminded of anew.
- Who chairs the council is told of what is two working days late, also after downtime.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.calendar.rules import PersonalTime, WorkingDays
from domain.logs.rules import LONGEST_TEXT
from domain.meetings.actions.values import ActionWant
from models.enums import ActionStep

TOGETHER: Final = timedelta(minutes=2)
"""What somebody is given within that is told in one message."""

MORNING: Final = time(9)
"""When somebody is reminded who has not set an hour of their own."""

BEFORE_DAYS: Final = 3
AFTER_DAYS: Final = 2
"""Working days from an action's date to its reminders."""

NOTE, DAY, PERSON = "note", "day", "person"
"""The fields of the windows."""

_OVER: Final = "its day was over when the bot came to it"
_SAME: Final = "the next reminder says it"


@dataclass(frozen=True)
class Given:
    """What decides about telling an action's owner of it, while it is open."""

    due_on: date | None
    at: datetime
    """When it became theirs."""
    is_handed: bool = False
    """From somebody else: they are told at once."""
    awaits_close: bool = False
    """It was given in a meeting that goes on."""
    is_known: bool = False
    """They have been told that it is theirs, or know it anyway."""
    done: frozenset[ActionStep] = frozenset()
    """The reminders that are behind the date that holds."""


@dataclass(frozen=True)
class Plan:
    """What is to be told now, and when to look again."""

    tell: ActionStep | None = None
    left_out: Mapping[ActionStep, str] = field(default_factory=dict)
    next_at: datetime | None = None


def given_at(given: Given) -> datetime | None:
    """When the owner is told that an action is theirs; None: not as things are."""
    if given.is_known or given.awaits_close:
        return None
    return given.at if given.is_handed else given.at + TOGETHER


def reminder(given: Given, own: PersonalTime, now: datetime) -> Plan:
    """Which reminder of an action its owner gets now.

    Args:
        given: the action; it is open.
        own: the owner's time.
        now: this instant.
    """
    if given.due_on is None:
        return Plan()
    today = now.astimezone(own.zone).date()
    left_out: dict[ActionStep, str] = {}
    for step, at, until in _instants(given, own):
        day = at.astimezone(own.zone).date()
        if step in given.done:
            continue
        if until is not None and day >= until:
            left_out[step] = _SAME
        elif day < today:
            left_out[step] = _OVER
        elif at <= now:
            return Plan(step, left_out, now)  # there may be a next one
        else:
            return Plan(None, left_out, at)
    return Plan(None, left_out)


def _instants(given: Given, own: PersonalTime) -> list[tuple[ActionStep, datetime, date | None]]:
    """The reminders of an action, when each is due, and from which day on the next one says it."""
    try:
        days = reminder_days(given.due_on, own.working) if given.due_on else {}
        at = {step: _at(day, own) for step, day in days.items()}
    except ValueError:  # no day is worked within a year
        return []
    given_on = given.at.astimezone(own.zone).date()
    following = [*list(days.values())[1:], None]
    return [
        (step, at[step], until)
        for (step, day), until in zip(days.items(), following, strict=True)
        if day > given_on
    ]


def reminder_days(due_on: date, working: WorkingDays) -> dict[ActionStep, date]:
    """The days to which the reminders of a date belong, in order.

    Raises:
        ValueError: the closures leave no working days.
    """
    return {
        ActionStep.BEFORE: working.before(due_on, BEFORE_DAYS),
        ActionStep.DUE: due_on if working.works(due_on) else working.before(due_on, 1),
        ActionStep.AFTER: working.after(due_on, AFTER_DAYS),
    }


def _at(day: date, own: PersonalTime) -> datetime:
    return own.asked_at(day, own.ask_at or MORNING)


def chair_at(due_on: date | None, own: PersonalTime) -> datetime | None:
    """When who chairs the council is told that an action is overdue.

    Args:
        due_on: when it was due.
        own: the chair's time.
    """
    if due_on is None:
        return None
    try:
        return _at(own.working.after(due_on, AFTER_DAYS), own)
    except ValueError:  # no day is worked within a year
        return None


def earliest(instants: Collection[datetime | None]) -> datetime | None:
    """The first of some instants, where there are any."""
    return min((each for each in instants if each is not None), default=None)


def want_faults(want: ActionWant, due_on: date | None, today: date) -> dict[str, str]:
    """What is to be mended in what somebody wants to do with an action, by field.

    Args:
        want: what was sent.
        due_on: when the action is due as things are.
        today: where who sent it is.
    """
    faults = {}
    note = want.note.strip()
    if len(note) > LONGEST_TEXT:
        faults[NOTE] = f"{len(note):,} characters, and {LONGEST_TEXT:,} fit here."
    elif not note and want.what in ("move", "cancel"):
        faults[NOTE] = "Say why: who waits for it asks that first."
    if want.what == "move":
        faults |= _day_faults(want.due_on, due_on, today)
    if want.what == "hand" and not want.person:
        faults[PERSON] = "Choose who takes it over."
    return faults


def _day_faults(wanted: date | None, due_on: date | None, today: date) -> dict[str, str]:
    if wanted is None or wanted < today:
        return {DAY: "Choose a day from today on."}
    return {DAY: "It is due on that day already; choose another."} if wanted == due_on else {}

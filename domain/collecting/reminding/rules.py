"""When somebody is reminded of a status request, as pure decisions.

What the bot promises about reminding (each point has its test):

- A step of the council's reminders comes at its share of the window from ask to cut-off, or so many
  hours after the ask: at its instant, or at the next one at which its person may be written to.
- Each step is said once at most. Of several that have come due together, as after downtime, only
  the newest is said; after the cut-off none is.
- Who has asked for quiet gets it: the steps of that time are over when it ends, and the end itself
  reminds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from domain.calendar.rules import PersonalTime, Remind

DAYTIME: Final = (time(8), time(18))
"""When somebody is reminded who has no hours of their own: a share of a window may be at night."""

TOGETHER: Final = timedelta(hours=4)
"""What would be reminded so soon after another reminder is said with it: one message does."""


def step_instants(
    steps: Iterable[Remind], ask_at: datetime, cut_off_at: datetime
) -> tuple[datetime, ...]:
    """The instants of a council's reminders in the window of one request, in order, each once."""
    instants = {_instant(step, ask_at, cut_off_at) for step in steps}
    return tuple(sorted(each for each in instants if ask_at < each < cut_off_at))


def _instant(step: Remind, ask_at: datetime, cut_off_at: datetime) -> datetime:
    if step.hours is not None:
        return ask_at + timedelta(hours=step.hours)
    return ask_at + (cut_off_at - ask_at) * (step.percent or 0) / 100


def steps_over(instants: Sequence[datetime], over: int, until: datetime) -> int:
    """How many steps are over at an instant; never less than before.

    Args:
        instants: of all steps, in order.
        over: how many were over already.
        until: what has come by this instant is over.
    """
    return max(over, sum(each <= until for each in instants))


def allowed_before(own: PersonalTime, instant: datetime, cut_off_at: datetime) -> datetime | None:
    """The first instant from one on at which its person may be written to; None: not in time."""
    try:
        at = own.allowed_from(instant)
    except ValueError:  # no day is worked within a year
        return None
    return at if at < cut_off_at else None


def by_day(own: PersonalTime) -> PersonalTime:
    """The time of somebody who has neither working hours nor quiet ones: reminders come by day."""
    if own.hours is not None or own.quiet is not None:
        return own
    return replace(own, hours=DAYTIME)


def allowed_by_day(own: PersonalTime, instant: datetime, cut_off_at: datetime) -> datetime | None:
    """As `allowed_before`, by day; at night only if the cut-off comes before the next morning."""
    at = allowed_before(by_day(own), instant, cut_off_at)
    return at or allowed_before(own, instant, cut_off_at)


def next_remind_at(
    instants: Sequence[datetime],
    over: int,
    own: PersonalTime,
    cut_off_at: datetime,
    now: datetime,
    snoozed_until: datetime | None = None,
) -> datetime | None:
    """When a request's person is reminded next; None: no more.

    Args:
        instants: of all steps, in order.
        over: how many of them are over, said or not.
        own: when the person may be written to.
        cut_off_at: when a reminder is worth nothing any more.
        now: this instant.
        snoozed_until: up to when the person has asked for quiet.

    Returns:
        An instant from now on at which the person may be written to. Where there is none before
        the cut-off, the step's own instant: the gatekeeper drops what is said then, with the
        reason on the record.
    """
    if snoozed_until is not None and snoozed_until > now:
        wanted, allowed = snoozed_until, allowed_before
    elif left := instants[over:]:
        wanted, allowed = max(left[0], now), allowed_by_day
    else:
        return None
    if wanted >= cut_off_at:
        return None
    return allowed(own, wanted, cut_off_at) or wanted

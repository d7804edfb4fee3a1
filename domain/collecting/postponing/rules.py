"""Putting a request off, as pure decisions: until when somebody may be left in peace, and why.

What the bot promises about it (each point has its test):

- Quiet that somebody asks for ends before the cut-off, at an hour at which they may be written to.
- A project is on hold up to a day within a year, with a reason that its council reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.calendar.rules import PersonalTime, at_wall
from domain.collecting.rules import LONGEST_LINE
from domain.errors import FieldErrors

LONGEST_HOLD: Final = timedelta(days=366)

_HOURS: Final = (1, 3)
"""Offered as "in so many hours"."""


@dataclass(frozen=True)
class Quiet:
    """One offer of peace."""

    hours: int | None
    """In so many hours; None: on the next day, at the asking hour."""
    until: datetime


def offers(
    own: PersonalTime, ask_at: datetime, cut_off_at: datetime, now: datetime
) -> tuple[Quiet, ...]:
    """How long somebody may be left in peace; nothing, if the cut-off is too near.

    Args:
        own: when they may be written to.
        ask_at: when they were asked: the next day's offer is at that hour.
        cut_off_at: when a reminder is worth nothing any more.
        now: this instant.
    """
    local = now.astimezone(own.zone)
    hour = ask_at.astimezone(own.zone).time().replace(tzinfo=None)
    tomorrow = at_wall(local.date() + timedelta(days=1), hour, own.zone)
    wanted = [
        *(Quiet(hours, now + timedelta(hours=hours)) for hours in _HOURS),
        Quiet(None, tomorrow),
    ]
    possible = [Quiet(each.hours, _allowed(own, each.until)) for each in wanted]
    return tuple(
        each
        for number, each in enumerate(possible)
        if each.until < cut_off_at and each.until not in {one.until for one in possible[:number]}
    )


def check_quiet(
    until: datetime, own: PersonalTime, cut_off_at: datetime, now: datetime, field: str
) -> datetime:
    """Until when somebody is left in peace who asks for it.

    Args:
        until: what they ask for.
        own: when they may be written to.
        cut_off_at: of what they are asked.
        now: this instant.
        field: where the mistake is told, if it is one.

    Raises:
        FieldErrors: it is over already, or comes after the cut-off.
    """
    if until <= now:
        raise FieldErrors({field: "That time has passed; choose a later one."})
    allowed = _allowed(own, until)
    if allowed < cut_off_at:
        return allowed
    if until >= cut_off_at:
        text = f"The cut-off is {_clock(cut_off_at, own)}: choose a time before it."
    else:
        text = (
            f"After that the next of your working hours begin only {_clock(allowed, own)}, and "
            f"the cut-off is {_clock(cut_off_at, own)}: choose an earlier time."
        )
    raise FieldErrors({field: text})


def check_hold(raw: Mapping[str, str], today: date) -> tuple[date, str]:
    """Up to which day a project is on hold, and why.

    Args:
        raw: the typed `hold_until` and `hold_reason`.
        today: where the person is.

    Raises:
        FieldErrors: with the cure, at the field.
    """
    errors: dict[str, str] = {}
    reason = " ".join(raw.get("hold_reason", "").split())
    if not reason:
        errors["hold_reason"] = "Say why: the digest shows it."
    elif len(reason) > LONGEST_LINE:
        errors["hold_reason"] = f"{len(reason):,} characters, and {LONGEST_LINE} fit here."
    until = today
    try:
        until = date.fromisoformat(raw.get("hold_until", ""))
    except ValueError:
        errors["hold_until"] = "Choose the last day on which it is on hold."
    if until < today:
        errors["hold_until"] = "That day has passed; choose today or a later one."
    elif until > today + LONGEST_HOLD:
        errors["hold_until"] = "Choose a day within a year; it can be put on hold again then."
    if errors:
        raise FieldErrors(errors)
    return until, reason


def _allowed(own: PersonalTime, instant: datetime) -> datetime:
    """The first instant from one on at which a person may be written to."""
    try:
        return own.allowed_from(instant)
    except ValueError:  # no day is worked within a year: the wish counts more
        return instant


def _clock(instant: datetime, own: PersonalTime) -> str:
    local = instant.astimezone(own.zone)
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"

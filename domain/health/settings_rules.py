"""What may be set for oneself: pure checks of the form of settings."""

from datetime import date, time
from typing import Final

from domain.calendar.rules import Leave, PersonalTime, parse_day, parse_leave, parse_wall
from domain.calendar.rules import parse_weekdays as read_weekdays
from domain.errors import FieldErrors
from domain.health.values import CheckedSettings, OwnSettings, SettingsWish
from models.enums import FollowersWish

ASK_AT: Final = "ask_at"
AWAY_FROM: Final = "away_from"
AWAY_UNTIL: Final = "away_until"
"""Fields of the form that can be wrong."""


def check_settings(wish: SettingsWish, own: OwnSettings) -> CheckedSettings:
    """Read what was chosen; days that are as the PMO says are not the person's own.

    Raises:
        FieldErrors: what needs mending, by field; with the cure.
    """
    errors: dict[str, str] = {}
    weekdays = read_weekdays(wish.weekdays) or None
    ask_at = None
    try:
        ask_at = _hour(wish.ask_at, own.hours)
    except ValueError as error:
        errors[ASK_AT] = f"{error}."
    leave = None
    try:
        leave = _leave(wish, own.today)
    except _FieldError as error:
        errors[error.field] = f"{error}."
    if errors:
        raise FieldErrors(errors)
    return CheckedSettings(
        ask_at,
        None if weekdays == own.usual_weekdays else weekdays,
        leave,
        FollowersWish(wish.followed),
    )


class _FieldError(ValueError):
    """What is wrong, and at which field."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def _hour(text: str, time_: PersonalTime) -> time | None:
    """Their own hour, at which they must be there to be written to."""
    if not text:
        return None
    wall = parse_wall(text)
    if not time_.admits(wall):
        msg = f"I may not write to you at {text}: choose an hour {_allowed(time_)}"
        raise ValueError(msg)
    return wall


def _allowed(time_: PersonalTime) -> str:
    told = []
    if time_.hours:
        told.append(f"in your working hours {_span(time_.hours)}")
    if time_.quiet:
        told.append(f"outside the quiet hours {_span(time_.quiet)}")
    return " and ".join(told)


def _span(hours: tuple[time, time]) -> str:
    return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}"


def _leave(wish: SettingsWish, today: date) -> Leave | None:
    """The days away; a leave that has begun, and was shown, may keep its first day."""
    if not wish.away_from and not wish.away_until:
        return None
    if not wish.away_until:
        raise _FieldError(
            AWAY_UNTIL, "Choose the last day away too, or clear the first if you are not away"
        )
    until = _day(AWAY_UNTIL, wish.away_until)
    first = _day(AWAY_FROM, wish.away_from) if wish.away_from else today
    if wish.leave == Leave(first, until):
        return wish.leave
    has_begun = wish.leave is not None and first == wish.leave.first
    first = max(first, today) if has_begun else first
    if first < today:
        raise _FieldError(AWAY_FROM, f"{first} is over: choose today or a later day")
    if until < first:
        raise _FieldError(
            AWAY_UNTIL, f"{until} is before the first day away: choose {first} or a later day"
        )
    try:
        return parse_leave(f"{first}..{until}", today)
    except ValueError as error:
        raise _FieldError(AWAY_UNTIL, str(error)) from error


def _day(field: str, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise _FieldError(field, str(error)) from error

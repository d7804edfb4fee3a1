"""Slack's date templates (`{date_short_pretty} at {time}`), in the viewer's zone."""

import re
from datetime import UTC, date, datetime, timedelta

from sandbox.page.render.context import RenderContext

_TOKEN = re.compile(r"\{(\w+)\}")
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def format_date(template: str, timestamp: int, context: RenderContext) -> str | None:
    """Fill a date template; None where it has a token that Slack doesn't know, or none at all."""
    moment = datetime.fromtimestamp(timestamp, UTC).astimezone(context.zone)
    today = context.now.astimezone(context.zone).date()
    filled = {name: _fill(name, moment, today) for name in _TOKEN.findall(template)}
    if not filled or None in filled.values():
        return None
    return _TOKEN.sub(lambda match: str(filled[match[1]]), template)


def clock_time(moment: datetime, *, seconds: bool = False) -> str:
    """Format a time of day as Slack's American English client does: `9:05 AM`."""
    pattern = "%I:%M:%S %p" if seconds else "%I:%M %p"
    return moment.strftime(pattern).lstrip("0")


def day_name(day: date, today: date) -> str | None:
    """Name a day that is next to today."""
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return names.get((day - today) // timedelta(days=1))


def long_date(moment: datetime, today: date) -> str:
    """Name a day with its weekday, and with its year where that is not this year."""
    year = "" if moment.year == today.year else f", {moment.year}"
    return f"{moment:%A}, {moment:%B} {moment.day}{_ending(moment.day)}{year}"


def _fill(name: str, moment: datetime, today: date) -> str | None:
    if name == "time":
        return clock_time(moment)
    if name == "time_secs":
        return clock_time(moment, seconds=True)
    if name == "ago":
        return _ago((moment.date() - today).days)
    base = name.removesuffix("_pretty")
    near = day_name(moment.date(), today) if base != name else None
    return near or _date(base, moment)


def _date(name: str, moment: datetime) -> str | None:
    ordinal = f"{moment.day}{_ending(moment.day)}"
    return {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date": f"{moment:%B} {ordinal}, {moment.year}",
        "date_short": f"{moment:%b} {moment.day}, {moment.year}",
        "date_long": f"{moment:%A}, {moment:%B} {ordinal}, {moment.year}",
        "day_divider": f"{moment:%A}, {moment:%B} {ordinal}",
    }.get(name)


def _ago(days: int) -> str:
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} ago"


def _ending(day: int) -> str:
    return "th" if day in _TEENS else _ENDINGS.get(day % 10, "th")

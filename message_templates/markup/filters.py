"""The filters that templates have beside Jinja's own: those that make live markup of a value."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from message_templates.health import health_words
from message_templates.markup.marked import seal
from message_templates.markup.spans import is_channel_id, is_url, is_user_id

# Not strftime: its names follow the locale of the machine.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def mention(user_id: str, label: object = "") -> str:
    """Mention a person by Slack id; the label stands in plain text."""
    if not is_user_id(user_id):
        raise ValueError(f"{user_id!r} is not the Slack id of a person")
    return _reference(f"@{user_id}", label)


def channel(channel_id: str, label: object = "") -> str:
    """Link to a channel by Slack id; the label, without #, stands in plain text."""
    if not is_channel_id(channel_id):
        raise ValueError(f"{channel_id!r} is not the Slack id of a channel")
    return _reference(f"#{channel_id}", label)


def link(url: str, label: object = "") -> str:
    """Link to a web or mail address."""
    if not is_url(url):
        raise ValueError(f"{url!r} is not an address that can be linked to")
    return _reference(url, label)


def bold(value: object) -> str:
    """Show a value in bold."""
    text = str(value)
    return f"{seal('*')}{text}{seal('*')}" if text else ""


def plural(count: int, one: str, many: str) -> str:
    """Count things: `1 report`, `3 reports`."""
    return f"{count} {one if count == 1 else many}"


def day(value: date) -> str:
    """Write a date in full: Wed 25 Nov 2026."""
    return f"{_WEEKDAYS[value.weekday()]} {short_day(value)} {value.year}"


def short_day(value: date) -> str:
    """Write a date without its year: 25 Nov."""
    return f"{value.day} {_MONTHS[value.month - 1]}"


def clock(value: datetime, zone: str = "UTC") -> str:
    """Write an instant as a clock in that zone shows it: Thu 26 Nov 10:40."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{_WEEKDAYS[local.weekday()]} {short_day(local)} {local:%H:%M}"


def moment(value: datetime, zone: str = "UTC") -> str:
    """Tell an instant in each reader's own time; in plain text in the given zone, named."""
    local = value.astimezone(ZoneInfo(zone))
    fallback = f"{day(local)} {local:%H:%M} ({zone})"
    start = f"<!date^{int(value.timestamp())}^{{date_short_pretty}} at {{time}}|"
    return f"{seal(start)}{fallback}{seal('>')}"


def hour(value: datetime, zone: str = "UTC") -> str:
    """Tell an hour of today in each reader's own time; in plain text in the given zone."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{seal(f'<!date^{int(value.timestamp())}^{{time}}|')}{local:%H:%M}{seal('>')}"


def _reference(target: str, label: object) -> str:
    text = str(label)
    return f"{seal(f'<{target}|')}{text}{seal('>')}" if text else seal(f"<{target}>")


FILTERS: dict[str, Callable[..., Any]] = {
    "bold": bold,
    "channel": channel,
    "clock": clock,
    "day": day,
    "health": health_words,
    "hour": hour,
    "link": link,
    "mention": mention,
    "moment": moment,
    "plural": plural,
    "short_day": short_day,
}

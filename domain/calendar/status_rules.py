"""Whether somebody's Slack status says that they are away, and until when."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import Leave

_NOON: Final = time(12)


def leave_by_status(
    emoji: str, ends_at: datetime | None, away: Collection[str], zone: ZoneInfo, now: datetime
) -> Leave | None:
    """The leave that a status says, from today on; None if it says none.

    A status without an end says none: many keep a palm tree for months. The day on which it ends
    counts if it ends at noon or later.

    Args:
        emoji: as Slack tells it, `:palm_tree:`, perhaps with a skin tone.
        ends_at: when Slack clears it; None: never.
        away: names of emoji that mean vacation, without colons.
        zone: the person's own.
        now: this instant.
    """
    name = emoji.strip(":").partition("::")[0]
    if name not in away or ends_at is None or ends_at <= now:
        return None
    today, end = now.astimezone(zone).date(), ends_at.astimezone(zone)
    until = end.date() if end.time() >= _NOON else end.date() - timedelta(days=1)
    return Leave(today, until) if until >= today else None

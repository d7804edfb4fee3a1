"""What the services of a running meeting take and return."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Opened:
    """A meeting that runs."""

    meeting_id: int
    title: str
    timezone: str
    at: datetime
    """Since when."""
    by: str
    """Who opened it."""
    is_new: bool
    """It was opened just now; else it ran already."""

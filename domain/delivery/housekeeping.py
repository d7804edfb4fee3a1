"""Keeps the ledger small: what was said long ago keeps its key and place, and loses its text."""

from datetime import datetime, timedelta
from typing import Final

from models.base import Database
from models.delivery import queue, rows

STRIP_AFTER: Final = timedelta(days=90)
"""Nobody changes a message of that age: a digest is frozen within days of its cycle."""

BATCH: Final = 500
"""Rows of one transaction: other writers get their turn."""

_EVERY: Final = timedelta(days=1)
_SCOPE: Final = "housekeeping"
"""The gate that says when it is due again, for all replicas."""


class Housekeeper:
    """Drops the texts of old messages, once a day.

    Rows are never deleted: their keys are what keeps a thing from being said twice.
    """

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def strip(self, now: datetime) -> bool:
        """Strip a batch of rows if the day's work is not done; tell whether there may be more."""
        async with self._database.writing() as session:
            (gate,) = await queue.lock_gates(session, self._workspace_id, {_SCOPE}, now)
            if gate.next_at > now:
                return False
            before = now - STRIP_AFTER
            stripped = await rows.strip(session, self._workspace_id, before, now, BATCH)
            if stripped < BATCH:
                gate.next_at = now + _EVERY
            return stripped == BATCH

"""When to look again at a conversation where nothing can go on: for workers that work by place."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.delivery import rules
from models.base import Database
from models.delivery import turns
from models.delivery.turns import Waiting

SOONEST = timedelta(seconds=0.5)
"""What could not be taken just now is not looked at again in a tight loop."""

UNATTENDED = timedelta(seconds=60)
"""How long something may have been able to go on before somebody is sent to look."""


class Turns:
    """Says for one workspace when something can go on, and where nobody has looked for it."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def wait(self, conversation: str, now: datetime) -> timedelta | None:
        """How long it makes no sense to look at a conversation; None if nothing waits there."""
        async with self._database.reading() as session:
            waiting = await turns.waiting_at(session, self._workspace_id, conversation, now)
            soonest = min(waiting, key=lambda each: look_at(each, 0, now), default=None)
            if soonest is None:
                return None
            ahead = 0
            if is_held_by_method(soonest, now):
                ahead = await turns.count_ahead(session, self._workspace_id, soonest, now)
        return look_at(soonest, ahead, now) - now

    async def unattended(self, now: datetime) -> Sequence[str]:
        """The conversations where something could have gone on for a while."""
        async with self._database.reading() as session:
            return await turns.unattended(session, self._workspace_id, now - UNATTENDED)


def is_held_by_method(waiting: Waiting, now: datetime) -> bool:
    """Whether it is everybody's use of one method that holds a delivery back."""
    return _turn(waiting.method_at, now) > now + rules.LONGEST_WAIT


def look_at(waiting: Waiting, ahead: int, now: datetime) -> datetime:
    """When to look again at a delivery.

    Where many wait for one method, after half of the time that those ahead will take: some of
    them may need no turn, and so no turn is left unused.
    """
    queue = ahead * rules.spacing(waiting.step) / 2
    method_at = _turn(waiting.method_at, now) - rules.LONGEST_WAIT + queue
    lane_at = _turn(waiting.lane_at, now) - rules.LONGEST_WAIT
    return max(waiting.ready_at, method_at, lane_at, now + SOONEST)


def _turn(gate_at: datetime | None, now: datetime) -> datetime:
    """When a gate leaves the next turn; one beyond any pause was taken by a wrong clock."""
    return now if gate_at is None or gate_at > now + rules.LONGEST_PAUSE else gate_at

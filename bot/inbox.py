"""Events once: Bolt acknowledges an event before it is worked on, so it is stored before that.

Slack hands an event over again when it saw no acknowledgement in time: it is dropped then. What a
process was killed over is taken up again, for Slack does not repeat what was acknowledged.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest

from domain.ports import Clock
from models import inbox
from models.base import Database

KEPT = timedelta(days=1)
"""Slack repeats an event for an hour at most."""

LONGEST_WORK = timedelta(seconds=60)
"""What was begun with before that long is in nobody's hands any more."""

MOST_TRIES = 3
"""What has ended the process that often is given up."""

_RESUMED = "pmobot_resumed"

_log = logging.getLogger(__name__)


class Inbox:
    """The events of one workspace."""

    def __init__(self, database: Database, workspace_id: int, clock: Clock) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._clock = clock
        self._purge_at: datetime | None = None

    async def take_in(
        self,
        body: dict[str, Any],
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt gives it by that name
    ) -> BoltResponse | None:
        """Store an event before Bolt acknowledges it; what was stored before goes no further.

        A middleware of Bolt's. Where it raises, nothing is acknowledged: Slack tries again.
        """
        event_id = body.get("event_id")
        if event_id is None or context.get(_RESUMED):
            await next()
            return None
        async with self._database.writing() as session:
            is_new = await inbox.take_in(
                session, self._workspace_id, event_id, body, self._clock.now()
            )
        if not is_new:
            _log.info("event %s was handed over again: dropped", event_id)
            return BoltResponse(status=200)
        await next()
        return None

    async def deal_with(self, body: Mapping[str, Any]) -> None:
        """Note that the work on a request is done, or has failed and said so."""
        if event_id := body.get("event_id"):
            async with self._database.writing() as session:
                await inbox.dealt_with(session, self._workspace_id, event_id)

    async def resume(self, app: AsyncApp, now: datetime) -> bool:
        """Take up what was left behind, and forget what is old; False, for it is no queue."""
        async with self._database.writing() as session:
            if self._purge_at is None or now >= self._purge_at:
                await inbox.purge(session, self._workspace_id, now - KEPT)
                self._purge_at = now + KEPT / 24
            found = await inbox.left_behind(session, self._workspace_id, now - LONGEST_WORK, now)
        for each in found:
            if each.body is not None and each.tries <= MOST_TRIES:
                _log.warning("event %s was left behind: it is taken up again", each.event_id)
                await self._dispatch(app, each.body)
            else:
                _log.error("event %s was begun %s times: given up", each.event_id, MOST_TRIES)
                await self.deal_with({"event_id": each.event_id})
        return False

    async def _dispatch(self, app: AsyncApp, body: dict[str, Any]) -> None:
        request = AsyncBoltRequest(mode="socket_mode", body=body, context={_RESUMED: True})
        try:
            await app.async_dispatch(request)
        except Exception:  # noqa: BLE001 - one event that fails must not keep back the others
            _log.exception("event %s failed again", body.get("event_id"))

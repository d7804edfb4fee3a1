"""Slack's agent experience: what it suggests to ask, and the status while an answer is looked for.

All of it is an extra: an old workspace, a missing scope or a limit costs a line in the log a day.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_errors import CALL_ERRORS, trouble_of
from domain.ports import Clock
from handlers.agent import Work
from message_templates.answers.guide import looking

_MARKS = ("assistant_thread", "app_context")
"""What Slack adds to messages that are written to an agent."""

_log = logging.getLogger(__name__)


class AgentView:
    """Implements `handlers.agent.Agent`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._is_agent = False
        self._told: dict[str, date] = {}

    def thread_of(self, event: Mapping[str, Any]) -> str | None:
        """The thread of the question; where people write to an agent, each question is a root.

        Slack does not say in every message that it was written to one. That it took suggested
        prompts says so too: whoever opens the messages gets some.
        """
        if thread := event.get("thread_ts"):
            return str(thread)
        is_agent = self._is_agent or any(mark in event for mark in _MARKS)
        return str(event["ts"]) if is_agent else None

    @asynccontextmanager
    async def looking(
        self, client: AsyncWebClient, channel_id: str, thread_ts: str | None
    ) -> AsyncIterator[Work]:
        """Show the status beside the work, which does not wait for it.

        The answer ends the status. A status that came later than the answer would stay: it is
        taken back, as where there is no answer in the thread.
        """
        work = Work()
        if thread_ts is None:
            yield work
            return
        showing = asyncio.create_task(self._status(client, channel_id, thread_ts, looking()))
        try:
            yield work
        finally:
            is_in_time = showing.done()
            is_shown = await showing
            if is_shown and not (is_in_time and work.is_answered):
                await self._status(client, channel_id, thread_ts, "")

    async def suggest(
        self, client: AsyncWebClient, channel_id: str, prompts: Sequence[Mapping[str, str]]
    ) -> None:
        """Suggest what to ask; what Slack says to it tells whether the bot is an agent here."""
        call = client.assistant_threads_setSuggestedPrompts(
            channel_id=channel_id, prompts=[dict(each) for each in prompts]
        )
        if await self._is_taken("assistant.threads.setSuggestedPrompts", call):
            self._is_agent = True

    async def _status(
        self, client: AsyncWebClient, channel_id: str, thread_ts: str, status: str
    ) -> bool:
        call = client.assistant_threads_setStatus(
            channel_id=channel_id, thread_ts=thread_ts, status=status
        )
        return await self._is_taken("assistant.threads.setStatus", call)

    async def _is_taken(self, method: str, call: Awaitable[Any]) -> bool:
        """Whether Slack took a call; a failure is logged once a day for each method."""
        try:
            await call
        except CALL_ERRORS as error:
            today = self._clock.now().date()
            if self._told.get(method) != today:
                self._told[method] = today
                _log.warning("%s failed, answers come without it: %s", method, trouble_of(error))
            return False
        return True

"""Slack's agent experience, as handlers see it: threads, a status line, suggested prompts."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient


@dataclass
class Work:
    """What somebody waits for."""

    is_answered: bool = False
    """The answer goes into the thread of the question, where it ends the status."""


class Agent(Protocol):
    """What Slack shows beside answers, where it can; a failure of it never costs an answer."""

    def thread_of(self, event: Mapping[str, Any]) -> str | None:
        """The thread that a direct message is answered in; None: in the conversation itself."""
        ...

    def looking(
        self, client: AsyncWebClient, channel_id: str, thread_ts: str | None
    ) -> AbstractAsyncContextManager[Work]:
        """Show that an answer is looked for, while it is; in no thread it shows nothing."""
        ...

    async def suggest(
        self, client: AsyncWebClient, channel_id: str, prompts: Sequence[Mapping[str, str]]
    ) -> None:
        """Suggest what to ask."""
        ...

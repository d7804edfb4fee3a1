"""Delivers events, commands and interactions to the app, as Slack does: once, fast, with retries.

Commands and interactions go out once and the person waits for the acknowledgement. Events go out
in the background and are repeated up to three times.
"""

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from sandbox.manifest import AppConfig
from sandbox.workspace import Json, Workspace

log = logging.getLogger(__name__)

VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack's legacy field, no secret


@dataclass(frozen=True)
class Envelope:
    """One thing to deliver, in one attempt."""

    type: Literal["events_api", "slash_commands", "interactive"]
    payload: Json
    accepts_response: bool = False
    retry_attempt: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Ack:
    """How the app reacted to an envelope."""

    ok: bool
    problem: str = ""
    """Slack's word for the failure: operation_timeout or dispatch_failed."""
    detail: str = ""
    retry_reason: str = ""
    """Slack's word in the retry of an event: timeout, http_error, connection_failed, ..."""
    ms: float | None = None
    body: Any = None
    """What came with the acknowledgement: an object, a text or None."""
    retry: bool = True
    """False if the app asked for no retries (`x-slack-no-retry`)."""


class Transport(Protocol):
    """One of the two ways to the app: Socket Mode or signed HTTP."""

    @property
    def connected(self) -> bool:
        """Whether the app can be reached now, as far as known."""
        ...

    async def send(self, envelope: Envelope) -> Ack:
        """Deliver once and wait for the acknowledgement."""
        ...


@dataclass(frozen=True)
class DeliveryTiming:
    """The deadlines of Slack; tests shorten them."""

    ack_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Seconds on the sandbox's clock before each retry of an event."""


class Delivery:
    """The way from the workspace to the app."""

    def __init__(
        self,
        workspace: Workspace,
        config: AppConfig,
        transport: Transport,
        timing: DeliveryTiming | None = None,
    ) -> None:
        self.workspace = workspace
        self.config = config
        self.transport = transport
        self.timing = timing or DeliveryTiming()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether the app can be reached now."""
        return self.transport.connected

    async def command(self, payload: Json) -> Ack:
        """Deliver a slash command; the answer may come with the acknowledgement."""
        return await self.transport.send(Envelope("slash_commands", payload, accepts_response=True))

    async def interaction(self, payload: Json, *, accepts_response: bool = False) -> Ack:
        """Deliver a press, submission, closing or shortcut."""
        return await self.transport.send(Envelope("interactive", payload, accepts_response))

    def event(self, subscription: str, event: Json) -> None:
        """Deliver an event in the background, if the app subscribed to it (`message.im`, ...)."""
        if self.config.hears(subscription):
            self._in_background(self._deliver_event(self._event_payload(event)))

    async def close(self) -> None:
        """Give up what is still to be delivered."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Wait until every event has been acknowledged or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_event(self, payload: Json) -> None:
        envelope = Envelope("events_api", payload)
        for attempt, delay in enumerate((0.0, *self.timing.retry_delays)):
            await self.workspace.clock.sleep(delay)
            ack = await self.transport.send(replace(envelope, retry_attempt=attempt))
            if ack.ok or not ack.retry:
                return
            envelope = replace(envelope, retry_reason=ack.retry_reason)
        log.warning("Gave up event %s after %d attempts", payload["event_id"], attempt + 1)

    def _event_payload(self, event: Json) -> Json:
        workspace = self.workspace
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev0{secrets.token_hex(5).upper()}",  # new even after a fresh start
            "event_time": int(workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }

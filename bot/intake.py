"""Where requests of Slack's come in: each gets an id for the log, is timed, and is in hand."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2s
from typing import Any
from uuid import uuid4

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from typing_extensions import override

from bot.hands import Hands
from bot.logs import bind

Acknowledged = Callable[[str, float], None]
"""Hears of each request: its kind, and the seconds until it was acknowledged."""


DealtWith = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Hears of each request when the work on it has ended, well or not."""

_log = logging.getLogger(__name__)


class Intake(AsyncApp):
    """A Bolt app that knows what it has in hand: requests, and listeners that outlive them."""

    def __init__(self, *, dealt_with: DealtWith, **others: Any) -> None:
        super().__init__(**others)
        self.hands = Hands()
        self.acknowledged: Acknowledged = lambda _kind, _seconds: None
        self.listener_runner.listener_start_handler = _Taken(self.hands)
        self.listener_runner.listener_completion_handler = _PutDown(self.hands, dealt_with)

    @override
    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        body = req.body or {}
        kind = kind_of(body)
        bind(trace=trace_of(body), request=body.get("event_id") or kind)
        began = time.perf_counter()
        with self.hands.holding():
            try:
                return await super().async_dispatch(req)
            finally:
                self.acknowledged(kind, time.perf_counter() - began)


class IntakeHandler(AsyncSocketModeHandler):
    """Socket Mode, where a request is in hand until its acknowledgement is sent."""

    app: Intake

    @override
    async def handle(  # type: ignore[override] # as in the class above, which the base disagrees with
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        with self.app.hands.holding():
            await super().handle(client, req)

    def take_no_more(self) -> None:
        """Leave what comes from now on to another replica: Slack hands it over again."""
        self.client.socket_mode_request_listeners.clear()


class _Taken(AsyncListenerStartHandler):
    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    @override
    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        self._hands.take()


class _PutDown(AsyncListenerCompletionHandler):
    def __init__(self, hands: Hands, dealt_with: DealtWith) -> None:
        self._hands = hands
        self._dealt_with = dealt_with

    @override
    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        try:
            await self._dealt_with(request.body)
        except Exception:  # noqa: BLE001 - nobody waits for this task, who could be told
            _log.exception("can't note that the work is done; an event will be taken up again")
        finally:
            self._hands.put_down()


def kind_of(body: Mapping[str, Any]) -> str:
    """What kind of request it is: Slack's own word, of which there are a handful."""
    if "command" in body:
        return "command"
    if body.get("type") == "event_callback":
        return "event"
    return str(body.get("type") or "other")


def trace_of(body: Mapping[str, Any]) -> str:
    """A short id, the same for a request that Slack hands over again."""
    origin = body.get("event_id") or body.get("trigger_id") or uuid4().hex
    return blake2s(str(origin).encode(), digest_size=4).hexdigest()

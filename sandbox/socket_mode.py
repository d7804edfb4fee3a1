"""Socket Mode: hands each envelope to one of the app's WebSocket connections."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from sandbox.delivery import Ack, Envelope
from sandbox.limits import SOCKET_CONNECTIONS_MAX
from sandbox.workspace import Change, Json, Workspace

log = logging.getLogger(__name__)

APPROXIMATE_CONNECTION_SECONDS = 18_060
REFRESH_GRACE_SECONDS = 2.0
"""How long a connection that was asked to refresh stays open; Slack gives about ten seconds."""

NOT_CONNECTED = Ack(
    ok=False,
    problem="dispatch_failed",
    detail="No app is connected. Start it with SLACK_API_BASE_URL pointing here.",
    retry_reason="connection_failed",
)


@dataclass
class Link:
    """One WebSocket connection of the app."""

    socket: web.WebSocketResponse
    accepting: bool = True
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    async def send(self, envelope: Envelope) -> Any:
        """Send one envelope and return the payload of its acknowledgement."""
        envelope_id = secrets.token_hex(16)
        answer = asyncio.get_running_loop().create_future()
        self.waiting[envelope_id] = answer
        try:
            await self.socket.send_json(_frame(envelope_id, envelope))
            return await answer
        finally:
            del self.waiting[envelope_id]

    def acknowledge(self, frame: Json) -> None:
        """Take a frame of the app: the acknowledgement of an envelope, or nothing of interest."""
        answer = self.waiting.get(str(frame.get("envelope_id")))
        if answer is not None and not answer.done():
            answer.set_result(frame.get("payload"))

    def lost(self) -> None:
        """Fail what still waits, because the connection is gone."""
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError("the connection closed"))


class SocketHub:
    """All WebSocket connections of the app; implements `Transport`."""

    def __init__(self, workspace: Workspace, ack_seconds: float) -> None:
        self.workspace = workspace
        self.ack_seconds = ack_seconds
        self.enabled = True
        self.links: list[Link] = []
        self._tickets: set[str] = set()
        self._turn = 0
        self._closers: set[asyncio.TimerHandle] = set()

    @property
    def connected(self) -> bool:
        """Whether at least one connection takes envelopes."""
        return any(link.accepting for link in self.links)

    def new_url(self) -> str:
        """Return the address at which the app may open one connection."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        base = self.workspace.base_url.replace("http", "ws", 1)
        return f"{base}/link?ticket={ticket}&app_id={self.workspace.app_id}"

    async def send(self, envelope: Envelope) -> Ack:
        """Deliver to the next connection in turn and wait for its acknowledgement."""
        link = self._next_link()
        if link is None:
            return NOT_CONNECTED
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.ack_seconds):
                body = await link.send(envelope)
        except (TimeoutError, ConnectionError) as error:
            return _not_acknowledged(error, self.ack_seconds)
        ms = (time.monotonic() - began) * 1000
        return Ack(ok=True, ms=ms, body=body if envelope.accepts_response else None)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="Unknown or used ticket: call apps.connections.open again")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if refusal := self._refusal():
            await socket.send_json(self._disconnect_frame(refusal))
            await socket.close()
            return socket
        link = Link(socket)
        self.links.append(link)
        try:
            await socket.send_json(self._hello_frame())
            self.workspace.announce(Change("link"))
            await self._listen(link)
        finally:
            self.links.remove(link)
            link.lost()
            self.workspace.announce(Change("link"))
        return socket

    async def disconnect(self, reason: Literal["warning", "refresh_requested"]) -> int:
        """Ask the app to reconnect, on every connection; return how many were told."""
        told = list(self.links)
        for link in told:
            await link.socket.send_json(self._disconnect_frame(reason))
            if reason == "refresh_requested":
                link.accepting = False
                self._close_later(link)
        return len(told)

    async def drop(self) -> int:
        """Cut every connection without a word, as a network failure does."""
        dropped = list(self.links)
        for link in dropped:
            await link.socket.close(code=1011)
        return len(dropped)

    async def close(self) -> None:
        """Close every connection at shutdown."""
        for closer in self._closers:
            closer.cancel()
        for link in list(self.links):
            await link.socket.close(code=1001)

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = message.json()
            except ValueError:
                log.warning("The app sent a frame that is not JSON: %.100s", message.data)
                continue
            if isinstance(frame, dict):
                link.acknowledge(frame)

    def _refusal(self) -> str:
        if not self.enabled:
            return "link_disabled"
        return "too_many_websockets" if len(self.links) >= SOCKET_CONNECTIONS_MAX else ""

    def _next_link(self) -> Link | None:
        accepting = [link for link in self.links if link.accepting]
        if not accepting:
            return None
        self._turn += 1
        return accepting[self._turn % len(accepting)]

    def _close_later(self, link: Link) -> None:
        loop = asyncio.get_running_loop()
        close: Callable[[], object] = lambda: loop.create_task(link.socket.close())  # noqa: E731
        self._closers.add(loop.call_later(REFRESH_GRACE_SECONDS, close))

    def _hello_frame(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": APPROXIMATE_CONNECTION_SECONDS,
            },
            "connection_info": {"app_id": self.workspace.app_id},
        }

    def _disconnect_frame(self, reason: str) -> Json:
        return {
            "type": "disconnect",
            "reason": reason,
            "num_connections": len(self.links),
            "debug_info": {"host": "sandbox"},
            "connection_info": {"app_id": self.workspace.app_id},
        }


def _frame(envelope_id: str, envelope: Envelope) -> Json:
    frame: Json = {
        "envelope_id": envelope_id,
        "payload": envelope.payload,
        "type": envelope.type,
        "accepts_response_payload": envelope.accepts_response,
    }
    if envelope.type == "events_api":
        frame["retry_attempt"] = envelope.retry_attempt
        frame["retry_reason"] = envelope.retry_reason
    return frame


def _not_acknowledged(error: Exception, seconds: float) -> Ack:
    if isinstance(error, TimeoutError):
        detail = f"The app did not acknowledge within {seconds:g} seconds."
    else:
        detail = "The connection to the app closed before it acknowledged."
    return Ack(ok=False, problem="operation_timeout", detail=detail, retry_reason="timeout")

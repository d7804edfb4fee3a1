"""Faults on demand: what can go wrong between an app and Slack, for the next calls of a method."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from sandbox.errors import SlackError

Kind = Literal["status", "error", "ratelimited", "html", "drop", "delay"]


@dataclass
class Fault:
    """What happens to the next `times` calls of `method`: "*" is any, "upload" a file's bytes."""

    method: str
    kind: Kind
    times: int = 1
    status: int = 500
    error: str = "internal_error"
    messages: list[str] = field(default_factory=list)
    """What Slack says beside the error: `[ERROR] invalid slack file [json-pointer:...]`."""
    retry_after: int = 1
    seconds: float = 0.0
    executes: bool = False
    """Whether the call takes effect before it fails: the ambiguous outcome."""
    share: float = 1.0
    """How likely each call is to meet it; one that does not leaves `times` as it is."""

    def response(self, request: web.Request) -> web.StreamResponse:
        """Return (or refuse to give) the answer that the app gets."""
        if self.kind == "drop" and request.transport is not None:
            request.transport.close()
        if self.kind == "error":
            return web.json_response(SlackError(self.error, self.messages).body())
        if self.kind == "ratelimited":
            return ratelimited(self.retry_after)
        if self.kind == "html":
            page = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"
            return web.Response(text=page, content_type="text/html", status=self.status)
        return web.Response(text="server error", status=self.status)


def ratelimited(retry_after: int) -> web.Response:
    """Return Slack's 429."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=429,
        headers={"Retry-After": str(retry_after)},
    )


@dataclass
class Faults:
    """The faults that still wait, and standing delays by method."""

    waiting: list[Fault] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)
    """Decides which calls meet a fault that only a share of them meets; seed it to repeat a run."""

    def add(self, fault: Fault) -> None:
        """Let something go wrong soon."""
        self.waiting.append(fault)

    async def take(self, method: str) -> Fault | None:
        """Wait out the delays of `method`; return the fault that the call meets, if any."""
        await asyncio.sleep(self.delays.get(method, self.delays.get("*", 0.0)))
        fault = next((f for f in self.waiting if self._meets(method, f)), None)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times <= 0:
            self.waiting.remove(fault)
        await asyncio.sleep(fault.seconds)
        return None if fault.kind == "delay" else fault

    def _meets(self, method: str, fault: Fault) -> bool:
        return fault.method in (method, "*") and self.chance.random() < fault.share

    def clear(self) -> None:
        """Let everything work again."""
        self.waiting.clear()
        self.delays.clear()

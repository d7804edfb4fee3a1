"""Live updates: which parts of a person's page a change touches, as server-sent events."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.page.keys import STREAMS
from sandbox.page.visit import Visit
from sandbox.workspace import Change

KEEP_ALIVE_SECONDS = 15
"""A silent stream is written to this often, which is how a closed browser is noticed."""

_MESSAGE_KINDS = frozenset({"message", "message_changed", "message_deleted"})
_AGENT_KINDS = frozenset({"prompts", "status"})
_OWN_KINDS = {"view": ["modal"], "home": ["home"], "read": ["sidebar"]}
_SHARED_KINDS = {
    "clock": ["clock"],
    "link": ["clock"],
    "user": ["sidebar", "messages", "thread"],
    "channel": ["sidebar"],
    "reset": ["everything"],
}


def touched(change: Change, visit: Visit) -> dict[str, Any] | None:
    """Return the parts of the person's page to be fetched again, or None."""
    if change.kind in _MESSAGE_KINDS:
        channel = visit.channel(change.channel)
        is_mine = change.user in {"", visit.user.id}
        if channel is None or not is_mine:
            return None
        return {"parts": ["messages", "thread", "sidebar"], "channel": channel.id}
    if change.kind in _AGENT_KINDS and visit.channel(change.channel) is not None:
        return {"parts": ["agent"], "channel": change.channel}
    if change.kind in _OWN_KINDS and change.user == visit.user.id:
        return {"parts": _OWN_KINDS[change.kind]}
    if parts := _SHARED_KINDS.get(change.kind):
        return {"parts": parts}
    return None


async def stream(request: web.Request, visit: Visit) -> web.StreamResponse:
    """Send an event for every change that touches the person's page, until they leave."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    with visit.workspace.subscribe() as changes:
        await response.prepare(request)
        writer = asyncio.create_task(_write(response, changes, visit))
        request.app[STREAMS].add(writer)
        try:
            await asyncio.wait([writer])
        finally:
            writer.cancel()
            request.app[STREAMS].discard(writer)
    return response


async def _write(
    response: web.StreamResponse, changes: asyncio.Queue[Change], visit: Visit
) -> None:
    try:
        await response.write(b"retry: 1000\n\n")
        while True:
            await response.write(await _next_frame(changes, visit))
    except ConnectionError:
        return


async def _next_frame(changes: asyncio.Queue[Change], visit: Visit) -> bytes:
    try:
        async with asyncio.timeout(KEEP_ALIVE_SECONDS):
            while True:
                if event := touched(await changes.get(), visit):
                    return f"data: {json.dumps(event)}\n\n".encode()
    except TimeoutError:
        return b": still here\n\n"


async def end_streams(app: web.Application) -> None:
    """End every stream, so that the server can stop at once."""
    for writer in app[STREAMS]:
        writer.cancel()

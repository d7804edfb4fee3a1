"""The bot's own HTTP: signed events from Slack, and the two questions of whoever operates it."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

EVENTS_PATH = "/slack/events"
MAX_REQUEST_BYTES = 2 * 1024 * 1024
"""A submitted form holds up to 250 kB of view and the same again of answers, form-encoded."""

Figures = Callable[[], Awaitable[bytes]]
"""What `/metrics` answers."""

ReadinessCheck = Callable[[], Awaitable[dict[str, str]]]
"""What is not ready, by part, in words; empty when everything is."""


def build_web(
    not_ready: ReadinessCheck, figures: Figures, bolt: AsyncApp | None = None
) -> web.Application:
    """Build the HTTP application; with `bolt`, it takes Slack's requests too."""

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await figures(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readyz(_request: web.Request) -> web.Response:
        problems = await not_ready()
        if problems:
            return web.json_response({"status": "not ready", **problems}, status=503)
        return web.json_response({"status": "ready"})

    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
    if bolt is not None:
        app.router.add_post(EVENTS_PATH, _events(bolt))
    return app


def _events(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        answer = await bolt.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    return events

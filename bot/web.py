"""The bot's own HTTP: signed events from Slack, and the two questions of whoever operates it."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from domain.meetings.calendar_out.feeds import PATH, SUFFIX
from domain.meetings.messages import CouncilCalendar
from message_templates.meetings.calendar_file import calendar_file, changed_at

EVENTS_PATH = "/slack/events"
MAX_REQUEST_BYTES = 2 * 1024 * 1024
"""A submitted form holds up to 250 kB of view and the same again of answers, form-encoded."""

Figures = Callable[[], Awaitable[bytes]]
"""What `/metrics` answers."""

ReadinessCheck = Callable[[], Awaitable[dict[str, str]]]
"""What is not ready, by part, in words; empty when everything is."""


ReadCalendars = Callable[[str], Awaitable[Sequence[CouncilCalendar] | None]]
"""The calendars behind the secret part of an address; None if there is no such address."""

CALENDAR_NAME = "Council meetings"


def build_web(
    not_ready: ReadinessCheck,
    figures: Figures,
    calendars: ReadCalendars,
    bolt: AsyncApp | None = None,
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
    app.router.add_get(f"{PATH}{{token}}{SUFFIX}", _calendar(calendars))
    if bolt is not None:
        app.router.add_post(EVENTS_PATH, _events(bolt))
    return app


def _calendar(calendars: ReadCalendars) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def calendar(request: web.Request) -> web.Response:
        found = await calendars(request.match_info["token"])
        if found is None:
            return web.Response(status=404, text="There is no calendar here.\n")
        data = calendar_file(CALENDAR_NAME, found)
        answer = web.Response(
            body=data,
            content_type="text/calendar",
            charset="utf-8",
            headers={
                "Cache-Control": "private, no-cache",
                "Content-Disposition": 'inline; filename="council-meetings.ics"',
            },
        )
        answer.etag = sha256(data).hexdigest()
        answer.last_modified = changed_at(found)
        if _has_it(request, answer):
            return web.Response(status=304, headers={"ETag": answer.headers["ETag"]})
        return answer

    return calendar


def _has_it(request: web.Request, answer: web.Response) -> bool:
    """Whether the program has this file; by its tag, else by the time of the last change."""
    if request.if_none_match is not None:
        own = answer.etag.value if answer.etag else ""
        return any(each.value in (own, "*") for each in request.if_none_match)
    since, changed = request.if_modified_since, answer.last_modified
    return since is not None and changed is not None and changed <= since


def _events(bolt: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        answer = await bolt.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    return events

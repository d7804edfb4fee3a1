"""The page's addresses."""

import json
import mimetypes
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.keys import ACTING, WORKSPACE
from sandbox.page import deeds, live
from sandbox.page.keys import TEMPLATES
from sandbox.page.people import people_to_be
from sandbox.page.screens import FRAGMENTS, Place, find_place, frame, screen
from sandbox.page.visit import Visit

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' http: https: data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

routes = web.RouteTableDef()


@routes.get("/")
async def choose(request: web.Request) -> web.Response:
    """Show whom a visitor can be."""
    workspace = request.app[WORKSPACE]
    values = {"people": people_to_be(workspace), "team": workspace.name}
    return _page(request, "choose.html", values)


@routes.get("/u/{user}/")
async def enter(request: web.Request) -> web.Response:
    """Go to the person's conversation with the app, else to their first channel."""
    visit = _visit(request)
    if not request.app[ACTING].delivery.config.home_tab and not visit.user.is_restricted:
        visit.workspace.dm(visit.user.id)  # without a Home tab, Slack opens the app's messages
    mine = visit.workspace.channels_of(visit.user.id)
    mine.sort(key=lambda channel: (not channel.is_im, channel.is_archived, channel.name))
    place = f"c/{mine[0].id}" if mine else "home"
    raise web.HTTPSeeOther(f"/u/{visit.user.id}/{place}")


@routes.get("/u/{user}")
async def enter_without_slash(request: web.Request) -> web.Response:
    """Forgive a missing slash."""
    raise web.HTTPSeeOther(f"/u/{_visit(request).user.id}/")


@routes.get("/u/{user}/c/{channel}")
async def conversation(request: web.Request) -> web.Response:
    """Show a conversation, perhaps with one of its threads."""
    place = _place(request, {**request.query, "channel": request.match_info["channel"]})
    return _page(request, "conversation.html", frame(place) | screen(place))


@routes.get("/u/{user}/home")
async def home(request: web.Request) -> web.Response:
    """Show the app's Home tab."""
    place = _place(request, {})
    return _page(request, "home_tab.html", frame(place) | screen(place))


@routes.get("/u/{user}/part/{part}")
async def part(request: web.Request) -> web.Response:
    """Return one live part of the page."""
    name = request.match_info["part"]
    if name not in FRAGMENTS:
        raise web.HTTPNotFound(text=f"There is no part {name!r}.")
    place = _place(request, dict(request.query))
    return _page(request, f"parts/{name}.html", frame(place) | FRAGMENTS[name](place))


@routes.get("/u/{user}/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Stream what changes."""
    return await live.stream(request, _visit(request))


@routes.get("/u/{user}/files/{file}")
async def file(request: web.Request) -> web.Response:
    """Return an uploaded file: pictures for show, anything else as a download."""
    visit, file_id = _visit(request), request.match_info["file"]
    found = visit.workspace.files.get(file_id)
    if found is None or not visit.may_open(found):
        raise web.HTTPNotFound(text=f"There is no file {file_id}.")
    content_type = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    headers = dict(SECURITY_HEADERS)
    if not found.is_picture:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
        content_type = "application/octet-stream"
    return web.Response(body=found.content, content_type=content_type, headers=headers)


@routes.post("/u/{user}/do/{deed}")
async def do(request: web.Request) -> web.Response:
    """Do something as the person.

    Only JSON is taken: a form on somebody else's page could not send it here.
    """
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON.")
    visit = _visit(request)
    deed = deeds.Request(request.app[ACTING], visit, await _fields(request))
    return web.json_response(await deeds.do(request.match_info["deed"], deed))


async def _fields(request: web.Request) -> dict[str, Any]:
    try:
        fields = await request.json()
    except json.JSONDecodeError as error:
        raise web.HTTPBadRequest(text=f"The body is not valid JSON: {error}.") from error
    if not isinstance(fields, dict):
        raise web.HTTPBadRequest(text="The body must be a JSON object.")
    return fields


def _visit(request: web.Request) -> Visit:
    workspace = request.app[WORKSPACE]
    user = workspace.users.get(request.match_info["user"])
    if user is None or user.is_bot or user.deleted:
        html = request.app[TEMPLATES].get_template("missing.html").render(team=workspace.name)
        raise web.HTTPNotFound(text=html, content_type="text/html", headers=SECURITY_HEADERS)
    return Visit(workspace, user)


def _place(request: web.Request, query: dict[str, str]) -> Place:
    return find_place(_visit(request), request.app[ACTING], query)


def _page(request: web.Request, template: str, values: dict[str, Any]) -> web.Response:
    html = request.app[TEMPLATES].get_template(template).render(values)
    return web.Response(text=html, content_type="text/html", headers=SECURITY_HEADERS)

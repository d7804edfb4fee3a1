"""Uploading files: ask for an address, send the bytes there, complete."""

import mimetypes

from aiohttp import web

from sandbox.args import Args
from sandbox.blockkit import check_blocks
from sandbox.calls import CallLog
from sandbox.content import Content, refuse
from sandbox.errors import SlackError, missing
from sandbox.faults import Faults
from sandbox.inputs import with_ids
from sandbox.limits import UPLOAD_ALT_TEXT, UPLOAD_CHANNELS
from sandbox.manifest import AppConfig
from sandbox.shapes import file_json
from sandbox.tokens import Tokens, bearer_of
from sandbox.webapi.context import Api
from sandbox.workspace import Channel, File, Json, Workspace

BYTES = "upload"
"""How faults and counts call the sending of a file, which is no method of the Web API."""


def get_upload_url(api: Api, args: Args) -> Json:
    """Announce a file and return where to send its bytes."""
    name, length = args.required("filename"), args.number("length", 0)
    if length < 1:
        raise missing("length")
    if len(args.text("alt_txt")) > UPLOAD_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file = File(
        id=api.workspace.new_id("F"),
        name=name,
        alt_txt=args.text("alt_txt"),
        announced_size=length,
        user=api.workspace.bot_user_id,
        created=int(api.workspace.clock.now().timestamp()),
    )
    api.workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{api.workspace.base_url}/upload/v1/{file.id}"}


async def receive(
    workspace: Workspace, calls: CallLog, faults: Faults, request: web.Request
) -> web.StreamResponse:
    """Take the bytes of an announced file."""
    calls.count(BYTES)
    fault = await faults.take(BYTES)
    if fault is not None and not fault.executes:
        return fault.response(request)
    response = await _received(workspace, request)
    return response if fault is None else fault.response(request)


async def _received(workspace: Workspace, request: web.Request) -> web.Response:
    file = workspace.files.get(request.match_info["file"])
    if file is None or file.uploaded:
        raise web.HTTPNotFound(text="Unknown or used upload address")
    content = await _bytes(request)
    if len(content) != file.announced_size:
        raise web.HTTPBadRequest(
            text=f"{file.announced_size} bytes were announced, {len(content)} came"
        )
    file.content, file.uploaded = content, True
    return web.Response(text=f"OK - {len(content)}")


async def download(
    workspace: Workspace, config: AppConfig, tokens: Tokens, request: web.Request
) -> web.Response:
    """Serve a file: what people have uploaded only to an app that may read files.

    The app's own files are served without the token that Slack would ask for.
    """
    file = workspace.files.get(request.match_info["file"])
    if file is None or not file.completed:
        raise web.HTTPNotFound(text="No such file")
    if file.user != workspace.bot_user_id and not _may_read(config, tokens, request):
        # Slack refuses with no error, but shows its page for signing in.
        return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return web.Response(body=file.content, content_type=kind, headers=headers)


def _may_read(config: AppConfig, tokens: Tokens, request: web.Request) -> bool:
    token = bearer_of(request.headers.get("Authorization", ""))
    return tokens.kind_of(token) == "bot" and "files:read" in config.scopes


def complete(api: Api, args: Args) -> Json:
    """Share uploaded files in channels, or keep them private to the app."""
    files = _uploaded(api, args)
    channels = _channels(api, args)
    blocks = args.parsed("blocks", "invalid_blocks")
    refuse("invalid_blocks", check_blocks(blocks or [], "message"))
    content = Content(args.text("initial_comment"), with_ids(blocks or []))
    for channel in channels:
        api.posting.by_app(
            channel,
            content,
            files=[file.id for file in files],
            thread_ts=args.text("thread_ts") or None,
        )
    for file in files:
        file.completed = True
    return {"files": [file_json(api.workspace, file) for file in files]}


async def _bytes(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    raise web.HTTPBadRequest(text="No file in the form")


def _uploaded(api: Api, args: Args) -> list[File]:
    listed = args.parsed("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise missing("files")
    files = []
    for entry in listed:
        file = api.workspace.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if file is None or not file.uploaded or file.completed:
            raise SlackError("file_not_found")
        file.title = str(entry.get("title") or file.name)
        files.append(file)
    return files


def _channels(api: Api, args: Args) -> list[Channel]:
    wanted = [args.text("channel_id")] if args.has("channel_id") else args.names("channels")
    if len(wanted) > UPLOAD_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    return [_joined(api, place) for place in wanted]


def _joined(api: Api, place: str) -> Channel:
    channel = api.workspace.channels.get(place)
    if channel is None or (channel.is_private and not api.app_is_in(channel)):
        raise SlackError("channel_not_found")
    if not api.app_is_in(channel):
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("posting_to_channel_denied")
    return channel

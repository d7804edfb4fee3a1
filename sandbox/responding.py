"""What an app says in direct answer to an act: response URLs and acknowledgements with text."""

from typing import Any

from aiohttp import web

from sandbox.args import Args
from sandbox.calls import CallLog
from sandbox.content import Content, read_content
from sandbox.errors import SlackError
from sandbox.limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES
from sandbox.posting import Posting
from sandbox.workspace import Message, ResponseUrl, Workspace


class Responding:
    """Takes the answers that come outside the Web API."""

    def __init__(self, workspace: Workspace, posting: Posting, calls: CallLog) -> None:
        self.workspace = workspace
        self.posting = posting
        self.calls = calls

    def url(self, right: ResponseUrl, kind: str) -> str:
        """Return the address of a response URL; `kind` is actions or commands."""
        return f"{self.workspace.base_url}/{kind}/{self.workspace.team_id}/0/{right.id}"

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a POST to a response URL."""
        self.calls.count("response_url")
        try:
            body = await _body(request)
            right = self._right(request.match_info["secret"])
            self.respond(right, Args(body))
        except SlackError as error:
            self.calls.refused("response_url", error)
            gone = error.error in {"used_url", "expired_url"}
            return web.json_response(error.body(), status=404 if gone else 400)
        return web.Response(text="ok")

    def respond(self, right: ResponseUrl, args: Args) -> None:
        """Post, replace or delete in answer to an act."""
        original = self._original(right)
        if args.flag("delete_original"):
            if original is not None:
                self.posting.delete(original)
            return
        content = read_content(args, total_limit=False)
        if content.empty:
            raise SlackError("no_text")
        if args.flag("replace_original") and original is not None:
            self.posting.edit(original, _whole(content), edited=False)
            return
        self._post(right, args, content)

    def _post(self, right: ResponseUrl, args: Args, content: Content) -> None:
        in_channel = args.text("response_type") == "in_channel"
        self.posting.by_app(
            self.workspace.channels[right.channel],
            content,
            thread_ts=args.text("thread_ts") or None,
            ephemeral_to=None if in_channel else right.user,
        )

    def _original(self, right: ResponseUrl) -> Message | None:
        return self.workspace.message(right.channel, right.ts) if right.ts else None

    def _right(self, secret: str) -> ResponseUrl:
        right = self.workspace.response_urls.get(secret)
        if right is None or right.age() > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if right.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        right.uses += 1
        return right


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise SlackError("invalid_payload") from None
    else:
        body = dict(await request.post())
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    return body


def _whole(content: Content) -> Content:
    return Content(
        content.text or "", content.blocks or [], content.attachments or [], content.metadata
    )

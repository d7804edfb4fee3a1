"""Methods that show modals and App Homes."""

from typing import Any

from sandbox.args import Args
from sandbox.errors import SlackError, missing
from sandbox.shapes import view_json
from sandbox.webapi.context import Api
from sandbox.workspace import Json, View


def open_view(api: Api, args: Args) -> Json:
    """Open a modal."""
    return _shown(api, api.viewing.open(args.required("trigger_id"), _payload(args)))


def push(api: Api, args: Args) -> Json:
    """Put a modal on top of another."""
    return _shown(api, api.viewing.push(args.required("trigger_id"), _payload(args)))


def update(api: Api, args: Args) -> Json:
    """Replace what a modal or App Home shows."""
    payload = _payload(args)
    if not (args.has("view_id") or args.has("external_id")):
        raise missing("view_id")
    view = api.viewing.find(args.text("view_id"), args.text("external_id"))
    return _shown(api, api.viewing.update(view, payload, args.text("hash")))


def publish(api: Api, args: Args) -> Json:
    """Publish somebody's App Home."""
    if not api.config.home_tab:
        raise SlackError("not_enabled")
    user = api.workspace.users.get(args.required("user_id"))
    if user is None or user.deleted or user.is_bot:
        raise SlackError("invalid_arguments", ["invalid `user_id`"])
    return _shown(api, api.viewing.publish(user.id, _payload(args), args.text("hash")))


def _payload(args: Args) -> Any:
    if not args.has("view"):
        raise missing("view")
    return args.parsed("view", "invalid_arguments")


def _shown(api: Api, view: View) -> Json:
    return {"view": view_json(api.workspace, view)}

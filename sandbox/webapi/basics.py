"""Methods about the app itself and its team."""

from sandbox.args import Args
from sandbox.errors import SlackError
from sandbox.webapi.context import Api
from sandbox.workspace import Json


def api_test(_api: Api, args: Args) -> Json:
    """Echo the arguments; fail on request."""
    given = {key: value for key, value in args.values.items() if key != "token"}
    if args.has("error"):
        raise SlackError(args.text("error"), args=given)
    return {"args": given} if given else {}


def auth_test(api: Api, _args: Args) -> Json:
    """Tell who the token belongs to."""
    workspace = api.workspace
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.name,
        "user": workspace.bot_name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(api: Api, _args: Args) -> Json:
    """Return an address for one Socket Mode connection."""
    return {"url": api.sockets.new_url()}


def team_info(api: Api, args: Args) -> Json:
    """Describe the team."""
    workspace = api.workspace
    if args.text("team", workspace.team_id) != workspace.team_id:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }


def bots_info(api: Api, args: Args) -> Json:
    """Describe the app's bot."""
    workspace = api.workspace
    if args.required("bot") != workspace.bot_id:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": workspace.bot_id,
            "deleted": False,
            "name": workspace.bot_name,
            "updated": 0,
            "app_id": workspace.app_id,
            "user_id": workspace.bot_user_id,
            "icons": {},
        }
    }

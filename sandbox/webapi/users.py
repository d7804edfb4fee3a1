"""Methods about people."""

from sandbox.args import Args
from sandbox.errors import SlackError
from sandbox.shapes import user_json
from sandbox.webapi.context import Api, paged
from sandbox.workspace import Json, User

EMAIL_SCOPE = "users:read.email"


def list_users(api: Api, args: Args) -> Json:
    """List everybody, deactivated people and bots included."""
    shapes = [_shape(api, user) for user in api.workspace.users.values()]
    return paged(args, "members", shapes, default=0) | {
        "cache_ts": int(api.workspace.clock.now().timestamp())
    }


def info(api: Api, args: Args) -> Json:
    """Describe one person."""
    return {"user": _shape(api, api.user(args.required("user")))}


def lookup_by_email(api: Api, args: Args) -> Json:
    """Find an active person by address."""
    wanted = args.required("email").lower()
    for user in api.workspace.users.values():
        if user.email.lower() == wanted and not user.deleted:
            return {"user": _shape(api, user)}
    raise SlackError("users_not_found")


def _shape(api: Api, user: User) -> Json:
    return user_json(api.workspace, user, with_email=EMAIL_SCOPE in api.config.scopes)

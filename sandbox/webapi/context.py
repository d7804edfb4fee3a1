"""What every Web API method works with, and the look-ups that many share."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.args import Args
from sandbox.errors import SlackError
from sandbox.limits import LIST_LIMIT
from sandbox.manifest import AppConfig
from sandbox.posting import Posting
from sandbox.scopes import FAMILY
from sandbox.shapes import page_of
from sandbox.socket_mode import SocketHub
from sandbox.viewing import Viewing
from sandbox.workspace import Channel, Json, Message, User, Workspace


@dataclass(frozen=True)
class Api:
    """The parts of the sandbox that Web API methods use."""

    workspace: Workspace
    posting: Posting
    viewing: Viewing
    sockets: SocketHub
    config: AppConfig

    def need(self, scope: str) -> None:
        """Raise `missing_scope` unless the app has been granted `scope`."""
        if scope not in self.config.scopes:
            raise missing_scope([scope], self.config)

    def need_family(self, channel: Channel, right: str) -> None:
        """Raise `missing_scope` without the scope for this type of conversation."""
        self.need(f"{FAMILY[channel.kind]}:{right}")

    def app_is_in(self, channel: Channel) -> bool:
        """Tell whether the app is a member."""
        return self.workspace.bot_user_id in channel.members

    def visible_channel(self, args: Args, name: str = "channel") -> Channel:
        """Return a conversation that the app can see; raises `channel_not_found`."""
        channel = self.workspace.channels.get(args.text(name))
        if channel is None or (channel.is_private and not self.app_is_in(channel)):
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self, args: Args) -> Channel:
        """Return a conversation that the app is in; raises `not_in_channel`."""
        channel = self.visible_channel(args)
        if not self.app_is_in(channel):
            raise SlackError("not_in_channel")
        return channel

    def user(self, user_id: str) -> User:
        """Return a person; raises `user_not_found`."""
        user = self.workspace.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def message(self, channel: Channel, ts: str) -> Message:
        """Return a message that others can see too; raises `message_not_found`."""
        message = self.workspace.message(channel.id, ts)
        if message is None or message.ephemeral_to is not None:
            raise SlackError("message_not_found")
        return message


Handler = Callable[[Api, Args], Json]


def missing_scope(needed: Sequence[str], config: AppConfig) -> SlackError:
    """Return the refusal of an app that was not granted any of `needed`."""
    return SlackError(
        "missing_scope",
        needed=",".join(needed),
        provided=",".join(sorted(config.scopes)),
    )


def paged(args: Args, name: str, items: Sequence[Any], *, default: int = 100) -> Json:
    """Return one page of `items` under `name`, with Slack's cursor."""
    limit = args.number("limit", default) or len(items) or 1
    if not 0 < limit <= max(LIST_LIMIT, len(items)):
        raise SlackError("invalid_limit")
    page, following = page_of(items, read_cursor(args, "offset"), limit)
    cursor = "" if following is None else make_cursor("offset", following)
    return {name: page, "response_metadata": {"next_cursor": cursor}}


def make_cursor(kind: str, position: int) -> str:
    """Return an opaque cursor."""
    return base64.b64encode(f"{kind}:{position}".encode()).decode()


def read_cursor(args: Args, kind: str) -> int:
    """Return the position in the cursor of `args` (0 without one); raises `invalid_cursor`."""
    cursor = args.text("cursor")
    if not cursor:
        return 0
    try:
        found, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
        if found == kind:
            return int(position)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")

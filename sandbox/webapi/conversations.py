"""Methods about conversations: finding, reading, opening, joining, creating."""

import re

from sandbox.args import Args
from sandbox.errors import SlackError
from sandbox.limits import HISTORY_LIMIT, OPEN_USERS
from sandbox.scopes import FAMILY
from sandbox.shapes import channel_json, message_json
from sandbox.webapi.context import Api, make_cursor, paged, read_cursor
from sandbox.workspace import Channel, Json, Message, as_micros

NAME_LENGTH = 80
NAME = re.compile(r"[\w-]+")
TS = re.compile(r"\d+(\.\d+)?")


def list_conversations(api: Api, args: Args) -> Json:
    """List the conversations that the app can see."""
    channels = _of_types(api, args, list(api.workspace.channels.values()))
    visible = [c for c in channels if not c.is_private or api.app_is_in(c)]
    shapes = [channel_json(api.workspace, c, count=not c.is_im) for c in visible]
    return paged(args, "channels", shapes)


def of_user(api: Api, args: Args) -> Json:
    """List the conversations of a person, or of the app itself."""
    user = args.text("user") or api.workspace.bot_user_id
    api.user(user)
    channels = _of_types(api, args, api.workspace.channels_of(user))
    visible = [c for c in channels if not c.is_private or api.app_is_in(c)]
    return paged(args, "channels", [channel_json(api.workspace, c) for c in visible])


def info(api: Api, args: Args) -> Json:
    """Describe one conversation."""
    channel = api.visible_channel(args)
    api.need_family(channel, "read")
    count = args.flag("include_num_members")
    return {"channel": channel_json(api.workspace, channel, count=count)}


def members(api: Api, args: Args) -> Json:
    """List the members of a conversation."""
    channel = api.visible_channel(args)
    api.need_family(channel, "read")
    return paged(args, "members", channel.members)


def history(api: Api, args: Args) -> Json:
    """Return the newest messages first; replies only where they were broadcast."""
    channel = api.joined_channel(args)
    api.need_family(channel, "history")
    found = [
        message
        for message in reversed(api.workspace.messages_in(channel.id))
        if (not message.is_reply or message.reply_broadcast) and _between(message, args)
    ]
    before = read_cursor(args, "next_ts")
    if before:
        found = [message for message in found if as_micros(message.ts) <= before]
    limit = min(max(args.number("limit", 100), 1), HISTORY_LIMIT)
    cursor = make_cursor("next_ts", as_micros(found[limit].ts)) if len(found) > limit else ""
    return {
        "messages": [_shape(api, message, args) for message in found[:limit]],
        "has_more": bool(cursor),
        "pin_count": 0,
    } | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def replies(api: Api, args: Args) -> Json:
    """Return a thread: its root, then the replies, oldest first."""
    channel = api.joined_channel(args)
    api.need_family(channel, "history")
    asked = api.workspace.message(channel.id, args.required("ts"))
    root = api.workspace.message(channel.id, (asked.thread_ts or asked.ts) if asked else "")
    if root is None or root.ephemeral_to is not None:
        raise SlackError("thread_not_found")
    thread = [root, *(m for m in api.workspace.replies(channel.id, root.ts) if _between(m, args))]
    answer = paged(args, "messages", [_shape(api, m, args) for m in thread], default=1000)
    return answer | {"has_more": bool(answer["response_metadata"]["next_cursor"])}


def open_conversation(api: Api, args: Args) -> Json:
    """Open the DM with one person (group DMs are not simulated)."""
    users = args.names("users")
    if not users:
        if not args.has("channel"):
            raise SlackError("users_list_not_supplied")
        return _opened(api, args, api.visible_channel(args), known=True)
    if len(users) > OPEN_USERS:
        raise SlackError("too_many_users")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    api.need("im:write")
    user = api.user(users[0])
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("user_disabled")
    known = any(c.user == user.id for c in api.workspace.channels.values())
    return _opened(api, args, api.workspace.dm(user.id), known=known)


def join(api: Api, args: Args) -> Json:
    """Make the app a member of a public channel."""
    channel = api.visible_channel(args)
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    warning: Json = {}
    if api.app_is_in(channel):
        words = ["already_in_channel"]
        warning = {"warning": words[0], "response_metadata": {"warnings": words}}
    else:
        api.posting.join(channel, api.workspace.bot_user_id)
    return {"channel": channel_json(api.workspace, channel)} | warning


def create(api: Api, args: Args) -> Json:
    """Create a channel with the app as its only member."""
    private = args.flag("is_private")
    api.need("groups:write" if private else "channels:manage")
    name = _checked_name(api, args.text("name"))
    bot = api.workspace.bot_user_id
    channel = api.workspace.add_channel(name, is_private=private, creator=bot, members=[bot])
    return {"channel": channel_json(api.workspace, channel)}


def invite(api: Api, args: Args) -> Json:
    """Add people to a channel that the app is in."""
    channel = api.joined_channel(args)
    users = args.names("users")
    if not users:
        raise SlackError("no_user")
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    for user_id in users:
        _refuse_invitation(api, channel, user_id)
    for user_id in users:
        api.posting.join(channel, user_id, inviter=api.workspace.bot_user_id)
    return {"channel": channel_json(api.workspace, channel)}


def _of_types(api: Api, args: Args, channels: list[Channel]) -> list[Channel]:
    types = args.names("types") or ["public_channel"]
    for kind in types:
        if kind not in FAMILY:
            raise SlackError("invalid_types")
        api.need(f"{FAMILY[kind]}:read")
    skip_archived = args.flag("exclude_archived")
    return [c for c in channels if c.kind in types and not (skip_archived and c.is_archived)]


def _between(message: Message, args: Args) -> bool:
    ts = as_micros(message.ts)
    oldest, latest = _bound(args, "oldest"), _bound(args, "latest")
    inclusive = args.flag("inclusive")
    if oldest is not None and (ts < oldest or (ts == oldest and not inclusive)):
        return False
    return latest is None or ts < latest or (ts == latest and inclusive)


def _bound(args: Args, name: str) -> int | None:
    value = args.text(name)
    if value in ("", "now"):
        return None
    if not TS.fullmatch(value):
        raise SlackError(f"invalid_ts_{name}")
    return as_micros(value)


def _shape(api: Api, message: Message, args: Args) -> Json:
    return message_json(api.workspace, message, metadata=args.flag("include_all_metadata"))


def _opened(api: Api, args: Args, channel: Channel, *, known: bool) -> Json:
    api.need_family(channel, "write")
    whole = args.flag("return_im")
    shape = channel_json(api.workspace, channel) if whole else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if known else {})


def _checked_name(api: Api, name: str) -> str:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LENGTH:
        raise SlackError("invalid_name_maxlength")
    if not NAME.fullmatch(name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if api.workspace.channel_named(name) is not None:
        raise SlackError("name_taken")
    return name


def _refuse_invitation(api: Api, channel: Channel, user_id: str) -> None:
    user = api.user(user_id)
    if user_id == api.workspace.bot_user_id:
        raise SlackError("cant_invite_self")
    if user.deleted:
        raise SlackError("cant_invite")
    if user_id in channel.members:
        raise SlackError("already_in_channel")

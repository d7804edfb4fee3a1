"""Emoji reactions of the app."""

import re

from sandbox.args import Args
from sandbox.errors import SlackError
from sandbox.webapi.context import Api
from sandbox.workspace import Json

EMOJI = re.compile(r"[\w'+-]+(::skin-tone-[2-6])?")


def add(api: Api, args: Args) -> Json:
    """React to a message."""
    name = args.required("name").strip(":")
    if not EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    channel = api.joined_channel(args)
    if channel.is_archived:
        raise SlackError("is_archived")
    message = api.message(channel, args.required("timestamp"))
    bot = api.workspace.bot_user_id
    if bot in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    api.posting.react(message, bot, name)
    return {}

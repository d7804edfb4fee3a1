"""Methods that post, edit and delete messages."""

from sandbox.args import Args
from sandbox.content import Content, check_pictures, linked_files, read_content
from sandbox.errors import SlackError, missing
from sandbox.limits import UPDATE_TEXT
from sandbox.shapes import message_json
from sandbox.webapi.context import Api
from sandbox.workspace import Channel, Json, Message


def post_message(api: Api, args: Args) -> Json:
    """Post to a channel, a DM, or (by user id) to the DM with that person."""
    channel = _target(api, args)
    content = _content(api, args)
    # Slack does not say whether a link shares its file without unfurling: the strict reading.
    unfurls = args.flag("unfurl_media", default=True)
    message = api.posting.by_app(
        channel,
        content,
        files=linked_files(api.workspace, content) if unfurls else [],
        thread_ts=_thread(api, channel, args),
        reply_broadcast=args.flag("reply_broadcast"),
    )
    answer: Json = {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(api.workspace, message),
    }
    if content.warnings:
        answer |= {
            "warning": ",".join(content.warnings),
            "response_metadata": {"warnings": content.warnings},
        }
    return answer


def post_ephemeral(api: Api, args: Args) -> Json:
    """Post what only one person sees."""
    channel = _target(api, args)
    user = args.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = api.posting.by_app(
        channel, _content(api, args), thread_ts=_thread(api, channel, args), ephemeral_to=user
    )
    return {"message_ts": message.ts}


def update(api: Api, args: Args) -> Json:
    """Edit a message of the app's own; what is not given stays."""
    channel = api.visible_channel(args)
    message = _own_message(api, channel, args, "cant_update_message")
    if len(args.text("text")) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    content = read_content(args)
    check_pictures(api.workspace, content.blocks)
    nothing = content == Content()
    if nothing or (content.text == "" and not (content.blocks or content.attachments)):
        raise SlackError("no_text")
    api.posting.edit(message, content)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(api.workspace, message),
    }


def delete(api: Api, args: Args) -> Json:
    """Delete a message of the app's own."""
    channel = api.visible_channel(args)
    message = _own_message(api, channel, args, "cant_delete_message")
    api.posting.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(api: Api, args: Args) -> Json:
    """Return a link to a message."""
    channel = api.visible_channel(args)
    message = api.message(channel, args.required("message_ts"))
    link = f"{api.workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _content(api: Api, args: Args) -> Content:
    content = read_content(args)
    check_pictures(api.workspace, content.blocks)
    if content.empty:
        raise SlackError("no_text")
    return content


def _target(api: Api, args: Args) -> Channel:
    """Return where a post goes; a public channel may be named, a person stands for the DM."""
    wanted = args.text("channel")
    if wanted in api.workspace.users:
        return _dm_target(api, wanted)
    channel = api.workspace.channel_named(wanted)
    if channel is None or (channel.is_private and not api.app_is_in(channel)):
        raise SlackError("channel_not_found")
    if channel.is_im:
        _refuse_closed_messages_tab(api)
    if channel.is_archived:
        raise SlackError("is_archived")
    if not api.app_is_in(channel) and "chat:write.public" not in api.config.scopes:
        raise SlackError("not_in_channel")
    return channel


def _dm_target(api: Api, user_id: str) -> Channel:
    user = api.user(user_id)
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("channel_not_found")
    _refuse_closed_messages_tab(api)
    return api.workspace.dm(user_id)


def _refuse_closed_messages_tab(api: Api) -> None:
    if not api.config.messages_tab:
        raise SlackError("messages_tab_disabled")


def _thread(api: Api, channel: Channel, args: Args) -> str | None:
    thread_ts = args.text("thread_ts")
    if not thread_ts:
        return None
    root = api.workspace.message(channel.id, thread_ts)
    if root is None or root.ephemeral_to is not None:
        raise SlackError("cannot_reply_to_message")
    return root.thread_ts or root.ts


def _own_message(api: Api, channel: Channel, args: Args, refusal: str) -> Message:
    if not args.has("ts"):
        raise missing("ts")
    message = api.message(channel, args.text("ts"))
    if message.bot_id != api.workspace.bot_id:
        raise SlackError(refusal)
    return message

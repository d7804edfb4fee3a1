"""How people, channels, messages, files and views look in Slack's JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sandbox.inputs import state_of
from sandbox.workspace import Channel, File, Json, Message, User, View, Workspace, as_micros


def team_json(workspace: Workspace) -> Json:
    """Return `team` as interactions carry it."""
    return {"id": workspace.team_id, "domain": workspace.domain}


def short_user_json(workspace: Workspace, user_id: str) -> Json:
    """Return `user` as interactions carry it."""
    name = workspace.users[user_id].name
    return {"id": user_id, "username": name, "name": name, "team_id": workspace.team_id}


def user_json(workspace: Workspace, user: User, *, with_email: bool = True) -> Json:
    """Return a user as users.info does; the address needs the scope users:read.email."""
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "team": workspace.team_id,
    }
    if user.is_bot:
        profile |= {"bot_id": workspace.bot_id, "api_app_id": workspace.app_id}
    elif with_email:
        profile["email"] = user.email
    shape: Json = {
        "id": user.id,
        "team_id": workspace.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if user.deleted:
        return shape
    zone = workspace.clock.now().astimezone(ZoneInfo(user.tz))
    return shape | {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": zone.tzname(),
        "tz_offset": _offset_seconds(zone),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
    }


def channel_json(workspace: Workspace, channel: Channel, *, count: bool = False) -> Json:
    """Return a conversation as conversations.info does."""
    shape = _im_json(workspace, channel) if channel.is_im else _channel_json(workspace, channel)
    return shape | ({"num_members": len(channel.members)} if count else {})


def _im_json(workspace: Workspace, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "created": channel.created,
        "is_im": True,
        "is_org_shared": False,
        "is_archived": channel.is_archived,
        "context_team_id": workspace.team_id,
        "user": channel.user,
        "is_user_deleted": workspace.users[channel.user].deleted,
        "is_open": True,
        "priority": 0,
    }


def _channel_json(workspace: Workspace, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": workspace.bot_user_id in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "unlinked": 0,
        "context_team_id": workspace.team_id,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def message_json(workspace: Workspace, message: Message, *, metadata: bool = True) -> Json:
    """Return a message as conversations.history does."""
    shape: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team_id,
    }
    if message.bot_id:
        shape |= _bot_part(workspace, message)
    for name in ("blocks", "attachments"):
        if getattr(message, name):
            shape[name] = getattr(message, name)
    if message.files:
        shape["files"] = [file_json(workspace, workspace.files[id_]) for id_ in message.files]
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.edited}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    if message.reactions:
        shape["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    return shape | _thread_part(workspace, message)


def _bot_part(workspace: Workspace, message: Message) -> Json:
    return {
        "bot_id": message.bot_id,
        "app_id": workspace.app_id,
        "bot_profile": {
            "id": message.bot_id,
            "app_id": workspace.app_id,
            "user_id": workspace.bot_user_id,
            "name": workspace.bot_name,
            "icons": {},
            "deleted": False,
            "updated": 0,
            "team_id": workspace.team_id,
        },
    }


def _thread_part(workspace: Workspace, message: Message) -> Json:
    if message.is_reply and message.thread_ts:
        root = workspace.message(message.channel, message.thread_ts)
        part: Json = {"thread_ts": message.thread_ts}
        if root is not None:
            part["parent_user_id"] = root.user
        return part | ({"subtype": "thread_broadcast"} if message.reply_broadcast else {})
    replies = workspace.replies(message.channel, message.ts)
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "reply_users": people,
        "latest_reply": max((reply.ts for reply in replies), key=as_micros),
        "is_locked": False,
        "subscribed": False,
    }


def file_json(workspace: Workspace, file: File) -> Json:
    """Return a file object."""
    address = f"{workspace.base_url}/files/{file.id}/{quote(file.name)}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "size": len(file.content),
        "alt_txt": file.alt_txt,
        "mode": "hosted",
        "is_external": False,
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }


def view_json(workspace: Workspace, view: View) -> Json:
    """Return a view as views.open answers it and interactions carry it."""
    payload = view.payload
    return {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": payload.get("private_metadata") or "",
        "callback_id": payload.get("callback_id") or "",
        "state": {"values": state_of(view)},
        "hash": view.hash,
        "title": payload.get("title") or {"type": "plain_text", "text": "View Title"},
        "clear_on_close": bool(payload.get("clear_on_close")),
        "notify_on_close": bool(payload.get("notify_on_close")),
        "close": payload.get("close"),
        "submit": payload.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": workspace.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def page_of(items: Iterable[Any], offset: int, limit: int) -> tuple[list[Any], int | None]:
    """Return one page of `items`, and where the next one starts (None: there is none)."""
    everything = list(items)
    end = offset + limit
    return everything[offset:end], end if end < len(everything) else None


def _offset_seconds(moment: datetime) -> int:
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset else 0

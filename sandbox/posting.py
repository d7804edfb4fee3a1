"""Changes conversations, and tells the app what it is subscribed to: posts, edits, joins."""

from dataclasses import replace
from typing import Any

from sandbox.content import Content, linked_files
from sandbox.delivery import Delivery
from sandbox.shapes import message_json
from sandbox.workspace import Channel, Json, Message, Workspace

CHANNEL_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im"}
SUBSCRIPTIONS = {
    "public_channel": "message.channels",
    "private_channel": "message.groups",
    "im": "message.im",
}


class Posting:
    """Posts, edits and deletes messages, and changes memberships, with the events due."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self.workspace = workspace
        self.delivery = delivery

    def by_app(self, channel: Channel, content: Content, **fields: Any) -> Message:
        """Post as the app; `fields` are those of `Message` (thread_ts, ephemeral_to, ...)."""
        status = self.workspace.status(channel.id)
        if status is not None and status.thread_ts == fields.get("thread_ts"):
            self.workspace.set_status(channel.id, status.thread_ts, "")
        return self._post(
            channel,
            self.workspace.bot_user_id,
            content.text or "",
            bot_id=self.workspace.bot_id,
            blocks=content.blocks or [],
            attachments=content.attachments or [],
            metadata=content.metadata or None,
            **fields,
        )

    def by_person(
        self, channel: Channel, user: str, text: str, blocks: list[Json], thread_ts: str | None
    ) -> Message:
        """Post as a person."""
        message = self._post(channel, user, text, blocks=blocks, thread_ts=thread_ts)
        mention = f"<@{self.workspace.bot_user_id}>"
        if mention in text and not channel.is_im and self._app_is_in(channel):
            event = message_json(self.workspace, message) | {
                "type": "app_mention",
                "channel": channel.id,
                "event_ts": message.ts,
            }
            self.delivery.event("app_mention", event)
        return message

    def edit(self, message: Message, content: Content, *, edited: bool = True) -> None:
        """Replace the content of a message; what is None in `content` stays."""
        before = message_json(self.workspace, replace(message))
        if content.text is not None or content.blocks is not None:
            message.text = content.text if content.text is not None else message.text
            message.blocks = content.blocks or []
            linked = [] if message.ephemeral_to else linked_files(self.workspace, content)
            message.files = list(dict.fromkeys([*message.files, *linked]))
        if content.attachments is not None:
            message.attachments = content.attachments
        if content.metadata is not None:
            message.metadata = content.metadata or None
        self.workspace.message_changed(message, edited=edited)
        if message.ephemeral_to is None:
            self._hidden_event(message, "message_changed", before)

    def delete(self, message: Message) -> None:
        """Delete a message."""
        before = message_json(self.workspace, message)
        self.workspace.delete_message(message)
        if message.ephemeral_to is None:
            self._hidden_event(message, "message_deleted", before)

    def react(self, message: Message, user: str, name: str) -> None:
        """Add an emoji reaction."""
        message.reactions.setdefault(name, []).append(user)
        self.workspace.message_changed(message, edited=False)
        self.delivery.event(
            "reaction_added",
            {
                "type": "reaction_added",
                "user": user,
                "reaction": name,
                "item_user": message.user,
                "item": {"type": "message", "channel": message.channel, "ts": message.ts},
                "event_ts": self._event_ts(),
            },
        )

    def join(self, channel: Channel, user: str, inviter: str = "") -> None:
        """Make `user` a member."""
        channel.members.append(user)
        self._membership("member_joined_channel", channel, user, inviter)

    def leave(self, channel: Channel, user: str) -> None:
        """End a membership."""
        self._membership("member_left_channel", channel, user)
        channel.members.remove(user)

    def unarchive(self, channel: Channel) -> None:
        """Open an archived channel again; of a private one only its members hear."""
        channel.is_archived = False
        self.workspace.announce_channel(channel)
        if channel.is_private and not self._app_is_in(channel):
            return
        event_type = "group_unarchive" if channel.is_private else "channel_unarchive"
        event: Json = {"type": event_type, "channel": channel.id, "event_ts": self._event_ts()}
        self.delivery.event(event_type, event)

    def _post(self, channel: Channel, user: str, text: str, **fields: Any) -> Message:
        message = self.workspace.add_message(channel.id, user, text, **fields)
        if message.ephemeral_to is None and self._app_is_in(channel):
            event = message_json(self.workspace, message) | {
                "channel": channel.id,
                "event_ts": message.ts,
                "channel_type": CHANNEL_TYPES[channel.kind],
            }
            self.delivery.event(SUBSCRIPTIONS[channel.kind], event)
        return message

    def _hidden_event(self, message: Message, subtype: str, before: Json) -> None:
        channel = self.workspace.channels[message.channel]
        if not self._app_is_in(channel):
            return
        event: Json = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": channel.id,
            "channel_type": CHANNEL_TYPES[channel.kind],
            "previous_message": before,
            "ts": self._event_ts(),
            "event_ts": self._event_ts(),
        }
        if subtype == "message_changed":
            event["message"] = message_json(self.workspace, message)
        else:
            event["deleted_ts"] = message.ts
        self.delivery.event(SUBSCRIPTIONS[channel.kind], event)

    def _membership(self, event_type: str, channel: Channel, user: str, inviter: str = "") -> None:
        self.workspace.announce_channel(channel)
        if not self._app_is_in(channel):
            return
        event: Json = {
            "type": event_type,
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self.workspace.team_id,
            "event_ts": self._event_ts(),
        }
        self.delivery.event(event_type, event | ({"inviter": inviter} if inviter else {}))

    def _app_is_in(self, channel: Channel) -> bool:
        return self.workspace.bot_user_id in channel.members

    def _event_ts(self) -> str:
        return f"{self.workspace.clock.now().timestamp():.6f}"

"""The table of all Web API methods that the sandbox knows."""

from dataclasses import dataclass
from typing import Literal

from sandbox.webapi import assistant, basics, chat, conversations, files, reactions, users, views
from sandbox.webapi.context import Handler


@dataclass(frozen=True)
class Method:
    """How one method is called."""

    handler: Handler
    tier: str
    json_body: bool = True
    """Whether it reads a JSON body; the others ignore one, as at Slack."""
    caller: Literal["bot", "app", "anyone"] = "bot"
    """Whose token it asks for."""


METHODS: dict[str, Method] = {
    "api.test": Method(basics.api_test, "Tier4", caller="anyone"),
    "apps.connections.open": Method(basics.connections_open, "Tier3", caller="app"),
    "assistant.threads.setStatus": Method(assistant.set_status, "Special"),
    "assistant.threads.setSuggestedPrompts": Method(assistant.set_suggested_prompts, "Tier4"),
    "auth.test": Method(basics.auth_test, "Special"),
    "bots.info": Method(basics.bots_info, "Tier3", json_body=False),
    "chat.delete": Method(chat.delete, "Tier3"),
    "chat.getPermalink": Method(chat.get_permalink, "Special", json_body=False),
    "chat.postEphemeral": Method(chat.post_ephemeral, "Tier4"),
    "chat.postMessage": Method(chat.post_message, "Special"),
    "chat.update": Method(chat.update, "Tier3"),
    "conversations.create": Method(conversations.create, "Tier2"),
    "conversations.history": Method(conversations.history, "Tier3"),
    "conversations.info": Method(conversations.info, "Tier3", json_body=False),
    "conversations.invite": Method(conversations.invite, "Tier3"),
    "conversations.join": Method(conversations.join, "Tier3"),
    "conversations.list": Method(conversations.list_conversations, "Tier2", json_body=False),
    "conversations.members": Method(conversations.members, "Tier4", json_body=False),
    "conversations.open": Method(conversations.open_conversation, "Tier3"),
    "conversations.replies": Method(conversations.replies, "Tier3", json_body=False),
    "files.completeUploadExternal": Method(files.complete, "Tier4"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "Tier4", json_body=False),
    "reactions.add": Method(reactions.add, "Tier3"),
    "team.info": Method(basics.team_info, "Tier3"),
    "users.conversations": Method(conversations.of_user, "Tier3", json_body=False),
    "users.info": Method(users.info, "Tier4", json_body=False),
    "users.list": Method(users.list_users, "Tier2", json_body=False),
    "users.lookupByEmail": Method(users.lookup_by_email, "Tier3", json_body=False),
    "views.open": Method(views.open_view, "Tier4"),
    "views.publish": Method(views.publish, "Tier4"),
    "views.push": Method(views.push, "Tier4"),
    "views.update": Method(views.update, "Tier4"),
}

"""The payloads of commands and interactions, in Slack's shape."""

from sandbox.delivery import VERIFICATION_TOKEN
from sandbox.inputs import STATE_FIELD, initial_state, stateful
from sandbox.shapes import message_json, short_user_json, team_json, view_json
from sandbox.workspace import Channel, Json, Message, StateValues, View, Workspace

COPIED = ("text", "placeholder", "initial_option", "initial_date", "initial_time", "style")
"""Fields of an element that Slack repeats in the action."""


def command_payload(
    workspace: Workspace, user: str, channel: Channel, command: str, text: str
) -> Json:
    """Return the body of a slash command, still without response_url and trigger_id."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_im else channel.name,
        "user_id": user,
        "user_name": workspace.users[user].name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
    }


def message_action_payload(workspace: Workspace, user: str, message: Message, action: Json) -> Json:
    """Return block_actions for an element of a message."""
    channel = workspace.channels[message.channel]
    ephemeral = message.ephemeral_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = _interaction(workspace, "block_actions", user) | {
        "container": container,
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name},
        "state": {"values": _message_state(message, action)},
        "actions": [action],
    }
    return payload if ephemeral else payload | {"message": message_json(workspace, message)}


def view_action_payload(workspace: Workspace, view: View, action: Json) -> Json:
    """Return block_actions for an element of a modal or App Home."""
    return _interaction(workspace, "block_actions", view.user) | {
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(workspace, view),
        "actions": [action],
    }


def view_submission_payload(workspace: Workspace, view: View) -> Json:
    """Return view_submission, still without response URLs."""
    return _interaction(workspace, "view_submission", view.user) | {
        "view": view_json(workspace, view),
        "response_urls": [],
    }


def view_closed_payload(workspace: Workspace, view: View, *, is_cleared: bool) -> Json:
    """Return view_closed."""
    return _interaction(workspace, "view_closed", view.user) | {
        "view": view_json(workspace, view),
        "is_cleared": is_cleared,
        "response_urls": [],
    }


def shortcut_payload(workspace: Workspace, user: str, callback_id: str) -> Json:
    """Return the body of a global shortcut."""
    return _interaction(workspace, "shortcut", user) | {
        "callback_id": callback_id,
        "action_ts": action_ts(workspace),
    }


def action_json(workspace: Workspace, block: Json, element: Json, held: Json | None) -> Json:
    """Return one entry of `actions`; `held` is the value chosen, in the shape of state.values."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts(workspace),
    }
    action |= {name: element[name] for name in COPIED if name in element}
    if element["type"] == "button" and "value" in element:
        action["value"] = element["value"]
    return action | (held or {})


def action_ts(workspace: Workspace) -> str:
    """Return the present instant as Slack writes it in actions."""
    return f"{workspace.clock.now().timestamp():.6f}"


def _interaction(workspace: Workspace, kind: str, user: str) -> Json:
    return {
        "type": kind,
        "team": team_json(workspace),
        "user": short_user_json(workspace, user),
        "api_app_id": workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _message_state(message: Message, action: Json) -> StateValues:
    values: StateValues = {}
    for block, element in stateful(message.blocks):
        held = initial_state(element)
        if element["action_id"] == action["action_id"]:
            name = STATE_FIELD[element["type"]]
            held[name] = action.get(name)
        values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return values

"""How Slack escapes what people type, and how a client turns names into mentions."""

import re

from sandbox.workspace import Json, Workspace

MENTION = re.compile(r"<@(U\w+)>|<#(C\w+)(?:\|[^>]*)?>|@([\w.-]*\w)|#([\w-]*\w)")
TOKEN = re.compile(r"<@(?P<user>\w+)>|<#(?P<channel>\w+)(?:\|[^>]*)?>")


def escape(text: str) -> str:
    """Escape the three characters that have a meaning in Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed_text(workspace: Workspace, typed: str) -> str:
    """Return the text that Slack stores for what a person typed.

    `@name` and `#name` of somebody or something that exists become mentions (as when picked from
    the client's list), and so do `<@U...>` and `<#C...>`; everything else is escaped.
    """
    parts, position = [], 0
    for match in MENTION.finditer(typed):
        mention = _mention(workspace, match)
        if mention is None:
            continue
        parts += [escape(typed[position : match.start()]), mention]
        position = match.end()
    return "".join(parts) + escape(typed[position:])


def _mention(workspace: Workspace, match: re.Match[str]) -> str | None:
    user_id, channel_id, user_name, channel_name = match.groups()
    if user_id or user_name:
        user = workspace.user_named(user_id or user_name)
        return f"<@{user.id}>" if user else None
    channel = workspace.channel_named(channel_id or channel_name)
    return f"<#{channel.id}|{channel.name}>" if channel else None


def rich_text(text: str) -> list[Json]:
    """Return the rich_text block that Slack stores beside the text of a person's message."""
    elements: list[Json] = []
    position = 0
    for match in TOKEN.finditer(text):
        _append_text(elements, text[position : match.start()])
        if match["user"]:
            elements.append({"type": "user", "user_id": match["user"]})
        else:
            elements.append({"type": "channel", "channel_id": match["channel"]})
        position = match.end()
    _append_text(elements, text[position:])
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": elements}],
        }
    ]


def _append_text(elements: list[Json], text: str) -> None:
    if text:
        elements.append({"type": "text", "text": unescape(text)})

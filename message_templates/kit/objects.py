"""What blocks and elements are made of: text, options and the question before a risky press."""

from typing import Any

from message_templates.kit import limits
from message_templates.kit.limits import check_count, check_id, check_length
from message_templates.kit.measure import slack_length, utf16_length
from message_templates.markup import Marked, Mrkdwn, mrkdwn, plain
from message_templates.markup.marked import is_sealed

Block = dict[str, Any]
"""A block, an element or an object of Block Kit, as JSON."""
Text = str | Marked
"""A plain string is shown as it is; Marked text keeps its markup where Slack has any."""


def plain_text(what: str, text: Text, limit: int = limits.TEXT) -> Block:
    """Build a text object without markup; `what` names it in an error."""
    if isinstance(text, Mrkdwn):
        raise TypeError(f"{what} is plain text: pass the Marked text itself, not its mrkdwn")
    words = plain(text) if isinstance(text, Marked) else text
    if is_sealed(words):
        raise TypeError(f"{what} was made of Marked text with str(): use plain()")
    check_length(what, slack_length(words), limit)
    return {"type": "plain_text", "text": words, "emoji": False}


def formatted_text(what: str, text: Text, limit: int = limits.TEXT) -> Block:
    """Build a text object that keeps the markup of Marked text; a string stays plain."""
    if not isinstance(text, Marked | Mrkdwn):
        return plain_text(what, text, limit)
    written = mrkdwn(text) if isinstance(text, Marked) else text
    check_length(what, utf16_length(written), limit)
    # verbatim: Slack then makes no links and mentions of its own out of people's words.
    return {"type": "mrkdwn", "text": str(written), "verbatim": True}


def option(text: Text, value: str, description: Text | None = None) -> Block:
    """Build one choice of a select or of radio buttons."""
    check_id("option.value", value, limits.OPTION_VALUE)
    built = {"text": plain_text("option.text", text, limits.OPTION_TEXT), "value": value}
    if description is None:
        return built
    hint = plain_text("option.description", description, limits.OPTION_DESCRIPTION)
    return {**built, "description": hint}


def confirm(title: Text, text: Text, yes: Text, no: Text = "Cancel") -> Block:
    """Build the question that Slack asks before a press counts."""
    return {
        "title": plain_text("confirm.title", title, limits.CONFIRM_TITLE),
        "text": formatted_text("confirm.text", text, limits.CONFIRM_TEXT),
        "confirm": plain_text("confirm.confirm", yes, limits.CONFIRM_BUTTON),
        "deny": plain_text("confirm.deny", no, limits.CONFIRM_BUTTON),
    }


def present(**fields: Any) -> Block:
    """Keep the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def check_ids(block_id: str | None) -> str | None:
    """Check the id of a block, if it has one."""
    if block_id is not None:
        check_id("block_id", block_id, limits.BLOCK_ID)
    return block_id


def chosen(what: str, options: list[Block], value: str | None, limit: int) -> Block | None:
    """Check the options of a choice and find the one that is chosen already."""
    check_count(f"{what}.options", options, limit)
    if value is None:
        return None
    for candidate in options:
        if candidate["value"] == value:
            return candidate
    raise limits.LimitError(f"{what} has no option of the value {value!r}")

"""What a rendered message shows, and whether Slack would take it."""

from collections.abc import Sequence
from typing import Any

from message_templates.kit import Rendered
from sandbox.blockkit import check_blocks


def shown(value: Any) -> str:
    """All texts of blocks, in order and with nothing between them."""
    if isinstance(value, list):
        return "".join(shown(part) for part in value)
    if isinstance(value, dict):
        text = value.get("text", value.get("fallback", ""))
        inner = (value.get(name, []) for name in ("fields", "elements", "accessory"))
        return shown(text) + "".join(shown(part) for part in inner)
    return value if isinstance(value, str) else ""


def lines_of(rendered: Rendered) -> list[str]:
    """The lines of a message, a list's items each on one of their own."""
    lines: list[str] = []
    for block in rendered.blocks:
        for element in block["elements"] if block["type"] == "rich_text" else [block]:
            is_list = element["type"] == "rich_text_list"
            for part in element["elements"] if is_list else [element]:
                lines += shown(part).split("\n")
    return lines


def assert_slack_takes(messages: Sequence[Rendered]) -> None:
    """Refuse what the sandbox, which is as strict as Slack, would refuse."""
    for message in messages:
        assert not check_blocks(message.blocks, "message")
        assert 0 < len(message.text) <= 4_000

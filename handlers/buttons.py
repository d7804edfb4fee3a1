"""What a pressed button carries."""

from typing import Any


def pressed(body: dict[str, Any]) -> str:
    """The value of the button that was pressed."""
    return str(body["actions"][0]["value"])


def pressed_number(body: dict[str, Any]) -> int:
    """The number that the pressed button was made with: of a project, a cycle, a request."""
    return int(pressed(body))

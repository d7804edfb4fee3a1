"""The arguments of a Web API call, whichever way they came: form, JSON or query."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.errors import SlackError, missing

TRUE = {"1", "true", "yes", "on"}


class Args:
    """Reads arguments by type; raises `SlackError` for what Slack would not understand."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        """Tell whether an argument was given and is not null."""
        return self.values.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else str(value)

    def required(self, name: str) -> str:
        """Return an argument that must be there."""
        value = self.text(name)
        if not value:
            raise missing(name)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean argument; forms send it as a word."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return str(value).lower() in TRUE

    def number(self, name: str, default: int) -> int:
        """Return a whole number."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise SlackError(
                "invalid_arguments", [f"[ERROR] must be a number [json-pointer:/{name}]"]
            ) from None

    def parsed(self, name: str, error: str) -> Any:
        """Return a structured argument, sent as JSON text or as JSON itself; None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def names(self, name: str) -> list[str]:
        """Return a list sent as comma-separated text or as a JSON list."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

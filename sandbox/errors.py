"""The way in which the simulated Slack says no."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A refusal with Slack's own error name, such as `channel_not_found`."""

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(": ".join([error, *messages[:1]]))
        self.error = error
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the JSON that Slack would answer with."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


def missing(field: str) -> SlackError:
    """Return Slack's refusal of a call without a required argument."""
    return SlackError("invalid_arguments", [f"[ERROR] missing required field: {field}"])

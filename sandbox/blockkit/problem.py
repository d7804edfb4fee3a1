"""One thing that is wrong with blocks or a view."""

from dataclasses import dataclass

from typing_extensions import override


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where (a JSON pointer)."""

    pointer: str
    reason: str

    @override
    def __str__(self) -> str:
        """Return the words of Slack's response_metadata.messages."""
        return f"[ERROR] {self.reason} [json-pointer:{self.pointer}]"

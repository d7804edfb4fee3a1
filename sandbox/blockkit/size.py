"""The total size of a message's blocks, counted as Slack seems to count it."""

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.limits import HEADER_EXTRA_CHARS


def total_chars(blocks: Iterable[Any]) -> int:
    """Return the characters of all text in `blocks`.

    `&<>` count as escaped, and a header counts about 100 more, as others have measured.
    """
    total = 0
    for block in blocks:
        total += sum(_escaped_length(text) for text in _texts(block))
        if isinstance(block, dict) and block.get("type") == "header":
            total += HEADER_EXTRA_CHARS
    return total


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "text" and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)


def _escaped_length(text: str) -> int:
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))

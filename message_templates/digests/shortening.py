"""What a line of a head message says, in short: the thread shows the whole of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from message_templates import kit

LENGTHS: Final = {
    "code": 30,
    "name": 60,
    "pm": 40,
    "rating": 30,
    "milestone": 100,
    "reason": 160,
    "decision_from": 60,
    "council": 75,
}
"""The most characters of a field in a line; the thread shows all of them."""

_PROSE: Final = ("summary", "path_to_green", "decision")
_SENTENCE_ENDS: Final = (".", "!", "?")
_MORE: Final = " …"


def shortened(line: Any, prose: int) -> Any:
    """Shorten what is shown whole elsewhere.

    Args:
        line: of a head message.
        prose: how long each of its texts may be; 0: there is none.
    """
    short = {name: kit.shorten(text, LENGTHS[name]) for name, text in _texts(line, LENGTHS)}
    short |= {name: _gist(text, prose) if prose else "" for name, text in _texts(line, _PROSE)}
    return replace(line, **{name: kit.turned_back(text) for name, text in short.items()})


def _texts(line: Any, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, getattr(line, name)) for name in names if hasattr(line, name))


def _gist(text: str, limit: int) -> str:
    """Shorten prose, to whole sentences where these are at least half of what fits."""
    if kit.slack_length(text) <= limit:
        return text
    start = kit.split_whole(text, limit - len(_MORE))[0].rstrip()
    return start + _MORE if start.endswith(_SENTENCE_ENDS) else kit.shorten(text, limit)

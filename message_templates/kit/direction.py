"""Signs that turn the direction of writing: what one text begins does not go on in the next."""

import re
from typing import Final

_ENDS: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
"""The signs that begin another direction, each with the one that ends it."""

_SIGNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def turned_back(text: str) -> str:
    """Give a text that shares its line with others, with every turn that it begins ended.

    A name with an override would else show the rest of the line backwards.
    """
    open_turns: list[str] = []
    for sign in _SIGNS.findall(text):
        if sign in _ENDS:
            open_turns.append(_ENDS[sign])
        elif sign in open_turns:
            while open_turns.pop() != sign:
                pass
    return text + "".join(reversed(open_turns))

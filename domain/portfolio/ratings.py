"""The words of a rating scale, and the colours that they stand for."""

import re
from typing import Final

from models.enums import Health

_COLOURS: Final = {
    "green": Health.GREEN,
    "yellow": Health.YELLOW,
    "amber": Health.YELLOW,
    "red": Health.RED,
}


def health_of(word: str) -> tuple[Health, str]:
    """The colour of a rating word, and the word itself where it is finer than the colour.

    "Amber" is yellow, and so is everything between two colours ("Amber/Green", "amber-red"): the
    colour says who must act, and nobody outside has to yet.

    Raises:
        ValueError: the word has no colour in it.
    """
    named = re.findall(r"\w+", word.casefold())
    found = {_COLOURS[part] for part in named if part in _COLOURS}
    if not found:
        msg = f"'{word}' is not a rating; it needs green, yellow (or amber) or red in it"
        raise ValueError(msg)
    colour = found.pop() if len(found) == 1 else Health.YELLOW
    is_plain = word.strip().casefold() in _COLOURS
    return colour, "" if is_plain else word

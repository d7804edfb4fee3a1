"""Tags of projects, by which a programme is known: short words, each once, capitals alike."""

import re
from collections.abc import Iterable
from typing import Final

MOST_TAGS: Final = 20
LONGEST_TAG: Final = 40

_SEPARATORS: Final = re.compile(r"[;,]")


def read_tag(text: str) -> str:
    """One tag as it is stored: `ERP` and `erp ` are the same.

    Raises:
        ValueError: it is none; with the cure.
    """
    tag = " ".join(text.split()).lower()
    if not tag or _SEPARATORS.search(tag):
        msg = f"'{text}' is not a tag; write one word or a few, without commas and semicolons"
        raise ValueError(msg)
    if len(tag) > LONGEST_TAG:
        msg = f"'{tag[:LONGEST_TAG]}…' is too long for a tag; {LONGEST_TAG} characters are possible"
        raise ValueError(msg)
    return tag


def read_tags(text: str) -> list[str]:
    """The tags of a text such as `erp; cloud`, in order of the alphabet.

    Raises:
        ValueError: one of them is none, or there are too many; with the cure.
    """
    tags = sorted({read_tag(part) for part in _SEPARATORS.split(text) if part.strip()})
    if len(tags) > MOST_TAGS:
        msg = f"has {len(tags)} tags; {MOST_TAGS} are possible"
        raise ValueError(msg)
    return tags


def tags_text(tags: Iterable[str]) -> str:
    """Tags in the one form of the portfolio file: `cloud; erp`."""
    return "; ".join(tags)

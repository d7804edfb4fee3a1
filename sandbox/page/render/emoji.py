"""Slack's short codes for the emoji that apps use most (the list is `emoji.csv`)."""

import csv
import re
from functools import cache
from importlib import resources

SHORT_CODE = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:")


@cache
def emoji_characters() -> dict[str, str]:
    """Return the characters by short code."""
    table = resources.files(__package__).joinpath("emoji.csv").read_text(encoding="utf-8")
    return dict(csv.reader(table.splitlines()))


def emoji_character(name: str) -> str:
    """Return the character for a short code; an unknown one stays as typed."""
    return emoji_characters().get(name, f":{name}:")


def replace_short_codes(text: str) -> str:
    """Put characters for the known short codes; an unknown one stays as typed."""
    characters = emoji_characters()
    return SHORT_CODE.sub(lambda match: characters.get(match[1], match[0]), text)

"""The words of a command: what can be typed, and what it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from message_templates import kit
from message_templates.kit import Rendered
from message_templates.markup import load, rich_text

_TEMPLATE: Final = "portfolio/help"


@dataclass(frozen=True)
class CommandHelp:
    """One word of a command, as its help shows it."""

    name: str
    """Such as `list`."""
    usage: str
    """The whole line to type, such as `/project list [words]`."""
    text: str
    """What it does, in a sentence."""


def help_card(words: Sequence[CommandHelp]) -> Rendered:
    """List what can be typed, and what it does."""
    texts = load(_TEMPLATE)
    blocks = [kit.header(texts.part("headline")), *rich_text(texts.part("words", words=words))]
    return Rendered.of(texts.part("fallback", words=words), blocks)

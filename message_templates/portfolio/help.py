"""The words of a command, and short answers to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from message_templates import kit
from message_templates.kit import Rendered
from message_templates.kit.limits import MESSAGE_TEXT
from message_templates.markup import Marked, load, rich_text

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


def notice(text: str) -> Rendered:
    """Answer with a sentence or two; nothing in them is markup.

    What is longer than a message's plain text can be is shortened: long texts have other ways.
    """
    words = kit.shorten(text, MESSAGE_TEXT)
    return Rendered.of(Marked.data(words), kit.user_text(words))

"""Slack's limits, and the error for what exceeds them.

From docs.slack.dev and the official SDKs of 2026; where they disagree, the smaller number.
"""

from collections.abc import Sized
from typing import Final

MESSAGE_BLOCKS: Final = 50
"""Blocks in a message."""
MESSAGE_TEXT: Final = 4_000
"""`text` of a message: chat.update refuses more, chat.postMessage only above 40,000."""
MESSAGE_COST: Final = 12_000
"""Characters in all blocks of a message. Undocumented: messages were refused (msg_blocks_too_long)
above 13,172 to 13,297; Slack's staff named 12,000 in bolt-js issue 2509."""
MODAL_BLOCKS: Final = 100
HOME_BLOCKS: Final = 100
MODAL_WORDS: Final = 24
"""Title, submit and close of a modal."""
PRIVATE_METADATA: Final = 3_000
CALLBACK_ID: Final = 255
BLOCK_ID: Final = 255
ACTION_ID: Final = 255

TEXT: Final = 3_000
"""Any text object."""
HEADER: Final = 150
SECTION_FIELDS: Final = 10
SECTION_FIELD: Final = 2_000
CONTEXT_ELEMENTS: Final = 10
ACTIONS_ELEMENTS: Final = 25
IMAGE_TITLE: Final = 2_000
ALT_TEXT: Final = 2_000
"""What is read out in place of a picture, in its block."""
FILE_ALT_TEXT: Final = 1_000
"""The same on the uploaded file."""
FILE_NAME: Final = 255
DOCUMENT_NAME: Final = 150
"""Bytes. The bot's own limit: file systems take 255, and the name is part of the link."""
DOCUMENT_TITLE: Final = 150
"""The bot's own limit; Slack names none."""
DOCUMENT_LINK: Final = 720
"""What a document's line in a message may cost: its address, with the name in it, and its title."""
DOCUMENT_BYTES: Final = 5_000_000
"""The bot's own limit: what goes up within a call's time-out of 10 seconds at 4 Mbit/s. Slack is
said to take 1 GB."""
MESSAGE_DOCUMENTS: Final = 5
"""The bot's own limit: so many links leave room for 400 characters of text."""
INPUT_LABEL: Final = 2_000
INPUT_HINT: Final = 2_000

BUTTON_TEXT: Final = 75
"""What Slack takes; it shows about 30."""
BUTTON_VALUE: Final = 2_000
URL: Final = 3_000
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 75
"""@slack/types says 75, the documentation 150."""
OPTION_DESCRIPTION: Final = 75
SELECT_OPTIONS: Final = 100
RADIO_OPTIONS: Final = 10
USER_ID: Final = 21
"""A person's id has 9 to 11 characters; older documents promise no more than this."""
CHECKBOXES_OPTIONS: Final = 10
OVERFLOW_OPTIONS: Final = 5
PLACEHOLDER: Final = 150
INPUT_TEXT: Final = 3_000
"""What a person can type into one plain_text_input."""

CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30


class LimitError(ValueError):
    """A block that Slack would refuse: the fault of whoever built it."""


def check_length(what: str, length: int, limit: int) -> None:
    """Refuse a text that is empty or too long."""
    if not 1 <= length <= limit:
        raise LimitError(
            f"{what} has {length:,} characters, Slack takes 1 to {limit:,}:"
            " shorten() it, or show a long text with user_text()"
        )


def check_id(what: str, value: str, limit: int) -> None:
    """Refuse an id, an address or another hidden value that is empty or too long."""
    if not 1 <= len(value) <= limit:
        raise LimitError(f"{what} has {len(value):,} characters, Slack takes 1 to {limit:,}")


def check_count(what: str, things: Sized, limit: int, least: int = 1) -> None:
    """Refuse too many or too few things."""
    if not least <= len(things) <= limit:
        raise LimitError(f"{what} has {len(things)}, Slack takes {least} to {limit}")

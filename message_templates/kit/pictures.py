"""Pictures of a message: their bytes, the block that shows them, and what stands there without."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from message_templates.kit import limits
from message_templates.kit.blocks import section
from message_templates.kit.limits import LimitError, check_id, check_length
from message_templates.kit.measure import shorten, slack_length
from message_templates.kit.objects import Block, Text, plain_text, present

_NOT_SHOWN: Final = "This picture could not be shown. In words:"


@dataclass(frozen=True)
class Picture:
    """A picture that a message shows.

    Drawing the same thing twice must give the same bytes: by them the ledger knows that Slack has
    the picture already.
    """

    name: str
    """Of the file, with its ending: `heat-map.png`."""
    data: bytes
    alt: str
    """What it shows, for who cannot see it; read out, and shown if the picture cannot be."""

    def __post_init__(self) -> None:
        check_id("a picture's name", self.name, limits.FILE_NAME)
        check_length("a picture's alternative text", slack_length(self.alt), limits.ALT_TEXT)
        if not self.data:
            raise LimitError(f"the picture {self.name} is empty")

    @cached_property
    def digest(self) -> str:
        """What its bytes are known by; stands in its block until Slack has given it an id."""
        return sha256(self.data).hexdigest()

    @property
    def title(self) -> str:
        """What the file is called in Slack."""
        return self.name

    @property
    def short_alt(self) -> str:
        """The alternative text of the file, which takes less than that of the block."""
        return shorten(self.alt, limits.FILE_ALT_TEXT)


def picture_block(picture: Picture, title: Text | None = None) -> Block:
    """Build the block that shows a picture; hand the picture itself to `Rendered` as well."""
    heading = None if title is None else plain_text("image.title", title, limits.IMAGE_TITLE)
    return present(
        type="image",
        title=heading,
        alt_text=picture.alt,
        slack_file={"id": picture.digest},
    )


def shown_digests(blocks: Iterable[Block]) -> set[str]:
    """The digests of the pictures that blocks show."""
    return {block["slack_file"]["id"] for block in blocks if _is_picture(block)}


def with_file(block: Block, files: Mapping[str, str]) -> Block:
    """Put Slack's id of the file into a picture's block; its words, where there is no file."""
    if not _is_picture(block):
        return block
    file_id = files.get(block["slack_file"]["id"])
    return _in_words(block) if file_id is None else {**block, "slack_file": {"id": file_id}}


def _is_picture(block: Block) -> bool:
    return block["type"] == "image" and "slack_file" in block


def _in_words(block: Block) -> Block:
    title = block.get("title", {}).get("text", "")
    words = [title, _NOT_SHOWN, block["alt_text"]]
    return section(shorten("\n".join(filter(None, words)), limits.TEXT))

"""What the PMO says on top of a digest: a quote, with who wrote it."""

from typing import Final

from domain.digests.values import CoverNote
from message_templates.kit import Block
from message_templates.markup import load, rich_text

_TEMPLATE: Final = "digests/cover_note"


def cover_note(note: CoverNote | None) -> list[Block]:
    """Show a covering note whole; nothing where there is none."""
    return [] if note is None else rich_text(load(_TEMPLATE).part("note", note=note))

"""Messages that Slack takes: what blocks cost, how sections spread over messages, the check."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from message_templates.kit import limits
from message_templates.kit.documents import Document
from message_templates.kit.limits import LimitError, check_count, check_length
from message_templates.kit.measure import shorten, slack_length, split_whole, utf16_length
from message_templates.kit.objects import Block
from message_templates.kit.pictures import Picture, shown_digests, with_file
from message_templates.markup import Marked, plain
from message_templates.markup.marked import is_sealed
from message_templates.markup.writers import escape

HEADER_SURCHARGE: Final = 100
"""Measured: Slack counts about that much for each header beside its text."""
_NEVER_COUNTED = frozenset({"type", "block_id", "action_id", "style"})
_BROADCASTS = ("<!channel", "<!here", "<!everyone")
_CLINGING = frozenset({"header", "divider"})
"""Blocks that make no sense at the end of a message."""


@dataclass(frozen=True)
class Rendered:
    """One message as Slack gets it; `text` is what notifications show and screen readers say."""

    text: str
    blocks: list[Block]
    pictures: tuple[Picture, ...] = ()
    """What `picture_block`s of it show, in the order in which they are uploaded."""
    documents: tuple[Document, ...] = ()
    """Files that it brings along, in the order in which it names them, below its blocks."""
    is_filled: bool = False
    """Whether their links are in its text and blocks; until then there is room left for them."""

    def __post_init__(self) -> None:
        awaited = () if self.is_filled else self.documents
        length = utf16_length(self.text) if self.text.strip() else 0
        if is_sealed(self.text):
            raise TypeError("the text of a message was made of Marked text with str(): use plain()")
        check_length("the text of a message", length, _text_room(awaited))
        check_count(
            "a message's blocks", self.blocks, limits.MESSAGE_BLOCKS - len(awaited), least=0
        )
        if any(broadcast in self.text for broadcast in _BROADCASTS):
            raise LimitError("the text of a message would ping everybody: write it escaped")
        room = limits.MESSAGE_COST - len(awaited) * limits.DOCUMENT_LINK
        if (total := cost(self.blocks)) > room:
            raise LimitError(
                f"a message's blocks cost {total:,} characters, Slack takes about"
                f" {room:,}: pack() them over several messages"
            )

    @classmethod
    def of(
        cls,
        fallback: Marked,
        blocks: Sequence[Block],
        pictures: tuple[Picture, ...] = (),
        documents: tuple[Document, ...] = (),
    ) -> Self:
        """Make a message of its blocks and its text for notifications, shortened if need be."""
        if {picture.digest for picture in pictures} != shown_digests(blocks):
            raise LimitError("a message needs its pictures and a picture_block() of each of them")
        text = shorten(plain(fallback), _text_room(documents))
        return cls(escape(text), list(blocks), pictures, documents)

    def with_files(self, files: Mapping[str, str]) -> Self:
        """The message as Slack takes it: with its pictures and documents, or words in their place.

        The link to a document stands in a block, for the readers, and in the text as well: there
        Slack looks for the files that a post shares.

        Args:
            files: what is uploaded, by digest: Slack's ids of pictures, its links to documents.
        """
        if self.is_filled or not (self.pictures or self.documents):
            return self
        links = [(each, files.get(each.digest)) for each in self.documents]
        shown = [with_file(block, files) for block in self.blocks]
        return replace(
            self,
            text="\n".join([self.text, *(each.words(link) for each, link in links)]),
            blocks=[*shown, *(each.block(link) for each, link in links)],
            is_filled=True,
        )


def cost(blocks: Iterable[Block]) -> int:
    """Count the characters of blocks: all that Slack's undocumented total may count."""
    return sum(_characters(block) for block in blocks)


def pack(
    sections: Iterable[Sequence[Block]],
    budget: int = limits.MESSAGE_COST,
    max_blocks: int = limits.MESSAGE_BLOCKS,
) -> list[list[Block]]:
    """Spread sections, in order, over as few messages as hold them; nothing is cut or lost.

    A section stays whole if one message can hold it. Otherwise it is split between its blocks, and
    a text too long for a message between its paragraphs, lines or words.
    """
    size = _Size(budget, max_blocks)
    messages: list[list[Block]] = []
    for section in sections:
        pieces = [list(section)] if size.fits(section) else _pieces(section, size)
        for piece in pieces:
            if messages and size.fits([*messages[-1], *piece]):
                messages[-1].extend(piece)
            elif piece:
                messages.append(piece)
    return messages


@dataclass(frozen=True)
class _Size:
    """How much one message holds."""

    budget: int
    blocks: int

    def fits(self, blocks: Sequence[Block]) -> bool:
        """Tell whether one message can hold these blocks."""
        return len(blocks) <= self.blocks and cost(blocks) <= self.budget


def _characters(value: object, *, escaped: bool = False) -> int:
    # Plain loops and types: for a large digest this counts a hundred thousand values.
    if isinstance(value, str):
        return utf16_length(value) if escaped else slack_length(value)
    total = 0
    if isinstance(value, dict):
        kind = value.get("type")
        total = HEADER_SURCHARGE if kind == "header" else 0
        for name, part in value.items():
            if name not in _NEVER_COUNTED:
                total += _characters(part, escaped=kind == "mrkdwn")
    elif isinstance(value, list):
        for part in value:
            total += _characters(part)
    return total


def _text_room(documents: Sequence[Document]) -> int:
    """How long the text may be, so that the links to documents fit behind it."""
    check_count("a message's documents", documents, limits.MESSAGE_DOCUMENTS, least=0)
    return limits.MESSAGE_TEXT - len(documents) * limits.DOCUMENT_LINK


# --- splitting what is too big for one message


def _pieces(section: Sequence[Block], size: _Size) -> Iterator[list[Block]]:
    """Take a section apart; headers and dividers stay with what follows them, if that fits."""
    piece: list[Block] = []
    for block in section:
        for part in [block] if size.fits([block]) else _divide(block, size):
            if piece and not size.fits([*piece, part]):
                yield piece
                piece = []
            piece.append(part)
            if part["type"] not in _CLINGING:
                yield piece
                piece = []
    if piece:
        yield piece


def _divide(block: Block, size: _Size) -> list[Block]:
    """Divide a block that no message could hold."""
    divided = [block]
    limit = min(size.budget, limits.TEXT)
    if block["type"] == "rich_text":
        elements = [part for whole in block["elements"] for part in _divide_element(whole, limit)]
        divided = [{**block, "elements": group} for group in _grouped(elements, limit)]
    elif block["type"] == "section":
        divided = _divide_section(block, limit)
    for part in divided:
        if not size.fits([part]):
            raise LimitError(
                f"a block of type {part['type']} costs {cost([part]):,} characters, more than the"
                f" {size.budget:,} of a message, and cannot be divided"
            )
    return divided


def _divide_section(section: Block, limit: int) -> list[Block]:
    """Put the fields of a section into sections of their own."""
    first = {name: value for name, value in section.items() if name != "fields"}
    groups = list(_grouped(section.get("fields", []), limit))
    if "text" not in first:
        first["fields"] = groups.pop(0)
    return [first, *({"type": "section", "fields": group} for group in groups)]


def _divide_element(element: Block, limit: int) -> list[Block]:
    """Divide a list of rich text between its items, anything else between its words."""
    if cost([element]) <= limit:
        return [element]
    parts = [part for whole in element["elements"] for part in _divide_part(whole, limit)]
    divided = []
    done = element.get("offset", 0)
    for group in _grouped(parts, limit):
        numbering = {"offset": done} if done and element.get("style") == "ordered" else {}
        divided.append({**element, **numbering, "elements": group})
        done += len(group)
    return divided


def _divide_part(part: Block, limit: int) -> list[Block]:
    if cost([part]) <= limit:
        return [part]
    if "elements" in part:
        return _divide_element(part, limit)
    if part["type"] == "text":
        return [{**part, "text": piece} for piece in split_whole(part["text"], limit)]
    return [part]


def _grouped(parts: Sequence[Block], limit: int) -> Iterator[list[Block]]:
    """Group parts, in order, as large as the limit allows."""
    group: list[Block] = []
    for part in parts:
        if group and cost([*group, part]) > limit:
            yield group
            group = []
        group.append(part)
    if group:
        yield group

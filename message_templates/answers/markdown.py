"""From Markdown to Slack's rich text: parsed, never guessed at, and with nothing left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from message_templates.kit import Block
from message_templates.markup.spans import is_url

_STYLES: Final = {"strong": "bold", "em": "italic", "s": "strike"}
_WIDEST: Final = 64
"""Characters of a table's line that a screen shows without wrapping."""
_RULE: Final = "———"


def rich_text_of(markdown: str) -> list[Block]:
    """Write a text as one block of rich text; none if there is nothing in it."""
    writer = _Writer()
    for node in SyntaxTreeNode(_parser().parse(markdown)).children:
        writer.block(node)
    elements = writer.ended()
    return [{"type": "rich_text", "elements": elements}] if elements else []


def words_of(markdown: str) -> str:
    """The words alone, as a notification shows them."""
    nodes = SyntaxTreeNode(_parser().parse(markdown)).walk()
    inline = [node for node in nodes if node.type in ("inline", "fence", "code_block")]
    return " ".join(_words(node) for node in inline)


@cache
def _parser() -> MarkdownIt:
    # HTML is shown as it is typed: there is none in Slack.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass
class _Writer:
    """Puts blocks of Markdown under each other."""

    done: list[Block] = field(default_factory=list)
    open: list[Block] = field(default_factory=list)
    """The section that further paragraphs still go into."""

    def block(self, node: SyntaxTreeNode) -> None:
        """Write one block."""
        match node.type:
            case "heading":
                self._paragraph([_styled(each, "bold") for each in _spans(node)])
            case "bullet_list" | "ordered_list":
                self._close()
                self.done += _list(node, indent=0)
            case "blockquote":
                self._close()
                self.done.append(_element("rich_text_quote", _quoted(node)))
            case "fence" | "code_block":
                self._preformatted(node.content.rstrip("\n"))
            case "table":
                self._table(node)
            case "hr":
                self._paragraph([_text(_RULE)])
            case _:
                self._paragraph(list(_spans(node)))

    def ended(self) -> list[Block]:
        """All that was written."""
        self._close()
        return self.done

    def _paragraph(self, spans: list[Block]) -> None:
        if self.open and spans:
            self.open.append(_text("\n\n"))
        self.open += spans

    def _preformatted(self, text: str) -> None:
        self._close()
        if text.strip():
            self.done.append(_element("rich_text_preformatted", [_text(text)]))

    def _table(self, node: SyntaxTreeNode) -> None:
        rows = [
            [_words(cell) for cell in row.children]
            for part in node.children
            for row in part.children
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        if max(map(len, lines)) <= _WIDEST:
            self._preformatted("\n".join([lines[0], "-" * len(lines[0]), *lines[1:]]))
        else:
            self._close()
            self.done += _records(rows)

    def _close(self) -> None:
        if self.open:
            self.done.append(_element("rich_text_section", self.open))
        self.open = []


def _records(rows: Sequence[Sequence[str]]) -> list[Block]:
    """Write a table that is too wide as a list: each row with the names of its columns."""
    head, *body = rows
    items = [
        _element(
            "rich_text_section",
            [
                _text(f"{head[0]}: "),
                _styled(_text(row[0] or " "), "bold"),
                *(
                    _text(f"\n{name}: {cell}")
                    for name, cell in zip(head[1:], row[1:], strict=True)
                    if cell
                ),
            ],
        )
        for row in body
    ]
    return [{**_element("rich_text_list", items), "style": "bullet"}] if items else []


def _list(node: SyntaxTreeNode, indent: int) -> Iterator[Block]:
    """Write a list, and those in its items: Slack has them one after the other, indented."""
    style = "ordered" if node.type == "ordered_list" else "bullet"
    run = _Run(style, indent, int(node.attrs.get("start", 1)) - 1)
    for item in node.children:
        run.items.append(_element("rich_text_section", _item(item)))
        inner = [each for each in item.children if each.type.endswith("_list")]
        if inner:
            yield run.block
            for each in inner:
                yield from _list(each, indent + 1)
            run = replace(run, offset=run.offset + len(run.items), items=[])
    if run.items:
        yield run.block


@dataclass(frozen=True)
class _Run:
    """Items of a list with no other list between them."""

    style: str
    indent: int
    offset: int
    """How many items of an ordered list stand before."""
    items: list[Block] = field(default_factory=list)

    @property
    def block(self) -> Block:
        """As Slack takes it."""
        block = {**_element("rich_text_list", self.items), "style": self.style}
        if self.indent:
            block["indent"] = self.indent
        if self.offset and self.style == "ordered":
            block["offset"] = self.offset
        return block


def _item(item: SyntaxTreeNode) -> list[Block]:
    """Write an item's own words, each of its paragraphs on a line."""
    spans: list[Block] = []
    for child in item.children:
        if not child.type.endswith("_list"):
            spans += [_text("\n")] if spans else []
            spans += _spans(child)
    return spans or [_text(" ")]


def _quoted(node: SyntaxTreeNode) -> list[Block]:
    spans: list[Block] = []
    for child in node.walk(include_self=False):
        if child.type in ("inline", "fence", "code_block"):
            spans += [_text("\n")] if spans else []
            spans += _spans(child)
    return spans or [_text(" ")]


def _spans(node: SyntaxTreeNode, styles: frozenset[str] = frozenset()) -> Iterator[Block]:
    """Write what stands in a line, in its styles."""
    match node.type:
        case "text" | "code_inline" | "fence" | "code_block" | "html_inline":
            own = styles | {"code"} if node.type == "code_inline" else styles
            if node.content:
                yield _text(node.content, own)
        case "softbreak":
            yield _text(" ", styles)
        case "hardbreak":
            yield _text("\n", styles)
        case "link" if is_url(str(node.attrs.get("href", ""))):
            yield _link(str(node.attrs["href"]), _words(node), styles)
        case "image":
            yield _text(_words(node) or str(node.attrs.get("src", "")), styles)
        case _:
            own = styles | {_STYLES[node.type]} if node.type in _STYLES else styles
            for child in node.children:
                yield from _spans(child, own)


def _words(node: SyntaxTreeNode) -> str:
    """The words of a line, without styles."""
    if node.type in ("text", "code_inline", "fence", "code_block", "html_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(map(_words, node.children))


def _element(kind: str, elements: Sequence[Block]) -> Block:
    return {"type": kind, "elements": list(elements)}


def _text(text: str, styles: frozenset[str] = frozenset()) -> Block:
    return _with_styles({"type": "text", "text": text}, styles)


def _link(url: str, label: str, styles: frozenset[str]) -> Block:
    return _with_styles({"type": "link", "url": url, "text": label or url}, styles)


def _with_styles(element: Block, styles: frozenset[str]) -> Block:
    style: dict[str, Any] = dict.fromkeys(sorted(styles), True)
    return {**element, "style": style} if style else element


def _styled(element: Block, style: str) -> Block:
    return {**element, "style": {**element.get("style", {}), style: True}}

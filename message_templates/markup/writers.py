"""Marked text written for the places in Slack: rich text, mrkdwn and plain text."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from message_templates.markup.marked import Marked
from message_templates.markup.spans import (
    Channel,
    Content,
    Emoji,
    Line,
    LineKind,
    Link,
    Moment,
    Person,
    Span,
    Style,
    Words,
    parse,
)

Block = dict[str, Any]


class Mrkdwn(str):
    """Text that is ready for a text object of type mrkdwn: escaped, with its markup."""

    __slots__ = ()


def escape(text: str) -> str:
    """Replace the three characters that Slack reads as the start of something else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# --- rich text


def rich_text(marked: Marked) -> list[Block]:
    """Write a rich_text block, or none for an empty text; values end in it literally."""
    elements = [
        element
        for kind, lines in groupby(parse(marked), key=lambda line: line.kind)
        for element in _rich_elements(kind, list(lines))
    ]
    return [{"type": "rich_text", "elements": elements}] if elements else []


def _rich_elements(kind: LineKind, lines: Sequence[Line]) -> list[Block]:
    if kind in {LineKind.BULLET, LineKind.ORDERED}:
        items = [
            {"type": "rich_text_section", "elements": _rich_spans(line.spans or _BLANK)}
            for line in lines
        ]
        return [{"type": "rich_text_list", "style": kind.value, "elements": items}]
    spans = [span for line in lines for span in (_LINE_BREAK, *line.spans)][1:]
    name = "rich_text_quote" if kind is LineKind.QUOTE else "rich_text_section"
    return [{"type": name, "elements": _rich_spans(spans)}] if spans else []


_LINE_BREAK = Span(Words("\n"))
_BLANK = (Span(Words(" ")),)
"""What stands in a list item without words: Slack refuses an empty one."""


def _rich_spans(spans: Iterable[Span]) -> list[Block]:
    written: list[Block] = []
    for span in spans:
        element = _rich_content(span.content)
        if span.styles:
            element["style"] = {style.value: True for style in Style if style in span.styles}
        if written and _are_one_text(written[-1], element):
            written[-1]["text"] += element["text"]
        else:
            written.append(element)
    return written


def _are_one_text(first: Block, second: Block) -> bool:
    return first["type"] == second["type"] == "text" and first.get("style") == second.get("style")


def _rich_content(content: Content) -> Block:
    match content:
        case Words(text):
            return {"type": "text", "text": text}
        case Person(user_id):
            return {"type": "user", "user_id": user_id}
        case Channel(channel_id):
            return {"type": "channel", "channel_id": channel_id}
        case Link(url, label):
            return {"type": "link", "url": url, "text": label}
        case Emoji(name):
            return {"type": "emoji", "name": name}
        case Moment():
            return _rich_moment(content)


def _rich_moment(moment: Moment) -> Block:
    date = {
        "type": "date",
        "timestamp": moment.timestamp,
        "format": moment.format,
        "fallback": moment.fallback,
    }
    return {**date, "url": moment.url} if moment.url else date


# --- mrkdwn

_MARKS = {Style.BOLD: "*", Style.ITALIC: "_", Style.STRIKE: "~", Style.CODE: "`"}
_WORD_EDGE = "\u200b"
"""Between a mark and a letter: makes Slack see the edge of a word, which marks need."""
_SOFT_HYPHEN = "\u00ad"
"""Before `>` at the start of a line, where Slack would make a quote even of `&gt;`."""
_LOOKALIKES = {
    "*": "\N{ASTERISK OPERATOR}",
    "_": "\N{MODIFIER LETTER LOW MACRON}",
    "~": "\N{TILDE OPERATOR}",
    "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    ":": "\N{RATIO}",
    "\N{FULLWIDTH ASTERISK}": "\N{SMALL ASTERISK}",
    "\N{FULLWIDTH LOW LINE}": "\N{PARAGRAPHOS}",
    "\N{FULLWIDTH GRAVE ACCENT}": "\N{MODIFIER LETTER GRAVE ACCENT}",
}
"""What looks most like the characters that nothing else disarms in code and in labels."""
_SPECIAL = re.compile(
    r"(?P<quote>(?<![^\r\n])(?:&gt;|\N{FULLWIDTH GREATER-THAN SIGN}))"
    r"|(?P<always>:(?=[^\s:]+:)|[`\N{FULLWIDTH GRAVE ACCENT}])"
    r"|[*_~\N{FULLWIDTH ASTERISK}\N{FULLWIDTH LOW LINE}]"
)
"""Where Slack would start a quote, an emoji, code or a style; it reads full-width marks, too."""


def mrkdwn(marked: Marked) -> Mrkdwn:
    """Write the text for a text object of type mrkdwn; values show as they are."""
    return Mrkdwn(_write_lines(marked, _mrkdwn_spans, quote="> "))


def _mrkdwn_spans(spans: Sequence[Span], styles: Sequence[Style] = tuple(Style)) -> str:
    """Write spans, the outermost style first, so that neighbours share their marks."""
    if not styles:
        return "".join(_mrkdwn_content(span) for span in spans)
    style, inner = styles[0], styles[1:]
    text = ""
    marked_before = False
    for is_marked, group in groupby(spans, key=lambda span: style in span.styles):
        piece = _mrkdwn_spans(list(group), inner)
        piece = _surround(piece, _MARKS[style]) if is_marked else piece
        if (is_marked or marked_before) and (text[-1:].isalnum() or piece[:1].isalnum()):
            text += _WORD_EDGE
        text += piece
        marked_before = is_marked
    return text


def _surround(text: str, mark: str) -> str:
    """Put marks around each line's words: Slack ignores marks across lines or next to blanks."""
    return re.sub(r"\S(?:[^\n]*\S)?", lambda found: f"{mark}{found[0]}{mark}", text)


def _mrkdwn_content(span: Span) -> str:
    match span.content:
        case Words(text):
            return _code(text) if Style.CODE in span.styles else _literal(text)
        case Person(user_id):
            return f"<@{user_id}>"
        case Channel(channel_id):
            return f"<#{channel_id}>"
        case Link(url, label):
            return f"<{escape(url)}|{_label(label)}>"
        case Emoji(name):
            return f":{name}:"
        case Moment(timestamp, form, fallback, url):
            link = f"^{escape(url)}" if url else ""
            return f"<!date^{timestamp}^{form}{link}|{_label(fallback)}>"


def _literal(text: str) -> str:
    """Write text so that Slack shows exactly these characters and formats none of them.

    The fallback of a date that has nothing to format is the one place where every Slack client
    shows a character and never reads it as a mark.
    """
    return _disarm(text, lambda mark: f"<!date^00000000^{{_}}|{mark}>")


def _label(text: str) -> str:
    """Write the label of a link or the fallback of a date: neither can hold dates or bars."""
    flat = text.replace("\n", " ").replace("|", "\N{BROKEN BAR}")
    return _disarm(flat, _LOOKALIKES.__getitem__)


def _code(text: str) -> str:
    """Write code, which only another backtick can end."""
    return escape(re.sub("[`\N{FULLWIDTH GRAVE ACCENT}]", _LOOKALIKES["`"], text))


def _disarm(text: str, replace: Callable[[str], str]) -> str:
    """Escape text and replace the characters that would start markup where they stand."""

    def disarmed(found: re.Match[str]) -> str:
        if found["quote"]:
            return _SOFT_HYPHEN + found[0]
        before = found.string[max(found.start() - 1, 0) : found.start()]
        after = found.string[found.end() : found.end() + 1]
        inside_word = before.isalnum() and after.isalnum()
        alone = not before.strip() and not after.strip()
        stays = not found["always"] and (inside_word or alone)
        return found[0] if stays else replace(found[0])

    return _SPECIAL.sub(disarmed, escape(text))


# --- plain text


def plain(marked: Marked, *, escaped: bool = False) -> str:
    """Write the words alone, mentions by their label; `escaped` for the `text` of a message."""
    text = _write_lines(marked, _plain_spans, quote="")
    return escape(text) if escaped else text


def _plain_spans(spans: Sequence[Span]) -> str:
    return "".join(_plain_content(span.content) for span in spans)


def _plain_content(content: Content) -> str:
    match content:
        case Words(text):
            return text
        case Person(user_id, label):
            return label or f"@{user_id}"
        case Channel(channel_id, label):
            return f"#{label or channel_id}"
        case Link(_, label):
            return label
        case Emoji(name):
            return f":{name}:"
        case Moment(fallback=fallback):
            return fallback


# --- both

_INDENT = "    "


def _write_lines(marked: Marked, write: Callable[[Sequence[Span]], str], quote: str) -> str:
    """Write all lines; further lines of a value stay within their list item or quote."""
    written = []
    for kind, lines in groupby(parse(marked), key=lambda line: line.kind):
        for number, line in enumerate(lines, start=1):
            first, further = {
                LineKind.TEXT: ("", ""),
                LineKind.BULLET: ("• ", _INDENT),
                LineKind.ORDERED: (f"{number}. ", _INDENT),
                LineKind.QUOTE: (quote, quote),
            }[kind]
            written.append(first + write(line.spans).replace("\n", f"\n{further}"))
    return "\n".join(written)

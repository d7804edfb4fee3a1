"""The grammar of the templates' markup: Marked text goes in, lines of styled spans come out.

The patterns run over the frame only, where each value is a single HOLE. So a value cannot start,
end or extend any markup, whatever it contains.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from message_templates.markup.marked import HOLE, Marked


class Style(StrEnum):
    """Looks that a span can have, by their name in rich text; outermost first."""

    BOLD = "bold"
    ITALIC = "italic"
    STRIKE = "strike"
    CODE = "code"


class LineKind(StrEnum):
    """What a line is, by the marker that it begins with."""

    TEXT = "text"
    BULLET = "bullet"
    ORDERED = "ordered"
    QUOTE = "quote"


@dataclass(frozen=True)
class Words:
    """Characters that mean nothing but themselves."""

    text: str


@dataclass(frozen=True)
class Person:
    """A mention; the label is for places where Slack does not show names."""

    user_id: str
    label: str


@dataclass(frozen=True)
class Channel:
    """A link to a channel; the label is for places where Slack does not show names."""

    channel_id: str
    label: str


@dataclass(frozen=True)
class Link:
    """A web or mail address under a label."""

    url: str
    label: str


@dataclass(frozen=True)
class Moment:
    """An instant that each reader sees in their own time zone."""

    timestamp: int
    format: str
    fallback: str
    url: str


@dataclass(frozen=True)
class Emoji:
    """An emoji by its name in Slack."""

    name: str


Content = Words | Person | Channel | Link | Moment | Emoji


@dataclass(frozen=True)
class Span:
    """One piece of a line, in its looks."""

    content: Content
    styles: frozenset[Style] = frozenset()


@dataclass(frozen=True)
class Line:
    """One line of the template; values in it may hold line breaks of their own."""

    kind: LineKind
    spans: tuple[Span, ...]


_LINE_MARKERS = {
    LineKind.BULLET: re.compile(r"• "),
    LineKind.ORDERED: re.compile(r"\d+\. "),
    LineKind.QUOTE: re.compile(r"> ?"),
}


def _paired(mark: str, name: str) -> str:
    """Write the pattern of a style: as in Slack, it opens and closes only at the edge of a word."""
    return rf"(?<!\w){mark}(?=\S)(?P<{name}>[^{mark}\n]*[^{mark}\s]){mark}(?!\w)"


_INLINE = re.compile(
    "|".join(
        (
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<angle>[^<>\n]+)>",
            r"(?<!\w):(?P<emoji>[a-z+][a-z0-9_+'-]*):",
            rf"(?P<mark>[*_~])(?P<value>{HOLE})(?P=mark)",
            _paired(r"\*", Style.BOLD),
            _paired("_", Style.ITALIC),
            _paired("~", Style.STRIKE),
        )
    )
)
"""Marks right around one value work within a word, too, for what the template means is plain."""
_STYLES = {"*": Style.BOLD, "_": Style.ITALIC, "~": Style.STRIKE}
_PERSON = re.compile(r"@([UW][A-Z0-9]+)")
_CHANNEL = re.compile(r"#([CG][A-Z0-9]+)")
_MOMENT = re.compile(r"!date\^(\d+)\^([^^]+)(?:\^([^\s^]+))?")
_URL = re.compile(r"(?:https?://|mailto:)[^\s<>|]+")


def parse(marked: Marked) -> list[Line]:
    """Read the markup, line by line."""
    lines = []
    start = 0
    for frame in marked.frame.split("\n") if marked else ():
        end = start + len(frame)
        kind, width = _line_marker(frame)
        lines.append(Line(kind, tuple(_spans(marked.cut(start + width, end)))))
        start = end + 1
    return lines


def is_user_id(text: str) -> bool:
    """Tell whether this is the Slack id of a person."""
    return _PERSON.fullmatch(f"@{text}") is not None


def is_channel_id(text: str) -> bool:
    """Tell whether this is the Slack id of a channel."""
    return _CHANNEL.fullmatch(f"#{text}") is not None


def is_url(text: str) -> bool:
    """Tell whether this can be linked to: a web or mail address without blanks."""
    return _URL.fullmatch(text) is not None


def _line_marker(frame: str) -> tuple[LineKind, int]:
    for kind, pattern in _LINE_MARKERS.items():
        if match := pattern.match(frame):
            return kind, match.end()
    return LineKind.TEXT, 0


def _spans(text: Marked, styles: frozenset[Style] = frozenset()) -> Iterator[Span]:
    position = 0
    for match in _INLINE.finditer(text.frame):
        yield from _words(text.cut(position, match.start()), styles)
        name = match.lastgroup or ""
        inner = text.cut(*match.span(name))
        match name:
            case "code":
                yield from _words(inner, styles | {Style.CODE})
            case "angle":
                yield Span(_reference(inner), styles)
            case "emoji":
                yield Span(Emoji(inner.frame), styles)
            case "value":
                yield from _words(inner, styles | {_STYLES[match["mark"]]})
            case _:
                yield from _spans(inner, styles | {Style(name)})
        position = match.end()
    yield from _words(text.cut(position, len(text.frame)), styles)


def _words(text: Marked, styles: frozenset[Style]) -> Iterator[Span]:
    if filled := text.filled():
        yield Span(Words(filled), styles)


def _reference(inner: Marked) -> Content:
    """Read what stands between angle brackets."""
    bar = inner.frame.find("|")
    target = inner.cut(0, bar if bar >= 0 else len(inner.frame)).filled()
    label = inner.cut(bar + 1, len(inner.frame)).filled() if bar >= 0 else ""
    if match := _PERSON.fullmatch(target):
        return Person(match[1], label)
    if match := _CHANNEL.fullmatch(target):
        return Channel(match[1], label)
    if is_url(target):
        return Link(target, label or target)
    if (match := _MOMENT.fullmatch(target)) and label:
        return Moment(int(match[1]), match[2], label, match[3] or "")
    raise ValueError(
        f"<{inner.filled()}> is not a mention, a channel, a link or a date with its fallback;"
        ' write {{ "<" }} for the sign itself'
    )

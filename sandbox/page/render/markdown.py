"""The markdown block: headings, lists, quotes, code and inline marks, no more."""

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from markupsafe import Markup

from sandbox.page.render.context import RenderContext
from sandbox.page.render.emoji import replace_short_codes
from sandbox.page.render.html import join, link, tag
from sandbox.page.render.mrkdwn import render_mrkdwn

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```\s*?$\n?", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"(#{1,6})\s+(.+)")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})\s*$")
_BULLET = re.compile(r"\s*[-*+]\s+")
_NUMBER = re.compile(r"\s*\d+[.)]\s+")
_QUOTE = re.compile(r">\s?")
_INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<target>[^)\s]+)\)"
    r"|(?P<bold>\*\*(?=\S)[^\n]+?(?<=\S)\*\*)"
    r"|(?P<strike>~~(?=\S)[^\n]+?(?<=\S)~~)"
    r"|(?P<italic>(?<![\w*])\*(?=\S)[^*\n]+(?<=\S)\*|(?<![\w_])_(?=\S)[^_\n]+(?<=\S)_(?!\w))"
    r"|(?P<angle><[@#!][^<>\n]+>|<https?://[^<>\n]+>)"
    r"|(?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\]'\"*_~])"
)
_STYLES = {"bold": ("strong", 2), "strike": ("s", 2), "italic": ("em", 1)}


def render_markdown(text: str, context: RenderContext) -> Markup:
    """Render the text of a markdown block."""
    parts = _FENCE.split(text)
    return tag(
        "div",
        *(
            tag("pre", part.removesuffix("\n")) if index % 2 else _blocks(part, context)
            for index, part in enumerate(parts)
        ),
        class_="rich",
    )


def _blocks(text: str, context: RenderContext) -> Markup:
    rendered: list[Markup] = []
    for kind, group in groupby(text.split("\n"), key=_kind):
        rendered.append(_RENDERERS[kind](list(group), context))
    return join(rendered)


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    patterns = {
        "heading": _HEADING,
        "rule": _RULE,
        "bullets": _BULLET,
        "numbers": _NUMBER,
        "quote": _QUOTE,
    }
    return next((kind for kind, pattern in patterns.items() if pattern.match(line)), "paragraph")


def _headings(lines: Sequence[str], context: RenderContext) -> Markup:
    found = (match for line in lines if (match := _HEADING.match(line)))
    return join(
        tag("p", tag("strong", _inline(match[2], context)), class_=f"heading-{len(match[1])}")
        for match in found
    )


def _items(name: str, marker: re.Pattern[str]) -> Callable[[Sequence[str], RenderContext], Markup]:
    def render(lines: Sequence[str], context: RenderContext) -> Markup:
        items = (tag("li", _inline(marker.sub("", line, count=1), context)) for line in lines)
        return tag(name, *items)

    return render


def _quote(lines: Sequence[str], context: RenderContext) -> Markup:
    return tag("blockquote", _lines([_QUOTE.sub("", line, count=1) for line in lines], context))


def _lines(lines: Sequence[str], context: RenderContext) -> Markup:
    return tag("br").join(_inline(line, context) for line in lines)


_RENDERERS: dict[str, Callable[[Sequence[str], RenderContext], Markup]] = {
    "blank": lambda _lines, _context: Markup(),
    "heading": _headings,
    "rule": lambda lines, _context: join(tag("hr") for _ in lines),
    "bullets": _items("ul", _BULLET),
    "numbers": _items("ol", _NUMBER),
    "quote": _quote,
    "paragraph": lambda lines, context: tag("p", _lines(lines, context)),
}


def _inline(text: str, context: RenderContext) -> Markup:
    parts: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.extend((replace_short_codes(text[end : match.start()]), _piece(match, context)))
        end = match.end()
    return join([*parts, replace_short_codes(text[end:])])


def _piece(match: re.Match[str], context: RenderContext) -> Markup:
    piece = match[0]
    if match["code"]:
        return tag("code", piece[1:-1])
    if match["target"]:
        return link(match["target"], match["label"])
    if match["url"]:
        return link(piece, piece)
    if match["angle"]:
        return render_mrkdwn(piece, context)
    name, width = _STYLES[match.lastgroup or "italic"]
    return tag(name, _inline(piece[width:-width], context))

"""Slack's mrkdwn to HTML: `*bold*`, `<url|label>`, `<@U1>`, `:emoji:`, quotes and code."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from markupsafe import Markup

from sandbox.page.render.context import RenderContext
from sandbox.page.render.dates import format_date
from sandbox.page.render.emoji import replace_short_codes
from sandbox.page.render.html import is_safe_url, join, link, show, tag
from sandbox.page.render.mentions import broadcast_mention, channel_mention, user_mention

_FENCE = re.compile(r"```\n?(.+?)\n?```\n?", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def _styled(mark: str) -> str:
    """Pattern of a marked span: marks hug the text and stand at word boundaries."""
    m = re.escape(mark)
    return rf"(?<![\w{m}]){m}(?=[^\s{m}])(?:<[^<>\n]*>|[^{m}<\n])+?(?<=\S){m}(?![\w{m}])"


_INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|(?P<angle><[^<>\n]+>)"
    r"|(?P<url>https?://[^\s<>|`]*[^\s<>|`.,;:!?)\]}'\"*_~])"
    r"|(?P<emoji>:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)"
    rf"|(?P<bold>{_styled('*')})|(?P<italic>{_styled('_')})|(?P<strike>{_styled('~')})"
)
_STYLE_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}


def render_mrkdwn(text: str, context: RenderContext, *, verbatim: bool = False) -> Markup:
    """Render a text as Slack reads it; `verbatim` leaves bare addresses unlinked."""
    parts: list[Markup] = []
    for index, part in enumerate(_FENCE.split(text)):
        if index % 2:
            parts.append(tag("pre", _literal(part)))
        elif part:
            parts.extend(_paragraphs(part, context, verbatim=verbatim))
    return join(parts)


def decode_entities(text: str) -> str:
    """Undo the three escapes that Slack knows, once."""
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _paragraphs(text: str, context: RenderContext, *, verbatim: bool) -> Iterator[Markup]:
    lines = text.removesuffix("\n").split("\n")
    for quoted, group in groupby(lines, key=lambda line: bool(_QUOTE.match(line))):
        rendered = tag("br").join(
            _inline(_QUOTE.sub("", line, count=1) if quoted else line, context, verbatim=verbatim)
            for line in group
        )
        yield tag("blockquote", rendered) if quoted else rendered


def _inline(text: str, context: RenderContext, *, verbatim: bool) -> Markup:
    parts: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.extend(
            (_literal(text[end : match.start()]), _piece(match, context, verbatim=verbatim))
        )
        end = match.end()
    return join([*parts, _literal(text[end:])])


def _piece(match: re.Match[str], context: RenderContext, *, verbatim: bool) -> Markup:
    kind, piece = match.lastgroup, match[0]
    if kind == "code":
        return tag("code", _literal(piece[1:-1]))
    if kind == "angle":
        return _angle(piece[1:-1], context)
    if kind == "url":
        return _literal(piece) if verbatim else link(decode_entities(piece), decode_entities(piece))
    if kind == "emoji":
        return show(replace_short_codes(piece))
    inner = _inline(piece[1:-1], context, verbatim=verbatim)
    return tag(_STYLE_TAGS[kind or "bold"], inner)


def _angle(content: str, context: RenderContext) -> Markup:
    """Render what stands between `<` and `>`: a mention, a date or a link."""
    target, _, label = content.partition("|")
    special: dict[str, Callable[[], Markup]] = {
        "@": lambda: user_mention(target[1:], context),
        "#": lambda: channel_mention(target[1:], context),
        "!": lambda: _special(target[1:], label, context),
    }
    if render := special.get(target[:1]):
        return render()
    if not is_safe_url(target):
        return _literal(f"<{content}>")
    target, label = decode_entities(target), replace_short_codes(decode_entities(label))
    return link(target, label or target.removeprefix("mailto:"))


def _special(command: str, label: str, context: RenderContext) -> Markup:
    if command.startswith("date^"):
        return _date(command.split("^"), decode_entities(label), context)
    if command.startswith("subteam^"):
        return broadcast_mention(label or command.removeprefix("subteam^"))
    return broadcast_mention(label or command)


def _date(parts: list[str], fallback: str, context: RenderContext) -> Markup:
    """Render `date^timestamp^template[^link]`; what can't be read falls back."""
    _, timestamp, template, *rest = [*parts, "", ""]
    if not timestamp.isdecimal():
        return _literal(fallback)
    shown = format_date(decode_entities(template), int(timestamp), context)
    if shown is None:
        return _literal(fallback)
    if rest and is_safe_url(rest[0]):
        return link(decode_entities(rest[0]), shown)
    return tag("time", shown, title=fallback or None)


def _literal(text: str) -> Markup:
    return show(decode_entities(text))

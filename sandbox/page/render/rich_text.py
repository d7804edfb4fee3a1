"""The rich_text block: sections, lists, quotes and preformatted text, literally."""

from collections.abc import Callable, Iterable, Mapping

from markupsafe import Markup

from sandbox.page.render.context import Json, RenderContext
from sandbox.page.render.dates import format_date
from sandbox.page.render.emoji import emoji_character
from sandbox.page.render.html import is_safe_url, join, link, show, tag, with_line_breaks
from sandbox.page.render.mentions import broadcast_mention, channel_mention, user_mention
from sandbox.page.render.unknown import unknown

_DEEPEST_INDENT = 8
_STYLE_TAGS = {"code": "code", "strike": "s", "italic": "em", "bold": "strong", "underline": "u"}


def render_rich_text(block: Json, context: RenderContext) -> Markup:
    """Render a whole rich_text block, or a rich_text value."""
    return tag("div", *(_part(part, context) for part in block.get("elements", [])), class_="rich")


def _part(part: Json, context: RenderContext) -> Markup:
    kind = part.get("type")
    if kind == "rich_text_list":
        return _list(part, context)
    wrappers = {
        "rich_text_section": "div",
        "rich_text_quote": "blockquote",
        "rich_text_preformatted": "pre",
    }
    if kind not in wrappers:
        return unknown("rich text part", part)
    return tag(wrappers[kind], _inlines(part.get("elements", []), context))


def _list(part: Json, context: RenderContext) -> Markup:
    ordered = part.get("style") == "ordered"
    indent = min(int(part.get("indent", 0)), _DEEPEST_INDENT)
    items = (
        tag("li", _inlines(item.get("elements", []), context)) for item in part.get("elements", [])
    )
    start = int(part.get("offset", 0)) + 1 if ordered else None
    return tag("ol" if ordered else "ul", *items, class_=f"indent-{indent}", start=start)


def _inlines(elements: Iterable[Json], context: RenderContext) -> Markup:
    return join(_styled(element, _inline(element, context)) for element in elements)


def _styled(element: Json, content: Markup) -> Markup:
    style = element.get("style")
    if isinstance(style, Mapping):
        for name, wrapper in _STYLE_TAGS.items():
            if style.get(name):
                content = tag(wrapper, content)
    return content


def _inline(element: Json, context: RenderContext) -> Markup:
    renderers: dict[str, Callable[[Json, RenderContext], Markup]] = {
        "text": lambda item, _: with_line_breaks(item.get("text", "")),
        "link": lambda item, _: link(item.get("url", ""), item.get("text") or item.get("url", "")),
        "user": lambda item, ctx: user_mention(item.get("user_id", ""), ctx),
        "channel": lambda item, ctx: channel_mention(item.get("channel_id", ""), ctx),
        "usergroup": lambda item, _: broadcast_mention(item.get("usergroup_id", "")),
        "broadcast": lambda item, _: broadcast_mention(item.get("range", "")),
        "emoji": lambda item, _: show(emoji_character(item.get("name", ""))),
        "date": _date,
        "color": lambda item, _: _color(item),
    }
    render = renderers.get(element.get("type", ""))
    return render(element, context) if render else unknown("rich text element", element)


def _date(element: Json, context: RenderContext) -> Markup:
    filled = format_date(element.get("format", ""), int(element.get("timestamp", 0)), context)
    shown = str(element.get("fallback", "")) if filled is None else filled
    url = element.get("url", "")
    return link(url, shown) if is_safe_url(url) else tag("time", shown)


def _color(element: Json) -> Markup:
    value = str(element.get("value", ""))
    swatch = tag("svg", tag("rect", width="10", height="10", fill=value), class_="swatch")
    return tag("span", swatch, tag("code", value))


def plain_rich_text(value: Json) -> str:
    """Return the bare text of a rich_text value, one line a part, for editing."""
    return "\n".join(_bare(part) for part in value.get("elements", []))


def _bare(part: Json) -> str:
    if part.get("type") == "rich_text_list":
        return "\n".join(f"- {_bare(item)}" for item in part.get("elements", []))
    return "".join(str(item.get("text") or item.get("url", "")) for item in part["elements"])

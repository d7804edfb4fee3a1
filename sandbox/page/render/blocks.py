"""Block Kit blocks to HTML: pure functions on what the app sent."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from sandbox.page.render.context import Json, RenderContext
from sandbox.page.render.elements import Slot, render_element
from sandbox.page.render.html import is_safe_url, join, link, tag
from sandbox.page.render.markdown import render_markdown
from sandbox.page.render.rich_text import render_rich_text
from sandbox.page.render.tables import render_data_table, render_table
from sandbox.page.render.texts import plain, render_text
from sandbox.page.render.unknown import unknown

MALFORMED = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What rendering raises for a block of a wrong shape: it must not take the page down."""

_HEADER_TAGS = {1: "h2", 2: "h3", 3: "h4", 4: "h5"}


def render_blocks(blocks: Iterable[Json], context: RenderContext) -> Markup:
    """Render blocks in order; what is not known is shown as such, with its JSON."""
    return join(_block(block, context) for block in blocks)


def _block(block: Any, context: RenderContext) -> Markup:
    render = _RENDERERS.get(block.get("type", "")) if isinstance(block, dict) else None
    if render is None:
        return unknown("block", block)
    try:
        return render(block, context)
    except MALFORMED:
        return unknown("malformed block", block)


def _slot(block: Json, context: RenderContext, **options: Any) -> Slot:
    return Slot(str(block.get("block_id", "")), context, **options)


def _section(block: Json, context: RenderContext) -> Markup:
    text, fields = block.get("text"), block.get("fields", [])
    body = tag(
        "div",
        tag("div", render_text(text, context), class_="text") if text else "",
        tag("div", *(tag("div", render_text(f, context)) for f in fields), class_="fields")
        if fields
        else "",
        class_="section-body",
    )
    accessory = block.get("accessory")
    beside = tag("div", _accessory(accessory, block, context)) if accessory else ""
    return tag("div", body, beside, class_="block section")


def _accessory(element: Json, block: Json, context: RenderContext) -> Markup:
    if element.get("type") == "image":
        return _picture(element, context, "thumbnail")
    label = "" if element.get("type") == "button" else plain(block.get("text"))
    return render_element(element, _slot(block, context, label=label))


def _header(block: Json, context: RenderContext) -> Markup:
    name = _HEADER_TAGS.get(block.get("level", 2), "h3")
    return tag(name, render_text(block.get("text") or {}, context), class_="block header")


def _divider(_block: Json, _context: RenderContext) -> Markup:
    return tag("hr", class_="block")


def _context_block(block: Json, context: RenderContext) -> Markup:
    items = (
        _picture(element, context, "icon")
        if element.get("type") == "image"
        else tag("span", render_text(element, context))
        for element in block.get("elements", [])
    )
    return tag("div", *items, class_="block context")


def _actions(block: Json, context: RenderContext) -> Markup:
    items = (
        render_element(element, _slot(block, context, label=_name(element)))
        for element in block.get("elements", [])
    )
    return tag("div", *items, class_="block actions")


def _name(element: Json) -> str:
    """Name a control that stands without a label, by its placeholder."""
    if element.get("type") == "button":
        return ""
    return plain(element.get("placeholder")) or str(element.get("type", "")).replace("_", " ")


def _input(block: Json, context: RenderContext) -> Markup:
    element, optional = block.get("element") or {}, bool(block.get("optional"))
    slot = _slot(
        block,
        context,
        in_input=True,
        dispatches=bool(block.get("dispatch_action")),
        required=not optional,
    )
    anchor = f"{context.scope}-{slot.block_id}"
    return tag(
        "div",
        tag(
            "label",
            plain(block.get("label")),
            tag("small", " (optional)") if optional else "",
            for_=slot.element_id(element),
            id=f"{anchor}-label",
        ),
        render_element(element, slot),
        tag("p", class_="error", id=f"{anchor}-error", data_error=slot.block_id, hidden=True),
        tag("p", plain(block.get("hint")), class_="hint", id=f"{anchor}-hint"),
        class_="block input",
    )


def _image(block: Json, context: RenderContext) -> Markup:
    title, alt = plain(block.get("title")), str(block.get("alt_text", ""))
    caption = tag("figcaption", tag("strong", title) if title else "", tag("span", alt))
    return tag("figure", _picture(block, context, "picture"), caption, class_="block image")


def _picture(image: Json, context: RenderContext, css_class: str) -> Markup:
    file_id = str((image.get("slack_file") or {}).get("id", ""))
    url = context.files.get(file_id) or str(image.get("image_url", ""))
    alt = str(image.get("alt_text", ""))
    if not (file_id in context.files or is_safe_url(url)):
        return tag("span", alt or "Image", class_="missing-image")
    return tag("img", src=url, alt=alt, title=alt or None, class_=css_class)


def _alert(block: Json, context: RenderContext) -> Markup:
    level = block.get("level", "default")
    known = level if level in {"info", "warning", "error", "success"} else "default"
    text = render_text(block.get("text") or {}, context)
    return tag("div", text, class_=f"block alert alert-{known}", role="note")


def _file(block: Json, _context: RenderContext) -> Markup:
    return tag("div", "Remote file ", tag("code", block.get("external_id", "")), class_="block")


def _video(block: Json, context: RenderContext) -> Markup:
    title = plain(block.get("title")) or "Video"
    picture = {"image_url": block.get("thumbnail_url", ""), "alt_text": block.get("alt_text", "")}
    return tag(
        "figure",
        _picture(picture, context, "picture"),
        tag("figcaption", "▶ ", link(str(block.get("title_url", "")), title)),
        class_="block image",
    )


_RENDERERS: dict[str, Callable[[Json, RenderContext], Markup]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context_block,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "rich_text": lambda block, context: tag(
        "div", render_rich_text(block, context), class_="block"
    ),
    "markdown": lambda block, context: tag(
        "div", render_markdown(str(block.get("text", "")), context), class_="block"
    ),
    "table": render_table,
    "data_table": render_data_table,
    "alert": _alert,
    "file": _file,
    "video": _video,
}

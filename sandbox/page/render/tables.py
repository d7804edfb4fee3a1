"""The two table blocks: `table`, and `data_table` with its caption and header row."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from sandbox.page.render.context import Json, RenderContext
from sandbox.page.render.html import join, tag
from sandbox.page.render.rich_text import render_rich_text
from sandbox.page.render.unknown import unknown


def render_table(block: Json, context: RenderContext) -> Markup:
    """Render a table block; its columns may be aligned."""
    settings = block.get("column_settings", [])
    classes = [_alignment(setting or {}) for setting in settings]
    rows = (_row("td", row, classes, context) for row in block.get("rows", []))
    return _scrolling(tag("table", tag("tbody", *rows)))


def render_data_table(block: Json, context: RenderContext) -> Markup:
    """Render a data_table block; its first row is the header."""
    header, *rows = block["rows"]
    return _scrolling(
        tag(
            "table",
            tag("caption", str(block.get("caption", ""))),
            tag("thead", _row("th", header, [], context)),
            tag("tbody", *(_row("td", row, [], context) for row in rows)),
        )
    )


def _scrolling(table: Markup) -> Markup:
    return tag("div", table, class_="block table", tabindex="0")


def _row(
    name: str, cells: Sequence[Json], classes: Sequence[str | None], context: RenderContext
) -> Markup:
    return tag("tr", join(_cells(name, cells, classes, context)))


def _cells(
    name: str, cells: Sequence[Json], classes: Sequence[str | None], context: RenderContext
) -> Iterator[Markup]:
    for column, cell in enumerate(cells):
        css_class = classes[column] if column < len(classes) else None
        yield tag(name, _content(cell, context), class_=css_class)


def _content(cell: Json, context: RenderContext) -> str:
    kind = cell.get("type")
    if kind == "raw_text":
        return str(cell.get("text", ""))
    if kind == "raw_number":
        return str(cell.get("text") or cell.get("value", ""))
    if kind == "rich_text":
        return render_rich_text(cell, context)
    return unknown("table cell", cell)


def _alignment(setting: Json) -> str | None:
    alignment = setting.get("align")
    return f"align-{alignment}" if alignment in {"center", "right"} else None

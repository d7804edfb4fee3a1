"""Each kind of block, described field by field."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox import limits
from sandbox.blockkit.checks import (
    Check,
    Problems,
    anything,
    array,
    at_least_one,
    boolean,
    by_type,
    every,
    exactly_one,
    integer,
    number,
    one_of,
    record,
    text,
)
from sandbox.blockkit.elements import (
    ACCESSORIES,
    ACTION_ELEMENTS,
    BUTTON,
    IMAGE_ELEMENT,
    IMAGE_SOURCE,
    INPUT_ELEMENTS,
    MESSAGE_ACTIONS,
)
from sandbox.blockkit.problem import Problem
from sandbox.blockkit.richtext import RICH_TEXT, RICH_TEXT_FIELDS
from sandbox.blockkit.texts import any_text, plain

_ID = {"block_id": text(limits.BLOCK_ID)}


def _context_kinds() -> Mapping[str, Check]:
    texts = any_text()
    return {"image": IMAGE_ELEMENT, "plain_text": texts, "mrkdwn": texts}


def _same_width(value: Any, at: str) -> Problems:
    width = len(value["rows"][0])
    for index, row in enumerate(value["rows"]):
        if len(row) != width:
            yield Problem(f"{at}/rows/{index}", f"all rows must have {width} cells")


def _plain_head(value: Any, at: str) -> Problems:
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            yield Problem(f"{at}/rows/0/{index}", "rich_text is not allowed in header cells")


def _dispatchable(value: Any, at: str) -> Problems:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        yield Problem(f"{at}/dispatch_action", "is not available for file_input")


_CELLS: Mapping[str, Check] = {
    "raw_text": record({"text": text()}),
    "raw_number": record({"value": number}, {"text": text()}),
    "rich_text": RICH_TEXT,
}

BASIC: Mapping[str, Check] = {
    "section": every(
        record(
            {},
            {
                **_ID,
                "text": any_text(limits.SECTION_TEXT),
                "fields": array(any_text(limits.SECTION_FIELD), 1, limits.SECTION_FIELDS),
                "accessory": by_type(lambda: ACCESSORIES),
                "expand": boolean,
            },
        ),
        at_least_one("text", "fields"),
    ),
    "divider": record({}, _ID),
    "header": record(
        {"text": plain(limits.HEADER_TEXT)}, {**_ID, "level": integer(*limits.HEADER_LEVEL)}
    ),
    "image": every(
        record(
            {"alt_text": text(limits.ALT_TEXT, 1)},
            {**_ID, **IMAGE_SOURCE, "title": plain(limits.IMAGE_TITLE)},
        ),
        exactly_one("image_url", "slack_file"),
    ),
    "context": record(
        {"elements": array(by_type(_context_kinds), 1, limits.CONTEXT_ELEMENTS)}, _ID
    ),
    "actions": record(
        {"elements": array(by_type(lambda: ACTION_ELEMENTS), 1, limits.ACTIONS_ELEMENTS)}, _ID
    ),
    "context_actions": record(
        {"elements": array(by_type(lambda: MESSAGE_ACTIONS), 1, limits.CONTEXT_ACTIONS_ELEMENTS)},
        _ID,
    ),
    "input": every(
        record(
            {
                "label": plain(limits.INPUT_LABEL),
                "element": by_type(lambda: INPUT_ELEMENTS),
            },
            {
                **_ID,
                "hint": plain(limits.INPUT_HINT),
                "optional": boolean,
                "dispatch_action": boolean,
            },
        ),
        _dispatchable,
    ),
    "rich_text": record(RICH_TEXT_FIELDS, _ID),
    "markdown": record({"text": text(None, 1)}, _ID),
    "file": record({"external_id": text(None, 1), "source": one_of("remote")}, _ID),
    "video": record(
        {
            "alt_text": text(None, 1),
            "title": plain(199),
            "thumbnail_url": text(None, 1),
            "video_url": text(None, 1),
        },
        {
            **_ID,
            "author_name": text(49),
            "description": plain(199),
            "provider_icon_url": text(),
            "provider_name": text(),
            "title_url": text(),
        },
    ),
}


def _row(most: int, least: int = 1) -> Check:
    return array(by_type(lambda: _CELLS), least, most)


TABLES: Mapping[str, Check] = {
    "table": record(
        {"rows": array(_row(limits.TABLE_CELLS), 1, limits.TABLE_ROWS)},
        {
            **_ID,
            "column_settings": array(
                record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean}),
                0,
                limits.TABLE_CELLS,
            ),
        },
    ),
    "data_table": every(
        record(
            {
                "caption": text(None, 1),
                "rows": array(
                    _row(limits.DATA_TABLE_COLUMNS[1], limits.DATA_TABLE_COLUMNS[0]),
                    *limits.DATA_TABLE_ROWS,
                ),
            },
            {
                **_ID,
                "page_size": integer(*limits.DATA_TABLE_PAGE),
                "row_header_column_index": integer(0, limits.DATA_TABLE_COLUMNS[1] - 1),
            },
        ),
        _same_width,
        _plain_head,
    ),
}

_LABEL = text(limits.CHART_LABEL, 1)
_POINT = record({"label": _LABEL, "value": number})
_SERIES = record(
    {"name": _LABEL, "data": array(_POINT, 1, limits.CHART_POINTS)},
)
_AXES = record(
    {"categories": array(_LABEL, 1, limits.CHART_POINTS)},
    {
        "x_label": text(limits.CHART_AXIS_LABEL),
        "y_label": text(limits.CHART_AXIS_LABEL),
    },
    extra=True,
)


def _positive_segments(value: Any, at: str) -> Problems:
    for index, segment in enumerate(value["segments"]):
        if segment["value"] <= 0:
            yield Problem(f"{at}/segments/{index}/value", "must be greater than 0")


def _complete_series(value: Any, at: str) -> Problems:
    categories = value["axis_config"]["categories"]
    for index, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield Problem(f"{at}/series/{index}/data", "must have every category once")


_XY_CHART = every(
    record({"series": array(_SERIES, 1, limits.CHART_SERIES), "axis_config": _AXES}),
    _complete_series,
)
_CHARTS: Mapping[str, Check] = {
    "pie": every(record({"segments": array(_POINT, 1, limits.CHART_SERIES)}), _positive_segments),
    "bar": _XY_CHART,
    "area": _XY_CHART,
    "line": _XY_CHART,
}

_TASK_FIELDS = {
    **_ID,
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": array(anything),
    "status": one_of("pending", "in_progress", "complete", "error"),
}
_TASK = record({"task_id": text(None, 1), "title": text(None, 1)}, _TASK_FIELDS)


def _not_pending(value: Any, at: str) -> Problems:
    if value.get("status") == "pending":
        yield Problem(f"{at}/status", "pending is only allowed inside a plan")


_CARD_TEXTS = dict(zip(("title", "subtitle", "body", "subtext"), limits.CARD, strict=True))
_CARD = every(
    record(
        {},
        {
            **_ID,
            **{name: any_text(most) for name, most in _CARD_TEXTS.items()},
            "icon": IMAGE_ELEMENT,
            "hero_image": IMAGE_ELEMENT,
            "actions": array(by_type(lambda: {"button": BUTTON}), 1, limits.CARD_ACTIONS),
        },
    ),
    at_least_one("title", "body", "actions", "hero_image"),
)

RECENT: Mapping[str, Check] = {
    "data_visualization": record(
        {"title": text(limits.CHART_TITLE, 1), "chart": by_type(lambda: _CHARTS)}, _ID
    ),
    "task_card": every(_TASK, _not_pending),
    "plan": record(
        {"title": text(None, 1)}, {**_ID, "tasks": array(by_type(lambda: {"task_card": _TASK}))}
    ),
    "alert": record(
        {"text": any_text(limits.ALERT_TEXT)},
        {**_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "card": _CARD,
    "carousel": record(
        {"elements": array(by_type(lambda: {"card": _CARD}), *limits.CAROUSEL)}, _ID
    ),
    "container": record(
        {"child_blocks": array(by_type(lambda: BLOCKS), 1, limits.CONTAINER_CHILDREN)},
        {
            **_ID,
            "title": plain(limits.CONTAINER[0]),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(limits.CONTAINER[1]),
            "icon": anything,
            "width": anything,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
}
"""Blocks of 2026, checked as far as their documentation goes."""

BLOCKS: Mapping[str, Check] = {**BASIC, **TABLES, **RECENT}
BLOCK: Callable[[Any, str], Problems] = by_type(lambda: BLOCKS)

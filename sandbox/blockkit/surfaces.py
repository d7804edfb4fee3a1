"""What a message, a modal and an App Home may hold, beyond the fields of each block."""

from collections.abc import Iterator
from typing import Any, Literal

from sandbox import limits
from sandbox.blockkit.blocks import BLOCK
from sandbox.blockkit.checks import Fields, Problems, anything, array, boolean, record, text
from sandbox.blockkit.problem import Problem
from sandbox.blockkit.texts import plain

Surface = Literal["message", "modal", "home"]

_SHARED: Fields = {
    "private_metadata": text(limits.PRIVATE_METADATA),
    "callback_id": text(limits.CALLBACK_ID),
    "external_id": text(limits.EXTERNAL_ID),
}
MODAL = record(
    {"title": plain(limits.VIEW_TITLE), "blocks": array(anything)},
    {
        **_SHARED,
        "submit": plain(limits.VIEW_TITLE),
        "close": plain(limits.VIEW_TITLE),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = record(
    {"blocks": array(anything)},
    {**_SHARED, "title": plain(limits.VIEW_TITLE)},
)


def check_blocks(blocks: Any, surface: Surface, at: str = "/blocks") -> list[Problem]:
    """Return what is wrong with the blocks of a surface."""
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    problems = list(array(BLOCK, 0, most)(blocks, at))
    if not isinstance(blocks, list) or problems:
        return problems
    problems += _surface_problems(blocks, surface, at)
    problems += _duplicate_ids(blocks, at)
    problems += _totals(blocks, at)
    return problems


def check_view(view: Any) -> list[Problem]:
    """Return what is wrong with a modal or App Home."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in ("modal", "home"):
        return [Problem("/view/type", "must be a valid enum value: modal, home")]
    problems = list((MODAL if kind == "modal" else HOME)(view, "/view"))
    problems += check_blocks(view.get("blocks", []), kind, "/view/blocks")
    if not problems and kind == "modal":
        problems += _submit_problems(view)
    return problems


def _submit_problems(view: Any) -> Problems:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if has_input and not view.get("submit"):
        yield Problem("/view", "a modal with input blocks needs submit")


def _surface_problems(blocks: list[Any], surface: Surface, at: str) -> Problems:
    for index, block in enumerate(blocks):
        kind = block["type"]
        if surface not in limits.SURFACES[kind]:
            yield Problem(f"{at}/{index}/type", f"{kind} is not available in a {surface}")
        if surface != "modal" and block.get("element", {}).get("type") == "file_input":
            yield Problem(f"{at}/{index}/element", "file_input is available in modals only")
        children = block.get("child_blocks", [])
        yield from _surface_problems(children, surface, f"{at}/{index}/child_blocks")


def _duplicate_ids(blocks: list[Any], at: str) -> Problems:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            yield Problem(f"{at}/{index}/block_id", f"block_id already exists: {block_id}")
        seen.add(block_id)
        yield from _duplicate_actions(block, f"{at}/{index}")


def _duplicate_actions(block: Any, at: str) -> Problems:
    seen: set[str] = set()
    elements = block.get("elements") or []
    for index, element in enumerate(elements):
        action_id = element.get("action_id")
        if action_id and action_id in seen:
            yield Problem(
                f"{at}/elements/{index}/action_id", f"action_id already exists: {action_id}"
            )
        seen.add(action_id)


def _totals(blocks: list[Any], at: str) -> Problems:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > limits.MARKDOWN_TEXT:
        yield Problem(at, f"markdown blocks have more than {limits.MARKDOWN_TEXT} characters")
    if _cell_chars(blocks, "table") > limits.TABLE_CHARS:
        yield Problem(at, f"tables have more than {limits.TABLE_CHARS} characters")
    if _cell_chars(blocks, "data_table") > limits.DATA_TABLE_CHARS:
        yield Problem(at, f"data tables have more than {limits.DATA_TABLE_CHARS} characters")
    charts = sum(block["type"] == "data_visualization" for block in blocks)
    if charts > limits.CHARTS_PER_MESSAGE:
        yield Problem(at, f"no more than {limits.CHARTS_PER_MESSAGE} charts allowed")
    focused = sum(bool(element.get("focus_on_load")) for element in _elements(blocks))
    if focused > 1:
        yield Problem(at, "only one element may have focus_on_load")


def _cell_chars(blocks: list[Any], kind: str) -> int:
    return sum(_chars(block["rows"]) for block in blocks if block["type"] == kind)


def _chars(value: Any) -> int:
    if isinstance(value, list):
        return sum(_chars(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = value.get("text", value.get("value", ""))
    return len(str(own)) if not value.get("elements") else _chars(value["elements"])


def _elements(blocks: list[Any]) -> Iterator[Any]:
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", [])):
            if isinstance(element, dict):
                yield element

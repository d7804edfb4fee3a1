"""What the inputs of a view hold: the values they start with, what was typed, what is wrong."""

import copy
import re
import secrets
from base64 import b64decode
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.workspace import Json, StateValues, View

STATE_FIELD = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
"""Under which name each kind of input reports what it holds."""

INITIAL_FIELD = {
    "plain_text_input": "initial_value",
    "email_text_input": "initial_value",
    "url_text_input": "initial_value",
    "number_input": "initial_value",
    "rich_text_input": "initial_value",
    "static_select": "initial_option",
    "external_select": "initial_option",
    "radio_buttons": "initial_option",
    "users_select": "initial_user",
    "conversations_select": "initial_conversation",
    "channels_select": "initial_channel",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
    "checkboxes": "initial_options",
    "multi_static_select": "initial_options",
    "multi_external_select": "initial_options",
    "multi_users_select": "initial_users",
    "multi_conversations_select": "initial_conversations",
    "multi_channels_select": "initial_channels",
}

MANY = {kind for kind, name in STATE_FIELD.items() if name.endswith("s")}
CHOICES = {"static_select", "radio_buttons", "overflow", "checkboxes", "multi_static_select"}
NOT_SIMULATED = {"external_select", "multi_external_select"}
"""They can be shown, but nothing can be entered: no option loading."""

FORMATS = {
    "datepicker": (re.compile(r"\d{4}-\d{2}-\d{2}"), "a date such as 2026-11-25"),
    "timepicker": (re.compile(r"\d{2}:\d{2}"), "a time such as 09:30"),
    "datetimepicker": (re.compile(r"\d{10}"), "ten digits (seconds since 1970)"),
}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")


class InputError(ValueError):
    """A value that the client would not let a person enter."""


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy of `blocks` with the ids and flags that the app left out."""
    copied = copy.deepcopy(blocks)
    for block in copied:
        if block.get("type") == "markdown":
            block.pop("block_id", None)  # Slack drops it
            continue
        block.setdefault("block_id", secrets.token_urlsafe(4))
        if block.get("type") == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for element in interactive_elements(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return copied


def interactive_elements(block: Json) -> list[Json]:
    """Return the elements of a block that people can use."""
    found = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions":
        found += block.get("elements") or []
    kinds = STATE_FIELD.keys() | {"button", "overflow", "workflow_button"}
    return [e for e in found if isinstance(e, dict) and e.get("type") in kinds]


def find_element(
    blocks: list[Json], action_id: str, block_id: str | None = None
) -> tuple[Json, Json] | None:
    """Return the block and element with these ids, or None."""
    for block in blocks:
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in interactive_elements(block):
            if element.get("action_id") == action_id:
                return block, element
    return None


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each block and element that holds a value (so no buttons)."""
    for block in blocks:
        for element in interactive_elements(block):
            if element["type"] in STATE_FIELD:
                yield block, element


def initial_state(element: Json) -> Json:
    """Return what an input holds before anybody touched it, in Slack's shape."""
    kind = element["type"]
    empty: Any = [] if kind in MANY else None
    value = element.get(INITIAL_FIELD.get(kind, ""), empty)
    return {"type": kind, STATE_FIELD[kind]: value}


def initial_values(blocks: list[Json]) -> StateValues:
    """Return what all inputs of `blocks` hold before anybody touched them."""
    values: StateValues = {}
    for block, element in stateful(blocks):
        values.setdefault(block["block_id"], {})[element["action_id"]] = initial_state(element)
    return values


def state_of(view: View) -> StateValues:
    """Return `state.values` of a view: what was typed, and the initial values elsewhere."""
    values = initial_values(view.blocks)
    for block_id, actions in values.items():
        for action_id in actions:
            typed = view.state.get(block_id, {}).get(action_id)
            if typed is not None and typed["type"] == actions[action_id]["type"]:
                actions[action_id] = typed
    return values


def typed_state(blocks: list[Json], values: dict[str, Any]) -> StateValues:
    """Return the Slack shape of simple `values` by block_id; raises `InputError`.

    For a block with several inputs (`actions`) the value is an object by action_id.
    """
    state: StateValues = {}
    known = {block["block_id"] for block, _ in stateful(blocks)}
    if unknown := sorted(values.keys() - known):
        raise InputError(f"The view has no input with block_id {', '.join(unknown)}")
    for block, element in stateful(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        if block_id not in values:
            continue
        value = values[block_id]
        if block["type"] == "actions":
            if not isinstance(value, dict) or action_id not in value:
                continue
            value = value[action_id]
        state.setdefault(block_id, {})[action_id] = shape(element, value)
    return state


def shape(element: Json, value: Any) -> Json:
    """Return what an input holds after a person entered `value`; raises `InputError`."""
    kind = element["type"]
    name = STATE_FIELD[kind]
    if kind in NOT_SIMULATED:
        raise InputError(f"{kind} is not simulated")
    if value is None or value == "":
        return {"type": kind, name: [] if kind in MANY else None}
    if kind == "file_input":
        return {"type": kind, name: [_chosen_file(element, each) for each in value]}
    if kind in MANY:
        listed = value if isinstance(value, list) else [value]
        many = kind in CHOICES
        return {"type": kind, name: [option(element, v) if many else v for v in listed]}
    if kind in CHOICES:
        return {"type": kind, name: option(element, value)}
    if kind in FORMATS:
        pattern, wanted = FORMATS[kind]
        if not pattern.fullmatch(str(value)):
            raise InputError(f"{kind} takes {wanted}, not {value!r}")
        return {"type": kind, name: int(value) if kind == "datetimepicker" else str(value)}
    return {"type": kind, name: value if kind == "rich_text_input" else str(value)}


def _chosen_file(element: Json, chosen: Any) -> Json:
    """A file from somebody's machine: `name`, and `content` in Base64."""
    if not isinstance(chosen, dict) or not chosen.get("name"):
        raise InputError("file_input takes files, each with `name` and `content` in Base64")
    name, kinds = str(chosen["name"]), element.get("filetypes") or []
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise InputError(f"Please choose a file of the type {' or '.join(kinds)}, not {name}.")
    try:
        content = b64decode(str(chosen.get("content", "")), validate=True)
    except ValueError as error:
        raise InputError(f"The content of {name} is not Base64.") from error
    return {"name": name, "content": content}


def option(element: Json, value: Any) -> Json:
    """Return the option of `element` with this value; raises `InputError`."""
    wanted = value.get("value") if isinstance(value, dict) else str(value)
    for candidate in options(element):
        if candidate.get("value") == wanted:
            return candidate
    offered = ", ".join(str(o.get("value")) for o in options(element)) or "none"
    raise InputError(f"{element['type']} has no option {wanted!r}; it offers {offered}")


def options(element: Json) -> list[Json]:
    """Return all options of a select, its groups included."""
    listed = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        listed += group.get("options") or []
    return listed


def client_errors(view: View) -> dict[str, str]:
    """Return what the client complains about before it submits, by block_id."""
    values = state_of(view)
    errors = {}
    for block in view.blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        held = values[block["block_id"]][element["action_id"]]
        value = held[STATE_FIELD[element["type"]]]
        complaint = _complaint(block, element, value)
        if complaint:
            errors[block["block_id"]] = complaint
    return errors


def _complaint(block: Json, element: Json, value: Any) -> str:
    if value is None or value in ("", []):
        return "" if block.get("optional") else "Please complete this required field."
    kind = element["type"]
    check = TEXT_CHECKS.get(kind)
    if check is not None:
        return check(element, value)
    most = element.get("max_selected_items") or element.get("max_files")
    if most and len(value) > most:
        return f"Please choose {most} at most."
    return ""


def _length_complaint(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter at most {most} characters ({len(value)} given)."
    return ""


def _number_complaint(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if (least := element.get("min_value")) is not None and number < Decimal(str(least)):
        return f"Please enter {least} or more."
    if (most := element.get("max_value")) is not None and number > Decimal(str(most)):
        return f"Please enter {most} or less."
    return ""


def _email_complaint(_element: Json, value: str) -> str:
    return "" if EMAIL.fullmatch(value) else "Please enter a valid e-mail address."


def _url_complaint(_element: Json, value: str) -> str:
    return "" if URL.fullmatch(value) else "Please enter a valid URL."


TEXT_CHECKS: dict[str, Callable[[Json, str], str]] = {
    "plain_text_input": _length_complaint,
    "number_input": _number_complaint,
    "email_text_input": _email_complaint,
    "url_text_input": _url_complaint,
}

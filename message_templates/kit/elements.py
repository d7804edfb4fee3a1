"""What people press, choose and fill in."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from message_templates.kit import limits
from message_templates.kit.limits import LimitError, check_count, check_id
from message_templates.kit.objects import Block, Text, chosen, plain_text, present

_WHILE_TYPING = {"trigger_actions_on": ["on_character_entered"]}
"""Slack's client sums up what is typed fast: it sends a field when somebody pauses."""

ButtonStyle = Literal["primary", "danger"]


def button(
    text: Text,
    action_id: str,
    *,
    value: str | None = None,
    style: ButtonStyle | None = None,
    url: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """Build a button; `confirm` is the question that Slack asks first."""
    if value is not None:
        check_id("button.value", value, limits.BUTTON_VALUE)
    if url is not None:
        check_id("button.url", url, limits.URL)
    return present(
        type="button",
        text=plain_text("button.text", text, limits.BUTTON_TEXT),
        action_id=_action_id(action_id),
        value=value,
        style=style,
        url=url,
        confirm=confirm,
    )


def static_select(
    action_id: str,
    options: Sequence[Block],
    *,
    initial: str | None = None,
    placeholder: Text | None = None,
) -> Block:
    """Build a menu; `initial` is the value of the option that is chosen already."""
    choices = list(options)
    return present(
        type="static_select",
        action_id=_action_id(action_id),
        options=choices,
        initial_option=chosen("static_select", choices, initial, limits.SELECT_OPTIONS),
        placeholder=_placeholder(placeholder),
    )


def users_select(
    action_id: str,
    *,
    initial: str | None = None,
    placeholder: Text | None = None,
    confirm: Block | None = None,
) -> Block:
    """Build a menu of the workspace's people.

    `initial` is the Slack id of whom is chosen already, `confirm` the question that Slack asks
    first.
    """
    if initial is not None:
        check_id("users_select.initial_user", initial, limits.USER_ID)
    return present(
        type="users_select",
        action_id=_action_id(action_id),
        initial_user=initial,
        placeholder=_placeholder(placeholder),
        confirm=confirm,
    )


def radio_buttons(action_id: str, options: Sequence[Block], *, initial: str | None = None) -> Block:
    """Build radio buttons; `initial` is the value of the option that is chosen already."""
    choices = list(options)
    return present(
        type="radio_buttons",
        action_id=_action_id(action_id),
        options=choices,
        initial_option=chosen("radio_buttons", choices, initial, limits.RADIO_OPTIONS),
    )


def checkboxes(action_id: str, options: Sequence[Block], *, initial: Sequence[str] = ()) -> Block:
    """Build boxes to tick; `initial` are the values of those that are ticked already."""
    choices = list(options)
    return present(
        type="checkboxes",
        action_id=_action_id(action_id),
        options=choices,
        initial_options=_all_chosen("checkboxes", choices, initial, limits.CHECKBOXES_OPTIONS),
    )


def multi_static_select(
    action_id: str,
    options: Sequence[Block],
    *,
    initial: Sequence[str] = (),
    placeholder: Text | None = None,
) -> Block:
    """Build a menu of which several can be chosen; `initial` are the values of those that are."""
    choices = list(options)
    return present(
        type="multi_static_select",
        action_id=_action_id(action_id),
        options=choices,
        initial_options=_all_chosen("multi_static_select", choices, initial, limits.SELECT_OPTIONS),
        placeholder=_placeholder(placeholder),
    )


def plain_text_input(
    action_id: str,
    *,
    multiline: bool = False,
    initial: str | None = None,
    placeholder: Text | None = None,
    max_length: int = limits.INPUT_TEXT,
    tells_typing: bool = False,
) -> Block:
    """Build a field for text; with `tells_typing`, a block that dispatches tells while typing."""
    if not 1 <= max_length <= limits.INPUT_TEXT:
        raise LimitError(
            f"plain_text_input.max_length is {max_length:,}, Slack takes 1 to {limits.INPUT_TEXT:,}"
        )
    if initial is not None and len(initial) > max_length:
        raise LimitError(
            f"plain_text_input.initial_value has {len(initial):,} characters and its field takes"
            f" {max_length:,}: split_whole() it over several fields"
        )
    return present(
        type="plain_text_input",
        action_id=_action_id(action_id),
        multiline=multiline,
        initial_value=initial or None,
        placeholder=_placeholder(placeholder),
        max_length=max_length,
        dispatch_action_config=_WHILE_TYPING if tells_typing else None,
    )


def number_input(
    action_id: str,
    *,
    decimal: bool = False,
    initial: Decimal | int | None = None,
    minimum: Decimal | int | None = None,
    maximum: Decimal | int | None = None,
) -> Block:
    """Build a field for a number; Slack itself refuses what is outside of the range."""
    return present(
        type="number_input",
        action_id=_action_id(action_id),
        is_decimal_allowed=decimal,
        initial_value=_number(initial),
        min_value=_number(minimum),
        max_value=_number(maximum),
    )


def datepicker(
    action_id: str, *, initial: date | None = None, placeholder: Text | None = None
) -> Block:
    """Build a field for a date."""
    return present(
        type="datepicker",
        action_id=_action_id(action_id),
        initial_date=initial.strftime("%Y-%m-%d") if initial else None,
        placeholder=_placeholder(placeholder),
    )


def file_input(action_id: str, *, filetypes: Sequence[str]) -> Block:
    """Build a field in which one file is chosen."""
    return present(
        type="file_input",
        action_id=_action_id(action_id),
        filetypes=list(filetypes),
        max_files=1,
    )


def _all_chosen(
    what: str, options: list[Block], values: Sequence[str], limit: int
) -> list[Block] | None:
    """Find the options that are chosen already; None if none is: Slack takes no empty list."""
    check_count(f"{what}.options", options, limit)
    found = [chosen(what, options, value, limit) for value in values]
    return [each for each in found if each is not None] or None


def datetimepicker(action_id: str, *, initial: datetime | None = None) -> Block:
    """Build a field for an instant, which Slack shows in each person's own zone."""
    return present(
        type="datetimepicker",
        action_id=_action_id(action_id),
        initial_date_time=int(initial.timestamp()) if initial else None,
    )


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """Build a menu of further things to do, behind three dots."""
    check_count("overflow.options", options, limits.OVERFLOW_OPTIONS)
    return {"type": "overflow", "action_id": _action_id(action_id), "options": list(options)}


def _action_id(action_id: str) -> str:
    check_id("action_id", action_id, limits.ACTION_ID)
    return action_id


def _placeholder(text: Text | None) -> Block | None:
    return None if text is None else plain_text("placeholder", text, limits.PLACEHOLDER)


def _number(value: Decimal | int | None) -> str | None:
    return None if value is None else f"{Decimal(value):f}"

"""The elements that people press, choose and type in."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox import limits
from sandbox.blockkit.checks import (
    Check,
    Problems,
    array,
    boolean,
    every,
    exactly_one,
    integer,
    one_of,
    pattern,
    record,
    text,
)
from sandbox.blockkit.problem import Problem
from sandbox.blockkit.richtext import RICH_TEXT
from sandbox.blockkit.texts import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    MARKED_OPTION,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    initial_among_options,
    plain,
    unique_values,
)

_ID = {"action_id": text(limits.ACTION_ID, 1)}
_COMMON = {**_ID, "confirm": CONFIRM, "focus_on_load": boolean}
_WITH_PLACEHOLDER = {**_COMMON, "placeholder": plain(limits.PLACEHOLDER)}
_TYPED = {**_WITH_PLACEHOLDER, "dispatch_action_config": DISPATCH_CONFIG}
_MANY = {**_WITH_PLACEHOLDER, "max_selected_items": integer(1)}
_IDS = array(text(None, 1))
_DATE = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "2026-11-25")
_TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "09:30")

_OPTIONS = {
    "options": array(OPTION, 1, limits.SELECT_OPTIONS),
    "option_groups": array(OPTION_GROUP, 1, limits.SELECT_GROUPS),
}
_SELECT_RULES = (exactly_one("options", "option_groups"), unique_values, initial_among_options)
_MARKED_RULES = (unique_values, initial_among_options)


def _lengths(value: Any, at: str) -> Problems:
    least, most = value.get("min_length", 0), value.get("max_length", limits.INPUT_TEXT)
    if least > most:
        yield Problem(f"{at}/min_length", "must be less than or equal to max_length")
    initial = value.get("initial_value")
    if initial is not None and len(initial) > most:
        yield Problem(f"{at}/initial_value", f"must be less than {most + 1} characters")


def _numbers(value: Any, at: str) -> Problems:
    parsed: dict[str, Decimal] = {}
    for name in ("min_value", "max_value", "initial_value"):
        if name not in value:
            continue
        try:
            parsed[name] = Decimal(value[name])
        except InvalidOperation:
            yield Problem(f"{at}/{name}", "must be a number written as a string")
    low, high = parsed.get("min_value"), parsed.get("max_value")
    if low is not None and high is not None and low > high:
        yield Problem(f"{at}/min_value", "must be less than or equal to max_value")
    initial = parsed.get("initial_value")
    too_low = initial is not None and low is not None and initial < low
    too_high = initial is not None and high is not None and initial > high
    if too_low or too_high:
        yield Problem(f"{at}/initial_value", "must lie between min_value and max_value")


def _selected_limit(value: Any, at: str) -> Problems:
    most = value.get("max_selected_items")
    for name, listed in value.items():
        if name.startswith("initial_") and most is not None and len(listed) > most:
            yield Problem(f"{at}/{name}", f"no more than {most} items allowed")


IMAGE_SOURCE = {"image_url": text(limits.IMAGE_URL, 1), "slack_file": SLACK_FILE}
IMAGE_ELEMENT = every(
    record({"alt_text": text(limits.ALT_TEXT, 1)}, IMAGE_SOURCE),
    exactly_one("image_url", "slack_file"),
)

BUTTON = record(
    {"text": plain(limits.BUTTON_TEXT)},
    {
        **_ID,
        "url": text(limits.BUTTON_URL, 1),
        "value": text(limits.BUTTON_VALUE),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": text(limits.ACCESSIBILITY_LABEL),
        "agent_prompt": text(limits.AGENT_PROMPT),
        "agent_prompt_display": text(),
        "alt_text": text(),
        "visible_to_user_ids": _IDS,
    },
)

_FEEDBACK_BUTTON = record(
    {"text": plain(limits.BUTTON_TEXT), "value": text(limits.BUTTON_VALUE, 1)},
    {"accessibility_label": text(limits.ACCESSIBILITY_LABEL)},
)

MESSAGE_ACTIONS: Mapping[str, Check] = {
    "feedback_buttons": record(
        {"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}, _ID
    ),
    "icon_button": record(
        {"icon": one_of("trash"), "text": plain(limits.BUTTON_TEXT)},
        {
            **_ID,
            "value": text(limits.BUTTON_VALUE),
            "confirm": CONFIRM,
            "accessibility_label": text(limits.ACCESSIBILITY_LABEL),
            "visible_to_user_ids": _IDS,
        },
    ),
}
"""What a context_actions block may hold."""

_SELECTS: Mapping[str, Check] = {
    "static_select": every(
        record({}, {**_WITH_PLACEHOLDER, **_OPTIONS, "initial_option": OPTION}), *_SELECT_RULES
    ),
    "multi_static_select": every(
        record({}, {**_MANY, **_OPTIONS, "initial_options": array(OPTION, 1)}),
        *_SELECT_RULES,
        _selected_limit,
    ),
    "external_select": record(
        {}, {**_WITH_PLACEHOLDER, "initial_option": OPTION, "min_query_length": integer(0)}
    ),
    "multi_external_select": every(
        record({}, {**_MANY, "initial_options": array(OPTION, 1), "min_query_length": integer(0)}),
        _selected_limit,
    ),
    "users_select": record({}, {**_WITH_PLACEHOLDER, "initial_user": text(None, 1)}),
    "multi_users_select": every(record({}, {**_MANY, "initial_users": _IDS}), _selected_limit),
    "channels_select": record(
        {},
        {**_WITH_PLACEHOLDER, "initial_channel": text(None, 1), "response_url_enabled": boolean},
    ),
    "multi_channels_select": every(
        record({}, {**_MANY, "initial_channels": _IDS}), _selected_limit
    ),
    "conversations_select": record(
        {},
        {
            **_WITH_PLACEHOLDER,
            "initial_conversation": text(None, 1),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "multi_conversations_select": every(
        record(
            {},
            {
                **_MANY,
                "initial_conversations": _IDS,
                "default_to_current_conversation": boolean,
                "filter": CONVERSATION_FILTER,
            },
        ),
        _selected_limit,
    ),
}

_PICKERS: Mapping[str, Check] = {
    "datepicker": record({}, {**_WITH_PLACEHOLDER, "initial_date": _DATE}),
    "timepicker": record(
        {}, {**_WITH_PLACEHOLDER, "initial_time": _TIME, "timezone": text(None, 1)}
    ),
    "datetimepicker": record({}, {**_COMMON, "initial_date_time": integer(10**9, 10**10 - 1)}),
    "checkboxes": every(
        record(
            {"options": array(MARKED_OPTION, 1, limits.CHECKBOXES)},
            {**_COMMON, "initial_options": array(MARKED_OPTION, 1)},
        ),
        *_MARKED_RULES,
    ),
    "radio_buttons": every(
        record(
            {"options": array(MARKED_OPTION, 1, limits.RADIO_BUTTONS)},
            {**_COMMON, "initial_option": MARKED_OPTION},
        ),
        *_MARKED_RULES,
    ),
}

_TEXT_INPUTS: Mapping[str, Check] = {
    "plain_text_input": every(
        record(
            {},
            {
                **_TYPED,
                "initial_value": text(),
                "multiline": boolean,
                "min_length": integer(0, limits.INPUT_TEXT),
                "max_length": integer(1, limits.INPUT_TEXT),
            },
        ),
        _lengths,
    ),
    "email_text_input": record({}, {**_TYPED, "initial_value": text()}),
    "url_text_input": record({}, {**_TYPED, "initial_value": text()}),
    "number_input": every(
        record(
            {"is_decimal_allowed": boolean},
            {**_TYPED, "initial_value": text(), "min_value": text(), "max_value": text()},
        ),
        _numbers,
    ),
    "rich_text_input": record(
        {},
        {
            **_TYPED,
            "initial_value": RICH_TEXT,
            "min_lines": integer(*limits.RICH_TEXT_INPUT_LINES),
            "max_lines": integer(*limits.RICH_TEXT_INPUT_LINES),
        },
    ),
    "file_input": record(
        {},
        {
            **_ID,
            "filetypes": array(text(None, 1), 1),
            "max_files": integer(*limits.FILE_INPUT_FILES),
        },
    ),
}

_BUTTONS: Mapping[str, Check] = {
    "button": BUTTON,
    "overflow": every(
        record(
            {"options": array(OVERFLOW_OPTION, *limits.OVERFLOW_OPTIONS)},
            {**_ID, "confirm": CONFIRM},
        ),
        unique_values,
    ),
    "workflow_button": record(
        {
            "text": plain(limits.BUTTON_TEXT),
            "workflow": record({"trigger": record({"url": text(None, 1)}, extra=True)}),
        },
        {
            **_ID,
            "style": one_of("primary", "danger"),
            "accessibility_label": text(limits.ACCESSIBILITY_LABEL),
        },
    ),
}

INPUT_ELEMENTS: Mapping[str, Check] = {**_SELECTS, **_PICKERS, **_TEXT_INPUTS}
"""What an input block may hold."""

ACTION_ELEMENTS: Mapping[str, Check] = {**_SELECTS, **_PICKERS, **_BUTTONS}
"""What an actions block may hold."""

ACCESSORIES: Mapping[str, Check] = {**ACTION_ELEMENTS, "image": IMAGE_ELEMENT}
"""What may stand beside a section."""

"""Composition objects: texts, options, confirmation dialogs, files."""

from typing import Any

from sandbox import limits
from sandbox.blockkit.checks import (
    Check,
    Problems,
    array,
    at_least_one,
    boolean,
    by_type,
    every,
    exactly_one,
    one_of,
    record,
    text,
)
from sandbox.blockkit.problem import Problem


def plain(most: int = limits.TEXT_MAX) -> Check:
    """Check a plain_text object."""
    shape = _plain_shape(most)
    return by_type(lambda: {"plain_text": shape})


def any_text(most: int = limits.TEXT_MAX) -> Check:
    """Check a plain_text or mrkdwn object."""
    kinds = {"plain_text": _plain_shape(most), "mrkdwn": _mrkdwn_shape(most)}
    return by_type(lambda: kinds)


def _plain_shape(most: int) -> Check:
    return record({"text": text(most, limits.TEXT_MIN)}, {"emoji": boolean})


def _mrkdwn_shape(most: int) -> Check:
    return record({"text": text(most, limits.TEXT_MIN)}, {"verbatim": boolean})


def option(option_text: Check, *, with_url: bool = False) -> Check:
    """Check one option of a select, checkbox list, ..."""
    optional = {"description": any_text(limits.OPTION_DESCRIPTION)}
    if with_url:
        optional["url"] = text(limits.BUTTON_URL)
    return record({"text": option_text, "value": text(limits.OPTION_VALUE, 1)}, optional)


OPTION = option(plain(limits.OPTION_TEXT))
"""In selects: plain text."""
MARKED_OPTION = option(any_text(limits.OPTION_TEXT))
"""In checkboxes and radio buttons: plain text or mrkdwn."""
OVERFLOW_OPTION = option(plain(limits.OPTION_TEXT), with_url=True)


def unique_values(value: Any, at: str) -> Problems:
    """Check that the options of an element have different values."""
    seen: set[str] = set()
    for listed_at, entry in _all_options(value, at):
        if entry["value"] in seen:
            yield Problem(f"{listed_at}/value", f"duplicate option value: {entry['value']}")
        seen.add(entry["value"])


def initial_among_options(value: Any, at: str) -> Problems:
    """Check that what is selected at the start is one of the options, exactly."""
    offered = [entry for _, entry in _all_options(value, at)]
    listed = value.get("initial_options") or []
    if value.get("initial_option") is not None:
        listed = [value["initial_option"]]
    for entry in listed:
        if not any(_same(entry, candidate) for candidate in offered):
            name = "initial_option" if value.get("initial_option") else "initial_options"
            yield Problem(f"{at}/{name}", "must exactly match one of the options")


def _same(one: Any, other: Any) -> bool:
    return bool(
        one.get("value") == other.get("value")
        and one["text"].get("text") == other["text"].get("text")
    )


def _all_options(value: Any, at: str) -> list[tuple[str, Any]]:
    listed = [(f"{at}/options/{i}", o) for i, o in enumerate(value.get("options") or [])]
    for g, group in enumerate(value.get("option_groups") or []):
        listed += [
            (f"{at}/option_groups/{g}/options/{i}", o) for i, o in enumerate(group["options"])
        ]
    return listed


OPTION_GROUP = record(
    {
        "label": plain(limits.OPTION_TEXT),
        "options": array(OPTION, 1, limits.SELECT_OPTIONS),
    }
)

CONFIRM = record(
    {
        "title": plain(limits.CONFIRM[0]),
        "text": any_text(limits.CONFIRM[1]),
    },
    {
        "confirm": plain(limits.CONFIRM[2]),
        "deny": plain(limits.CONFIRM[3]),
        "style": one_of("primary", "danger"),
    },
)

SLACK_FILE = every(record({}, {"id": text(), "url": text()}), exactly_one("id", "url"))

DISPATCH_CONFIG = record(
    {},
    {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)},
)

CONVERSATION_FILTER = every(
    record(
        {},
        {
            "include": array(one_of("im", "mpim", "private", "public"), 1),
            "exclude_external_shared_channels": boolean,
            "exclude_bot_users": boolean,
        },
    ),
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

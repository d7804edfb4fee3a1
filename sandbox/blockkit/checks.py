"""Small checks of JSON values, combined into the description of each kind of block.

A check takes a value and its JSON pointer and yields problems, in Slack's own words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.blockkit.problem import Problem

Problems = Iterator[Problem]
Check = Callable[[Any, str], Problems]
Fields = Mapping[str, Check]


def anything(_value: Any, _at: str) -> Problems:
    """Accept every value."""
    yield from ()


def text(most: int | None = None, least: int = 0) -> Check:
    """Check a string and its length."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string")
        elif len(value) < least:
            yield Problem(at, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            yield Problem(at, f"must be less than {most + 1} characters")

    return check


def pattern(expression: str, example: str) -> Check:
    """Check a string against a pattern, described by an example."""
    compiled = re.compile(expression)

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield Problem(at, f"must look like {example}")

    return check


def boolean(value: Any, at: str) -> Problems:
    """Check a boolean."""
    if not isinstance(value, bool):
        yield Problem(at, "must provide a boolean")


def integer(least: int | None = None, most: int | None = None) -> Check:
    """Check a whole number and its range."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "must provide a number")
        elif least is not None and value < least:
            yield Problem(at, f"must be greater than or equal to {least}")
        elif most is not None and value > most:
            yield Problem(at, f"must be less than or equal to {most}")

    return check


def number(value: Any, at: str) -> Problems:
    """Check a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield Problem(at, "must provide a number")


def one_of(*values: Any) -> Check:
    """Check for one of a few values."""

    def check(value: Any, at: str) -> Problems:
        if value not in values:
            yield Problem(at, f"must be a valid enum value: {', '.join(map(str, values))}")

    return check


def array(item: Check, least: int = 0, most: int | None = None) -> Check:
    """Check a list, its length and each item."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array")
            return
        if len(value) < least:
            yield Problem(at, f"must have at least {least} items")
        if most is not None and len(value) > most:
            yield Problem(at, f"no more than {most} items allowed")
        for index, entry in enumerate(value):
            yield from item(entry, f"{at}/{index}")

    return check


def record(
    required: Fields | None = None, optional: Fields | None = None, *, extra: bool = False
) -> Check:
    """Check an object: required and optional fields, and no others unless `extra`."""
    required, optional = required or {}, optional or {}

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        for name, field in required.items():
            if name not in value or value[name] is None:
                yield Problem(at, f"missing required field: {name}")
            else:
                yield from field(value[name], f"{at}/{name}")
        for name, content in value.items():
            if name in optional and content is not None:
                yield from optional[name](content, f"{at}/{name}")
            elif name not in required and name not in optional and name != "type" and not extra:
                yield Problem(at, f"invalid additional property: {name}")

    return check


def every(*checks: Check) -> Check:
    """Apply several checks; the later ones only if the earlier find nothing."""

    def check(value: Any, at: str) -> Problems:
        for each in checks:
            found = list(each(value, at))
            if found:
                yield from found
                return

    return check


def by_type(kinds: Callable[[], Mapping[str, Check]]) -> Check:
    """Check an object by its `type`; `kinds` is a function, because descriptions are recursive."""

    def check(value: Any, at: str) -> Problems:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            yield Problem(at, "missing required field: type")
        elif kind not in kinds():
            yield Problem(f"{at}/type", f"unsupported type: {kind}")
        else:
            yield from kinds()[kind](value, at)

    return check


def at_least_one(*names: str) -> Check:
    """Check that an object has at least one of these fields."""

    def check(value: Any, at: str) -> Problems:
        if not any(value.get(name) for name in names):
            yield Problem(at, f"must have one of: {', '.join(names)}")

    return check


def exactly_one(*names: str) -> Check:
    """Check that an object has exactly one of these fields."""

    def check(value: Any, at: str) -> Problems:
        if sum(value.get(name) is not None for name in names) != 1:
            yield Problem(at, f"must have exactly one of: {', '.join(names)}")

    return check

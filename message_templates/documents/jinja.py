"""The template language, as far as a file may use it."""

from typing import Any, Final

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override


class FileEnvironment(ImmutableSandboxedEnvironment):
    """Fields, conditions and loops over what there is; nothing that could fill the memory."""

    intercepted_binops = frozenset({"*", "**", "%"})

    @override
    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse what makes much of little: a text times a million, a number a million wide."""
        raise SecurityError(f"{operator} is not known in templates")

    @override
    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse what makes much of little by a method, too: a text that is filled to a width."""
        return attr not in _MULTIPLYING and super().is_safe_attribute(obj, attr, value)


def file_environment() -> FileEnvironment:
    """An environment for one file: docxtpl changes what it is given."""
    environment = FileEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    for name in _UNWANTED:
        environment.filters.pop(name, None)
    return environment


_MULTIPLYING: Final = frozenset(
    ("ljust", "rjust", "center", "zfill", "expandtabs", "replace", "join", "translate", "format")
)
"""Methods of a text that make one as long as anybody likes."""

_UNWANTED: Final = ("safe", "center", "indent", "wordwrap", "format", "xmlattr", "filesizeformat")
"""Filters that lift the escaping, or make much of little."""

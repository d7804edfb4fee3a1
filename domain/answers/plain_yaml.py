"""Reads YAML that is written plainly, forty times as fast as a whole YAML reader does.

Plain is `key: some words`, `key: [some, words]` and keys with such lines further in below them. For
all else there is `parse_yaml`, with its problems and their cures; what both read, they read alike.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from domain.portfolio.yaml_file import KeyPath, YamlDocument, parse_yaml

_SIGN: Final = r"[^\[\]{},:#&*!|>'\"%@`\\\t\n]|:(?=[^\s\[\]{},:'\"])|(?<=\S)#|(?<=\w)'(?=\w)"
_ITEM: Final = rf"[^\W_](?:{_SIGN})*"
_PLAIN: Final = rf"[^\W_](?:{_SIGN}|,)*"
"""Words in which no sign means anything to YAML; a comma does so only in a list."""

_KEY: Final = r"[^\W_][\w '-]*"
_LINE: Final = re.compile(rf"( *)({_KEY}):(?: ({_PLAIN})| \[({_ITEM}(?:, {_ITEM})*)\])?")
_NOTHING: Final = frozenset(("null", "~"))
_BLANK: Final = re.compile(r"\s*(?:#.*)?")


class _NotPlainError(Exception):
    """The text needs the whole reader."""


def parse_handbook_yaml(path: Path, text: str, first_line: int = 1) -> YamlDocument:
    """Read YAML as `parse_yaml` does, and at once where it is plain.

    Raises:
        InvalidFileError: it is not YAML, or says a key twice; with the cure.
    """
    try:
        return _read(path, text, first_line)
    except _NotPlainError:
        return parse_yaml(path, text, first_line)


def _read(path: Path, text: str, first_line: int) -> YamlDocument:
    document = YamlDocument(path, {}, first_line)
    above: list[tuple[int, dict[str, Any], KeyPath]] = [(0, document.value, ())]
    opened: tuple[dict[str, Any], KeyPath] | None = None
    for line, match in _lines(text, first_line):
        document.lines.setdefault((), line)
        indent = len(match[1])
        if opened is not None and indent > above[-1][0]:
            above.append((indent, *opened))
        while indent < above[-1][0]:
            above.pop()
        if indent != above[-1][0]:
            raise _NotPlainError
        _depth, values, at = above[-1]
        opened = _take(match, line, (values, at), document)
    if not document.value or any(value == {} for value in document.value.values()):
        raise _NotPlainError
    return document


def _lines(text: str, first_line: int) -> Iterator[tuple[int, re.Match[str]]]:
    for place, line in enumerate(text.splitlines()):
        if _BLANK.fullmatch(line):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise _NotPlainError
        yield first_line + place, match


def _take(
    match: re.Match[str], line: int, into: tuple[dict[str, Any], KeyPath], document: YamlDocument
) -> tuple[dict[str, Any], KeyPath] | None:
    """Keep what a line says; what it opens, if it says nothing itself."""
    values, at = into
    _indent, key, plain, listed = match.groups()
    said = listed.split(", ") if listed else [plain] if plain else []
    if key in values or any(each != each.strip() or each.casefold() in _NOTHING for each in said):
        raise _NotPlainError
    path = (*at, key)
    document.lines[path] = line
    document.lines |= {(*path, place): line for place in range(len(said) if listed else 0)}
    values[key] = said if listed else (plain or {})
    return None if said else (values[key], path)

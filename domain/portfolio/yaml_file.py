"""Reads a YAML file into texts, lists and mappings, and remembers the line of each.

Every plain value stays the text that stands there, because YAML's own reading of `14:00`, `NO` and
`2026` is not what people mean; what a value is, its place in the configuration decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from domain.errors import InvalidFileError, Problem
from domain.portfolio.files import decode, read_bytes, refusal

MAX_BYTES = 1_000_000
MAX_VALUES = 100_000
"""What a file may hold once its aliases are written out; a few lines can name billions."""
MAX_DEPTH = 20

_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"

KeyPath = tuple[str | int, ...]
"""Keys and places in lists, from the top: `("councils", 0, "channel")`."""


@dataclass
class YamlDocument:
    """What a YAML file says, and on which line."""

    path: Path
    value: Any = None
    first_line: int = 1
    """Of the file, where it stands inside a longer one."""
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: KeyPath, text: str) -> Problem:
        """A problem at a key, or at the nearest one above it that stands in the file."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known, self.first_line)
        return Problem(where=f"line {line}", field=_dotted(path), text=text)


def _dotted(path: KeyPath) -> str:
    """`councils.channel`: the line says which of a list is meant."""
    return ".".join(key for key in path if isinstance(key, str))


def read_yaml(path: Path) -> YamlDocument:
    """Read a YAML file whose top is a mapping; a key with nothing behind it is left out.

    Raises:
        InvalidFileError: it can't be read, is not YAML, or says a key twice; with the cure.
    """
    return parse_yaml(path, decode(path, read_bytes(path, MAX_BYTES), "save it as UTF-8"))


def parse_yaml(path: Path, text: str, first_line: int = 1) -> YamlDocument:
    """Read YAML that stands in a file from a line on; as `read_yaml`."""
    where = f"line {first_line}"
    root = _compose(path, text, first_line)
    if root is None:
        raise refusal(path, "is empty; write a key and its value, as `timezone: UTC`", where)
    if not isinstance(root, MappingNode):
        raise refusal(path, "is a list or a single value; write keys, as `timezone: UTC`", where)
    reader = _Reader(YamlDocument(path, first_line=first_line))
    document = reader.document
    try:
        document.value = reader.read(root, ())
    except _TooMuchError as error:
        raise refusal(path, str(error)) from error
    if document.problems:
        raise InvalidFileError(str(path), document.problems)
    return document


def _compose(path: Path, text: str, first_line: int) -> Node | None:
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise refusal(path, f"is not YAML: {_cause(error)}", _place(error, first_line)) from error
    except YAMLError as error:
        raise refusal(path, f"is not YAML: {error}") from error
    except RecursionError as error:
        raise refusal(path, f"nests more than {MAX_DEPTH} levels deep; make it flatter") from error
    return root


def _cause(error: MarkedYAMLError) -> str:
    causes = (str(one) for one in (error.problem, error.context) if one)
    return ", ".join(causes) + "; check the indentation, colons, quotes and brackets there"


def _place(error: MarkedYAMLError, first_line: int) -> str:
    mark = error.problem_mark or error.context_mark
    return "" if mark is None else f"line {mark.line + first_line}, column {mark.column + 1}"


class _TooMuchError(Exception):
    """The file holds more than any configuration does."""


class _Reader:
    """Turns nodes into values and notes their lines."""

    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self._first = document.first_line
        self._left = MAX_VALUES

    def read(self, node: Node, path: KeyPath) -> Any:
        """The value of a node; None for nothing."""
        self._left -= 1
        if self._left < 0:
            msg = f"holds more than {MAX_VALUES:,} values; check the aliases (*name)"
            raise _TooMuchError(msg)
        if len(path) > MAX_DEPTH:
            msg = f"nests more than {MAX_DEPTH} levels deep; check the aliases (*name)"
            raise _TooMuchError(msg)
        self.document.lines.setdefault(path, node.start_mark.line + self._first)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(one, (*path, place)) for place, one in enumerate(node.value)]
        return None if node.tag == _NULL else str(node.value)

    def _mapping(self, node: MappingNode, path: KeyPath) -> Mapping[str, Any]:
        values = self._merged(node, path)
        own: set[str] = set()
        for key, value in self._pairs(node, path):
            at = (*path, key.value)
            if key.value in own:
                first = self.document.lines[at]
                text = f"stands there twice, first on line {first}; keep one of the two"
                self._note(key, at, text)
                continue
            own.add(key.value)
            self.document.lines[at] = key.start_mark.line + self._first
            if (read := self.read(value, at)) is not None:
                values[key.value] = read
        return values

    def _note(self, node: Node, path: KeyPath, text: str) -> None:
        where = f"line {node.start_mark.line + self._first}"
        self.document.problems.append(Problem(where, _dotted(path), text))

    def _pairs(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[ScalarNode, Node]]:
        """The keys and values, merge keys left out."""
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                text = "a list or mapping can't be a key; write a plain word before the colon"
                self._note(key, path, text)
            elif key.tag != _MERGE:
                yield key, value

    def _merged(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        """What `<<: *name` brings in; a key of the mapping itself comes before it."""
        brought: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag != _MERGE:
                continue
            for one in value.value if isinstance(value, SequenceNode) else [value]:
                read = self.read(one, path)
                if isinstance(read, dict):
                    brought = read | brought
        return brought

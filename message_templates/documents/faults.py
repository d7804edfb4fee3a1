"""What is wrong with a template, in words for who can mend it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from jinja2 import Environment, TemplateSyntaxError, nodes

from domain.portfolio.suggest import did_you_mean
from message_templates.documents.fields import DOCUMENT, FILL, GROUPS, Group

_TAG: Final = re.compile(r"<[^>]*>")
_ECHOED: Final = 80
"""Characters of a template that are said back."""

_OPENED: Final = re.compile(r"block that needs to be closed is '(\w+)'")
_UNKNOWN: Final = re.compile(r"unknown tag '(\w+)'")

_MOST_NESTED: Final = 2
"""Loops in each other: a third one over the same list makes a million lines of a hundred."""

_OWN_LANGUAGE: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
}
"""What fetches other files, or runs as often as it likes."""

_ANY: Final = object()
"""Something of which nobody can tell before it is there."""


class TemplateFaultError(Exception):
    """A template that cannot be filled; its text is the cause and the cure, without the file."""


def check_source(
    source: str,
    environment: Environment,
    lists: Mapping[str, Any],
    groups: Sequence[Group] = GROUPS,
) -> None:
    """Find fields that there are not, wherever they stand in a template.

    Args:
        source: the text with its fields, between whatever tags.
        environment: how it is parsed.
        lists: names that stand for something else here than everywhere: the row of a list.
        groups: what it can name.

    Raises:
        TemplateFaultError: with the field, and what may have been meant.
    """
    try:
        parsed = environment.parse(source)
    except TemplateSyntaxError as error:
        line = source.splitlines()[error.lineno - 1 : error.lineno]
        near = _TAG.sub("", "".join(line)).strip()[:_ECHOED]
        raise TemplateFaultError(
            f"has a field that can't be read near “{near}”: {_plainly(error.message or '')}"
        ) from error
    unknown = list(dict.fromkeys(_Reader(lists, groups).unknown(parsed)))
    if unknown:
        raise TemplateFaultError(" ".join(unknown[:3]))


def _plainly(message: str) -> str:
    """What Jinja says of braces, in words for who writes letters."""
    if opened := _OPENED.search(message):
        name = opened[1]
        return f"{{% {name} %}} is opened and never closed. Put {{% end{name} %}} behind it."
    if unknown := _UNKNOWN.search(message):
        name = unknown[1]
        return f"there is no {{% {name} %}}, or nothing for it to close. Correct it or delete it."
    return f"{message.rstrip('.')}. Mend the braces there."


def scope(groups: Sequence[Group] = GROUPS) -> dict[str, Any]:
    """What every template can name: groups, lists and the functions."""
    return {
        **{group.name: [group] if group.is_list else group for group in groups},
        "document": dict.fromkeys(DOCUMENT),
        FILL: _ANY,
    }


class _Reader:
    """Follows the names of a parsed template."""

    def __init__(self, lists: Mapping[str, Any], groups: Sequence[Group]) -> None:
        self._scope = {**scope(groups), **lists}
        self._paths = [*_paths(self._scope)]
        self._depth = 0

    def unknown(self, node: nodes.Node) -> Iterator[str]:
        """A sentence for each name that there is not."""
        if refused := _OWN_LANGUAGE.get(type(node)):
            yield f"uses {{% {refused} %}}, which no template may: write out what it stands for."
            return
        match node:
            case nodes.For():
                yield from self._loop(node)
            case nodes.Getattr() | nodes.Getitem() | nodes.Name():
                yield from self._named(node)
            case nodes.Assign(target=nodes.Name(name=name)):
                yield from self.unknown(node.node)
                self._scope[name] = _ANY
            case _:
                for child in node.iter_child_nodes():
                    yield from self.unknown(child)

    def _loop(self, node: nodes.For) -> Iterator[str]:
        yield from self.unknown(node.iter)
        if node.recursive or self._depth == _MOST_NESTED:
            yield (
                f"has more than {_MOST_NESTED} loops in each other, which could fill the memory: "
                "put one of them behind the others."
            )
            return
        self._depth += 1
        kept = dict(self._scope)
        found, _ = self._resolve(cast("nodes.Expr", node.iter))
        row = found[0] if isinstance(found, list) else _ANY
        target = node.target
        for name in [target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name):
            self._scope[name.name] = row
        self._scope["loop"] = _ANY
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from self.unknown(child)
        self._scope = kept
        self._depth -= 1

    def _named(self, node: nodes.Expr) -> Iterator[str]:
        _, trouble = self._resolve(node)
        if trouble:
            yield trouble

    def _resolve(self, node: nodes.Expr) -> tuple[Any, str]:
        """What a name stands for, or why it stands for nothing."""
        if isinstance(node, nodes.Name):
            known = node.ctx != "load" or node.name in self._scope
            return self._scope.get(node.name, _ANY), "" if known else self._sorry(node.name)
        if isinstance(node, nodes.Getattr):
            return self._member(node, node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return self._member(node, str(node.arg.value))
        return _ANY, ""

    def _member(self, node: nodes.Getattr | nodes.Getitem, name: str) -> tuple[Any, str]:
        owner, trouble = self._resolve(node.node)
        if trouble or owner is _ANY:
            return _ANY, trouble
        path = _path(node)
        if isinstance(owner, list):
            of = owner[0].name
            return _ANY, (
                f"names {{{{ {path} }}}}, but {of} is a list: "
                f"write {{% for row in {of} %}} before it, and {{{{ row.{name} }}}}."
            )
        names = owner.by_name if isinstance(owner, Group) else owner
        if isinstance(names, Mapping) and name in names:
            return None, ""
        beside = [f"{_path(node.node)}.{each}" for each in names or ()]
        return _ANY, self._sorry(path, beside)

    def _sorry(self, path: str, beside: Sequence[str] = ()) -> str:
        guess = did_you_mean(path, beside) or did_you_mean(path, self._paths)
        return f"names {{{{ {path} }}}}, and there is no such field.{guess}"


def _path(node: nodes.Node) -> str:
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=owner, attr=attr):
            return f"{_path(owner)}.{attr}"
        case nodes.Getitem(node=owner, arg=nodes.Const(value=value)):
            return f"{_path(owner)}.{value}"
        case _:
            return "…"


def _paths(known: Mapping[str, Any]) -> Iterator[str]:
    for name, what in known.items():
        yield name
        fields = what.by_name if isinstance(what, Group) else what
        if isinstance(fields, Mapping):
            yield from (f"{name}.{each}" for each in fields)

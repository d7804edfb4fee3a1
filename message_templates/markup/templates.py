"""The message templates: one file for each message, whose named blocks are the message's parts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import (
    BaseLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    Template,
    select_autoescape,
)
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from typing_extensions import override

from message_templates.markup.filters import FILTERS
from message_templates.markup.marked import Marked, seal

SUFFIX = ".j2"


@dataclass(frozen=True)
class MessageText:
    """The texts of one message."""

    template: Template

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts."""
        return tuple(sorted(self.template.blocks))

    def part(self, name: str, /, **values: object) -> Marked:
        """Render one part; only the values that this part uses are needed."""
        if name not in self.template.blocks:
            raise LookupError(f"{self.template.name} has no part {name!r}, but {self.parts}")
        try:
            return Marked.unseal(_render_block(self.template, name, values)).strip()
        except Exception as error:
            error.add_note(f"in part {name!r} of the template {self.template.name}")
            raise


def load(name: str) -> MessageText:
    """Find the texts of a message by `room/message`."""
    return MessageText(_environment().get_template(name.removesuffix(SUFFIX) + SUFFIX))


def make_environment(loader: BaseLoader) -> Environment:
    """Set up Jinja so that only the templates' own text is markup."""
    environment = Environment(
        loader=loader,
        # For HTML alone: Slack's text is not HTML, and sealing tells markup from data (`marked`).
        autoescape=select_autoescape(default_for_string=False),
        extensions=[SealTemplateText],
        finalize=_refuse_none,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment


class SealTemplateText(Extension):
    """Seals all text that stands in a template outside of Jinja's tags."""

    @override
    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Pass the tokens on, with those of text sealed."""
        for token in stream:
            is_text = token.type == "data"
            yield Token(token.lineno, token.type, seal(token.value)) if is_text else token


@cache
def _environment() -> Environment:
    return make_environment(PackageLoader("message_templates", package_path=""))


def _refuse_none(value: object) -> object:
    """Stop a forgotten `if` from saying "None" to people."""
    if value is None:
        raise ValueError("a value is None: leave it out with an `if`, or say what it means")
    return value


def _render_block(template: Template, name: str, values: dict[str, object]) -> str:
    """Render one block alone.

    The template's top level runs first, with its blocks silenced, because there its imports and
    macros come to life.
    """
    context = template.new_context(values)
    blocks = context.blocks
    context.blocks = {block: [_say_nothing] for block in blocks}
    template.environment.concat(template.root_render_func(context))
    context.blocks = blocks
    return template.environment.concat(blocks[name][0](context))


def _say_nothing(_context: Context) -> Iterator[str]:
    return iter(())

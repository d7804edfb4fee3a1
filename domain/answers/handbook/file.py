"""Reads one file of the handbook: Markdown, each section with its own few lines of YAML.

    ---
    kind: template
    owner: PMO
    reviewed: 2026-11-22
    ---
    # Communications plan

    ## What goes into a communications plan
    ```yaml
    id: template:communications-plan#fields
    aliases: [comms plan, communication plan]
    ```
    For each piece of information: ...

What stands in the head of the file holds for all of its sections, unless they say otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.answers.values import Guidance, Section
from domain.errors import InvalidFileError, Problem
from domain.portfolio.files import decode, read_bytes
from domain.portfolio.yaml_file import YamlDocument, parse_yaml

MAX_BYTES: Final = 1_000_000

_HEAD_LINES: Final = 1
"""The line `---` or ```yaml that stands before the YAML itself."""

Word = Annotated[str, Field(min_length=1, max_length=80)]
SectionId = Annotated[str, Field(pattern=r"^[a-z]+:[a-z0-9-]+#[a-z-]+$")]


class _Facts(BaseModel):
    """What a file or a section says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    entity: str | None = None
    aliases: tuple[Word, ...] = ()
    phase: str | None = None
    guidance: Guidance = Guidance.GENERAL
    source: str = ""
    url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    owner: Word = "PMO"
    reviewed: date
    see: tuple[SectionId, ...] = ()


class _SectionFacts(_Facts):
    id: SectionId
    hidden: bool = False
    """In a PMO's own folder: the bundled section of this id is not to be shown."""


@dataclass(frozen=True)
class HandbookFile:
    """What one file gives."""

    sections: Sequence[Section]
    hidden: Sequence[str]
    """Ids of sections of other folders that are taken out."""
    problems: Sequence[Problem]


def read_handbook_file(path: Path) -> HandbookFile:
    """Read a file; a section with a problem is left out, and the problem told.

    Raises:
        InvalidFileError: the file can't be read at all.
    """
    text = decode(path, read_bytes(path, MAX_BYTES), "save it as UTF-8")
    reader = _Reader(path, text)
    reader.read()
    return HandbookFile(reader.sections, reader.hidden, reader.problems)


def parser() -> MarkdownIt:
    """The Markdown that a handbook is written in: CommonMark with tables."""
    return MarkdownIt("commonmark").enable("table").use(front_matter_plugin)


@dataclass(frozen=True)
class _Heading:
    title: str
    first: int
    """Its line, from 0 on."""
    behind: int
    """The line behind it."""
    facts: Token | None
    """The YAML right below it."""


class _Reader:
    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.sections: list[Section] = []
        self.hidden: list[str] = []
        self.problems: list[Problem] = []
        self._lines = text.splitlines()
        self._tokens = parser().parse(text)

    def read(self) -> None:
        shared = self._shared()
        headings = list(self._headings())
        if not headings:
            self._note(1, "", "has no section; begin each with a line `## Title` and its YAML")
            return
        ends = [each.first for each in headings[1:]] + [len(self._lines)]
        for heading, end in zip(headings, ends, strict=True):
            if (section := self._section(heading, end, shared)) is not None:
                self.sections.append(section)

    def _shared(self) -> Mapping[str, Any]:
        head = next((each for each in self._tokens if each.type == "front_matter"), None)
        if head is None:
            return {}
        document = self._yaml(head.content, _HEAD_LINES + 1)
        return {} if document is None else dict(document.value)

    def _headings(self) -> Iterator[_Heading]:
        top = [each for each in self._tokens if each.level == 0 or each.type == "inline"]
        for place, token in enumerate(top):
            if token.type != "heading_open" or token.tag != "h2" or token.map is None:
                continue
            title, _close, *rest = top[place + 1 :]
            below = rest[0] if rest and rest[0].type == "fence" else None
            yield _Heading(
                title=title.content.strip(),
                first=token.map[0],
                behind=token.map[1],
                facts=below if below is not None and below.info.strip() == "yaml" else None,
            )

    def _section(self, heading: _Heading, end: int, shared: Mapping[str, Any]) -> Section | None:
        line = heading.first + 1
        if heading.facts is None or heading.facts.map is None:
            text = f"'{heading.title}' has no YAML right below it; write ```yaml, `id: ...`, ```"
            self._note(line, "", text)
            return None
        start, behind = heading.facts.map
        document = self._yaml(heading.facts.content, start + _HEAD_LINES + 1)
        if document is None:
            return None
        facts = self._facts(document, shared)
        if facts is None:
            return None
        if facts.hidden:
            self.hidden.append(facts.id)
            return None
        body = "\n".join(self._lines[behind:end]).strip()
        return _made(facts, heading.title, body, self.path, line)

    def _yaml(self, content: str, first_line: int) -> YamlDocument | None:
        try:
            return parse_yaml(self.path, content, first_line)
        except InvalidFileError as error:
            self.problems.extend(error.problems)
            return None

    def _facts(self, document: YamlDocument, shared: Mapping[str, Any]) -> _SectionFacts | None:
        try:
            return _SectionFacts.model_validate({**shared, **document.value})
        except ValidationError as error:
            for each in error.errors(include_url=False):
                value = each["input"] if isinstance(each["input"], str) else ""
                shown = f"'{value}': " if value else ""
                text = f"{shown}{each['msg'].removeprefix('Value error, ')}"
                self.problems.append(document.problem(tuple(each["loc"]), text))
            return None

    def _note(self, line: int, field: str, text: str) -> None:
        self.problems.append(Problem(f"line {line}", field, text))


def _made(facts: _SectionFacts, title: str, body: str, path: Path, line: int) -> Section:
    told = facts.model_dump(exclude={"hidden", "entity"})
    made = Section(**told, title=title, body=body, entity="", file=str(path), line=line)
    return replace(made, entity=facts.entity or made.slug)

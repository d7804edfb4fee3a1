"""Words that a PMO adds: what means the same, what a word is in English, and what isn't asked here.

Two files of the handbook's folders hold them, `synonyms.yaml` and `off_topic.yaml`; a key in the
PMO's own folder takes the place of the bundled one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from domain.answers.handbook.reading import FileProblem
from domain.errors import InvalidFileError
from domain.portfolio.files import decode, read_bytes
from domain.portfolio.yaml_file import MAX_BYTES, YamlDocument, parse_yaml

SYNONYMS_FILE: Final = "synonyms.yaml"
OFF_TOPIC_FILE: Final = "off_topic.yaml"

Phrase = Annotated[str, Field(min_length=1, max_length=80)]


class OffTopic(BaseModel):
    """Something that people ask a PMO and that somebody else answers."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    words: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    """What such a question says."""
    unless: tuple[Phrase, ...] = ()
    """What shows that it is about projects all the same."""
    ask: Annotated[str, Field(min_length=1, max_length=300)]
    """Whom to ask instead, as a sentence."""


class _Synonyms(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    same: Mapping[str, tuple[Phrase, ...]] = Field(default_factory=dict)
    near: tuple[tuple[Phrase, ...], ...] = ()
    languages: Mapping[str, Mapping[str, Phrase]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """All such words."""

    same: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What the handbook says: what people say for it."""
    near: Sequence[Sequence[str]] = ()
    """Groups of words that are near in meaning: each counts for the others, in part."""
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the language's code: a word or phrase of it, and the English one."""
    off_topic: Sequence[OffTopic] = ()


_TOPICS: Final = TypeAdapter(dict[str, OffTopic])
_SYNONYMS: Final = TypeAdapter(_Synonyms)
_T = TypeVar("_T")


def read_wording(folders: Sequence[Path]) -> tuple[Wording, Sequence[FileProblem]]:
    """Read both files of each folder, the later over the earlier; none need be there."""
    problems: list[FileProblem] = []
    same: dict[str, Sequence[str]] = {}
    near: list[Sequence[str]] = []
    languages: dict[str, dict[str, str]] = {}
    topics: dict[str, OffTopic] = {}
    for folder in folders:
        for read in _read(folder / SYNONYMS_FILE, _SYNONYMS, problems):
            same |= read.same
            near += read.near
            for code, words in read.languages.items():
                languages[code] = languages.get(code, {}) | dict(words)
        for found in _read(folder / OFF_TOPIC_FILE, _TOPICS, problems):
            topics |= found
    return Wording(same, near, languages, list(topics.values())), problems


def _read(path: Path, shape: TypeAdapter[_T], problems: list[FileProblem]) -> Iterator[_T]:
    if not path.exists():
        return
    try:
        text = decode(path, read_bytes(path, MAX_BYTES), "save it as UTF-8")
        document = parse_yaml(path, text)
    except InvalidFileError as error:
        problems += [FileProblem(error.file, each) for each in error.problems]
        return
    try:
        yield shape.validate_python(document.value)
    except ValidationError as error:
        problems += [_problem(path, document, each) for each in error.errors(include_url=False)]


def _problem(path: Path, document: YamlDocument, error: Mapping[str, Any]) -> FileProblem:
    text = str(error["msg"]).removeprefix("Value error, ")
    return FileProblem(str(path), document.problem(tuple(error["loc"]), text))

"""Proposals in the PMO's own folder: appended for people, and never read to answer from."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from domain.answers.handbook.reading import FileProblem
from domain.answers.learning.values import Proposed
from domain.errors import InvalidFileError, Problem
from domain.portfolio.files import decode, read_bytes
from domain.portfolio.yaml_file import MAX_BYTES, parse_yaml

PROPOSALS_FILE: Final = "proposals.yaml"
QUESTIONS_FILE: Final = "questions.jsonl"

_README: Final = """\
# Aliases that the PMO has proposed in Slack. The bot appends to this file, and never answers from
# it. To take one, put its phrase into the `aliases` of its section in this folder: the bot sees
# that within a minute and asks no more. A section of the bundled handbook, copy here first, with
# its id: your copy counts instead, and an upgrade, which replaces the bundled files, leaves it.
# Then, or if you don't want it, delete it here.
# `pmobot knowledge proposals` lists those that are not in the handbook yet, and
# `pmobot knowledge proposals --done NUMBER` drops one.
"""


class _Proposal(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    section: Annotated[str, Field(min_length=1)]
    alias: Annotated[str, Field(min_length=1)]


class Pair(BaseModel):
    """A question, and the sections that are right for it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    q: Annotated[str, Field(min_length=1)]
    expect: tuple[str, ...]
    """Any of them is right; none: it should not be answered."""


_PROPOSALS: Final = TypeAdapter(dict[str, _Proposal])


def as_yaml(proposals: Iterable[Proposed]) -> str:
    """Proposals ready to be pasted, each with the place of its section."""
    return "\n".join(map(_entry, proposals))


def _key(one: Proposed) -> str:
    return f"proposal-{one.proposal_id}"


def _entry(one: Proposed) -> str:
    return (
        f"{_key(one)}: # {_quoted(one.by)}, {one.on}\n"
        f"  section: {_quoted(one.section_id)}\n"
        f"  alias: {_quoted(one.phrase)}\n"
        f"  place: {_quoted(f'{one.file}: line {one.line}')}\n"
    )


def _quoted(value: object) -> str:
    """Something as JSON and YAML take it on one line, whatever somebody has typed."""
    quoted = json.dumps(value, ensure_ascii=False)
    return _NO_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


_NO_YAML: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def append_proposal(folder: Path, one: Proposed) -> Path:
    """Write a proposal into the PMO's folder, and its phrase as a question to try there.

    Raises:
        OSError: the folder can't be written to.
    """
    path = folder / PROPOSALS_FILE
    there = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    if f"\n{_key(one)}:" in there:  # proposed anew, and nobody has deleted it: no key twice
        return path
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{'' if there else _README}\n{_entry(one)}")
    pair = {"q": one.phrase, "expect": [one.section_id]}
    with (folder / QUESTIONS_FILE).open("a+b") as asked:
        asked.seek(max(asked.tell() - 1, 0))
        lead = "\n" if asked.read() not in (b"", b"\n") else ""  # as some editors leave a file
        asked.write(f"{lead}{_quoted(pair)}\n".encode())
    return path


def count_proposals(folder: Path) -> tuple[int, Sequence[FileProblem]]:
    """How many proposals a folder's file has, and what is wrong with it; there need be none."""
    path = folder / PROPOSALS_FILE
    if not path.exists():
        return 0, []
    try:
        text = decode(path, read_bytes(path, MAX_BYTES), "save it as UTF-8")
        if not _has_content(text):
            return 0, []
        document = parse_yaml(path, text)
        return len(_PROPOSALS.validate_python(document.value)), []
    except InvalidFileError as error:
        return 0, [FileProblem(error.file, each) for each in error.problems]
    except ValidationError as error:
        found = error.errors(include_url=False)
        problems = [document.problem(tuple(each["loc"]), str(each["msg"])) for each in found]
        return 0, [FileProblem(str(path), each) for each in problems]


def _has_content(text: str) -> bool:
    lines = map(str.strip, text.splitlines())
    return any(line and not line.startswith("#") for line in lines)


def read_pairs(path: Path) -> Sequence[tuple[int, Pair]]:
    """The questions of a file, a JSON object a line, each with its line.

    Raises:
        InvalidFileError: it can't be read; the lines are named.
    """
    text = decode(path, read_bytes(path, MAX_BYTES), "save it as UTF-8")
    pairs: list[tuple[int, Pair]] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pairs.append((number, Pair.model_validate_json(line)))
        except ValidationError:
            cure = 'write one object a line: {"q": "comms plan", "expect": ["template:..."]}'
            problems.append(Problem(f"line {number}", "", f"is no question; {cure}"))
    if problems:
        raise InvalidFileError(str(path), problems)
    return pairs

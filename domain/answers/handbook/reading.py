"""Reads the handbook from its folders: the bundled one, and over it the PMO's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from domain.answers.handbook.file import read_handbook_file
from domain.answers.values import Handbook, Section
from domain.errors import InvalidFileError, Problem

PATTERN = "*.md"
UNREAD = frozenset({"README.md"})
"""What stands in a folder to explain it."""


@dataclass(frozen=True)
class FileProblem:
    """Something that could not be taken."""

    file: str
    problem: Problem

    @override
    def __str__(self) -> str:
        """`knowledge/roles.md: line 7, id: ...`."""
        return f"{self.file}: {self.problem}"


@dataclass(frozen=True)
class ReadHandbook:
    """A handbook, and what could not be taken into it."""

    handbook: Handbook
    problems: Sequence[FileProblem]


def read_handbook(folders: Sequence[Path]) -> ReadHandbook:
    """Read all folders: a section of a later one takes the place of that with its id before it."""
    sections: dict[str, Section] = {}
    problems: list[FileProblem] = []
    for folder in folders:
        own: dict[str, Section] = {}
        hidden: set[str] = set()
        for path in handbook_files(folder):
            try:
                read = read_handbook_file(path)
            except InvalidFileError as error:
                problems += [FileProblem(error.file, each) for each in error.problems]
                continue
            problems += [FileProblem(str(path), each) for each in read.problems]
            hidden |= set(read.hidden)
            for section in read.sections:
                first = own.setdefault(section.id, section)
                if first is not section:
                    problems.append(_twice(section, first))
        kept = {key: each for key, each in sections.items() if key not in hidden}
        sections = kept | own
    return ReadHandbook(Handbook(sections), problems)


def handbook_files(folder: Path) -> list[Path]:
    """The files of a folder and the folders in it, in order.

    Raises:
        InvalidFileError: there is no such folder.
    """
    if not folder.is_dir():
        problem = Problem("", "", "there is no such folder; check the path in PMOBOT_KNOWLEDGE")
        raise InvalidFileError(str(folder), [problem])
    return sorted(each for each in folder.rglob(PATTERN) if each.name not in UNREAD)


def _twice(section: Section, first: Section) -> FileProblem:
    text = f"{section.id} stands there already: {first.file}, line {first.line}; keep one of them"
    return FileProblem(section.file, Problem(f"line {section.line}", "id", text))

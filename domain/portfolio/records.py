"""Stored projects in the words of a portfolio file, and back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from domain.portfolio.rows import COLUMNS, DATES, PEOPLE
from domain.portfolio.tags import read_tags, tags_text
from models.enums import Visibility
from models.portfolio import Council, Person, Phase, Project


@dataclass(frozen=True)
class Index:
    """Numbers of rows by their word, and the other way round."""

    ids: Mapping[str, int]
    words: Mapping[int, str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> "Index":
        """An index of words that are each there once."""
        ids = dict(pairs)
        return cls(ids=ids, words={number: word for word, number in ids.items()})


@dataclass(frozen=True)
class References:
    """What a project refers to by number, and a file by word."""

    indexes: Mapping[str, Index]
    """By column: `council` is found by name, `pm` by Slack id; the field is `council_id`."""
    names: Mapping[str, str]
    """People's names, by Slack id."""
    first_phase: str
    """Where a project stands that the file gives no phase."""

    @classmethod
    def of(
        cls, councils: Iterable[Council], phases: Sequence[Phase], people: Collection[Person]
    ) -> "References":
        """References to everything that a workspace has."""
        everybody = Index.of((one.slack_id, one.pk) for one in people)
        return cls(
            indexes={
                "council": Index.of((one.name, one.pk) for one in councils),
                "phase": Index.of((one.name, one.pk) for one in phases),
                **dict.fromkeys(PEOPLE, everybody),
            },
            names={one.slack_id: one.name for one in people},
            first_phase=first_asked(phases),
        )

    def number(self, column: str, word: str) -> int:
        """The row that a word means in a column."""
        return self.indexes[column].ids[word]

    def shown(self, column: str, word: str) -> str:
        """A word as people read it."""
        return self.names.get(word, word) if column in PEOPLE else word


def first_asked(phases: Sequence[Phase]) -> str:
    """The first phase whose projects are asked for status: being in the file means being run."""
    asked = [phase for phase in phases if phase.asked]
    return next((phase.name for phase in asked or phases), "")


def words_of(project: Project, references: References) -> dict[str, str]:
    """A stored project in the words of a file."""
    days: dict[str, date | None] = {name: getattr(project, name) for name in DATES}
    return {
        **project.notes,
        **{
            name: index.words.get(getattr(project, f"{name}_id"), "")
            for name, index in references.indexes.items()
        },
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "name": project.name,
        "visibility": project.visibility.value,
        "budget": "" if project.budget is None else f"{project.budget:.2f}",
        "description": project.description,
        "tags": tags_text(project.tags),
    }


def put_words(project: Project, words: Mapping[str, str], references: References) -> None:
    """Store words in a project; columns that are not a project's own are notes."""
    notes = {name: word for name, word in words.items() if name not in COLUMNS}
    for name in words.keys() - notes.keys():
        attribute, value = _attribute(name, words[name], references)
        setattr(project, attribute, value)
    kept = {name: word for name, word in (project.notes | notes).items() if word}
    if kept != project.notes:
        project.notes = kept


def _attribute(name: str, word: str, references: References) -> tuple[str, Any]:
    """A project's attribute for a column, and its value."""
    if name in references.indexes:
        return f"{name}_id", references.number(name, word) if word else None
    if name in DATES:
        return name, date.fromisoformat(word) if word else None
    if name == "budget":
        return name, Decimal(word) if word else None
    if name == "tags":
        return name, read_tags(word)
    return name, Visibility(word) if name == "visibility" else word

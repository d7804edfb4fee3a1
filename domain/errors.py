"""What can go wrong, in words for whoever can mend it; handlers never catch these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from typing_extensions import override


class PmobotError(Exception):
    """A mistake that somebody can mend; its text says how."""


class NotFoundError(PmobotError):
    """There is no such thing, or not for this person: the two are told apart nowhere."""


class NotAllowedError(PmobotError):
    """The person may not do this; the text says who may."""


class UnreadableError(PmobotError):
    """Something typed can't be read; the text shows how to write it. Nothing was saved."""


class FieldErrors(PmobotError):  # noqa: N818 - several errors, one for each field
    """A form's answers that need mending; nothing was saved, and what was typed is kept."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in errors.items()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a file."""

    where: str
    """Line, or path of the key."""
    field: str
    text: str
    """The cause and the cure."""

    @override
    def __str__(self) -> str:
        """`line 7, start: '31/02' is not a date; write it as 2026-02-28`."""
        place = ", ".join(part for part in (self.where, self.field) if part)
        return f"{place}: {self.text}" if place else self.text


class InvalidFileError(PmobotError):
    """A file that cannot be taken as it is; nothing was saved."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.file = file
        self.problems = tuple(problems)


class SettingsError(PmobotError):
    """The environment or the stored configuration lacks something; the text names it."""

"""The bundled handbook, read once for all tests of a process: half a second each time otherwise."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.knowledge import bundled_folder
from domain.answers import library
from domain.answers.library import Loaded

_load = library._load


@cache
def bundled() -> Loaded:
    """The handbook that comes with pmobot, and what finds in it."""
    return _load([bundled_folder()], library.english_words())


def load(folders: Sequence[Path], english: Mapping[str, int]) -> Loaded:
    """Stands in for the library's own: what no test changes is read once."""
    return bundled() if list(folders) == [bundled_folder()] else _load(folders, english)

"""The handbook in hand: what it says now, and what finds things in it."""

from dataclasses import dataclass

from domain.answers.finding.finder import Finder
from domain.answers.library import Library, Loaded
from domain.answers.rules import version_of
from domain.answers.values import Handbook


@dataclass(frozen=True)
class Shelf:
    """One state of the handbook."""

    handbook: Handbook
    finder: Finder
    version: str
    """Another one once a section has changed."""


class NewestShelf:
    """Gives the newest state; the first time, and after an edit, files are read beside the loop."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._loaded: Loaded | None = None
        self._shelf: Shelf | None = None

    async def __call__(self) -> Shelf:
        """The newest good state of the handbook."""
        loaded = await self._library.loaded()
        if self._shelf is None or loaded is not self._loaded:
            version = version_of(loaded.handbook)
            self._loaded, self._shelf = loaded, Shelf(loaded.handbook, loaded.finder, version)
        return self._shelf

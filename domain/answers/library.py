"""Holds the handbook as it stands in its files, ready to be searched, and follows their changes."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from domain.answers.finding.finder import Finder
from domain.answers.finding.meaning import Encoder
from domain.answers.handbook.reading import FileProblem, handbook_files, read_handbook
from domain.answers.handbook.wording import OFF_TOPIC_FILE, SYNONYMS_FILE, read_wording
from domain.answers.values import Handbook
from domain.errors import InvalidFileError

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at the files."""

_WORD_LIST: Final = "frequency_dictionary_en_82_765.txt"
"""Of the package symspellpy: a word and its frequency a line."""

_log = logging.getLogger(__name__)

Stamp = tuple[tuple[str, int, int], ...]
"""Each file's path, time of its last change in nanoseconds, and size in bytes."""


@dataclass(frozen=True)
class Loaded:
    """One state of the handbook."""

    handbook: Handbook
    finder: Finder
    problems: Sequence[FileProblem]


@cache
def english_words() -> Mapping[str, int]:
    """The words of English, which are hardly ever taken for mistakes, with how often they stand."""
    text = files("symspellpy").joinpath(_WORD_LIST).read_text(encoding="utf-8")
    pairs = (line.split(" ") for line in text.splitlines())
    return {word: int(often) for word, often in pairs}


class Library:
    """The handbook of these folders, the later over the earlier."""

    def __init__(
        self,
        folders: Sequence[Path],
        seconds: Callable[[], float] = time.monotonic,
        encoder: Encoder | None = None,
    ) -> None:
        """Nothing is read before somebody asks.

        Args:
            folders: where the files are.
            seconds: a clock that only goes forward.
            encoder: reads what sections mean; without one their words tell.
        """
        self._folders = folders
        self._encoder = encoder
        self._seconds = seconds
        self._loaded: Loaded | None = None
        self._stamp: Stamp = ()
        self._looked = 0.0
        self._lock = asyncio.Lock()

    async def finder(self) -> Finder:
        """What finds in the newest good state of the files."""
        return (await self.loaded()).finder

    async def handbook(self) -> Handbook:
        """The newest good state of the files."""
        return (await self.loaded()).handbook

    async def loaded(self) -> Loaded:
        """The newest good state of the files; they are looked at every few seconds at most.

        Raises:
            InvalidFileError: there is no folder, and there has been none since the start.
        """
        async with self._lock:
            now = self._seconds()
            if self._loaded is None or now - self._looked >= LOOK_EVERY:
                self._loaded = await asyncio.to_thread(self._look)
                self._looked = now
            return self._loaded

    def _look(self) -> Loaded:
        """Read the files anew if they changed; keep what is good if they are broken now."""
        kept = self._loaded
        try:
            stamp = _stamp(self._folders)
            if kept is None or stamp != self._stamp:
                kept = self._understood(_better(_load(self._folders, english_words()), kept))
            self._stamp = stamp
        except InvalidFileError as error:
            if kept is None:
                raise
            _log.warning("the handbook can't be read; its last good state stays: %s", error)
        return kept

    def _understood(self, loaded: Loaded) -> Loaded:
        """Let the encoder read what it doesn't know yet."""
        if self._encoder and loaded is not self._loaded:
            loaded.finder.meanings = self._encoder.read(loaded.handbook)
        return loaded


def _better(read: Loaded, kept: Loaded | None) -> Loaded:
    """What was read, but what was kept if there is a mistake in it."""
    if not read.problems:
        return read
    _log.warning(
        "the handbook has %d mistakes, the first: %s; `pmobot knowledge lint` names them all; "
        "%s stays in use",
        len(read.problems),
        read.problems[0],
        "the last good state" if kept else "what could be read",
    )
    return kept or read


def _load(folders: Sequence[Path], english: Mapping[str, int]) -> Loaded:
    read = read_handbook(folders)
    wording, problems = read_wording(folders)
    finder = Finder(read.handbook, english, wording)
    return Loaded(read.handbook, finder, [*read.problems, *problems])


def _stamp(folders: Sequence[Path]) -> Stamp:
    found: list[tuple[str, int, int]] = []
    for folder in folders:
        words = (folder / SYNONYMS_FILE, folder / OFF_TOPIC_FILE)
        for path in (*handbook_files(folder), *(each for each in words if each.exists())):
            told = path.stat()
            found.append((str(path), told.st_mtime_ns, told.st_size))
    return tuple(found)

"""Looks over what the PMO writes itself, handbook and templates, for those who keep it."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from bot.knowledge import folders
from domain.answers.handbook.reading import read_handbook
from domain.answers.handbook.rules import flaws
from domain.answers.handbook.wording import read_wording
from domain.answers.learning.files import count_proposals
from domain.errors import InvalidFileError
from domain.health.values import Area, Finding, Severity
from domain.ports import Clock
from message_templates.documents.press import Press

_CURE = "mend it there; `pmobot knowledge lint` tells when all is well"

Stamp = tuple[tuple[str, int, int], ...]
"""Each file's path, time of its last change in nanoseconds, and size in bytes."""


class OwnFiles:
    """What `pmobot knowledge lint` finds to mend; read anew only where a file has changed."""

    def __init__(self, own: Path | None, clock: Clock) -> None:
        """Make one; nothing is read before somebody asks.

        Args:
            own: the PMO's own handbook, if there is one.
            clock: tells which reviews lie in the future.
        """
        self._own = own
        self._clock = clock
        self._stamp: Stamp | None = None
        self._found: Sequence[Finding] = ()

    async def __call__(self) -> Sequence[Finding]:
        """What has to be mended; files are looked at beside the loop."""
        return () if self._own is None else await asyncio.to_thread(self._look, self._own)

    def _look(self, own: Path) -> Sequence[Finding]:
        try:
            stamp = _stamp(own)
            if stamp != self._stamp:
                self._found, self._stamp = tuple(_findings(own, self._clock.now().date())), stamp
        except (InvalidFileError, OSError) as error:
            self._stamp = None
            text = str(error).removeprefix(f"{own}: ")
            cure = "see that PMOBOT_KNOWLEDGE names the right folder, and that I may read it"
            return (_warning(str(own), f"can't be read: {text}", cure),)
        return self._found


def _stamp(own: Path) -> Stamp:
    looks = ((str(each), each.stat()) for each in sorted(own.rglob("*")))
    return tuple((path, told.st_mtime_ns, told.st_size) for path, told in looks)


def _findings(own: Path, today: date) -> Iterator[Finding]:
    """Everything to mend in the PMO's own files; what is only old is no hindrance."""
    read = read_handbook(folders(own))
    _, wording = read_wording(folders(own))
    _, proposals = count_proposals(own)
    for unread in (*read.problems, *wording, *proposals):
        yield _warning(unread.file, str(unread.problem), _CURE)
    for fault in Press(own).faults():
        yield _warning(fault.file.name, fault.text, f"{_CURE}. Until then the bundled one is used")
    for flaw in flaws(read.handbook, today):
        if flaw.is_error and Path(flaw.section.file).is_relative_to(own):
            where = f"{flaw.section.file}, line {flaw.section.line}"
            yield _warning(where, f"{flaw.section.id}: {flaw.text}", _CURE)


def _warning(subject: str, cause: str, cure: str) -> Finding:
    return Finding(Severity.WARNING, Area.HANDBOOK, subject, cause, cure)

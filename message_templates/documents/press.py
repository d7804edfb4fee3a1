"""Fills the template of a form: the PMO's own where it has one that works, else the bundled one."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import structlog

from domain.documents.values import CouncilForm, FileForm, Form
from message_templates.documents.excel import check_excel, fill_excel
from message_templates.documents.faults import TemplateFaultError
from message_templates.documents.fields import GROUPS, Facts, Group, context_of
from message_templates.documents.ink import Ink
from message_templates.documents.minutes_fields import MINUTES_GROUPS
from message_templates.documents.pack_fields import PACK_GROUPS
from message_templates.documents.package import MOST_BYTES, repacked
from message_templates.documents.word import check_word, fill_word
from message_templates.kit.limits import DOCUMENT_BYTES

FOLDER: Final = "templates"
"""Of the handbook's folder."""

_ENDINGS: Final = (".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx")

_COUNCIL_GROUPS: Final[Mapping[CouncilForm, Sequence[Group]]] = {
    CouncilForm.PACK: PACK_GROUPS,
    CouncilForm.MINUTES: MINUTES_GROUPS,
}
"""What the templates of councils can name."""

_log = structlog.get_logger()


@dataclass(frozen=True)
class Filled:
    """A filled template."""

    data: bytes
    blanks: tuple[str, ...]
    """What is left to fill; once for each place."""


@dataclass(frozen=True)
class Pressed:
    """What came of filling a form."""

    filled: Filled | None
    """None: not even the bundled one could be filled."""
    is_own: bool = False
    """It is the PMO's own template."""
    trouble: str = ""
    """Why a template was not used, though it was meant to be: the cause and the cure."""


@dataclass(frozen=True)
class FileFault:
    """A template that cannot be used."""

    file: Path
    text: str
    """The cause and the cure."""


def bundled_templates() -> Path:
    """Where the templates are that come with pmobot: beside the packages, or once installed."""
    beside = Path(__file__).resolve().parents[2] / "knowledge" / FOLDER
    if beside.is_dir():
        return beside
    return Path(sys.prefix) / "share" / "pmobot" / "knowledge" / FOLDER


class Press:
    """Fills templates from the folder of the PMO, and from the bundled one."""

    def __init__(self, own: Path | None = None) -> None:
        """Make one.

        Args:
            own: the PMO's own handbook; its folder `templates` may hold some of the files.
        """
        self._own = None if own is None else own / FOLDER

    def fill(self, form: FileForm, facts: Facts) -> Pressed:
        """Fill a form; never fails.

        The same facts and the same file give the same bytes.
        """
        path, trouble = self._own_file(form), ""
        if path is not None:
            try:
                return Pressed(_filled(form, facts, path), is_own=True)
            except TemplateFaultError as error:
                trouble = f"The PMO's own template {form.file} {error}"
                _warn(path, trouble)
        bundled = bundled_templates() / form.file
        try:
            return Pressed(_filled(form, facts, bundled), trouble=trouble)
        except TemplateFaultError as error:
            _log.exception("a bundled template can't be filled", file=str(bundled))
            return Pressed(None, trouble=f"{trouble} The bundled {form.file} {error}".strip())

    def faults(self) -> Sequence[FileFault]:
        """What is wrong with the PMO's own templates: every file, with the cause and the cure."""
        if self._own is None:
            return []
        known: dict[str, FileForm] = {form.file: form for form in (*Form, *CouncilForm)}
        found: list[FileFault] = []
        try:
            paths = sorted(self._own.iterdir()) if self._own.is_dir() else []
        except OSError as error:
            return [FileFault(self._own, str(_unreadable(error)))]
        for path in paths:
            form = known.get(path.name)
            if form is not None:
                found += [FileFault(path, text) for text in _faults_of(form, path)]
            elif path.suffix.casefold() in _ENDINGS and not path.name.startswith("~$"):
                names = ", ".join(known)
                text = f"fills no template: rename it to one of {names}, or take it away."
                found.append(FileFault(path, text))
        return found

    def _own_file(self, form: FileForm) -> Path | None:
        path = None if self._own is None else self._own / form.file
        try:
            return path if path is not None and path.exists() else None
        except OSError:  # its folder can't be looked into: reading it tells why
            return path


def _faults_of(form: FileForm, path: Path) -> Sequence[str]:
    try:
        _check(form, _read(path))
    except TemplateFaultError as error:
        return [str(error)]
    return []


def _filled(form: FileForm, facts: Facts, path: Path) -> Filled:
    """Fill a file.

    Raises:
        TemplateFaultError: it can't be used.
    """
    filled = _tried(form, facts, _read(path))
    if isinstance(filled, str):
        raise TemplateFaultError(filled)
    return filled


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> TemplateFaultError:
    return TemplateFaultError(f"can't be read ({error.strerror}): see to its rights.")


# The ledger renders a message for each of its steps. What came of the last few is kept, good or
# bad: a file that was mended has other bytes.
@lru_cache(maxsize=4)
def _tried(form: FileForm, facts: Facts, data: bytes) -> Filled | str:
    try:
        _check(form, data)
        return _fill(form, facts, data)
    except TemplateFaultError as error:
        return str(error)


@lru_cache(maxsize=16)
def _check(form: FileForm, data: bytes) -> None:
    try:
        if form.is_workbook:
            check_excel(data)
        else:
            check_word(data, _groups_of(form))
    except TemplateFaultError:
        raise
    except Exception as error:  # somebody's file: anything may be wrong with it
        raise TemplateFaultError(f"can't be opened ({_one_line(error)}): save it anew.") from error


def _fill(form: FileForm, facts: Facts, data: bytes) -> Filled:
    ink = Ink()
    fill = fill_excel if form.is_workbook else fill_word
    try:
        made = repacked(fill(data, context_of(form, facts, ink, _groups_of(form)), ink), facts.on)
    except TemplateFaultError:
        raise
    except Exception as error:  # somebody's file: anything may be wrong with it
        raise TemplateFaultError(
            f"can't be filled ({_one_line(error)}): see to that place in it."
        ) from error
    if len(made) > DOCUMENT_BYTES:
        raise TemplateFaultError(
            f"comes to {len(made):,} bytes when it is filled, and {DOCUMENT_BYTES:,} can be sent: "
            "make its pictures smaller."
        )
    return Filled(made, tuple(ink.blanks))


def _groups_of(form: FileForm) -> Sequence[Group]:
    return _COUNCIL_GROUPS[form] if isinstance(form, CouncilForm) else GROUPS


@lru_cache(maxsize=64)
def _warn(path: Path, trouble: str) -> None:
    """Tell the operator once, though a message is rendered for each of its steps."""
    _log.warning("the PMO's own template can't be used", file=str(path), cause=trouble)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__

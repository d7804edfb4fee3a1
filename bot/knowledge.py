"""`pmobot knowledge lint`: everything to mend in the handbook, with file, line and cure."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from domain.answers.handbook.reading import read_handbook
from domain.answers.handbook.rules import flaws
from domain.answers.handbook.wording import read_wording
from message_templates.documents.press import Press

_ROOT = Path(__file__).resolve().parent.parent


def bundled_folder() -> Path:
    """Where the handbook is that comes with pmobot: beside the packages, or once installed."""
    beside = _ROOT / "knowledge"
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "pmobot" / "knowledge"


def folders(own: Path | None) -> Sequence[Path]:
    """The handbook's folders, the PMO's own last."""
    return [bundled_folder()] if own is None else [bundled_folder(), own]


def lint(own: Path | None, today: date) -> bool:
    """Tell everything to mend; True if there is nothing that keeps a section from being found."""
    read = read_handbook(folders(own))
    problems = [*read.problems, *read_wording(folders(own))[1]]
    for unread in problems:
        typer.secho(str(unread), err=True, fg=typer.colors.RED)
    broken = Press(own).faults()
    for fault in broken:
        typer.secho(f"{fault.file}: {fault.text}", err=True, fg=typer.colors.RED)
    found = flaws(read.handbook, today)
    for flaw in found:
        where = f"{flaw.section.file}: line {flaw.section.line}, {flaw.section.id}"
        colour = typer.colors.RED if flaw.is_error else typer.colors.YELLOW
        typer.secho(f"{where}: {flaw.text}", err=True, fg=colour)
    errors = len(problems) + len(broken) + sum(flaw.is_error for flaw in found)
    count = len(read.handbook.sections)
    stale = sum(not flaw.is_error for flaw in found)
    typer.echo(f"{count} sections: {errors} to mend, {stale} to review.")
    return not errors

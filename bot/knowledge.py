"""`pmobot knowledge lint`: everything to mend in the handbook, and questions to try on it."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from domain.answers.handbook.reading import read_handbook
from domain.answers.handbook.rules import flaws
from domain.answers.handbook.wording import read_wording
from domain.answers.learning.files import PROPOSALS_FILE, count_proposals, read_pairs
from domain.answers.learning.rules import answers_rightly
from domain.answers.library import Library
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
    proposals, unreadable = count_proposals(own) if own else (0, [])
    problems = [*read.problems, *read_wording(folders(own))[1], *unreadable]
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
    if proposals:
        wait = "`pmobot knowledge proposals` tells which are not in the handbook yet"
        typer.echo(f"{proposals} proposed aliases in {PROPOSALS_FILE}: {wait}.")
    return not errors


def try_questions(own: Path | None, file: Path) -> bool:
    """Ask the handbook the questions of a file, and tell which it does not answer as expected.

    Raises:
        InvalidFileError: the file can't be read; its lines are named.
    """
    pairs = read_pairs(file)
    finder = asyncio.run(Library(folders(own)).finder())
    missed = 0
    for line, pair in pairs:
        found = finder.find(pair.q)
        if answers_rightly(found, pair.expect):
            continue
        missed += 1
        got = ", ".join(each.section.id for each in found.hits[:3]) or "nothing"
        wanted = " or ".join(pair.expect) or "no answer"
        told = f"{file}: line {line}: '{pair.q}' gives {got} ({found.band}), not {wanted}"
        typer.secho(told, err=True, fg=typer.colors.RED)
    typer.echo(f"{len(pairs)} questions: {len(pairs) - missed} hit, {missed} missed.")
    return not missed

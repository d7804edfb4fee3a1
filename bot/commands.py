"""What `pmobot import` and `pmobot apply` do and tell: the outcome in words, problems to stderr."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from bot.runtime import open_core
from bot.settings import Settings
from domain.errors import Problem
from domain.portfolio.values import ApplyOutcome, FieldChange, ImportOutcome
from message_templates.calendar.rules import rule_line

SHOWN = 50
"""Lines of one kind that are shown; the others are counted."""


async def import_portfolio(settings: Settings, file: Path, *, dry_run: bool, partial: bool) -> bool:
    """Import a portfolio file and tell what became of it; False if it was not taken whole."""
    async with open_core(settings) as core:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("checking rows")
            outcome = await core.services.imports.import_file(
                file,
                now=core.clock.now(),
                actor="pmobot import",
                dry_run=dry_run,
                partial=partial,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    _tell_import(file, outcome, dry_run=dry_run)
    return not outcome.problems


async def apply_configuration(settings: Settings, file: Path, *, dry_run: bool) -> bool:
    """Apply a configuration file and tell what became of it; False if it was refused."""
    async with open_core(settings) as core:
        outcome = await core.services.configure.apply_file(
            file, now=core.clock.now(), actor="pmobot apply", dry_run=dry_run
        )
    _tell_apply(file, outcome, dry_run=dry_run)
    return not outcome.problems


def _tell_import(file: Path, outcome: ImportOutcome, *, dry_run: bool) -> None:
    _tell_problems(file, outcome.problems)
    _tell_changes(outcome.changed)
    _tell_list("new", outcome.created)
    _tell_list(
        "changed in Slack and in the file; the file won",
        (
            f"{each.code}, {each.field}: {each.in_slack!r} in Slack, {each.in_file!r} in the file"
            for each in outcome.conflicts
        ),
    )
    _tell_list("stored, but not in the file; kept", outcome.missing_from_file)
    count = f"{len(outcome.created)} new, {len({each.subject for each in outcome.changed})} changed"
    _tell_end(f"{count}, {outcome.unchanged} unchanged", outcome.applied, dry_run=dry_run)


def _tell_apply(file: Path, outcome: ApplyOutcome, *, dry_run: bool) -> None:
    _tell_problems(file, outcome.problems)
    for warning in outcome.warnings:
        typer.secho(f"{file}: {warning}", err=True, fg=typer.colors.YELLOW)
    _tell_list("new council", outcome.created)
    _tell_changes(outcome.changed)
    _tell_list("stored, but not in the file; kept", outcome.missing_from_file)
    for rule in outcome.rules:
        typer.echo(rule_line(rule))
    what = "nothing to change" if outcome.is_unchanged else f"{len(outcome.changed)} changes"
    _tell_end(what, outcome.applied, dry_run=dry_run)


def _tell_problems(file: Path, problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.secho(f"{file}: {problem}", err=True, fg=typer.colors.RED)


def _tell_changes(changes: Sequence[FieldChange]) -> None:
    _tell_list(
        "change",
        (f"{each.subject}, {each.field}: {each.old!r} -> {each.new!r}" for each in changes),
    )


def _tell_list(what: str, lines: Iterable[str]) -> None:
    listed = list(lines)
    for line in listed[:SHOWN]:
        typer.echo(f"{what}: {line}")
    if len(listed) > SHOWN:
        typer.echo(f"{what}: ... and {len(listed) - SHOWN} more")


def _tell_end(count: str, applied: bool, *, dry_run: bool) -> None:  # noqa: FBT001 - the outcome's own word
    end = "saved" if applied else "dry run, nothing saved" if dry_run else "nothing saved"
    typer.echo(f"{count}: {end}.")

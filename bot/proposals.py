"""`pmobot knowledge proposals`: the aliases that the PMO has proposed, and what came of them."""

from dataclasses import dataclass
from pathlib import Path

import typer

from bot import schema
from bot.clock import SystemClock
from bot.knowledge import folders
from bot.rehearsal_report import workspace_of
from bot.settings import Settings
from domain.answers.handbook.reading import read_handbook
from domain.answers.learning.files import as_yaml
from domain.answers.learning.proposing import list_open, mark_taken
from models.base import Database


@dataclass(frozen=True)
class Wanted:
    """What is to be done with proposals; nothing: list them."""

    write: Path | None = None
    done: int | None = None


async def tell_proposals(settings: Settings, wanted: Wanted) -> bool:
    """List the proposals that are not in the handbook yet, or drop one; False if there is none.

    Raises:
        PmobotError: there is no record, or no handbook; with the cure.
    """
    record = Database(settings.database_url)
    try:
        await schema.require_newest(record)
        workspace_id = await workspace_of(record, settings)
        now = SystemClock().now()
        if wanted.done is not None:
            taken = await mark_taken(record, workspace_id, wanted.done, now)
            return _tell_done(wanted.done, is_taken=taken)
        handbook = read_handbook(folders(settings.knowledge)).handbook
        proposals = await list_open(record, workspace_id, handbook, now)
    finally:
        await record.close()
    text = as_yaml(proposals)
    if wanted.write is not None:
        return _write(wanted.write, text, len(proposals))
    typer.echo(text or "No proposal waits: all stand in the handbook.")
    return True


def _tell_done(number: int, *, is_taken: bool) -> bool:
    if is_taken:
        typer.echo(f"Proposal {number} is dealt with.")
    else:
        text = f"No proposal {number} waits; `pmobot knowledge proposals` lists those that do."
        typer.secho(text, err=True, fg=typer.colors.RED)
    return is_taken


def _write(path: Path, text: str, count: int) -> bool:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        cause = f"{path} can't be written ({error.strerror}): name a file in a folder that can"
        typer.secho(cause, err=True, fg=typer.colors.RED)
        return False
    typer.echo(f"Proposed aliases written to {path}: {count}.")
    return True

"""What `pmobot rehearse` does and tells: a table of what would be sent, and what would not."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import typer
from pydantic import TypeAdapter
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot import schema
from bot.clock import SystemClock
from bot.identity import who_am_i
from bot.rehearsal import Stage, open_stage
from bot.settings import Settings
from bot.slack import posting_client
from domain.errors import SettingsError
from domain.rehearsal.service import NOTHING_APPLIED
from domain.rehearsal.values import About, Rehearsal
from message_templates.rehearsal.rehearsal import kind, notes, nothing, subject, summary, when
from models.base import Database
from models.portfolio import Workspace, workspaces


@dataclass(frozen=True)
class Wanted:
    """What to rehearse, and what of it to tell."""

    days: int
    person: str | None = None
    """An e-mail address or a Slack id."""
    council: str | None = None
    as_json: bool = False


async def tell_rehearsal(settings: Settings, wanted: Wanted) -> bool:
    """Rehearse from the database alone and tell what came of it; False if something can't be sent.

    Raises:
        PmobotError: there is nothing to rehearse, or nobody of that name; with the cure.
    """
    record = Database(settings.database_url)
    try:
        await schema.require_newest(record)
        workspace_id = await workspace_of(record, settings)
        async with open_stage(record, workspace_id, SystemClock().now()) as stage:
            rehearsal = await _play(stage, wanted)
    finally:
        await record.close()
    if wanted.as_json:
        typer.echo(_as_json(rehearsal))
    else:
        _tell(rehearsal)
    return not rehearsal.has_problems


async def workspace_of(record: Database, settings: Settings) -> int:
    """The one workspace of the record; where there are several, Slack tells whose the token is."""
    async with record.reading() as session:
        known = await workspaces(session)
    if not known:
        raise SettingsError(NOTHING_APPLIED)
    if len(known) > 1:
        known = await _own(known, settings)
    (workspace,) = known
    return workspace.id or 0


async def _own(known: Sequence[Workspace], settings: Settings) -> list[Workspace]:
    client = posting_client(settings.bot_token, settings.slack_api_base_url)
    identity = await who_am_i(client)
    own = [each for each in known if each.team_id == identity.team_id]
    if not own:
        names = ", ".join(each.name for each in known)
        msg = (
            f"The database has nothing of the workspace {identity.team}, only of {names}. Set "
            "SLACK_BOT_TOKEN to the token of one of these."
        )
        raise SettingsError(msg)
    return own


async def _play(stage: Stage, wanted: Wanted) -> Rehearsal:
    await stage.reader.check()
    person = await stage.reader.person(wanted.person) if wanted.person else None
    council = await stage.reader.council(wanted.council) if wanted.council else None
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("rehearsing", total=1.0)
        rehearsal = await stage.play(
            stage.clock.now() + timedelta(days=wanted.days),
            lambda share: progress.update(task, completed=share),
        )
    return rehearsal.only(person, council)


def _as_json(rehearsal: Rehearsal) -> str:
    value = TypeAdapter(Rehearsal).dump_python(rehearsal, mode="json")
    return json.dumps({**value, "has_problems": rehearsal.has_problems}, indent=2)


def _tell(rehearsal: Rehearsal) -> None:
    # Names and reasons are people's words: nothing in them is markup.
    console = Console(markup=False, emoji=False, highlight=False)
    console.print(summary(rehearsal))
    if not rehearsal.sendings:
        console.print(nothing())
    for title, table in (("Sent:", _sent(rehearsal)), ("Not sent:", _unsent(rehearsal))):
        if table.row_count:
            console.print(f"\n{title}")
            console.print(table)


def _sent(rehearsal: Rehearsal) -> Table:
    table = _table("to", "what")
    for each in rehearsal.sendings:
        what = "\n".join([_what(each.about), *notes(each)])
        table.add_row(when(each.at, each.to.timezone), each.to.timezone, each.to.name, what)
    return table


def _unsent(rehearsal: Rehearsal) -> Table:
    table = _table("to", "what", "why not")
    for each in rehearsal.unsent:
        at = when(each.at, each.to.timezone) if each.at and each.to else ""
        to = (each.to.timezone, each.to.name) if each.to else ("", "")
        table.add_row(at, *to, _what(each.about), each.why)
    return table


def _what(about: About) -> str:
    return " · ".join(filter(None, (kind(about), subject(about))))


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("local time", no_wrap=True)
    for name in ("in", *columns):
        table.add_column(name, overflow="fold")
    return table

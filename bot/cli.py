"""The command line `pmobot`: each command opens what it needs and calls one service."""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot import logs, memory
from bot.stopping import INTERRUPTED, asked_to_stop
from domain.errors import PmobotError
from domain.ports import Clock
from domain.rehearsal.values import DEFAULT_DAYS, MOST_DAYS

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    name="pmobot",
    help="A Slack bot for Project Management Offices: asks for status, keeps every answer, "
    "and posts one summary to each council.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

knowledge = typer.Typer(help="The handbook that the bot answers from.", no_args_is_help=True)
app.add_typer(knowledge, name="knowledge")

T = TypeVar("T")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")]
Partial = Annotated[
    bool, typer.Option("--partial", help="Take the good rows although others have problems.")
]

FAILED = 1
"""Exit code of a command that could not do its work; 2 is for a wrong call."""


def main() -> None:
    """Run the command line; a mistake that somebody can mend is told without a traceback."""
    logs.configure(logs.LogStyle.TEXT, logs.LogLevel.WARNING)  # `run` tells more
    try:
        app()
    except PmobotError as error:
        typer.secho(str(error), err=True, fg=typer.colors.RED)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@app.command()
def run() -> None:
    """Run the bot until it is stopped (Ctrl-C or SIGTERM); the work in hand is finished first."""
    _wait_for(run_until_stopped())


async def run_until_stopped(clock: Clock | None = None) -> None:
    """Run the bot of the environment until it is asked to stop; `clock` is for tests."""
    from bot.runtime import running

    stopped = asked_to_stop()
    settings = _settings()
    logs.configure(settings.log, settings.log_level, settings.secrets)
    async with running(settings, clock) as bot:
        await bot.core.services.answers.prepare()
        memory.settle()
        typer.echo(f"pmobot is running; http://{settings.host}:{bot.port}/readyz")
        await stopped.wait()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema; doing it again changes nothing."""
    from bot import schema
    from models.base import Database

    async def upgrade() -> tuple[str | None, str]:
        database = Database(_settings().database_url)
        try:
            before = await schema.current(database)
            await schema.upgrade(database)
        finally:
            await database.close()
        return before, schema.newest()

    before, newest = _wait_for(upgrade())
    if before == newest:
        typer.echo(f"The database is at the newest version already ({newest}).")
    else:
        typer.echo(f"The database is now at version {newest} (before: {before or 'empty'}).")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The portfolio: CSV (UTF-8) or XLSX.")],
    *,
    dry_run: DryRun = False,
    partial: Partial = False,
) -> None:
    """Import the portfolio: all or nothing, and twice changes nothing."""
    from bot.commands import import_portfolio

    done = import_portfolio(_settings(), file, dry_run=dry_run, partial=partial)
    _exit(succeeded=_wait_for(done))


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="Councils, calendars, roles, thresholds: YAML.")],
    *,
    dry_run: DryRun = False,
) -> None:
    """Apply the configuration: all or nothing, and twice changes nothing."""
    from bot.commands import apply_configuration

    _exit(succeeded=_wait_for(apply_configuration(_settings(), file, dry_run=dry_run)))


@app.command()
def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Tell it as JSON, for programs.")] = False,
) -> None:
    """Look for what hinders the bot, in its settings, its database and Slack, with the cure."""
    from bot.doctor import run_doctor

    _exit(succeeded=_wait_for(run_doctor(as_json=as_json)))


@app.command()
def rehearse(
    days: Annotated[
        int,
        typer.Option(min=1, max=MOST_DAYS, help="How many days ahead, from this moment on."),
    ] = DEFAULT_DAYS,
    *,
    person: Annotated[
        str | None, typer.Option("--for", help="One person alone: e-mail address or Slack id.")
    ] = None,
    council: Annotated[str | None, typer.Option(help="One council alone, by its name.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Tell who will get what and when, and what will not be sent and why; nothing is sent."""
    from bot.rehearsal_report import Wanted, tell_rehearsal

    done = tell_rehearsal(_settings(), Wanted(days, person, council, as_json))
    _exit(succeeded=_wait_for(done))


@knowledge.command("lint")
def knowledge_lint(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The PMO's own folder; PMOBOT_KNOWLEDGE if none is named."),
    ] = None,
    *,
    questions: Annotated[
        Path | None,
        typer.Option(
            help='Ask it these, one a line: {"q": "comms plan", "expect": ["template:..."]}'
        ),
    ] = None,
) -> None:
    """Look through the handbook: what can't be found or cited, with line and cure."""
    from bot.clock import SystemClock
    from bot.knowledge import lint, try_questions

    own = folder or _settings().knowledge
    is_good = lint(own, SystemClock().now().date())
    _exit(succeeded=(questions is None or try_questions(own, questions)) and is_good)


@knowledge.command("proposals")
def knowledge_proposals(
    *,
    write: Annotated[Path | None, typer.Option(help="Write them to a file instead.")] = None,
    done: Annotated[
        int | None, typer.Option(help="Drop the proposal of this number; taken ones drop out.")
    ] = None,
) -> None:
    """List the aliases that the PMO has proposed and that are not in the handbook yet, as YAML."""
    from bot.proposals import Wanted, tell_proposals

    _exit(succeeded=_wait_for(tell_proposals(_settings(), Wanted(write, done))))


@app.command()
def demo(
    folder: Annotated[
        Path, typer.Option(help="Where the demo keeps its state between two starts.")
    ] = Path(".demo"),
    port: Annotated[int, typer.Option(help="The port of the sandbox's page.")] = 8765,
) -> None:
    """Try everything on a sample portfolio in a local Slack workspace; no Slack account needed."""
    from bot.demo import run_demo

    _wait_for(run_demo(folder, port))


def _settings() -> "Settings":
    """What the environment says; a command that only explains itself has no use for it."""
    from bot.settings import load_settings

    return load_settings()


def _wait_for(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _exit(*, succeeded: bool) -> None:
    raise typer.Exit(0 if succeeded else FAILED)

"""`pmobot doctor`: looks over settings, database, Slack and record; whatever fails is a finding."""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

import typer
from rich.console import Console
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.clock import SystemClock
from bot.own_files import OwnFiles
from bot.semantic import NoModelError, is_installed, load_model
from bot.settings import Mode, Semantic, Settings, load_settings
from bot.slack import SlackDirectory, reading_client
from bot.slack_errors import CALL_ERRORS, trouble_of
from domain.delivery.errors import DeliveryTrouble
from domain.errors import SettingsError
from domain.health.rules import SCOPES, in_order, slack_findings
from domain.health.service import HealthService
from domain.health.values import Area, Finding, Severity, SlackFacts
from domain.portfolio.people import PeopleService
from domain.ports import Directory, SlackApp
from models.base import Database
from models.portfolio import Workspace, workspaces

Tell = Callable[[str], None]
"""Hears what is being looked at."""

_ENVIRONMENT: Final = "correct it in the environment or in the file .env"


async def run_doctor(*, as_json: bool) -> bool:
    """Look over everything and tell it; whether there is no problem."""
    console = Console(stderr=True)
    with console.status("Looking") as status:
        doctor = Doctor(SystemClock().now(), lambda what: status.update(f"Looking at {what}"))
        await doctor.examine()
    (_tell_json if as_json else _tell)(doctor)
    return doctor.is_well


class Doctor:
    """Looks over what can be looked at, whatever else fails."""

    def __init__(self, now: datetime, tell: Tell) -> None:
        self.findings: list[Finding] = []
        self.checked: list[str] = []
        """What could be looked at."""
        self._now = now
        self._tell = tell

    @property
    def is_well(self) -> bool:
        """Whether the bot can do its work; warnings do not hinder it."""
        return all(each.severity is not Severity.PROBLEM for each in self.findings)

    async def examine(self) -> None:
        """Look over everything."""
        settings = self._settings()
        if settings is None:
            return
        self._meaning(settings.semantic)
        await self._own_files(settings)
        async with self._database(settings) as database:
            directory = self._directory(settings)
            app = await self._app(directory) if directory else None
            await self._way_in(settings)
            workspace_id = await self._workspace(database, app) if database else None
            if database and directory and workspace_id is not None:
                await self._record(database, directory, workspace_id, asks=app is not None)
            elif app is not None:
                facts = SlackFacts(asked_at=self._now, scopes=app.scopes, skew=app.skew)
                self.findings += slack_findings(facts, self._now)
        self.findings = list(in_order(self.findings))

    def _problem(self, area: Area, subject: str, cause: str, cure: str) -> None:
        self.findings.append(Finding(Severity.PROBLEM, area, subject, cause, cure))

    def _settings(self) -> Settings | None:
        self._tell("the settings")
        try:
            settings = load_settings()
        except SettingsError as error:
            for line in str(error).splitlines():
                name, _, cause = line.partition(": ")
                self._problem(Area.SETUP, name, cause, _ENVIRONMENT)
            return None
        self.checked.append("the settings")
        return settings

    def _meaning(self, choice: Semantic) -> None:
        """Whether the handbook is searched by meaning, too."""
        self._tell("the model of language")
        if choice is Semantic.OFF or (choice is Semantic.AUTO and not is_installed()):
            why = "PMOBOT_SEMANTIC=off" if choice is Semantic.OFF else "no extra `semantic`"
            self.checked.append(f"the answers (by words alone: {why})")
            return
        try:
            load_model()
        except NoModelError as error:
            cause, _, cure = str(error).partition("; ")
            cause = f"answers come by words alone: {cause}"
            finding = Finding(Severity.WARNING, Area.SETUP, "PMOBOT_SEMANTIC", cause, cure)
            self.findings.append(finding)
        else:
            self.checked.append("the answers (by words and meaning)")

    async def _own_files(self, settings: Settings) -> None:
        """What the PMO has written itself, as `pmobot knowledge lint` finds it."""
        if settings.knowledge is None:
            return
        self._tell("the PMO's own handbook and templates")
        self.findings += await OwnFiles(settings.knowledge, SystemClock())()
        self.checked.append("the PMO's own handbook and templates")

    @asynccontextmanager
    async def _database(self, settings: Settings) -> AsyncIterator[Database | None]:
        """The database, if the record in it can be read."""
        self._tell("the database")
        database = Database(settings.database_url)
        try:
            yield database if await self._is_readable(database) else None
        finally:
            await database.close()

    async def _is_readable(self, database: Database) -> bool:
        try:
            version = await schema.current(database)
        except SettingsError as error:
            cure = "see that DATABASE_URL names the right one, and that it runs"
            self._problem(Area.SETUP, "database", str(error), cure)
            return False
        self.checked.append("the database")
        newest = schema.newest()
        if version == newest:
            return True
        state = "is empty" if version is None else f"is at version {version}, not at {newest}"
        self._problem(
            Area.SETUP,
            "database",
            f"it {state}, so the bot does not start",
            "run `pmobot migrate` with the newest pmobot that has run here",
        )
        return False

    def _directory(self, settings: Settings) -> Directory | None:
        try:
            token = settings.bot_token
        except SettingsError as error:
            self._problem(Area.SETUP, "SLACK_BOT_TOKEN", str(error), _ENVIRONMENT)
            return None
        return SlackDirectory(reading_client(token, settings.slack_api_base_url))

    async def _app(self, directory: Directory) -> SlackApp | None:
        self._tell("what Slack says of the app")
        try:
            app = await directory.app()
        except DeliveryTrouble as trouble:
            cure = trouble.cure or "see that this machine reaches Slack, and try again"
            self._problem(Area.SLACK, "SLACK_BOT_TOKEN", trouble.reason, cure)
            return None
        self.checked += ["the bot's token", f"the app's {len(SCOPES)} scopes", "the clock"]
        return app

    async def _way_in(self, settings: Settings) -> None:
        """What Slack reaches the bot with: a token of its own, or a secret that it signs with."""
        is_socket = settings.mode is Mode.SOCKET
        name = "SLACK_APP_TOKEN" if is_socket else "SLACK_SIGNING_SECRET"
        try:
            secret = settings.app_token if is_socket else settings.signing_secret
        except SettingsError as error:
            self._problem(Area.SETUP, name, str(error), _ENVIRONMENT)
            return
        if not is_socket:
            return
        client = AsyncWebClient(base_url=settings.slack_api_base_url)
        try:
            await client.apps_connections_open(app_token=secret)
        except CALL_ERRORS as error:
            cause = f"it opens no Socket Mode connection ({trouble_of(error).code})"
            self._problem(
                Area.SLACK,
                name,
                cause,
                "copy it from Basic Information > App-Level Tokens (scope connections:write), and "
                "see that Socket Mode is on",
            )
        else:
            self.checked.append("the app's token")

    async def _workspace(self, database: Database, app: SlackApp | None) -> int | None:
        """The number of the workspace in the record, which the token tells, or being alone."""
        async with database.reading() as session:
            stored = await workspaces(session)
        mine = [each for each in stored if app is None or each.team_id == app.team_id]
        if not mine and app is not None:
            self._tell_new(app, stored)
        return mine[0].id if len(mine) == 1 else None

    def _tell_new(self, app: SlackApp, stored: Sequence[Workspace]) -> None:
        others = ", ".join(each.name for each in stored)
        cause = (
            f"the token is for {app.team}, and the database has only {others}"
            if others
            else "nothing is stored of it yet"
        )
        cure = "apply a configuration: `pmobot apply FILE`"
        if others:
            cure = f"{cure}; if it was meant to be {others}, use that workspace's token"
        self._problem(Area.SETUP, "workspace", cause, cure)

    async def _record(
        self, database: Database, directory: Directory, workspace_id: int, *, asks: bool
    ) -> None:
        """The checks of the App Home page, after asking Slack what has changed."""
        people = PeopleService(database, workspace_id, directory)
        health = HealthService(database, workspace_id, directory, people)
        try:
            if asks:
                self._tell("people and channels in Slack")
                await health.check_slack(self._now)
            self._tell("the record")
            report = await health.report(self._now)
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", error)).splitlines()[0]
            cure = "see that the database runs and has room; then look again"
            self._problem(Area.SETUP, "database", cause, cure)
            return
        self.findings += report.findings
        self.checked += [
            f"{count} {what}" for what, count in report.checked.items() if what != "scopes"
        ]
        self.checked.append("the messages still to be sent, and those of 7 days that failed")


def _tell_json(doctor: Doctor) -> None:
    findings = [dataclasses.asdict(each) for each in doctor.findings]
    told = {"ok": doctor.is_well, "findings": findings, "checked": doctor.checked}
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _tell(doctor: Doctor) -> None:
    for severity, group in groupby(doctor.findings, attrgetter("severity")):
        listed = list(group)
        colour = typer.colors.RED if severity is Severity.PROBLEM else typer.colors.YELLOW
        typer.secho(_counted(len(listed), severity).capitalize(), fg=colour, bold=True)
        for each in listed:
            # Some causes are sentences of their own.
            typer.echo(f"  {each.subject} ({each.area}): {each.cause.removesuffix('.')}.")
            typer.echo(f"    What to do: {each.cure.removesuffix('.')}.")
        typer.echo("")
    if not doctor.findings:
        typer.secho("Nothing found: the bot can do its work.", fg=typer.colors.GREEN)
    typer.echo(f"Looked at: {', '.join(doctor.checked) or 'nothing'}.")


def _counted(count: int, severity: Severity) -> str:
    return f"{count} {severity}{'' if count == 1 else 's'}"

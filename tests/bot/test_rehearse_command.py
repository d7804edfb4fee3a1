"""`pmobot rehearse` as an operator meets it: from the database alone, without Slack."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import bot.rehearsal_report
from bot.cli import app
from domain.errors import NotFoundError, SettingsError
from models.base import Database
from models.portfolio import Workspace
from tests.conftest import make_workspace
from tests.support.clock import FakeClock
from tests.support.portfolio import STS, World
from tests.support.scene import fresh_copy

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database, in an environment without tokens, on a Monday."""
    address = fresh_copy(sqlite_template, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(bot.rehearsal_report, "SystemClock", lambda: FakeClock(NOW))
    return address


def prepare(url: str, act: Callable[[Database], Awaitable[object]]) -> None:
    """Write to the database before the command runs."""

    async def do() -> None:
        database = Database(url)
        await act(database)
        await database.close()

    asyncio.run(do())


async def furnish(database: Database) -> None:
    world = await World.stored(database, await make_workspace(database))
    await world.council(STS)
    await world.project("APOLLO", "ana")
    await world.project("BOREAS", "ana", council=STS)
    await world.project("CERES", "li")
    await world.project("GAIA", "li", phase="qualification")


def rehearse(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rehearse", *arguments])


def test_the_table_tells_local_time_zone_person_and_projects(url: str) -> None:
    prepare(url, furnish)
    ran = rehearse("--days", "8")
    assert ran.exit_code == 0, ran.output
    lines = [" ".join(line.split()) for line in ran.output.splitlines()]
    asked = "America/New_York Ana status request · APOLLO, BOREAS (ITS Council, STS Council)"
    assert f"Wed 25 Nov 09:00 {asked}" in lines
    assert "Wed 25 Nov 09:00 Asia/Kolkata Li status request · CERES (ITS Council)" in lines
    assert any("GAIA (ITS Council) the phase 'qualification' is not asked" in one for one in lines)
    assert "Nobody answers in a rehearsal" in ran.output


def test_json_holds_the_same_for_machines(url: str) -> None:
    prepare(url, furnish)
    ran = rehearse("--days", "3", "--json", "--for", "li@example.edu")
    value = json.loads(ran.output)
    (sending,) = value["sendings"]
    assert sending["at"].startswith("2026-11-25T03:30:00")
    assert sending["to"]["name"] == "Li"
    assert sending["about"]["projects"] == ["CERES"]
    assert value["has_problems"] is False


def test_one_council_is_looked_at_alone(url: str) -> None:
    prepare(url, furnish)
    ran = rehearse("--days", "8", "--council", "sts council")
    assert "#sts-council" in ran.output
    assert "#its-council" not in ran.output


@pytest.mark.parametrize("days", ["0", "93", "x"])
def test_days_have_bounds(url: str, days: str) -> None:  # noqa: ARG001 - sets the surroundings
    assert rehearse("--days", days).exit_code == 2


def test_somebody_unknown_is_told_before_anything_is_played(url: str) -> None:
    prepare(url, furnish)
    assert isinstance(rehearse("--for", "nobody@example.edu").exception, NotFoundError)


def test_an_empty_database_tells_what_to_do_first(url: str) -> None:  # noqa: ARG001
    ran = rehearse()
    assert isinstance(ran.exception, SettingsError)
    assert "pmobot apply" in str(ran.exception)


def test_an_old_schema_tells_to_migrate(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url.replace("scene", "other"))
    assert "pmobot migrate" in str(rehearse().exception)


def test_of_several_workspaces_the_token_tells_which(url: str) -> None:
    async def furnish_two(database: Database) -> None:
        await furnish(database)
        async with database.writing() as session:
            session.add(Workspace(team_id="T0002", name="Southfield", created_at=NOW))

    prepare(url, furnish_two)
    assert "SLACK_BOT_TOKEN is not set" in str(rehearse().exception)


def test_what_cannot_be_sent_is_an_exit_code_of_one(url: str) -> None:
    async def without_people(database: Database) -> None:
        world = await World.stored(database, await make_workspace(database))
        await world.project("APOLLO", "ana")
        await world.change_person("ana", is_gone=True)

    prepare(url, without_people)
    ran = rehearse("--days", "3")
    assert ran.exit_code == 1
    assert "has left Slack" in ran.output

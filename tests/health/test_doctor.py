"""`pmobot doctor` looks at everything that it can reach, and fails at nothing."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.doctor import Doctor
from bot.runtime import open_core
from domain.health.values import Finding
from models.base import Database
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.faults import Fault
from tests.support.scene import (
    APP_TOKEN,
    BOT_TOKEN,
    ROOT,
    SIGNING_SECRET,
    app_config,
    fresh_copy,
    seed,
    settings_for,
    take_files,
)

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    async with running_sandbox(options=SandboxOptions(config=app_config())) as made:
        seed(made)
        for channel in made.workspace.channels.values():
            if made.workspace.bot_user_id not in channel.members:
                channel.members.append(made.workspace.bot_user_id)
        yield made


@pytest.fixture
def environment(
    sandbox: Running, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """What the bot is told, in a folder without an `.env`."""
    told = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_BASE_URL": sandbox.api_base_url,
        "DATABASE_URL": fresh_copy(sqlite_template, tmp_path),
        "PMOBOT_MODE": "socket",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return told


@pytest.fixture
async def set_up(environment: dict[str, str], sandbox: Running, tmp_path: Path) -> None:
    """A configuration and a portfolio."""
    settings = settings_for(sandbox.api_base_url, environment["DATABASE_URL"])
    async with open_core(settings) as core:
        await take_files(core, tmp_path)


async def examined() -> Doctor:
    doctor = Doctor(NOW, lambda _what: None)
    await doctor.examine()
    return doctor


def told(doctor: Doctor, subject: str) -> Finding:
    """The one finding about something."""
    (found,) = (each for each in doctor.findings if each.subject == subject)
    assert found.cause
    assert found.cure
    return found


@pytest.mark.usefixtures("set_up")
async def test_where_all_is_well_it_says_what_it_looked_at() -> None:
    doctor = await examined()
    assert doctor.findings == []
    assert doctor.is_well
    assert {"the settings", "the database", "3 channels", "2 councils", "7 projects"} <= set(
        doctor.checked
    )


@pytest.mark.usefixtures("set_up")
async def test_it_asks_slack_what_has_changed_before_it_tells(sandbox: Running) -> None:
    workspace = sandbox.workspace
    priya, channel = workspace.user_named("priya"), workspace.channel_named("its-council")
    assert priya
    assert channel
    priya.deleted, channel.is_archived = True, True
    doctor = await examined()
    assert not doctor.is_well
    assert "archived" in told(doctor, "#its-council").cause
    assert "Priya" in told(doctor, "BOREAS, CERES, FALCON").cause
    assert "only the deputy, Ben" in told(doctor, "APOLLO").cause


async def test_mistakes_in_the_pmos_own_files_are_told(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "raid-log.xlsx").write_bytes(b"Dear all")
    monkeypatch.setenv("PMOBOT_KNOWLEDGE", str(tmp_path))
    doctor = await examined()
    assert "is no Excel workbook" in told(doctor, "raid-log.xlsx").cause
    assert "the PMO's own handbook and templates" in doctor.checked


async def test_a_workspace_that_nothing_is_known_of_is_told_how_to_begin(
    environment: dict[str, str],
) -> None:
    assert environment
    assert "pmobot apply" in told(await examined(), "workspace").cure


async def test_an_empty_database_is_told_and_slack_is_still_asked(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.sqlite3")
    doctor = await examined()
    assert "pmobot migrate" in told(doctor, "database").cure
    assert "the bot's token" in doctor.checked


async def test_an_old_schema_is_told(environment: dict[str, str]) -> None:
    database = Database(environment["DATABASE_URL"])
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'd5cc0afdf406'"))
    await database.close()
    found = told(await examined(), "database")
    assert "d5cc0afdf406" in found.cause
    assert "pmobot migrate" in found.cure


async def test_a_database_that_cannot_be_opened_is_told(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3")
    assert "unable to open" in told(await examined(), "database").cause


@pytest.mark.usefixtures("set_up")
async def test_a_refused_token_is_told_and_the_record_is_still_looked_at(sandbox: Running) -> None:
    sandbox.faults.add(Fault("auth.test", "error", error="token_revoked"))
    doctor = await examined()
    assert "revoked" in told(doctor, "SLACK_BOT_TOKEN").cause
    assert "7 projects" in doctor.checked
    assert sandbox.calls.counts["users.list"] == 2  # of the two files, not of the doctor


@pytest.mark.usefixtures("set_up")
async def test_a_refused_app_token_is_told(sandbox: Running) -> None:
    sandbox.faults.add(Fault("apps.connections.open", "error", error="invalid_auth"))
    found = told(await examined(), "SLACK_APP_TOKEN")
    assert "invalid_auth" in found.cause
    assert "connections:write" in found.cure


@pytest.mark.usefixtures("set_up")
async def test_http_mode_wants_a_signing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMOBOT_MODE", "http")
    monkeypatch.delenv("SLACK_SIGNING_SECRET", raising=False)
    assert not (await examined()).is_well
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SIGNING_SECRET)
    assert (await examined()).is_well


async def test_settings_that_are_wrong_or_missing_are_told(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert "not set" in told(await examined(), "SLACK_BOT_TOKEN").cause
    monkeypatch.setenv("SLACK_BOT_TOKEN", "nonsense")
    monkeypatch.setenv("PMOBOT_PORT", "many")
    doctor = await examined()
    assert "xoxb-" in told(doctor, "SLACK_BOT_TOKEN").cause
    assert "integer" in told(doctor, "PMOBOT_PORT").cause


async def test_a_scope_that_is_missing_is_told_with_what_it_is_for(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment
    config = app_config()
    lacking = replace(config, scopes=config.scopes - {"im:history"})
    async with running_sandbox(options=SandboxOptions(config=lacking)) as other:
        monkeypatch.setenv("SLACK_API_BASE_URL", other.api_base_url)
        assert "hear what people write" in told(await examined(), "scope im:history").cause


async def run_it(*arguments: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *arguments),
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.usefixtures("set_up")
@pytest.mark.no_cover
async def test_the_command_tells_it_in_words_and_by_its_exit_code(sandbox: Running) -> None:
    code, out, err = await run_it()
    assert (code, err) == (0, "")
    assert out.startswith("Nothing found: the bot can do its work.\nLooked at: the settings, ")
    workspace = sandbox.workspace
    channel, nadia = workspace.channel_named("its-council"), workspace.user_named("nadia")
    assert channel
    assert nadia
    channel.members = [nadia.id]
    nadia.is_restricted = True
    code, out, _err = await run_it()
    assert code == 1
    assert "1 problem\n  #its-council (channels): the bot is not in" in out
    assert "    What to do: invite the bot there: /invite @pmobot." in out
    assert "1 warning\n  Nadia (people): is chair of STS Council" in out


@pytest.mark.usefixtures("environment")
@pytest.mark.no_cover
async def test_each_sentence_ends_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    _code, out, _err = await run_it()
    assert "SLACK_BOT_TOKEN is not set." in out
    assert ".." not in out


@pytest.mark.usefixtures("set_up")
async def test_the_command_tells_it_as_json(sandbox: Running) -> None:
    code, out, _err = await run_it("--json")
    assert (code, json.loads(out)["ok"], json.loads(out)["findings"]) == (0, True, [])
    channel = sandbox.workspace.channel_named("its-council")
    assert channel
    channel.is_archived = True
    code, out, _err = await run_it("--json")
    (found,) = json.loads(out)["findings"]
    assert (code, found["severity"], found["area"]) == (1, "problem", "channels")
    assert found.keys() == {"severity", "area", "subject", "cause", "cure"}

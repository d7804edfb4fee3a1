"""What keeps the bot from starting is told with its cause and cure, before anything is done."""

import asyncio
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import schema
from bot.runtime import running
from bot.settings import Mode, Settings
from domain.errors import SettingsError
from models.base import Database
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.tokens import Tokens
from tests.support.scene import BOT_TOKEN, free_port, fresh_copy, settings_for


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    return fresh_copy(sqlite_template, tmp_path)


async def refusal(settings: Settings) -> str:
    """Why the bot does not start; no secret is in it."""
    with pytest.raises(SettingsError) as caught:
        async with running(settings):
            pass
    for secret in (settings.slack_bot_token, settings.slack_app_token):
        assert secret is None or secret.get_secret_value() not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("missing", "variable", "mode"),
    [
        ("slack_bot_token", "SLACK_BOT_TOKEN", Mode.SOCKET),
        ("slack_app_token", "SLACK_APP_TOKEN", Mode.SOCKET),
        ("slack_bot_token", "SLACK_BOT_TOKEN", Mode.HTTP),
        ("slack_signing_secret", "SLACK_SIGNING_SECRET", Mode.HTTP),
    ],
)
async def test_a_missing_secret_is_named(
    database_url: str, missing: str, variable: str, mode: Mode
) -> None:
    others: dict[str, Any] = {missing: None, "PMOBOT_MODE": mode}
    text = await refusal(settings_for("http://127.0.0.1:9/api/", database_url, **others))
    assert text.startswith(f"{variable} is not set.")


async def test_a_token_that_slack_does_not_know_is_told(database_url: str) -> None:
    options = SandboxOptions(tokens=Tokens(bot="xoxb-another"))
    async with running_sandbox(options=options) as sandbox:
        text = await refusal(settings_for(sandbox.api_base_url, database_url))
    assert "doesn't accept SLACK_BOT_TOKEN" in text
    assert "invalid_auth" in text
    assert "install the app anew" in text


async def test_an_app_token_that_slack_does_not_know_is_told(database_url: str) -> None:
    options = SandboxOptions(tokens=Tokens(app="xapp-another"))
    async with running_sandbox(options=options) as sandbox:
        text = await refusal(settings_for(sandbox.api_base_url, database_url))
    assert "SLACK_APP_TOKEN" in text
    assert "invalid_auth" in text


async def test_a_slack_that_cannot_be_reached_is_told(database_url: str) -> None:
    text = await refusal(settings_for(f"http://127.0.0.1:{free_port()}/api/", database_url))
    assert "Slack cannot be reached" in text


async def test_an_empty_database_is_to_be_migrated_first(tmp_path: Path, sandbox: Running) -> None:
    text = await refusal(settings_for(sandbox.api_base_url, f"sqlite:///{tmp_path}/new.sqlite3"))
    assert text == "The database is empty; run `pmobot migrate` first."
    assert not (tmp_path / "new.sqlite3").exists(), "only `pmobot migrate` makes a database"


async def test_a_database_of_another_version_is_to_be_migrated_first(
    database_url: str, sandbox: Running
) -> None:
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '2019'")
    connection.close()
    text = await refusal(settings_for(sandbox.api_base_url, database_url))
    assert text == "The database is at version 2019; run `pmobot migrate` first."


async def test_a_database_of_a_newer_version_is_not_migrated(database_url: str) -> None:
    database = Database(database_url)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'future'")
    with pytest.raises(SettingsError, match="at version future, which this pmobot doesn't know"):
        await schema.upgrade(database)
    assert await schema.current(database) == "future"
    await database.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:////no/such/folder/pmobot.sqlite3", "unable to open database file"),
        ("sqlite:///{tmp_path}/garbage.sqlite3", "file is not a database"),
        ("postgresql://pmobot@127.0.0.1:{port}/pmobot", "refused"),
    ],
)
async def test_a_database_that_does_not_open_is_told(
    url: str, reason: str, tmp_path: Path, sandbox: Running
) -> None:
    (tmp_path / "garbage.sqlite3").write_bytes(b"no database at all " * 300)
    url = url.format(tmp_path=tmp_path, port=free_port())
    text = await refusal(settings_for(sandbox.api_base_url, url))
    assert text.startswith("DATABASE_URL: can't open the database:")
    assert reason in text


@pytest.mark.parametrize("mode", [Mode.SOCKET, Mode.HTTP])
async def test_a_port_that_is_taken_is_told(
    database_url: str, sandbox: Running, mode: Mode
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        others = {"PMOBOT_MODE": mode, "PMOBOT_PORT": port}
        text = await refusal(settings_for(sandbox.api_base_url, database_url, **others))
    assert text.startswith(f"PMOBOT_PORT: can't listen on 127.0.0.1:{port}")
    assert "choose another port" in text


async def test_what_was_started_before_a_refusal_is_stopped_again(
    database_url: str, sandbox: Running
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        await refusal(settings_for(sandbox.api_base_url, database_url, PMOBOT_PORT=port))
    assert await sandbox.workspace.wait_until(lambda: not sandbox.delivery.connected)
    names = {each.get_name() for each in asyncio.all_tasks()}
    assert not names & {"collecting", "digests", "delivery"}


async def test_a_database_at_its_newest_version_and_two_tokens_are_enough(
    database_url: str, sandbox: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    settings = settings_for(sandbox.api_base_url, database_url, slack_signing_secret=None)
    async with running(settings) as bot:
        assert sandbox.delivery.connected
        assert bot.port
    assert "ready: socket mode" in caplog.text
    assert "stopping" in caplog.text
    for secret in (settings.slack_bot_token, settings.slack_app_token):
        assert isinstance(secret, SecretStr)
        assert secret.get_secret_value() not in caplog.text
    assert BOT_TOKEN not in caplog.text

"""Two runs on one SQLite file, or two demos in one folder, are refused; other commands are not."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.demo import run_demo
from bot.runtime import open_core, running
from bot.single import SUFFIX, held, only_run
from domain.errors import SettingsError
from sandbox.app import Running as Sandbox
from tests.support.postgres import PostgresServer
from tests.support.scene import ROOT, free_port, fresh_copy, settings_for

HOLDER = """
import sys, time
from bot.single import only_run
with only_run(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


async def test_a_second_run_on_the_same_file_is_refused_and_other_commands_are_not(
    sqlite_template: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    url = fresh_copy(sqlite_template, tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    by_another_name = url.replace(str(tmp_path), f"{tmp_path}/link")
    settings = settings_for(sandbox.api_base_url, by_another_name)
    async with running(settings_for(sandbox.api_base_url, url)):
        with pytest.raises(SettingsError) as caught:
            async with running(settings):
                pass
        async with open_core(settings):
            pass
    assert str(caught.value).startswith(
        f"The database {tmp_path / 'scene.sqlite3'} is run by another pmobot "
        f"(process {os.getpid()}). Stop that one first, or use PostgreSQL"
    )
    async with running(settings):
        pass


async def test_several_runs_on_one_postgresql_are_taken(
    postgres: PostgresServer, sandbox: Sandbox
) -> None:
    postgres.empty()
    settings = settings_for(sandbox.api_base_url, postgres.url)
    async with running(settings), running(settings) as second:
        assert second.port


async def test_a_killed_run_leaves_its_file_free(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/pmobot.sqlite3"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, url, stdout=PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    with pytest.raises(SettingsError, match=rf"process {process.pid}\)"), only_run(url):
        pass
    process.kill()
    await process.wait()
    with only_run(url):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(SettingsError, match="needs a folder"), held(tmp_path / "lock", "", ""):
        pass


def test_a_database_in_memory_has_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with only_run("sqlite:///:memory:"), only_run("sqlite:///:memory:"):
        assert not list(tmp_path.glob(f"*{SUFFIX}"))


async def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with held(tmp_path / "demo-lock", "x", "y"), pytest.raises(SettingsError) as caught:
        await run_demo(tmp_path, free_port())
    assert str(caught.value).startswith(f"The demo in {tmp_path} is run by another pmobot (process")
    assert str(caught.value).endswith("pmobot demo --folder NAME")


STARTER = """
import subprocess, sys
subprocess.Popen(
    [sys.executable, "-m", "sandbox", "--port", sys.argv[1], "--end-with-input"],
    stdin=subprocess.PIPE, start_new_session=True,
).wait()
"""


async def test_a_sandbox_ends_with_whoever_started_it() -> None:
    starter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STARTER, str(free_port())), cwd=ROOT, stdout=PIPE
    )
    assert starter.stdout is not None
    assert (await starter.stdout.readline()).startswith(b"The page:")
    starter.kill()
    async with asyncio.timeout(20):
        await starter.stdout.read()  # which ends when nobody has it open any more
        await starter.wait()

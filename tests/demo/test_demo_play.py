"""`pmobot demo` as a visitor starts it: plays its past, keeps it, says what is in its way."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import schema
from bot.demo import BEGUN, DATABASE, LOG, OWN_FILES, PLAYED
from demo.control import ControlClient
from models.base import Database
from tests.support.scene import ROOT, free_port

PMOBOT = str(Path(sys.executable).with_name("pmobot"))
FIRST_VERSION = "d5cc0afdf406"
START_SECONDS = 180
"""Until a demo has played its past, on a machine that is busy with other things."""

MOST_SECONDS = 120
"""For everything else, on a machine like that."""


async def start(folder: Path, port: int) -> Process:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # Tokens of a real workspace are not for the demo, and are not even read.
    misleading = {"SLACK_BOT_TOKEN": "xoxb-real", "SLACK_API_BASE_URL": "http://127.0.0.1:9/"}
    return await asyncio.create_subprocess_exec(
        *(PMOBOT, "demo", "--folder", str(folder), "--port", str(port)),
        cwd=folder.parent,
        env={**inherited, **misleading, "PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        stderr=PIPE,
    )


@dataclass(frozen=True)
class Demo:
    """A demo that is up."""

    seconds: float
    """How long it took to come up."""
    url: str
    control: ControlClient

    async def heads(self, channel: str) -> list[Any]:
        """What stands in a channel itself."""
        answer = await self.control.get(f"/messages/{channel}")
        return [
            each
            for each in answer["messages"]
            if not each.get("thread_ts") or each["thread_ts"] == each["ts"]
        ]

    async def everything(self) -> list[tuple[str, str]]:
        """Every message of every channel: its timestamp and text."""
        channels = (await self.control.get("/channels"))["channels"]
        listed = [await self.control.get(f"/messages/{each['id']}") for each in channels]
        return [(each["ts"], each["text"]) for one in listed for each in one["messages"]]


@asynccontextmanager
async def demo_in(folder: Path, port: int) -> AsyncIterator[Demo]:
    """A demo until the block ends; then it is stopped as by Ctrl-C, and has to end cleanly."""
    began = time.monotonic()
    process = await start(folder, port)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            said = b""
            while b"Ctrl-C stops it" not in said:
                line = await process.stdout.readline()
                assert line, (await process.communicate())[1].decode()
                said += line
        url = f"http://127.0.0.1:{port}"
        assert url in said.decode()
        async with ControlClient(f"{url}/control") as control:
            yield Demo(time.monotonic() - began, url, control)
    finally:
        process.send_signal(signal.SIGINT)
        _out, err = await asyncio.wait_for(process.communicate(), 20)
        # pytest shows it if the test fails
        sys.stderr.write(err.decode() + (folder / LOG).read_text(encoding="utf-8"))
    assert process.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()


async def test_the_demo_plays_its_past_keeps_it_and_starts_quickly_again(tmp_path: Path) -> None:
    folder, port = tmp_path / "demo", free_port()
    async with demo_in(folder, port) as first:
        await the_page_answers(first)
        await three_cycles_have_been_played(first)
        await a_meeting_has_been_held(first)
        await a_second_demo_at_the_same_port_is_refused(tmp_path / "other", port)
        before = await first.everything()
    async with demo_in(folder, port) as second:
        assert second.seconds < first.seconds / 2
        assert await second.everything() == before
        await the_bot_answers(second)
        await a_week_later_the_next_digest_and_meeting_are_there(second)
        assert (await second.control.get("/refusals"))["refusals"] == []


async def test_a_demo_that_an_older_pmobot_has_played_is_brought_to_the_newest_version(
    tmp_path: Path,
) -> None:
    for name in (BEGUN, PLAYED):
        (tmp_path / name).touch()
    database = Database(f"sqlite:///{tmp_path}/{DATABASE}")
    await schema.upgrade(database, FIRST_VERSION)
    async with demo_in(tmp_path, free_port()) as demo:
        assert (await demo.control.get("/state"))["connected"]
    assert await schema.current(database) == schema.newest()
    await database.close()


async def the_page_answers(demo: Demo) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{demo.url}/") as answer:
        assert answer.status == 200
        assert "Priya" in await answer.text()


async def three_cycles_have_been_played(demo: Demo) -> None:
    assert (await demo.control.get("/state"))["connected"]
    assert len(await demo.heads("its-council")) >= 3
    assert len(await demo.heads("sts-council")) >= 3
    (overview,) = await demo.heads("executives")
    assert overview["text"].startswith("Executive overview, ")
    assert "reports in." in overview["text"]
    requests = (await demo.control.get("/dm/priya"))["messages"]
    assert any(block["type"] == "actions" for block in requests[-1]["blocks"])
    assert (await demo.control.get("/refusals"))["refusals"] == []


async def a_meeting_has_been_held(demo: Demo) -> None:
    told = [str(each["blocks"]) for each in await demo.heads("its-council")]
    assert [text for text in told if "Carol Beaumont had the chair and closed it" in text]
    (minutes,) = [text for text in told if "Minutes: ITS Council" in text]
    assert "Approved with conditions" in minutes
    assert "Omar Haddad, by" in minutes
    everything = str(await demo.everything())
    assert "nobody has opened" not in everything
    assert "quorum is at risk" not in everything


async def a_second_demo_at_the_same_port_is_refused(folder: Path, port: int) -> None:
    process = await start(folder, port)
    out, err = await asyncio.wait_for(process.communicate(), MOST_SECONDS)
    assert (process.returncode, out) == (1, b"")
    assert err.decode().startswith(f"Port {port} is taken")
    assert "choose another: pmobot demo --port" in err.decode()


async def the_bot_answers(demo: Demo) -> None:
    channel = (await demo.control.get("/dm/priya"))["channel"]
    result = await demo.control.act(
        "command", "priya", channel=channel, command="/project", text="mine"
    )
    assert result["ok"], result


async def a_week_later_the_next_digest_and_meeting_are_there(demo: Demo) -> None:
    heads = len(await demo.heads("its-council"))
    last = (await demo.control.get("/messages/its-council"))["messages"][-1]
    await demo.control.post("/clock", {"advance_seconds": 8 * 24 * 3_600})
    for place, text in (("its-council", "I'll be there"), ("carol", "Open the meeting")):
        await demo.control.get(
            "/wait",
            **{"for": "message", "channel": place, "after": last["ts"], "text": text},
            timeout=str(
                MOST_SECONDS
            ),  # a week of requests, reminders and edits is paced on the way
        )
    digest, call = (await demo.heads("its-council"))[heads:]
    assert "Posted late" not in str(digest["blocks"])
    assert "Name a second person" in str(call["blocks"])


async def refused(folder: Path) -> str:
    process = await start(folder, free_port())
    _out, err = await asyncio.wait_for(process.communicate(), MOST_SECONDS)
    assert process.returncode == 1
    return err.decode()


async def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "sub").mkdir(parents=True)
    for name in (*OWN_FILES, "thesis.txt", "sub/more.txt"):
        (folder / name).write_text("dear to me", encoding="utf-8")
    err = await refused(folder)
    assert err.startswith(f"The folder {folder} has other files in it.")
    for name in (*OWN_FILES, "thesis.txt", "sub/more.txt"):
        assert (folder / name).read_text(encoding="utf-8") == "dear to me"
    assert not (folder / BEGUN).exists()


@pytest.mark.parametrize("name", OWN_FILES)
def test_what_an_interrupted_attempt_left_is_forgotten(tmp_path: Path, name: str) -> None:
    from bot.demo import _prepare

    assert not _prepare(tmp_path)
    (tmp_path / name).write_text("half", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert not _prepare(tmp_path)
    assert not (tmp_path / name).exists()
    assert (tmp_path / "notes.txt").exists()
    (tmp_path / name).write_text("whole", encoding="utf-8")
    (tmp_path / PLAYED).touch()
    assert _prepare(tmp_path)
    assert (tmp_path / name).exists()

"""The clock, timestamps, the state file, rate limits, manifests and the command line."""

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.__main__ import main
from sandbox.app import SandboxOptions, running_sandbox
from sandbox.manifest import ManifestError, read_manifest
from sandbox.state import StateFile, StateFileError, dump
from sandbox.workspace import Change, Workspace

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "h"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [HEADER]}


# -- time -----------------------------------------------------------------------------------------


async def test_a_frozen_clock_stands_and_a_running_one_goes_on() -> None:
    workspace = Workspace()
    workspace.clock.set_time(NOON, running=False)
    await asyncio.sleep(0.01)
    assert workspace.clock.now() == NOON
    workspace.clock.set_time(NOON, running=True)
    await asyncio.sleep(0.01)
    assert NOON < workspace.clock.now() < NOON + timedelta(seconds=1)


async def test_timestamps_follow_the_clock_and_never_repeat() -> None:
    workspace = Workspace()
    channel = workspace.add_channel("c").id
    workspace.clock.set_time(NOON, running=False)
    first = [workspace.add_message(channel, "").ts for _ in range(3)]
    workspace.delete_message(workspace.messages_in(channel)[0])
    workspace.clock.advance(-60)
    earlier = workspace.add_message(channel, "").ts
    workspace.clock.advance(60)
    again = [workspace.add_message(channel, "").ts for _ in range(3)]
    assert first == ["1795608000.000000", "1795608000.000001", "1795608000.000002"]
    assert earlier == "1795607940.000000"
    assert again == ["1795608000.000003", "1795608000.000004", "1795608000.000005"]


async def test_subscribers_hear_of_changes_and_of_the_clock() -> None:
    workspace = Workspace()
    with workspace.subscribe() as changes:
        user = workspace.add_user("ana")
        workspace.clock.advance(1)
        heard = [changes.get_nowait(), changes.get_nowait()]
    assert heard == [Change("user", user=user.id), Change("clock")]


async def test_unread_messages_are_those_of_others_since_the_last_look() -> None:
    workspace = Workspace()
    ana, channel = workspace.add_user("ana").id, workspace.add_channel("c").id
    workspace.add_message(channel, ana)
    workspace.add_message(channel, "U2")
    assert workspace.unread_count(ana, channel) == 1
    workspace.mark_read(ana, channel)
    assert workspace.unread_count(ana, channel) == 0


# -- the state file -------------------------------------------------------------------------------


async def test_a_restarted_sandbox_has_all_but_open_modals(
    tmp_path: Path, with_people: Any, new_client: Any
) -> None:
    options = SandboxOptions(state=tmp_path / "deep" / "state.json")
    async with running_sandbox(options=options) as sandbox:
        people, client = with_people(sandbox), new_client(sandbox)
        workspace = sandbox.workspace
        workspace.clock.advance(3600)
        metadata = {"event_type": "d", "event_payload": {"id": "1"}}
        root = await client.chat_postMessage(
            channel=people.council.id, text="root", metadata=metadata, blocks=[HEADER]
        )
        await sandbox.acting.post(people.ana.id, people.council.id, "reply", root["ts"])
        await client.views_publish(user_id=people.ana.id, view={"type": "home", "blocks": [HEADER]})
        trigger = workspace.new_trigger(people.ana.id)
        await client.views_open(trigger_id=trigger.id, view=MODAL)
        await client.files_upload_v2(channel=people.council.id, content="x", filename="a.txt")
        workspace.mark_read(people.ana.id, people.council.id)
        before = dump(workspace)
    async with running_sandbox(options=options) as sandbox:
        after = dump(sandbox.workspace)
        assert after == before
        assert sandbox.workspace.open_views(people.ana.id) == []
        assert sandbox.workspace.new_id("U") not in sandbox.workspace.users
        message = sandbox.workspace.message(people.council.id, root["ts"])
        assert message is not None
        assert message.metadata == metadata
        assert sandbox.workspace.reply_count(message) == 1


async def test_changes_are_written_while_the_sandbox_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.state.DEBOUNCE_SECONDS", 0.01)
    path = tmp_path / "state.json"
    async with running_sandbox(options=SandboxOptions(state=path)) as sandbox:
        sandbox.workspace.add_user("ana")
        async with asyncio.timeout(3):
            while not await asyncio.to_thread(path.exists):  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(0.01)
        names = [
            user["name"] for user in json.loads(await asyncio.to_thread(path.read_text))["users"]
        ]
    assert names == ["pmobot", "ana"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [("{", "not a state file"), ("[]", "not a state file"), ('{"format": 99}', "has format 99")],
)
async def test_a_state_file_that_cannot_be_read_is_named(
    tmp_path: Path, text: str, cause: str
) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(StateFileError, match=cause) as refusal:
        StateFile(Workspace(), path).load()
    assert str(path) in str(refusal.value)


# -- rate limits ----------------------------------------------------------------------------------


async def test_the_strict_limiter_counts_by_method_and_channel(
    start: Any, with_people: Any, new_client: Any
) -> None:
    async with start(SandboxOptions(rate_limits=True)) as sandbox:
        people, client = with_people(sandbox), new_client(sandbox)
        for _ in range(20):
            await client.users_list()
        with pytest.raises(SlackApiError) as caught:
            await client.users_list()
        assert int(caught.value.response.headers["Retry-After"]) in (59, 60)
        sandbox.workspace.clock.advance(60)
        assert (await client.users_list())["ok"]
        for _ in range(3):
            await client.chat_postMessage(channel=people.council.id, text="x")
        with pytest.raises(SlackApiError, match="ratelimited"):
            await client.chat_postMessage(channel=people.council.id, text="x")
        assert (await client.chat_postMessage(channel=people.ana.id, text="x"))["ok"]
        sandbox.workspace.clock.advance(3)
        assert (await client.chat_postMessage(channel=people.council.id, text="x"))["ok"]
        sandbox.workspace.clock.advance(-3600)
        assert (await client.chat_postMessage(channel=people.council.id, text="x"))["ok"]


async def test_the_limiter_can_want_calls_evenly_spread_by_the_clock(
    start: Any, with_people: Any, new_client: Any
) -> None:
    options = SandboxOptions(rate_limits=True, evenly=frozenset({"chat.postMessage"}))
    async with start(options) as sandbox:
        people, client = with_people(sandbox), new_client(sandbox)
        post = partial(client.chat_postMessage, channel=people.council.id, text="x")
        clock = sandbox.workspace.clock
        clock.set_time(clock.now(), running=False)
        assert (await post())["ok"]
        clock.advance(0.749)
        with pytest.raises(SlackApiError, match="ratelimited"):
            await post()
        clock.advance(0.001)
        assert (await post())["ok"]


# -- manifests ------------------------------------------------------------------------------------

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "PMO"},
    "features": {
        "bot_user": {"display_name": "pmobot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [{"command": "/project", "should_escape": True}],
        "shortcuts": [
            {"type": "global", "callback_id": "new"},
            {"type": "message", "callback_id": "m"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.im", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
    },
}


def test_a_manifest_says_what_the_app_may_do(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST))
    config = read_manifest(path)
    assert config.scopes == {"chat:write", "im:history"}
    assert (config.hears("message.im"), config.hears("message.channels")) == (True, False)
    assert (config.has_command("/project"), config.has_command("/other")) == (True, False)
    assert (config.has_shortcut("new"), config.has_shortcut("m")) == (True, False)
    assert config.escaped_commands == {"/project"}
    assert config.home_tab


def test_the_official_example_manifest_can_be_read(shared: Path) -> None:
    config = read_manifest(shared / "manifest_schema" / "manifest.v2.valid.json")
    assert config.scopes == {"chat:write", "chat:write.public"}
    assert not config.home_tab


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{", "not valid JSON"),
        ("[]", "a JSON object"),
        (
            json.dumps(
                MANIFEST | {"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}}
            ),
            "app_mention, which needs the scope app_mentions:read",
        ),
    ],
)
def test_a_manifest_that_cannot_work_is_refused(tmp_path: Path, text: str, cause: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(ManifestError, match=cause):
        read_manifest(path)


# -- the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--host", "0.0.0.0"], "add --unsafe-host"),  # noqa: S104 - it must be refused
        (["--events-url", "http://127.0.0.1:1/"], "needs --signing-secret"),
    ],
)
def test_bad_arguments_are_explained(
    arguments: list[str], cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert cause in capsys.readouterr().err


def test_a_missing_manifest_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--manifest", str(tmp_path / "none.json")]) == 1
    assert "none.json: cannot be read" in capsys.readouterr().err


async def test_the_sandbox_starts_as_a_process_and_saves_when_it_is_told_to_stop(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", "--state", str(state)),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    async with asyncio.timeout(10):
        line = (await process.stdout.readline()).decode()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert line.startswith("The page:  http://127.0.0.1:")
    assert json.loads(await asyncio.to_thread(state.read_text))["users"][0]["name"] == "pmobot"

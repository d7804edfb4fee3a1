"""Keeps the workspace in a file, so that a restarted sandbox finds its messages again."""

import asyncio
import base64
import json
import os
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sandbox.workspace import Channel, File, Json, Message, Prompt, User, View, Workspace

FORMAT = 1
DEBOUNCE_SECONDS = 1.0

Record = TypeVar("Record", User, Channel, Message, View, File)


class StateFileError(ValueError):
    """The state file cannot be read; the message names the file and the cure."""


def dump(workspace: Workspace) -> Json:
    """Return what lasts: all but modals, triggers and response URLs."""
    clock = workspace.clock
    return {
        "format": FORMAT,
        "ids_given": workspace.ids_given,
        "team_id": workspace.team_id,
        "app_id": workspace.app_id,
        "bot_id": workspace.bot_id,
        "bot_user_id": workspace.bot_user_id,
        "clock": {
            "offset_seconds": clock.offset.total_seconds(),
            "frozen_at": None if clock.running else clock.now().isoformat(),
        },
        "users": [vars(user) for user in workspace.users.values()],
        "channels": [vars(channel) for channel in workspace.channels.values()],
        "messages": [
            vars(message) for channel in workspace.messages.values() for message in channel.values()
        ],
        "retired_ts": {channel: sorted(ts) for channel, ts in workspace.retired_ts.items()},
        "homes": [vars(workspace.views[view_id]) for view_id in workspace.homes.values()],
        "files": [
            vars(file) | {"content": base64.b64encode(file.content).decode()}
            for file in workspace.files.values()
            if file.uploaded
        ],
        "prompts": {
            channel: [[each.title, each.message] for each in prompts]
            for channel, prompts in workspace.prompts.items()
        },
        "last_read": [[user, channel, ts] for (user, channel), ts in workspace.last_read.items()],
    }


def restore(workspace: Workspace, state: Json) -> None:
    """Fill an empty workspace with what `dump` returned."""
    for name in ("ids_given", "team_id", "app_id", "bot_id", "bot_user_id"):
        setattr(workspace, name, state[name])
    workspace.users = {user.id: user for user in _records(User, state["users"])}
    workspace.channels = {c.id: c for c in _records(Channel, state["channels"])}
    workspace.messages = {}
    for message in _records(Message, state["messages"]):
        workspace.messages.setdefault(message.channel, {})[message.ts] = message
    workspace.retired_ts = {channel: set(ts) for channel, ts in state["retired_ts"].items()}
    homes = _records(View, state["homes"])
    workspace.views = {view.id: view for view in homes}
    workspace.homes = {view.user: view.id for view in homes}
    workspace.files = {file.id: file for file in _records(File, state["files"])}
    for file in workspace.files.values():
        file.content = base64.b64decode(file.content)
    workspace.last_read = {(user, channel): ts for user, channel, ts in state["last_read"]}
    workspace.prompts = {
        channel: tuple(Prompt(*each) for each in prompts)
        for channel, prompts in state.get("prompts", {}).items()
    }
    _restore_clock(workspace, state["clock"])


def _restore_clock(workspace: Workspace, clock: Json) -> None:
    if clock["frozen_at"] is not None:
        workspace.clock.set_time(datetime.fromisoformat(clock["frozen_at"]), running=False)
    else:
        offset = timedelta(seconds=clock["offset_seconds"])
        if offset:
            workspace.clock.advance(offset.total_seconds())


def _records(kind: type[Record], items: list[Json]) -> list[Record]:
    known = {field.name for field in fields(kind)}
    return [kind(**{k: v for k, v in item.items() if k in known}) for item in items]


class StateFile:
    """Writes the workspace to a file a moment after every change, and at the end."""

    def __init__(self, workspace: Workspace, path: Path) -> None:
        self.workspace = workspace
        self.path = path
        self._task: asyncio.Task[None] | None = None

    def load(self) -> bool:
        """Read the file if there is one; raises `StateFileError`."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StateFileError(f"{self.path}: cannot be read: {error.strerror}") from error
        try:
            state: Any = json.loads(text)
            if state["format"] != FORMAT:
                raise StateFileError(
                    f"{self.path}: has format {state['format']}, not {FORMAT}; "
                    "move the file away to start afresh"
                )
            restore(self.workspace, state)
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
            raise StateFileError(
                f"{self.path}: is not a state file of the sandbox ({error!r}); "
                "move it away to start afresh"
            ) from error
        return True

    def save(self) -> None:
        """Write the file atomically: a crash leaves the old one or the new one."""
        self._write(json.dumps(dump(self.workspace)))

    def start(self) -> None:
        """Begin to follow the workspace."""
        self._task = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Stop following, and save once more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.save()

    async def _follow(self) -> None:
        with self.workspace.subscribe() as changes:
            while True:
                await changes.get()
                await asyncio.sleep(DEBOUNCE_SECONDS)
                while not changes.empty():
                    changes.get_nowait()
                text = json.dumps(dump(self.workspace))
                await asyncio.shield(asyncio.to_thread(self._write, text))

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.path)

"""A small shop: one council that may see restricted projects, people of every kind, a directory."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.portfolio.configuring import ConfigureService
from domain.ports import SlackChannel
from models.base import Database
from tests.support.directory import FakeDirectory, user

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


@pytest.fixture
def directory() -> FakeDirectory:
    """Full members, a guest, somebody who left, a bot; public, private and archived channels."""
    full = [user(name) for name in ("ana", "ben", "carol", "dana", "eve", "omar", "pam")]
    odd = [
        dataclasses.replace(user("gus"), is_guest=True),
        dataclasses.replace(user("lea"), is_gone=True),
        dataclasses.replace(user("robot"), is_bot=True),
    ]
    channels = [
        SlackChannel("C0ITS", "its-council", is_member=True),
        SlackChannel("C0STS", "sts-council", is_member=True),
        SlackChannel("C0SEC", "sec-council", is_private=True, is_member=True),
        SlackChannel("C0PMO", "pmo-office", is_member=True),
        SlackChannel("C0FAR", "far-away"),
        SlackChannel("C0OLD", "old-council", is_archived=True, is_member=True),
    ]
    return FakeDirectory(full + odd, channels)


CONFIGURATION = """\
timezone: America/New_York
pmo: {channel: pmo-office, members: [dana@example.edu]}
councils:
  - name: ITS Council
    channel: its-council
    chair: carol@example.edu
    members: [carol@example.edu, {person: omar@example.edu, voting: false}]
    reporting:
      every: "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
      first: 2026-11-25
      ask_at: "09:00"
      remind_after: [24h, 80%]
      cut_off: "+2d 15:00"
      digest: "+3d 08:00"
      freeze: "+4d 12:00"
    meetings: {rule: "FREQ=MONTHLY;BYDAY=1TH", at: 14:00, minutes: 60, pre_read: 5d}
  - name: Security Council
    channel: sec-council
    members: [omar@example.edu]
"""


@pytest.fixture
def configuration_text() -> str:
    """A configuration file that is right."""
    return CONFIGURATION


@pytest.fixture
def configure(database: Database, workspace_id: int, directory: FakeDirectory) -> ConfigureService:
    return ConfigureService(database, workspace_id, directory)


@pytest.fixture
async def configured(configure: ConfigureService, tmp_path: Path) -> ConfigureService:
    """The workspace as `CONFIGURATION` says."""
    file = tmp_path / "pmobot.yaml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    outcome = await configure.apply_file(file, now=NOW, actor="pmobot apply")
    assert outcome.applied
    return configure

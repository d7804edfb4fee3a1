"""A small shop: one council that may see restricted projects, people of every kind, a directory."""

import dataclasses

import pytest

from domain.ports import SlackChannel
from tests.support.directory import FakeDirectory, user


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

"""A workspace to start a bot against."""

from collections.abc import AsyncIterator

import pytest

from sandbox.app import Running, SandboxOptions, running_sandbox
from tests.support.scene import app_config, seed


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    """A workspace with its people, whose app has what the manifest says."""
    async with running_sandbox(options=SandboxOptions(config=app_config())) as made:
        seed(made)
        yield made

"""The ledger on the wire, with a clock that is moved."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from models.base import Database
from tests.support.clock import FakeClock
from tests.support.wire import Wire, wired


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 25, 14, 0, tzinfo=UTC))


@pytest.fixture
async def wire(database: Database, workspace_id: int, clock: FakeClock) -> AsyncIterator[Wire]:
    async with wired(database, workspace_id, clock) as made:
        yield made
